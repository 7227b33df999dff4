//! The first administrator of an establishment has not come in: the platform sends the way in once more.

use jiff_sqlx::ToSqlx;
use model::{
    identity::Email,
    ids::{EstablishmentId, InvitationId},
};

use super::open::RegistrationError;
use crate::{
    Domain, PlatformAdmin,
    audit::{self, PlatformAct},
    clock,
    jobs::{self, Work},
    mail::Letter,
    members::INVITATION_DAYS,
};

/// Mails a new link; the earlier one ends. To another address where one is given: the first may have been mistyped.
///
/// # Errors
/// [`RegistrationError::NotFound`] where nobody is awaited; a fresh factor is needed; an incident.
pub async fn invite_again(
    d: &Domain,
    who: &PlatformAdmin,
    establishment: EstablishmentId,
    other: Option<&Email>,
) -> Result<(), RegistrationError> {
    who.must_be_fresh(d)?;
    let mut tx = d.db.pool.begin().await?;
    let id = sqlx::query_scalar!(
        "UPDATE control.invitations SET token_hash = NULL, expires_at = $2, email = coalesce($3, email)
         WHERE establishment_id = $1 AND by_platform RETURNING id",
        establishment.0,
        clock::days(d.now(), INVITATION_DAYS).to_sqlx() as _,
        other.map(AsRef::as_ref)
    )
    .fetch_optional(&mut *tx)
    .await?
    .map(InvitationId)
    .ok_or(RegistrationError::NotFound)?;
    jobs::enqueue_own(d, &mut tx, Work::Mail { letter: Letter::Invitation { id } }).await?;
    audit::platform(d, &mut tx, PlatformAct::by_platform(who, "registration.invite_again", establishment))
        .await?;
    tx.commit().await?;
    Ok(())
}
