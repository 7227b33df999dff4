//! What is done to documents, here and in the viewer, and what the person is told about it.

use std::time::Duration;

use leptos::{prelude::*, task::spawn_local};
use model::{
    documents::{BulkAct, RetentionChange, Selection},
    ids::DocumentId,
};

use super::{api, focus::focus_list};
use crate::{
    I18n,
    error::{ApiError, ErrorKind},
    i18n::use_i18n,
    live::{Live, use_live},
    shell::error_text,
    tx,
    ui::{ToastAction, ToastHub, Tone, use_toasts},
};

/// As long as the server lets a deletion be taken back.
const UNDO: Duration = Duration::from_secs(10);

/// The acts of a page. Taken once in a component; it outlives it, as toasts do.
#[derive(Clone, Copy)]
pub struct Acts {
    i18n: I18n,
    toasts: ToastHub,
    live: Live,
}

/// The acts of this page.
pub fn use_acts() -> Acts {
    Acts { i18n: use_i18n(), toasts: use_toasts(), live: use_live() }
}

impl Acts {
    /// Deletes at once, offers ten seconds to take it back, then does `then`.
    pub fn delete(self, id: DocumentId, then: impl FnOnce() + 'static) {
        let i18n = self.i18n;
        spawn_local(async move {
            if let Err(failed) = api::delete(id).await {
                return self.failed(&failed);
            }
            // Made here, outside of every component: it must outlive the page that deletes.
            let run = Callback::new(move |()| self.undelete(id));
            let undo = ToastAction { text: tx!(i18n, common.undo), run, undoes: true };
            self.toasts.push(Tone::Success, tx!(i18n, documents.deleted_one), Some(undo), UNDO);
            self.refresh();
            then();
        });
    }

    fn undelete(self, id: DocumentId) {
        let i18n = self.i18n;
        spawn_local(async move {
            match api::undelete(id).await {
                Ok(()) => {
                    self.toasts.success(tx!(i18n, documents.restored));
                    self.refresh();
                    focus_list();
                }
                Err(late) if late.kind == ErrorKind::NotFound => {
                    self.toasts.failure(tx!(i18n, documents.too_late));
                }
                Err(failed) => self.failed(&failed),
            }
        });
    }

    /// Does one act to documents, says `done` of how many, then does `then` with whether it worked.
    pub fn bulk(
        self,
        ids: Vec<DocumentId>,
        act: BulkAct,
        done: impl FnOnce(u64) -> String + 'static,
        then: impl FnOnce(bool) + 'static,
    ) {
        spawn_local(async move {
            let answer = match Selection::try_from(ids) {
                Ok(ids) => api::bulk(ids, act).await,
                Err(_) => Err(ErrorKind::Invalid.into()),
            };
            match &answer {
                Ok(n) => {
                    self.toasts.success(done(*n));
                    self.refresh();
                }
                Err(failed) => self.failed(failed),
            }
            then(answer.is_ok());
        });
    }

    /// Changes a deletion date, says `done`, then does `then` with the answer, whose error is the caller's to show.
    pub fn retention(
        self,
        id: DocumentId,
        change: RetentionChange,
        done: String,
        then: impl FnOnce(Result<(), ApiError>) + 'static,
    ) {
        spawn_local(async move {
            let answer = api::retention(id, change).await;
            if answer.is_ok() {
                self.toasts.success(done);
                self.refresh();
            }
            then(answer);
        });
    }

    /// Says why something was not done.
    pub fn failed(self, error: &ApiError) {
        self.toasts.failure(error_text(self.i18n, error));
    }

    /// Says that something was not done, in the page's own words.
    pub fn refused(self, text: String) {
        self.toasts.failure(text);
    }

    /// Lists and counters of this tab read again, also while the socket is away.
    pub fn refresh(self) {
        self.live.documents.update(|n| *n += 1);
    }
}
