//! The head of a page: where it belongs, its title, one line of context, its actions.

use leptos::prelude::*;

use super::icon::Icon;

/// A link back to the list above.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Back {
    /// Where it goes.
    pub href: String,
    /// "Documents"
    pub text: String,
}

/// Holds the page's only `<h1>`. `children` are the actions, the primary one last.
#[component]
pub fn PageHeader(
    /// The `<h1>`.
    #[prop(into)]
    title: Signal<String>,
    /// One line under it.
    #[prop(optional, into)]
    subtitle: Signal<Option<String>>,
    /// The list that this page comes from.
    #[prop(optional, into)]
    back: Signal<Option<Back>>,
    /// Buttons.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    view! {
        <header class="page-header">
            <div class="page-header-text">
                {move || {
                    back.get()
                        .map(|back| {
                            view! {
                                <a class="page-back" href=back.href>
                                    {Icon::ArrowLeft.view()}
                                    <span>{back.text}</span>
                                </a>
                            }
                        })
                }} <h1>{move || title.get()}</h1>
                {move || subtitle.get().map(|text| view! { <p class="page-subtitle">{text}</p> })}
            </div>
            {children.map(|actions| view! { <div class="page-actions">{actions()}</div> })}
        </header>
    }
    .into_any()
}
