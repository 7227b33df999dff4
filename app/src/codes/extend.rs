//! The dialog that lets a code live longer.

use leptos::{prelude::*, task::spawn_local};
use model::codes::ValidityMinutes;

use super::{api, form::number, shown::Shown, words::validities};
use crate::{
    error::{ApiError, ErrorKind},
    i18n::use_i18n,
    shell::{error_text, use_language},
    tx,
    ui::{Button, Dialog, Notice, RadioGroup, Tone, Variant, use_toasts},
};

/// Asks how long from now.
#[component]
pub(super) fn Extend(shown: Shown, open: RwSignal<bool>) -> impl IntoView {
    let i18n = use_i18n();
    let language = use_language();
    let toasts = use_toasts();
    let validity = RwSignal::new(ValidityMinutes::default().get().to_string());
    let (error, busy) = (RwSignal::new(None::<ApiError>), RwSignal::new(false));
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let Some(id) = shown.id.get_untracked().filter(|_| !busy.get_untracked()) else { return };
        let Ok(minutes) = number(&validity.get_untracked()) else { return };
        busy.set(true);
        error.set(None);
        spawn_local(async move {
            let done = api::extend(id, minutes).await;
            if busy.try_set(false).is_some() {
                return;
            }
            match done {
                Ok(view) => {
                    open.set(false);
                    let at = view.summary.expires_at.date_time(language);
                    toasts.success(tx!(i18n, codes.extended, at = at));
                    shown.view.set(Some(view));
                }
                Err(failed) => {
                    if failed.kind == ErrorKind::CodeEnded {
                        open.set(false);
                        toasts.failure(error_text(i18n, &failed));
                        shown.show();
                    } else {
                        error.set(Some(failed));
                    }
                }
            }
        });
    };
    view! {
        <Dialog id="extend" open=open title=tx!(i18n, codes.extend_title) close_label=tx!(i18n, common.close)>
            <form class="form" method="post" on:submit=submit>
                {move || error.get().map(|failed| view! {
                    <Notice tone=Tone::Danger>{error_text(i18n, &failed)}</Notice>
                })}
                <p>{tx!(i18n, codes.extend_text)}</p>
                <RadioGroup name="extend" label=tx!(i18n, codes.extend_from_now) choices=validities(i18n) bind=validity />
                <div class="dialog-actions">
                    <Button on_click=move |_| open.set(false)>{tx!(i18n, common.cancel)}</Button>
                    <Button kind="submit" variant=Variant::Primary busy=busy>{tx!(i18n, codes.extend_do)}</Button>
                </div>
            </form>
        </Dialog>
    }
}
