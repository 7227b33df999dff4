//! Adding a person: name, e-mail, roles, first password.

use std::str::FromStr;

use leptos::{prelude::*, task::spawn_local};
use model::{
    identity::{Email, Password, check_new_password},
    members::NewMember,
    text::{PersonName, TextProblem},
};

use super::{
    api,
    first_password::{FirstPassword, Secret},
    focus, focus_first_error,
    role_boxes::{RoleBoxes, RolesField},
};
use crate::{
    I18n,
    error::{ApiError, ErrorKind},
    i18n::use_i18n,
    identity::StepUp,
    shell::error_text,
    tx,
    ui::{Button, Dialog, Field, Notice, Tone, Variant},
};

/// What is typed. It stays when the dialog is closed, and goes when the person is added.
#[derive(Clone, Copy)]
struct Typed {
    given_name: RwSignal<String>,
    family_name: RwSignal<String>,
    email: RwSignal<String>,
    password: RwSignal<String>,
    roles: RoleBoxes,
}

impl Typed {
    fn new() -> Self {
        let empty = || RwSignal::new(String::new());
        Self {
            given_name: empty(),
            family_name: empty(),
            email: empty(),
            password: empty(),
            roles: RoleBoxes::new(),
        }
    }

    fn clear(self) {
        for field in [self.given_name, self.family_name, self.email, self.password] {
            field.set(String::new());
        }
        self.roles.set(&Vec::new().into());
    }

    fn name(self) -> String {
        format!("{} {}", self.given_name.get().trim(), self.family_name.get().trim())
    }

    /// Why the first password would be refused.
    fn password_problem(self) -> Option<ErrorKind> {
        let password = self.password.get();
        if password.is_empty() {
            return Some(ErrorKind::PasswordNeeded);
        }
        let (given, family, email) = (self.given_name.get(), self.family_name.get(), self.email.get());
        let local = email.split('@').next().unwrap_or_default();
        check_new_password(&Password::new(password), &[local.trim(), given.trim(), family.trim()])
            .err()
            .map(ErrorKind::Password)
    }

    /// What is sent, if everything fits.
    fn read(self) -> Option<NewMember> {
        let roles = self.roles.get();
        if roles.is_empty() || self.password_problem().is_some() {
            return None;
        }
        Some(NewMember {
            given_name: self.given_name.get().parse().ok()?,
            family_name: self.family_name.get().parse().ok()?,
            email: self.email.get().parse().ok()?,
            roles,
            password: Some(Password::new(self.password.get())),
        })
    }
}

fn name_problem(i18n: I18n, text: &str, missing: &str) -> Option<String> {
    Some(match PersonName::from_str(text).err()? {
        TextProblem::Empty => missing.to_owned(),
        TextProblem::TooLong { max } => tx!(i18n, members.too_long, max = max),
        TextProblem::ForbiddenCharacter => tx!(i18n, members.bad_character),
    })
}

fn email_problem(i18n: I18n, text: &str) -> Option<String> {
    match Email::from_str(text) {
        Ok(_) => None,
        Err(_) if text.trim().is_empty() => Some(tx!(i18n, members.email_missing)),
        Err(_) => Some(tx!(i18n, members.email_wrong)),
    }
}

/// A person just added, and the first password that is shown this once.
#[derive(Clone)]
struct Added {
    name: String,
    password: String,
}

/// The dialog. `version` grows when somebody was added.
#[component]
pub(super) fn AddDialog(open: RwSignal<bool>, version: RwSignal<u32>) -> impl IntoView {
    let i18n = use_i18n();
    let typed = Typed::new();
    let added = RwSignal::new(None::<Added>);
    Effect::watch(
        move || open.get(),
        move |open, _, _| {
            if !open && added.with_untracked(Option::is_some) {
                added.set(None);
            }
        },
        false,
    );
    view! {
        <Dialog id="add" open=open title=tx!(i18n, members.add) close_label=tx!(i18n, common.close) wide=true>
            {move || match added.get() {
                Some(added) => view! { <Done added=added open=open /> }.into_any(),
                None => view! { <AddForm typed=typed added=added open=open version=version /> }.into_any(),
            }}
        </Dialog>
    }
}

