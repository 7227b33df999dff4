//! What one says of oneself: name, language, and the way to another e-mail address.

use leptos::{prelude::*, task::spawn_local};
use model::{
    account::{Account, FullName, Profile},
    identity::Email,
    text::PersonName,
    time::Language,
};

use super::{OwnName, api, go, guarded::Guarded, mails::MailsCard, tabs};
use crate::{
    api::in_background,
    error::ApiError,
    i18n::use_i18n,
    shell::{Failed, Failure, When, use_language},
    tx,
    ui::{
        Button, Choice, Field, Icon, Notice, Select, Skeleton, Tone, Variant, focus_first_error, use_toasts,
    },
};

/// Ids of the forms.
const PROFILE: &str = "own-profile";
const EMAIL: &str = "own-email";

/// The two forms, and the mails.
#[component]
pub(super) fn ProfileSection() -> impl IntoView {
    let i18n = use_i18n();
    let account = Resource::new(|| (), |()| api::own_account());
    view! {
        <Transition fallback=move || view! { <Skeleton label=tx!(i18n, common.loading) lines=4 /> }>
            {move || account.get().map(|account| match account {
                Ok(account) => view! {
                    <ProfileForm account=account.clone() />
                    <EmailForm account=account.clone() />
                    <MailsCard account=account />
                }.into_any(),
                Err(error) => view! { <Failure error=error /> }.into_any(),
            })}
        </Transition>
    }
}

#[component]
fn ProfileForm(account: Account) -> impl IntoView {
    let i18n = use_i18n();
    let given = RwSignal::new(account.given_name);
    let family = RwSignal::new(account.family_name);
    let language = RwSignal::new(account.language.tag().to_owned());
    let (error, tried, busy) = (RwSignal::new(None::<ApiError>), RwSignal::new(false), RwSignal::new(false));
    let missing = |field: RwSignal<String>, text: String| {
        Signal::derive(move || {
            (tried.get() && field.read().parse::<PersonName>().is_err()).then(|| text.clone())
        })
    };
    let given_error = missing(given, tx!(i18n, members.given_missing));
    let family_error = missing(family, tx!(i18n, members.family_missing));
    let is_given = account.name_is_given;
    // Of this page, which another choice in this browser may have made another than the account's.
    let before = use_language();
    let (toasts, OwnName(shown)) = (use_toasts(), expect_context());
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        tried.set(true);
        let name = match (given.read_untracked().parse(), family.read_untracked().parse()) {
            _ if is_given => None,
            (Ok(given_name), Ok(family_name)) => Some(FullName { given_name, family_name }),
            _ => return focus_first_error(PROFILE),
        };
        let language = Language::from_tag(&language.read_untracked()).unwrap_or_default();
        busy.set(true);
        spawn_local(async move {
            let called = name.as_ref().map(ToString::to_string);
            match api::change_profile(Profile { name, language }).await {
                // The page speaks the other language from now on.
                Ok(()) if language != before => {
                    return go(&format!("/language/{}", language.tag()));
                }
                Ok(()) => {
                    error.set(None);
                    if let Some(called) = called {
                        shown.set(called);
                    }
                    toasts.success(tx!(i18n, identity.profile_saved));
                }
                Err(failed) => error.set(Some(failed)),
            }
            busy.set(false);
        });
    };
    let names = move || {
        if is_given {
            view! { <p class="muted">{tx!(i18n, identity.profile_name_given)}</p> }.into_any()
        } else {
            view! {
                <div class="form-row">
                    <Field name="given_name" label=tx!(i18n, members.given_name) bind=given required=true error=given_error maxlength=80u32
                        autocomplete="given-name" />
                    <Field name="family_name" label=tx!(i18n, members.family_name) bind=family required=true error=family_error maxlength=80u32
                        autocomplete="family-name" />
                </div>
            }
            .into_any()
        }
    };
    view! {
        <form id=PROFILE class="card form narrow" method="post" novalidate on:submit=submit>
            <h2>{tx!(i18n, identity.profile_title)}</h2>
            <Failed error=error />
            {names}
            <Select name="language" label=tx!(i18n, identity.profile_language) bind=language
                choices=vec![Choice::new("fr", "Français"), Choice::new("en", "English")] />
            <div class="form-actions">
                <Button variant=Variant::Primary kind="submit" busy=busy>{tx!(i18n, common.save)}</Button>
            </div>
        </form>
    }
}

