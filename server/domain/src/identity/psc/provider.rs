//! The provider's own words: metadata and keys, read over the shared client and kept for an hour.

use std::sync::{
    Arc, Mutex, PoisonError,
    atomic::{AtomicU64, Ordering},
};

use jiff::{SignedDuration, Timestamp};
use openidconnect::core::CoreJsonWebKeySet;
use serde::{Deserialize, de::DeserializeOwned};

use super::{PscError, settings::PscSettings};
use crate::{
    Domain,
    fetch::{Fetch, FetchRequest, FetchResponse},
};

/// Metadata and keys are asked for again after this.
const KEPT: SignedDuration = SignedDuration::from_hours(1);
/// Whoever goes there now should find somebody: metadata that are older than this are asked for again first.
const SEEN: SignedDuration = SignedDuration::from_secs(15);
/// A token may name an unknown key as often as it likes: keys are asked for again at most this often.
const KEYS_AGAIN: SignedDuration = SignedDuration::from_secs(30);

/// Provider metadata (OpenID Connect Discovery 1.0), as far as we use them.
#[derive(Clone, Debug, Deserialize)]
pub(super) struct Metadata {
    pub issuer: String,
    pub authorization_endpoint: String,
    pub token_endpoint: String,
    pub userinfo_endpoint: String,
    pub jwks_uri: String,
    pub end_session_endpoint: Option<String>,
    #[serde(default)]
    pub authorization_response_iss_parameter_supported: bool,
    /// Where to go instead with a client certificate (RFC 8705, section 5).
    #[serde(default)]
    pub mtls_endpoint_aliases: Option<Aliases>,
}

/// Endpoints for clients with a certificate.
#[derive(Clone, Debug, Deserialize)]
pub(super) struct Aliases {
    pub token_endpoint: Option<String>,
    pub userinfo_endpoint: Option<String>,
}

/// Metadata and keys of one moment.
pub(super) struct Provider {
    pub metadata: Metadata,
    pub keys: CoreJsonWebKeySet,
    /// The same keys for the tokens that are no identity tokens.
    pub other_keys: jsonwebtoken::jwk::JwkSet,
    read_at: Timestamp,
    keys_read_at: Timestamp,
}

/// Pro Santé Connect, and the way to it.
pub struct Psc {
    /// What the operator says.
    pub settings: PscSettings,
    pub(super) fetch: Fetch,
    known: Mutex<Option<Arc<Provider>>>,
    /// Held by whoever asks the provider for its metadata: the others wait for that answer.
    reading: tokio::sync::Mutex<()>,
    /// How often it did not answer.
    failures: AtomicU64,
    failed_at: Mutex<Option<Timestamp>>,
    /// When keys alone were last asked for, with or without an answer.
    keys_asked_at: Mutex<Option<Timestamp>>,
}

impl Psc {
    /// Nothing is asked of the provider yet.
    pub fn new(settings: PscSettings, fetch: Fetch) -> Self {
        Self {
            settings,
            fetch,
            known: Mutex::default(),
            reading: tokio::sync::Mutex::default(),
            failures: AtomicU64::new(0),
            failed_at: Mutex::default(),
            keys_asked_at: Mutex::default(),
        }
    }

    fn known(&self) -> Option<Arc<Provider>> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn keep(&self, provider: &Arc<Provider>) {
        *self.known.lock().unwrap_or_else(PoisonError::into_inner) = Some(Arc::clone(provider));
    }

    /// Metadata and keys, at most an hour old.
    pub(super) async fn provider(&self, d: &Domain) -> Result<Arc<Provider>, PscError> {
        let now = d.now();
        let known = self.known();
        if let Some(known) = &known
            && now.duration_since(known.read_at) < KEPT
        {
            return Ok(Arc::clone(known));
        }
        if let (Some(known), true) = (&known, self.failed_lately(now)) {
            return Ok(Arc::clone(known));
        }
        match (self.read_once(now, KEPT).await, known) {
            (Ok(read), _) => Ok(read),
            // What was true an hour ago most likely still is: a short absence is no reason to turn people away. Nor need each of
            // them wait for it.
            (Err(PscError::Unavailable(_)), Some(known)) => {
                *self.failed_at.lock().unwrap_or_else(PoisonError::into_inner) = Some(now);
                Ok(known)
            }
            (Err(error), _) => Err(error),
        }
    }

    fn failed_lately(&self, now: Timestamp) -> bool {
        let failed_at = *self.failed_at.lock().unwrap_or_else(PoisonError::into_inner);
        failed_at.is_some_and(|at| now.duration_since(at) < SEEN)
    }

