//! Filters as links, so that each list has an address.

use leptos::prelude::*;
use model::documents::{DocumentFilter, DocumentQuery, DocumentSort};

use crate::{
    documents::{
        address::{self, LIST},
        words::period_text,
    },
    i18n::use_i18n,
    shell::use_language,
    tx,
    ui::{Icon, Menu},
};

/// One chip a state.
#[component]
pub fn Chips(query: Memo<DocumentQuery>) -> impl IntoView {
    let i18n = use_i18n();
    let chips = [
        (DocumentFilter::All, tx!(i18n, common.all)),
        (DocumentFilter::New, tx!(i18n, documents.filter_new)),
        (DocumentFilter::Seen, tx!(i18n, documents.filter_seen)),
        (DocumentFilter::Done, tx!(i18n, documents.filter_done)),
    ];
    let chips = chips.map(|(filter, text)| {
        let href = move || address::changed(&query.read(), |query| query.filter = filter);
        let current = move || (query.read().filter == filter).then_some("true");
        view! { <a class="chip" href=href aria-current=current>{text}</a> }
    });
    view! { <div class="chips" role="group" aria-label=tx!(i18n, documents.filters)>{chips}</div> }
}

/// The order, also where the table's heads don't show.
#[component]
pub fn Order(query: Memo<DocumentQuery>) -> impl IntoView {
    let i18n = use_i18n();
    let orders = [
        (DocumentSort::Newest, tx!(i18n, documents.sort_newest)),
        (DocumentSort::Oldest, tx!(i18n, documents.sort_oldest)),
        (DocumentSort::Name, tx!(i18n, documents.sort_name)),
        (DocumentSort::ExpiresFirst, tx!(i18n, documents.sort_expires)),
    ];
    let items = orders.map(|(sort, text)| {
        let href = move || address::changed(&query.read(), |query| query.sort = sort);
        let current = move || (query.read().sort == sort).then_some("true");
        view! { <li><a class="menu-item" href=href aria-current=current>{text}</a></li> }
    });
    view! {
        <Menu summary_class="chip" summary=view! {
            {Icon::ChevronsUpDown.view()} <span>{tx!(i18n, documents.sort)}</span>
        }.into_any()>
            <ul class="menu-list">{items}</ul>
        </Menu>
    }
}

/// What narrows the list beside its state: each can be taken away by itself.
#[component]
pub fn Applied(query: Memo<DocumentQuery>, code_label: RwSignal<Option<String>>) -> impl IntoView {
    let i18n = use_i18n();
    let language = use_language();
    let chip = move |text: String, href: String| {
        view! {
            <a class="chip" href=href aria-label=format!("{text} ({})", tx!(i18n, documents.remove_filter))>
                <span>{text.clone()}</span> {Icon::Close.view()}
            </a>
        }
    };
    move || {
        let asked = query.get();
        let code = asked.code.map(|_| {
            let text = match code_label.get() {
                Some(label) => tx!(i18n, documents.code_chip, label = label),
                None => tx!(i18n, documents.code_chip_one),
            };
            chip(text, address::changed(&asked, |query| query.code = None))
        });
        let period = period_text(i18n, language, asked.from.as_deref(), asked.to.as_deref())
            .map(|text| chip(text, address::changed(&asked, |query| (query.from, query.to) = (None, None))));
        let any = code.is_some() || period.is_some();
        any.then(|| {
            view! {
                <div class="row documents-applied">
                    {code} {period} <a href=LIST>{tx!(i18n, documents.clear_filters)}</a>
                </div>
            }
        })
    }
}
