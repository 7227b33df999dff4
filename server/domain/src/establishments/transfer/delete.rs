//! The end of an establishment.

use futures_util::TryStreamExt;
use model::ids::EstablishmentId;
use sqlx::Connection;

use super::{TransferError, record};
use crate::{Domain, PlatformAdmin, db};

/// Deletes an establishment with everything that it has, for good.
///
/// # Errors
/// See [`TransferError`].
pub async fn delete(d: &Domain, who: &PlatformAdmin, id: EstablishmentId) -> Result<(), TransferError> {
    let found = sqlx::query!("UPDATE control.establishments SET status = 'deleting' WHERE id = $1", id.0)
        .execute(&d.db.pool)
        .await?;
    if found.rows_affected() == 0 {
        return Err(TransferError::NotFound);
    }
    remove(d, id).await?;
    record(d, who, id, "establishments.delete").await
}

/// Schema, role, payloads, row, key in memory: as often as it takes.
pub(super) async fn remove(d: &Domain, id: EstablishmentId) -> Result<(), TransferError> {
    db::drop_schema(&d.db, id).await?;
    let far = crate::clock::days(d.now(), 1);
    let mut blobs = d.vault.blobs(id, far);
    while let Some(blob) = blobs.try_next().await? {
        d.vault.erase(&blob).await?;
    }
    let mut owner = d.db.owner().await?;
    let mut tx = owner.begin().await?;
    let people =
        sqlx::query_scalar!("SELECT user_id FROM control.memberships WHERE establishment_id = $1", id.0)
            .fetch_all(&mut *tx)
            .await?;
    sqlx::query!("DELETE FROM control.establishments WHERE id = $1", id.0).execute(&mut *tx).await?;
    // Accounts that nothing else needs are data of its people.
    sqlx::query!(
        "DELETE FROM control.users u WHERE id = ANY ($1) AND NOT platform_administrator
             AND NOT EXISTS (SELECT FROM control.memberships m WHERE m.user_id = u.id)",
        &people
    )
    .execute(&mut *tx)
    .await?;
    tx.commit().await?;
    owner.close().await?;
    d.vault.forget(id);
    Ok(())
}
