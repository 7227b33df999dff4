//! Work that follows an act, or the clock. A job is inserted in the transaction that causes it.
//!
//! At least once: every job looks first whether there is still something to do. Safe with several nodes: a job is
//! leased under `SKIP LOCKED`, and a node that dies gives it back when the lease ends.

mod dead;
mod run;
mod work;

pub use dead::{Dead, dead, discard, retry};
pub use run::{run, run_due};
pub(crate) use work::{Work, enqueue, enqueue_each, enqueue_own, enqueue_own_each};
