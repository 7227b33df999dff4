//! Signing in and out, the idle warning, one's own account.

mod account;
pub mod api;
mod idle;
mod sessions;
mod sign_in;

pub use account::AccountPage;
pub use idle::{IdleWarning, expired};
use leptos::{prelude::*, task::spawn_local};
use model::ids::EstablishmentId;
pub use sessions::SessionItem;
pub use sign_in::{SignInPage, destination};

/// Ends the session and goes to the sign-in page.
pub fn leave() {
    spawn_local(async {
        // Whatever the answer: without cookies the next page asks to sign in.
        let _ = api::logout().await;
        go("/portal/sign-in");
    });
}

/// Goes on in another establishment, from its home page.
pub fn switch_to(establishment: EstablishmentId) {
    spawn_local(async move {
        if api::switch(establishment).await.is_ok() {
            go("/portal");
        }
    });
}

/// A whole new page: it carries the new session's tokens.
pub(crate) fn go(address: &str) {
    // Without a location there is no browser, hence nowhere to go.
    let _ = window().location().set_href(address);
}
