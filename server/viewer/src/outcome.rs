//! What a caller of the viewer sets and gets: limits, pictures, and the two ways to have none. What the document is to
//! blame for is a [`Verdict`]; what the server is to blame for is an [`Incident`].

use std::io;
use std::path::PathBuf;
use std::time::Duration;

use bytes::Bytes;

use crate::protocol::Verdict;

/// What one child may use. Exceeding any of these is a [`Verdict`] on the document.
#[derive(Clone, Debug)]
pub struct Limits {
    /// Address space of the child, bytes (1 GiB).
    pub memory: u64,
    /// Processor time of the child, whole seconds (10 s).
    pub cpu: Duration,
    /// Time by the clock from the delivered document to the end of the child (15 s).
    pub wall: Duration,
    /// Time by the clock to deliver the document; more is an [`Incident`] (60 s).
    pub feed: Duration,
    /// Length of a document, bytes (128 MiB).
    pub input: u64,
    /// Length of the encoded picture, bytes (32 MiB).
    pub output: u64,
    /// Pixels of a photo before scaling (200 million: the largest that phones take). `memory` may end it earlier.
    pub pixels: u64,
    /// Pages of a PDF (500).
    pub pages: u32,
    /// Render even where the filter of system calls can't be installed (false). Only for developing on a system
    /// without seccomp: the parsers of strangers' files then run with all rights of the server's user.
    pub filter_optional: bool,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            memory: 1 << 30,
            cpu: Duration::from_secs(10),
            wall: Duration::from_secs(15),
            feed: Duration::from_mins(1),
            input: 128 << 20,
            output: 32 << 20,
            pixels: 200_000_000,
            pages: 500,
            filter_optional: false,
        }
    }
}

/// A readable document.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Probe {
    /// How many pages it has; 1 for a photo.
    pub pages: u32,
    /// Nothing of the first page had to be left out (a picture or a font that can't be decoded).
    pub complete: bool,
}

/// The picture of a page: opaque, upright, sRGB, without metadata.
#[derive(Clone, Debug)]
pub struct PageImage {
    /// The encoded picture.
    pub bytes: Bytes,
    /// `image/jpeg` or `image/png`.
    pub mime: &'static str,
    /// Width in pixels.
    pub width: u32,
    /// Height in pixels.
    pub height: u32,
    /// How many pages the document has.
    pub pages: u32,
    /// Nothing of this page had to be left out; if false, tell the reader that the original shows more.
    pub complete: bool,
}

/// Something is wrong with the server, not with the document: try again later, and tell the operator.
#[derive(Debug, thiserror::Error)]
pub enum Incident {
    /// The child can't be started.
    #[error("can't start {program}: {source}")]
    Spawn {
        /// The program that was to be run.
        program: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// The child started but can't build its sandbox (no seccomp here, and [`Limits::filter_optional`] is false).
    #[error("the viewer's sandbox can't be built: {0}")]
    NoSandbox(String),
    /// The child ended before it was ready: not our program, or not our version of it.
    #[error("the viewer ended before it was ready ({status}): {notes}")]
    NotReady {
        /// How it ended.
        status: std::process::ExitStatus,
        /// What it wrote to standard error.
        notes: String,
    },
    /// The caller's stream failed or took longer than [`Limits::feed`]; the document was not judged.
    #[error("the document can't be read from its store: {0}")]
    Input(io::Error),
    /// The system failed while talking to the child.
    #[error("lost the viewer: {0}")]
    Lost(io::Error),
}

/// Outside: did the server do its part? Inside: what the document turned out to be.
pub type Outcome<T> = Result<Result<T, Verdict>, Incident>;
