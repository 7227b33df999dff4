//! What is done to the chosen rows together.

use leptos::prelude::*;
use model::{
    documents::{BulkAct, DocumentSummary},
    ids::DocumentId,
};

use super::{Chosen, table::use_rights};
use crate::{
    documents::acts::use_acts,
    i18n::use_i18n,
    tx,
    ui::{Button, Confirm, Icon, Variant},
};

/// Chosen documents in two heaps: those that can be deleted, and how many are held.
fn deletable(
    rows: &[DocumentSummary],
    chosen: &std::collections::BTreeSet<DocumentId>,
) -> (Vec<DocumentId>, usize) {
    let (held, free): (Vec<_>, Vec<_>) = rows
        .iter()
        .filter(|document| chosen.contains(&document.id))
        .partition(|document| document.hold_reason.is_some());
    (free.into_iter().map(|document| document.id).collect(), held.len())
}

/// Above the table while rows are chosen.
#[component]
pub fn Bulk(rows: Memo<Vec<DocumentSummary>>, chosen: Chosen) -> impl IntoView {
    let i18n = use_i18n();
    let acts = use_acts();
    let rights = use_rights();
    let (busy, asking) = (RwSignal::new(false), RwSignal::new(false));
    let count = Memo::new(move |_| chosen.read().len());
    let heaps = Memo::new(move |_| deletable(&rows.read(), &chosen.read()));
    let finish = move |worked: bool| {
        let _ = busy.try_set(false);
        let _ = asking.try_set(false);
        if worked {
            let _ = chosen.try_update(std::collections::BTreeSet::clear);
        }
    };
    let run = move |act: BulkAct| {
        busy.set(true);
        let ids = chosen.get_untracked().into_iter().collect();
        let said = move |n: u64| match n {
            1 => tx!(i18n, documents.changed_one),
            n => tx!(i18n, documents.changed_many, count = n),
        };
        acts.bulk(ids, act, said, finish);
    };
    let ask = move |_| {
        if heaps.read_untracked().0.is_empty() {
            acts.refused(tx!(i18n, documents.confirm_nothing));
        } else {
            asking.set(true);
        }
    };
    let delete = move |()| {
        busy.set(true);
        let said = move |n: u64| match n {
            1 => tx!(i18n, documents.deleted_one),
            n => tx!(i18n, documents.deleted_many, count = n),
        };
        acts.bulk(heaps.get_untracked().0, BulkAct::Delete, said, finish);
    };
    let number = move || match count.get() {
        1 => tx!(i18n, documents.chosen_one),
        n => tx!(i18n, documents.chosen_many, count = n),
    };
    let question = Signal::derive(move || match heaps.read().0.len() {
        1 => tx!(i18n, documents.confirm_one),
        n => tx!(i18n, documents.confirm_many, count = n),
    });
    let held = move || {
        let n = heaps.read().1;
        (n > 0).then(|| view! { <p>{tx!(i18n, documents.confirm_held, count = n)}</p> })
    };
    view! {
        <p class="visually-hidden" role="status">{move || (count.get() > 0).then(number)}</p>
        <Show when=move || { count.get() > 0 }>
            <div class="bulk">
                <strong>{number}</strong>
                <Button small=true icon=Icon::Check busy=busy on_click=move |_| run(BulkAct::Done)>
                    {tx!(i18n, documents.bulk_done)}
                </Button>
                <Button small=true icon=Icon::Undo busy=busy on_click=move |_| run(BulkAct::Reopen)>
                    {tx!(i18n, documents.bulk_reopen)}
                </Button>
                <Button small=true icon=Icon::EyeOff busy=busy on_click=move |_| run(BulkAct::Unseen)>
                    {tx!(i18n, documents.bulk_unseen)}
                </Button>
                {rights.delete.then(|| view! {
                    <Button small=true variant=Variant::Danger icon=Icon::Trash busy=busy on_click=ask>
                        {tx!(i18n, documents.bulk_delete)}
                    </Button>
                })}
                <Button small=true variant=Variant::Ghost icon=Icon::Close
                    label=Some(tx!(i18n, documents.bulk_clear))
                    on_click=move |_| chosen.update(std::collections::BTreeSet::clear) />
            </div>
        </Show>
        <Confirm id="documents-delete" open=asking title=question confirm_text=tx!(i18n, documents.bulk_delete)
            cancel_text=tx!(i18n, common.cancel) danger=true busy=busy on_confirm=Callback::new(delete)>
            <p>{tx!(i18n, documents.confirm_text)}</p>
            {held}
        </Confirm>
    }
}
