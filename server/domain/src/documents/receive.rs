//! A file comes in: one pass in constant memory, and either everything of it is kept or nothing.
//!
//! limit → walk of the format (refuses early, drops metadata, cuts tails) → SHA-256 → encrypt → fsync → one
//! transaction. No row without a payload; a payload without a row is erased, or collected later.

use bytes::Bytes;
use formats::{Options, Refusal, Walk};
use futures_util::{Stream, StreamExt};
use jiff::{SignedDuration, Timestamp};
use model::{
    documents::{DocumentState, FileKind},
    establishments::Settings,
};
use sha2::{Digest, Sha256};
use std::pin::pin;

use super::{commit, deposit};
use crate::{
    Depositor, Domain, Fault, clock,
    db::TenantTx,
    establishments,
    fault::fault_from,
    limits::{self, Limited, TooMany},
    vault::Sealer,
};

/// Bytes handed to the walk at a time.
const STEP: usize = 64 * 1024;
/// Progress renews the reservation this often.
const RENEW_EVERY: SignedDuration = SignedDuration::from_mins(5);

/// What the depositor's device says of a file.
#[derive(Clone, Copy, Debug)]
pub struct Incoming<'a> {
    /// Name: data, never a path.
    pub name: &'a str,
    /// Media type; only helps to word a refusal.
    pub declared_type: Option<&'a str>,
    /// The same key is the same file: 8 to 64 of `A–Z a–z 0–9 -`.
    pub idempotency_key: &'a str,
    /// `Content-Length`, where known: refuses before the first byte.
    pub declared_size: Option<u64>,
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
    if let Some(before) = commit::replay(&mut tx, open.id, key).await? {
        return Ok(before);
    }
    if open.files >= open.max_files {
        return Err(ReceiveError::TooManyFiles(open.max_files));
    }
    commit::check_room(&mut tx, incoming.declared_size.unwrap_or(1)).await?;
    tx.commit().await?;

    let recipient = establishments::recipient(d, who.establishment).await?;
    let blob = format!("{}/{}", who.establishment.0.simple(), d.random.uuid(d.now())?.simple());
    let stored = store(d, who, open.id, &recipient, &blob, limit, &settings, body, incoming).await?;
    let committed = commit::commit(d, who, &open, incoming, stored, &blob, &settings).await;
    // After a fault nobody knows whether the transaction was committed: the payload stays, and the collector of orphans,
    // who looks at the rows, decides.
    let superfluous = !matches!(committed, Ok(commit::Committed::Now(_)) | Err(ReceiveError::Fault(_)));
    if superfluous && let Err(error) = d.vault.erase(&blob).await {
        tracing::warn!(%error, "documents: an orphan payload is left to the collector");
    }
    Ok(committed?.received())
}

/// What lies in the object store, and what only the row will know.
pub(super) struct Stored {
    pub kind: FileKind,
    pub size: u64,
    pub sha256: [u8; 32],
    pub header: Vec<u8>,
}

#[expect(clippy::too_many_arguments, reason = "the honest list of what one pass needs")]
async fn store<E>(
    d: &Domain,
    who: &Depositor,
    deposit: model::ids::DepositId,
    recipient: &str,
    blob: &str,
    limit: u64,
    settings: &Settings,
    body: impl Stream<Item = Result<Bytes, E>> + Send,
    incoming: Incoming<'_>,
) -> Result<Stored, ReceiveError> {
    let (mut sealer, header) = Sealer::new(recipient)?;
    let mut upload = d.vault.upload(blob).await?;
    let mut pass = Pass {
        walk: Walk::new(Options { drop_metadata: settings.drop_metadata }),
        hash: Sha256::new(),
        size: 0,
        clear: Vec::new(),
    };
    let outcome = async {
        let mut body = pin!(body);
        let (mut came, mut renewed) = (0_u64, d.now());
        while let Some(chunk) = body.next().await {
            let chunk = chunk.map_err(|_| ReceiveError::Interrupted)?;
            came += chunk.len() as u64;
            if came > limit {
                return Err(ReceiveError::TooLarge(limit));
            }
            for step in chunk.chunks(STEP) {
                pass.push(step)?;
                upload.write(&sealer.push(&pass.clear)?).await?;
            }
            renewed = renew(d, who, deposit, renewed).await?;
            // A fast sender always has the next chunk ready: others of this core get their turn.
            tokio::task::yield_now().await;
        }
        Ok(())
    }
    .await;
    let finished = match outcome {
        Ok(()) => pass.finish(incoming),
        Err(error) => Err(error),
    };
    match finished {
        Ok((kind, size, sha256, last)) => {
            upload.write(&sealer.push(&last)?).await?;
            upload.write(&sealer.finish()?).await?;
            upload.finish().await?;
            Ok(Stored { kind, size, sha256, header })
        }
        Err(error) => {
            upload.abort().await?;
            Err(error)
        }
    }
}

async fn renew(
    d: &Domain,
    who: &Depositor,
    deposit: model::ids::DepositId,
    renewed: Timestamp,
) -> Result<Timestamp, Fault> {
    let now = d.now();
    if now.duration_since(renewed) < RENEW_EVERY {
        return Ok(renewed);
    }
    let mut tx = TenantTx::begin(&d.db, who.establishment).await?;
    deposit::renew(&mut tx, deposit, clock::minutes(now, deposit::RESERVED_MINUTES)).await?;
    tx.commit().await?;
    Ok(now)
}

/// The walk and the hash over what is kept.
struct Pass {
    walk: Walk,
    hash: Sha256,
    size: u64,
    clear: Vec<u8>,
}

impl Pass {
    fn push(&mut self, chunk: &[u8]) -> Result<(), ReceiveError> {
        self.clear.clear();
        self.walk.push(chunk, &mut self.clear).map_err(ReceiveError::Content)?;
        self.hash.update(&self.clear);
        self.size += self.clear.len() as u64;
        Ok(())
    }

    fn finish(mut self, incoming: Incoming<'_>) -> Result<(FileKind, u64, [u8; 32], Vec<u8>), ReceiveError> {
        let mut last = Vec::new();
        let outcome = self.walk.finish(&mut last).map_err(ReceiveError::Content)?;
        if !formats::agrees(outcome.kind, incoming.declared_type, incoming.name) {
            return Err(ReceiveError::Content(Refusal::TypeMismatch));
        }
        self.hash.update(&last);
        self.size += last.len() as u64;
        let kind = match outcome.kind {
            formats::Kind::Pdf => FileKind::Pdf,
            formats::Kind::Jpeg => FileKind::Jpeg,
            formats::Kind::Png => FileKind::Png,
        };
        Ok((kind, self.size, self.hash.finalize().into(), last))
    }
}
