//! One's own account: who CareLink thinks one is, and the password.

use leptos::{prelude::*, task::spawn_local};
use leptos_meta::Title;
use model::identity::{Me, Password};

use super::{
    OwnName, api,
    factors::FactorsSection,
    link_offer::LinkQuestion,
    linked::LinkedSection,
    new_password::{NewPassword, NewPasswordFields},
    profile::ProfileSection,
    psc::PscProblem,
    sessions::OpenSessions,
};
use crate::{
    error::ApiError,
    i18n::use_i18n,
    members::practice_name,
    shell::{Failed, role_name, use_language},
    tx,
    ui::{Button, Field, PageHeader, Variant, focus_first_error, use_toasts},
};

/// Name, roles, and the form that changes the password.
#[component]
pub fn AccountPage() -> impl IntoView {
    let (i18n, language) = (use_i18n(), use_language());
    let (me, sessions) = (expect_context::<Me>(), RwSignal::new(0_u32));
    let OwnName(name) = expect_context();
    let platform = me.platform_administrator.then(|| tx!(i18n, shell.platform_role));
    let roles: Vec<String> = me.roles.iter().map(|role| role_name(i18n, role)).chain(platform).collect();
    let place =
        me.establishment.as_ref().map(|card| format!("{} ({})", card.name, card.town)).unwrap_or_default();
    view! {
        <Title text=tx!(i18n, identity.account_title) />
        <PageHeader title=tx!(i18n, identity.account_title) />
        <div class="stack">
            // Above everything: the button that it is about lies far below.
            <div class="narrow"><PscProblem /></div>
            <LinkQuestion />
            <section class="card narrow">
                <dl class="facts">
                    <dt>{tx!(i18n, identity.name)}</dt>
                    <dd>{name}</dd>
                    {me.practice.as_ref().map(|practice| {
                        let (title, place) = practice_name(language, practice);
                        view! {
                            <dt>{tx!(i18n, identity.practice)}</dt>
                            <dd>{title} {(!place.is_empty()).then_some(", ")} {place}</dd>
                        }
                    })}
                    {(!place.is_empty()).then(|| view! {
                        <dt>{tx!(i18n, shell.establishment)}</dt>
                        <dd>{place}</dd>
                    })}
                    {(!roles.is_empty()).then(|| view! {
                        <dt>{tx!(i18n, identity.roles)}</dt>
                        <dd>{roles.join(", ")}</dd>
                    })}
                </dl>
            </section>
            <ProfileSection />
            <FactorsSection sessions=sessions />
            <LinkedSection sessions=sessions />
            <OpenSessions version=sessions />
            {me.email.filter(|_| me.has_password).map(|email| view! { <PasswordForm email=email sessions=sessions /> })}
        </div>
    }
}

/// Id of the form that changes the password.
const FORM: &str = "change-password";

#[component]
fn PasswordForm(email: String, sessions: RwSignal<u32>) -> impl IntoView {
    let i18n = use_i18n();
    let toasts = use_toasts();
    let (current, new) = (RwSignal::new(String::new()), NewPassword::new());
    let (error, busy) = (RwSignal::new(None::<ApiError>), RwSignal::new(false));
    let changed = tx!(i18n, identity.password_changed);
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let Some(agreed) = new.agreed() else { return focus_first_error(FORM) };
        busy.set(true);
        let changed = changed.clone();
        spawn_local(async move {
            let done = api::change_password(Password::new(current.get_untracked()), agreed).await;
            busy.set(false);
            match done {
                Ok(()) => {
                    current.set(String::new());
                    new.clear();
                    error.set(None);
                    // All others have ended.
                    sessions.update(|n| *n += 1);
                    toasts.success(changed);
                }
                Err(failed) => {
                    error.set(new.take(failed));
                    focus_first_error(FORM);
                }
            }
        });
    };
    view! {
        <form id=FORM class="card form narrow" method="post" on:submit=submit>
            <h2>{tx!(i18n, identity.password_title)}</h2>
            <p class="muted">{tx!(i18n, identity.password_lead)}</p>
            <Failed error=error />
            // For password managers.
            <input type="text" class="visually-hidden" name="username" value=email autocomplete="username" readonly
                tabindex="-1" aria-hidden="true" />
            <Field name="current" label=tx!(i18n, identity.password_current) kind="password" bind=current required=true
                autocomplete="current-password" />
            <NewPasswordFields bind=new />
            <div class="form-actions">
                <Button variant=Variant::Primary kind="submit" busy=busy>{tx!(i18n, identity.password_save)}</Button>
            </div>
        </form>
    }
}
