//! What a caller may decide, and what stands when it decides nothing.

use std::path::PathBuf;
use std::time::Duration;

/// How to run the private `PostgreSQL`. [`Options::new`] gives the values for production.
#[derive(Clone, Debug)]
pub struct Options {
    /// `CareLink`'s data folder; created (0711 as root, else 0700) when missing. `PostgreSQL` lives in its
    /// `postgres` subfolder.
    pub data_folder: PathBuf,
    /// The folder of `postgres`, `initdb`, `psql` and `pg_isready` for a new cluster. Otherwise the highest
    /// version from 15 on in `/usr/lib/postgresql/*/bin`, then in [`Options::search_path`].
    pub bin_dir: Option<PathBuf>,
    /// Further folders that may hold the programs: the caller's `PATH`, split.
    pub search_path: Vec<PathBuf>,
    /// Name of the database: a lower-case letter, then lower-case letters, digits and `_`, at most 40.
    pub database: String,
    /// `false` only for throw-away clusters of tests: a power cut then loses the database.
    pub fsync: bool,
    /// Gives the owner CREATEDB when the cluster is created: for test runs that make one database a test.
    pub create_databases: bool,
    /// As root, `PostgreSQL` runs as the first of these that `/etc/passwd` knows; a cluster that exists keeps
    /// its owner.
    pub unprivileged_users: Vec<String>,
    /// As root, where the cluster goes when the unprivileged user cannot reach the data folder.
    pub fallback_root: PathBuf,
    /// Time for the server to accept connections; crash recovery is part of it.
    pub start_limit: Duration,
    /// Time for an orderly (fast) shutdown, before an immediate one.
    pub stop_limit: Duration,
}

impl Options {
    /// The values for production, under this data folder.
    pub fn new(data_folder: impl Into<PathBuf>) -> Self {
        Self {
            data_folder: data_folder.into(),
            bin_dir: None,
            search_path: Vec::new(),
            database: "carelink".to_owned(),
            fsync: true,
            create_databases: false,
            unprivileged_users: vec!["postgres".to_owned(), "nobody".to_owned()],
            fallback_root: PathBuf::from("/var/lib/carelink"),
            start_limit: Duration::from_mins(2),
            stop_limit: Duration::from_secs(20),
        }
    }
}

/// The name is written into SQL and into `pg_hba.conf`: only plain identifiers.
pub(crate) fn is_database_name(name: &str) -> bool {
    name.len() <= 40
        && name.starts_with(|c: char| c.is_ascii_lowercase())
        && name.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_')
        && !matches!(name, "postgres" | "template0" | "template1")
}

#[cfg(test)]
mod tests {
    use super::is_database_name;

    #[test]
    fn only_plain_identifiers_name_a_database() {
        for good in ["carelink", "a", "care_link2"] {
            assert!(is_database_name(good), "{good}");
        }
        for bad in ["", "2a", "Care", "a b", "a\"b", "a-b", "é", "template1", "postgres", &"a".repeat(41)] {
            assert!(!is_database_name(bad), "{bad}");
        }
    }
}
