//! The form that registers an establishment. It says the same whoever the address belongs to.

use std::str::FromStr;

use leptos::{prelude::*, task::spawn_local};
use leptos_router::hooks::use_query_map;
use model::{
    establishments::{EstablishmentKind, Finess},
    identity::Email,
    registration::{Given, Registration, looks_like_a_link},
    text::{EstablishmentName, PersonName, Town},
    time::Language,
};

use super::{
    api,
    words::{kinds, roles},
};
use crate::{
    error::{ApiError, ErrorKind},
    i18n::use_i18n,
    identity::{self, Anteroom, BackToSignIn, api_token, failure},
    shell::{Failed, use_language},
    tx,
    ui::{Button, Field, LinkButton, Notice, Select, Tone, Variant, focus_first_error, use_own_checks},
};

/// What is typed.
#[derive(Clone, Copy)]
struct Typed {
    name: RwSignal<String>,
    kind: RwSignal<String>,
    finess: RwSignal<String>,
    town: RwSignal<String>,
    given_name: RwSignal<String>,
    family_name: RwSignal<String>,
    email: RwSignal<String>,
    role: RwSignal<String>,
}

impl Typed {
    fn new() -> Self {
        let empty = || RwSignal::new(String::new());
        Self {
            name: empty(),
            kind: RwSignal::new(EstablishmentKind::Pharmacy.as_str().to_owned()),
            finess: empty(),
            town: empty(),
            given_name: empty(),
            family_name: empty(),
            email: empty(),
            role: empty(),
        }
    }

    fn kind(self) -> EstablishmentKind {
        self.kind.read().parse().unwrap_or_default()
    }

    /// `None` while a field is wrong.
    fn read(self, language: Language) -> Option<Registration> {
        let finess = match self.finess.read().trim() {
            "" => None,
            typed => Some(typed.parse().ok()?),
        };
        Registration::new(Given {
            name: self.name.read().parse().ok()?,
            town: self.town.read().parse().ok()?,
            kind: self.kind(),
            finess,
            given_name: self.given_name.read().parse().ok()?,
            family_name: self.family_name.read().parse().ok()?,
            email: self.email.read().parse().ok()?,
            role: self.role.read().parse().ok(),
            language,
        })
        .ok()
    }
}

/// What [`looks_like_a_link`] and an empty text are not, for the browser's own check (a JavaScript pattern, Unicode).
const NAME_PATTERN: &str = r"(?!.*(?:://|@|\.[\p{Alphabetic}\p{N}]{2})).*\S.*";
/// The shape of a FINESS number, blanks anywhere; its last digit is the server's to check.
const FINESS_PATTERN: &str = r"\s*\d\s*[\dABab](?:\s*\d){7}\s*";

/// What can't be the name of an establishment or a town.
fn is_no_name<T: FromStr>(text: &str) -> bool {
    text.parse::<T>().is_err() || looks_like_a_link(text)
}

/// Asks for the establishment and its first administrator, then says that a mail may have gone.
#[component]
pub fn RegisterPage() -> impl IntoView {
    let i18n = use_i18n();
    let query = use_query_map();
    let ways = Resource::new_blocking(|| (), |()| identity::api::ways());
    // The address that was typed, where this page knows it: a mistyped one shows.
    let sent = RwSignal::new(query.read_untracked().get("sent").map(|_| String::new()));
    let error = RwSignal::new(failure(&query.read_untracked()));
    // What was typed stays for who has mistyped the address, where this page knows it.
    let typed = Typed::new();
    let knows = move || sent.read().as_ref().is_some_and(|email| !email.is_empty());
    let closed =
        move || error.read().as_ref().is_some_and(|failed| failed.kind == ErrorKind::RegistrationClosed);
    let below = move || {
        view! {
            <p class="signin-hint">{tx!(i18n, registration.sign_in)}</p>
            <BackToSignIn />
        }
        .into_any()
    };
    view! {
        <Anteroom title=tx!(i18n, registration.title) lead=tx!(i18n, registration.lead) below=ViewFn::from(below)>
            <div role="status">
                {move || sent.get().map(|email| view! {
                    <Notice tone=Tone::Success title=tx!(i18n, registration.sent_title)>
                        {(!email.is_empty()).then(|| view! { <p><strong>{email}</strong></p> })}
                        <p>{tx!(i18n, registration.sent)}</p>
                    </Notice>
                })}
            </div>
            <Suspense fallback=|| ()>
                {move || ways.get().map(|ways| {
                    let open = ways.is_ok_and(|ways| ways.registers) && !closed();
                    if sent.read().is_some() {
                        view! {
                            <p class="muted">{tx!(i18n, registration.sent_none)}</p>
                            {if knows() {
                                view! { <Button on_click=move |_| sent.set(None)>{tx!(i18n, registration.correct)}</Button> }.into_any()
                            } else {
                                view! { <LinkButton href="/portal/register" attr:rel="external">{tx!(i18n, registration.again)}</LinkButton> }.into_any()
                            }}
                        }.into_any()
                    } else if open {
                        view! { <RegisterForm typed=typed sent=sent error=error /> }.into_any()
                    } else {
                        view! { <Notice tone=Tone::Warning><p>{tx!(i18n, registration.closed)}</p></Notice> }.into_any()
                    }
                })}
            </Suspense>
        </Anteroom>
    }
}

