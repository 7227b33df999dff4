//! Choosing a language: a cookie, and back to where one was.

use app::ssr::{Caller, cookies};
use axum::{
    Extension,
    extract::Path,
    response::{IntoResponse, Redirect, Response},
};
use http::{HeaderMap, StatusCode, header};
use model::time::Language;

/// A year.
pub const KEPT: i64 = 365 * 24 * 3600;

/// Keeps the choice for a year.
pub async fn choose(
    Path(tag): Path<String>,
    headers: HeaderMap,
    Extension(caller): Extension<Caller>,
) -> Response {
    let Some(language) = Language::from_tag(&tag) else { return StatusCode::NOT_FOUND.into_response() };
    let line = cookies::line(cookies::LANGUAGE, language.tag(), caller.secure, Some(KEPT));
    ([(header::SET_COOKIE, line)], Redirect::to(&back(&headers))).into_response()
}

/// Path of the page that linked here; `Referrer-Policy: same-origin` keeps it for our own pages only.
fn back(headers: &HeaderMap) -> String {
    let referer = headers.get(header::REFERER).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let path = referer.splitn(4, '/').nth(3).unwrap_or("portal");
    format!("/{}", path.trim_start_matches('/'))
}
