//! Ending and extending codes.

use jiff_sqlx::ToSqlx;
use model::{
    codes::{CodeView, ValidityMinutes},
    ids::{CodeId, EstablishmentId},
    roles::Permission,
};

use super::show;
use crate::{
    Domain, Fault, Refused, Staff,
    audit::{self, Act},
    clock,
    db::TenantTx,
    events,
    fault::fault_from,
};

/// A value is not given out again for so long after its code ended.
const NOT_REISSUED_DAYS: i64 = 90;

/// Ends a code at once, deposits under way included. Ending an ended code changes nothing.
///
/// # Errors
/// [`Refused::Forbidden`] without [`Permission::Codes`]; [`Refused::NotFound`]; an incident.
pub async fn revoke(d: &Domain, who: &Staff, id: CodeId) -> Result<(), Refused> {
    who.require(d, Permission::Codes, "codes.revoke").await?;
    let mut tx = TenantTx::begin(&d.db, who.establishment).await?;
    let before = sqlx::query!("SELECT revoked_at FROM codes WHERE id = $1 FOR UPDATE", id.0)
        .fetch_optional(&mut *tx)
        .await?
        .ok_or(Refused::NotFound)?;
    if before.revoked_at.is_some() {
        return Ok(());
    }
    sqlx::query!(
        "UPDATE codes SET revoked_at = $2, sealed = NULL WHERE id = $1",
        id.0,
        d.now().to_sqlx() as _
    )
    .execute(&mut *tx)
    .await?;
    audit::by_staff(d, &mut tx, who, Act::on("codes.revoke", "code", id.0)).await?;
    events::publish(d, &mut tx, "codes.changed", Some(id.0)).await?;
    tx.commit().await?;
    Ok(())
}

/// Why a code was not extended.
#[derive(Debug, thiserror::Error)]
pub enum ExtendError {
    /// Forbidden, unknown or an incident.
    #[error(transparent)]
    Refused(#[from] Refused),
    /// It has ended: a new one is needed.
    #[error("the code has ended")]
    Ended,
    /// An incident.
    #[error(transparent)]
    Fault(#[from] Fault),
}
fault_from!(ExtendError);

/// Lets an active code live for `validity` from now, never shorter than it would have.
///
/// # Errors
/// See [`ExtendError`].
pub async fn extend(
    d: &Domain,
    who: &Staff,
    id: CodeId,
    validity: ValidityMinutes,
) -> Result<CodeView, ExtendError> {
    who.require(d, Permission::Codes, "codes.extend").await?;
    let now = d.now();
    let until = clock::minutes(now, i64::from(validity.get()));
    let mut tx = TenantTx::begin(&d.db, who.establishment).await?;
    let known =
        sqlx::query_scalar!("SELECT true FROM codes WHERE id = $1", id.0).fetch_optional(&mut *tx).await?;
    if known.is_none() {
        return Err(Refused::NotFound.into());
    }
    let done = sqlx::query!(
        "UPDATE codes SET expires_at = greatest(expires_at, $3)
         WHERE id = $1 AND revoked_at IS NULL AND expires_at > $2 AND uses < max_deposits",
        id.0,
        now.to_sqlx() as _,
        until.to_sqlx() as _
    )
    .execute(&mut *tx)
    .await?;
    if done.rows_affected() == 0 {
        return Err(ExtendError::Ended);
    }
    audit::by_staff(d, &mut tx, who, Act::on("codes.extend", "code", id.0)).await?;
    events::publish(d, &mut tx, "codes.changed", Some(id.0)).await?;
    tx.commit().await?;
    Ok(show::view(d, who, id).await?)
}

/// Job: wipes the values of codes that ended, and after ninety days the hashes that kept them from being given again.
pub(crate) async fn wipe_ended(d: &Domain, establishment: EstablishmentId) -> Result<(), Fault> {
    let now = d.now();
    let mut tx = TenantTx::begin(&d.db, establishment).await?;
    // A deposit opened in time may finish: the value itself is not needed for that.
    sqlx::query!(
        "UPDATE codes SET sealed = NULL WHERE expires_at <= $1 AND sealed IS NOT NULL",
        now.to_sqlx() as _
    )
    .execute(&mut *tx)
    .await?;
    sqlx::query!(
        "UPDATE codes SET value_hmac = NULL, token_hmac = NULL
         WHERE coalesce(revoked_at, expires_at) <= $1 AND value_hmac IS NOT NULL",
        clock::days(now, -NOT_REISSUED_DAYS).to_sqlx() as _
    )
    .execute(&mut *tx)
    .await?;
    tx.commit().await
}