#[component]
fn EmailForm(account: Account) -> impl IntoView {
    let i18n = use_i18n();
    let (account, email) = (RwSignal::new(account), RwSignal::new(String::new()));
    let guarded = Guarded::new();
    let (error, wrong, busy) = (RwSignal::new(None::<ApiError>), RwSignal::new(false), guarded.busy);
    // Read again for this card alone, and only where something has changed: what is typed stays.
    let done = move |result: Result<(), ApiError>| {
        let changed = result.is_ok();
        error.try_set(result.err());
        if changed {
            spawn_local(async move {
                match api::own_account().await {
                    Ok(now) => drop(account.try_set(now)),
                    Err(failed) => drop(error.try_set(Some(failed))),
                }
            });
        }
    };
    // The links are opened elsewhere: who comes back sees what became of it.
    Effect::new(move |_| {
        tabs::on_return(move || {
            if account.try_with_untracked(|account| account.change.is_some()) == Some(true) {
                in_background(|| done(Ok(())));
            }
        });
    });
    let wrong_text = tx!(i18n, members.email_wrong);
    let field_error = Signal::derive(move || {
        (wrong.get() && email.read().parse::<Email>().is_err()).then(|| wrong_text.clone())
    });
    let ask = move || {
        let Ok(address) = email.read_untracked().parse::<Email>() else {
            wrong.set(true);
            return focus_first_error(EMAIL);
        };
        guarded.run(
            move || api::ask_email_change(address.clone()),
            move |asked| {
                if asked.is_ok() {
                    wrong.try_set(false);
                    email.try_set(String::new());
                }
                done(asked);
            },
        );
    };
    let cancel = move |_| {
        busy.set(true);
        spawn_local(async move {
            let given_up = api::cancel_email_change().await;
            busy.try_set(false);
            done(given_up);
        });
    };
    // Who came through Pro Santé Connect may have no address yet: there is one mailbox to confirm, and nothing to change.
    let first = move || account.read().email.is_none();
    let waiting = move || {
        let (first, change) = (first(), account.read().change.clone()?);
        let side = move |confirmed: bool, name: String| {
            let text = if confirmed {
                tx!(i18n, identity.email_confirmed, name = name)
            } else {
                tx!(i18n, identity.email_waits, name = name)
            };
            view! { <li>{text}</li> }
        };
        Some(view! {
            <Notice tone=Tone::Neutral title=tx!(i18n, identity.email_change_title, email = change.email)>
                <p>{if first { tx!(i18n, identity.email_first_text) } else { tx!(i18n, identity.email_change_text) }} " " <When at=change.until /></p>
                <ul>
                    {(!first).then(|| side(change.old_confirmed, tx!(i18n, identity.email_old)))}
                    {side(change.new_confirmed, tx!(i18n, identity.email_new))}
                </ul>
                <Button small=true busy=busy on_click=cancel>{tx!(i18n, identity.email_cancel)}</Button>
            </Notice>
        })
    };
    let words = move || {
        if first() {
            (
                tx!(i18n, identity.email_first),
                tx!(i18n, identity.email_first_hint),
                tx!(i18n, identity.email_first_ask),
            )
        } else {
            (tx!(i18n, identity.email_wanted), tx!(i18n, identity.email_hint), tx!(i18n, identity.email_ask))
        }
    };
    view! {
        <form id=EMAIL class="card form narrow" method="post" novalidate on:submit=move |event| {
            event.prevent_default();
            ask();
        }>
            <h2>{tx!(i18n, identity.email)}</h2>
            <p>{move || match account.read().email.clone() {
                Some(email) => view! { <strong>{email}</strong> }.into_any(),
                None => view! { <span class="muted">{tx!(i18n, identity.email_none)}</span> }.into_any(),
            }}</p>
            {waiting}
            <Failed error=error />
            <Field name="new_email" label=Signal::derive(move || words().0) hint=Signal::derive(move || Some(words().1))
                kind="email" bind=email error=field_error required=true autocomplete="email" />
            <div class="form-actions">
                <Button icon=Icon::Mail kind="submit" busy=busy>{move || words().2}</Button>
            </div>
        </form>
    }
}
