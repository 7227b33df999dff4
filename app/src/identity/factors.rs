//! One's own second factors, on the account page.

use leptos::prelude::*;
use model::{
    factors::Factors,
    identity::{Me, Method},
};

use super::{
    api,
    guarded::Guarded,
    passkeys::Passkeys,
    totp_form::{RecoveryCodes, TotpForm},
};
use crate::{
    error::ApiError,
    i18n::use_i18n,
    shell::{Failed, Failure, When},
    tx,
    ui::{Badge, Button, Confirm, Icon, Skeleton, Tone, use_toasts},
};

/// The section.
#[component]
pub(super) fn FactorsSection(
    /// Goes up when open sessions may have ended.
    sessions: RwSignal<u32>,
) -> impl IntoView {
    let i18n = use_i18n();
    let me = expect_context::<Me>();
    if !me.has_password {
        return view! {
            <section class="card narrow" aria-labelledby="factors">
                <h2 id="factors">{tx!(i18n, identity.factors_title)}</h2>
                <p class="muted">{tx!(i18n, identity.factors_psc)}</p>
            </section>
        }
        .into_any();
    }
    let version = RwSignal::new(0_u32);
    let found = Resource::new(move || version.get(), |_| api::factors());
    // The first factor ends what a password alone had opened.
    Effect::new(move |before: Option<u32>| {
        let now = version.get();
        if before.is_some_and(|before| before != now) {
            sessions.update(|n| *n += 1);
        }
        now
    });
    view! {
        <section class="card narrow factors" aria-labelledby="factors">
            <h2 id="factors">{tx!(i18n, identity.factors_title)}</h2>
            <p class="muted">{if me.method == Method::Psc {
                tx!(i18n, identity.factors_local)
            } else {
                tx!(i18n, identity.factors_lead)
            }}</p>
            <Transition fallback=move || view! { <Skeleton label=tx!(i18n, common.loading) lines=2 /> }>
                {move || found.get().map(|found| match found {
                    Ok(factors) => view! { <Own factors=factors version=version /> }.into_any(),
                    Err(error) => view! { <Failure error=error /> }.into_any(),
                })}
            </Transition>
        </section>
    }
    .into_any()
}

#[component]
fn Own(factors: Factors, version: RwSignal<u32>) -> impl IntoView {
    let i18n = use_i18n();
    let toasts = use_toasts();
    let guarded = Guarded::new();
    let (adding, removing, busy) = (RwSignal::new(false), RwSignal::new(false), guarded.busy);
    let (error, codes) = (RwSignal::new(None::<ApiError>), RwSignal::new(None::<Vec<String>>));
    let read_again = move || version.update(|n| *n += 1);
    let remove = move |()| {
        guarded.run(api::remove_totp, move |gone| {
            removing.set(false);
            match gone {
                Ok(()) => {
                    error.set(None);
                    toasts.success(tx!(i18n, identity.totp_removed));
                    read_again();
                }
                Err(failed) => error.set(Some(failed)),
            }
        });
    };
    let renewing = RwSignal::new(false);
    let renew = move |()| {
        renewing.set(false);
        guarded.run(api::renew_recovery_codes, move |new| match new {
            Ok(new) => {
                error.set(None);
                codes.set(Some(new));
            }
            Err(failed) => error.set(Some(failed)),
        });
    };
    let done = Callback::new(move |()| {
        adding.set(false);
        codes.set(None);
        toasts.success(tx!(i18n, identity.totp_added));
        read_again();
    });
    let kept = Callback::new(move |()| {
        codes.set(None);
        toasts.success(tx!(i18n, identity.recovery_renewed));
        read_again();
    });
    let any = factors.any();
    let left = factors.recovery_left;
    // The recovery codes are shown once: while they stand there, nothing around them says how things were before.
    let shown = RwSignal::new(false);
    let on_codes = Callback::new(move |()| shown.set(true));
    let rows = view! {
        <ul class="items" hidden=move || adding.get() || shown.get() || codes.read().is_some()>
            <li class="item">
                {Icon::Smartphone.view()}
                <span class="item-text">
                    <strong>{tx!(i18n, identity.totp_title)}</strong>
                    <small>{match factors.totp_since {
                        Some(since) => view! { {tx!(i18n, identity.totp_since)} " " <When at=since date=true /> }.into_any(),
                        None => view! { {tx!(i18n, identity.totp_none)} }.into_any(),
                    }}</small>
                </span>
                <span class="item-end">
                    {if factors.totp_since.is_some() {
                        view! {
                            <Badge tone=Tone::Success icon=Icon::Check text=tx!(i18n, identity.factor_on) />
                            <Button small=true busy=busy on_click=move |_| removing.set(true)>{tx!(i18n, identity.totp_remove)}</Button>
                        }.into_any()
                    } else {
                        view! {
                            <Button small=true on_click=move |_| adding.set(true)>{tx!(i18n, identity.totp_add)}</Button>
                        }.into_any()
                    }}
                </span>
            </li>
            {any.then(|| view! {
                <li class="item">
                    {Icon::ShieldCheck.view()}
                    <span class="item-text">
                        <strong>{tx!(i18n, identity.recovery_title)}</strong>
                        <small>{tx!(i18n, identity.recovery_left, n = left)}</small>
                    </span>
                    <span class="item-end">
                        <Button small=true busy=busy on_click=move |_| renewing.set(true)>{tx!(i18n, identity.recovery_renew)}</Button>
                    </span>
                </li>
            })}
        </ul>
    };
    view! {
        <div class="factors">
        <Failed error=error />
        {rows}
        {move || adding.get().then(|| view! {
            <TotpForm on_done=done on_codes=on_codes on_cancel=Callback::new(move |()| adding.set(false)) />
        })}
        {move || codes.get().map(|new| view! { <RecoveryCodes codes=new on_kept=kept /> })}
        <div class="factors" hidden=move || adding.get() || codes.read().is_some()>
            <Passkeys all=factors.passkeys version=version on_codes=on_codes />
        </div>
        <Confirm
            id="renew-codes"
            open=renewing
            title=tx!(i18n, identity.recovery_renew_title)
            confirm_text=tx!(i18n, identity.recovery_renew)
            cancel_text=tx!(i18n, common.cancel)
            busy=busy
            on_confirm=renew
        >
            <p>{tx!(i18n, identity.recovery_renew_text)}</p>
        </Confirm>
        <Confirm
            id="remove-totp"
            open=removing
            title=tx!(i18n, identity.totp_remove_title)
            confirm_text=tx!(i18n, identity.totp_remove)
            cancel_text=tx!(i18n, common.cancel)
            danger=true
            busy=busy
            on_confirm=remove
        >
            <p>{tx!(i18n, identity.totp_remove_text)}</p>
        </Confirm>
        </div>
    }
}
