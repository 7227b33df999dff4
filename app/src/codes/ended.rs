//! Ending a code, and what an ended code says.

use leptos::{prelude::*, task::spawn_local};
use model::codes::CodeState;

use super::{
    api,
    form::focus,
    hand_over::{self, Request},
    list_query::PATH,
    shown::Shown,
};
use crate::{
    i18n::use_i18n,
    shell::error_text,
    tx,
    ui::{Confirm, Icon, LinkButton, Notice, Tone, Variant, use_toasts},
};

/// Why the code opens nothing any more, and the way to a new one that asks the same.
#[component]
pub(super) fn Ended(state: CodeState, shown: Shown) -> impl IntoView {
    let i18n = use_i18n();
    let (tone, title, text) = match state {
        CodeState::Exhausted => {
            (Tone::Success, tx!(i18n, codes.exhausted_title), tx!(i18n, codes.exhausted_text))
        }
        CodeState::Revoked => (Tone::Neutral, tx!(i18n, codes.revoked_title), tx!(i18n, codes.revoked_text)),
        CodeState::Expired | CodeState::Active => {
            (Tone::Neutral, tx!(i18n, codes.expired_title), tx!(i18n, codes.expired_text))
        }
    };
    let again = move |_| {
        if let Some(view) = shown.view.get_untracked() {
            let (label, note) = (view.summary.label, view.summary.note.unwrap_or_default());
            hand_over::ask_again(Request { label, note });
        }
    };
    view! {
        <section class="card stack">
            <Notice tone=tone title=title><p>{text}</p></Notice>
            <div class="row">
                <LinkButton href=format!("{PATH}/new") variant=Variant::Primary icon=Icon::Plus on_click=again>
                    {tx!(i18n, codes.ask_again)}
                </LinkButton>
            </div>
        </section>
    }
}

/// Asks, then ends the code.
#[component]
pub(super) fn Revoke(shown: Shown, open: RwSignal<bool>) -> impl IntoView {
    let i18n = use_i18n();
    let toasts = use_toasts();
    let busy = RwSignal::new(false);
    let revoke = move |()| {
        let Some(id) = shown.id.get_untracked().filter(|_| !busy.get_untracked()) else { return };
        busy.set(true);
        spawn_local(async move {
            let done = api::revoke(id).await;
            if busy.try_set(false).is_some() {
                return;
            }
            open.set(false);
            match done {
                Ok(()) => {
                    toasts.success(tx!(i18n, codes.revoked));
                    shown.end(CodeState::Revoked);
                    // The button that had the focus is gone with the code.
                    request_animation_frame(|| focus("main"));
                }
                Err(failed) => {
                    toasts.failure(error_text(i18n, &failed));
                }
            }
        });
    };
    view! {
        <Confirm id="revoke" open=open title=tx!(i18n, codes.revoke_title) confirm_text=tx!(i18n, codes.revoke_do)
            cancel_text=tx!(i18n, common.cancel) danger=true busy=busy on_confirm=revoke>
            <p>{tx!(i18n, codes.revoke_text)}</p>
        </Confirm>
    }
}
