//! codes.

use leptos::prelude::*;

pub mod api;

/// Page.
#[component]
pub fn ListPage() -> impl IntoView {
    view! { <p>"…"</p> }
}

/// Page.
#[component]
pub fn NewPage() -> impl IntoView {
    view! { <p>"…"</p> }
}

/// Page.
#[component]
pub fn ShowPage() -> impl IntoView {
    view! { <p>"…"</p> }
}

/// Page.
#[component]
pub fn SheetPage() -> impl IntoView {
    view! { <p>"…"</p> }
}
