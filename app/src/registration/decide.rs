//! The two answers to a registration, each with its dialog.

use leptos::prelude::*;
use model::{
    registration::{AwaitedAdministrator, WaitingRegistration},
    text::Reason,
};

use super::{api, words::administrator};
use crate::{
    I18n,
    error::ApiError,
    i18n::use_i18n,
    identity::Guarded,
    live::use_live,
    shell::error_text,
    tx,
    ui::{Button, Confirm, Dialog, Field, Notice, ToastHub, Tone, Variant, focus_first_error, use_toasts},
};

/// Which registration an answer is about, which dialog is open, and how it went. One for the page.
#[derive(Clone, Copy)]
pub(super) struct Acts {
    chosen: RwSignal<Option<WaitingRegistration>>,
    approving: RwSignal<bool>,
    declining: RwSignal<bool>,
    error: RwSignal<Option<ApiError>>,
    version: RwSignal<u32>,
    toasts: ToastHub,
    pub(super) guarded: Guarded,
    i18n: I18n,
    /// See [`crate::live::Live`].
    waiting: RwSignal<u64>,
}

impl Acts {
    pub(super) fn new(version: RwSignal<u32>) -> Self {
        Self {
            chosen: RwSignal::new(None),
            approving: RwSignal::new(false),
            declining: RwSignal::new(false),
            error: RwSignal::new(None),
            version,
            toasts: use_toasts(),
            guarded: Guarded::new(),
            i18n: use_i18n(),
            waiting: use_live().waiting,
        }
    }

    pub(super) fn approve(self, one: WaitingRegistration) {
        self.ask(one, self.approving);
    }

    pub(super) fn decline(self, one: WaitingRegistration) {
        self.ask(one, self.declining);
    }

    fn ask(self, one: WaitingRegistration, dialog: RwSignal<bool>) {
        self.error.set(None);
        self.chosen.set(Some(one));
        dialog.set(true);
    }

    fn name(self) -> String {
        self.chosen.with(|one| one.as_ref().map(|one| one.name.clone())).unwrap_or_default()
    }

    /// Runs an answer.
    fn run<W>(
        self,
        dialog: RwSignal<bool>,
        done: String,
        work: impl Fn(WaitingRegistration) -> W + Clone + Send + Sync + 'static,
    ) where
        W: Future<Output = Result<(), ApiError>> + 'static,
    {
        let Some(one) = self.chosen.get_untracked() else { return };
        self.guarded.run(
            move || work(one.clone()),
            move |end| {
                self.waiting.update(|n| *n += 1);
                // Also after a failure: somebody else may have answered, or the half of it may be done.
                self.version.update(|n| *n += 1);
                match end {
                    Ok(()) => {
                        dialog.set(false);
                        self.toasts.success(done.clone());
                    }
                    Err(failed) => self.error.set(Some(failed)),
                }
            },
        );
    }

    /// Mails the way in once more.
    pub(super) fn invite_again(self, one: AwaitedAdministrator) {
        let i18n = self.i18n;
        let said = tx!(i18n, members.invited, email = one.email);
        self.guarded.run(
            move || api::invite_again(one.id),
            move |done| {
                self.version.update(|n| *n += 1);
                match done {
                    Ok(()) => self.toasts.success(said.clone()),
                    Err(failed) => self.toasts.failure(error_text(i18n, &failed)),
                };
            },
        );
    }
}

#[component]
fn Refusal(acts: Acts) -> impl IntoView {
    let i18n = use_i18n();
    move || {
        acts.error.get().map(|error| {
            view! { <Notice tone=Tone::Danger title=tx!(i18n, registration.failed)><p>{error_text(i18n, &error)}</p></Notice> }
        })
    }
}

/// Says what acceptance does, and to whom.
#[component]
pub(super) fn ApproveDialog(acts: Acts) -> impl IntoView {
    let i18n = use_i18n();
    let go_on = move |()| {
        let done = tx!(i18n, registration.approved, name = untrack(|| acts.name()));
        acts.run(acts.approving, done, |one| api::approve(one.id));
    };
    let text = move || {
        acts.chosen.get().map(|one| {
            let who = administrator(i18n, &one.administrator, one.role);
            tx!(i18n, registration.approve_text, administrator = who, email = one.email)
        })
    };
    view! {
        <Confirm
            id="approve"
            open=acts.approving
            title=Signal::derive(move || tx!(i18n, registration.approve_title, name = acts.name()))
            confirm_text=tx!(i18n, registration.approve)
            cancel_text=tx!(i18n, common.cancel)
            busy=acts.guarded.busy
            on_confirm=go_on
        >
            <Refusal acts=acts />
            <p>{text}</p>
        </Confirm>
    }
}

/// Asks why; the person is told.
#[component]
pub(super) fn DeclineDialog(acts: Acts) -> impl IntoView {
    let i18n = use_i18n();
    let (reason, tried) = (RwSignal::new(String::new()), RwSignal::new(false));
    // Another registration is another reason.
    Effect::new(move |_| {
        if acts.declining.get() {
            reason.set(String::new());
            tried.set(false);
        }
    });
    let missing = tx!(i18n, registration.reason_missing);
    let reason_error = Signal::derive(move || {
        (tried.get() && reason.read().parse::<Reason>().is_err()).then(|| missing.clone())
    });
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        tried.set(true);
        let Ok(why) = reason.read_untracked().parse::<Reason>() else {
            return focus_first_error("decline-form");
        };
        let done = tx!(i18n, registration.declined, name = untrack(|| acts.name()));
        acts.run(acts.declining, done, move |one| api::decline(one.id, why.clone()));
    };
    view! {
        <Dialog
            id="decline"
            open=acts.declining
            title=Signal::derive(move || tx!(i18n, registration.decline_title, name = acts.name()))
            close_label=tx!(i18n, common.close)
        >
            <form id="decline-form" class="form" method="post" novalidate on:submit=submit>
                <Refusal acts=acts />
                <p>{tx!(i18n, registration.decline_text)}</p>
                <Field name="reason" label=tx!(i18n, registration.reason) bind=reason error=reason_error required=true maxlength=300u32 autofocus=true />
                <div class="dialog-actions">
                    <Button on_click=move |_| acts.declining.set(false)>{tx!(i18n, common.cancel)}</Button>
                    <Button variant=Variant::Danger kind="submit" busy=acts.guarded.busy>{tx!(i18n, registration.decline)}</Button>
                </div>
            </form>
        </Dialog>
    }
}
