//! A document that was opened: its head, its pages, what is known about it, its keys.

use leptos::{prelude::*, task::spawn_local};
use leptos_meta::Title;
use leptos_router::{NavigateOptions, hooks::use_navigate};
use model::{
    documents::{BulkAct, DocumentQuery, DocumentState, DocumentSummary, OpenedDocument},
    ids::DocumentId,
    list::Page,
};

use super::{back, desk::Desk, facts::Facts, help::Help, look::Look, retention::Retention};
use crate::{
    api::{CSRF_META, meta},
    documents::{
        acts::use_acts,
        address::{self, LIST},
        api,
        focus::keep_focus,
        preferences,
    },
    i18n::use_i18n,
    live::use_live,
    tx,
    ui::{Button, EmptyState, Icon, PageHeader, Variant, use_shortcut},
};

/// The document as it is now, read from the list: that opens nothing again. `None` once it is gone.
async fn reread(known: DocumentSummary) -> Option<Option<DocumentSummary>> {
    let query = DocumentQuery {
        search: known.reference.parse().ok(),
        code: Some(known.code),
        page: Page::new(1, Page::MAX_SIZE),
        ..DocumentQuery::default()
    };
    let page = api::list(query).await.ok()?;
    Some(page.items.into_iter().find(|document| document.id == known.id))
}

/// Everything that works on an opened document.
#[component]
pub fn Opened(
    opened: OpenedDocument,
    /// Opens it again (the ticket lasts an hour).
    again: Callback<()>,
    /// It is not there any more.
    gone: Callback<()>,
) -> impl IntoView {
    let i18n = use_i18n();
    let live = use_live();
    let OpenedDocument { view: opened, ticket } = opened;
    let (newer, older) = (opened.newer, opened.older);
    let document = RwSignal::new(opened.summary);
    let (id, label, reference) =
        document.with_untracked(|document| (document.id, document.label.clone(), document.reference.clone()));
    Effect::new(move |seen: Option<()>| {
        live.documents.track();
        if seen.is_some() {
            let known = document.get_untracked();
            spawn_local(async move {
                match reread(known).await {
                    // An answer that comes after the page has left is nobody's.
                    Some(Some(now)) => drop(document.try_set(now)),
                    Some(None) if document.try_get_untracked().is_some() => gone.run(()),
                    _ => {}
                }
            });
        }
    });
    let look = RwSignal::new(Look::default());
    let (helping, shortcuts) = (RwSignal::new(false), preferences::use_shortcuts());
    let go = {
        let navigate = use_navigate();
        move |to: Option<DocumentId>| {
            navigate(&to.map_or_else(|| LIST.to_owned(), address::of_document), NavigateOptions::default());
        }
    };
    let turn = |to: Option<DocumentId>| {
        let go = go.clone();
        move || {
            if to.is_some() {
                go(to);
            }
        }
    };
    let at_rest = Signal::derive(move || shortcuts.get() && !look.read().zoom.is_close());
    use_shortcut("j", shortcuts.into(), turn(older));
    use_shortcut("k", shortcuts.into(), turn(newer));
    use_shortcut("ArrowRight", at_rest, turn(older));
    use_shortcut("ArrowLeft", at_rest, turn(newer));
    use_shortcut("?", shortcuts.into(), move || helping.set(true));
    let unreadable = Memo::new(move |_| document.read().state == DocumentState::Unreadable);
    let list = move || go(None);
    // Not to a neighbour: to open it is an act, and its patient is told.
    let deleted = list.clone();
    view! {
        <Title text=tx!(i18n, documents.document_title, reference = reference) />
        <PageHeader title=label back=Some(back(tx!(i18n, documents.title)))>
            <Marks document=document shortcuts=shortcuts leave=list />
            <Download id=id />
        </PageHeader>
        <div class="viewer">
            {move || if unreadable.get() {
                view! { <Unreadable id=id /> }.into_any()
            } else {
                view! {
                    <Desk document=document ticket=ticket.clone() look=look shortcuts=shortcuts newer=newer
                        older=older helping=helping again=again />
                }
                .into_any()
            }}
            <aside class="viewer-facts" aria-label=tx!(i18n, documents.facts)>
                <Facts document=document />
                <Retention document=document on_deleted=deleted />
            </aside>
        </div>
        <Help open=helping shortcuts=shortcuts />
    }
}

/// Filed or not, new again.
#[component]
fn Marks(
    document: RwSignal<DocumentSummary>,
    shortcuts: RwSignal<bool>,
    leave: impl Fn() + Clone + Send + Sync + 'static,
) -> impl IntoView {
    let i18n = use_i18n();
    let acts = use_acts();
    let busy = RwSignal::new(false);
    let id = document.read_untracked().id;
    let done = Memo::new(move |_| document.read().done);
    let file = move || {
        if busy.get_untracked() {
            return;
        }
        busy.set(true);
        let was = done.get_untracked();
        let act = if was { BulkAct::Reopen } else { BulkAct::Done };
        let said = if was { tx!(i18n, documents.marked_reopened) } else { tx!(i18n, documents.marked_done) };
        acts.bulk(
            vec![id],
            act,
            |_| said,
            move |worked| {
                let _ = busy.try_set(false);
                if worked {
                    let _ = document.try_update(|document| document.done = !was);
                }
            },
        );
    };
    use_shortcut("d", shortcuts.into(), file);
    let unsee = move |_| {
        busy.set(true);
        let (said, leave) = (tx!(i18n, documents.marked_unseen), leave.clone());
        acts.bulk(
            vec![id],
            BulkAct::Unseen,
            |_| said,
            move |worked| {
                let _ = busy.try_set(false);
                // Staying would contradict the mark.
                if worked {
                    leave();
                }
            },
        );
    };
    view! {
        <Button variant=Variant::Ghost icon=Icon::EyeOff busy=busy on_click=unsee>
            {tx!(i18n, documents.mark_unseen)}
        </Button>
        {move || {
            let (icon, text) = if done.get() {
                (Icon::Undo, tx!(i18n, documents.reopen))
            } else {
                (Icon::Check, tx!(i18n, documents.mark_done))
            };
            keep_focus("file");
            view! { <Button icon=icon busy=busy attr:id="file" on_click=move |_| file()>{text}</Button> }
        }}
    }
}

/// The original, as an attachment: a real form, so that the browser saves what comes without holding it in memory.
/// Only ever drawn in the browser, where the token against cross-site requests is at hand.
#[component]
pub fn Download(id: DocumentId) -> impl IntoView {
    let i18n = use_i18n();
    let csrf = meta(CSRF_META).unwrap_or_default();
    view! {
        <form class="viewer-download" method="post" action=format!("/api/v1/documents/{id}/download") target="_self">
            <input type="hidden" name="csrf" value=csrf />
            <Button kind="submit" variant=Variant::Primary icon=Icon::Download>
                {tx!(i18n, documents.download)}
            </Button>
        </form>
    }
}

/// Instead of pages: why there are none, and what can be done.
#[component]
fn Unreadable(id: DocumentId) -> impl IntoView {
    let i18n = use_i18n();
    view! {
        <EmptyState icon=Icon::FileX title=tx!(i18n, documents.unreadable_title)
            text=Some(tx!(i18n, documents.unreadable_text))>
            <Download id=id />
        </EmptyState>
    }
}
