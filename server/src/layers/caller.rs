//! Who calls: cookies or bearer token → session; an expired access cookie is renewed here, before anything is rendered.

use std::sync::Arc;

use app::{
    error::ErrorKind,
    ssr::{Caller, cookies},
};
use axum::{
    extract::{Request, State},
    middleware::Next,
    response::Response,
};
use domain::{
    Domain, Fault, Origin,
    identity::{self, Identified, RefreshError},
    vault::Purpose,
};
use http::{HeaderMap, HeaderName, HeaderValue, header};
use ipnet::IpNet;
use model::{identity::Transport, ids::RequestId, time::Language};

use crate::routes::psc;

use super::{client, csrf, portal, refusal, request::Known, strangers::Strangers};

/// What the layer needs to know of the server.
#[derive(Clone)]
pub struct Setup {
    /// The domain.
    pub domain: Domain,
    /// Whether people come over https.
    pub secure: bool,
    /// Proxies that are believed.
    pub trusted_proxies: Arc<[IpNet]>,
    /// Whether demonstration data is served.
    pub demonstration: bool,
    /// Cookies of nobody.
    pub strangers: Strangers,
}

type Lines = Vec<(HeaderName, HeaderValue)>;

/// Who calls, as far as cookies or a token tell.
struct Found {
    identified: Option<Arc<Identified>>,
    transport: Transport,
    lines: Lines,
    /// The refresh token had been used before: the session has just been ended.
    reused: bool,
}

impl Found {
    const fn nobody() -> Self {
        Self { identified: None, transport: Transport::Cookie, lines: vec![], reused: false }
    }

    fn session(identified: Option<Arc<Identified>>, lines: Lines) -> Self {
        Self { identified, lines, ..Self::nobody() }
    }
}

/// Why it can't be said who calls.
enum Unknown {
    /// An incident.
    Fault(Fault),
    /// Too many cookies of nobody came from there: seconds to wait.
    TooMany(u64),
}

impl From<Fault> for Unknown {
    fn from(fault: Fault) -> Self {
        Self::Fault(fault)
    }
}

/// Puts [`Caller`] and the domain into the request, and new cookies into the answer.
pub async fn layer(State(setup): State<Setup>, request: Request, next: Next) -> Response {
    let (mut parts, body) = request.into_parts();
    let d = &setup.domain;
    let origin = Origin {
        address: client::address(&parts, &setup.trusted_proxies),
        request: parts.extensions.get::<RequestId>().copied().unwrap_or(RequestId(uuid::Uuid::nil())),
    };
    let path = parts.uri.path();
    let background = is_background(&parts.headers) || path == "/ws";
    // Rotation needs an answer that the browser keeps: never for sockets, prefetches or assets.
    let may_rotate = path != "/ws" && !is_prefetch(&parts.headers);
    let found = if path == psc::BACKCHANNEL {
        // It passes without a token of a page: nothing ambient may act there.
        Ok(Found::nobody())
    } else {
        identify(&setup, &parts.headers, origin, background, may_rotate).await
    };
    let (unknown, Found { identified, transport, mut lines, reused }) = match found {
        Ok(found) => (None, found),
        Err(unknown) => (Some(unknown), Found::nobody()),
    };
    if reused {
        // Most often a call of a page's script learns it; the person is told at the next page.
        lines.push((header::SET_COOKIE, portal::reuse_line(setup.secure)));
        parts.extensions.insert(portal::Reused);
    }
    let browser = browser_cookie(d, &parts.headers, setup.secure, &mut lines);
    let bound_to = identified.as_ref().map_or_else(|| browser.clone(), |who| who.session.to_string());
    let of_account = identified.as_ref().map(|who| who.language);
    let caller = Caller {
        language: language(&parts.headers, setup.secure, of_account),
        csrf: csrf::token(d, &bound_to),
        csrf_for: csrf::token,
        identified,
        origin,
        secure: setup.secure,
        transport,
        known_as: known_as(d, &parts.headers, setup.secure),
        user_agent: text(&parts.headers, &header::USER_AGENT).map(str::to_owned),
        page_establishment: text(&parts.headers, &HeaderName::from_static("x-establishment"))
            .and_then(|id| id.parse().ok()),
        demonstration: setup.demonstration,
    };
    if let Some(unknown) = unknown {
        // Not "nobody": that would send signed-in people to the sign-in page.
        let kind = match unknown {
            Unknown::Fault(fault) => {
                tracing::error!(error = %fault, request = %caller.origin.request, "incident");
                ErrorKind::Internal
            }
            Unknown::TooMany(wait) => ErrorKind::TooMany(wait),
        };
        return refusal::answer(&caller, path, &parts.headers, kind);
    }
    let known = Known::from(&caller);
    parts.extensions.insert(csrf::Bound(bound_to));
    parts.extensions.insert(caller);
    parts.extensions.insert(d.clone());
    let mut response = next.run(Request::from_parts(parts, body)).await;
    response.extensions_mut().insert(known);
    let headers = response.headers_mut();
    // A handler that set the same cookie (sign-in, sign-out) has the last word.
    for (name, value) in lines {
        let cookie =
            value.to_str().ok().and_then(|line| line.split('=').next()).unwrap_or_default().to_owned();
        let taken = headers
            .get_all(header::SET_COOKIE)
            .iter()
            .any(|line| line.to_str().is_ok_and(|line| line.starts_with(&format!("{cookie}="))));
        if !taken {
            headers.append(name, value);
        }
    }
    response
}

