//! What whoever holds the mailed link sees and confirms.

use jiff_sqlx::ToSqlx;
use model::{
    ids::EstablishmentId,
    registration::{RegistrationConfirmed, RegistrationLink, RegistrationMode, RegistrationOffer},
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
    /// The link is not ours, was answered, or its time is over; or nobody registers here any more.
    #[error("the link is over")]
    Expired,
    /// An incident.
    #[error(transparent)]
    Fault(#[from] Fault),
}
fault_from!(RegistrationLinkError);

/// Where the link leads: to what was given, or on to the establishment that it has opened.
///
/// # Errors
/// See [`RegistrationLinkError`].
pub async fn registration(d: &Domain, token: &str) -> Result<RegistrationLink, RegistrationLinkError> {
    let row = sqlx::query!(
        r#"SELECT name, town, kind, finess, given_name || ' ' || family_name AS "administrator!", role,
               confirmed_at IS NOT NULL AS "confirmed!"
           FROM control.registrations WHERE token_hash = $1 AND expires_at > $2"#,
        hash(d, token),
        d.now().to_sqlx() as _
    )
    .fetch_optional(&d.db.pool)
    .await?;
    match row {
        Some(row) => Ok(RegistrationLink::Asked(RegistrationOffer {
            name: row.name,
            town: row.town,
            kind: row.kind.parse().unwrap_or_default(),
            finess: row.finess,
            administrator: row.administrator,
            role: row.role.and_then(|role| role.parse().ok()),
            confirmed: row.confirmed,
        })),
        None if members::invites(d, token).await? => Ok(RegistrationLink::Open),
        None => Err(RegistrationLinkError::Expired),
    }
}

/// Confirms. It opens at once where the operator has it so, no establishment like it is there or waits, and this node may create
/// one; else it waits for an administrator of the platform. Confirmed again, it goes on where it stands.
///
/// # Errors
/// See [`RegistrationLinkError`].
pub async fn confirm(
    d: &Domain,
    origin: Origin,
    token: &str,
) -> Result<RegistrationConfirmed, RegistrationLinkError> {
    let Some((id, opens)) = confirmed(d, origin, token).await? else {
        // Opened by this very link, a moment ago or in another window.
        let opened = members::invites(d, token).await?;
        return if opened { Ok(RegistrationConfirmed::Open) } else { Err(RegistrationLinkError::Expired) };
    };
    if !opens {
        return Ok(RegistrationConfirmed::Waiting);
    }
    if let Some(it) = open::confirmed(d, &d.db.pool, id).await? {
        // The link that they hold becomes the invitation's.
        let link = members::invitation_hash(d, token);
        if let Err(error) = open::open(d, &PlatformAdmin::holder(origin), &it, Some(link)).await {
            // Nothing is lost: whoever may goes on with it, and they are told that it is there.
            let mut tx = d.db.pool.begin().await?;
            waiting::tell(d, &mut tx, id).await?;
            tx.commit().await?;
            return Err(match error {
                super::RegistrationError::Fault(fault) => fault,
                other => Fault::Data(other.to_string()),
            }
            .into());
        }
    }
    // Where an administrator of the platform was quicker, the way in is in their mail.
    let mine = members::invites(d, token).await?;
    Ok(if mine { RegistrationConfirmed::Open } else { RegistrationConfirmed::Waiting })
}

/// Marks it as confirmed, and says whether it opens now. `None` where the link is none of a registration.
async fn confirmed(
    d: &Domain,
    origin: Origin,
    token: &str,
) -> Result<Option<(EstablishmentId, bool)>, RegistrationLinkError> {
    let (now, mode) = (d.now(), d.policy.identity.registration);
    let mut tx = d.db.pool.begin().await?;
    // One after the other: of two alike the later one must see the earlier one.
    sqlx::query!("SELECT pg_advisory_xact_lock(hashtext('registration.confirm'))")
        .fetch_one(&mut *tx)
        .await?;
    let row = sqlx::query!(
        r#"SELECT r.id, r.confirmed_at IS NOT NULL AS "confirmed!",
               EXISTS (SELECT FROM control.establishments e WHERE e.id <> r.id AND (e.finess = r.finess
                       OR regexp_replace(e.search_text, '[^a-z0-9]+', '', 'g') = regexp_replace(r.search_text, '[^a-z0-9]+', '', 'g')))
               OR EXISTS (SELECT FROM control.registrations o WHERE o.id <> r.id AND o.confirmed_at IS NOT NULL
                       AND (o.finess = r.finess
                       OR regexp_replace(o.search_text, '[^a-z0-9]+', '', 'g') = regexp_replace(r.search_text, '[^a-z0-9]+', '', 'g')))
               AS "alike!"
           FROM control.registrations r WHERE r.token_hash = $1 AND r.expires_at > $2 FOR UPDATE OF r"#,
        hash(d, token),
        now.to_sqlx() as _
    )
    .fetch_optional(&mut *tx)
    .await?;
    let Some(row) = row else { return Ok(None) };
    if mode == RegistrationMode::Closed && !row.confirmed {
        return Err(RegistrationLinkError::Expired);
    }
    let id = EstablishmentId(row.id);
    let opens = mode == RegistrationMode::Open && !row.alike && d.db.has_owner();
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
    Ok(Some((id, opens)))
}
