//! The list of codes: active and past, searched, page by page.

use std::time::Duration;

use leptos::{html, leptos_dom::helpers::debounce, prelude::*};
use leptos_meta::Title;
use leptos_router::{
    NavigateOptions,
    hooks::{use_navigate, use_query_map},
};
use model::{
    codes::{CodeScope, CodeSummary},
    list::Paged,
};

use super::{
    QuickCode, Shortcuts, api,
    list_query::{ListQuery, PATH, scope_name},
    words::{StateBadge, uses_of},
};
use crate::{
    I18n,
    i18n::use_i18n,
    live::use_live,
    shell::{Failure, When, pagination_texts},
    tx,
    ui::{Cell, EmptyState, Icon, LinkButton, PageHeader, Pagination, Skeleton, Table, Variant},
};

const SEARCH: &str = "codes-search";

/// Codes of the establishment, newest first. The address says which; events about codes read them again.
#[component]
pub fn ListPage() -> impl IntoView {
    let i18n = use_i18n();
    let live = use_live();
    let map = use_query_map();
    let query = Memo::new(move |_| ListQuery::read(&map.read()));
    let found = Resource::new(
        move || (query.get(), live.codes.get()),
        |(query, _)| api::active(query.scope, query.search(), query.page()),
    );
    let pending = RwSignal::new(false);
    view! {
        <Title text=tx!(i18n, codes.title) />
        <PageHeader title=tx!(i18n, codes.title) subtitle=tx!(i18n, codes.lead)>
            <QuickCode />
            <LinkButton href=format!("{PATH}/new") variant=Variant::Primary icon=Icon::Plus>
                {tx!(i18n, codes.new)}
            </LinkButton>
        </PageHeader>
        <Toolbar query=query />
        <Transition
            fallback=move || view! { <Skeleton label=tx!(i18n, common.loading) rows=true lines=6 /> }
            set_pending=pending
        >
            // Not `Suspend`: reading again, it builds the view one turn before it shows it, and signals of the kit's
            // components may be gone by then (tachys 0.2.19).
            {move || found.get().map(|found| match found {
                Ok(rows) => view! { <Found rows=rows query=query.get_untracked() pending=pending /> }.into_any(),
                Err(error) => view! { <Failure error=error /> }.into_any(),
            })}
        </Transition>
        <Shortcuts search=SEARCH />
    }
}

/// Search and scopes. A plain GET form: it works before the page is alive, too.
#[component]
fn Toolbar(query: Memo<ListQuery>) -> impl IntoView {
    let i18n = use_i18n();
    let navigate = use_navigate();
    let node = NodeRef::<html::Input>::new();
    let search = move |words: String| {
        // The page may have been left since the last key.
        let Some(now) = query.try_get_untracked() else { return };
        let wanted = now.with_words(&words);
        if wanted.words != now.words {
            let options = NavigateOptions { replace: true, scroll: false, ..NavigateOptions::default() };
            navigate(&wanted.address(), options);
        }
    };
    let at_once = search.clone();
    let mut soon = debounce(Duration::from_millis(350), search);
    Effect::new(move |_| {
        // Going back changes the words under a box that nobody is typing in.
        let words = query.with(|query| query.words.clone());
        if let Some(input) = node.get()
            && input.value().trim() != words
            && document().active_element().as_ref() != Some(input.as_ref())
        {
            input.set_value(&words);
        }
    });
    let initial = query.get_untracked();
    let scopes = [
        (CodeScope::Active, tx!(i18n, codes.scope_active)),
        (CodeScope::Past, tx!(i18n, codes.scope_past)),
        (CodeScope::All, tx!(i18n, codes.scope_all)),
    ];
    view! {
        <form class="toolbar" method="get" action=PATH on:submit=move |event| {
            event.prevent_default();
            if let Some(input) = node.get_untracked() {
                at_once(input.value());
            }
        }>
            <input type="hidden" name="scope" value=move || query.with(|query| scope_name(query.scope)) />
            <div class="search">
                {Icon::Search.view()}
                <input node_ref=node id=SEARCH class="input" type="search" name="q" value=initial.words maxlength="100"
                    autocomplete="off" placeholder=tx!(i18n, codes.search_placeholder)
                    aria-label=tx!(i18n, codes.search_label) on:input=move |event| soon(event_target_value(&event)) />
                <kbd aria-hidden="true">"/"</kbd>
            </div>
            <div class="chips" role="group" aria-label=tx!(i18n, codes.filter)>
                {scopes.into_iter().map(|(scope, text)| view! {
                    <a class="chip" href=move || query.with(|query| query.in_scope(scope).address())
                        aria-current=move || query.with(|query| query.scope == scope).then_some("true")>{text}</a>
                }).collect_view()}
            </div>
        </form>
    }
}

