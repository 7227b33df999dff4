//! `PostgreSQL`'s own log file: kept, capped, and quoted in errors.

use std::fs::{self, File, OpenOptions};
use std::io::{Read, Seek, SeekFrom};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use crate::error::{OnPath, StartError};

/// At a start, a longer file becomes `postgres.log.1` in place of the one before.
const CAP: u64 = 4 * 1024 * 1024;
const TAIL: usize = 3000;

/// The log file of one start.
pub(crate) struct Log {
    pub(crate) path: PathBuf,
    pub(crate) file: File,
    /// Where this start begins in it.
    from: u64,
}

impl Log {
    pub(crate) fn open(home: &Path) -> Result<Self, StartError> {
        let path = home.join("postgres.log");
        if fs::metadata(&path).is_ok_and(|log| log.len() > CAP) {
            fs::rename(&path, home.join("postgres.log.1")).on("rotate", &path)?;
        }
        let mut open = OpenOptions::new();
        let file = open.append(true).create(true).mode(0o600).open(&path).on("open", &path)?;
        let from = file.metadata().on("look at", &path)?.len();
        Ok(Self { path, file, from })
    }

    /// The end of what was written since the start.
    pub(crate) fn tail(&self) -> String {
        let mut said = Vec::new();
        let read = File::open(&self.path).and_then(|mut file| {
            let length = file.metadata()?.len();
            file.seek(SeekFrom::Start(self.from.max(length.saturating_sub(2 * TAIL as u64))))?;
            file.take(2 * TAIL as u64).read_to_end(&mut said)
        });
        read.map_or_else(|error| format!("(unreadable: {error})"), |_| tail(&String::from_utf8_lossy(&said)))
    }
}

/// The last lines of a text.
pub(crate) fn tail(text: &str) -> String {
    let text = text.trim();
    let Some(start) = text.len().checked_sub(TAIL) else { return text.to_owned() };
    let line = text.bytes().skip(start).position(|byte| byte == b'\n').map(|at| start + at + 1);
    text[line.unwrap_or_else(|| text.ceil_char_boundary(start))..].to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write;

    #[test]
    fn the_tail_is_whole_lines_of_this_start_alone() {
        let home = tempfile::tempdir().unwrap();
        fs::write(home.path().join("postgres.log"), "before\n").unwrap();
        let mut log = Log::open(home.path()).unwrap();
        assert_eq!(log.tail(), "");
        for line in 0..1000 {
            writeln!(log.file, "line {line} é").unwrap();
        }
        let tail = log.tail();
        assert!(tail.len() <= TAIL && tail.starts_with("line ") && tail.ends_with("line 999 é"), "{tail}");
        assert_eq!(super::tail(&"é".repeat(TAIL)).len(), TAIL);
    }

    #[test]
    fn a_log_over_the_cap_is_set_aside_at_the_start() {
        let home = tempfile::tempdir().unwrap();
        let path = home.path().join("postgres.log");
        File::create(&path).unwrap().set_len(CAP + 1).unwrap();
        Log::open(home.path()).unwrap();
        assert_eq!(fs::metadata(&path).unwrap().len(), 0);
        assert_eq!(fs::metadata(home.path().join("postgres.log.1")).unwrap().len(), CAP + 1);
    }
}
