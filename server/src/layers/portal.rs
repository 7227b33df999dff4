//! The portal's door: who is not signed in is sent to the sign-in page, and back afterwards.

use app::ssr::Caller;
use axum::{
    extract::Request,
    middleware::Next,
    response::{IntoResponse, Redirect, Response},
};
use http::Method;

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
        _ => next.run(request).await,
    }
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
