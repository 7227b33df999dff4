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

use app::{
    deposit::{self, views::Message},
    ssr::Caller,
};
use axum::{
    Router,
    extract::{DefaultBodyLimit, Request},
    response::Response,
    routing::{get, post},
};
pub use setup::{Setup, lang};
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

/// A page that only says something.
pub fn say(caller: &Caller, path: &str, message: &Message) -> Response {
    setup::message(caller, path, message)
}

/// The page that says that nothing lies here, for a person.
pub fn not_found(request: &Request) -> Option<Response> {
    let caller = request.extensions().get::<Caller>()?;
    Some(say(caller, "/", &Message::NotFound))
}
