//! When a document goes: sooner when staff say so, later only with a reason and once seen.

use jiff_sqlx::ToSqlx;
use model::{documents::RetentionChange, ids::DocumentId, roles::Permission};

use crate::{
    Domain, Fault, Refused, Staff,
    audit::{self, Act},
    clock,
    db::TenantTx,
    establishments, events,
    fault::fault_from,
};

/// Why nothing was changed.
#[derive(Debug, thiserror::Error)]
pub enum RetentionError {
    /// Forbidden, unknown or an incident.
    #[error(transparent)]
    Refused(#[from] Refused),
    /// A document is held only once it was seen.
    #[error("not seen yet")]
    NotSeen,
    /// There is no hold to end.
    #[error("not held")]
    NotHeld,
    /// The new date would not be earlier.
    #[error("not earlier than planned")]
    NotEarlier,
    /// An incident.
    #[error(transparent)]
    Fault(#[from] Fault),
}
fault_from!(RetentionError);

/// Shortens, holds or releases.
///
/// # Errors
/// See [`RetentionError`].
pub async fn change_retention(
    d: &Domain,
    who: &Staff,
    id: DocumentId,
    change: &RetentionChange,
) -> Result<(), RetentionError> {
    let action = match change {
        RetentionChange::Shorten { .. } => "documents.shorten",
        RetentionChange::Hold { .. } => "documents.hold",
        RetentionChange::Release => "documents.release",
    };
    who.require(d, Permission::DeleteDocuments, action).await?;
    let settings = establishments::current(d, who.establishment).await?;
    let now = d.now();
    let mut tx = TenantTx::begin(&d.db, who.establishment).await?;
    let row = sqlx::query!(
        "SELECT seen_at, delete_at, hold_reason FROM documents WHERE id = $1 AND deleting_since IS NULL FOR UPDATE",
        id.0
    )
    .fetch_optional(&mut *tx)
    .await?
    .ok_or(Refused::NotFound)?;
    let planned = row.delete_at.to_jiff();
    let (delete_at, reason) = match change {
        RetentionChange::Shorten { days } => {
            let earlier = clock::days(now, i64::from(days.get()));
            if earlier >= planned {
                return Err(RetentionError::NotEarlier);
            }
            // A hold is ended by releasing it, not in passing.
            (earlier, row.hold_reason.as_deref())
        }
        RetentionChange::Hold { .. } if row.seen_at.is_none() => return Err(RetentionError::NotSeen),
        RetentionChange::Hold { reason } => (planned, Some(reason.as_str())),
        RetentionChange::Release if row.hold_reason.is_none() => return Err(RetentionError::NotHeld),
        RetentionChange::Release => (clock::days(now, i64::from(settings.retention.get())), None),
    };
    sqlx::query!(
        "UPDATE documents SET delete_at = $2, hold_reason = $3 WHERE id = $1",
        id.0,
        delete_at.to_sqlx() as _,
        reason
    )
    .execute(&mut *tx)
    .await?;
    let mut act = Act::on(action, "document", id.0);
    if let RetentionChange::Hold { reason } = change {
        act = act.because(reason.as_str());
    }
    audit::by_staff(d, &mut tx, who, act).await?;
    events::publish(d, &mut tx, "documents.changed", Some(id.0)).await?;
    tx.commit().await?;
    Ok(())
}
