//! Sixty requests a minute for a client whom nobody knows, to whatever has no limit of its own.
//!
//! Counted on each node, in memory: it bounds work, not guesses (those are counted in PostgreSQL, see `domain::limits`).

use std::{
    collections::HashMap,
    hash::{BuildHasher, RandomState},
    net::IpAddr,
    num::NonZeroU32,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

use app::{
    error::ErrorKind,
    ssr::{Caller, cookies},
};
use axum::{
    extract::{Request, State},
    middleware::Next,
    response::Response,
};
use governor::{DefaultKeyedRateLimiter, Quota, clock::Clock};

use super::refusal;
use crate::routes::psc;

/// A depositor's browser is remembered so long after its last file.
const REMEMBERED: Duration = Duration::from_mins(30);

/// Back-channel logouts for each ordinary request that an address may make.
const LOGOUTS: u32 = 10;

/// In the answer to a file: its sender holds a capability. (A cookie says nothing before it was looked up.)
#[derive(Clone, Copy)]
pub struct Depositor;

/// One counter a client, and the browsers of depositors who send files.
#[derive(Clone)]
pub struct Limiter {
    clients: Arc<DefaultKeyedRateLimiter<IpAddr>>,
    /// Of the identity provider, which may end many sessions at once, and must not be kept from it by who shares its address.
    provider: Arc<DefaultKeyedRateLimiter<IpAddr>>,
    depositors: Arc<Mutex<HashMap<u64, Instant>>>,
    hasher: RandomState,
}

impl Limiter {
    /// So many a minute.
    pub fn per_minute(n: u32) -> Self {
        let quota = Quota::per_minute(NonZeroU32::new(n).unwrap_or(NonZeroU32::MIN));
        let many = Quota::per_minute(NonZeroU32::new(n.saturating_mul(LOGOUTS)).unwrap_or(NonZeroU32::MIN));
        Self {
            clients: Arc::new(DefaultKeyedRateLimiter::keyed(quota)),
            provider: Arc::new(DefaultKeyedRateLimiter::keyed(many)),
            depositors: Arc::default(),
            hasher: RandomState::new(),
        }
    }

    /// Forgets clients that have not come for a while.
    pub fn sweep(&self) {
        self.clients.retain_recent();
        self.clients.shrink_to_fit();
        self.provider.retain_recent();
        self.provider.shrink_to_fit();
        self.depositors().retain(|_, last| last.elapsed() < REMEMBERED);
    }

    fn depositors(&self) -> MutexGuard<'_, HashMap<u64, Instant>> {
        self.depositors.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The browser that sends a file, by its cookie.
    fn sender(&self, request: &Request, caller: &Caller) -> Option<u64> {
        let file = request.uri().path().ends_with("/deposit/files");
        let cookie = file.then(|| cookies::read(request.headers(), "deposit", caller.secure)).flatten()?;
        Some(self.hasher.hash_one(cookie))
    }

    fn knows(&self, sender: u64) -> bool {
        self.depositors().get(&sender).is_some_and(|last| last.elapsed() < REMEMBERED)
    }

    fn learn(&self, sender: u64, deposits: bool) {
        if deposits {
            self.depositors().insert(sender, Instant::now());
        } else {
            self.depositors().remove(&sender);
        }
    }

    /// Seconds to wait, where it was too much.
    fn count(&self, path: &str, address: IpAddr) -> Result<(), u64> {
        let now = || governor::clock::DefaultClock::default().now();
        let of = if path == psc::BACKCHANNEL { &self.provider } else { &self.clients };
        let counted = of.check_key(&client(address));
        counted.map_err(|not_until| not_until.wait_time_from(now()).as_secs() + 1)
    }
}

/// Assets and health are not counted: a page has several assets.
fn counts(path: &str) -> bool {
    !["/pkg/", "/assets/", "/health"].iter().any(|prefix| path.starts_with(prefix))
        && path != "/icon.svg"
        && path != "/favicon.ico"
}

/// The IPv6 client is its /64.
pub(super) fn client(address: IpAddr) -> IpAddr {
    match address {
        IpAddr::V6(ip) => IpAddr::V6((ip.to_bits() & !u128::from(u64::MAX)).into()),
        v4 @ IpAddr::V4(_) => v4,
    }
}

/// Refuses, with a time to wait. Files of somebody who may deposit are not counted here: they have a limit of their own.
pub async fn layer(State(limiter): State<Limiter>, request: Request, next: Next) -> Response {
    let caller = request.extensions().get::<Caller>();
    let anonymous = caller.filter(|caller| caller.identified.is_none() && counts(request.uri().path()));
    let Some(caller) = anonymous else { return next.run(request).await };
    let sender = limiter.sender(&request, caller);
    if !sender.is_some_and(|sender| limiter.knows(sender))
        && let Err(wait) = limiter.count(request.uri().path(), caller.origin.address)
    {
        return refusal::answer(caller, request.uri().path(), request.headers(), ErrorKind::TooMany(wait));
    }
    let response = next.run(request).await;
    if let Some(sender) = sender {
        limiter.learn(sender, response.extensions().get::<Depositor>().is_some());
    }
    response
}
