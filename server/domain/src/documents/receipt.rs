//! The receipt: what became of each file, for whoever holds its address. Never a name, never a content.

use jiff::Timestamp;
use jiff_sqlx::ToSqlx;
use model::{codes::LinkToken, documents::DocumentState, ids::EstablishmentId, time::Moment};

use super::deposit::receipt_hash;
use crate::{Domain, Fault, clock::moment, db::TenantTx, establishments};

/// A receipt lives for so long after its deposit began; then it is deleted.
pub const RECEIPT_DAYS: u16 = 400;

/// One file of a receipt.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReceiptItem {
    /// Number within the deposit, from 1.
    pub ordinal: u32,
    /// What the check said.
    pub state: DocumentState,
    /// Arrived at.
    pub received_at: Moment,
    /// First opened by the establishment.
    pub seen_at: Option<Moment>,
    /// Deleted at, and why: `retention`, `staff`, `withdrawn`.
    pub deleted: Option<(Moment, String)>,
    /// Will be deleted at; absent while held or once deleted.
    pub delete_at: Option<Moment>,
}

/// A receipt.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Receipt {
    /// Short reference.
    pub reference: String,
    /// First file arrived at.
    pub received_at: Moment,
    /// Files in order.
    pub items: Vec<ReceiptItem>,
    /// Whether the whole deposit was withdrawn.
    pub withdrawn: bool,
    /// Whether nobody has seen anything yet: the depositing browser may withdraw.
    pub unseen: bool,
}

/// Reads a receipt by its token.
///
/// # Errors
/// An incident. An unknown token is `None`.
pub async fn receipt(
    d: &Domain,
    establishment: EstablishmentId,
    token: &LinkToken,
) -> Result<Option<Receipt>, Fault> {
    let zone = establishments::zone(d, establishment).await?;
    let since = crate::clock::days(d.now(), -i64::from(RECEIPT_DAYS));
    let mut tx = TenantTx::begin(&d.db, establishment).await?;
    let rows = sqlx::query!(
        r#"SELECT p.reference, p.committed_at AS "committed_at!", p.withdrawn_at, i.ordinal, i.state, i.received_at,
               i.seen_at, i.deleted_at, i.deletion, doc.delete_at AS "delete_at?", doc.hold_reason AS "hold_reason?"
           FROM deposits p JOIN deposit_items i ON i.deposit_id = p.id LEFT JOIN documents doc ON doc.item_id = i.id
           WHERE p.receipt_hmac = $1 AND p.committed_at > $2 ORDER BY i.ordinal"#,
        receipt_hash(d, establishment, token),
        since.to_sqlx() as _,
    )
    .fetch_all(&mut *tx)
    .await?;
    tx.commit().await?;
    let Some(first) = rows.first() else { return Ok(None) };
    let at = |at: Timestamp| moment(at, &zone);
    let (reference, received_at) = (first.reference.clone(), at(first.committed_at.to_jiff()));
    let (withdrawn, unseen) = (first.withdrawn_at.is_some(), rows.iter().all(|row| row.seen_at.is_none()));
    let items = rows
        .into_iter()
        .map(|row| ReceiptItem {
            ordinal: u32::try_from(row.ordinal).unwrap_or_default(),
            state: DocumentState::from_name(&row.state),
            received_at: at(row.received_at.to_jiff()),
            seen_at: row.seen_at.map(|seen| at(seen.to_jiff())),
            deleted: row.deleted_at.zip(row.deletion).map(|(gone, why)| (at(gone.to_jiff()), why)),
            delete_at: row
                .delete_at
                .filter(|_| row.hold_reason.is_none())
                .map(|planned| at(planned.to_jiff())),
        })
        .collect();
    Ok(Some(Receipt { reference, received_at, items, withdrawn, unseen }))
}
