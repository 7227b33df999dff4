//! Style and script of the patient's pages, and the icon: part of the program, so that they can't be missing or old.

use std::sync::LazyLock;

use axum::{
    Router,
    extract::Request,
    middleware::Next,
    response::{IntoResponse, Response},
    routing::get,
};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use http::{HeaderValue, header};

const STYLE: &str = include_str!("../../../style/deposit.css");
/// One file of several parts: an old phone on a slow network asks once. What all share comes first, what begins last.
const SCRIPT: &str = concat!(
    include_str!("../../../frontend/assets/deposit/common.js"),
    include_str!("../../../frontend/assets/deposit/receipt.js"),
    include_str!("../../../frontend/assets/deposit/files.js"),
    include_str!("../../../frontend/assets/deposit/list.js"),
    include_str!("../../../frontend/assets/deposit/transfer.js"),
    include_str!("../../../frontend/assets/deposit/deposit.js"),
);
const ICON: &str = include_str!("../../../frontend/assets/icon.svg");

fn versioned(path: &str, content: &str) -> String {
    let hash = domain::vault::digest(content.as_bytes());
    format!("{path}?v={}", URL_SAFE_NO_PAD.encode(&hash[..6]))
}

/// Address of the style, which changes with its content.
pub static STYLE_HREF: LazyLock<String> = LazyLock::new(|| versioned("/assets/deposit.css", STYLE));
/// Address of the script.
pub static SCRIPT_HREF: LazyLock<String> = LazyLock::new(|| versioned("/assets/deposit.js", SCRIPT));

/// For what changes its address with its content.
const FOREVER: &str = "public, max-age=31536000, immutable";
/// Characters of the hash in a name: MD5 in unpadded base64, by `cargo leptos`.
const HASH: usize = 22;

/// Whether a name is `<stem>.<hash>.<ending>`.
fn has_hash(path: &str) -> bool {
    let hash = path.rsplit('/').next().and_then(|name| name.rsplit('.').nth(1));
    hash.is_some_and(|hash| {
        hash.len() == HASH && hash.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_')
    })
}

/// Names with a hash are kept for ever. A build may leave the hashes out (`LEPTOS_HASH_FILES`): what has none is asked
/// again, for the next version has the same name.
pub async fn cache(request: Request, next: Next) -> Response {
    let hashed = request.uri().path().starts_with("/pkg/") && has_hash(request.uri().path());
    let mut response = next.run(request).await;
    if response.status().is_success() && hashed {
        response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static(FOREVER));
    }
    response
}

fn forever(kind: &'static str, content: &'static str) -> Response {
    ([(header::CONTENT_TYPE, kind), (header::CACHE_CONTROL, FOREVER)], content).into_response()
}

/// The three files.
pub fn routes() -> Router {
    Router::new()
        .route("/assets/deposit.css", get(|| async { forever("text/css; charset=utf-8", STYLE) }))
        .route("/assets/deposit.js", get(|| async { forever("text/javascript; charset=utf-8", SCRIPT) }))
        .route("/icon.svg", get(|| async { forever("image/svg+xml", ICON) }))
        .route("/favicon.ico", get(|| async { forever("image/svg+xml", ICON) }))
}
