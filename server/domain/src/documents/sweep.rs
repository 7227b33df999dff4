//! Jobs on the clock: documents whose time has come, payloads that nobody points at.

use futures_util::TryStreamExt;
use jiff_sqlx::ToSqlx;
use model::ids::EstablishmentId;

use uuid::Uuid;

use super::{delete::finish, receipt::RECEIPT_DAYS};
use crate::{
    Domain, Fault,
    audit::{self, Act},
    clock,
    db::TenantTx,
    events,
};

/// Documents deleted in one transaction.
const BATCH: i64 = 200;
/// Payloads whose rows are looked for together.
const LISTED: usize = 500;
/// A code that nobody deposited under any more is kept so long after its end, for staff to look up.
const CODE_DAYS: i64 = 400;
/// A payload without a row may belong to an upload that is still coming in.
const SPARED_HOURS: i64 = 24;

/// Deletes what is due, held documents excepted.
pub(crate) async fn expire(d: &Domain, establishment: EstablishmentId) -> Result<(), Fault> {
    loop {
        let mut tx = TenantTx::begin(&d.db, establishment).await?;
        let rows = sqlx::query!(
            "SELECT id, item_id, blob FROM documents WHERE delete_at <= $1 AND hold_reason IS NULL
             ORDER BY delete_at LIMIT $2 FOR UPDATE SKIP LOCKED",
            d.now().to_sqlx() as _,
            BATCH,
        )
        .fetch_all(&mut *tx)
        .await?;
        let count = rows.len();
        let ids: Vec<Uuid> = rows.iter().map(|row| row.id).collect();
        let items: Vec<Uuid> = rows.iter().map(|row| row.item_id).collect();
        if !ids.is_empty() {
            finish(d, &mut tx, &items, rows.into_iter().map(|row| row.blob).collect(), "retention").await?;
            audit::by_system_each(d, &mut tx, "documents.expire", &ids).await?;
            events::publish(d, &mut tx, "documents.changed", None).await?;
            // Last: it locks the establishment's totals.
            sqlx::query!("DELETE FROM documents WHERE id = ANY ($1)", &ids).execute(&mut *tx).await?;
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
    let mut some = Vec::new();
    let mut blobs = d.vault.blobs(establishment, before);
    while let Some(blob) = blobs.try_next().await? {
        some.push(blob);
        if some.len() == LISTED {
            erase_orphans(d, establishment, &std::mem::take(&mut some)).await?;
        }
    }
    erase_orphans(d, establishment, &some).await
}

async fn erase_orphans(d: &Domain, establishment: EstablishmentId, some: &[String]) -> Result<(), Fault> {
    let mut tx = TenantTx::begin(&d.db, establishment).await?;
    let orphans = sqlx::query_scalar!(
        r#"SELECT blob AS "blob!" FROM unnest($1::text[]) AS blob
           WHERE NOT EXISTS (SELECT FROM documents d WHERE d.blob = blob.blob)"#,
        some
    )
    .fetch_all(&mut *tx)
    .await?;
    tx.commit().await?;
    for blob in orphans {
        d.vault.erase(&blob).await?;
        tracing::info!(establishment = %establishment, "documents: an orphan payload was erased");
    }
    Ok(())
}

/// Ends receipts whose time has passed, and then the codes that nothing refers to any more. What staff hold stays, with
/// its deposit.
pub(crate) async fn forget(d: &Domain, establishment: EstablishmentId) -> Result<(), Fault> {
    let now = d.now();
    let mut tx = TenantTx::begin(&d.db, establishment).await?;
    let receipts = sqlx::query!(
        "DELETE FROM deposits p WHERE opened_at <= $1 AND NOT EXISTS (SELECT FROM documents d WHERE d.deposit_id = p.id)",
        clock::days(now, -i64::from(RECEIPT_DAYS)).to_sqlx() as _
    )
    .execute(&mut *tx)
    .await?;
    let codes = sqlx::query!(
        "DELETE FROM codes c WHERE coalesce(revoked_at, expires_at) <= $1 AND value_hmac IS NULL
             AND NOT EXISTS (SELECT FROM deposits p WHERE p.code_id = c.id)",
        clock::days(now, -CODE_DAYS).to_sqlx() as _
    )
    .execute(&mut *tx)
    .await?;
    let gone = (receipts.rows_affected(), codes.rows_affected());
    if gone != (0, 0) {
        let detail = format!("{} deposits, {} codes", gone.0, gone.1);
        let act = Act { action: "documents.forget", ..Act::default() };
        audit::by_system(d, &mut tx, act.changing(&detail)).await?;
    }
    tx.commit().await
}
