//! Places for payloads that are being written. Each gathers parts in memory, so that a node has only so many of them, and
//! one depositor few: whoever opens hundreds of uploads at once takes neither the memory nor everybody's turn.

use std::{
    collections::HashMap,
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use tokio::sync::{Semaphore, SemaphorePermit};
use uuid::Uuid;

/// What all uploads of a node may take in memory.
const MEMORY: usize = 640 * 1024 * 1024;
/// Uploads of one deposit at once. Its page sends one after the other; the others are those whose line was cut, which
/// the server has not noticed yet.
const EACH: usize = 4;
/// How long a place of the node is waited for: less than the patient's page waits for a sign of life (45 s).
const WAIT: Duration = Duration::from_secs(20);

/// The places of a node.
pub(super) struct Places {
    node: Semaphore,
    wait: Duration,
    taken: Mutex<HashMap<Uuid, usize>>,
}

/// One of them, given back when dropped.
pub(crate) struct Place<'a> {
    _own: Own<'a>,
    _node: SemaphorePermit<'a>,
}

struct Own<'a>(&'a Places, Uuid);

impl Places {
    /// For uploads that gather `part` bytes while as many are written.
    pub fn new(part: usize) -> Self {
        Self::of((MEMORY / part.saturating_mul(2).max(1)).max(EACH), WAIT)
    }

    fn of(places: usize, wait: Duration) -> Self {
        Self { node: Semaphore::new(places), wait, taken: Mutex::default() }
    }

    /// A place for an upload of this deposit. `None` where it has all of its own already, or none became free in time.
    pub async fn take(&self, deposit: Uuid) -> Option<Place<'_>> {
        let own = self.own(deposit)?;
        let node = tokio::time::timeout(self.wait, self.node.acquire()).await.ok()?.ok()?;
        Some(Place { _own: own, _node: node })
    }

    fn own(&self, deposit: Uuid) -> Option<Own<'_>> {
        let mut taken = self.taken();
        let count = taken.entry(deposit).or_default();
        if *count >= EACH {
            return None;
        }
        *count += 1;
        Some(Own(self, deposit))
    }

    fn taken(&self) -> MutexGuard<'_, HashMap<Uuid, usize>> {
        self.taken.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Own<'_> {
    fn drop(&mut self) {
        let mut taken = self.0.taken();
        if let Some(count) = taken.get_mut(&self.1) {
            *count -= 1;
            if *count == 0 {
                taken.remove(&self.1);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_node_has_so_many_places_and_each_comes_back() {
        let places = Places::of(2, Duration::ZERO);
        let (a, b) = (places.take(Uuid::from_u128(1)).await, places.take(Uuid::from_u128(2)).await);
        assert!(a.is_some() && b.is_some());
        assert!(places.take(Uuid::from_u128(3)).await.is_none());
        drop(a);
        assert!(places.take(Uuid::from_u128(3)).await.is_some());
        drop(b);
        assert!(places.taken().is_empty(), "nothing is remembered of who has left");
    }

    #[tokio::test]
    async fn who_waits_gets_the_next_place() {
        let places = Places::of(1, Duration::from_mins(1));
        let first = places.take(Uuid::from_u128(1)).await;
        let (second, ()) = tokio::join!(places.take(Uuid::from_u128(2)), async { drop(first) });
        assert!(second.is_some());
    }

    #[test]
    fn memory_decides_how_many() {
        let places = |part| Places::new(part).node.available_permits();
        assert_eq!((places(5 << 20), places(1 << 20)), (64, 320));
        assert_eq!(places(usize::MAX), EACH);
    }
}
