//! Jobs on the clock: documents whose time has come, payloads that nobody points at.

use jiff_sqlx::ToSqlx;
use model::ids::EstablishmentId;

use super::delete::finish;
use crate::{
    Domain, Fault,
    audit::{self, Act},
    clock,
    db::TenantTx,
    events,
};

/// Documents deleted in one transaction.
const BATCH: i64 = 200;
/// A payload without a row may belong to an upload that is still coming in.
const SPARED_HOURS: i64 = 24;

/// Deletes what is due, held documents excepted.
pub(crate) async fn expire(d: &Domain, establishment: EstablishmentId) -> Result<(), Fault> {
    loop {
        let mut tx = TenantTx::begin(&d.db, establishment).await?;
        let rows = sqlx::query!(
            "DELETE FROM documents WHERE id IN (SELECT id FROM documents WHERE delete_at <= $1 AND hold_reason IS NULL
                 ORDER BY delete_at LIMIT $2 FOR UPDATE SKIP LOCKED)
             RETURNING id, item_id, blob",
            d.now().to_sqlx() as _,
            BATCH,
        )
        .fetch_all(&mut *tx)
        .await?;
        let (count, last) = (rows.len(), rows.last().map(|row| row.id));
        for row in rows {
            finish(d, &mut tx, row.item_id, row.blob, "retention").await?;
            audit::by_system(d, &mut tx, Act::on("documents.expire", "document", row.id)).await?;
        }
        if let Some(id) = last {
            events::publish(d, &mut tx, "documents.changed", Some(id)).await?;
        }
        tx.commit().await?;
        if i64::try_from(count).unwrap_or_default() < BATCH {
            return Ok(());
        }
    }
}

/// Erases payloads that no row points at.
pub(crate) async fn collect_orphans(d: &Domain, establishment: EstablishmentId) -> Result<(), Fault> {
    let before = clock::minutes(d.now(), -60 * SPARED_HOURS);
    for some in d.vault.blobs(establishment, before).await?.chunks(500) {
        let mut tx = TenantTx::begin(&d.db, establishment).await?;
        let orphans = sqlx::query_scalar!(
            r#"SELECT blob AS "blob!" FROM unnest($1::text[]) AS blob WHERE blob NOT IN (SELECT blob FROM documents)"#,
            some
        )
        .fetch_all(&mut *tx)
        .await?;
        tx.commit().await?;
        for blob in orphans {
            d.vault.erase(&blob).await?;
            tracing::info!(establishment = %establishment, "documents: an orphan payload was erased");
        }
    }
    Ok(())
}