    /// The same, seen alive a moment ago: a provider that doesn't answer is told here, in our words, and not by its own dead page.
    pub(super) async fn alive(&self, d: &Domain) -> Result<Arc<Provider>, PscError> {
        let now = d.now();
        match self.known() {
            Some(known) if now.duration_since(known.read_at) < SEEN => Ok(known),
            _ => self.read_once(now, SEEN).await,
        }
    }

    /// Asks for metadata and keys, unless somebody else has had them read meanwhile, or has waited for nothing.
    async fn read_once(&self, now: Timestamp, young: SignedDuration) -> Result<Arc<Provider>, PscError> {
        let failures = self.failures.load(Ordering::Relaxed);
        let _one = self.reading.lock().await;
        if let Some(known) = self.known()
            && now.duration_since(known.read_at) < young
        {
            return Ok(known);
        }
        if self.failures.load(Ordering::Relaxed) != failures {
            return Err(PscError::Unavailable("somebody else has just asked for nothing".into()));
        }
        match self.read(now).await {
            Ok(read) => {
                let read = Arc::new(read);
                self.keep(&read);
                Ok(read)
            }
            Err(error) => {
                self.failures.fetch_add(1, Ordering::Relaxed);
                Err(error)
            }
        }
    }

    /// The same with the keys of now: a token was signed with one that is not known yet. Anybody can send such a token: the provider
    /// is asked once in [`KEYS_AGAIN`], whatever becomes of it.
    pub(super) async fn with_new_keys(
        &self,
        d: &Domain,
        provider: &Arc<Provider>,
    ) -> Result<Arc<Provider>, PscError> {
        let _one = self.reading.lock().await;
        let now = d.now();
        let provider = &self.known().unwrap_or_else(|| Arc::clone(provider));
        if now.duration_since(provider.keys_read_at) < KEYS_AGAIN || !self.may_ask_keys(now) {
            return Ok(Arc::clone(provider));
        }
        let (keys, other_keys) = self.keys(&provider.metadata).await?;
        let read = Arc::new(Provider {
            metadata: provider.metadata.clone(),
            keys,
            other_keys,
            read_at: provider.read_at,
            keys_read_at: now,
        });
        self.keep(&read);
        Ok(read)
    }

    fn may_ask_keys(&self, now: Timestamp) -> bool {
        let mut asked_at = self.keys_asked_at.lock().unwrap_or_else(PoisonError::into_inner);
        let may = asked_at.is_none_or(|at| now.duration_since(at) >= KEYS_AGAIN);
        if may {
            *asked_at = Some(now);
        }
        may
    }

    async fn read(&self, now: Timestamp) -> Result<Provider, PscError> {
        let metadata: Metadata = self.get(&self.settings.discovery()).await?;
        // Metadata of another issuer would send codes and secrets elsewhere (RFC 8414, section 3.3).
        if metadata.issuer != self.settings.issuer {
            return Err(PscError::Unavailable(format!("metadata of another issuer: {}", metadata.issuer)));
        }
        let (keys, other_keys) = self.keys(&metadata).await?;
        Ok(Provider { metadata, keys, other_keys, read_at: now, keys_read_at: now })
    }

    async fn keys(
        &self,
        metadata: &Metadata,
    ) -> Result<(CoreJsonWebKeySet, jsonwebtoken::jwk::JwkSet), PscError> {
        let value: serde_json::Value = self.get(&metadata.jwks_uri).await?;
        let bad = |error: serde_json::Error| PscError::Unavailable(format!("keys: {error}"));
        Ok((serde_json::from_value(value.clone()).map_err(bad)?, serde_json::from_value(value).map_err(bad)?))
    }

    async fn get<T: DeserializeOwned>(&self, address: &str) -> Result<T, PscError> {
        let answer = self.ask(request(address, None)?).await?;
        if !answer.status().is_success() {
            return Err(PscError::Unavailable(format!("{address}: {}", answer.status())));
        }
        serde_json::from_slice(answer.body())
            .map_err(|error| PscError::Unavailable(format!("{address}: {error}")))
    }

    pub(super) async fn ask(&self, request: FetchRequest) -> Result<FetchResponse, PscError> {
        self.fetch.send(request).await.map_err(|error| PscError::Unavailable(error.to_string()))
    }
}

/// A GET, with a bearer token where there is one.
pub(super) fn request(address: &str, token: Option<&str>) -> Result<FetchRequest, PscError> {
    let mut request =
        http::Request::get(address).header(http::header::ACCEPT, "application/json, application/jwt;q=0.9");
    if let Some(token) = token {
        request = request.header(http::header::AUTHORIZATION, format!("Bearer {token}"));
    }
    request.body(vec![]).map_err(|error| PscError::Unavailable(format!("{address}: {error}")))
}
