//! The frame of pages before the portal: signing in, the second factor, the choice of where one works.

use leptos::prelude::*;
use leptos_meta::Title;

use crate::{i18n::use_i18n, tx, ui::Icon};

/// What stands below the card of a page that leads back. Asked of the server: who is signed in is sent on.
#[component]
pub(crate) fn BackToSignIn() -> impl IntoView {
    let i18n = use_i18n();
    view! { <p class="signin-hint"><a href="/portal/sign-in" rel="external">{tx!(i18n, identity.back_to_sign_in)}</a></p> }
        .into_any()
}

/// One card in the middle, the product's name above it, the legal links and the other language below.
#[component]
pub(crate) fn Anteroom(
    /// Title of the page and of the card. A text and no signal: the head is written after the page, when signals may be gone.
    #[prop(into)]
    title: String,
    /// A sentence below it.
    #[prop(into)]
    lead: Signal<String>,
    /// What stands below the card.
    #[prop(optional, into)]
    below: Option<ViewFn>,
    /// What stands in it.
    children: Children,
) -> impl IntoView {
    let i18n = use_i18n();
    let other_tag = tx!(i18n, shell.other_language_tag);
    view! {
        <Title text=title.clone() />
        <div class="signin">
            <main id="main" class="signin-box">
                <a class="brand" href="/" rel="external">
                    <span class="brand-mark">{Icon::ShieldCheck.view()}</span>
                    <span class="brand-name">"CareLink"</span>
                </a>
                <div class="signin-card">
                    <div>
                        <h1>{title}</h1>
                        {move || Some(lead.get()).filter(|lead| !lead.is_empty()).map(|lead| view! { <p class="muted">{lead}</p> })}
                    </div>
                    {children()}
                </div>
                {below.map(|below| below.run())}
            </main>
            <footer class="signin-foot">
                <a rel="external" href="/legal">{tx!(i18n, identity.legal)}</a>
                <a rel="external" href="/privacy">{tx!(i18n, identity.privacy)}</a>
                <a rel="external" href="/accessibility">{tx!(i18n, identity.accessibility)}</a>
                <a rel="external" href=format!("/language/{other_tag}") lang=other_tag.clone()>{tx!(i18n, shell.other_language)}</a>
            </footer>
        </div>
    }
    .into_any()
}
