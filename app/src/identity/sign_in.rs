//! The sign-in page: Pro Santé Connect, or e-mail and password; then a second factor, or the establishment where there are
//! several.

use leptos::{prelude::*, task::spawn_local};
use leptos_router::hooks::use_query_map;
use model::{
    establishments::EstablishmentCard,
    identity::{Credentials, FactorsAtHand, Password, SignInOutcome, SignInWays, Transport},
    ids::EstablishmentId,
};

use super::{
    anteroom::Anteroom,
    api,
    factor_form::FactorForm,
    go, joined,
    passkey::PasskeyButton,
    psc::{self, PscButton, PscProblem},
};
use crate::{
    error::{ApiError, ErrorKind},
    i18n::use_i18n,
    shell::Failed,
    tx,
    ui::{Button, Field, Icon, Notice, Tone, Variant, focus_field},
};

/// What the server's answer to a form says, where it was no session.
fn failure(word: &str) -> Option<ApiError> {
    let kind = match word {
        "wrong" => ErrorKind::WrongCredentials,
        "wrong-factor" => ErrorKind::WrongFactor,
        "expired" => ErrorKind::BeginAgain,
        "no-establishment" => ErrorKind::NoEstablishment,
        "psc-only" => ErrorKind::PscOnly,
        other => ErrorKind::TooMany(other.strip_prefix("wait-")?.parse().ok()?),
    };
    Some(kind.into())
}

/// The token against cross-site requests, for a form.
pub(crate) fn api_token() -> String {
    #[cfg(feature = "ssr")]
    return crate::ssr::caller().map(|caller| caller.csrf).unwrap_or_default();
    #[cfg(not(feature = "ssr"))]
    return crate::api::meta(crate::api::CSRF_META).unwrap_or_default();
}

/// Where a person goes who signed in: a page of the portal, never another site.
pub fn destination(wanted: Option<String>) -> String {
    let inside = |path: &String| {
        path.starts_with("/portal")
            && !path.starts_with("/portal/sign-in")
            && path.bytes().all(|b| b.is_ascii_graphic() && b != b'\\')
    };
    wanted.filter(inside).unwrap_or_else(|| "/portal".to_owned())
}

/// Where the sign-in stands.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
enum Step {
    /// Who is it? And where, of several establishments.
    #[default]
    Credentials,
    /// A second factor is asked for: one of these. After a form without script they are not known.
    Factor(Option<FactorsAtHand>),
}

/// Signs in.
#[component]
pub fn SignInPage() -> impl IntoView {
    let i18n = use_i18n();
    let query = use_query_map();
    let failed = query.read_untracked().get("failed").and_then(|word| failure(&word));
    let second = query.read_untracked().get("step").is_some_and(|step| step == "factor");
    let ways = Resource::new_blocking(|| (), |()| api::ways());
    let step = RwSignal::new(if second { Step::Factor(None) } else { Step::default() });
    let error = RwSignal::new(failed.clone());
    let failed = StoredValue::new(failed);
    let ended = move || {
        query.read().get("ended").map(|why| match why.as_str() {
            "left" => (Tone::Neutral, tx!(i18n, identity.left)),
            "reuse" => (Tone::Danger, tx!(i18n, identity.session_reused)),
            "reset" => (Tone::Success, tx!(i18n, identity.reset_done)),
            "unlinked" => (Tone::Success, tx!(i18n, identity.unlinked_out)),
            "joined" => (Tone::Success, tx!(i18n, identity.joined)),
            _ => (Tone::Neutral, tx!(i18n, identity.session_ended)),
        })
    };
    let restart = Callback::new(move |failed: ApiError| {
        error.set(Some(failed));
        step.set(Step::Credentials);
    });
    let lead = Signal::derive(move || match step.get() {
        Step::Factor(_) => tx!(i18n, identity.factor_lead),
        Step::Credentials => tx!(i18n, identity.sign_in_lead),
    });
    let hint = move || {
        view! {
            <Suspense fallback=|| ()>
                {move || ways.get().and_then(Result::ok).filter(|ways| ways.registers).map(|_| view! {
                    <p class="signin-hint">{tx!(i18n, registration.way_in)} " " <a href="/portal/register">{tx!(i18n, registration.way_in_link)}</a></p>
                })}
            </Suspense>
            <p class="signin-hint">{tx!(i18n, identity.patient_hint)} " " <a href="/" rel="external">{tx!(i18n, identity.patient_link)}</a></p>
        }
        .into_any()
    };
    view! {
        <Anteroom title=tx!(i18n, identity.sign_in_title) lead=lead below=ViewFn::from(hint)>
            {move || ended().map(|(tone, text)| view! { <Notice tone=tone>{text}</Notice> })}
            <PscProblem />
            {move || match step.get() {
                Step::Factor(at_hand) => {
                    view! { <FactorForm at_hand=at_hand failed=failed.try_update_value(Option::take).flatten() on_expired=restart /> }.into_any()
                }
                Step::Credentials => view! { <Local step=step error=error ways=ways /> }.into_any(),
            }}
        </Anteroom>
    }
}

