//! What is known about a document.

use leptos::prelude::*;
use model::documents::DocumentSummary;

use crate::{
    documents::words::{self, deletion, state_badges},
    i18n::use_i18n,
    shell::{When, file_kind, file_size, use_language},
    tx,
};

/// Name, origin, dates. Follows the document as others change it.
#[component]
pub fn Facts(document: RwSignal<DocumentSummary>) -> impl IntoView {
    let i18n = use_i18n();
    let language = use_language();
    let facts = move || {
        let document = document.get();
        let size = file_size(document.size, language);
        let size = match document.pages {
            Some(pages) => format!("{size}, {}", words::pages_text(i18n, pages)),
            None => size,
        };
        let seen = document.seen.clone().map(|seen| {
            view! {
                <dt>{tx!(i18n, documents.fact_seen)}</dt>
                <dd><When at=seen.at /> " " {tx!(i18n, documents.seen_by, name = seen.by)}</dd>
            }
        });
        let reason = document.hold_reason.clone().map(|reason| {
            view! {
                <dt>{tx!(i18n, documents.fact_reason)}</dt>
                <dd>{reason}</dd>
            }
        });
        view! {
            <dl class="facts">
                <dt>{tx!(i18n, documents.fact_name)}</dt>
                <dd class="viewer-name">{document.name.clone()}</dd>
                <dt>{tx!(i18n, documents.fact_label)}</dt>
                <dd>{document.label.clone()}</dd>
                <dt>{tx!(i18n, documents.fact_reference)}</dt>
                <dd><code>{document.reference.clone()}</code></dd>
                <dt>{tx!(i18n, documents.fact_received)}</dt>
                <dd><When at=document.received_at /></dd>
                {seen}
                <dt>{tx!(i18n, documents.fact_size)}</dt>
                <dd>{file_kind(document.kind)} ", " {size}</dd>
                <dt>{tx!(i18n, documents.fact_delete)}</dt>
                <dd>{deletion(i18n, &document)}</dd>
                {reason}
            </dl>
        }
    };
    view! {
        <section class="card">
            <div class="card-head">
                <h2>{tx!(i18n, documents.document)}</h2>
                {move || state_badges(i18n, &document.read())}
            </div>
            {facts}
        </section>
    }
}
