//! The documents that came in under a code, as they come in.

use std::{collections::HashSet, time::Duration};

use leptos::{prelude::*, task::spawn_local};
use leptos_router::hooks::use_navigate;
use model::{
    codes::CodeState,
    documents::{DocumentQuery, DocumentState, DocumentSummary, FileKind},
    ids::{CodeId, DocumentId},
    list::{Page, Paged},
};

use super::shown::Shown;
use crate::{
    documents,
    error::ApiError,
    i18n::use_i18n,
    live::use_live,
    shell::{Failure, document_state, file_size, use_language},
    tx,
    ui::{Badge, EmptyState, Icon, Skeleton, ToastAction, Tone, use_toasts},
};

/// Shown here; the list of documents has them all.
const SHOWN: u32 = 10;

/// Newest first, read again on every event about documents; an arrival is told, with a way to open it.
#[component]
pub(super) fn Received(shown: Shown) -> impl IntoView {
    let i18n = use_i18n();
    let live = use_live();
    let toasts = use_toasts();
    let navigate = use_navigate();
    let found = RwSignal::new(None::<Result<Paged<DocumentSummary>, ApiError>>);
    let arrived = RwSignal::new(HashSet::<DocumentId>::new());
    let tell = move |id: DocumentId, name: String| {
        let navigate = navigate.clone();
        let open = Callback::new(move |()| navigate(&address(id), leptos_router::NavigateOptions::default()));
        let action = ToastAction { text: tx!(i18n, codes.open), run: open, undoes: false };
        toasts.push(
            Tone::Success,
            tx!(i18n, codes.arrived, name = name),
            Some(action),
            Duration::from_secs(12),
        );
    };
    Effect::new(move |_| {
        live.documents.track();
        let Some(code) = shown.id.get() else { return };
        let tell = tell.clone();
        spawn_local(async move {
            let fresh = documents::api::list(query(code)).await;
            let Some(before) = found.try_get_untracked() else { return };
            if let (Some(Ok(before)), Ok(fresh)) = (&before, &fresh) {
                let known: HashSet<DocumentId> = before.items.iter().map(|document| document.id).collect();
                let new: Vec<&DocumentSummary> = fresh
                    .items
                    .iter()
                    .filter(|document| document.seen.is_none() && !known.contains(&document.id))
                    .collect();
                // A page that moved up after a deletion brings old ones in: only a greater total is an arrival.
                if let Some(newest) = new.first().filter(|_| fresh.total > before.total) {
                    tell(newest.id, newest.name.clone());
                    arrived.update(|all| all.extend(new.iter().map(|document| document.id)));
                }
            }
            // A failed re-reading keeps what was there.
            if fresh.is_ok() || before.is_none_or(|before| before.is_err()) {
                found.set(Some(fresh));
            }
        });
    });
    let list = move || match found.get() {
        None => view! { <Skeleton label=tx!(i18n, common.loading) lines=2 /> }.into_any(),
        Some(Err(error)) => view! { <Failure error=error /> }.into_any(),
        Some(Ok(page)) if page.items.is_empty() => view! { <NoneYet shown=shown /> }.into_any(),
        Some(Ok(page)) => {
            let arrived = arrived.get();
            let items = page.items.into_iter().map(move |document| {
                let title = document.name.clone();
                let class = arrived.contains(&document.id).then_some("document-arrived");
                view! { <li class=class>{document_item(title, &document)}</li> }
            });
            view! { <ul class="items">{items.collect_view()}</ul> }.into_any()
        }
    };
    let all = move || {
        let total = found
            .with(|found| found.as_ref().and_then(|page| page.as_ref().ok()).map_or(0, |page| page.total));
        let code = shown.id.get().filter(|_| total > 0)?;
        Some(view! { <a href=format!("/portal/documents?code={code}")>{tx!(i18n, codes.received_all)}</a> })
    };
    view! {
        <section class="card card-flush code-received">
            <div class="card-head"><h2>{tx!(i18n, codes.received_title)}</h2>{all}</div>
            {list}
        </section>
    }
}

fn address(id: DocumentId) -> String {
    format!("/portal/documents/{id}")
}

fn query(code: CodeId) -> DocumentQuery {
    DocumentQuery { code: Some(code), page: Page::new(1, SHOWN), ..DocumentQuery::default() }
}

#[component]
fn NoneYet(shown: Shown) -> impl IntoView {
    let i18n = use_i18n();
    let state = shown.state();
    let text = Signal::derive(move || {
        Some(match state.get() {
            None | Some(CodeState::Active) => tx!(i18n, codes.received_none_active),
            Some(_) => tx!(i18n, codes.received_none_ended),
        })
    });
    let title = Signal::derive(move || match state.get() {
        None | Some(CodeState::Active) => tx!(i18n, codes.received_none_title),
        Some(_) => tx!(i18n, codes.received_none_title_ended),
    });
    view! { <EmptyState icon=Icon::Inbox title=title text=text /> }
}

/// A document in a short list: a link with kind, title, arrival, size and state. Stands in `<li>` of `<ul class="items">`.
pub(crate) fn document_item(title: String, document: &DocumentSummary) -> impl IntoView + use<> {
    let i18n = use_i18n();
    let language = use_language();
    let new = document.seen.is_none();
    let (tone, icon, text) = match (document.state, new) {
        (DocumentState::Unreadable, _) => (Tone::Danger, Icon::FileX, document_state(i18n, document.state)),
        (_, true) => (Tone::Info, Icon::Inbox, tx!(i18n, codes.document_new)),
        (_, false) => (Tone::Neutral, Icon::Eye, tx!(i18n, codes.document_seen)),
    };
    let kind = match document.kind {
        FileKind::Pdf => Icon::FileText,
        FileKind::Jpeg | FileKind::Png => Icon::Image,
    };
    let detail =
        format!("{}, {}", document.received_at.date_time(language), file_size(document.size, language));
    view! {
        <a class="item" class:document-new=new href=address(document.id)>
            <span class="document-kind">{kind.view()}</span>
            <span class="item-text"><strong>{title}</strong><small>{detail}</small></span>
            <span class="item-end"><Badge tone=tone icon=icon text=text /></span>
        </a>
    }
}
