//! Processes of a server whose supervisor is gone: a killed server leaves `PostgreSQL` running, a killed
//! postmaster may leave its children for a moment. Found in `/proc`, and ended: starting afresh is always the
//! same, adopting is not.

use std::fs;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::thread::sleep;
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process};

/// After an immediate shutdown, and after a kill.
const PATIENCE: Duration = Duration::from_secs(5);

/// How to recognise a process of one cluster.
pub(crate) struct Survivors {
    data: PathBuf,
    title: String,
    owner: Option<u32>,
}

/// One process of it.
struct Survivor {
    pid: Pid,
    is_postmaster: bool,
}

impl Survivors {
    /// `data` without links in it; `title` is the cluster's name.
    pub(crate) fn of(data: &Path, title: String) -> Self {
        let owner = fs::metadata(data).ok().map(|data| data.uid());
        Self { data: data.to_owned(), title, owner }
    }

    /// Ends them: an orderly shutdown first if `gently`, then an immediate one, then the kernel. Blocks.
    pub(crate) fn end(&self, gently: Option<Duration>) {
        let found = self.list();
        if found.is_empty() {
            return;
        }
        let pids: Vec<i32> = found.iter().map(|one| one.pid.as_raw_nonzero().get()).collect();
        tracing::warn!(folder = %self.data.display(), ?pids, "ends PostgreSQL processes left on the data");
        if let Some(limit) = gently.filter(|_| found.iter().any(|one| one.is_postmaster)) {
            send(found.iter().filter(|one| one.is_postmaster), Signal::INT);
            if self.gone_within(limit) {
                return;
            }
        }
        send(&self.list(), Signal::QUIT);
        if !self.gone_within(PATIENCE) {
            send(&self.list(), Signal::KILL);
            self.gone_within(PATIENCE);
        }
    }

    fn gone_within(&self, limit: Duration) -> bool {
        let start = Instant::now();
        loop {
            if self.list().is_empty() {
                return true;
            }
            if start.elapsed() > limit {
                return false;
            }
            sleep(Duration::from_millis(20));
        }
    }

    fn list(&self) -> Vec<Survivor> {
        let processes = fs::read_dir("/proc").into_iter().flatten().flatten();
        processes
            .filter_map(|process| {
                let pid = process.file_name().to_str()?.parse().ok().and_then(Pid::from_raw)?;
                let is_postmaster = self.recognise(&process.path())?;
                Some(Survivor { pid, is_postmaster })
            })
            .collect()
    }

    /// Whether this process is the postmaster (or a single-user server), or one of its children; `None` for
    /// everybody else. By the working directory, which is the data; where a container forbids looking at it,
    /// by the arguments of a postmaster and the title of a child, which anyone may read.
    fn recognise(&self, process: &Path) -> Option<bool> {
        let arguments = fs::read(process.join("cmdline")).ok()?;
        let mut arguments = arguments.split(|byte| *byte == 0);
        let program = arguments.next()?;
        let is_child = program.starts_with(b"postgres: ");
        let is_server = program.rsplit(|byte| *byte == b'/').next() == Some(b"postgres");
        // A name is free to choose, the user is not.
        let is_owners = || fs::metadata(process).is_ok_and(|process| Some(process.uid()) == self.owner);
        if !(is_child || is_server) || !is_owners() {
            return None;
        }
        let works_here = fs::read_link(process.join("cwd")).is_ok_and(|cwd| cwd == self.data);
        let says_so = if is_child {
            program.strip_prefix(b"postgres: ").is_some_and(|title| title.starts_with(self.title.as_bytes()))
        } else {
            arguments.any(|argument| argument == self.data.as_os_str().as_bytes())
        };
        (works_here || says_so).then_some(is_server)
    }
}

fn send<'a>(to: impl IntoIterator<Item = &'a Survivor>, signal: Signal) {
    for one in to {
        let _ = kill_process(one.pid, signal);
    }
}
