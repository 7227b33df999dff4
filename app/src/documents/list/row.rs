//! One document in the inbox.

use std::collections::BTreeSet;

use leptos::prelude::*;
use model::{
    documents::{BulkAct, DocumentSummary},
    ids::DocumentId,
};

use super::{Chosen, table::Rights};
use crate::{
    documents::{
        acts::use_acts,
        address,
        focus::{focus_list, keep_focus},
        words,
    },
    i18n::use_i18n,
    shell::{When, file_size, use_language},
    tx,
    ui::{Badge, Button, Cell, Icon, LinkButton, Tone, Variant},
};

/// The row follows its document through every answer; what never changes is read once.
#[component]
pub fn Row(
    first: DocumentSummary,
    rows: Memo<Vec<DocumentSummary>>,
    rights: Rights,
    chosen: Chosen,
    arrived: RwSignal<BTreeSet<DocumentId>>,
) -> impl IntoView {
    let i18n = use_i18n();
    let language = use_language();
    let id = first.id;
    let (name, label, reference) = (first.name.clone(), first.label.clone(), first.reference.clone());
    let (received, size) = (first.received_at, file_size(first.size, language));
    let document = Memo::new(move |before: Option<&DocumentSummary>| {
        let now = rows.read().iter().find(|document| document.id == id).cloned();
        now.or_else(|| before.cloned()).unwrap_or_else(|| first.clone())
    });
    let title = if rights.open {
        view! { <a href=address::of_document(id)>{name.clone()}</a> }.into_any()
    } else {
        view! { <span>{name.clone()}</span> }.into_any()
    };
    let pages = move || {
        document
            .read()
            .pages
            .map(|n| view! { " " <span class="cell-nowrap">{words::pages_text(i18n, n)}</span> })
    };
    let seen = move || match document.get().seen {
        None => view! { <Badge tone=Tone::Info icon=Icon::Inbox text=tx!(i18n, documents.new) /> }.into_any(),
        Some(seen) => view! {
            <span class="document-seen-by">
                <When at=seen.at />
                <small>{tx!(i18n, documents.seen_by, name = seen.by)}</small>
            </span>
        }
        .into_any(),
    };
    let looks = move || if document.read().seen.is_none() { "document-new" } else { "document-seen" };
    view! {
        <tr
            class=looks
            class:document-arrived=move || arrived.read().contains(&id)
        >
            {rights.open.then(|| view! {
                <Cell class="cell-check"><Pick id=id name=name.clone() chosen=chosen /></Cell>
            })}
            <th scope="row" class="cell-title">
                <div class="document-name">
                    <span class="document-kind">{move || words::kind_icon(&document.read()).view()}</span>
                    <div>
                        {title}
                        <small class="dotted">
                            <span>{label}</span> " " <span class="cell-nowrap">{reference}</span> {pages}
                        </small>
                    </div>
                </div>
            </th>
            <Cell label=Some(tx!(i18n, documents.col_state))>
                {move || words::state_badges(i18n, &document.read())}
            </Cell>
            <Cell label=Some(tx!(i18n, documents.col_received)) class="cell-nowrap"><When at=received /></Cell>
            <Cell label=Some(tx!(i18n, documents.col_seen)) class="cell-nowrap">{seen}</Cell>
            <Cell label=Some(tx!(i18n, documents.col_size)) class="cell-number cell-wide-only">{size}</Cell>
            <Cell label=Some(tx!(i18n, documents.col_delete)) class="cell-nowrap">
                {move || words::deletion(i18n, &document.read())}
            </Cell>
            <Cell class="cell-actions"><Actions document=document rights=rights /></Cell>
        </tr>
    }
}

/// Chooses the row.
#[component]
fn Pick(id: DocumentId, name: String, chosen: Chosen) -> impl IntoView {
    let i18n = use_i18n();
    let pick = move |event| {
        let on = event_target_checked(&event);
        chosen.update(|chosen| {
            if on {
                chosen.insert(id)
            } else {
                chosen.remove(&id)
            };
        });
    };
    let field = format!("pick-{id}");
    view! {
        <div class="choice choice-quiet">
            <input id=field.clone() type="checkbox" class="checkbox"
                prop:checked=move || chosen.read().contains(&id) on:change=pick />
            <div class="choice-text">
                <label for=field>{tx!(i18n, documents.pick, name = name)}</label>
            </div>
        </div>
    }
}

/// Open, file, delete.
#[component]
fn Actions(document: Memo<DocumentSummary>, rights: Rights) -> impl IntoView {
    let i18n = use_i18n();
    let acts = use_acts();
    let busy = RwSignal::new(false);
    let (id, name) = document.with_untracked(|document| (document.id, document.name.clone()));
    let done = Memo::new(move |_| document.read().done);
    let held = Memo::new(move |_| document.read().hold_reason.is_some());
    let free = move || {
        // The row may be gone by now.
        let _ = busy.try_set(false);
    };
    let file = move |_| {
        busy.set(true);
        let act = if done.get_untracked() { BulkAct::Reopen } else { BulkAct::Done };
        let said = if done.get_untracked() {
            tx!(i18n, documents.marked_reopened)
        } else {
            tx!(i18n, documents.marked_done)
        };
        acts.bulk(vec![id], act, |_| said, move |_| free());
    };
    let delete = move |_| {
        busy.set(true);
        acts.delete(id, focus_list);
        set_timeout(free, std::time::Duration::from_secs(1));
    };
    let open_label = tx!(i18n, documents.open_name, name = name.clone());
    let filing = name.clone();
    let file_label = Signal::derive(move || {
        let name = filing.clone();
        Some(if done.get() {
            tx!(i18n, documents.reopen_name, name = name)
        } else {
            tx!(i18n, documents.done_name, name = name)
        })
    });
    let delete_label = Signal::derive(move || {
        let name = name.clone();
        Some(if held.get() {
            tx!(i18n, documents.held_name, name = name)
        } else {
            tx!(i18n, documents.delete_name, name = name)
        })
    });
    view! {
        {rights.open.then(|| view! {
            <LinkButton href=address::of_document(id) variant=Variant::Ghost small=true icon=Icon::Eye
                label=Some(open_label) />
            {move || {
                let icon = if done.get() { Icon::Undo } else { Icon::Check };
                let button = format!("file-{id}");
                keep_focus(&button);
                view! {
                    <Button variant=Variant::Ghost small=true icon=icon label=file_label busy=busy attr:id=button
                        on_click=file />
                }
            }}
        })}
        {rights.delete.then(|| view! {
            <Button variant=Variant::Ghost small=true icon=Icon::Trash label=delete_label
                busy=busy off=held on_click=delete />
        })}
    }
}