#[component]
fn Found(rows: Paged<CodeSummary>, query: ListQuery, pending: RwSignal<bool>) -> impl IntoView {
    let i18n = use_i18n();
    if rows.items.is_empty() {
        return view! { <Nothing total=rows.total query=query /> }.into_any();
    }
    let (page, size, total) = (u64::from(rows.page.number()), u64::from(rows.page.size()), rows.total);
    view! {
        <Table caption=tx!(i18n, codes.caption) busy=pending>
            <thead>
                <tr>
                    <th scope="col">{tx!(i18n, codes.column_label)}</th>
                    <th scope="col">{tx!(i18n, codes.column_state)}</th>
                    <th scope="col" class="cell-number">{tx!(i18n, codes.column_uses)}</th>
                    <th scope="col" class="cell-number cell-wide-only">{tx!(i18n, codes.column_documents)}</th>
                    <th scope="col">{tx!(i18n, codes.column_author)}</th>
                    <th scope="col">{tx!(i18n, codes.column_expires)}</th>
                </tr>
            </thead>
            <tbody>{rows.items.into_iter().map(|code| row(i18n, code)).collect_view()}</tbody>
        </Table>
        <Pagination page=page per_page=size total=total href=move |page| query.at_page(page).address()
            texts=pagination_texts(i18n) />
    }
    .into_any()
}

fn row(i18n: I18n, code: CodeSummary) -> impl IntoView {
    let uses = uses_of(i18n, &code);
    let CodeSummary { id, label, note, state, documents, author, expires_at, .. } = code;
    view! {
        <tr>
            <th scope="row" class="cell-title">
                <a href=format!("{PATH}/{id}")>{label}</a>
                {note.map(|note| view! { <small>{note}</small> })}
            </th>
            <Cell label=tx!(i18n, codes.column_state)><StateBadge state=state /></Cell>
            <Cell label=tx!(i18n, codes.column_uses) class="cell-number">{uses}</Cell>
            <Cell label=tx!(i18n, codes.column_documents) class="cell-number cell-wide-only">{documents}</Cell>
            <Cell label=tx!(i18n, codes.column_author)>{author}</Cell>
            <Cell label=tx!(i18n, codes.column_expires) class="cell-nowrap"><When at=expires_at /></Cell>
        </tr>
    }
}

/// Why the list is empty and what to do.
#[component]
fn Nothing(total: u64, query: ListQuery) -> impl IntoView {
    let i18n = use_i18n();
    if total > 0 {
        return view! {
            <EmptyState icon=Icon::Qr title=tx!(i18n, codes.empty_page_title) text=tx!(i18n, codes.empty_page_text)>
                <LinkButton href=query.at_page(1).address()>{tx!(i18n, codes.first_page)}</LinkButton>
            </EmptyState>
        }
        .into_any();
    }
    if query.search().is_some() {
        let text = tx!(i18n, codes.empty_search_text, words = query.words.clone());
        let everywhere = (query.scope != CodeScope::All).then(|| query.in_scope(CodeScope::All).address());
        return view! {
            <EmptyState icon=Icon::Search title=tx!(i18n, codes.empty_search_title) text=text>
                <LinkButton href=query.with_words("").address()>{tx!(i18n, codes.search_clear)}</LinkButton>
                {everywhere.map(|href| view! { <LinkButton href=href>{tx!(i18n, codes.search_all)}</LinkButton> })}
            </EmptyState>
        }
        .into_any();
    }
    let (title, text) = match query.scope {
        CodeScope::Past => (tx!(i18n, codes.empty_past_title), tx!(i18n, codes.empty_past_text)),
        CodeScope::Active => (tx!(i18n, codes.empty_active_title), tx!(i18n, codes.empty_active_text)),
        CodeScope::All => (tx!(i18n, codes.empty_all_title), tx!(i18n, codes.empty_active_text)),
    };
    view! {
        <EmptyState icon=Icon::Qr title=title text=text>
            <LinkButton href=format!("{PATH}/new") icon=Icon::Plus>{tx!(i18n, codes.new)}</LinkButton>
        </EmptyState>
    }
    .into_any()
}
