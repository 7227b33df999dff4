//! A folder of this machine.

use std::{
    fs,
    os::unix::fs::DirBuilderExt,
    path::Path,
    sync::Arc,
    time::{Duration, SystemTime},
};

use domain::vault::Store;
use object_store::local::LocalFileSystem;

use crate::start::StartError;

/// A file that is still being written belongs to an upload that may be going on, on another node of the same folder.
const SPARED: Duration = Duration::from_hours(24);

/// Bytes gathered before they are written: large writes, and a file of a few MiB is on its way to the disk before its end.
const PART: usize = 1024 * 1024;

/// Opens the folder, and removes what uploads left half written when a server was killed.
///
/// # Errors
/// The folder can't be made or read.
#[expect(clippy::disallowed_methods, reason = "compared with the times that the files have from the system")]
pub fn open(folder: &Path) -> Result<Store, StartError> {
    fs::DirBuilder::new().recursive(true).mode(0o700).create(folder)?;
    let gone = sweep(folder, SystemTime::now())?;
    if gone > 0 {
        tracing::info!(files = gone, "documents: half-written files were removed");
    }
    let objects = LocalFileSystem::new_with_prefix(folder)?.with_fsync(true);
    Ok(Store { objects: Arc::new(objects), part: PART })
}

/// The store writes a payload under `<name>#<number>` until it is whole, and never lists such names: nobody else finds
/// what is left of them.
fn sweep(folder: &Path, now: SystemTime) -> std::io::Result<u64> {
    let mut gone = 0;
    for establishment in fs::read_dir(folder)? {
        let establishment = establishment?.path();
        if !establishment.is_dir() {
            continue;
        }
        for file in fs::read_dir(establishment)? {
            let file = file?;
            let name = file.file_name();
            let staged = name
                .to_str()
                .and_then(|name| name.rsplit_once('#'))
                .is_some_and(|(_, number)| !number.is_empty() && number.bytes().all(|b| b.is_ascii_digit()));
            let quiet = || {
                file.metadata()
                    .and_then(|meta| meta.modified())
                    .ok()
                    .and_then(|at| now.duration_since(at).ok())
            };
            if staged && quiet().is_some_and(|quiet| quiet > SPARED) {
                fs::remove_file(file.path())?;
                gone += 1;
            }
        }
    }
    Ok(gone)
}

#[cfg(test)]
mod tests {
    use object_store::{ObjectStoreExt, path::Path as Key};

    use super::*;

    #[tokio::test]
    #[expect(
        clippy::disallowed_methods,
        reason = "compared with the times that the files have from the system"
    )]
    async fn what_a_killed_upload_left_is_removed_after_a_day_and_nothing_else() {
        let folder = tempfile::tempdir().unwrap();
        let store = open(folder.path()).unwrap().objects;
        store.put(&Key::from("place/whole"), "a".into()).await.unwrap();
        let mut half = store.put_multipart(&Key::from("place/half")).await.unwrap();
        half.put_part("b".into()).await.unwrap();
        // As if killed: neither completed nor aborted.
        std::mem::forget(half);
        let files = || fs::read_dir(folder.path().join("place")).unwrap().count();
        assert_eq!(files(), 2, "the store's way of writing has changed: see its staging files");
        let now = SystemTime::now();
        assert_eq!(sweep(folder.path(), now).unwrap(), 0, "it may be going on");
        assert_eq!(sweep(folder.path(), now + SPARED + Duration::from_mins(1)).unwrap(), 1);
        assert_eq!(files(), 1);
        assert!(store.get(&Key::from("place/whole")).await.is_ok());
    }
}
