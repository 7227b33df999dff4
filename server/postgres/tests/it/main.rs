//! The supervisor against a real `PostgreSQL`, each test in a folder of its own.

#![expect(clippy::unwrap_used, reason = "helpers of tests: clippy.toml exempts only the test functions")]

mod crashes;
mod folders;
mod life;

use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use private_postgres::{Options, Secret};
use tempfile::TempDir;

fn is_root() -> bool {
    rustix::process::geteuid().is_root()
}

/// A folder that the user who runs `PostgreSQL` can pass through.
fn open_folder() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    fs::set_permissions(folder.path(), Permissions::from_mode(0o711)).unwrap();
    folder
}

/// A folder like `/root`.
fn closed_folder() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    fs::set_permissions(folder.path(), Permissions::from_mode(0o700)).unwrap();
    folder
}

/// fsync off, for the tests that kill nothing.
fn quick(folder: &Path) -> Options {
    let mut options = Options::new(folder.join("data"));
    options.fsync = false;
    options.fallback_root = folder.join("elsewhere");
    options
}

fn psql(url: &Secret, sql: &str) -> Result<String, String> {
    let output = Command::new("psql")
        .args(["-X", "-A", "-t", "-q", "-v", "ON_ERROR_STOP=1", "-c", sql, url.expose()])
        .output()
        .unwrap();
    if output.status.success() {
        Ok(String::from_utf8(output.stdout).unwrap().trim().to_owned())
    } else {
        Err(String::from_utf8(output.stderr).unwrap())
    }
}

/// The postmasters on this cluster, and how many other processes work in it.
fn processes(home: &Path) -> (Vec<u32>, usize) {
    let data = home.canonicalize().unwrap().join("data");
    let (mut postmasters, mut others) = (Vec::new(), 0);
    for process in fs::read_dir("/proc").unwrap().flatten() {
        let Ok(cwd) = fs::read_link(process.path().join("cwd")) else { continue };
        if cwd != data {
            continue;
        }
        let command = fs::read_to_string(process.path().join("cmdline")).unwrap_or_default();
        if command.starts_with("postgres:") {
            others += 1;
        } else if !command.is_empty() {
            postmasters.push(process.file_name().to_str().unwrap().parse().unwrap());
        }
    }
    (postmasters, others)
}

fn kill(pid: u32) {
    let pid = rustix::process::Pid::from_raw(pid.cast_signed()).unwrap();
    rustix::process::kill_process(pid, rustix::process::Signal::KILL).unwrap();
}

async fn until(what: &str, mut condition: impl FnMut() -> bool) {
    let start = Instant::now();
    while !condition() {
        assert!(start.elapsed() < Duration::from_mins(1), "never: {what}");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

fn mode(path: impl Into<PathBuf>) -> u32 {
    fs::metadata(path.into()).unwrap().permissions().mode() & 0o777
}
