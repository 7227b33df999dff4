//! Where the encrypted payloads of documents lie: a folder of this machine, or a bucket that nodes share.

mod folder;
pub mod s3;

use std::path::Path;

use domain::vault::Store;

use crate::{config::Storage, start::StartError};

/// Opens what the configuration names. The folder is made when it is missing; a bucket must exist.
///
/// # Errors
/// The folder can't be made or read; the bucket's settings don't fit together.
pub fn open(storage: &Storage, data_dir: &Path) -> Result<Store, StartError> {
    match &storage.bucket {
        Some(bucket) => s3::open(storage, bucket),
        None => folder::open(&data_dir.join("documents")),
    }
}
