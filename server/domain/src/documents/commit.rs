//! The one transaction that makes a file exist: row, item, use of the code, audit, event, job.

use jiff_sqlx::ToSqlx;
use model::{
    documents::DocumentState,
    establishments::Settings,
    ids::{DepositId, DocumentId},
};

use super::{
    deposit::{self, Open},
    intake::Stored,
    receive::{Incoming, ReceiveError, Received},
};
use crate::{
    Depositor, Domain, Fault,
    audit::{self, Act},
    clock,
    db::TenantTx,
    establishments, events, jobs,
};

/// A file that exists.
pub(super) enum Committed {
    /// By this transaction.
    Now(Received),
    /// By one before, or at the same time: this payload is superfluous.
    Before(Received),
}

impl Committed {
    pub fn received(self) -> Received {
        match self {
            Self::Now(received) | Self::Before(received) => received,
        }
    }
}

/// The file of this mark, if it is kept already.
pub(super) async fn replay(
    tx: &mut TenantTx,
    deposit: DepositId,
    mark: &str,
) -> Result<Option<Received>, Fault> {
    let row = sqlx::query!(
        "SELECT ordinal, state FROM deposit_items WHERE deposit_id = $1 AND idempotency_key = $2",
        deposit.0,
        mark
    )
    .fetch_optional(&mut **tx)
    .await?;
    Ok(row.map(|row| Received {
        ordinal: u32::try_from(row.ordinal).unwrap_or_default(),
        state: DocumentState::from_name(&row.state),
    }))
}

/// Refuses what would not fit into the establishment's room: `size` more bytes than its documents take now.
pub(super) async fn check_room(tx: &mut TenantTx, size: u64) -> Result<(), ReceiveError> {
    let room = establishments::room(tx).await?;
    if room.used.saturating_add(size) <= room.total { Ok(()) } else { Err(ReceiveError::NoRoom) }
}

pub(super) async fn commit(
    d: &Domain,
    who: &Depositor,
    open: &Open,
    incoming: Incoming<'_>,
    stored: Stored,
    blob: &str,
    settings: &Settings,
) -> Result<Committed, ReceiveError> {
    let now = d.now();
    let mark = incoming.mark(d, &stored.content.sha256);
    let mut tx = TenantTx::begin(&d.db, who.establishment).await?;
    // The code's lock orders the files of a deposit: counts and ordinals are exact.
    let code = sqlx::query!(
        "SELECT label, revoked_at, uses, max_deposits, max_files FROM codes WHERE id = $1 FOR UPDATE",
        who.code.0
    )
    .fetch_one(&mut *tx)
    .await?;
    if let Some(before) = replay(&mut tx, open.id, &mark).await? {
        return Ok(Committed::Before(before));
    }
    let deposit = sqlx::query!(
        r#"SELECT reference, committed_at, closed_at, withdrawn_at,
               (SELECT count(*) FROM deposit_items i WHERE i.deposit_id = p.id) AS "files!"
           FROM deposits p WHERE id = $1"#,
        open.id.0
    )
    .fetch_one(&mut *tx)
    .await?;
    if code.revoked_at.is_some() || deposit.closed_at.is_some() || deposit.withdrawn_at.is_some() {
        return Err(ReceiveError::CodeNotValid);
    }
    if deposit.files >= i64::from(code.max_files) {
        return Err(ReceiveError::TooManyFiles(open.max_files));
    }
    if deposit.committed_at.is_none() {
        deposit::free_use(&mut tx, who, now, code.uses, code.max_deposits, Some(open.id)).await?;
        sqlx::query!(
            "UPDATE codes SET uses = uses + 1, last_used_at = $2 WHERE id = $1",
            who.code.0,
            now.to_sqlx() as _
        )
        .execute(&mut *tx)
        .await?;
        sqlx::query!("UPDATE deposits SET committed_at = $2 WHERE id = $1", open.id.0, now.to_sqlx() as _)
            .execute(&mut *tx)
            .await?;
    }
    let ordinal = i32::try_from(deposit.files + 1).unwrap_or(i32::MAX);
    let document = DocumentId(d.random.uuid(now)?);
    deposit::renew(&mut tx, open.id, clock::minutes(now, deposit::RESERVED_MINUTES)).await?;
    audit::by_depositor(d, &mut tx, who, Act::on("documents.receive", "document", document.0)).await?;
    events::publish(d, &mut tx, "documents.received", Some(document.0)).await?;
    jobs::enqueue(d, &mut tx, jobs::Work::Check { document }, now).await?;
    // Last: its trigger locks the establishment's totals, so that two files can't share the last room, and every other
    // file of the establishment waits until this transaction ends.
    insert(
        d,
        &mut tx,
        document,
        who,
        open,
        incoming,
        &mark,
        stored,
        blob,
        ordinal,
        (&deposit.reference, &code.label),
        settings,
    )
    .await?;
    check_room(&mut tx, 0).await?;
    tx.commit().await?;
    let ordinal = u32::try_from(ordinal).unwrap_or_default();
    Ok(Committed::Now(Received { ordinal, state: DocumentState::Received }))
}

#[expect(clippy::too_many_arguments, reason = "the columns of two rows")]
async fn insert(
    d: &Domain,
    tx: &mut TenantTx,
    document: DocumentId,
    who: &Depositor,
    open: &Open,
    incoming: Incoming<'_>,
    mark: &str,
    stored: Stored,
    blob: &str,
    ordinal: i32,
    (reference, label): (&str, &str),
    settings: &Settings,
) -> Result<(), Fault> {
    let now = d.now();
    let item = d.random.uuid(now)?;
    sqlx::query!(
        "INSERT INTO deposit_items (id, deposit_id, ordinal, idempotency_key, received_at) VALUES ($1, $2, $3, $4, $5)",
        item,
        open.id.0,
        ordinal,
        mark,
        now.to_sqlx() as _
    )
    .execute(&mut **tx)
    .await?;
    let name = formats::name::display_name(incoming.name);
    sqlx::query!(
        "INSERT INTO documents (id, item_id, deposit_id, code_id, name, kind, size, sha256, header, blob, received_at,
             delete_at, search_text)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)",
        document.0,
        item,
        open.id.0,
        who.code.0,
        name,
        stored.content.kind.as_str(),
        i64::try_from(stored.content.size).unwrap_or(i64::MAX),
        &stored.content.sha256[..],
        stored.header,
        blob,
        now.to_sqlx() as _,
        clock::days(now, i64::from(settings.retention.get())).to_sqlx() as _,
        establishments::fold(&format!("{label} {reference} {name}")),
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}
