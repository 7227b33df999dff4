//! `[viewer]`: the child process that draws documents.

use std::time::Duration;

use serde::{Deserialize, Serialize};

/// Limits of the child process.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(default)]
pub struct Viewer {
    /// Children at once.
    pub at_once: usize,
    /// Memory, in mebibytes.
    pub memory_mebibytes: u64,
    /// Processor time, in seconds.
    pub cpu_seconds: u64,
    /// Seconds by the wall clock.
    pub wall_seconds: u64,
    /// Pages of one document.
    pub pages: u32,
    /// Draw without the system-call filter where the kernel has none. Not for real data.
    pub filter_optional: bool,
}

impl Default for Viewer {
    fn default() -> Self {
        Self {
            at_once: 2,
            memory_mebibytes: 1024,
            cpu_seconds: 10,
            wall_seconds: 15,
            pages: 500,
            filter_optional: false,
        }
    }
}

impl Viewer {
    /// As the viewer takes it.
    pub fn limits(&self) -> viewer::Limits {
        viewer::Limits {
            memory: self.memory_mebibytes * 1024 * 1024,
            cpu: Duration::from_secs(self.cpu_seconds),
            wall: Duration::from_secs(self.wall_seconds),
            pages: self.pages,
            filter_optional: self.filter_optional,
            ..viewer::Limits::default()
        }
    }
}
