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

/// Path of the page that linked here; `Referrer-Policy: same-origin` keeps it for our own pages only. Without the language that it
/// may have been asked for in: that would win over the choice.
fn back(headers: &HeaderMap) -> String {
    let referer = headers.get(header::REFERER).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let path = referer.splitn(4, '/').nth(3).unwrap_or("portal");
    let (path, query) = path.split_once('?').unwrap_or((path, ""));
    let kept: Vec<_> =
        query.split('&').filter(|pair| !pair.is_empty() && !pair.starts_with("lang=")).collect();
    let mark = if kept.is_empty() { "" } else { "?" };
    format!("/{}{mark}{}", path.trim_start_matches('/'), kept.join("&"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_choice_of_language_leads_back_to_the_page_and_wins_over_its_query() {
        let from = |referer: &str| {
            let mut headers = HeaderMap::new();
            headers.insert(header::REFERER, referer.parse().unwrap());
            back(&headers)
        };
        assert_eq!(from("https://carelink.example/portal/codes?page=2"), "/portal/codes?page=2");
        assert_eq!(from("https://carelink.example/portal/reset?t=abc&lang=en"), "/portal/reset?t=abc");
        assert_eq!(from("https://carelink.example/portal/reset?lang=en&t=abc"), "/portal/reset?t=abc");
        assert_eq!(from("https://carelink.example/legal?lang=en"), "/legal");
        assert_eq!(from("https://carelink.example//evil.example"), "/evil.example");
        assert_eq!(back(&HeaderMap::new()), "/portal");
    }
}