#[component]
fn AddForm(
    typed: Typed,
    added: RwSignal<Option<Added>>,
    open: RwSignal<bool>,
    version: RwSignal<u32>,
) -> impl IntoView {
    let i18n = use_i18n();
    let (tried, busy) = (RwSignal::new(false), RwSignal::new(false));
    let error = RwSignal::new(None::<ApiError>);
    // What the server said was about what was typed then.
    Effect::watch(
        move || (typed.email.track(), typed.password.track(), typed.roles.get()),
        move |_, _, _| error.set(None),
        false,
    );
    let step_up = use_context::<StepUp>();
    let again = StoredValue::new(None::<Callback<()>>);
    let send = Callback::new(move |()| {
        let Some(new) = untrack(|| typed.read()) else { return focus_first_error("add") };
        let done = Added { name: untrack(|| typed.name()), password: typed.password.get_untracked() };
        busy.set(true);
        spawn_local(async move {
            let result = api::add(new).await;
            busy.set(false);
            if let (Err(failed), Some(step_up), Some(again)) = (&result, step_up, again.get_value())
                && failed.kind == ErrorKind::StepUpNeeded
            {
                return step_up.ask(again);
            }
            if let Err(failed) = result {
                error.set(Some(failed));
                return focus_first_error("add");
            }
            version.update(|n| *n += 1);
            typed.clear();
            tried.set(false);
            added.set(Some(done));
        });
    });
    again.set_value(Some(send));
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        tried.set(true);
        send.run(());
    };

    let given_missing = tx!(i18n, members.given_missing);
    let given_error = Signal::derive(move || {
        tried.get().then(|| typed.given_name.with(|text| name_problem(i18n, text, &given_missing))).flatten()
    });
    let family_missing = tx!(i18n, members.family_missing);
    let family_error = Signal::derive(move || {
        tried
            .get()
            .then(|| typed.family_name.with(|text| name_problem(i18n, text, &family_missing)))
            .flatten()
    });
    let refused = move |kinds: fn(ErrorKind) -> bool| {
        error.get().filter(|error| kinds(error.kind)).map(|error| error_text(i18n, &error))
    };
    let email_error = Signal::derive(move || {
        let own = tried.get().then(|| typed.email.with(|text| email_problem(i18n, text))).flatten();
        own.or_else(|| refused(about_email))
    });
    let roles_error = Signal::derive(move || {
        let none = tried.get() && typed.roles.get().is_empty();
        none.then(|| error_text(i18n, &ErrorKind::NoRole.into()))
    });
    let password_error = Signal::derive(move || {
        let own = tried.get().then(|| typed.password_problem()).flatten();
        own.map(|kind| error_text(i18n, &kind.into())).or_else(|| refused(about_password))
    });
    let wrong = Memo::new(move |_| {
        [given_error, family_error, email_error, roles_error, password_error]
            .iter()
            .any(|error| error.with(Option::is_some))
    });
    let notice = move || {
        let text = if wrong.get() { Some(tx!(i18n, members.add_check)) } else { refused(|_| true) };
        text.map(|text| {
            view! { <Notice tone=Tone::Danger title=tx!(i18n, members.add_failed)><p>{text}</p></Notice> }
        })
    };
    view! {
        <form class="form" method="post" novalidate autocomplete="off" on:submit=submit>
            {notice}
            <p class="muted">{tx!(i18n, members.add_lead)}</p>
            <div class="form-row">
                <Field name="given_name" label=tx!(i18n, members.given_name) bind=typed.given_name required=true
                    error=given_error autocomplete="off" />
                <Field name="family_name" label=tx!(i18n, members.family_name) bind=typed.family_name required=true
                    error=family_error autocomplete="off" />
            </div>
            <Field name="email" label=tx!(i18n, members.email) hint=tx!(i18n, members.email_hint) kind="email"
                bind=typed.email required=true error=email_error autocomplete="off" />
            <RolesField name="add-roles" boxes=typed.roles error=roles_error />
            <FirstPassword bind=typed.password error=password_error />
            <div class="dialog-actions">
                <Button on:click=move |_| open.set(false)>{tx!(i18n, common.cancel)}</Button>
                <Button variant=Variant::Primary kind="submit" busy=busy>{tx!(i18n, members.add_submit)}</Button>
            </div>
        </form>
    }
}

fn about_email(kind: ErrorKind) -> bool {
    matches!(kind, ErrorKind::AlreadyMember | ErrorKind::HasAccount)
}

fn about_password(kind: ErrorKind) -> bool {
    matches!(kind, ErrorKind::PasswordNeeded | ErrorKind::Password(_))
}

#[component]
fn Done(added: Added, open: RwSignal<bool>) -> impl IntoView {
    let i18n = use_i18n();
    let Added { name, password } = added;
    // The form and its focus are gone.
    Effect::new(|_| focus("#add-done"));
    view! {
        <Notice tone=Tone::Success title=tx!(i18n, members.added, name = name)>
            <p>{tx!(i18n, members.added_password)}</p>
        </Notice>
        <Secret password=password />
        <div class="dialog-actions">
            <Button variant=Variant::Primary attr:id="add-done" on:click=move |_| open.set(false)>
                {tx!(i18n, members.done)}
            </Button>
        </div>
    }
}
