//! Sixty requests a minute for a client whom nobody knows, to whatever has no limit of its own.
//!
//! Counted on each node, in memory: it bounds work, not guesses (those are counted in PostgreSQL, see `domain::limits`).

use std::{net::IpAddr, num::NonZeroU32, sync::Arc};

use app::{error::ErrorKind, ssr::Caller};
use axum::{
    extract::{Request, State},
    middleware::Next,
    response::Response,
};
use governor::{DefaultKeyedRateLimiter, Quota, clock::Clock};

use super::refusal;

/// One counter a client.
#[derive(Clone)]
pub struct Limiter(Arc<DefaultKeyedRateLimiter<IpAddr>>);

impl Limiter {
    /// So many a minute.
    pub fn per_minute(n: u32) -> Self {
        let quota = Quota::per_minute(NonZeroU32::new(n).unwrap_or(NonZeroU32::MIN));
        Self(Arc::new(DefaultKeyedRateLimiter::keyed(quota)))
    }

    /// Forgets clients that have not come for a while.
    pub fn sweep(&self) {
        self.0.retain_recent();
        self.0.shrink_to_fit();
    }
}

/// Assets, health and files under way are not counted: a page has several assets, a deposit several files with a
/// limit of their own.
fn counts(path: &str) -> bool {
    !["/pkg/", "/assets/", "/health"].iter().any(|prefix| path.starts_with(prefix))
        && !path.ends_with("/deposit/files")
        && path != "/icon.svg"
        && path != "/favicon.ico"
}

/// The IPv6 client is its /64.
fn client(address: IpAddr) -> IpAddr {
    match address {
        IpAddr::V6(ip) => IpAddr::V6((ip.to_bits() & !u128::from(u64::MAX)).into()),
        v4 @ IpAddr::V4(_) => v4,
    }
}

/// Refuses, with a time to wait.
pub async fn layer(State(limiter): State<Limiter>, request: Request, next: Next) -> Response {
    let caller = request.extensions().get::<Caller>();
    let anonymous = caller.filter(|caller| caller.identified.is_none() && counts(request.uri().path()));
    if let Some(caller) = anonymous
        && let Err(not_until) = limiter.0.check_key(&client(caller.origin.address))
    {
        let wait = not_until.wait_time_from(governor::clock::DefaultClock::default().now()).as_secs() + 1;
        return refusal::answer(caller, request.uri().path(), request.headers(), ErrorKind::TooMany(wait));
    }
    next.run(request).await
}
