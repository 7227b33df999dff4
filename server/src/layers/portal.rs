//! The portal's door: who is not signed in is sent to the sign-in page, and back afterwards.

use app::{
    identity::destination,
    ssr::{Caller, cookies},
};
use axum::{
    extract::{Query, Request},
    middleware::Next,
    response::{AppendHeaders, IntoResponse, Redirect, Response},
};
use domain::identity::Identified;
use http::{HeaderValue, Method, Uri, header};
use serde::Deserialize;

const SIGN_IN: &str = "/portal/sign-in";
/// Pages for whoever has forgotten a password or got a mail: signed in or not.
const OPEN: [&str; 7] = [
    "/portal/forgotten",
    "/portal/reset",
    "/portal/not-me",
    "/portal/invitation",
    "/portal/email",
    "/portal/register",
    "/portal/registration",
];
/// One's own account.
const ACCOUNT: &str = "/portal/account";
/// Where a second factor is set up.
const SECOND_FACTOR: &str = "/portal/second-factor";
/// Where an activity and an establishment are chosen.
const CHOOSE: &str = "/portal/choose";
/// Where it is said that a session was ended because its token came twice.
const REUSE: &str = "/portal/sign-in?ended=reuse";
/// The cookie that says so until then, and how long it waits for somebody to come.
const REUSED: &str = "reuse";
const REUSED_SECONDS: i64 = 600;

/// In the request whose refresh token had been used before.
#[derive(Clone, Copy)]
pub struct Reused;

/// The line that keeps the reason for the next page.
pub fn reuse_line(secure: bool) -> HeaderValue {
    cookies::line(cookies::ENDED, REUSED, secure, Some(REUSED_SECONDS))
}

/// Sends people to the right door.
pub async fn layer(request: Request, next: Next) -> Response {
    let path = request.uri().path();
    let is_page = request.method() == Method::GET && (path == "/portal" || path.starts_with("/portal/"));
    if !is_page || OPEN.contains(&path) {
        return next.run(request).await;
    }
    let caller = request.extensions().get::<Caller>();
    let signed_in = caller.is_some_and(|caller| caller.identified.is_some());
    let secure = caller.is_some_and(|caller| caller.secure);
    let reused = request.extensions().get::<Reused>().is_some()
        || cookies::read(request.headers(), cookies::ENDED, secure) == Some(REUSED);
    if reused && !signed_in {
        let told = (header::SET_COOKIE, cookies::line(cookies::ENDED, "", secure, Some(0)));
        let lines = cookies::clear_lines(secure).into_iter().chain([told]).collect::<Vec<_>>();
        let back = form_encode(&wanted(request.uri()));
        return (AppendHeaders(lines), Redirect::to(&format!("{REUSE}&return={back}"))).into_response();
    }
    let room = caller.and_then(|caller| caller.identified.as_deref()).and_then(anteroom);
    // One's own account needs no place to work.
    let open = |room: &str| path == room || (path == ACCOUNT && room == CHOOSE && works_nowhere(caller));
    if let Some(room) = room.filter(|room| !open(room)) {
        return Redirect::to(&format!("{room}?return={}", form_encode(&wanted(request.uri()))))
            .into_response();
    }
    match (path == SIGN_IN, signed_in) {
        // A window that was opened to sign in, when somebody had done so in another one, still ends where it was to.
        (true, true) => Redirect::to(&wanted(request.uri())).into_response(),
        (false, false) => {
            let wanted = form_encode(&wanted(request.uri()));
            Redirect::to(&format!("{SIGN_IN}?return={wanted}")).into_response()
        }
        _ => next.run(request).await,
    }
}

/// What the sign-in page's address asks for.
#[derive(Default, Deserialize)]
struct Asked {
    #[serde(rename = "return")]
    back: Option<String>,
}

/// The page that somebody is on the way to: this one, or the one that is to follow the sign-in. Always one of ours.
fn wanted(uri: &Uri) -> String {
    if uri.path() == SIGN_IN {
        return destination(Query::<Asked>::try_from_uri(uri).unwrap_or_default().0.back);
    }
    uri.path_and_query().map_or("/portal", |target| target.as_str()).to_owned()
}

fn works_nowhere(caller: Option<&Caller>) -> bool {
    let who = caller.and_then(|caller| caller.identified.as_deref());
    who.is_some_and(|who| who.establishment.is_none() && !who.needs_practice)
}

/// Where somebody who is signed in has something to do before anything else.
fn anteroom(who: &Identified) -> Option<&'static str> {
    if who.needs_factor {
        Some(SECOND_FACTOR)
    } else if who.needs_practice || (who.establishment.is_none() && !who.platform_administrator) {
        Some(CHOOSE)
    } else {
        None
    }
}

/// Percent-encodes a value of a query.
pub fn form_encode(text: &str) -> String {
    text.bytes()
        .map(|b| match b {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'/' => {
                char::from(b).to_string()
            }
            other => format!("%{other:02X}"),
        })
        .collect()
}
