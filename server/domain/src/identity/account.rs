//! The signed-in person: who they are, where they belong, their own password.

use jiff_sqlx::ToSqlx;
use model::{
    establishments::EstablishmentCard,
    identity::{Me, Password, PasswordProblem},
    ids::{EstablishmentId, SessionId, UserId},
    psc::{Practice, practices as practices_of},
    roles::Roles,
    time::Language,
};

use sqlx::PgExecutor;

use super::{
    authenticate::Identified,
    ceremony,
    notices::{self, What},
    passwords,
    session::{self, Method, method},
    sign_in::{self, record},
};
use crate::{
    Domain, Fault, Origin,
    audit::{self, PlatformAct},
    establishments,
    fault::fault_from,
    limits::{self, Limited, TooMany},
};

/// Who is signed in, as pages need it. `None` when the session ended meanwhile.
///
/// # Errors
/// An incident.
pub async fn me(d: &Domain, who: &Identified) -> Result<Option<Me>, Fault> {
    me_of(d, who.session).await
}

pub(super) async fn me_of(d: &Domain, session: SessionId) -> Result<Option<Me>, Fault> {
    let Some(row) = sqlx::query!(
        r#"SELECT s.user_id, s.establishment_id, s.ends_at, s.method, s.factor_at, s.practice, s.psc_issuer, u.email,
             u.given_name, u.family_name, u.language, u.platform_administrator, u.password_hash IS NOT NULL AS "has_password!"
         FROM control.sessions s JOIN control.users u ON u.id = s.user_id WHERE s.id = $1 AND s.revoked_at IS NULL"#,
        session.0
    )
    .fetch_optional(&d.db.pool)
    .await?
    else {
        return Ok(None);
    };
    let user = UserId(row.user_id);
    let mut places = memberships(&d.db.pool, user).await?;
    let here = row.establishment_id.map(EstablishmentId);
    let current = places.iter().position(|(card, _)| Some(card.id) == here).map(|at| places.remove(at));
    let (establishment, roles) =
        current.map_or((None, Roles::default()), |(card, roles)| (Some(card), roles));
    let practices = match row.psc_issuer {
        Some(issuer) => practices(d, user, &issuer).await?,
        None => vec![],
    };
    let idle = d.policy.sessions.idle_for(&roles, row.platform_administrator);
    Ok(Some(Me {
        user,
        session,
        name: format!("{} {}", row.given_name, row.family_name),
        email: row.email,
        method: method(&row.method)?,
        has_password: row.has_password,
        needs_factor: d.policy.identity.second_factor
            && row.factor_at.is_none()
            && row.method == Method::Password.as_str(),
        practice: row.practice.map(serde_json::from_value).transpose()?,
        practices,
        language: Language::from_tag(&row.language).unwrap_or_default(),
        establishment,
        others: places.into_iter().map(|(card, _)| card).collect(),
        roles,
        platform_administrator: row.platform_administrator,
        ends_in_seconds: u64::try_from(row.ends_at.to_jiff().duration_since(d.now()).as_secs()).unwrap_or(0),
        idle_seconds: idle.as_secs().unsigned_abs(),
    }))
}

/// The same for a session.
pub(super) async fn practices_of_session(d: &Domain, session: SessionId) -> Result<Vec<Practice>, Fault> {
    let row = sqlx::query!(
        "SELECT user_id, psc_issuer FROM control.sessions WHERE id = $1 AND revoked_at IS NULL",
        session.0
    )
    .fetch_optional(&d.db.pool)
    .await?;
    match row.and_then(|row| row.psc_issuer.map(|issuer| (row.user_id, issuer))) {
        Some((user, issuer)) => practices(d, UserId(user), &issuer).await,
        None => Ok(vec![]),
    }
}

/// Exercises and activities that a person may choose from, as the provider said last.
async fn practices(d: &Domain, user: UserId, issuer: &str) -> Result<Vec<Practice>, Fault> {
    let profile = sqlx::query_scalar!(
        "SELECT profile FROM control.psc_identities WHERE user_id = $1 AND issuer = $2 ORDER BY last_sign_in_at DESC LIMIT 1",
        user.0,
        issuer
    )
    .fetch_optional(&d.db.pool)
    .await?;
    let Some(profile) = profile else { return Ok(vec![]) };
    Ok(practices_of(&serde_json::from_value(profile)?))
}

