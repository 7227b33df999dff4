//! Changing somebody's roles, ending or giving back their access.

use leptos::prelude::*;
use model::members::Member;

use super::{
    api,
    role_boxes::{RoleBoxes, RolesField},
    sessions::SessionsDialog,
    table::full_name,
};
use crate::{
    I18n,
    error::{ApiError, ErrorKind},
    i18n::use_i18n,
    identity::Guarded,
    shell::error_text,
    tx,
    ui::{Button, Confirm, Dialog, Notice, ToastHub, Tone, Variant, focus_first_error},
};

/// Whom an act is about, which dialog is open, and how it went. One for the page: rows only point to it.
#[derive(Clone, Copy)]
pub(super) struct Acts {
    pub(super) chosen: RwSignal<Option<Member>>,
    editing: RwSignal<bool>,
    disabling: RwSignal<bool>,
    pub(super) sessions: RwSignal<bool>,
    boxes: RoleBoxes,
    pub(super) busy: RwSignal<bool>,
    pub(super) error: RwSignal<Option<ApiError>>,
    /// Grows when the list must be read again.
    version: RwSignal<u32>,
    toasts: ToastHub,
    guarded: Guarded,
}

impl Acts {
    pub fn new(version: RwSignal<u32>, toasts: ToastHub) -> Self {
        let guarded = Guarded::new();
        Self {
            chosen: RwSignal::new(None),
            editing: RwSignal::new(false),
            disabling: RwSignal::new(false),
            sessions: RwSignal::new(false),
            boxes: RoleBoxes::new(),
            busy: guarded.busy,
            error: RwSignal::new(None),
            version,
            toasts,
            guarded,
        }
    }

    /// Opens the dialog of roles.
    pub fn edit(self, member: Member) {
        self.boxes.set(&member.roles);
        self.choose(member);
        self.editing.set(true);
    }

    /// Asks before access ends.
    pub fn ask_to_disable(self, member: Member) {
        self.choose(member);
        self.disabling.set(true);
    }

    /// Shows where somebody is signed in.
    pub fn show_sessions(self, member: Member) {
        self.choose(member);
        self.sessions.set(true);
    }

    /// Gives access back, at once.
    pub fn enable(self, i18n: I18n, member: &Member) {
        let user = member.user;
        let done = tx!(i18n, members.enabled_now, name = full_name(member));
        self.guarded.run(
            move || api::enable(user),
            move |enabled| match enabled {
                Ok(()) => self.done(done.clone()),
                Err(error) => drop(self.toasts.failure(error_text(i18n, &error))),
            },
        );
    }

    fn choose(self, member: Member) {
        self.error.set(None);
        self.chosen.set(Some(member));
    }

    pub(super) fn name(self) -> String {
        self.chosen.with(|chosen| chosen.as_ref().map(full_name)).unwrap_or_default()
    }

    fn done(self, text: String) {
        self.version.update(|n| *n += 1);
        self.toasts.success(text);
    }

    /// Runs what a dialog confirms; closes it when that is done, shows the error in it otherwise.
    pub(super) fn run<W>(
        self,
        dialog: RwSignal<bool>,
        done: String,
        work: impl Fn() -> W + Clone + Send + Sync + 'static,
    ) where
        W: Future<Output = Result<(), ApiError>> + 'static,
    {
        self.guarded.run(work, move |end| match end {
            Ok(()) => {
                self.error.set(None);
                dialog.set(false);
                self.done(done.clone());
            }
            Err(error) => self.error.set(Some(error)),
        });
    }
}

/// The two dialogs of a page of people.
#[component]
pub(super) fn ChangeDialogs(acts: Acts) -> impl IntoView {
    let i18n = use_i18n();
    let disable = move |()| {
        let Some(member) = acts.chosen.get_untracked() else { return };
        let done = tx!(i18n, members.disabled_now, name = full_name(&member));
        acts.run(acts.disabling, done, move || api::disable(member.user));
    };
    view! {
        <RolesDialog acts=acts />
        <SessionsDialog acts=acts />
        <Confirm
            id="disable"
            open=acts.disabling
            title=Signal::derive(move || tx!(i18n, members.disable_title, name = acts.name()))
            confirm_text=tx!(i18n, members.disable_confirm)
            cancel_text=tx!(i18n, common.cancel)
            danger=true
            busy=acts.busy
            on_confirm=disable
        >
            {move || acts.error.get().map(|error| view! {
                <Notice tone=Tone::Danger title=tx!(i18n, members.disable_failed)>
                    <p>{error_text(i18n, &error)}</p>
                </Notice>
            })}
            <p>{tx!(i18n, members.disable_text)}</p>
            <p class="muted">{tx!(i18n, members.disable_kept)}</p>
        </Confirm>
    }
}

#[component]
fn RolesDialog(acts: Acts) -> impl IntoView {
    let i18n = use_i18n();
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let Some(member) = acts.chosen.get_untracked() else { return };
        let roles = acts.boxes.get_untracked();
        if roles.is_empty() {
            acts.error.set(Some(ErrorKind::NoRole.into()));
            return focus_first_error("edit");
        }
        let done = tx!(i18n, members.edited, name = full_name(&member));
        acts.run(acts.editing, done, move || api::change_roles(member.user, roles.clone()));
    };
    let no_role = |error: &ApiError| error.kind == ErrorKind::NoRole;
    let roles_error = Signal::derive(move || {
        let error = acts.error.get().filter(no_role)?;
        acts.boxes.get().is_empty().then(|| error_text(i18n, &error))
    });
    view! {
        <Dialog
            id="edit"
            open=acts.editing
            title=Signal::derive(move || tx!(i18n, members.edit_title, name = acts.name()))
            close_label=tx!(i18n, common.close)
            wide=true
        >
            <form class="form" method="post" novalidate on:submit=submit>
                {move || acts.error.get().filter(|error| !no_role(error)).map(|error| view! {
                    <Notice tone=Tone::Danger title=tx!(i18n, members.edit_failed)>
                        <p>{error_text(i18n, &error)}</p>
                    </Notice>
                })}
                <p class="muted">{tx!(i18n, members.edit_lead)}</p>
                <RolesField name="edit-roles" boxes=acts.boxes error=roles_error />
                <div class="dialog-actions">
                    <Button on_click=move |_| acts.editing.set(false)>{tx!(i18n, common.cancel)}</Button>
                    <Button variant=Variant::Primary kind="submit" busy=acts.busy>{tx!(i18n, common.save)}</Button>
                </div>
            </form>
        </Dialog>
    }
}
