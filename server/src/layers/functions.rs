//! The status of a server function that could not even read its arguments: Leptos says 500 for everything that has not
//! set one, and a malformed request is no incident.

use app::error::ApiError;
use axum::{
    body::{Body, to_bytes},
    extract::Request,
    middleware::Next,
    response::Response,
};
use http::StatusCode;

/// Most of an error's body.
const MOST: usize = 16 * 1024;
/// Set by Leptos on the error of a server function.
const ERROR: &str = "serverfnerror";

/// Takes the status from the error's kind.
pub async fn layer(request: Request, next: Next) -> Response {
    let response = next.run(request).await;
    if response.status() != StatusCode::INTERNAL_SERVER_ERROR || !response.headers().contains_key(ERROR) {
        return response;
    }
    let (mut parts, body) = response.into_parts();
    let body = to_bytes(body, MOST).await.unwrap_or_default();
    let kind = serde_json::from_slice::<ApiError>(&body).map(|error| error.kind);
    if let Some(status) = kind.ok().and_then(|kind| StatusCode::from_u16(kind.status()).ok()) {
        parts.status = status;
    }
    Response::from_parts(parts, Body::from(body))
}
