//! What is said on the page that follows a locked one whose session has become another's.

use std::time::Duration;

use leptos::prelude::*;
use leptos_router::{
    NavigateOptions,
    hooks::{use_navigate, use_query_map},
};

use crate::{
    I18n, tx,
    ui::{ToastHub, Tone},
};

/// Says what became of the page that stood here before: who comes to a desk and finds another page than the one they saw a moment
/// ago would take it for a fault.
pub fn told_of_another(i18n: I18n, toasts: ToastHub) {
    let (query, navigate) = (use_query_map(), use_navigate());
    Effect::new(move |_| {
        if query.read_untracked().get("left").as_deref() == Some("other") {
            toasts.push(Tone::Warning, tx!(i18n, identity.lock_other), None, Duration::from_secs(20));
            // Reading the page again tells nothing.
            navigate("/portal", NavigateOptions { replace: true, ..NavigateOptions::default() });
        }
    });
}
