//! The identity of Pro Santé Connect that opens a CareLink account.

use serde::{Deserialize, Serialize};

use super::Practice;
use crate::time::Moment;

/// The identity that opens somebody's own account.
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

/// An identity that waits to be linked to an account of another name, until the person has seen both.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LinkOffer {
    /// Given and family name of the account.
    pub account: String,
    /// Those of the identity: the account's from then on.
    pub identity: String,
    /// What the identity's person practises.
    pub practices: Vec<Practice>,
}
