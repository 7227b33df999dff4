//! What stands below the toolbar: rows, an empty state, or what went wrong.

use std::collections::BTreeSet;

use leptos::prelude::*;
use model::{identity::Me, list::Page, roles::Permission};

use super::{Answer, Chosen, arrivals::Arrivals, bulk::Bulk, table::Rows};
use crate::{
    documents::{
        acts::use_acts,
        address::{self, LIST},
    },
    error::ApiError,
    i18n::use_i18n,
    shell::{error_text, pagination_texts},
    tx,
    ui::{Button, EmptyState, Icon, LinkButton, Notice, Pagination, Tone, Variant},
};

/// Which of the three it is: rows that change keep their table.
#[derive(Clone, PartialEq)]
enum Shape {
    Rows,
    /// Nothing there; with whether the question left something out.
    Empty(bool),
    Failed(ApiError),
}

/// Lives inside the list's `<Transition>`: everything here reads the answer through it.
#[component]
pub fn Content(
    answer: Resource<Answer>,
    #[prop(into)] busy: Signal<bool>,
    /// Told the label of the code that the list is narrowed to.
    code_label: RwSignal<Option<String>>,
) -> impl IntoView {
    let answer = Memo::new(move |_| answer.get());
    let rows = Memo::new(move |_| match answer.get() {
        Some(Answer { page: Ok(page), .. }) => page.items,
        _ => Vec::new(),
    });
    let query = Memo::new(move |_| answer.get().map(|answer| answer.query).unwrap_or_default());
    let total = Memo::new(move |_| match &*answer.read() {
        Some(Answer { page: Ok(page), .. }) => page.total,
        _ => 0,
    });
    let shape = Memo::new(move |_| {
        answer.get().map(|answer| match answer.page {
            Err(error) => Shape::Failed(error),
            Ok(page) if page.items.is_empty() => {
                Shape::Empty(page.total > 0 || address::narrows(&answer.query))
            }
            Ok(_) => Shape::Rows,
        })
    });
    let chosen: Chosen = RwSignal::new(BTreeSet::new());
    let arrived = RwSignal::new(BTreeSet::new());
    Effect::new(move |_| {
        let here: BTreeSet<_> = rows.read().iter().map(|document| document.id).collect();
        if !chosen.read_untracked().is_subset(&here) {
            chosen.update(|chosen| chosen.retain(|id| here.contains(id)));
        }
        let label = query.read().code.and_then(|code| {
            rows.read().iter().find(|document| document.code == code).map(|document| document.label.clone())
        });
        code_label.set(label);
    });
    view! {
        <Arrivals answer=answer arrived=arrived />
        // Takes the focus when the row that had it is gone.
        <div id="documents-list" class="documents-list" tabindex="-1">
            {move || match shape.get() {
                None => ().into_any(),
                Some(Shape::Failed(error)) => view! { <Failed error=error /> }.into_any(),
                Some(Shape::Empty(narrowed)) => view! { <Nothing narrowed=narrowed /> }.into_any(),
                Some(Shape::Rows) => view! {
                    <Bulk rows=rows chosen=chosen />
                    <Rows rows=rows query=query busy=busy chosen=chosen arrived=arrived />
                    <Pages query=query total=total />
                }.into_any(),
            }}
        </div>
    }
}

/// Says what happened and lets try again.
#[component]
fn Failed(error: ApiError) -> impl IntoView {
    let i18n = use_i18n();
    let acts = use_acts();
    view! {
        <Notice tone=Tone::Danger>
            <p>{error_text(i18n, &error)}</p>
            <p>
                <Button small=true icon=Icon::RefreshCw on_click=move |_| acts.refresh()>
                    {tx!(i18n, common.retry)}
                </Button>
            </p>
        </Notice>
    }
}

/// Says why there is nothing and what to do.
#[component]
fn Nothing(narrowed: bool) -> impl IntoView {
    let i18n = use_i18n();
    if narrowed {
        return view! {
            <EmptyState icon=Icon::Search title=tx!(i18n, documents.none_title)
                text=Some(tx!(i18n, documents.none_text))>
                <LinkButton href=LIST>{tx!(i18n, documents.clear_filters)}</LinkButton>
            </EmptyState>
        }
        .into_any();
    }
    let asks = expect_context::<Me>().may(Permission::Codes);
    let text = if asks { tx!(i18n, documents.empty_text) } else { tx!(i18n, documents.empty_text_view) };
    view! {
        <EmptyState icon=Icon::Inbox title=tx!(i18n, documents.empty_title) text=Some(text)>
            {asks.then(|| view! {
                <LinkButton href="/portal/codes/new" variant=Variant::Primary icon=Icon::Plus>
                    {tx!(i18n, documents.ask)}
                </LinkButton>
            })}
        </EmptyState>
    }
    .into_any()
}

/// Where we are in the list, and how many rows a page has.
#[component]
fn Pages(query: Memo<model::documents::DocumentQuery>, total: Memo<u64>) -> impl IntoView {
    let i18n = use_i18n();
    let number = Signal::derive(move || u64::from(query.read().page.number()));
    let size = Memo::new(move |_| query.read().page.size());
    let to_page = move |n: u64| {
        let n = u32::try_from(n).unwrap_or(Page::MAX_NUMBER);
        address::changed(&query.read_untracked(), |query| query.page = Page::new(n, query.page.size()))
    };
    let sizes = move || {
        [25, 50, 100].map(|n| {
            let href = address::changed(&query.read(), |query| query.page = Page::new(1, n));
            view! { <a class="chip" href=href aria-current=(n == size.get()).then_some("true")>{n}</a> }
        })
    };
    view! {
        {move || view! {
            <Pagination page=number per_page=u64::from(size.get()) total=total href=to_page
                texts=pagination_texts(i18n) />
        }}
        <Show when=move || { total.get() > u64::from(Page::DEFAULT_SIZE) }>
            <div class="documents-sizes" role="group" aria-label=tx!(i18n, documents.page_size)>
                <span aria-hidden="true">{tx!(i18n, documents.page_size)}</span>
                {sizes}
            </div>
        </Show>
    }
}
