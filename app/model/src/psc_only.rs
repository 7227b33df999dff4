//! Pro Santé Connect as the only way into an establishment, and the local fallback for the day when it is down.

use serde::{Deserialize, Serialize};

use crate::{number::bounded, time::Moment};

bounded! {
    /// How long a local fallback stays open, in hours.
    FallbackHours: 1 ..= 24, default 4;
}

/// How an establishment lets people in, as its administrators see it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PscOnly {
    /// Whether local accounts open no session there.
    pub on: bool,
    /// Whether Pro Santé Connect is configured on this server.
    pub configured: bool,
    /// Administrators whom Pro Santé Connect recognises: without any, nobody could undo it.
    pub administrators: u32,
    /// How many people have a local account only, and could not come in any more.
    pub local_only: u32,
    /// Names of the first of them, at most [`PscOnly::NAMED`].
    pub left_out: Vec<String>,
    /// The local fallback, while it is open.
    pub fallback: Option<Fallback>,
}

impl PscOnly {
    /// So many people are named.
    pub const NAMED: usize = 20;
}

/// A local fallback that is open.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fallback {
    /// Since when.
    pub since: Moment,
    /// Until when: sessions opened under it end then.
    pub until: Moment,
    /// Why it was opened.
    pub reason: String,
}
