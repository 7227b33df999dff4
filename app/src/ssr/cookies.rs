//! Names and flags of every cookie, in one place.
//!
//! `__Host-` (RFC 6265bis): Secure, Path=/, no Domain, so that no neighbour can set or read them. Plain http, which only
//! demonstration and development use, can't have the prefix. Lax and not Strict: Strict would break the return from
//! Pro Santé Connect.

use domain::identity::Issued;
use http::{HeaderMap, HeaderName, HeaderValue, header::SET_COOKIE};
use leptos::prelude::*;
use leptos_axum::ResponseOptions;

/// Access token (JWT).
pub const ACCESS: &str = "access";
/// Refresh token.
pub const REFRESH: &str = "refresh";
/// Random value that anonymous forms are bound to.
pub const BROWSER: &str = "browser";
/// Why a session was ended, until the sign-in page has said it.
pub const ENDED: &str = "ended";
/// What binds a way to Pro Santé Connect and back to this browser.
pub const PSC: &str = "psc";
/// What a browser is known again by, so that a sign-in with another one can be told to the account's owner.
pub const DEVICE: &str = "device";
/// A sign-in that waits for its second factor.
pub const SIGN_IN: &str = "sign-in";
/// Language chosen by a person.
pub const LANGUAGE: &str = "lang";

/// Name of a cookie under the scheme of the public address.
pub fn name(base: &str, secure: bool) -> String {
    if secure { format!("__Host-{base}") } else { format!("carelink-{base}") }
}

/// Value of a cookie of the request.
pub fn read<'h>(headers: &'h HeaderMap, base: &str, secure: bool) -> Option<&'h str> {
    let name = name(base, secure);
    headers
        .get_all(http::header::COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find(|(key, _)| *key == name)
        .map(|(_, value)| value)
}

/// A `Set-Cookie` line. `max_age` in seconds; none lasts as long as the browser runs; zero removes.
pub fn line(base: &str, value: &str, secure: bool, max_age: Option<i64>) -> HeaderValue {
    let name = name(base, secure);
    let secure = if secure { "; Secure" } else { "" };
    let age = max_age.map(|age| format!("; Max-Age={age}")).unwrap_or_default();
    let text = format!("{name}={value}; Path=/; HttpOnly; SameSite=Lax{secure}{age}");
    // Every value is made by us of URL-safe characters.
    HeaderValue::from_str(&text).unwrap_or(HeaderValue::from_static(""))
}

/// The two lines that carry a session.
pub fn session_lines(issued: &Issued, secure: bool) -> [(HeaderName, HeaderValue); 2] {
    [
        (SET_COOKIE, line(ACCESS, &issued.access, secure, None)),
        (SET_COOKIE, line(REFRESH, &issued.refresh, secure, None)),
    ]
}

/// The lines of a sign-in: the session's, and the one by which the browser is known the next time (400 days, the most that
/// browsers keep: RFC 6265bis).
pub fn sign_in_lines(issued: &Issued, device: &str, secure: bool) -> [(HeaderName, HeaderValue); 3] {
    let [access, refresh] = session_lines(issued, secure);
    [access, refresh, (SET_COOKIE, line(DEVICE, device, secure, Some(400 * 86_400)))]
}

/// The lines of a sign-out: the session's, and the language that was chosen meanwhile. The next person at this desk has their own.
pub fn sign_out_lines(secure: bool) -> [(HeaderName, HeaderValue); 3] {
    let [access, refresh] = clear_lines(secure);
    [access, refresh, (SET_COOKIE, line(LANGUAGE, "", secure, Some(0)))]
}

/// The two lines that end it.
pub fn clear_lines(secure: bool) -> [(HeaderName, HeaderValue); 2] {
    [(SET_COOKIE, line(ACCESS, "", secure, Some(0))), (SET_COOKIE, line(REFRESH, "", secure, Some(0)))]
}

/// Adds lines to the answer of the current server function.
pub fn add(lines: impl IntoIterator<Item = (HeaderName, HeaderValue)>) {
    if let Some(response) = use_context::<ResponseOptions>() {
        for (name, value) in lines {
            response.append_header(name, value);
        }
    }
}
