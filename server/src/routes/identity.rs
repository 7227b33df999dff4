//! The public keys of access tokens.

use axum::{Json, extract::State, response::IntoResponse};
use domain::Domain;
use http::header;

/// JSON Web Key Set (RFC 7517).
pub async fn jwks(State(d): State<Domain>) -> impl IntoResponse {
    ([(header::CACHE_CONTROL, "public, max-age=300")], Json(d.tokens.jwks()))
}
