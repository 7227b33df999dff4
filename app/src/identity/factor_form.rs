//! The second step of signing in: six digits, or a recovery code.

use leptos::{prelude::*, task::spawn_local};
use leptos_router::{hooks::use_query_map, location::Url};
use model::{factors::FactorAnswer, identity::FactorsAtHand};

use super::{
    api, go, passkey,
    sign_in::{api_token, destination},
};
use crate::{
    error::{ApiError, ErrorKind},
    i18n::use_i18n,
    shell::Failed,
    tx,
    ui::{Button, Field, Icon, Variant},
};

/// Whether no second factor leads on: too late, or Pro Santé Connect is the only way in.
fn is_over(failed: &ApiError) -> bool {
    matches!(failed.kind, ErrorKind::BeginAgain | ErrorKind::PscOnly)
}

/// Asks for a factor that the person has: all kinds, where it is not known which. `failed` is what the server's answer to a form
/// says.
#[component]
pub(super) fn FactorForm(
    at_hand: Option<FactorsAtHand>,
    failed: Option<ApiError>,
    on_expired: Callback<ApiError>,
) -> impl IntoView {
    let i18n = use_i18n();
    let query = use_query_map();
    let has = at_hand.unwrap_or(FactorsAtHand { totp: true, passkey: true, recovery: 1 });
    let (code, recovery) = (RwSignal::new(String::new()), RwSignal::new(false));
    // Somebody with passkeys alone has nothing to type but a recovery code.
    let by_hand = move || has.totp || recovery.get();
    let (error, busy) = (RwSignal::new(failed), RwSignal::new(false));
    let back = query.read_untracked().get("return").unwrap_or_default();
    let to = destination(Some(back.clone()));
    let again = format!("/portal/sign-in?return={}", Url::escape(&to));
    let with_passkey = {
        let to = to.clone();
        move |_| {
            busy.set(true);
            let to = to.clone();
            spawn_local(async move {
                let shown = match passkey::answer().await {
                    Ok(answer) => api::show_factor(None, answer).await,
                    Err(failed) => Err(failed),
                };
                busy.set(false);
                match shown {
                    Ok(_) => go(&to),
                    // Somebody without any is told the same as who closes the window.
                    Err(failed) if failed.kind == ErrorKind::NotFound => {
                        error.set(Some(ErrorKind::NoPasskey.into()));
                    }
                    Err(failed) if is_over(&failed) => on_expired.run(failed),
                    Err(failed) => error.set(Some(failed.of_factor(ErrorKind::WrongPasskey))),
                }
            });
        }
    };
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        busy.set(true);
        let typed = code.get_untracked();
        let (answer, wrong) = if recovery.get_untracked() {
            (FactorAnswer::Recovery(typed), ErrorKind::WrongRecovery)
        } else {
            (FactorAnswer::Totp(typed), ErrorKind::WrongFactor)
        };
        let to = to.clone();
        spawn_local(async move {
            match api::show_factor(None, answer).await {
                Ok(_) => return go(&to),
                Err(failed) if is_over(&failed) => on_expired.run(failed),
                Err(failed) => {
                    error.set(Some(failed.of_factor(wrong)));
                    code.set(String::new());
                }
            }
            busy.set(false);
        });
    };
    view! {
        <Failed error=error />
        <form class="form" method="post" action="/portal/sign-in/factor" on:submit=submit>
            <input type="hidden" name="csrf" value=api_token() />
            <input type="hidden" name="return" value=back />
            {move || if !by_hand() {
                ().into_any()
            } else if recovery.get() {
                view! {
                    <input type="hidden" name="recovery" value="true" />
                    <Field name="code" label=tx!(i18n, identity.factor_recovery) hint=tx!(i18n, identity.factor_recovery_hint)
                        bind=code required=true autocomplete="off" autofocus=true />
                }.into_any()
            } else {
                view! {
                    <Field name="code" label=tx!(i18n, identity.factor_code) hint=tx!(i18n, identity.factor_code_hint)
                        inputmode="numeric" bind=code required=true autocomplete="one-time-code" autofocus=true />
                }.into_any()
            }}
            {move || by_hand().then(|| view! {
                <Button variant=Variant::Primary kind="submit" busy=busy class="button-wide button-large">
                    {tx!(i18n, identity.factor_confirm)}
                </Button>
            })}
            {has.passkey.then(|| view! {
                <Button class="button-wide" icon=Icon::KeyRound busy=busy on_click=with_passkey>{tx!(i18n, identity.passkey_use)}</Button>
            })}
            {(has.recovery > 0).then(|| view! {
                <Button variant=Variant::Ghost class="button-wide" on_click=move |_| {
                    code.set(String::new());
                    error.set(None);
                    recovery.update(|on| *on = !*on);
                }>
                    {move || match (recovery.get(), has.totp) {
                        (true, true) => tx!(i18n, identity.factor_use_code),
                        (true, false) => tx!(i18n, identity.step_up_passkey),
                        (false, _) => tx!(i18n, identity.factor_use_recovery),
                    }}
                </Button>
            })}
            <a class="signin-forgotten" rel="external" href=again>{tx!(i18n, identity.factor_other)}</a>
        </form>
    }
}
