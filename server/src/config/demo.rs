//! `[demo]`: demonstration data.

use serde::{Deserialize, Serialize};

/// Demonstration data.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Demo {
    /// Password of every made-up account; random unless given.
    pub password: Option<String>,
}
