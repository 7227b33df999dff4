//! Inviting somebody: e-mail address, roles, language of the mail.

use std::str::FromStr;

use leptos::prelude::*;
use model::{identity::Email, members::Invite, time::Language};

use super::{
    api,
    role_boxes::{RoleBoxes, RolesField},
};
use crate::{
    I18n,
    error::{ApiError, ErrorKind},
    i18n::use_i18n,
    identity::Guarded,
    shell::{error_text, use_language},
    tx,
    ui::{Button, Choice, Dialog, Field, Icon, Notice, Select, Tone, Variant, focus_first_error, use_toasts},
};

/// What is typed. It stays when the dialog is closed, and goes when the invitation has gone.
#[derive(Clone, Copy)]
struct Typed {
    email: RwSignal<String>,
    language: RwSignal<String>,
    roles: RoleBoxes,
}

impl Typed {
    fn clear(self) {
        self.email.set(String::new());
        self.roles.set(&Vec::new().into());
    }

    /// What is sent, if everything fits.
    fn read(self) -> Option<Invite> {
        let roles = self.roles.get();
        if roles.is_empty() {
            return None;
        }
        let language = Language::from_tag(&self.language.get()).unwrap_or_default();
        Some(Invite { email: self.email.get().parse().ok()?, roles, language })
    }
}

fn email_problem(i18n: I18n, text: &str) -> Option<String> {
    match Email::from_str(text) {
        Ok(_) => None,
        Err(_) if text.trim().is_empty() => Some(tx!(i18n, members.email_missing)),
        Err(_) => Some(tx!(i18n, members.email_wrong)),
    }
}

/// The dialog. `version` grows when an invitation has gone.
#[component]
pub(super) fn InviteDialog(open: RwSignal<bool>, version: RwSignal<u32>) -> impl IntoView {
    let i18n = use_i18n();
    let toasts = use_toasts();
    let typed = Typed {
        email: RwSignal::new(String::new()),
        language: RwSignal::new(use_language().tag().to_owned()),
        roles: RoleBoxes::new(),
    };
    let (tried, guarded) = (RwSignal::new(false), Guarded::new());
    let error = RwSignal::new(None::<ApiError>);
    // What the server said was about what was typed then.
    Effect::watch(move || (typed.email.track(), typed.roles.get()), move |_, _, _| error.set(None), false);
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        tried.set(true);
        let Some(new) = untrack(|| typed.read()) else { return focus_first_error("invite") };
        let said = tx!(i18n, members.invited, email = new.email.as_ref().to_owned());
        guarded.run(
            move || api::invite(new.clone()),
            move |sent| match sent {
                Ok(_) => {
                    typed.clear();
                    tried.set(false);
                    open.set(false);
                    toasts.success(said.clone());
                    version.update(|n| *n += 1);
                }
                Err(failed) => {
                    error.set(Some(failed));
                    focus_first_error("invite");
                }
            },
        );
    };
    let about_email = |error: &ApiError| error.kind == ErrorKind::AlreadyMember;
    let email_error = Signal::derive(move || {
        let own = tried.get().then(|| typed.email.with(|text| email_problem(i18n, text))).flatten();
        own.or_else(|| error.get().filter(about_email).map(|error| error_text(i18n, &error)))
    });
    let roles_error = Signal::derive(move || {
        let none = tried.get() && typed.roles.get().is_empty();
        none.then(|| error_text(i18n, &ErrorKind::NoRole.into()))
    });
    view! {
        <Dialog id="invite" open=open title=tx!(i18n, members.invite) close_label=tx!(i18n, common.close) wide=true>
            <form class="form" method="post" novalidate autocomplete="off" on:submit=submit>
                {move || error.get().filter(|error| !about_email(error)).map(|error| view! {
                    <Notice tone=Tone::Danger title=tx!(i18n, members.invite_failed)><p>{error_text(i18n, &error)}</p></Notice>
                })}
                <p class="muted">{tx!(i18n, members.invite_lead)}</p>
                <Field name="email" label=tx!(i18n, members.email) hint=tx!(i18n, members.email_hint) kind="email"
                    bind=typed.email required=true error=email_error autocomplete="off" autofocus=true />
                <RolesField name="invite-roles" boxes=typed.roles error=roles_error />
                <Select name="language" label=tx!(i18n, members.invite_language) bind=typed.language
                    choices=vec![Choice::new("fr", "Français"), Choice::new("en", "English")] />
                <div class="dialog-actions">
                    <Button on_click=move |_| open.set(false)>{tx!(i18n, common.cancel)}</Button>
                    <Button variant=Variant::Primary icon=Icon::Mail kind="submit" busy=guarded.busy>{tx!(i18n, members.invite_send)}</Button>
                </div>
            </form>
        </Dialog>
    }
}
