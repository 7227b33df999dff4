//! Signing in and out, the idle warning, one's own account.

mod account;
mod anteroom;
pub mod api;
mod ask;
mod choose;
mod factor_form;
mod factors;
mod idle;
mod linked;
mod passkey;
mod passkey_form;
mod passkeys;
mod psc;
mod second_factor;
mod sessions;
mod sign_in;
mod step_up;
mod totp_form;

pub use account::AccountPage;
pub use choose::ChoosePage;
pub use idle::{IdleWarning, expired, look_again};
use leptos::{prelude::*, task::spawn_local};
use model::ids::EstablishmentId;
pub use second_factor::SecondFactorPage;
pub use sessions::SessionItem;
pub use sign_in::{SignInPage, destination};
pub use step_up::{StepUp, StepUpDialog};

use crate::{I18n, shell::error_text, ui::ToastHub};

/// Ends the session and goes to the sign-in page.
pub fn leave() {
    spawn_local(async {
        // Whatever the answer: without cookies the next page asks to sign in. Who came through Pro Santé Connect ends the session
        // there too, or the next one at this desk would be let in by it.
        let elsewhere = api::logout().await.ok().flatten();
        go(elsewhere.as_deref().unwrap_or("/portal/sign-in"));
    });
}

/// Goes on in another establishment, from its home page; one that accepts Pro Santé Connect only says so.
pub fn switch_to(i18n: I18n, toasts: ToastHub, establishment: EstablishmentId) {
    spawn_local(async move {
        match api::switch(establishment).await {
            Ok(_) => go("/portal"),
            Err(failed) => drop(toasts.failure(error_text(i18n, &failed))),
        }
    });
}

/// A whole new page: it carries the new session's tokens.
pub(crate) fn go(address: &str) {
    // Without a location there is no browser, hence nowhere to go.
    let _ = window().location().set_href(address);
}
