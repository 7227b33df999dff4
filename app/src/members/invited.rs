//! Where an invitation's link leads: who invites, and the ways in. Nothing happens before something is pressed.

use leptos::{prelude::*, task::spawn_local};
use leptos_router::{hooks::use_query_map, location::Url};
use model::{
    identity::{Me, SignInWays},
    ids::EstablishmentId,
    members::{InvitationOffer, NewAccount},
    text::PersonName,
};

use super::api;
use crate::{
    error::{ApiError, ErrorKind},
    i18n::use_i18n,
    identity::{
        self, Anteroom, BackToSignIn, LinkOver, NewPassword, NewPasswordFields, PscButton, SignOut, go,
        joined,
    },
    shell::{Failed, error_text, role_name},
    tx,
    ui::{Button, Field, LinkButton, Notice, Tone, Variant, focus_first_error},
};

/// The page.
#[component]
pub fn InvitationPage() -> impl IntoView {
    let i18n = use_i18n();
    let token = use_query_map().read_untracked().get("t").unwrap_or_default();
    let asked = token.clone();
    let offer = Resource::new_blocking(|| (), move |()| api::invitation(asked.clone()));
    // Nobody signed in is no failure here.
    let me = Resource::new_blocking(
        || (),
        |()| async { if is_nobody() { None } else { identity::api::me().await.ok() } },
    );
    // Here and not below another answer: both sides then make the same resources in the same order.
    let ways = Resource::new_blocking(|| (), |()| identity::api::ways());
    view! {
        <Anteroom title=tx!(i18n, members.offer_title) lead="" below=ViewFn::from(BackToSignIn)>
            <Suspense fallback=|| ()>
                {move || {
                    let (offer, me, ways) = (offer.get()?, me.get()?, ways.get()?);
                    let token = token.clone();
                    Some(match offer {
                        Ok(offer) => view! { <Ways offer=offer me=me ways=ways.unwrap_or_default() token=token /> }.into_any(),
                        Err(error) if error.kind == ErrorKind::LinkOver => view! { <LinkOver /> }.into_any(),
                        Err(error) => view! { <Notice tone=Tone::Danger>{error_text(i18n, &error)}</Notice> }.into_any(),
                    })
                }}
            </Suspense>
        </Anteroom>
    }
}

/// Whether nobody is signed in, where that is known without asking: asking would make the page's status a refusal.
fn is_nobody() -> bool {
    #[cfg(feature = "ssr")]
    return crate::ssr::caller().is_ok_and(|caller| caller.identified.is_none());
    #[cfg(not(feature = "ssr"))]
    return false;
}

/// What is offered, and to whom: who is signed in comes in at once; an address with an account is entered first; a new one gets one.
#[component]
fn Ways(offer: InvitationOffer, me: Option<Me>, ways: SignInWays, token: String) -> impl IntoView {
    let i18n = use_i18n();
    let place = format!("{} ({})", offer.establishment.name, offer.establishment.town);
    let lead = match offer.by {
        Some(by) => tx!(i18n, members.offer_by, by = by, place = place),
        None => tx!(i18n, members.offer_lead, place = place),
    };
    let here = format!("/portal/invitation?t={token}");
    let sign_in = format!("/portal/sign-in?return={}", Url::escape(&here));
    let roles: Vec<String> = offer.roles.iter().map(|role| role_name(i18n, role)).collect();
    let email = offer.email.clone();
    let way = match me {
        Some(me) => view! { <Enter me=me ways=ways token=token /> }.into_any(),
        None if offer.has_account => view! {
            <p>{tx!(i18n, members.offer_has_account, email = email)}</p>
            <LinkButton variant=Variant::Primary href=sign_in attr:class="button button-primary button-wide button-large">
                {tx!(i18n, members.offer_sign_in)}
            </LinkButton>
        }
        .into_any(),
        None => view! {
            {ways.psc.then(|| view! {
                <PscButton purpose="sign_in" back=here simulated=ways.simulated />
                <p class="signin-or">{tx!(i18n, identity.or)}</p>
            })}
            <AccountForm email=email given=offer.given_name family=offer.family_name token=token />
            <p class="signin-hint">{tx!(i18n, members.offer_other)} " " <a href=sign_in>{tx!(i18n, members.offer_sign_in)}</a></p>
        }
        .into_any(),
    };
    view! {
        <p>{lead}</p>
        <dl class="facts">
            <dt>{tx!(i18n, members.email)}</dt>
            <dd>{offer.email}</dd>
            <dt>{tx!(i18n, members.roles)}</dt>
            <dd>{roles.join(", ")}</dd>
        </dl>
        {way}
    }
}

