//! Where the mailed link leads: what was given, and the button that confirms it. Nothing happens before it is pressed.

use leptos::{prelude::*, task::spawn_local};
use leptos_router::hooks::use_query_map;
use model::registration::{RegistrationConfirmed, RegistrationLink, RegistrationOffer};

use super::{
    api,
    words::{administrator, finess_groups, kind_name},
};
use crate::{
    error::{ApiError, ErrorKind},
    i18n::use_i18n,
    identity::{Anteroom, BackToSignIn, LinkOver, api_token, go},
    shell::error_text,
    tx,
    ui::{Button, LinkButton, Notice, Tone, Variant},
};

/// Confirms with the link's token.
#[component]
pub fn ConfirmPage() -> impl IntoView {
    let i18n = use_i18n();
    let token = use_query_map().read_untracked().get("t").unwrap_or_default();
    let asked = token.clone();
    let offer = Resource::new_blocking(|| (), move |()| api::registration(asked.clone()));
    view! {
        <Anteroom title=tx!(i18n, registration.confirm_title) lead="" below=ViewFn::from(BackToSignIn)>
            <Suspense fallback=|| ()>
                {move || offer.get().map(|offer| match offer {
                    Ok(RegistrationLink::Asked(offer)) => view! { <Offer offer=offer token=token.clone() /> }.into_any(),
                    Ok(RegistrationLink::Open) => view! {
                        <Notice tone=Tone::Success><p>{tx!(i18n, registration.open)}</p></Notice>
                        <LinkButton variant=Variant::Primary href=format!("/portal/invitation?t={}", token.clone())
                            attr:class="button button-primary button-wide button-large" attr:rel="external">
                            {tx!(i18n, registration.open_link)}
                        </LinkButton>
                    }.into_any(),
                    Err(error) if error.kind == ErrorKind::LinkOver => {
                        view! { <LinkOver again="/portal/register" /> }.into_any()
                    }
                    Err(error) => {
                        view! { <Notice tone=Tone::Danger><p>{error_text(i18n, &error)}</p></Notice> }.into_any()
                    }
                })}
            </Suspense>
        </Anteroom>
    }
}

#[component]
fn Offer(offer: RegistrationOffer, token: String) -> impl IntoView {
    let i18n = use_i18n();
    let (waiting, busy) = (RwSignal::new(offer.confirmed), RwSignal::new(false));
    let error = RwSignal::new(None::<ApiError>);
    let token = StoredValue::new(token);
    let confirm = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        busy.set(true);
        spawn_local(async move {
            match api::confirm(token.get_value()).await {
                Ok(RegistrationConfirmed::Open) => {
                    return go(&format!("/portal/invitation?t={}", token.get_value()));
                }
                Ok(RegistrationConfirmed::Waiting) => waiting.set(true),
                Err(failed) => error.set(Some(failed)),
            }
            busy.set(false);
        });
    };
    let form = move || {
        view! {
            <p class="muted">{tx!(i18n, registration.confirm_lead)}</p>
            {move || error.get().map(|failed| view! {
                <Notice tone=Tone::Danger><p>{error_text(i18n, &failed)}</p></Notice>
            })}
            <form class="form" method="post" action="/portal/registration" on:submit=confirm>
                <input type="hidden" name="csrf" value=api_token() />
                <input type="hidden" name="t" value=token.get_value() />
                <Button variant=Variant::Primary kind="submit" busy=busy class="button-wide button-large">
                    {tx!(i18n, registration.confirm)}
                </Button>
            </form>
        }
        .into_any()
    };
    view! {
        <dl class="facts">
            <dt>{tx!(i18n, registration.name)}</dt>
            <dd>{offer.name}</dd>
            <dt>{tx!(i18n, registration.kind)}</dt>
            <dd>{kind_name(i18n, offer.kind)}</dd>
            {offer.finess.map(|finess| view! {
                <dt>{tx!(i18n, registration.finess)}</dt>
                <dd>{finess_groups(&finess)}</dd>
            })}
            <dt>{tx!(i18n, registration.town)}</dt>
            <dd>{offer.town}</dd>
            <dt>{tx!(i18n, registration.administrator)}</dt>
            <dd>{administrator(i18n, &offer.administrator, offer.role)}</dd>
        </dl>
        <div role="status">
            {move || waiting.get().then(|| view! {
                <Notice tone=Tone::Success title=tx!(i18n, registration.waiting_title)>
                    <p>{tx!(i18n, registration.waiting)}</p>
                </Notice>
            })}
        </div>
        {move || (!waiting.get()).then(form)}
    }
}
