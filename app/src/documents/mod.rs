//! documents.

use leptos::prelude::*;

pub mod api;

/// Page.
#[component]
pub fn ListPage() -> impl IntoView {
    view! { <p>"…"</p> }
}

/// Page.
#[component]
pub fn ViewerPage() -> impl IntoView {
    view! { <p>"…"</p> }
}
