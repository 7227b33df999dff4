//! No other site makes a browser act here.
//!
//! Every unsafe method: `Sec-Fetch-Site` must be `same-origin`; without it `Origin` must be ours; with neither, only a
//! request without cookies and with a JSON body passes (clients with bearer tokens). Besides, whoever has cookies
//! shows a token bound to the session (or, before sign-in, to the browser): in a header, or as the first field of a form
//! that works without script (those handlers check it themselves, through [`check_field`]).
//!
//! A page of a named origin (`server.cors_origins`) passes as a program does: without cookies, with a JSON body. So it can
//! sign in and renew its tokens, and nothing ambient acts for it.

use std::sync::Arc;

use app::ssr::Caller;
use axum::{
    extract::{Request, State},
    middleware::Next,
    response::{IntoResponse, Response},
};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use domain::{Domain, vault::Purpose};
use http::{HeaderMap, Method, StatusCode, header};
use model::identity::Transport;
use subtle::ConstantTimeEq;

use super::refusal;
use crate::routes::psc;

/// What a request's token is bound to: the session, or the browser before sign-in.
#[derive(Clone)]
pub struct Bound(pub String);

/// In a request that needs no token, a form's included: it comes with a bearer token and without cookies.
#[derive(Clone, Copy)]
pub struct Exempt;

/// A fresh token: a random half and its keyed hash. Different on every page, so that compression gives nothing away.
pub fn token(d: &Domain, bound_to: &str) -> String {
    let random: [u8; 16] = d.random.bytes().unwrap_or_default();
    let mac = d.pepper.hash(Purpose::Csrf, &[bound_to.as_bytes(), &random]);
    URL_SAFE_NO_PAD.encode([&random[..], &mac[..16]].concat())
}

fn is_genuine(d: &Domain, bound_to: &str, token: &str) -> bool {
    let Ok(bytes) = URL_SAFE_NO_PAD.decode(token) else { return false };
    let Some((random, given)) = bytes.split_at_checked(16) else { return false };
    let mac = d.pepper.hash(Purpose::Csrf, &[bound_to.as_bytes(), random]);
    mac[..16].ct_eq(given).into()
}

/// Checks the first field of a form.
pub fn check_field(d: &Domain, bound: &Bound, token: Option<&str>) -> bool {
    token.is_some_and(|token| is_genuine(d, &bound.0, token))
}

/// The answer to a request from our own page whose token is no longer good.
pub fn stale(caller: &Caller, path: &str, headers: &HeaderMap) -> Response {
    refusal::answer(caller, path, headers, refusal::of_stale_token(caller, path))
}

/// What the layer needs to know of the server.
#[derive(Clone)]
pub struct Setup {
    /// The domain.
    pub domain: Domain,
    /// Our origin.
    pub origin: Arc<str>,
    /// Origins of others whose pages may call the API.
    pub friends: Arc<[String]>,
}

fn is_json(headers: &HeaderMap) -> bool {
    headers.get(header::CONTENT_TYPE).is_some_and(|kind| kind.as_bytes().starts_with(b"application/json"))
}

/// Whether a page of a named origin calls as a program would. JSON makes browsers ask first (CORS).
fn is_friend(headers: &HeaderMap, friends: &[String]) -> bool {
    let origin = headers.get(header::ORIGIN).and_then(|origin| origin.to_str().ok());
    origin.is_some_and(|origin| friends.iter().any(|friend| friend == origin))
        && is_json(headers)
        && !headers.contains_key(header::COOKIE)
}

/// Whether the request comes from a page of ours, or from no browser.
fn same_origin(headers: &HeaderMap, ours: &str) -> bool {
    let text = |name| headers.get(name).map(|value| value.to_str().unwrap_or("?"));
    match (text("sec-fetch-site"), text("origin")) {
        (Some(site), _) => site == "same-origin",
        (None, Some(origin)) => origin == ours,
        (None, None) => is_json(headers) && !headers.contains_key(header::COOKIE),
    }
}

