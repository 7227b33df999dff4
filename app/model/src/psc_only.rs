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
    /// People who have a local account only, and could not come in any more.
    pub local_only: u32,
    /// The local fallback, while it is open.
    pub fallback: Option<Fallback>,
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

/// The identity of Pro Santé Connect that opens somebody's own account.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LinkedIdentity {
    /// Since when.
    pub since: Moment,
    /// When it was used last.
    pub last_used_at: Moment,
    /// Whether the account has another way in, so that the identity can go.
    pub removable: bool,
    /// Names of the person's establishments that let nobody in without it.
    pub needed_by: Vec<String>,
}
