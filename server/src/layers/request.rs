//! An id, one log line, and a task of its own: only the headers of every answer lie further out.
//!
//! The task makes a client's disconnect harmless: it can't cancel a transaction half-way. The line holds method,
//! route, status, time, ids; never a name, a code, a token or a document's name.

use std::time::Instant;

use app::ssr::Caller;
use axum::{
    extract::{MatchedPath, Request, State},
    middleware::Next,
    response::{IntoResponse, Response},
};
use domain::Domain;
use http::{HeaderValue, StatusCode};
use model::ids::RequestId;

/// The id that logs and error pages name.
pub const HEADER: &str = "x-request-id";

/// What inner layers found out, for the log line.
#[derive(Clone, Debug, Default)]
pub struct Known {
    /// Establishment of the session.
    pub establishment: Option<String>,
    /// Person.
    pub user: Option<String>,
}

impl From<&Caller> for Known {
    fn from(caller: &Caller) -> Self {
        let who = caller.identified.as_ref();
        Self {
            establishment: who.and_then(|who| who.establishment).map(|id| id.to_string()),
            user: who.map(|who| who.user.to_string()),
        }
    }
}

/// Runs the rest in a task, and logs.
pub async fn layer(State(d): State<Domain>, mut request: Request, next: Next) -> Response {
    let started = Instant::now();
    let id = RequestId(d.random.uuid(d.now()).unwrap_or_default());
    request.extensions_mut().insert(id);
    let method = request.method().clone();
    let route = request.extensions().get::<MatchedPath>().map(|path| path.as_str().to_owned());
    let ran = tokio::spawn(next.run(request)).await;
    let mut response = ran.unwrap_or_else(|error| {
        tracing::error!(%error, request = %id, "a handler ended abnormally");
        StatusCode::INTERNAL_SERVER_ERROR.into_response()
    });
    let known = response.extensions().get::<Known>().cloned().unwrap_or_default();
    let status = response.status().as_u16();
    let route = route.as_deref().unwrap_or("(none)");
    let ms = started.elapsed().as_millis();
    tracing::info!(target: "request", %method, route, status, ms, request = %id,
        establishment = known.establishment, user = known.user);
    if let Ok(value) = HeaderValue::from_str(&id.to_string()) {
        response.headers_mut().insert(HEADER, value);
    }
    response
}
