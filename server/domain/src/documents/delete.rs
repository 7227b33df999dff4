//! Deleting: unreadable at once, and ten seconds later the row, the key in it and the payload are gone.

use jiff_sqlx::ToSqlx;
use model::{ids::DocumentId, roles::Permission};

use uuid::Uuid;

use crate::{
    Domain, Fault, Refused, Staff,
    audit::{self, Act},
    clock,
    db::TenantTx,
    events, jobs,
};

/// Time for changing one's mind.
pub(super) const UNDO_SECONDS: i64 = 10;

/// When a document that was deleted at `since` goes for good.
pub(crate) fn erased_at(since: jiff::Timestamp) -> jiff::Timestamp {
    clock::seconds(since, UNDO_SECONDS)
}

/// Deletes one document; [`undo`] takes it back for ten seconds.
///
/// # Errors
/// [`Refused::Forbidden`] without [`Permission::DeleteDocuments`]; [`Refused::NotFound`]; an incident.
pub async fn delete(d: &Domain, who: &Staff, id: DocumentId) -> Result<(), Refused> {
    who.require(d, Permission::DeleteDocuments, "documents.delete").await?;
    let mut tx = TenantTx::begin(&d.db, who.establishment).await?;
    mark(d, &mut tx, who, &[id.0]).await?;
    tx.commit().await?;
    Ok(())
}

/// Makes documents unreadable and plans their end, of all of them or of none. A held document is not deleted: the hold
/// must be ended first.
pub(super) async fn mark(d: &Domain, tx: &mut TenantTx, who: &Staff, ids: &[Uuid]) -> Result<(), Refused> {
    let now = d.now();
    let work = ids.iter().map(|id| jobs::Work::Erase { document: DocumentId(*id) }).collect();
    jobs::enqueue_each(d, tx, work, clock::seconds(now, UNDO_SECONDS)).await?;
    audit::by_staff_each(d, tx, who, "documents.delete", ids).await?;
    events::publish(d, tx, "documents.changed", if let [id] = ids { Some(*id) } else { None }).await?;
    // Last: it locks the establishment's totals.
    let marked = sqlx::query!(
        "UPDATE documents SET deleting_since = $2 WHERE id = ANY ($1) AND deleting_since IS NULL AND hold_reason IS NULL",
        ids,
        now.to_sqlx() as _
    )
    .execute(&mut **tx)
    .await?;
    if marked.rows_affected() == ids.len() as u64 { Ok(()) } else { Err(Refused::NotFound) }
}

/// Takes a deletion back, as long as nothing is gone.
///
/// # Errors
/// [`Refused::Forbidden`]; [`Refused::NotFound`] once it is too late; an incident.
pub async fn undo(d: &Domain, who: &Staff, id: DocumentId) -> Result<(), Refused> {
    who.require(d, Permission::DeleteDocuments, "documents.undelete").await?;
    let mut tx = TenantTx::begin(&d.db, who.establishment).await?;
    let back = sqlx::query!(
        "UPDATE documents SET deleting_since = NULL WHERE id = $1 AND deleting_since IS NOT NULL",
        id.0
    )
    .execute(&mut *tx)
    .await?;
    if back.rows_affected() == 0 {
        return Err(Refused::NotFound);
    }
    audit::by_staff(d, &mut tx, who, Act::on("documents.undelete", "document", id.0)).await?;
    events::publish(d, &mut tx, "documents.changed", Some(id.0)).await?;
    tx.commit().await?;
    Ok(())
}

/// Job: ends a document whose time for undoing has passed. Taken back, or gone already: nothing to do. Deleted, taken
/// back and deleted again: the job of the second deletion does it.
pub(crate) async fn erase(
    d: &Domain,
    establishment: model::ids::EstablishmentId,
    id: DocumentId,
) -> Result<(), Fault> {
    let due = clock::seconds(d.now(), -UNDO_SECONDS);
    let mut tx = TenantTx::begin(&d.db, establishment).await?;
    let row = sqlx::query!(
        "DELETE FROM documents WHERE id = $1 AND deleting_since <= $2 RETURNING item_id, blob, deleting_since",
        id.0,
        due.to_sqlx() as _
    )
    .fetch_optional(&mut *tx)
    .await?;
    if let Some(row) = row {
        finish(d, &mut tx, &[row.item_id], vec![row.blob], "staff").await?;
        audit::by_system(d, &mut tx, Act::on("documents.erase", "document", id.0)).await?;
    }
    tx.commit().await
}

/// The rest of an end, in the transaction that deletes the rows: the receipts' states and the payloads' jobs.
pub(super) async fn finish(
    d: &Domain,
    tx: &mut TenantTx,
    items: &[Uuid],
    blobs: Vec<String>,
    why: &str,
) -> Result<(), Fault> {
    let now = d.now();
    sqlx::query!(
        "UPDATE deposit_items SET deleted_at = $2, deletion = $3 WHERE id = ANY ($1)",
        items,
        now.to_sqlx() as _,
        why
    )
    .execute(&mut **tx)
    .await?;
    let work = blobs.into_iter().map(|blob| jobs::Work::EraseBlob { blob }).collect();
    jobs::enqueue_each(d, tx, work, now).await
}
