//! Filters, acts, pages, export.

use leptos::{html, prelude::*};
use leptos_meta::Title;
use leptos_router::{components::Form, hooks::use_query_map};
use model::{audit::AuditEntry, identity::Me, list::Paged, roles::Permission};

use super::{
    api,
    export::Export,
    filter::{CAPABILITIES, Filter},
    table::Acts,
    words,
};
use crate::{
    error::ErrorKind,
    i18n::use_i18n,
    shell::{Failure, pagination_texts, set_status},
    tx,
    ui::{Button, Choice, EmptyState, Field, Icon, LinkButton, PageHeader, Pagination, Select, Skeleton},
};

/// The audit. Everything that it shows is in its address.
#[component]
pub fn ListPage() -> impl IntoView {
    let i18n = use_i18n();
    let may = expect_context::<Me>().may(Permission::Audit);
    if !may {
        // The list below says so in words; the page's status must say it too.
        set_status(ErrorKind::Forbidden);
    }
    let query = use_query_map();
    let filter = Memo::new(move |_| Filter::read(&query.read()));
    // Read in the browser only: reading is an act, and a page rendered twice must not be two.
    let alive = RwSignal::new(false);
    Effect::new(move |_| alive.set(true));
    view! {
        <Title text=tx!(i18n, audit.title) />
        <PageHeader title=tx!(i18n, audit.title) subtitle=tx!(i18n, audit.lead)>
            {may.then(|| view! { <Export filter=filter /> })}
        </PageHeader>
        {may.then(|| view! { <Filters filter=filter /> })}
        <Show
            when=move || alive.get()
            fallback=move || view! { <Skeleton label=tx!(i18n, common.loading) rows=true lines=8 /> }
        >
            <Entries filter=filter />
        </Show>
    }
}

/// The acts that the filter finds.
#[component]
fn Entries(filter: Memo<Filter>) -> impl IntoView {
    let i18n = use_i18n();
    let busy = RwSignal::new(false);
    let entries = LocalResource::new(move || {
        let filter = filter.get();
        async move { api::list(filter.query()).await }
    });
    view! {
        <Transition
            set_pending=busy
            fallback=move || view! { <Skeleton label=tx!(i18n, common.loading) rows=true lines=8 /> }
        >
            // Not `Suspend`: reading again, it builds the view one turn before it shows it (see `codes::list`).
            {move || entries.get().map(|found| match found {
                Ok(paged) => view! { <Found paged=paged filter=filter.get_untracked() busy=busy /> }.into_any(),
                Err(error) => view! { <Failure error=error /> }.into_any(),
            })}
        </Transition>
    }
}

#[component]
fn Filters(filter: Memo<Filter>) -> impl IntoView {
    let i18n = use_i18n();
    let Filter { search, capability, from, to, .. } = filter.get_untracked();
    let (capability, from, to) = (RwSignal::new(capability), RwSignal::new(from), RwSignal::new(to));
    let field = NodeRef::<html::Input>::new();
    // A link may change the address below the fields ("clear the filters", the acts on one object).
    Effect::watch(
        move || filter.get(),
        move |now, _, _| {
            capability.set(now.capability.clone());
            from.set(now.from.clone());
            to.set(now.to.clone());
            if let Some(field) = field.get_untracked() {
                field.set_value(&now.search);
            }
        },
        false,
    );
    let all = Choice::new("", tx!(i18n, audit.capability_all));
    let each = CAPABILITIES.into_iter().map(|name| Choice::new(name, words::capability(i18n, name)));
    let choices: Vec<Choice> = std::iter::once(all).chain(each).collect();
    let inverted = tx!(i18n, audit.inverted);
    let to_error = Signal::derive(move || filter.read().inverted().then(|| inverted.clone()));
    let clear = move || {
        filter.read().narrows().then(|| {
            view! { <LinkButton href=Filter::default().href(1)>{tx!(i18n, audit.clear)}</LinkButton> }
        })
    };
    view! {
        <Form method="get" action=Filter::default().href(1) attr:class="toolbar audit-filters" attr:role="search">
            <div class="search">
                {Icon::Search.view()}
                <input node_ref=field class="input" type="search" name="q" value=search maxlength="100"
                    placeholder=tx!(i18n, audit.search) aria-label=tx!(i18n, audit.search) />
            </div>
            <Select quiet=true name="capability" label=tx!(i18n, audit.capability) choices=choices bind=capability />
            <Field name="from" label=tx!(i18n, audit.from) kind="date" bind=from />
            <Field name="to" label=tx!(i18n, audit.to) kind="date" bind=to error=to_error />
            <Button kind="submit" icon=Icon::Funnel>{tx!(i18n, audit.filter)}</Button>
            {clear}
        </Form>
    }
}

#[component]
fn Found(paged: Paged<AuditEntry>, filter: Filter, busy: RwSignal<bool>) -> impl IntoView {
    let i18n = use_i18n();
    if paged.items.is_empty() {
        let text = if filter.narrows() { tx!(i18n, audit.none_text) } else { tx!(i18n, audit.none_yet) };
        let clear = filter.narrows().then(|| {
            view! { <LinkButton href=Filter::default().href(1)>{tx!(i18n, audit.clear)}</LinkButton> }
        });
        return view! {
            <EmptyState icon=Icon::History title=tx!(i18n, audit.none_title) text=text>{clear}</EmptyState>
        }
        .into_any();
    }
    let page = paged.page;
    view! {
        <Acts entries=paged.items busy=busy />
        <Pagination page=u64::from(page.number()) per_page=u64::from(page.size()) total=paged.total
            href=move |n| filter.href(n) texts=pagination_texts(i18n) />
    }
    .into_any()
}
