//! Randomness as an argument: the kernel's in production, a repeatable stream in tests.

use std::sync::{Arc, Mutex, PoisonError};

use jiff::Timestamp;
use sha2::{Digest, Sha256};
use uuid::Uuid;

/// The kernel gave no randomness: nothing secret can be made.
#[derive(Debug, thiserror::Error)]
#[error("no randomness: {0}")]
pub struct NoRandomness(getrandom::Error);

/// Gives random bytes. Cloning shares the source.
#[derive(Clone, Debug, Default)]
pub struct Random(Option<Arc<Mutex<(u64, u64)>>>);

impl Random {
    /// The kernel's generator.
    pub fn system() -> Self {
        Self(None)
    }

    /// A repeatable stream, for tests and simulations only.
    pub fn seeded(seed: u64) -> Self {
        Self(Some(Arc::new(Mutex::new((seed, 0)))))
    }

    /// Fresh bytes.
    ///
    /// # Errors
    /// The kernel's generator failed.
    #[expect(clippy::disallowed_methods, reason = "this is the one place that asks the kernel")]
    pub fn bytes<const N: usize>(&self) -> Result<[u8; N], NoRandomness> {
        let mut out = [0; N];
        match &self.0 {
            None => getrandom::fill(&mut out).map_err(NoRandomness)?,
            Some(seeded) => {
                let mut state = seeded.lock().unwrap_or_else(PoisonError::into_inner);
                for chunk in out.chunks_mut(32) {
                    let block = Sha256::new()
                        .chain_update(state.0.to_le_bytes())
                        .chain_update(state.1.to_le_bytes())
                        .finalize();
                    chunk.copy_from_slice(&block[..chunk.len()]);
                    state.1 += 1;
                }
            }
        }
        Ok(out)
    }

    /// A version 7 UUID (RFC 9562): ordered by time, so that indexes grow at their end.
    ///
    /// # Errors
    /// The kernel's generator failed.
    pub fn uuid(&self, now: Timestamp) -> Result<Uuid, NoRandomness> {
        let ms = u64::try_from(now.as_millisecond()).unwrap_or_default();
        Ok(uuid::Builder::from_unix_timestamp_millis(ms, &self.bytes()?).into_uuid())
    }
}