#[component]
fn Local(
    step: RwSignal<Step>,
    error: RwSignal<Option<ApiError>>,
    ways: Resource<Result<SignInWays, ApiError>>,
) -> impl IntoView {
    let i18n = use_i18n();
    let query = use_query_map();
    let (email, password) = (RwSignal::new(String::new()), RwSignal::new(String::new()));
    let busy = RwSignal::new(false);
    let joins = query.read_untracked().get("ended").is_some_and(|why| why == "joined");
    Effect::new(move |_| {
        if let Some(address) = joins.then(joined::take).flatten() {
            email.set(address);
            // After the field that is focused when the page opens.
            focus_field("password");
        }
    });
    let back = query.read_untracked().get("return").unwrap_or_default();
    let choice = RwSignal::new(Vec::<EstablishmentCard>::new());
    let submit = move |establishment: Option<EstablishmentId>| {
        busy.set(true);
        let with = Credentials {
            email: email.get_untracked(),
            password: Password::new(password.get_untracked()),
            establishment,
            transport: Transport::Cookie,
        };
        let to = destination(query.read_untracked().get("return"));
        spawn_local(async move {
            match api::login(with).await {
                Ok(SignInOutcome::SignedIn { .. }) => return go(&to),
                Ok(SignInOutcome::ChooseEstablishment { establishments }) => {
                    error.set(None);
                    choice.set(establishments);
                }
                Ok(SignInOutcome::FactorRequired { factors, .. }) => {
                    error.set(None);
                    return step.set(Step::Factor(Some(factors)));
                }
                Err(failed) => error.set(Some(failed)),
            }
            busy.set(false);
        });
    };
    let psc_only = move || error.read().as_ref().is_some_and(|failed| failed.kind == ErrorKind::PscOnly);
    let way_out = {
        let back = back.clone();
        move || {
            let ways = ways.get().and_then(Result::ok).filter(|ways| ways.psc)?;
            let back = destination(Some(back.clone()));
            Some(view! { <PscButton purpose="sign_in" back=back simulated=ways.simulated /> })
        }
    };
    let form = move || {
        let back = back.clone();
        view! {
            <Ways back=back.clone() error=error ways=ways />
            // Before the page is alive the form goes to the server, which answers the same.
            <form class="form" method="post" action="/portal/sign-in" on:submit=move |event| {
                event.prevent_default();
                submit(None);
            }>
                <input type="hidden" name="csrf" value=api_token() />
                <input type="hidden" name="return" value=back />
                <Field name="email" label=tx!(i18n, identity.email) kind="email" bind=email required=true
                    autocomplete="username" autofocus=true />
                <Field name="password" label=tx!(i18n, identity.password) kind="password" bind=password
                    required=true autocomplete="current-password" />
                <Button variant=Variant::Primary kind="submit" busy=busy class="button-wide button-large">
                    {tx!(i18n, identity.sign_in)}
                </Button>
                <a class="signin-forgotten" href="/portal/forgotten">{tx!(i18n, identity.password_forgotten)}</a>
            </form>
        }
        .into_any()
    };
    view! {
        <Failed error=error />
        // Above the form the button is there anyway.
        {move || (psc_only() && !choice.read().is_empty()).then(&way_out)}
        {move || if choice.read().is_empty() {
            form()
        } else {
            view! {
                <div class="signin-choices">
                    <p>{tx!(i18n, identity.choose_establishment)}</p>
                    {choice.get().into_iter().map(|card| view! {
                        <button class="item" type="button" disabled=move || busy.get()
                            on:click=move |_| submit(Some(card.id))>
                            <span class="item-text">
                                <strong>{card.name}</strong>
                                <small>{card.town}</small>
                            </span>
                            {Icon::ChevronRight.view()}
                        </button>
                    }).collect_view()}
                </div>
            }.into_any()
        }}
    }
}

/// What else than a password opens the door here.
#[component]
fn Ways(
    back: String,
    error: RwSignal<Option<ApiError>>,
    ways: Resource<Result<SignInWays, ApiError>>,
) -> impl IntoView {
    let i18n = use_i18n();
    let purpose = use_query_map().with_untracked(|query| {
        // After a time-out the session that is open there must not open this one again by itself.
        let ended = query.get("ended").is_some();
        if ended || query.get("psc").is_some_and(|word| psc::leads_back(&word)) {
            "sign_in_again"
        } else {
            "sign_in"
        }
    });
    let shown = move |ways: SignInWays| {
        let back = destination(Some(back.clone()));
        view! {
            {ways.psc.then(|| view! { <PscButton purpose=purpose back=back simulated=ways.simulated /> })}
            {ways.passkey.then(|| view! { <PasskeyButton error=error /> })}
            {(ways.psc || ways.passkey).then(|| view! { <p class="signin-or">{tx!(i18n, identity.or)}</p> })}
            {ways.relaxed.then(|| view! {
                <Notice tone=Tone::Warning>{tx!(i18n, identity.factor_relaxed)}</Notice>
            })}
        }
    };
    view! {
        <Suspense fallback=|| ()>
            {move || ways.get().and_then(Result::ok).map(&shown)}
        </Suspense>
    }
}

#[cfg(test)]
mod tests {
    use super::destination;

    #[test]
    fn signing_in_never_leads_to_another_site() {
        let to = |text: &str| destination(Some(text.to_owned()));
        assert_eq!(to("/portal/documents?page=2"), "/portal/documents?page=2");
        for foreign in
            ["https://evil.example", "//evil.example", "/\\evil", "/portal/sign-in", "javascript:1"]
        {
            assert_eq!(to(foreign), "/portal", "{foreign}");
        }
    }
}
