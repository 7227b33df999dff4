//! Printing: every page is fetched first, then the browser prints exactly those. A page that is missing stops it:
//! half a prescription must not look whole.

use leptos::prelude::*;
use model::ids::DocumentId;

use super::look::Look;
use crate::{documents::acts::use_acts, i18n::use_i18n, tx};

/// Pages on the way at the same time: each costs the server a child process.
const AT_ONCE: u32 = 3;

/// A print being prepared.
#[derive(Clone, Copy)]
pub struct PrintState {
    /// Pages that are there, while one is being prepared.
    ready: RwSignal<Option<u32>>,
    /// Prepares one.
    pub start: Callback<()>,
}

/// Nothing is printed until `start` runs.
pub fn use_print() -> PrintState {
    let ready = RwSignal::new(None);
    let start = Callback::new(move |()| {
        if ready.get_untracked().is_none() {
            ready.set(Some(0));
        }
    });
    Effect::new(move |_| {
        let handle = window_event_listener_untyped("afterprint", move |_| ready.set(None));
        on_cleanup(move || handle.remove());
    });
    PrintState { ready, start }
}

/// The pages on paper: on the screen only their number shows.
#[component]
pub fn Print(
    print: PrintState,
    id: DocumentId,
    ticket: StoredValue<String>,
    look: RwSignal<Look>,
    pages: Memo<u32>,
) -> impl IntoView {
    let i18n = use_i18n();
    let acts = use_acts();
    let PrintState { ready, .. } = print;
    let arrived = move |_| {
        ready.update(|ready| *ready = ready.map(|n| n + 1));
        if ready.get_untracked() == Some(pages.get_untracked()) {
            request_animation_frame(|| drop(window().print()));
        }
    };
    let missing = move |_| {
        if ready.get_untracked().is_some() {
            ready.set(None);
            acts.refused(tx!(i18n, documents.print_failed));
        }
    };
    let on_the_way = move || ready.get().map_or(0, |ready| ready.saturating_add(AT_ONCE).min(pages.get()));
    let words = move || {
        let count = pages.get();
        ready.get().filter(|done| *done < count).map(|done| {
            view! { <p class="viewer-printing">{tx!(i18n, documents.printing, done = done, count = count)}</p> }
        })
    };
    view! {
        <div role="status">{words}</div>
        <div class="viewer-print" aria-hidden="true">
            <For each=move || 1..=on_the_way() key=|page| *page let:page>
                <img
                    class="viewer-page"
                    src=look.get_untracked().on_paper(id, &ticket.read_value(), page)
                    alt=""
                    on:load=arrived
                    on:error=missing
                />
            </For>
        </div>
    }
}