#[component]
fn RegisterForm(
    typed: Typed,
    sent: RwSignal<Option<String>>,
    error: RwSignal<Option<ApiError>>,
) -> impl IntoView {
    let (i18n, language) = (use_i18n(), use_language());
    let (tried, busy) = (RwSignal::new(false), RwSignal::new(false));
    let own_checks = use_own_checks();
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        tried.set(true);
        let Some(new) = untrack(|| typed.read(language)) else { return focus_first_error("register") };
        busy.set(true);
        spawn_local(async move {
            let email = new.email.as_ref().to_owned();
            match api::register(new).await {
                Ok(()) => sent.set(Some(email)),
                Err(failed) => error.set(Some(failed)),
            }
            busy.set(false);
        });
    };
    // A sentence once the form was sent with the field wrong.
    let wrong = move |is_wrong: fn(Typed) -> bool, text: String| {
        Signal::derive(move || (tried.get() && is_wrong(typed)).then(|| text.clone()))
    };
    let name_error =
        wrong(|t| is_no_name::<EstablishmentName>(&t.name.read()), tx!(i18n, registration.name_missing));
    let town_error = wrong(|t| is_no_name::<Town>(&t.town.read()), tx!(i18n, registration.town_missing));
    let given_error =
        wrong(|t| t.given_name.read().parse::<PersonName>().is_err(), tx!(i18n, members.given_missing));
    let family_error =
        wrong(|t| t.family_name.read().parse::<PersonName>().is_err(), tx!(i18n, members.family_missing));
    let email_error = wrong(|t| t.email.read().parse::<Email>().is_err(), tx!(i18n, members.email_wrong));
    let (finess_missing, finess_wrong) =
        (tx!(i18n, registration.finess_missing), tx!(i18n, registration.finess_wrong));
    let finess_error = Signal::derive(move || {
        // A whole number is checked at once, one that is being typed later.
        let text = typed.finess.get();
        let digits = text.chars().filter(|c| !c.is_whitespace()).count();
        match text.trim() {
            "" => (tried.get() && typed.kind().has_finess()).then(|| finess_missing.clone()),
            text => ((tried.get() || digits >= 9) && text.parse::<Finess>().is_err())
                .then(|| finess_wrong.clone()),
        }
    });
    let optional = tx!(i18n, registration.optional);
    let optional = Signal::derive(move || (!typed.kind().has_finess()).then(|| optional.clone()));
    view! {
        // Before the page is alive the form goes to the server, which answers the same.
        <form id="register" class="form" method="post" action="/portal/register" node_ref=own_checks on:submit=submit>
            <input type="hidden" name="csrf" value=api_token() />
            <h2>{tx!(i18n, registration.establishment)}</h2>
            <Select name="kind" label=tx!(i18n, registration.kind) choices=kinds(i18n) bind=typed.kind />
            <Field name="name" label=tx!(i18n, registration.name) bind=typed.name error=name_error required=true
                autocomplete="organization" maxlength=120u32 pattern=NAME_PATTERN title=tx!(i18n, registration.name_missing) />
            <Field name="finess" label=tx!(i18n, registration.finess) hint=tx!(i18n, registration.finess_hint) bind=typed.finess
                error=finess_error optional_text=optional autocomplete="off" maxlength=20u32 pattern=FINESS_PATTERN
                title=tx!(i18n, registration.finess_hint) />
            <Field name="town" label=tx!(i18n, registration.town) bind=typed.town error=town_error required=true
                autocomplete="address-level2" maxlength=80u32 pattern=NAME_PATTERN title=tx!(i18n, registration.town_missing) />
            <h2>{tx!(i18n, registration.administrator)}</h2>
            <p class="muted">{tx!(i18n, registration.administrator_lead)}</p>
            <Field name="given_name" label=tx!(i18n, members.given_name) bind=typed.given_name error=given_error required=true
                autocomplete="given-name" maxlength=80u32 />
            <Field name="family_name" label=tx!(i18n, members.family_name) bind=typed.family_name error=family_error required=true
                autocomplete="family-name" maxlength=80u32 />
            <Field name="email" label=tx!(i18n, members.email) hint=tx!(i18n, registration.email_hint) kind="email" bind=typed.email
                error=email_error required=true autocomplete="email" maxlength=254u32 />
            <Select name="role" label=tx!(i18n, registration.role) hint=tx!(i18n, registration.role_hint) choices=roles(i18n)
                bind=typed.role />
            // Near what was pressed: the form is long.
            <Failed error=error />
            <Button variant=Variant::Primary kind="submit" busy=busy class="button-wide button-large">
                {tx!(i18n, registration.send)}
            </Button>
        </form>
    }
}
