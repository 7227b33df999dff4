//! How use cases ask other servers: one shared client, given by the host. Here stands only what they need of it.

use std::{future::Future, pin::Pin, sync::Arc};

/// A request to another server.
pub type FetchRequest = http::Request<Vec<u8>>;
/// Its whole answer.
pub type FetchResponse = http::Response<Vec<u8>>;

/// Nobody answered, or not in a usable way.
#[derive(Debug, thiserror::Error)]
pub enum FetchError {
    /// No connection, no answer in time, or a broken one.
    #[error("unreachable: {0}")]
    Unreachable(String),
    /// The answer is larger than anything that we ask for.
    #[error("the answer is too large")]
    TooLarge,
}

type Answer = Pin<Box<dyn Future<Output = Result<FetchResponse, FetchError>> + Send>>;

/// The shared client. It follows no redirects, and waits for seconds only.
#[derive(Clone)]
pub struct Fetch(Arc<dyn Fn(FetchRequest) -> Answer + Send + Sync>);

impl Fetch {
    /// A client made of a function.
    pub fn new<F, A>(send: F) -> Self
    where
        F: Fn(FetchRequest) -> A + Send + Sync + 'static,
        A: Future<Output = Result<FetchResponse, FetchError>> + Send + 'static,
    {
        Self(Arc::new(move |request| Box::pin(send(request))))
    }

    /// A client that reaches nobody.
    pub fn closed() -> Self {
        Self::new(|_| async { Err(FetchError::Unreachable("there is no client".into())) })
    }

    /// Sends a request.
    ///
    /// # Errors
    /// See [`FetchError`].
    pub async fn send(&self, request: FetchRequest) -> Result<FetchResponse, FetchError> {
        (self.0)(request).await
    }
}
