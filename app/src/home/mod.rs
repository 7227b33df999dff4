//! home.

use leptos::prelude::*;

pub mod api;

/// Page.
#[component]
pub fn HomePage() -> impl IntoView {
    view! { <p>"…"</p> }
}
