//! Whether an establishment lets a local account in: some accept Pro Santé Connect only, and some of those have a local
//! fallback open (see `establishments::psc_only`). Told only to who has shown who they are.
//!
//! This is the polite answer. What holds, whoever forgets to ask, is that such a session is nobody's (`authenticate`,
//! `refresh`) and that none outlives the fallback (`session::open`).

use jiff_sqlx::ToSqlx;
use model::{
    identity::Method,
    ids::{EstablishmentId, UserId},
};

use super::sign_in::SignInError;
use crate::{
    Domain, Fault, Origin,
    audit::{self, PlatformAct},
};

/// What somebody meets who comes without Pro Santé Connect.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Door {
    Open,
    /// For some hours.
    Fallback,
    Closed,
}

impl Door {
    /// What the audit adds to how somebody signed in.
    pub fn detail(self, method: Option<&str>) -> Option<String> {
        let words = [method, (self == Self::Fallback).then_some("local fallback")];
        let words: Vec<&str> = words.into_iter().flatten().collect();
        (!words.is_empty()).then(|| words.join(", "))
    }
}

/// How the establishment's door stands to who comes this way. Nowhere, there is none.
pub(super) async fn door(d: &Domain, place: Option<EstablishmentId>, method: Method) -> Result<Door, Fault> {
    let Some(place) = place.filter(|_| method != Method::Psc) else { return Ok(Door::Open) };
    let row = sqlx::query!(
        r#"SELECT psc_only, coalesce(fallback_until > $2, false) AS "fallback!" FROM control.establishments WHERE id = $1"#,
        place.0,
        d.now().to_sqlx() as _
    )
    .fetch_one(&d.db.pool)
    .await?;
    Ok(match (row.psc_only, row.fallback) {
        (false, _) => Door::Open,
        (true, true) => Door::Fallback,
        (true, false) => Door::Closed,
    })
}

/// The same for a sign-in: a refusal is recorded, for the person has shown who they are.
pub(super) async fn enter(
    d: &Domain,
    origin: Origin,
    user: UserId,
    place: Option<EstablishmentId>,
    method: Method,
    action: &str,
) -> Result<Door, SignInError> {
    match door(d, place, method).await? {
        Door::Closed => Err(refuse(d, origin, user, place, action).await?),
        open => Ok(open),
    }
}

/// Records that somebody was turned away at the door, and gives what they are told.
pub(super) async fn refuse(
    d: &Domain,
    origin: Origin,
    user: UserId,
    place: Option<EstablishmentId>,
    action: &str,
) -> Result<SignInError, Fault> {
    let mut tx = d.db.pool.begin().await?;
    let act = PlatformAct {
        actor: Some(user),
        establishment: place,
        outcome: "refused",
        reason: Some("psc_only"),
        origin: Some(origin),
        ..PlatformAct::done(action)
    };
    audit::platform(d, &mut tx, act).await?;
    tx.commit().await?;
    Ok(SignInError::PscOnly)
}