/// Forms that work without script carry the token as a field; their handlers check it: what this lets pass, and nothing
/// narrower, they must ask for it.
pub fn is_form(headers: &HeaderMap) -> bool {
    headers.get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).is_some_and(|kind| {
        kind.starts_with("application/x-www-form-urlencoded") || kind.starts_with("multipart/form-data")
    })
}

/// The routes whose handlers check a form's first field.
fn takes_forms(path: &str) -> bool {
    (path.starts_with("/d/") && !path.ends_with("/deposit/files"))
        || path == "/portal/sign-in"
        || path == "/portal/sign-in/factor"
        || [
            "/portal/forgotten",
            "/portal/reset",
            "/portal/not-me",
            "/portal/register",
            "/portal/registration",
            "/auth/psc/link",
        ]
        .contains(&path)
        || path == "/api/v1/audit/export"
        || (path.starts_with("/api/v1/documents/") && path.ends_with("/download"))
}

/// Lets pass what is ours.
pub async fn layer(State(setup): State<Setup>, mut request: Request, next: Next) -> Response {
    if matches!(*request.method(), Method::GET | Method::HEAD | Method::OPTIONS | Method::TRACE) {
        return next.run(request).await;
    }
    // Another server's, with a signature of its own; the caller's layer reads no cookie of it.
    if request.uri().path() == psc::BACKCHANNEL {
        return next.run(request).await;
    }
    let headers = request.headers();
    let refuse = || (StatusCode::FORBIDDEN, "cross-site request refused").into_response();
    let bearer =
        request.extensions().get::<Caller>().is_some_and(|caller| caller.transport == Transport::Bearer);
    let has_cookies = headers.contains_key(header::COOKIE);
    // A bearer token is no ambient authority: no site can make a browser add it (CORS decides which may try).
    if bearer && !has_cookies {
        request.extensions_mut().insert(Exempt);
        return next.run(request).await;
    }
    if is_friend(headers, &setup.friends) {
        let mut response = next.run(request).await;
        // Other sites use bearer tokens: none leaves a session in the browser.
        response.headers_mut().remove(header::SET_COOKIE);
        return response;
    }
    if !same_origin(headers, &setup.origin) {
        return refuse();
    }
    let form = takes_forms(request.uri().path()) && is_form(headers);
    if has_cookies && !form {
        let given = headers.get("x-csrf-token").and_then(|token| token.to_str().ok());
        let bound = request.extensions().get::<Bound>();
        if !bound.zip(given).is_some_and(|(bound, token)| is_genuine(&setup.domain, &bound.0, token)) {
            // It comes from a page of ours, which has a right to know why it is refused.
            let caller = request.extensions().get::<Caller>();
            return caller.map_or_else(refuse, |caller| stale(caller, request.uri().path(), headers));
        }
    }
    next.run(request).await
}

#[cfg(test)]
mod tests {
    use super::*;

    fn passes(pairs: &[(&'static str, &'static str)]) -> bool {
        let headers =
            pairs.iter().map(|(k, v)| (k.parse().unwrap(), v.parse().unwrap())).collect::<HeaderMap>();
        same_origin(&headers, "https://carelink.example")
    }

    #[test]
    fn only_our_own_pages_and_plain_clients_pass() {
        assert!(passes(&[("sec-fetch-site", "same-origin")]));
        assert!(passes(&[("origin", "https://carelink.example")]));
        assert!(passes(&[("content-type", "application/json")]));
        for refused in [
            &[("sec-fetch-site", "cross-site")][..],
            &[("sec-fetch-site", "same-site"), ("origin", "https://carelink.example")],
            &[("sec-fetch-site", "none")],
            &[("origin", "null")],
            &[("origin", "https://carelink.example.evil.example")],
            &[("content-type", "text/plain")],
            &[("content-type", "application/json"), ("cookie", "a=b")],
            &[],
        ] {
            assert!(!passes(refused), "{refused:?}");
        }
    }
}
