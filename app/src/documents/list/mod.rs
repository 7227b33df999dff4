//! The inbox: everything that patients have deposited, newest first, live.

mod arrivals;
mod bulk;
mod content;
mod filters;
mod head;
mod row;
mod table;
mod toolbar;

use std::collections::BTreeSet;

use content::Content;
use head::Head;
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;
use model::{
    documents::{DocumentQuery, DocumentSummary},
    ids::DocumentId,
    list::Paged,
};
use toolbar::Toolbar;

use super::{address, api};
use crate::{error::ApiError, i18n::use_i18n, live::use_live, tx, ui::Skeleton};

/// An answer knows its question: what it shows may differ from what the address says by now.
#[derive(Clone, PartialEq, serde::Serialize, serde::Deserialize)]
struct Answer {
    query: DocumentQuery,
    /// Grows with every reason to read again.
    turn: u64,
    page: Result<Paged<DocumentSummary>, ApiError>,
}

/// Chosen rows.
type Chosen = RwSignal<BTreeSet<DocumentId>>;

/// `/portal/documents`: whatever is searched, filtered or sorted is in the address.
#[component]
pub fn ListPage() -> impl IntoView {
    let i18n = use_i18n();
    let live = use_live();
    let params = use_query_map();
    let query = Memo::new(move |_| address::read(&params.read()));
    let answer = Resource::new(
        move || (query.get(), live.documents.get()),
        |(query, turn)| async move { Answer { page: api::list(query.clone()).await, query, turn } },
    );
    let busy = RwSignal::new(false);
    let code_label = RwSignal::new(None);
    view! {
        <Head />
        <Toolbar query=query code_label=code_label />
        <Transition
            fallback=move || view! { <Skeleton label=tx!(i18n, common.loading) lines=8 rows=true /> }
            set_pending=busy
        >
            <Content answer=answer busy=busy code_label=code_label />
        </Transition>
    }
}
