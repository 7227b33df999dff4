//! Headers of every answer, errors and panics included: the outermost layer.

use axum::{
    extract::{Request, State},
    middleware::Next,
    response::Response,
};
use http::{HeaderName, HeaderValue, header};

/// What the patient's pages and everything without a policy of its own get.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: data:; \
    connect-src 'self'; font-src 'self'; form-action 'self'; base-uri 'none'; object-src 'none'; frame-ancestors 'none'";

/// What is true for the whole server.
#[derive(Clone, Copy)]
pub struct Transport {
    /// Whether people come over https.
    pub secure: bool,
}

/// Adds what is missing; an answer's own policy or cache rule stays.
pub async fn layer(State(transport): State<Transport>, request: Request, next: Next) -> Response {
    let path = request.uri().path();
    let public = path.starts_with("/pkg/") || path.starts_with("/assets/");
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    let mut put = |name: HeaderName, value: &'static str| {
        headers.entry(name).or_insert(HeaderValue::from_static(value));
    };
    put(header::CONTENT_SECURITY_POLICY, POLICY);
    put(header::X_CONTENT_TYPE_OPTIONS, "nosniff");
    // `no-referrer` would make browsers send `Origin: null` with forms.
    put(header::REFERRER_POLICY, "same-origin");
    put(HeaderName::from_static("cross-origin-opener-policy"), "same-origin");
    put(HeaderName::from_static("cross-origin-resource-policy"), "same-origin");
    put(
        HeaderName::from_static("permissions-policy"),
        "camera=(), microphone=(), geolocation=(), payment=(), usb=()",
    );
    put(header::X_FRAME_OPTIONS, "DENY");
    if transport.secure {
        put(header::STRICT_TRANSPORT_SECURITY, "max-age=31536000; includeSubDomains");
    }
    put(header::CACHE_CONTROL, if public { "public, max-age=3600" } else { "no-store" });
    response
}
