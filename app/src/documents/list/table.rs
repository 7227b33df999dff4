//! The table itself: heads that sort, a box that chooses all, one row a document.

use std::collections::BTreeSet;

use leptos::prelude::*;
use model::{
    documents::{DocumentQuery, DocumentSort, DocumentSummary},
    identity::Me,
    ids::DocumentId,
    roles::Permission,
};

use super::{Chosen, row::Row};
use crate::{
    documents::address,
    i18n::use_i18n,
    tx,
    ui::{Direction, SortHeader, Table},
};

/// What the signed-in person may do to a row.
#[derive(Clone, Copy)]
pub struct Rights {
    pub open: bool,
    pub delete: bool,
}

/// The rights of the signed-in person.
pub fn use_rights() -> Rights {
    let me = expect_context::<Me>();
    Rights { open: me.may(Permission::OpenDocuments), delete: me.may(Permission::DeleteDocuments) }
}

/// The column's direction under an order, and the order that its head asks for.
fn column(
    ascending: DocumentSort,
    other: DocumentSort,
    now: DocumentSort,
) -> (Option<Direction>, DocumentSort) {
    if now == ascending {
        return (Some(Direction::Ascending), other);
    }
    // Only the moment of arrival sorts both ways.
    let both = ascending == DocumentSort::Oldest;
    if both && now == other {
        (Some(Direction::Descending), ascending)
    } else {
        (None, if both { other } else { ascending })
    }
}

/// Rows keep their place and their focus while others come and go.
#[component]
pub fn Rows(
    rows: Memo<Vec<DocumentSummary>>,
    query: Memo<DocumentQuery>,
    busy: Signal<bool>,
    chosen: Chosen,
    arrived: RwSignal<BTreeSet<DocumentId>>,
) -> impl IntoView {
    let i18n = use_i18n();
    let rights = use_rights();
    let head = move |label: String, ascending: DocumentSort| {
        let state = move || column(ascending, DocumentSort::Newest, query.read().sort);
        let href = move || {
            let sort = state().1;
            address::changed(&query.read(), |query| query.sort = sort)
        };
        view! {
            <SortHeader label=label href=Signal::derive(href) direction=Signal::derive(move || state().0) />
        }
    };
    view! {
        <Table caption=tx!(i18n, documents.caption) busy=busy>
            <thead>
                <tr>
                    {rights.open.then(|| view! { <th scope="col" class="cell-check"><PickAll rows=rows chosen=chosen /></th> })}
                    {head(tx!(i18n, documents.col_document), DocumentSort::Name)}
                    <th scope="col">{tx!(i18n, documents.col_state)}</th>
                    {head(tx!(i18n, documents.col_received), DocumentSort::Oldest)}
                    <th scope="col">{tx!(i18n, documents.col_seen)}</th>
                    <th scope="col" class="cell-number cell-wide-only">{tx!(i18n, documents.col_size)}</th>
                    {head(tx!(i18n, documents.col_delete), DocumentSort::ExpiresFirst)}
                    <th scope="col" class="cell-actions">
                        <span class="visually-hidden">{tx!(i18n, documents.col_actions)}</span>
                    </th>
                </tr>
            </thead>
            <tbody>
                <For each=move || rows.get() key=|document| document.id let:first>
                    <Row first=first rows=rows rights=rights chosen=chosen arrived=arrived />
                </For>
            </tbody>
        </Table>
    }
}

/// Chooses every row of this page, or none.
#[component]
fn PickAll(rows: Memo<Vec<DocumentSummary>>, chosen: Chosen) -> impl IntoView {
    let i18n = use_i18n();
    let all = move || {
        let rows = rows.read();
        !rows.is_empty() && chosen.with(|chosen| rows.iter().all(|document| chosen.contains(&document.id)))
    };
    let some = move || !chosen.read().is_empty() && !all();
    let pick = move |event| {
        let on = event_target_checked(&event);
        chosen.set(if on {
            rows.read_untracked().iter().map(|document| document.id).collect()
        } else {
            BTreeSet::new()
        });
    };
    view! {
        <div class="choice choice-quiet">
            <input id="pick-all" type="checkbox" class="checkbox" prop:checked=all prop:indeterminate=some
                on:change=pick />
            <div class="choice-text">
                <label for="pick-all">{tx!(i18n, documents.pick_all)}</label>
            </div>
        </div>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arrival_sorts_both_ways_and_others_fall_back_to_newest() {
        let received = |now| column(DocumentSort::Oldest, DocumentSort::Newest, now);
        assert_eq!(received(DocumentSort::Newest), (Some(Direction::Descending), DocumentSort::Oldest));
        assert_eq!(received(DocumentSort::Oldest), (Some(Direction::Ascending), DocumentSort::Newest));
        assert_eq!(received(DocumentSort::Name), (None, DocumentSort::Newest));
        let name = |now| column(DocumentSort::Name, DocumentSort::Newest, now);
        assert_eq!(name(DocumentSort::Newest), (None, DocumentSort::Name));
        assert_eq!(name(DocumentSort::Name), (Some(Direction::Ascending), DocumentSort::Newest));
    }
}
