//! `[secrets]`: made in the data folder at first start unless given. Keep them apart from backups of the database.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use super::Secret;

/// Keys, directly or as files.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Secrets {
    /// Master key: an age identity (`AGE-SECRET-KEY-1…`).
    pub master_key: Option<Secret>,
    /// The same from a file.
    pub master_key_file: Option<PathBuf>,
    /// Offline recovery recipient (`age1…`): can open every establishment's key.
    pub recovery_recipient: Option<String>,
    /// Pepper of keyed hashes: 64 hexadecimal digits.
    pub pepper: Option<Secret>,
    /// The same from a file.
    pub pepper_file: Option<PathBuf>,
    /// Seed of the signing key: 64 hexadecimal digits.
    pub signing_key: Option<Secret>,
    /// The same from a file.
    pub signing_key_file: Option<PathBuf>,
    /// The previous seed, while tokens signed with it are about.
    pub previous_signing_key: Option<Secret>,
    /// The same from a file.
    pub previous_signing_key_file: Option<PathBuf>,
}
