//! `[demo]`: demonstration data.

use serde::{Deserialize, Serialize};

use super::Secret;

/// Demonstration data.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Demo {
    /// Password of every made-up account; random unless given.
    pub password: Option<Secret>,
}
