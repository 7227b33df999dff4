//! `[storage]`: a folder under `data_dir`, unless a bucket is named.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use super::Secret;

/// Where the encrypted payloads of documents lie.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Storage {
    /// Bucket of an S3 service. Absent: `data_dir/documents`.
    pub bucket: Option<String>,
    /// Address of the service: scheme and host. Absent: Amazon's own, from the region.
    pub endpoint: Option<String>,
    /// Region, as the service calls it.
    pub region: Option<String>,
    /// Access key. Absent together with the secret: the machine's own role (instance metadata). Roles that an environment
    /// variable points at (web identity, containers) are not read.
    pub access_key_id: Option<String>,
    /// Its secret.
    pub secret_access_key: Option<Secret>,
    /// The secret from a file.
    pub secret_access_key_file: Option<PathBuf>,
    /// Whether the bucket's name stands in the host (`https://bucket.host/…`) and not in the path.
    pub virtual_hosted: bool,
}
