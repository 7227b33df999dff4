//! The portal's door: who is not signed in is sent to the sign-in page, and back afterwards.

use std::time::Duration;

use app::ssr::Caller;
use axum::{
    body::Body,
    extract::Request,
    middleware::Next,
    response::{IntoResponse, Redirect, Response},
};
use http::{Method, StatusCode};

/// Longer than any honest rendering.
const STALLED: Duration = Duration::from_secs(5);
const TRIES: u32 = 4;

const SIGN_IN: &str = "/portal/sign-in";

/// Sends people to the right door.
pub async fn layer(request: Request, next: Next) -> Response {
    let path = request.uri().path();
    let is_page = request.method() == Method::GET && (path == "/portal" || path.starts_with("/portal/"));
    if !is_page {
        return next.run(request).await;
    }
    let signed_in = request.extensions().get::<Caller>().is_some_and(|caller| caller.identified.is_some());
    match (path == SIGN_IN, signed_in) {
        (true, true) => Redirect::to("/portal").into_response(),
        (false, false) => {
            let wanted = request.uri().path_and_query().map_or("/portal", |target| target.as_str());
            let wanted: String = form_encode(wanted);
            Redirect::to(&format!("{SIGN_IN}?return={wanted}")).into_response()
        }
        _ => rendered(request, next).await,
    }
}

/// A page whose rendering stalls is rendered anew: on a fresh pool the wait for a connection can be lost while a page is
/// rendered. A GET changes nothing, so it can be done twice.
async fn rendered(request: Request, next: Next) -> Response {
    let (parts, _) = request.into_parts();
    for _ in 0..TRIES {
        let again = Request::from_parts(parts.clone(), Body::empty());
        if let Ok(response) = tokio::time::timeout(STALLED, next.clone().run(again)).await {
            return response;
        }
        tracing::warn!("a page stalled and is rendered anew");
    }
    StatusCode::SERVICE_UNAVAILABLE.into_response()
}

fn form_encode(text: &str) -> String {
    text.bytes()
        .map(|b| match b {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'/' => {
                char::from(b).to_string()
            }
            other => format!("%{other:02X}"),
        })
        .collect()
}
