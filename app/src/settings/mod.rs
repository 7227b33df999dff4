//! settings.

use leptos::prelude::*;

pub mod api;

/// Page.
#[component]
pub fn SettingsPage() -> impl IntoView {
    view! { <p>"…"</p> }
}