/// Where a person may work, by name.
pub(super) async fn memberships(
    db: impl PgExecutor<'_>,
    user: UserId,
) -> Result<Vec<(EstablishmentCard, Roles)>, Fault> {
    let rows = sqlx::query!(
        "SELECT e.id, e.slug, e.name, e.town, m.roles FROM control.memberships m
         JOIN control.establishments e ON e.id = m.establishment_id AND e.status = 'active'
         WHERE m.user_id = $1 AND m.disabled_at IS NULL ORDER BY e.name, e.id",
        user.0
    )
    .fetch_all(db)
    .await?;
    rows.into_iter()
        .map(|row| {
            let card = establishments::card(row.id, &row.slug, row.name, row.town)?;
            Ok((card, Roles::from_names(&row.roles)))
        })
        .collect()
}

/// Why a password was not changed.
#[derive(Debug, thiserror::Error)]
pub enum ChangePasswordError {
    /// The current one is wrong.
    #[error("wrong current password")]
    Wrong,
    /// Too many wrong ones.
    #[error("too many attempts")]
    TooMany(TooMany),
    /// The new one breaks a rule.
    #[error("refused: {0}")]
    Refused(PasswordProblem),
    /// An incident.
    #[error(transparent)]
    Fault(#[from] Fault),
}
fault_from!(ChangePasswordError);

impl From<Limited> for ChangePasswordError {
    fn from(limited: Limited) -> Self {
        match limited {
            Limited::TooMany(wait) => Self::TooMany(wait),
            Limited::Fault(fault) => Self::Fault(fault),
        }
    }
}

/// Changes one's own password; every other session of the person ends.
///
/// # Errors
/// See [`ChangePasswordError`].
pub async fn change_password(
    d: &Domain,
    who: &Identified,
    origin: Origin,
    current: &Password,
    new: &Password,
) -> Result<(), ChangePasswordError> {
    let row = sqlx::query!("SELECT email, password_hash FROM control.users WHERE id = $1", who.user.0)
        .fetch_one(&d.db.pool)
        .await?;
    // Who has no address has no password either, and no counter to share with others.
    let email = row.email.unwrap_or_else(|| who.user.to_string());
    let attempt = limits::sign_in(d, origin.address, &email).await?;
    if !d.passwords.verify(current, row.password_hash.as_deref()).await? {
        record(d, origin, Some(who.user), "identity.change_password", "refused").await?;
        return Err(ChangePasswordError::Wrong);
    }
    attempt.give_back(d).await?;
    if new.expose() == current.expose() {
        return Err(ChangePasswordError::Refused(PasswordProblem::Same));
    }
    passwords::check_new(d, who.user, new).await?.map_err(ChangePasswordError::Refused)?;
    let hash = d.passwords.hash(&d.random, new).await?;
    let now = d.now();
    let mut tx = d.db.pool.begin().await?;
    // Both took their time: what has been changed or ended meanwhile ("this wasn't me") stays so.
    let same = sign_in::unchanged(&mut tx, who.user, |hash| hash == row.password_hash.as_deref()).await?;
    if !same || session::proof(&mut tx, who.session).await?.is_none() {
        return Err(ChangePasswordError::Wrong);
    }
    ceremony::end_all(&mut tx, who.user).await?;
    sqlx::query!(
        "UPDATE control.users SET password_hash = $2, password_changed_at = $3 WHERE id = $1",
        who.user.0,
        hash,
        now.to_sqlx() as _
    )
    .execute(&mut *tx)
    .await?;
    sqlx::query!(
        "UPDATE control.sessions SET revoked_at = $3, revoked_reason = 'password'
         WHERE user_id = $1 AND id <> $2 AND revoked_at IS NULL",
        who.user.0,
        who.session.0,
        now.to_sqlx() as _
    )
    .execute(&mut *tx)
    .await?;
    let act = PlatformAct {
        actor: Some(who.user),
        session: Some(who.session),
        origin: Some(origin),
        ..PlatformAct::done("identity.change_password")
    };
    audit::platform(d, &mut tx, act).await?;
    notices::tell(d, &mut tx, who.user, What::PasswordChanged, origin, None).await?;
    tx.commit().await?;
    d.sessions.forget_user(who.user);
    Ok(())
}
