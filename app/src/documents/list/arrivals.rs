//! What arrives while someone looks: said once, politely, and marked in the list.

use std::collections::{BTreeSet, HashSet};

use leptos::prelude::*;
use model::{documents::DocumentQuery, documents::DocumentSummary, ids::DocumentId};

use super::Answer;
use crate::{i18n::use_i18n, live::use_live, tx};

/// What the list has shown since its question last changed.
#[derive(Default)]
struct Shown {
    query: DocumentQuery,
    ids: HashSet<DocumentId>,
    /// Milliseconds since the Unix epoch of the newest.
    latest: i64,
}

impl Shown {
    /// Takes the next answer; gives what was not there before and is not just another page or filter.
    fn take(&mut self, query: &DocumentQuery, items: &[DocumentSummary]) -> Vec<DocumentSummary> {
        let same = self.query == *query;
        let is_new = |document: &&DocumentSummary| {
            same && document.seen.is_none()
                && document.received_at.unix_ms > self.latest
                && !self.ids.contains(&document.id)
        };
        let arrived = items.iter().filter(is_new).cloned().collect();
        if !same {
            *self = Self { query: query.clone(), ..Self::default() };
        }
        self.ids.extend(items.iter().map(|document| document.id));
        let latest = items.iter().map(|document| document.received_at.unix_ms).max();
        self.latest = latest.unwrap_or_default().max(self.latest);
        arrived
    }
}

/// The live region, there from the start and empty until something arrives.
#[component]
pub fn Arrivals(answer: Memo<Option<Answer>>, arrived: RwSignal<BTreeSet<DocumentId>>) -> impl IntoView {
    let i18n = use_i18n();
    let live = use_live();
    let message = RwSignal::new(String::new());
    let say = move |text: String| {
        // The same words twice would not be read twice.
        message.update(|said| *said = if *said == text { format!("{text}\u{a0}") } else { text });
    };
    // Ids of the events whose document has not been looked for yet.
    let waiting = StoredValue::new(Vec::<String>::new());
    Effect::new(move |heard: Option<u64>| {
        let (number, event) = live.last.get();
        if let Some(event) = event
            && event.kind == "documents.received"
            && heard.is_some_and(|heard| heard < number)
        {
            waiting.update_value(|ids| ids.extend(event.object));
        }
        number
    });
    Effect::new(move |shown: Option<Option<Shown>>| {
        let mut shown = shown.flatten();
        let Some(Answer { query, page: Ok(page), .. }) = answer.get() else { return shown };
        let ids = waiting.try_update_value(std::mem::take).unwrap_or_default();
        let Some(before) = &mut shown else {
            let mut first = Shown { query: query.clone(), ..Shown::default() };
            first.take(&query, &page.items);
            return Some(first);
        };
        let new = before.take(&query, &page.items);
        let here = |id: &String| page.items.iter().any(|document| document.id.to_string() == *id);
        match new.as_slice() {
            [] if !ids.is_empty() && !ids.iter().any(here) => {
                say(tx!(i18n, documents.arrived_elsewhere));
            }
            [] => {}
            [one] => say(tx!(i18n, documents.arrived, label = one.label.clone())),
            several => say(tx!(i18n, documents.arrived_many, count = several.len())),
        }
        if !new.is_empty() {
            arrived.update(|ids| ids.extend(new.iter().map(|document| document.id)));
        }
        shown
    });
    view! { <p class="visually-hidden" role="status" aria-live="polite">{move || message.get()}</p> }
}

#[cfg(test)]
mod tests {
    use model::{
        documents::{DocumentFilter, DocumentState, FileKind},
        ids::CodeId,
        time::Moment,
    };

    use super::*;

    fn document(n: u128, at: i64) -> DocumentSummary {
        let id = format!("{n:032x}").parse().expect("an id");
        let code: CodeId = format!("{n:032x}").parse().expect("an id");
        DocumentSummary {
            id,
            reference: "26-0000-0000".into(),
            name: "photo.jpg".into(),
            kind: FileKind::Jpeg,
            size: 1,
            state: DocumentState::Received,
            pages: None,
            code,
            label: "Ordonnance".into(),
            received_at: Moment { unix_ms: at, year: 2026, month: 3, day: 1, hour: 8, minute: 0 },
            seen: None,
            done: false,
            delete_at: None,
            hold_reason: None,
        }
    }

    #[test]
    fn only_what_came_since_is_announced() {
        let (all, mut shown) = (DocumentQuery::default(), Shown::default());
        shown.take(&all, &[document(1, 10)]);
        assert_eq!(shown.take(&all, &[document(2, 20), document(1, 10)]), [document(2, 20)]);
        assert!(shown.take(&all, &[document(2, 20), document(1, 10)]).is_empty(), "said once");
    }

    #[test]
    fn another_filter_announces_nothing() {
        let (all, mut shown) = (DocumentQuery::default(), Shown::default());
        shown.take(&all, &[document(1, 10)]);
        let new = DocumentQuery { filter: DocumentFilter::New, ..all };
        assert!(shown.take(&new, &[document(2, 20)]).is_empty());
    }

    #[test]
    fn a_deletion_taken_back_is_no_arrival() {
        let (all, mut shown) = (DocumentQuery::default(), Shown::default());
        shown.take(&all, &[document(1, 10)]);
        shown.take(&all, &[]);
        assert!(shown.take(&all, &[document(1, 10)]).is_empty());
    }
}
