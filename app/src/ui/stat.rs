//! A figure that matters, with its name, as a tile.

use leptos::prelude::*;

use super::{badge::Tone, icon::Icon};

/// A tile; a link when `href` is given. Put tiles in `<div class="stats">`.
#[component]
pub fn Stat(
    /// What is counted.
    #[prop(into)]
    label: Signal<String>,
    /// The figure, already formatted.
    #[prop(into)]
    value: Signal<String>,
    /// A line under it.
    #[prop(optional, into)]
    hint: Signal<Option<String>>,
    /// Drawn beside the label.
    icon: Icon,
    /// Colour of the icon.
    #[prop(optional)]
    tone: Tone,
    /// Where the details are.
    #[prop(optional, into)]
    href: Option<String>,
) -> impl IntoView {
    let class = format!("stat {}", tone.class());
    let inside = view! {
        <span class="stat-icon">{icon.view()}</span>
        <span class="stat-label">{move || label.get()}</span>
        <span class="stat-value">{move || value.get()}</span>
        {move || hint.get().map(|hint| view! { <span class="stat-hint">{hint}</span> })}
    };
    match href {
        Some(href) => view! {
            <a class=class href=href>
                {inside}
            </a>
        }
        .into_any(),
        None => view! { <div class=class>{inside}</div> }.into_any(),
    }
}
