//! A bucket of an S3 service (Amazon's, or one that speaks the same protocol).
//!
//! What a killed upload leaves half sent is invisible to lists: the bucket's own lifecycle rule must remove it
//! (`AbortIncompleteMultipartUpload`).

use std::sync::Arc;

use domain::vault::Store;
use object_store::aws::AmazonS3Builder;

use crate::{
    config::{Storage, secret},
    start::StartError,
};

/// The smallest part that S3 takes (but for the last one).
const PART: usize = 5 * 1024 * 1024;

/// Prepares the client; nothing is asked of the service yet.
///
/// # Errors
/// The settings don't fit together, or the secret's file can't be read.
pub fn open(storage: &Storage, bucket: &str) -> Result<Store, StartError> {
    // TLS is rustls with ring everywhere. That it is set already is no error.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let mut builder = AmazonS3Builder::new()
        .with_bucket_name(bucket)
        .with_virtual_hosted_style_request(storage.virtual_hosted);
    if let Some(region) = &storage.region {
        builder = builder.with_region(region);
    }
    if let Some(endpoint) = &storage.endpoint {
        builder = builder.with_endpoint(endpoint).with_allow_http(endpoint.starts_with("http://"));
    }
    if let Some(id) = &storage.access_key_id {
        builder = builder.with_access_key_id(id);
    }
    if let Some(key) = secret(storage.secret_access_key.as_ref(), storage.secret_access_key_file.as_ref())? {
        builder = builder.with_secret_access_key(key);
    }
    Ok(Store { objects: Arc::new(builder.build()?), part: PART })
}
