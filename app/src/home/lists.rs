//! The newest documents and the codes that end soonest.

use leptos::prelude::*;
use model::{codes::CodeSummary, documents::DocumentSummary};

use crate::{
    codes::{document_item, uses_of},
    i18n::use_i18n,
    shell::use_language,
    tx,
    ui::{Badge, EmptyState, Icon, LinkButton},
};

/// The documents that came in last. `codes`: whether the person can ask for one.
#[component]
pub(super) fn Newest(documents: Vec<DocumentSummary>, codes: bool) -> impl IntoView {
    let i18n = use_i18n();
    let list = if documents.is_empty() {
        view! {
            <EmptyState icon=Icon::Inbox title=tx!(i18n, home.newest_none_title) text=tx!(i18n, home.newest_none_text)>
                {codes.then(|| view! {
                    <LinkButton href="/portal/codes/new" icon=Icon::Plus>{tx!(i18n, codes.new)}</LinkButton>
                })}
            </EmptyState>
        }
        .into_any()
    } else {
        let items = documents
            .into_iter()
            .map(|document| view! { <li>{document_item(document.label.clone(), &document)}</li> });
        view! { <ul class="items">{items.collect_view()}</ul> }.into_any()
    };
    view! {
        <section class="card card-flush">
            <div class="card-head">
                <h2>{tx!(i18n, home.newest)}</h2>
                <a href="/portal/documents">{tx!(i18n, home.newest_all)}</a>
            </div>
            {list}
        </section>
    }
}

/// The active codes that end first.
#[component]
pub(super) fn Ending(codes: Vec<CodeSummary>) -> impl IntoView {
    let i18n = use_i18n();
    let language = use_language();
    let list = if codes.is_empty() {
        view! {
            <EmptyState icon=Icon::Qr title=tx!(i18n, home.ending_none_title) text=tx!(i18n, home.ending_none_text) />
        }
        .into_any()
    } else {
        let items = codes.into_iter().map(|code| {
            let uses = uses_of(i18n, &code);
            let until = tx!(i18n, home.until, at = code.expires_at.date_time(language));
            view! {
                <li>
                    <a class="item" href=format!("/portal/codes/{}", code.id)>
                        <span class="item-text"><strong>{code.label}</strong><small>{until}</small></span>
                        <span class="item-end"><Badge icon=Icon::Inbox text=uses /></span>
                    </a>
                </li>
            }
        });
        view! { <ul class="items">{items.collect_view()}</ul> }.into_any()
    };
    view! {
        <section class="card card-flush">
            <div class="card-head">
                <h2>{tx!(i18n, home.ending)}</h2>
                <a href="/portal/codes">{tx!(i18n, home.ending_all)}</a>
            </div>
            {list}
        </section>
    }
}
