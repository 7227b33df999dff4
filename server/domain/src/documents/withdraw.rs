//! The depositor takes a deposit back, from the browser that made it, until somebody has seen it.

use jiff_sqlx::ToSqlx;

use super::deposit::capability_hash;
use crate::{
    Depositor, Domain, Fault,
    audit::{self, Act},
    db::TenantTx,
    events,
    fault::fault_from,
    jobs,
};

/// Why a deposit was not withdrawn.
#[derive(Debug, thiserror::Error)]
pub enum WithdrawError {
    /// This browser made no such deposit, or withdrew it already.
    #[error("not found")]
    NotFound,
    /// The establishment has opened a document of it.
    #[error("seen already")]
    Seen,
    /// An incident.
    #[error(transparent)]
    Fault(#[from] Fault),
}
fault_from!(WithdrawError);

/// Deletes every document of the deposit and gives the code's use back.
///
/// # Errors
/// See [`WithdrawError`].
pub async fn withdraw(d: &Domain, who: &Depositor) -> Result<(), WithdrawError> {
    let now = d.now();
    let mut tx = TenantTx::begin(&d.db, who.establishment).await?;
    sqlx::query!("SELECT id FROM codes WHERE id = $1 FOR UPDATE", who.code.0)
        .fetch_optional(&mut *tx)
        .await?;
    let deposit = sqlx::query_scalar!(
        "SELECT id FROM deposits WHERE capability_hmac = $1 AND committed_at IS NOT NULL AND withdrawn_at IS NULL FOR UPDATE",
        capability_hash(d, who)
    )
    .fetch_optional(&mut *tx)
    .await?
    .ok_or(WithdrawError::NotFound)?;
    // The rows' locks order this against an opening of the same moment.
    let documents = sqlx::query!(
        "SELECT id, blob, seen_at FROM documents WHERE deposit_id = $1 ORDER BY id FOR UPDATE",
        deposit
    )
    .fetch_all(&mut *tx)
    .await?;
    let seen = sqlx::query_scalar!(
        r#"SELECT EXISTS (SELECT FROM deposit_items WHERE deposit_id = $1 AND seen_at IS NOT NULL) AS "seen!""#,
        deposit
    )
    .fetch_one(&mut *tx)
    .await?;
    if seen {
        return Err(WithdrawError::Seen);
    }
    sqlx::query!("DELETE FROM documents WHERE deposit_id = $1", deposit).execute(&mut *tx).await?;
    sqlx::query!(
        "UPDATE deposit_items SET deleted_at = $2, deletion = 'withdrawn' WHERE deposit_id = $1 AND deleted_at IS NULL",
        deposit,
        now.to_sqlx() as _
    )
    .execute(&mut *tx)
    .await?;
    sqlx::query!("UPDATE deposits SET withdrawn_at = $2 WHERE id = $1", deposit, now.to_sqlx() as _)
        .execute(&mut *tx)
        .await?;
    sqlx::query!("UPDATE codes SET uses = uses - 1 WHERE id = $1 AND uses > 0", who.code.0)
        .execute(&mut *tx)
        .await?;
    for document in documents {
        events::publish(d, &mut tx, "documents.changed", Some(document.id)).await?;
        jobs::enqueue(d, &mut tx, jobs::Work::EraseBlob { blob: document.blob }, now).await?;
    }
    audit::by_depositor(d, &mut tx, who, Act::on("documents.withdraw", "deposit", deposit)).await?;
    tx.commit().await?;
    Ok(())
}
