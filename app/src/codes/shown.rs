//! A code on a page. Showing it is an act that the audit keeps: it happens once per visit, in the browser, and never
//! because of an event; what changes meanwhile (deposits, state) is followed through the list, which shows no value.

use leptos::{prelude::*, task::spawn_local};
use leptos_router::hooks::use_params_map;
use model::{
    codes::{CodeScope, CodeSecret, CodeState, CodeSummary, CodeView},
    ids::CodeId,
    list::Page,
    text::Search,
};

use super::{api, hand_over};
use crate::{
    error::{ApiError, ErrorKind},
    live::use_live,
};

/// The code of the address, once it is shown. Copies stand for the same code.
#[derive(Clone, Copy)]
pub(super) struct Shown {
    /// What the address says, if it says an id.
    pub id: Memo<Option<CodeId>>,
    pub view: RwSignal<Option<CodeView>>,
    pub error: RwSignal<Option<ApiError>>,
}

impl Shown {
    /// The code named by `:id` in the address.
    pub fn of_address() -> Self {
        let params = use_params_map();
        let id = Memo::new(move |_| params.read().get("id").and_then(|text| text.parse().ok()));
        let error = id.get_untracked().is_none().then(|| ApiError::from(ErrorKind::NotFound));
        let shown = Self { id, view: RwSignal::new(None), error: RwSignal::new(error) };
        Effect::new(move |_| {
            let Some(id) = id.get() else { return };
            match hand_over::take(id) {
                Some(view) => shown.view.set(Some(view)),
                None => shown.show(),
            }
        });
        shown
    }

    /// Shows it, or shows it again.
    pub fn show(self) {
        let Some(id) = self.id.get_untracked() else { return };
        self.view.set(None);
        self.error.set(None);
        spawn_local(async move {
            let done = api::show(id).await;
            if self.id.try_get_untracked() != Some(Some(id)) {
                return;
            }
            match done {
                Ok(view) => self.view.set(Some(view)),
                Err(failed) => self.error.set(Some(failed)),
            }
        });
    }

    /// Keeps deposits and state up to date, without showing the value again.
    pub fn follow(self) {
        let live = use_live();
        Effect::new(move |before: Option<u64>| {
            let now = live.codes.get();
            if before.is_some_and(|before| before != now) {
                spawn_local(self.read_summary());
            }
            now
        });
    }

    async fn read_summary(self) {
        let Some(known) = self.view.try_get_untracked().flatten().map(|view| view.summary) else { return };
        let words: String = known.label.chars().take(Search::MAX).collect();
        let list = api::active(CodeScope::All, words.parse().ok(), Page::new(1, Page::MAX_SIZE)).await;
        let Some(fresh) = list.ok().and_then(|list| list.items.into_iter().find(|code| code.id == known.id))
        else {
            return;
        };
        let _ = self.view.try_update(|view| {
            if let Some(view) = view.as_mut().filter(|view| view.summary.id == fresh.id) {
                if fresh.state != CodeState::Active {
                    view.secret = None;
                }
                view.summary = fresh;
            }
        });
    }

    /// It has ended: known here without asking. An ended code has no value any more.
    pub fn end(self, state: CodeState) {
        self.view.update(|view| {
            if let Some(view) = view.as_mut().filter(|view| view.summary.state == CodeState::Active) {
                view.summary.state = state;
                view.secret = None;
            }
        });
    }

    pub fn summary(self) -> Memo<Option<CodeSummary>> {
        Memo::new(move |_| self.view.with(|view| view.as_ref().map(|view| view.summary.clone())))
    }

    pub fn secret(self) -> Memo<Option<CodeSecret>> {
        Memo::new(move |_| self.view.with(|view| view.as_ref().and_then(|view| view.secret.clone())))
    }

    /// The state, once known.
    pub fn state(self) -> Memo<Option<CodeState>> {
        Memo::new(move |_| self.view.with(|view| view.as_ref().map(|view| view.summary.state)))
    }
}