/// Comes in with the account of the session.
#[component]
fn Enter(me: Me, ways: SignInWays, token: String) -> impl IntoView {
    let i18n = use_i18n();
    let (error, busy) = (RwSignal::new(None::<ApiError>), RwSignal::new(false));
    let (token, joined) = (StoredValue::new(token), RwSignal::new(None::<EstablishmentId>));
    let already = move || error.read().as_ref().is_some_and(|failed| failed.kind == ErrorKind::AlreadyMember);
    let psc_only = move || error.read().as_ref().is_some_and(|failed| failed.kind == ErrorKind::PscOnly);
    let accept = move |_| {
        busy.set(true);
        spawn_local(async move {
            let accepted = match joined.get_untracked() {
                // It was accepted before: the link is over, and the way in is left to go.
                Some(establishment) => Ok(establishment),
                None => api::accept_invitation(token.get_value()).await,
            };
            match accepted {
                Ok(establishment) => {
                    joined.set(Some(establishment));
                    match identity::api::switch(establishment).await {
                        Ok(_) => return go("/portal"),
                        Err(failed) => error.set(Some(failed)),
                    }
                }
                // First what every session needs; then back here.
                Err(failed) if failed.kind == ErrorKind::FactorNeeded => {
                    let here = format!("/portal/invitation?t={}", token.get_value());
                    return go(&format!("/portal/second-factor?return={}", Url::escape(&here)));
                }
                Err(failed) => error.set(Some(failed)),
            }
            busy.set(false);
        });
    };
    view! {
        {move || if already() {
            view! {
                <Notice tone=Tone::Neutral>{tx!(i18n, members.offer_already)}</Notice>
                <LinkButton href="/portal" attr:rel="external">{tx!(i18n, shell.missing_home)}</LinkButton>
            }.into_any()
        } else {
            view! { <Failed error=error /> }.into_any()
        }}
        {move || (psc_only() && ways.psc).then(|| view! {
            <PscButton purpose="sign_in" back="/portal" simulated=ways.simulated />
        })}
        <p>{tx!(i18n, members.offer_as, name = me.name)}</p>
        <Button variant=Variant::Primary busy=busy class="button-wide button-large" on_click=accept>
            {tx!(i18n, members.offer_accept)}
        </Button>
        <SignOut text=tx!(i18n, members.offer_not_me) />
    }
}

/// Id of the form that makes an account.
const FORM: &str = "join";

/// Makes an account for the address.
#[component]
fn AccountForm(email: String, given: Option<String>, family: Option<String>, token: String) -> impl IntoView {
    let i18n = use_i18n();
    let (given, family) =
        (RwSignal::new(given.unwrap_or_default()), RwSignal::new(family.unwrap_or_default()));
    let password = NewPassword::new();
    let (error, tried, busy) = (RwSignal::new(None::<ApiError>), RwSignal::new(false), RwSignal::new(false));
    // Until the page is alive nothing sends the form, the Enter key neither (HTML, implicit submission): nothing typed is lost.
    let alive = RwSignal::new(false);
    Effect::new(move |_| alive.set(true));
    let name_error = move |field: RwSignal<String>, missing: String| {
        Signal::derive(move || {
            (tried.get() && field.read().parse::<PersonName>().is_err()).then(|| missing.clone())
        })
    };
    let given_error = name_error(given, tx!(i18n, members.given_missing));
    let family_error = name_error(family, tx!(i18n, members.family_missing));
    let (token, address) = (StoredValue::new(token), StoredValue::new(email.clone()));
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        tried.set(true);
        let names = (given.read_untracked().parse(), family.read_untracked().parse());
        let ((Ok(given_name), Ok(family_name)), Some(agreed)) = (names, password.agreed()) else {
            return focus_first_error(FORM);
        };
        busy.set(true);
        spawn_local(async move {
            let new = NewAccount { given_name, family_name, password: agreed };
            match api::accept_with_account(token.get_value(), new).await {
                Ok(()) => {
                    joined::keep(&address.get_value());
                    return go("/portal/sign-in?ended=joined");
                }
                Err(failed) => error.set(password.take(failed)),
            }
            busy.set(false);
            focus_first_error(FORM);
        });
    };
    view! {
        <Failed error=error />
        <form id=FORM class="form" method="post" novalidate on:submit=submit>
            <p>{tx!(i18n, members.offer_account, email = email.clone())}</p>
            // For password managers.
            <input type="text" class="visually-hidden" name="username" value=email autocomplete="username" readonly
                tabindex="-1" aria-hidden="true" />
            <Field name="given_name" label=tx!(i18n, members.given_name) bind=given required=true error=given_error maxlength=80u32
                autocomplete="given-name" />
            <Field name="family_name" label=tx!(i18n, members.family_name) bind=family required=true error=family_error maxlength=80u32
                autocomplete="family-name" />
            <NewPasswordFields bind=password />
            <Button variant=Variant::Primary kind="submit" busy=busy disabled=Signal::derive(move || !alive.get())
                class="button-wide button-large">
                {tx!(i18n, members.offer_create)}
            </Button>
        </form>
    }
}
