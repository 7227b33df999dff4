//! The empty state: says that there is nothing, why, and what to do about it.

use leptos::prelude::*;

use super::icon::Icon;

/// Stands where a list would be. `children` are the actions.
#[component]
pub fn EmptyState(
    /// A large quiet icon.
    icon: Icon,
    /// "Aucun document"
    #[prop(into)]
    title: Signal<String>,
    /// What to do, in one sentence.
    #[prop(optional, into)]
    text: Signal<Option<String>>,
    /// Buttons.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    view! {
        <div class="empty">
            <span class="empty-icon">{icon.view()}</span>
            <p class="empty-title">{move || title.get()}</p>
            {move || text.get().map(|text| view! { <p class="empty-text">{text}</p> })}
            {children.map(|actions| view! { <div class="empty-actions">{actions()}</div> })}
        </div>
    }
    .into_any()
}
