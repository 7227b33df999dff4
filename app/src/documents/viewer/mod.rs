//! One document, read page by page. Opening it is an act: it happens in the browser, once a visit, never while the
//! server renders the page.

mod desk;
mod facts;
mod help;
mod look;
mod opened;
mod print;
mod retention;

use leptos::{prelude::*, task::spawn_local};
use leptos_meta::Title;
use leptos_router::hooks::use_params_map;
use model::{documents::OpenedDocument, identity::Me, ids::DocumentId, roles::Permission};
use opened::Opened;

use super::{address::LIST, api};
use crate::{
    error::{ApiError, ErrorKind},
    i18n::use_i18n,
    shell::Failure,
    tx,
    ui::{Back, Button, EmptyState, Icon, LinkButton, PageHeader, Skeleton},
};

/// How far the opening is.
#[derive(Clone, PartialEq)]
enum Stage {
    Opening,
    Open(Box<OpenedDocument>),
    Failed(ApiError),
}

/// `/portal/documents/:id`.
#[component]
pub fn ViewerPage() -> impl IntoView {
    let params = use_params_map();
    let may = expect_context::<Me>().may(Permission::OpenDocuments);
    let id = Memo::new(move |_| params.read().get_str("id").and_then(|raw| raw.parse::<DocumentId>().ok()));
    let stage = RwSignal::new(Stage::Opening);
    // Another document's address, or "try again".
    let visit = RwSignal::new(0_u32);
    Effect::new(move |_| {
        visit.track();
        let wanted = id.get();
        let refused = match wanted {
            None => Some(ErrorKind::NotFound),
            Some(_) if !may => Some(ErrorKind::Forbidden),
            Some(_) => None,
        };
        stage.set(refused.map_or(Stage::Opening, |kind| Stage::Failed(kind.into())));
        if let (Some(wanted), None) = (wanted, refused) {
            spawn_local(async move {
                let answer = api::open(wanted).await;
                // The person may be at another document, or elsewhere, by now.
                if id.try_get_untracked() == Some(Some(wanted)) {
                    stage.set(match answer {
                        Ok(opened) => Stage::Open(Box::new(opened)),
                        Err(error) => Stage::Failed(error),
                    });
                }
            });
        }
    });
    let again = Callback::new(move |()| visit.update(|n| *n += 1));
    let gone = Callback::new(move |()| stage.set(Stage::Failed(ErrorKind::NotFound.into())));
    move || match stage.get() {
        Stage::Opening => view! { <Opening /> }.into_any(),
        Stage::Open(opened) => view! { <Opened opened=*opened again=again gone=gone /> }.into_any(),
        Stage::Failed(error) => view! { <Failed error=error again=again /> }.into_any(),
    }
}

fn back(text: String) -> Back {
    Back { href: LIST.to_owned(), text }
}

/// What the server renders too: it opens nothing.
#[component]
fn Opening() -> impl IntoView {
    let i18n = use_i18n();
    view! {
        <Title text=tx!(i18n, documents.document) />
        <PageHeader title=tx!(i18n, documents.document) back=Some(back(tx!(i18n, documents.title))) />
        <Skeleton label=tx!(i18n, documents.opening) lines=6 rows=true />
    }
}

#[component]
fn Failed(error: ApiError, again: Callback<()>) -> impl IntoView {
    let i18n = use_i18n();
    let gone = error.kind == ErrorKind::NotFound;
    let can_retry =
        matches!(error.kind, ErrorKind::Unreachable | ErrorKind::Internal | ErrorKind::TooMany(_));
    view! {
        <Title text=tx!(i18n, documents.document) />
        <PageHeader title=tx!(i18n, documents.document) back=Some(back(tx!(i18n, documents.title))) />
        {if gone {
            view! {
                <EmptyState icon=Icon::FileX title=tx!(i18n, documents.gone_title)
                    text=Some(tx!(i18n, documents.gone_text))>
                    <LinkButton href=LIST>{tx!(i18n, documents.back_to_list)}</LinkButton>
                </EmptyState>
            }
            .into_any()
        } else {
            view! { <Failure error=error /> }.into_any()
        }}
        {can_retry.then(|| view! {
            <p class="viewer-retry">
                <Button icon=Icon::RefreshCw on_click=move |_| again.run(())>{tx!(i18n, common.retry)}</Button>
            </p>
        })}
    }
}
