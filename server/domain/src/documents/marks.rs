//! The staff's own marks: filed, new again; one by one or many at once.

use jiff_sqlx::ToSqlx;
use model::{
    documents::{BulkAct, Selection},
    ids::DocumentId,
    roles::Permission,
};
use uuid::Uuid;

use super::delete;
use crate::{Domain, Refused, Staff, audit, db::TenantTx, events};

/// Files a document, or takes it out of the filed ones.
///
/// # Errors
/// See [`bulk`].
pub async fn mark_done(d: &Domain, who: &Staff, id: DocumentId, done: bool) -> Result<(), Refused> {
    bulk(d, who, &Selection::one(id), if done { BulkAct::Done } else { BulkAct::Reopen }).await.map(drop)
}

/// Shows a document as new again. The receipt keeps its first "seen".
///
/// # Errors
/// See [`bulk`].
pub async fn mark_unseen(d: &Domain, who: &Staff, id: DocumentId) -> Result<(), Refused> {
    bulk(d, who, &Selection::one(id), BulkAct::Unseen).await.map(drop)
}

/// Does one act to many documents, or to none: all in one transaction. Gives how many it was done to.
///
/// # Errors
/// [`Refused::Forbidden`]; [`Refused::NotFound`] when one of them is not there (or held, for a deletion); an incident.
pub async fn bulk(d: &Domain, who: &Staff, ids: &Selection, act: BulkAct) -> Result<u64, Refused> {
    let (permission, action) = match act {
        BulkAct::Delete => (Permission::DeleteDocuments, "documents.delete"),
        BulkAct::Done => (Permission::OpenDocuments, "documents.done"),
        BulkAct::Reopen => (Permission::OpenDocuments, "documents.reopen"),
        BulkAct::Unseen => (Permission::OpenDocuments, "documents.unseen"),
    };
    who.require(d, permission, action).await?;
    let keys: Vec<Uuid> = ids.as_ref().iter().map(|id| id.0).collect();
    let mut tx = TenantTx::begin(&d.db, who.establishment).await?;
    sqlx::query!("SELECT id FROM documents WHERE id = ANY($1) ORDER BY id FOR UPDATE", &keys)
        .fetch_all(&mut *tx)
        .await?;
    if matches!(act, BulkAct::Delete) {
        delete::mark(d, &mut tx, who, &keys).await?;
    } else {
        audit::by_staff_each(d, &mut tx, who, action, &keys).await?;
        events::publish(d, &mut tx, "documents.changed", None).await?;
        // Last: it locks the establishment's totals.
        change(d, &mut tx, who, &keys, act).await?;
    }
    tx.commit().await?;
    Ok(keys.len() as u64)
}

async fn change(
    d: &Domain,
    tx: &mut TenantTx,
    who: &Staff,
    keys: &[Uuid],
    act: BulkAct,
) -> Result<(), Refused> {
    let done_at = matches!(act, BulkAct::Done).then(|| d.now().to_sqlx());
    let changed = if matches!(act, BulkAct::Unseen) {
        sqlx::query!("UPDATE documents SET unread = true WHERE id = ANY($1) AND deleting_since IS NULL", keys)
            .execute(&mut **tx)
            .await?
    } else {
        sqlx::query!(
            "UPDATE documents SET done_at = $2, done_by = $3 WHERE id = ANY($1) AND deleting_since IS NULL",
            keys,
            done_at as _,
            done_at.map(|_| who.user.0)
        )
        .execute(&mut **tx)
        .await?
    };
    if changed.rows_affected() == keys.len() as u64 { Ok(()) } else { Err(Refused::NotFound) }
}
