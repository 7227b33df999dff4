//! The two answers to a registration, each with its dialog.

use leptos::{prelude::*, task::spawn_local};
use model::{
    registration::{AwaitedAdministrator, WaitingRegistration},
    text::Reason,
};

use super::{api, words::administrator};
use crate::{
    I18n,
    error::{ApiError, ErrorKind},
    i18n::use_i18n,
    identity::StepUp,
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
    pub(super) busy: RwSignal<bool>,
    error: RwSignal<Option<ApiError>>,
    version: RwSignal<u32>,
    toasts: ToastHub,
    step_up: Option<StepUp>,
    i18n: I18n,
}

impl Acts {
    pub(super) fn new(version: RwSignal<u32>) -> Self {
        Self {
            chosen: RwSignal::new(None),
            approving: RwSignal::new(false),
            declining: RwSignal::new(false),
            busy: RwSignal::new(false),
            error: RwSignal::new(None),
            version,
            toasts: use_toasts(),
            step_up: use_context::<StepUp>(),
            i18n: use_i18n(),
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

    /// Runs an answer; what needs a second factor of now asks for it, and runs again.
    fn run<W>(
        self,
        dialog: RwSignal<bool>,
        done: String,
        work: impl Fn(WaitingRegistration) -> W + Clone + Send + Sync + 'static,
    ) where
        W: Future<Output = Result<(), ApiError>> + 'static,
    {
        let Some(one) = self.chosen.get_untracked() else { return };
        self.busy.set(true);
        spawn_local(async move {
            let result = work(one).await;
            self.busy.set(false);
            match (result, self.step_up) {
                (Err(failed), Some(step_up)) if failed.kind == ErrorKind::StepUpNeeded => {
                    step_up.ask(Callback::new(move |()| self.run(dialog, done.clone(), work.clone())));
                }
                (Ok(()), _) => {
                    dialog.set(false);
                    self.version.update(|n| *n += 1);
                    self.toasts.success(done);
                }
                (Err(failed), _) => {
                    // Somebody else may have answered, or the half of it may be done: the list says how it stands.
                    self.version.update(|n| *n += 1);
                    self.error.set(Some(failed));
                }
            }
        });
    }

    /// Mails the way in once more.
    pub(super) fn invite_again(self, one: AwaitedAdministrator) {
        let i18n = self.i18n;
        self.busy.set(true);
        spawn_local(async move {
            let done = api::invite_again(one.id).await;
            self.busy.set(false);
            match (done, self.step_up) {
                (Err(failed), Some(step_up)) if failed.kind == ErrorKind::StepUpNeeded => {
                    step_up.ask(Callback::new(move |()| self.invite_again(one.clone())));
                }
                (Ok(()), _) => {
                    self.version.update(|n| *n += 1);
                    self.toasts.success(tx!(i18n, members.invited, email = one.email));
                }
                (Err(failed), _) => {
                    self.version.update(|n| *n += 1);
                    self.toasts.failure(error_text(i18n, &failed));
                }
            }
        });
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
            busy=acts.busy
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
                    <Button variant=Variant::Danger kind="submit" busy=acts.busy>{tx!(i18n, registration.decline)}</Button>
                </div>
            </form>
        </Dialog>
    }
}
