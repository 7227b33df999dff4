//! A layer's refusal in the form that whoever asked can read: a page for a person, JSON for the scripts of our pages.

use app::{
    deposit::{
        views::{Message, Refusal},
        wire,
    },
    error::{ApiError, ErrorKind},
    ssr::Caller,
};
use axum::{
    Json,
    response::{IntoResponse, Response},
};
use domain::Refused;
use http::{HeaderMap, HeaderValue, StatusCode, header};

use crate::routes::deposit;

/// Server functions that nobody needs to be signed in for.
const OPEN: [&str; 13] = [
    "/api/v1/auth/email/confirm",
    "/api/v1/auth/factor",
    "/api/v1/auth/login",
    "/api/v1/auth/not_me",
    "/api/v1/auth/passkey",
    "/api/v1/auth/passkey/challenge",
    "/api/v1/auth/refresh",
    "/api/v1/auth/register",
    "/api/v1/auth/register/confirm",
    "/api/v1/auth/reset",
    "/api/v1/auth/reset/ask",
    "/api/v1/codes/validate",
    "/api/v1/members/invitation/account",
];

/// Why a request from our own pages has a token that is no longer good: the session ended, another tab has gone to
/// another establishment, or somebody signed in anew.
pub fn of_stale_token(caller: &Caller, path: &str) -> ErrorKind {
    let inside = path.starts_with("/api/v1/") && !OPEN.contains(&path) && !is_deposit(path);
    match &caller.identified {
        None if inside => ErrorKind::NotSignedIn,
        Some(who)
            if caller
                .page_establishment
                .is_some_and(|page| who.establishment.is_none_or(|now| now != page)) =>
        {
            ErrorKind::OtherEstablishment
        }
        _ => ErrorKind::StalePage,
    }
}

/// The patient's script and the API's upload have their own words.
fn is_deposit(path: &str) -> bool {
    path.starts_with("/d/") || path == "/api/v1/documents/upload"
}

fn accepts(headers: &HeaderMap, kind: &str) -> bool {
    headers
        .get(header::ACCEPT)
        .and_then(|value| value.to_str().ok())
        .is_some_and(|value| value.contains(kind))
}

/// A kind's status.
pub fn status(kind: ErrorKind) -> StatusCode {
    StatusCode::from_u16(kind.status()).unwrap_or(StatusCode::FORBIDDEN)
}

/// The answer: its status is the kind's.
pub fn answer(caller: &Caller, path: &str, headers: &HeaderMap, kind: ErrorKind) -> Response {
    let person = accepts(headers, "text/html");
    let request = caller.origin.request.to_string();
    let mut response = if is_deposit(path) && !person {
        let lang = deposit::lang(caller.language);
        Json(wire::Refused::new(lang, refusal(kind), request)).into_response()
    } else if path.starts_with("/api/") && !person {
        Json(ApiError { kind, request_id: Some(request) }).into_response()
    } else if path == "/ws" {
        ().into_response()
    } else {
        // Its switch of languages leads to a page: nothing answers a GET where a form went to.
        let page = if path.starts_with("/api/") { "/portal" } else { path };
        deposit::say(caller, page, &message(caller, path, kind))
    };
    *response.status_mut() = status(kind);
    if let ErrorKind::TooMany(seconds) = kind {
        response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
    }
    response
}

/// The answer to a form whose use case refuses. An incident is logged.
pub fn of_use_case(caller: &Caller, path: &str, headers: &HeaderMap, why: &Refused) -> Response {
    let kind = match why {
        Refused::Forbidden => ErrorKind::Forbidden,
        Refused::NotFound => ErrorKind::NotFound,
        Refused::Fault(fault) => {
            tracing::error!(error = %fault, request = %caller.origin.request, "incident");
            ErrorKind::Internal
        }
    };
    answer(caller, path, headers, kind)
}

fn message(caller: &Caller, path: &str, kind: ErrorKind) -> Message {
    match kind {
        ErrorKind::TooMany(wait_seconds) => {
            let back = caller.identified.is_some().then(|| "/portal".to_owned());
            Message::TooManyRequests { wait_seconds, back }
        }
        ErrorKind::Forbidden => Message::Forbidden,
        ErrorKind::NotFound => Message::Gone,
        ErrorKind::NotSignedIn => Message::SignedOut,
        ErrorKind::OtherEstablishment => Message::OtherEstablishment,
        ErrorKind::Internal => Message::Failure { request_id: caller.origin.request.to_string() },
        _ => {
            let back = match path {
                "/portal/sign-in" => path,
                _ if is_deposit(path) => "/",
                _ => "/portal",
            };
            Message::Refused { back: Some(back.to_owned()) }
        }
    }
}

const fn refusal(kind: ErrorKind) -> Refusal {
    match kind {
        ErrorKind::TooMany(wait_seconds) => Refusal::TooManyAttempts { wait_seconds },
        ErrorKind::Internal => Refusal::Unavailable,
        _ => Refusal::SessionExpired,
    }
}
