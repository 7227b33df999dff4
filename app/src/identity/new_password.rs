//! A new password, typed twice, and what the server says of it.

use leptos::prelude::*;
use model::identity::{Password, PasswordProblem};

use crate::{
    error::{ApiError, ErrorKind},
    i18n::use_i18n,
    shell::error_text,
    tx,
    ui::Field,
};

/// What is typed into the two fields.
#[derive(Clone, Copy)]
pub(crate) struct NewPassword {
    first: RwSignal<String>,
    again: RwSignal<String>,
    refused: RwSignal<Option<PasswordProblem>>,
    tried: RwSignal<bool>,
}

impl NewPassword {
    /// Nothing yet.
    pub fn new() -> Self {
        let typed = || RwSignal::new(String::new());
        Self { first: typed(), again: typed(), refused: RwSignal::new(None), tried: RwSignal::new(false) }
    }

    /// The password, once both say the same; until then the second field says that they don't.
    pub fn agreed(self) -> Option<Password> {
        self.tried.set(true);
        let first = self.first.get_untracked();
        (first == self.again.get_untracked()).then(|| Password::new(first))
    }

    /// Takes an error that is about the password: it stands at the field, until another one is typed. Gives any other back.
    pub fn take(self, failed: ApiError) -> Option<ApiError> {
        match failed.kind {
            ErrorKind::Password(problem) => {
                self.refused.set(Some(problem));
                None
            }
            _ => Some(failed),
        }
    }

    /// Nothing again.
    pub fn clear(self) {
        self.first.set(String::new());
        self.again.set(String::new());
        self.refused.set(None);
        self.tried.set(false);
    }
}

/// The two fields.
#[component]
pub(crate) fn NewPasswordFields(bind: NewPassword) -> impl IntoView {
    let i18n = use_i18n();
    let NewPassword { first, again, refused, tried } = bind;
    let mismatch = tx!(i18n, identity.password_mismatch);
    let differs = move || (tried.get() || !again.read().is_empty()) && *again.read() != *first.read();
    let mismatch = Signal::derive(move || differs().then(|| mismatch.clone()));
    let problem = Signal::derive(move || {
        refused.get().map(|problem| error_text(i18n, &ErrorKind::Password(problem).into()))
    });
    // What was refused is another password from the first key on.
    Effect::new(move |before: Option<String>| {
        let now = first.get();
        if before.is_some_and(|before| before != now) {
            refused.set(None);
        }
        now
    });
    // The server's answer to a form that was sent without script: the focus begins there.
    let refused_at_first = refused.with_untracked(Option::is_some);
    view! {
        <Field name="new" label=tx!(i18n, identity.password_new) hint=tx!(i18n, identity.password_hint) kind="password"
            bind=first required=true error=problem autofocus=refused_at_first autocomplete="new-password" />
        <Field name="again" label=tx!(i18n, identity.password_again) kind="password" bind=again required=true
            error=mismatch autocomplete="new-password" />
    }
}
