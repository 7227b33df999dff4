//! Legal notice, personal data, accessibility.

use app::{deposit, ssr::Caller};
use axum::{Extension, extract::State, response::Response};

use super::setup::{Setup, html, shell};

/// Legal notice (LCEN).
pub async fn legal(State(setup): State<Setup>, Extension(caller): Extension<Caller>) -> Response {
    html(200, deposit::legal(&shell(&caller, deposit::paths::LEGAL), &setup.publisher))
}

/// Personal data (RGPD).
pub async fn privacy(State(setup): State<Setup>, Extension(caller): Extension<Caller>) -> Response {
    html(200, deposit::privacy(&shell(&caller, deposit::paths::PRIVACY), &setup.publisher))
}

/// Accessibility statement (RGAA).
pub async fn accessibility(State(setup): State<Setup>, Extension(caller): Extension<Caller>) -> Response {
    html(200, deposit::accessibility(&shell(&caller, deposit::paths::ACCESSIBILITY), &setup.publisher))
}
