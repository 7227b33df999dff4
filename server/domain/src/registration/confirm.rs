//! What whoever holds the mailed link sees and confirms.

use jiff_sqlx::ToSqlx;
use model::{
    ids::EstablishmentId,
    registration::{RegistrationConfirmed, RegistrationMode, RegistrationOffer},
};

use super::{
    open::{self, hash},
    waiting,
};
use crate::{
    Domain, Fault, Origin, PlatformAdmin,
    audit::{self, PlatformAct},
    clock,
    fault::fault_from,
    members,
};

/// How long a confirmed registration waits for an answer, in days.
const WAITS_DAYS: i64 = 90;

/// Why a link does nothing.
#[derive(Debug, thiserror::Error)]
pub enum RegistrationLinkError {
    /// The link is not ours, was answered, or its time is over.
    #[error("the link is over")]
    Expired,
    /// An incident.
    #[error(transparent)]
    Fault(#[from] Fault),
}
fault_from!(RegistrationLinkError);

/// What was given, for whoever holds the link.
///
/// # Errors
/// See [`RegistrationLinkError`].
pub async fn registration(d: &Domain, token: &str) -> Result<RegistrationOffer, RegistrationLinkError> {
    let row = sqlx::query!(
        r#"SELECT name, town, kind, finess, given_name || ' ' || family_name AS "administrator!",
               confirmed_at IS NOT NULL AS "confirmed!"
           FROM control.registrations WHERE token_hash = $1 AND expires_at > $2"#,
        hash(d, token),
        d.now().to_sqlx() as _
    )
    .fetch_optional(&d.db.pool)
    .await?
    .ok_or(RegistrationLinkError::Expired)?;
    Ok(RegistrationOffer {
        name: row.name,
        town: row.town,
        kind: row.kind.parse().unwrap_or_default(),
        finess: row.finess,
        administrator: row.administrator,
        confirmed: row.confirmed,
    })
}

/// Confirms. It opens at once where the operator has it so, no establishment like it is there already, and this node may create
/// one; else it waits for an administrator of the platform. Confirmed again, it goes on where it stands.
///
/// # Errors
/// See [`RegistrationLinkError`].
pub async fn confirm(
    d: &Domain,
    origin: Origin,
    token: &str,
) -> Result<RegistrationConfirmed, RegistrationLinkError> {
    let now = d.now();
    let mut tx = d.db.pool.begin().await?;
    let row = sqlx::query!(
        r#"SELECT r.id, r.confirmed_at IS NOT NULL AS "confirmed!", r.approved_at IS NOT NULL AS "approved!",
               EXISTS (SELECT FROM control.establishments e WHERE e.id <> r.id AND (e.finess = r.finess
                       OR (lower(e.name) = lower(r.name) AND lower(e.town) = lower(r.town)))) AS "alike!"
           FROM control.registrations r WHERE r.token_hash = $1 AND r.expires_at > $2 FOR UPDATE"#,
        hash(d, token),
        now.to_sqlx() as _
    )
    .fetch_optional(&mut *tx)
    .await?
    .ok_or(RegistrationLinkError::Expired)?;
    let id = EstablishmentId(row.id);
    let opens = row.approved
        || (d.policy.identity.registration == RegistrationMode::Open && !row.alike && d.db.has_owner());
    if !row.confirmed {
        sqlx::query!(
            "UPDATE control.registrations SET confirmed_at = $2, expires_at = $3 WHERE id = $1",
            id.0,
            now.to_sqlx() as _,
            clock::days(now, WAITS_DAYS).to_sqlx() as _
        )
        .execute(&mut *tx)
        .await?;
        let act = PlatformAct {
            establishment: Some(id),
            origin: Some(origin),
            ..PlatformAct::done("registration.confirm")
        };
        audit::platform(d, &mut tx, act).await?;
        if !opens {
            waiting::tell(d, &mut tx, id).await?;
        }
    }
    if opens {
        open::approved(d, &mut tx, id).await?;
    }
    tx.commit().await?;
    let Some(it) = open::confirmed(d, &d.db.pool, id).await?.filter(|_| opens) else {
        return Ok(RegistrationConfirmed::Waiting);
    };
    // The link that they hold becomes the invitation's.
    let link = members::invitation_hash(d, token);
    open::open(d, &PlatformAdmin::operator(), &it, Some(link)).await.map_err(|error| match error {
        super::RegistrationError::Fault(fault) => fault,
        other => Fault::Data(other.to_string()),
    })?;
    Ok(RegistrationConfirmed::Open)
}
