//! A file comes in: one pass in constant memory, and either everything of it is kept or nothing.
//!
//! limit → walk of the format (refuses early, drops metadata, cuts tails) → SHA-256 → encrypt → fsync → one
//! transaction. No row without a payload; a payload without a row is erased, or collected later.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use bytes::Bytes;
use formats::Refusal;
use futures_util::Stream;
use model::documents::DocumentState;

use super::{commit, deposit, intake::Intake};
use crate::{
    Depositor, Domain, Fault,
    db::TenantTx,
    establishments,
    fault::fault_from,
    limits::{self, Limited, TooMany},
    vault::Purpose,
};

/// Whoever sends more files at once than there are places for is told to wait so many seconds.
const BUSY_SECONDS: u64 = 10;

/// What the depositor's device says of a file.
#[derive(Clone, Copy, Debug)]
pub struct Incoming<'a> {
    /// Name: data, never a path.
    pub name: &'a str,
    /// Media type; only helps to word a refusal.
    pub declared_type: Option<&'a str>,
    /// What is sent again comes with the same key: 8 to 64 of `A–Z a–z 0–9 -`. Another file under a used key is another
    /// file, told by its name and its size, or by its content where the size is not declared.
    pub idempotency_key: &'a str,
    /// `Content-Length`, where known: refuses before the first byte, and answers for what is kept already.
    pub declared_size: Option<u64>,
}

impl Incoming<'_> {
    /// The mark, where it is known before the first byte.
    fn announced(&self, d: &Domain) -> Option<String> {
        Some(self.marked(d, &self.declared_size?.to_be_bytes()))
    }

    /// What makes two files one. It stays as long as the receipt, and tells nothing: it is made under the pepper.
    pub(super) fn mark(&self, d: &Domain, sha256: &[u8; 32]) -> String {
        self.announced(d).unwrap_or_else(|| self.marked(d, sha256))
    }

    fn marked(&self, d: &Domain, told: &[u8]) -> String {
        let parts = [self.idempotency_key.as_bytes(), self.name.as_bytes(), told];
        URL_SAFE_NO_PAD.encode(d.pepper.hash(Purpose::File, &parts))
    }
}

/// A file that was kept, now or when it was sent before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Received {
    /// Number within the deposit, from 1.
    pub ordinal: u32,
    /// State.
    pub state: DocumentState,
}

/// Why a file was not kept. Nothing of it is stored, and no use of the code is consumed.
#[derive(Debug, thiserror::Error)]
pub enum ReceiveError {
    /// Revoked, expired, exhausted, closed or withdrawn.
    #[error("code not valid")]
    CodeNotValid,
    /// Larger than the limit, in bytes.
    #[error("larger than {0} bytes")]
    TooLarge(u64),
    /// More files than the code allows.
    #[error("more than {0} files")]
    TooManyFiles(u32),
    /// The establishment's room is full.
    #[error("no room left")]
    NoRoom,
    /// The content was refused.
    #[error("content refused: {0}")]
    Content(Refusal),
    /// The connection broke.
    #[error("interrupted")]
    Interrupted,
    /// The idempotency key has no usable shape.
    #[error("bad idempotency key")]
    BadKey,
    /// Too many files from this address.
    #[error("too many uploads")]
    TooMany(TooMany),
    /// An incident.
    #[error(transparent)]
    Fault(#[from] Fault),
}
fault_from!(ReceiveError);

impl From<Limited> for ReceiveError {
    fn from(limited: Limited) -> Self {
        match limited {
            Limited::TooMany(wait) => Self::TooMany(wait),
            Limited::Fault(fault) => Self::Fault(fault),
        }
    }
}

/// Receives one file.
///
/// # Errors
/// See [`ReceiveError`].
pub async fn receive<E>(
    d: &Domain,
    who: &Depositor,
    incoming: Incoming<'_>,
    body: impl Stream<Item = Result<Bytes, E>> + Send,
) -> Result<Received, ReceiveError> {
    let key = incoming.idempotency_key;
    if !(8..=64).contains(&key.len()) || !key.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-') {
        return Err(ReceiveError::BadKey);
    }
    limits::upload(d, who.origin.address).await?;
    let settings = establishments::current(d, who.establishment).await?;
    let limit = u64::from(settings.max_file.get()) * 1024 * 1024;
    if incoming.declared_size.is_some_and(|size| size > limit) {
        return Err(ReceiveError::TooLarge(limit));
    }

    let mut tx = TenantTx::begin(&d.db, who.establishment).await?;
    let open = deposit::begin(d, &mut tx, who).await?;
    let announced = incoming.announced(d);
    if let Some(mark) = &announced
        && let Some(before) = commit::replay(&mut tx, open.id, mark).await?
    {
        return Ok(before);
    }
    let refusal = if open.files >= open.max_files {
        Some(ReceiveError::TooManyFiles(open.max_files))
    } else {
        commit::check_room(&mut tx, incoming.declared_size.unwrap_or(1)).await.err()
    };
    let refusal = match refusal {
        // Where only the content tells, it may be one of those that are kept already.
        Some(error @ (ReceiveError::TooManyFiles(_) | ReceiveError::NoRoom)) if announced.is_none() => {
            Some(error)
        }
        Some(error) => return Err(error),
        None => None,
    };
    tx.commit().await?;

    let busy = ReceiveError::TooMany(TooMany { retry_after: BUSY_SECONDS });
    let _place = d.vault.place(open.id.0).await.ok_or(busy)?;
    let intake = Intake { d, who, incoming, deposit: open.id, settings: &settings, limit };
    if let Some(refusal) = refusal {
        let mark = incoming.mark(d, &intake.look(body).await?.sha256);
        let mut tx = TenantTx::begin(&d.db, who.establishment).await?;
        return commit::replay(&mut tx, open.id, &mark).await?.ok_or(refusal);
    }
    let recipient = establishments::recipient(d, who.establishment).await?;
    let blob = format!("{}/{}", who.establishment.0.simple(), d.random.uuid(d.now())?.simple());
    let stored = intake.store(&recipient, &blob, body).await?;
    let committed = commit::commit(d, who, &open, incoming, stored, &blob, &settings).await;
    // After a fault nobody knows whether the transaction was committed: the payload stays, and the collector of orphans,
    // who looks at the rows, decides.
    let superfluous = !matches!(committed, Ok(commit::Committed::Now(_)) | Err(ReceiveError::Fault(_)));
    if superfluous && let Err(error) = d.vault.erase(&blob).await {
        tracing::warn!(%error, "documents: an orphan payload is left to the collector");
    }
    Ok(committed?.received())
}
