//! An administrator of the platform lets a registered establishment in.

use model::ids::EstablishmentId;

use super::open::{self, RegistrationError};
use crate::{
    Domain, PlatformAdmin,
    audit::{self, PlatformAct},
};

/// Creates the establishment and mails its first administrator the way in.
///
/// # Errors
/// See [`RegistrationError`].
pub async fn approve(d: &Domain, who: &PlatformAdmin, id: EstablishmentId) -> Result<(), RegistrationError> {
    who.must_be_fresh(d)?;
    if !d.db.has_owner() {
        return Err(RegistrationError::NoOwner);
    }
    let it = open::confirmed(d, &d.db.pool, id).await?.ok_or(RegistrationError::NotFound)?;
    let mut tx = d.db.pool.begin().await?;
    if !open::approved(d, &mut tx, id).await? {
        return Err(RegistrationError::NotFound);
    }
    audit::platform(d, &mut tx, PlatformAct::by_platform(who, "registration.approve", id)).await?;
    tx.commit().await?;
    open::open(d, who, &it, None).await.map(drop)
}
