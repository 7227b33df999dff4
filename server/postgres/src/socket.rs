//! Where the server listens: a Unix socket alone, no TCP. The kernel takes at most 107 bytes of path, and
//! `PostgreSQL` a list of folders, so a folder that does not fit is replaced by a short one.

use std::fs::{self, DirBuilder, Permissions};
use std::io;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::{DirBuilderExt, MetadataExt, PermissionsExt};
use std::path::{Path, PathBuf};

use crate::account::Account;
use crate::error::{OnPath, StartError};
use crate::folder::hash;

/// `PostgreSQL`'s name for the socket of port 5432.
pub(crate) const SOCKET: &str = ".s.PGSQL.5432";
/// `sun_path` holds 108 bytes, the last of which is zero.
const LONGEST: usize = 107;

/// The folder of the socket: 0700, of the user who runs `PostgreSQL`.
pub(crate) fn folder(home: &Path, account: &Account) -> Result<PathBuf, StartError> {
    let wanted = home.join("socket");
    if fits(&wanted) {
        ours(&wanted, account)?;
        return Ok(wanted);
    }
    let parent = short_parent(account);
    let short = parent.join(format!("carelink-{}", hash(home)));
    tracing::info!(
        folder = %short.display(), instead_of = %wanted.display(),
        "the database's socket is in another folder: the path is too long or has unusual characters"
    );
    ours(&short, account)?;
    Ok(short)
}

fn fits(folder: &Path) -> bool {
    folder.join(SOCKET).as_os_str().as_bytes().len() <= LONGEST
        && folder
            .to_str()
            .is_some_and(|path| !path.contains([',', '"', '\\']) && !path.contains(char::is_control))
}

/// `/run` for root, the session's own folder for a user, else `/tmp`.
fn short_parent(account: &Account) -> PathBuf {
    let run = if account.dropped {
        PathBuf::from("/run")
    } else {
        PathBuf::from(format!("/run/user/{}", account.uid))
    };
    if run.is_dir() { run } else { PathBuf::from("/tmp") }
}

/// Creates the folder, or makes sure that the one which is there is nobody else's: `/tmp` is open to all.
fn ours(folder: &Path, account: &Account) -> Result<(), StartError> {
    match DirBuilder::new().mode(0o700).create(folder) {
        Ok(()) => {}
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
        Err(error) => return Err(error).on("create", folder),
    }
    let found = fs::symlink_metadata(folder).on("look at", folder)?;
    let refuse = |why| Err(StartError::SocketFolder { folder: folder.to_owned(), why });
    if !found.is_dir() {
        return refuse("it is not a folder");
    }
    if found.uid() != account.uid && found.uid() != rustix::process::geteuid().as_raw() {
        return refuse("it belongs to another user");
    }
    account.give(folder)?;
    fs::set_permissions(folder, Permissions::from_mode(0o700)).on("close to others", folder)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_of_107_bytes_fits_and_one_of_108_does_not() {
        let of = |length: usize| PathBuf::from(format!("/{}", "a".repeat(length - 2 - SOCKET.len())));
        assert_eq!(of(107).join(SOCKET).as_os_str().len(), 107);
        assert!(fits(&of(107)));
        assert!(!fits(&of(108)));
        assert!(!fits(Path::new("/a,b")));
        assert!(fits(Path::new("/été/a b")));
    }

    #[test]
    fn somebody_elses_folder_is_refused() {
        let uid = rustix::process::geteuid().as_raw();
        let folder = tempfile::tempdir().unwrap();
        let link = folder.path().join("link");
        std::os::unix::fs::symlink("/tmp", &link).unwrap();
        let account = Account::choose(&["postgres".to_owned(), "nobody".to_owned()], &link).unwrap();
        assert!(matches!(ours(&link, &account), Err(StartError::SocketFolder { .. })));
        if uid == 0 {
            let theirs = folder.path().join("theirs");
            fs::create_dir(&theirs).unwrap();
            std::os::unix::fs::chown(&theirs, Some(54321), None).unwrap();
            assert!(matches!(ours(&theirs, &account), Err(StartError::SocketFolder { .. })));
        }
    }
}
