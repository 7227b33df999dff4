//! Why a start failed, in words that an operator can act on. No password can appear in any of them.

use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// Why the private `PostgreSQL` did not start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// No usable `PostgreSQL` programs.
    #[error(
        "no PostgreSQL {} or newer was found (looked in {looked_in}). Install it, on Debian or Ubuntu with \
         `apt-get install postgresql`, or say where its programs are",
        crate::binaries::OLDEST
    )]
    NoBinaries {
        /// The folders, with what was wrong with each where something was.
        looked_in: String,
    },
    /// The cluster was made by a major version that is not installed.
    #[error(
        "the database in {} was made by PostgreSQL {data}, and only {found} is installed. Install the \
         programs of version {data} (Debian, Ubuntu: the package `postgresql-{data}`), or move the database \
         to another version with pg_upgrade or a dump", folder.display()
    )]
    VersionMismatch {
        /// The cluster's folder.
        folder: PathBuf,
        /// What its `PG_VERSION` says.
        data: String,
        /// The installed versions, as text.
        found: String,
    },
    /// Another supervisor holds the folder.
    #[error("{} is already in use by process {pid}: a server that runs, most likely. Stop it first", folder.display())]
    InUse {
        /// The folder.
        folder: PathBuf,
        /// Who holds it, as text; "unknown" when it did not say.
        pid: String,
    },
    /// Root, and nobody to become.
    #[error("PostgreSQL refuses to run as root, and none of these users exists: {0}")]
    NoAccount(String),
    /// The cluster belongs to somebody else.
    #[error("{} belongs to user id {owner}, and this process runs as {me}: run it as its owner or as root",
        folder.display())]
    WrongOwner {
        /// The cluster's folder.
        folder: PathBuf,
        /// Its owner.
        owner: u32,
        /// This process's user.
        me: u32,
    },
    /// The unprivileged user cannot get to something that must stay where it is.
    #[error("the user {account} cannot reach {}: every folder above it must be open (x) to that user",
        path.display())]
    Unreachable {
        /// What cannot be reached.
        path: PathBuf,
        /// The user `PostgreSQL` would run as.
        account: String,
    },
    /// The short folder for the socket is not safely ours.
    #[error("{} can't hold the database's socket: {why}", folder.display())]
    SocketFolder {
        /// The folder.
        folder: PathBuf,
        /// What is wrong with it.
        why: &'static str,
    },
    /// Not a plain identifier.
    #[error("{0:?} can't name the database: lower-case letters, digits and _ only, at most 40")]
    DatabaseName(String),
    /// One of the programs failed.
    #[error("{step} failed: {output}")]
    Step {
        /// What was being done.
        step: &'static str,
        /// The end of what the program said.
        output: String,
    },
    /// The server ended before it accepted connections.
    #[error("PostgreSQL ended while starting ({status}); the end of {}:\n{tail}", log.display())]
    Ended {
        /// Its exit status, as text.
        status: String,
        /// Its log file.
        log: PathBuf,
        /// The end of it, since this start.
        tail: String,
    },
    /// The server did not accept connections in time.
    #[error("PostgreSQL was not ready after {after:?}: {why}; the end of {}:\n{tail}", log.display())]
    NotReady {
        /// How long it was waited for.
        after: Duration,
        /// What the last attempt to connect said.
        why: String,
        /// Its log file.
        log: PathBuf,
        /// The end of it, since this start.
        tail: String,
    },
    /// It was asked to stop before it was ready, and has stopped.
    #[error("PostgreSQL was stopped before it was ready")]
    Stopped,
    /// The operating system refused something.
    #[error("can't {what} {}: {source}", path.display())]
    Io {
        /// What was tried.
        what: &'static str,
        /// On what.
        path: PathBuf,
        /// The answer.
        source: io::Error,
    },
}

/// Says what was being done to which path when the operating system refused.
pub(crate) trait OnPath<T> {
    fn on(self, what: &'static str, path: &Path) -> Result<T, StartError>;
}

impl<T> OnPath<T> for io::Result<T> {
    fn on(self, what: &'static str, path: &Path) -> Result<T, StartError> {
        self.map_err(|source| StartError::Io { what, path: path.to_owned(), source })
    }
}