async fn identify(
    setup: &Setup,
    headers: &HeaderMap,
    origin: Origin,
    background: bool,
    may_rotate: bool,
) -> Result<Found, Unknown> {
    let d = &setup.domain;
    if let Some(token) = text(headers, &header::AUTHORIZATION).and_then(|value| value.strip_prefix("Bearer "))
    {
        let identified = identity::authenticate(d, token, background).await?;
        return Ok(Found { identified, transport: Transport::Bearer, ..Found::nobody() });
    }
    if let Some(token) = cookies::read(headers, cookies::ACCESS, setup.secure)
        && let Some(who) = identity::authenticate(d, token, background).await?
    {
        return Ok(Found::session(Some(who), vec![]));
    }
    let refresh = cookies::read(headers, cookies::REFRESH, setup.secure).filter(|_| may_rotate);
    let Some(token) = refresh else { return Ok(Found::nobody()) };
    setup.strangers.begin(origin.address, d.now()).map_err(Unknown::TooMany)?;
    let refreshed = identity::refresh(d, token, origin, !background).await;
    if !matches!(refreshed, Err(RefreshError::NoSession)) {
        setup.strangers.give_back(origin.address);
    }
    match refreshed {
        Ok(issued) => {
            let who = identity::authenticate_id(d, issued.session, background).await?;
            Ok(Found::session(who, cookies::session_lines(&issued, setup.secure).into()))
        }
        // Cookies are not cleared here: the loser of a race would sign out the winner.
        Err(RefreshError::NoSession) => Ok(Found::nobody()),
        Err(RefreshError::Reused) => Ok(Found { reused: true, ..Found::nobody() }),
        Err(RefreshError::Fault(fault)) => Err(fault.into()),
    }
}

/// Whether a cookie's value is one of those that [`random`] makes.
fn is_ours(value: &&str) -> bool {
    value.len() == 32 && value.bytes().all(|b| b.is_ascii_hexdigit())
}

fn random(d: &Domain) -> String {
    let random: [u8; 16] = d.random.bytes().unwrap_or_default();
    crate::keys::to_hex(&d.pepper.hash(Purpose::Browser, &[&random])[..16])
}

/// What the browser is known again by. A new one is kept once somebody has signed in.
fn known_as(d: &Domain, headers: &HeaderMap, secure: bool) -> String {
    let kept = cookies::read(headers, cookies::DEVICE, secure).filter(is_ours);
    kept.map_or_else(|| random(d), str::to_owned)
}

/// The random value that anonymous forms are bound to; made at the first visit.
fn browser_cookie(d: &Domain, headers: &HeaderMap, secure: bool, lines: &mut Lines) -> String {
    if let Some(value) = cookies::read(headers, cookies::BROWSER, secure).filter(is_ours) {
        return value.to_owned();
    }
    let value = random(d);
    lines.push((header::SET_COOKIE, cookies::line(cookies::BROWSER, &value, secure, None)));
    value
}

fn text<'h>(headers: &'h HeaderMap, name: &HeaderName) -> Option<&'h str> {
    headers.get(name).and_then(|value| value.to_str().ok())
}

fn is_background(headers: &HeaderMap) -> bool {
    headers.contains_key("x-background") || is_prefetch(headers)
}

fn is_prefetch(headers: &HeaderMap) -> bool {
    ["sec-purpose", "purpose"].iter().any(|name| {
        headers
            .get(*name)
            .and_then(|value| value.to_str().ok())
            .is_some_and(|value| value.contains("prefetch"))
    })
}

/// What was chosen in this browser, then the account's, then `Accept-Language` (first listed of ours), then French.
fn language(headers: &HeaderMap, secure: bool, of_account: Option<Language>) -> Language {
    let chosen = cookies::read(headers, cookies::LANGUAGE, secure).and_then(Language::from_tag);
    let accepted =
        || text(headers, &header::ACCEPT_LANGUAGE)?.split(',').find_map(|tag| Language::from_tag(tag.trim()));
    chosen.or(of_account).or_else(accepted).unwrap_or_default()
}
