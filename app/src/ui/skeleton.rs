//! Skeletons: the shape of what is coming, for `<Suspense fallback=…>`.

use leptos::prelude::*;

/// Grey lines in the place of a text or a list. A screen reader hears `label` only.
#[component]
pub fn Skeleton(
    /// "Chargement…"
    #[prop(into)]
    label: Signal<String>,
    /// How many lines.
    #[prop(default = 3)]
    lines: usize,
    /// Lines as tall as a table's rows instead of a text's.
    #[prop(optional)]
    rows: bool,
) -> impl IntoView {
    let class = if rows { "skeleton skeleton-rows" } else { "skeleton" };
    let lines = (0..lines).map(|_| view! { <span class="skeleton-line"></span> }).collect_view();
    view! {
        <div class=class role="status">
            <span class="visually-hidden">{move || label.get()}</span>
            {lines}
        </div>
    }
    .into_any()
}
