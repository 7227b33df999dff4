//! `[database]`: a private PostgreSQL unless a URL is given.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use super::Secret;

/// PostgreSQL 15 or later.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(default)]
pub struct Database {
    /// Run-time login (owns nothing, NOINHERIT). Absent: a private PostgreSQL under the data folder.
    pub url: Option<Secret>,
    /// The same from a file.
    pub url_file: Option<PathBuf>,
    /// Owner login: migrates and creates.
    pub owner_url: Option<Secret>,
    /// The same from a file.
    pub owner_url_file: Option<PathBuf>,
    /// Most connections of this node, all kept open: some five for each core of PostgreSQL. More of them only take turns
    /// on its cores, and everybody waits longer. At least 4, for two of them only listen.
    pub max_connections: u32,
    /// Apply pending migrations at start.
    pub migrate: bool,
    /// Folder of PostgreSQL's programs, where they are not found.
    pub bin_dir: Option<PathBuf>,
}

impl Default for Database {
    fn default() -> Self {
        Self {
            url: None,
            url_file: None,
            owner_url: None,
            owner_url_file: None,
            max_connections: 12,
            migrate: true,
            bin_dir: None,
        }
    }
}
