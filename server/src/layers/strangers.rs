//! Refresh cookies that turn out to be nobody's, counted by address: past the limit the database is not asked.
//!
//! Who calls must be known before it is known whether a request is anonymous, so these come before the limiter of
//! anonymous requests, and each would cost a transaction. Cookies of living sessions are given back: however many
//! colleagues share an address, they do not count.

use std::{
    collections::HashMap,
    net::IpAddr,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use jiff::{SignedDuration, Timestamp};

use super::anonymous::client;

const WINDOW: SignedDuration = SignedDuration::from_secs(60);

/// When an address's minute began, and its attempts since.
type Minutes = HashMap<IpAddr, (Timestamp, u32)>;

/// Attempts of each address within a minute.
#[derive(Clone)]
pub struct Strangers {
    most: u32,
    minutes: Arc<Mutex<Minutes>>,
}

impl Strangers {
    /// So many a minute.
    pub fn per_minute(most: u32) -> Self {
        Self { most: most.max(1), minutes: Arc::default() }
    }

    fn minutes(&self) -> MutexGuard<'_, Minutes> {
        self.minutes.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Counts an attempt, before it costs anything.
    ///
    /// # Errors
    /// It is one too many: seconds to wait.
    pub fn begin(&self, address: IpAddr, now: Timestamp) -> Result<(), u64> {
        let mut minutes = self.minutes();
        let (began, attempts) = minutes.entry(client(address)).or_insert((now, 0));
        let passed = now.duration_since(*began);
        if passed.is_negative() || passed >= WINDOW {
            (*began, *attempts) = (now, 0);
        } else if *attempts >= self.most {
            let left = WINDOW - passed;
            return Err(left.as_secs().unsigned_abs() + u64::from(left.subsec_nanos() > 0));
        }
        *attempts += 1;
        Ok(())
    }

    /// It was somebody, or nobody's fault.
    pub fn give_back(&self, address: IpAddr) {
        if let Some((_, attempts)) = self.minutes().get_mut(&client(address)) {
            *attempts = attempts.saturating_sub(1);
        }
    }

    /// Forgets minutes that are over.
    pub fn sweep(&self, now: Timestamp) {
        self.minutes().retain(|_, (began, _)| now.duration_since(*began) < WINDOW);
    }
}
