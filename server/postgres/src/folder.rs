//! Where the cluster lives, and that nobody else works there. The folder belongs to the supervisor: the user
//! who runs `PostgreSQL` owns only `data` and `socket` in it, so root never writes where he could plant a link.
//!
//! `<data folder>/postgres/`: `lock`, `*.password` (0600), `postgresql.conf`, `pg_hba.conf`, `postgres.log`,
//! `data/` (the cluster), `socket/`; or only `lock` and `moved-to`, the path of the folder used instead.

use std::fs::{self, DirBuilder, File, OpenOptions, Permissions, TryLockError};
use std::io::{self, Read, Write};
use std::os::unix::ffi::{OsStrExt, OsStringExt};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};

use crate::account::Account;
use crate::error::{OnPath, StartError};
use crate::options::Options;

const MOVED_TO: &str = "moved-to";

/// The folder, locked for as long as this lives.
pub(crate) struct Place {
    pub(crate) home: PathBuf,
    /// The folder that the user who runs `PostgreSQL` could not reach.
    pub(crate) instead_of: Option<PathBuf>,
    pub(crate) account: Account,
    _locks: Vec<Lock>,
}

impl Place {
    /// `program` is any program of `PostgreSQL` that answers `--version`.
    pub(crate) fn settle(options: &Options, program: &Path) -> Result<Self, StartError> {
        let as_root = rustix::process::geteuid().is_root();
        create(&options.data_folder, as_root)?;
        let data_folder = options.data_folder.canonicalize().on("find", &options.data_folder)?;
        let wanted = data_folder.join("postgres");
        create(&wanted, as_root)?;
        let mut locks = vec![Lock::take(&wanted)?];

        // Data that exists stays where it is: a folder that becomes reachable, or stops being so, must never
        // look like an empty database.
        let marker = wanted.join(MOVED_TO);
        let moved = match fs::read(&marker) {
            Ok(path) => Some(PathBuf::from(std::ffi::OsString::from_vec(path))),
            Err(error) if error.kind() == io::ErrorKind::NotFound => None,
            Err(error) => return Err(error).on("read", &marker),
        };
        let mut home = moved.unwrap_or_else(|| wanted.clone());
        let account = Account::choose(&options.unprivileged_users, &home.join("data"))?;
        let reaches = |folder: &Path| account.reaches(program, folder);
        if !reaches(Path::new("/")) {
            return Err(StartError::Unreachable { path: program.to_owned(), account: account.name });
        }
        if home == wanted && !reaches(&home) && account.dropped && !home.join("data").exists() {
            create(&options.fallback_root, as_root)?;
            let root = options.fallback_root.canonicalize().on("find", &options.fallback_root)?;
            home = root.join(name(&data_folder));
            create(&home, as_root)?;
            write(&marker, home.as_os_str().as_bytes(), 0o600)?;
        }
        let instead_of = (home != wanted).then_some(wanted);
        if let Some(wanted) = &instead_of {
            locks.push(Lock::take(&home)?);
            tracing::info!(
                folder = %home.display(), instead_of = %wanted.display(), user = %account.name,
                "the database is in another folder: its user cannot reach the data folder"
            );
        }
        // `/proc` shows paths without links.
        home = home.canonicalize().on("find", &home)?;
        if !reaches(&home) {
            return Err(StartError::Unreachable { path: home, account: account.name });
        }
        Ok(Self { home, instead_of, account, _locks: locks })
    }
}

/// A folder of the supervisor. As root others may pass through (the user who runs `PostgreSQL` must), not look.
fn create(folder: &Path, as_root: bool) -> Result<(), StartError> {
    let mode = if as_root { 0o711 } else { 0o700 };
    if folder.is_dir() {
        return Ok(());
    }
    DirBuilder::new().recursive(true).mode(mode).create(folder).on("create", folder)?;
    // The umask may have taken the x away.
    fs::set_permissions(folder, Permissions::from_mode(mode)).on("open to its user", folder)
}

/// A file that is either there whole or not at all.
pub(crate) fn write(path: &Path, content: &[u8], mode: u32) -> Result<(), StartError> {
    let new = path.with_added_extension("new");
    let written = || -> io::Result<()> {
        let _ = fs::remove_file(&new);
        let mut file = OpenOptions::new().write(true).create_new(true).mode(mode).open(&new)?;
        file.set_permissions(Permissions::from_mode(mode))?;
        file.write_all(content)?;
        file.sync_all()?;
        fs::rename(&new, path)?;
        sync_parent(path)
    };
    written().on("write", path)
}

pub(crate) fn sync_parent(path: &Path) -> io::Result<()> {
    path.parent().map_or(Ok(()), |parent| File::open(parent)?.sync_all())
}

/// `<last name>-<hash of the whole path>`: readable, and different for every folder.
fn name(folder: &Path) -> String {
    let last = folder.file_name().unwrap_or_default().to_string_lossy();
    let last: String = last.chars().filter(|c| c.is_ascii_alphanumeric() || *c == '-').take(32).collect();
    format!("{last}-{}", hash(folder))
}

/// FNV-1a: the same in every build, which the standard library's hasher does not promise.
pub(crate) fn hash(path: &Path) -> String {
    let add = |hash: u64, byte: &u8| (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3);
    format!("{:016x}", path.as_os_str().as_bytes().iter().fold(0xcbf2_9ce4_8422_2325, add))
}

/// Held by the kernel, so that a killed supervisor leaves none behind.
struct Lock(File);

impl Lock {
    fn take(folder: &Path) -> Result<Self, StartError> {
        let path = folder.join("lock");
        let mut open = OpenOptions::new();
        open.read(true).write(true).create(true).truncate(false).mode(0o600);
        let mut file = open.open(&path).on("open", &path)?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::Error(error)) => return Err(error).on("lock", &path),
            Err(TryLockError::WouldBlock) => {
                let mut pid = String::new();
                let _ = file.read_to_string(&mut pid);
                let pid = if pid.is_empty() { "unknown".to_owned() } else { pid.trim().to_owned() };
                return Err(StartError::InUse { folder: folder.to_owned(), pid });
            }
        }
        let named = file.set_len(0).and_then(|()| writeln!(file, "{}", std::process::id()));
        named.on("write", &path)?;
        Ok(Self(file))
    }
}

impl Drop for Lock {
    fn drop(&mut self) {
        // Closing is not enough: a child that is between fork and exec holds the same lock for a moment.
        let _ = self.0.unlock();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_elsewhere_is_named_after_the_one_it_replaces() {
        assert_eq!(hash(Path::new("")), "cbf29ce484222325");
        assert_eq!(hash(Path::new("a")), "af63dc4c8601ec8c");
        assert!(name(Path::new("/root/my data")).starts_with("mydata-"));
        assert_ne!(name(Path::new("/root/a")), name(Path::new("/home/a")));
    }
}
