//! members.

use leptos::prelude::*;

pub mod api;

/// Page.
#[component]
pub fn ListPage() -> impl IntoView {
    view! { <p>"…"</p> }
}
