//! The patient's pages and forms. They work without script; the script uses the same use cases.

mod enter;
mod form;
mod information;
mod metered;
mod page;
mod parts;
mod receipt;
mod send;
mod setup;
mod validate;

use app::deposit::{self, views::Message};
use axum::{
    Router,
    extract::{DefaultBodyLimit, Request},
    response::{IntoResponse, Response},
    routing::{get, post},
};
use http::header;
pub use setup::Setup;
use tower_http::limit::RequestBodyLimitLayer;

/// Routes of the patient's face. Bodies of files are limited by the use case, everything else here.
pub fn routes(setup: Setup) -> Router {
    let small = RequestBodyLimitLayer::new(16 * 1024);
    let forms = Router::new()
        .route("/", get(enter::home))
        .route("/d/{slug}", get(enter::ask).post(enter::enter))
        .route("/d/{slug}/{token}", get(enter::follow))
        .route("/d/{slug}/deposit/close", post(send::close))
        .route("/d/{slug}/r/{token}", get(receipt::show))
        .route("/d/{slug}/r/{token}/withdraw", get(receipt::ask).post(receipt::withdraw))
        .route("/api/v1/codes/validate", post(validate::validate))
        .route(deposit::paths::LEGAL, get(information::legal))
        .route(deposit::paths::PRIVACY, get(information::privacy))
        .route(deposit::paths::ACCESSIBILITY, get(information::accessibility))
        .layer(small);
    let files = Router::new()
        .route("/d/{slug}/deposit", get(page::show).post(form::form))
        .route("/d/{slug}/deposit/files", post(send::file))
        .route("/api/v1/documents/upload", post(send::upload))
        .layer(DefaultBodyLimit::disable());
    forms.merge(files).with_state(setup)
}

/// The page that says to wait, for a person; nothing for a program.
pub fn too_many(request: &Request, wait_seconds: u64) -> Option<Response> {
    let html =
        request.headers().get(header::ACCEPT).and_then(|value| value.to_str().ok())?.contains("text/html");
    let caller = request.extensions().get::<app::ssr::Caller>()?;
    if !html {
        return None;
    }
    let shell = setup::shell(caller, request.uri().path());
    let message = Message::TooManyRequests { wait_seconds };
    let mut response = setup::html(message.status(), deposit::message(&shell, &message));
    if let Ok(value) = wait_seconds.to_string().parse() {
        response.headers_mut().insert(header::RETRY_AFTER, value);
    }
    Some(response.into_response())
}

/// The page of an incident, for a person; a status for a program.
pub fn failed(caller: &app::ssr::Caller, path: &str, fault: &domain::Fault) -> Response {
    let page = setup::failure(caller, "/", fault);
    if path.starts_with("/api/") || path == "/ws" { page.status().into_response() } else { page }
}

/// The page that says that nothing lies here, for a person.
pub fn not_found(request: &Request) -> Option<Response> {
    let caller = request.extensions().get::<app::ssr::Caller>()?;
    Some(setup::message(caller, "/", &Message::NotFound))
}
