//! Figures of the staff's home page.

use serde::{Deserialize, Serialize};

use crate::{codes::CodeSummary, documents::DocumentSummary};

/// What the home page shows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Overview {
    /// Documents not opened yet.
    pub unseen: u64,
    /// Codes that accept deposits.
    pub active_codes: u64,
    /// Documents deleted within three days.
    pub expiring: u64,
    /// Newest documents, at most five.
    pub newest: Vec<DocumentSummary>,
    /// Active codes that end soonest, at most five.
    pub ending: Vec<CodeSummary>,
    /// Documents received on each of the last 30 days, oldest first: day (`YYYY-MM-DD`) and count.
    pub days: Vec<(String, u64)>,
}
