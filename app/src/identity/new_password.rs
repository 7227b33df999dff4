//! A new password, typed twice.

use leptos::prelude::*;
use model::identity::Password;

use crate::{i18n::use_i18n, tx, ui::Field};

/// What is typed into the two fields.
#[derive(Clone, Copy)]
pub(crate) struct NewPassword {
    first: RwSignal<String>,
    again: RwSignal<String>,
}

impl NewPassword {
    /// Nothing yet.
    pub fn new() -> Self {
        Self { first: RwSignal::new(String::new()), again: RwSignal::new(String::new()) }
    }

    /// The password, once both say the same.
    pub fn agreed(self) -> Option<Password> {
        let first = self.first.get_untracked();
        (first == self.again.get_untracked()).then(|| Password::new(first))
    }

    /// Nothing again.
    pub fn clear(self) {
        self.first.set(String::new());
        self.again.set(String::new());
    }
}

/// The two fields.
#[component]
pub(crate) fn NewPasswordFields(bind: NewPassword) -> impl IntoView {
    let i18n = use_i18n();
    let NewPassword { first, again } = bind;
    let mismatch = tx!(i18n, identity.password_mismatch);
    let differs = move || !again.read().is_empty() && *again.read() != *first.read();
    let error = Signal::derive(move || differs().then(|| mismatch.clone()));
    view! {
        <Field name="new" label=tx!(i18n, identity.password_new) hint=tx!(i18n, identity.password_hint) kind="password"
            bind=first required=true autocomplete="new-password" />
        <Field name="again" label=tx!(i18n, identity.password_again) kind="password" bind=again required=true
            error=error autocomplete="new-password" />
    }
}
