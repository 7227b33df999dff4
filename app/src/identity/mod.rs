//! Signing in and out, the idle warning, the lock, one's own account.

use std::cell::Cell;

mod account;
mod anteroom;
pub mod api;
mod ask;
mod asked;
mod choose;
mod confirm_email;
mod factor_form;
mod factors;
mod forgotten;
mod guarded;
mod idle;
pub(crate) mod joined;
mod link_offer;
mod linked;
mod links;
mod lock;
mod mails;
mod new_password;
mod not_me;
mod passkey;
mod passkey_form;
mod passkeys;
mod profile;
mod psc;
mod reset;
mod second_factor;
mod sessions;
mod sign_in;
mod sign_out;
mod signed_in;
mod step_up;
mod tabs;
mod totp_form;

pub use account::AccountPage;
pub(crate) use anteroom::{Anteroom, BackToSignIn};
pub use choose::ChoosePage;
pub use confirm_email::ConfirmEmailPage;
pub use forgotten::ForgottenPage;
pub(crate) use guarded::Guarded;
pub use idle::IdleWarning;
use leptos::{prelude::*, task::spawn_local};
pub(crate) use links::{LinkOver, failure};
pub use lock::{Lock, LockScreen, told_of_another};
use model::ids::EstablishmentId;
pub(crate) use new_password::{NewPassword, NewPasswordFields};
pub use not_me::NotMePage;
pub(crate) use psc::PscButton;
pub use reset::ResetPage;
pub use second_factor::SecondFactorPage;
pub use sessions::{SessionItem, device_name};
pub(crate) use sign_in::api_token;
pub use sign_in::{SignInPage, destination};
pub(crate) use sign_out::SignOut;
pub use sign_out::leave;
pub use signed_in::SignedInPage;
pub use step_up::{StepUp, StepUpDialog};

use crate::{I18n, shell::error_text, ui::ToastHub};

/// How the person of this page is called: it changes under their hands. Given as a context.
#[derive(Clone, Copy)]
pub struct OwnName(pub RwSignal<String>);

/// Where somebody has left: whoever comes next shows who they are, and is not let in by a session that goes on at Pro Santé Connect.
pub(crate) const LEFT_PAGE: &str = "/portal/sign-in?ended=left";

/// Goes on in another establishment, from its home page; one that accepts Pro Santé Connect only says so.
pub fn switch_to(i18n: I18n, toasts: ToastHub, establishment: EstablishmentId) {
    spawn_local(async move {
        match api::switch(establishment).await {
            // It was asked before whether to leave; a page of the other establishment is none to come back to.
            Ok(_) => gone("/portal"),
            Err(failed) => drop(toasts.failure(error_text(i18n, &failed))),
        }
    });
}

thread_local! {
    static GONE: Cell<bool> = const { Cell::new(false) };
}

/// Leaves a page that nobody may come back to: nothing asks whether to stay, and the browser's way back leads past it.
pub(crate) fn gone(address: &str) {
    GONE.set(true);
    let _ = window().location().replace(address);
}

/// Whether the page is being left, whatever is unsaved on it.
pub(crate) fn is_gone() -> bool {
    GONE.get()
}

/// A whole new page: it carries the new session's tokens.
pub(crate) fn go(address: &str) {
    // Without a location there is no browser, hence nowhere to go.
    let _ = window().location().set_href(address);
}
