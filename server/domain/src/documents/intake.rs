//! The one pass over a file that comes in: how much of it, how fast, what it is, and where it goes.

use std::pin::pin;

use bytes::Bytes;
use formats::{Options, Refusal, Walk};
use futures_util::{Stream, StreamExt};
use jiff::{SignedDuration, Timestamp};
use model::{documents::FileKind, establishments::Settings, ids::DepositId};
use sha2::{Digest, Sha256};

use super::{
    deposit,
    receive::{Incoming, ReceiveError},
};
use crate::{
    Depositor, Domain, Fault, clock,
    db::TenantTx,
    vault::{Sealer, Upload},
};

/// Bytes handed to the walk at a time.
const STEP: usize = 64 * 1024;
/// Progress renews the reservation this often.
const RENEW_EVERY: SignedDuration = SignedDuration::from_mins(5);
/// The pace is judged each time that the sender was waited for so long, over all…
const JUDGED_EVERY: SignedDuration = SignedDuration::from_mins(1);
/// …in bytes a second. The worst line of a telephone brings twice as much; who brings less only holds a place.
const SLOWEST: i64 = 1024;

/// A file that comes in, and where it belongs.
pub(super) struct Intake<'a> {
    pub d: &'a Domain,
    pub who: &'a Depositor,
    pub incoming: Incoming<'a>,
    pub deposit: DepositId,
    pub settings: &'a Settings,
    /// Most bytes.
    pub limit: u64,
}

/// What lies in the object store, and what only the row will know.
pub(super) struct Stored {
    pub content: Content,
    pub header: Vec<u8>,
}

/// What a file is, after metadata was dropped and its tail cut.
pub(super) struct Content {
    pub kind: FileKind,
    pub size: u64,
    pub sha256: [u8; 32],
}

/// Where the encrypted bytes go.
struct Sink {
    sealer: Sealer,
    upload: Upload,
}

impl Intake<'_> {
    /// Reads, and keeps the payload.
    pub async fn store<E>(
        &self,
        recipient: &str,
        blob: &str,
        body: impl Stream<Item = Result<Bytes, E>> + Send,
    ) -> Result<Stored, ReceiveError> {
        let (sealer, header) = Sealer::new(recipient)?;
        let mut sink = Sink { sealer, upload: self.d.vault.upload(blob).await? };
        match self.read(body, Some(&mut sink)).await {
            Ok((content, last)) => {
                sink.write(&last).await?;
                let Sink { sealer, mut upload } = sink;
                upload.write(&sealer.finish()?).await?;
                upload.finish().await?;
                Ok(Stored { content, header })
            }
            Err(error) => {
                sink.upload.abort().await?;
                Err(error)
            }
        }
    }

    /// Only reads: says what it is.
    pub async fn look<E>(
        &self,
        body: impl Stream<Item = Result<Bytes, E>> + Send,
    ) -> Result<Content, ReceiveError> {
        Ok(self.read(body, None).await?.0)
    }

    async fn read<E>(
        &self,
        body: impl Stream<Item = Result<Bytes, E>> + Send,
        mut sink: Option<&mut Sink>,
    ) -> Result<(Content, Vec<u8>), ReceiveError> {
        let mut pass = Pass {
            walk: Walk::new(Options { drop_metadata: self.settings.drop_metadata }),
            hash: Sha256::new(),
            size: 0,
            clear: Vec::new(),
        };
        let (mut came, mut renewed, mut pace) = (0_u64, self.d.now(), Pace::default());
        let mut body = pin!(body);
        loop {
            let asked = self.d.now();
            let Some(chunk) = body.next().await else { return pass.finish(self.incoming) };
            let chunk = chunk.map_err(|_| ReceiveError::Interrupted)?;
            pace.judge(chunk.len(), self.d.now().duration_since(asked))?;
            came += chunk.len() as u64;
            if came > self.limit {
                return Err(ReceiveError::TooLarge(self.limit));
            }
            for step in chunk.chunks(STEP) {
                pass.push(step)?;
                if let Some(sink) = &mut sink {
                    sink.write(&pass.clear).await?;
                }
            }
            renewed = self.renew(renewed).await?;
            // A fast sender always has the next chunk ready: others of this core get their turn.
            tokio::task::yield_now().await;
        }
    }

    async fn renew(&self, renewed: Timestamp) -> Result<Timestamp, Fault> {
        let now = self.d.now();
        if now.duration_since(renewed) < RENEW_EVERY {
            return Ok(renewed);
        }
        let mut tx = TenantTx::begin(&self.d.db, self.who.establishment).await?;
        deposit::renew(&mut tx, self.deposit, clock::minutes(now, deposit::RESERVED_MINUTES)).await?;
        tx.commit().await?;
        Ok(now)
    }
}

impl Sink {
    async fn write(&mut self, clear: &[u8]) -> Result<(), Fault> {
        self.upload.write(&self.sealer.push(clear)?).await
    }
}

/// How fast a sender is, while it is waited for: what the store takes is not theirs.
#[derive(Default)]
struct Pace {
    came: i64,
    waited: SignedDuration,
}

impl Pace {
    fn judge(&mut self, came: usize, waited: SignedDuration) -> Result<(), ReceiveError> {
        self.came += i64::try_from(came).unwrap_or(i64::MAX);
        self.waited += waited;
        if self.waited < JUDGED_EVERY {
            return Ok(());
        }
        if self.came < SLOWEST * self.waited.as_secs() {
            return Err(ReceiveError::Interrupted);
        }
        *self = Self::default();
        Ok(())
    }
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

    fn finish(mut self, incoming: Incoming<'_>) -> Result<(Content, Vec<u8>), ReceiveError> {
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
        Ok((Content { kind, size: self.size, sha256: self.hash.finalize().into() }, last))
    }
}
