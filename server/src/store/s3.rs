//! A bucket of an S3 service (Amazon's, or one that speaks the same protocol).
//!
//! What a killed upload leaves half sent is invisible to lists: the bucket's own lifecycle rule must remove it
//! (`AbortIncompleteMultipartUpload`).

use std::{sync::Arc, time::Duration};

use domain::vault::Store;
use object_store::{BackoffConfig, ClientOptions, RetryConfig, aws::AmazonS3Builder};

use crate::{
    config::{Storage, secret},
    start::StartError,
};

/// The smallest part that S3 takes (but for the last one).
const PART: usize = 5 * 1024 * 1024;

/// How long the service is waited for.
#[derive(Clone, Copy, Debug)]
pub struct Patience {
    /// For a connection.
    pub connect: Duration,
    /// For the head of an answer, and for each next piece of its body. An answer as a whole may take any time: how long
    /// a document of 2 GiB takes is up to who reads it.
    pub silence: Duration,
    /// From the first attempt on, until a request that fails is not tried again: somebody waits for the answer.
    pub attempts: Duration,
}

impl Default for Patience {
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(5),
            silence: Duration::from_secs(30),
            attempts: Duration::from_secs(10),
        }
    }
}

impl Patience {
    /// The client's own 30 s for a whole answer are lifted.
    fn client(self) -> ClientOptions {
        ClientOptions::new()
            .with_timeout_disabled()
            .with_connect_timeout(self.connect)
            .with_read_timeout(self.silence)
    }

    fn retry(self) -> RetryConfig {
        let backoff = BackoffConfig { max_backoff: Duration::from_secs(2), ..BackoffConfig::default() };
        RetryConfig { backoff, max_retries: 5, retry_timeout: self.attempts }
    }
}

/// Prepares the client; nothing is asked of the service yet.
///
/// # Errors
/// The settings don't fit together, or the secret's file can't be read.
pub fn open(storage: &Storage, bucket: &str) -> Result<Store, StartError> {
    open_with(Patience::default(), storage, bucket)
}

/// The same with another patience.
///
/// # Errors
/// As [`open`].
pub fn open_with(patience: Patience, storage: &Storage, bucket: &str) -> Result<Store, StartError> {
    // TLS is rustls with ring everywhere. That it is set already is no error.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let mut builder = AmazonS3Builder::new()
        .with_bucket_name(bucket)
        .with_virtual_hosted_style_request(storage.virtual_hosted)
        .with_client_options(patience.client())
        .with_retry(patience.retry())
        // One object at a time is deleted anyway, and some services lack the request for many.
        .with_disable_bulk_delete(true);
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

#[cfg(test)]
mod tests {
    use object_store::ClientConfigKey;

    use super::*;

    #[test]
    fn an_answer_may_take_any_time_but_not_an_unreachable_service() {
        let patience = Patience::default();
        let client = patience.client();
        assert_eq!(client.get_config_value(&ClientConfigKey::Timeout), None, "bodies included");
        assert!(client.get_config_value(&ClientConfigKey::ReadTimeout).is_some());
        // The last attempt begins within `attempts`.
        assert!(patience.attempts + patience.connect <= Duration::from_secs(15));
    }
}
