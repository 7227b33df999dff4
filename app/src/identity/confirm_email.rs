//! Where the two mails about another e-mail address lead. Nothing happens before the button is pressed.

use leptos::{prelude::*, task::spawn_local};
use leptos_router::hooks::use_query_map;
use model::account::EmailConfirmed;

use super::{
    anteroom::{Anteroom, BackToSignIn},
    api,
    links::LinkOver,
};
use crate::{
    error::{ApiError, ErrorKind},
    i18n::use_i18n,
    shell::Failed,
    tx,
    ui::{Button, Notice, Tone, Variant},
};

/// Confirms with the link's token.
#[component]
pub fn ConfirmEmailPage() -> impl IntoView {
    let i18n = use_i18n();
    let token = StoredValue::new(use_query_map().read_untracked().get("t").unwrap_or_default());
    let (done, error) = (RwSignal::new(None::<EmailConfirmed>), RwSignal::new(None::<ApiError>));
    // Whoever opens it reads what they agree to.
    let asked = Resource::new_blocking(|| (), move |()| api::check_email(token.get_value()));
    // Until the page is alive its button does nothing.
    let busy = RwSignal::new(true);
    Effect::new(move |_| busy.set(false));
    let confirm = move |_| {
        busy.set(true);
        spawn_local(async move {
            match api::confirm_email(token.get_value()).await {
                Ok(state) => done.set(Some(state)),
                Err(failed) => error.set(Some(failed)),
            }
            busy.set(false);
        });
    };
    let over = move || {
        matches!(asked.get(), Some(Err(failed)) if failed.kind == ErrorKind::LinkOver)
            || error.read().as_ref().is_some_and(|failed| failed.kind == ErrorKind::LinkOver)
    };
    let said = move || {
        done.get().map(|state| {
            let text = match state {
                EmailConfirmed::Waiting => tx!(i18n, identity.email_done_waiting),
                EmailConfirmed::Changed => tx!(i18n, identity.email_done),
            };
            view! { <Notice tone=Tone::Success>{text}</Notice> }
        })
    };
    view! {
        <Anteroom title=tx!(i18n, identity.email_confirm_title) lead=tx!(i18n, identity.email_confirm_lead) below=ViewFn::from(BackToSignIn)>
            <div role="status">{said}</div>
            <Suspense fallback=|| ()>
                {move || asked.get().and_then(Result::ok).map(|email| view! {
                    <p><strong>{email.as_ref().to_owned()}</strong></p>
                })}
                {move || if done.get().is_some() {
                    ().into_any()
                } else if over() {
                    view! { <LinkOver /> }.into_any()
                } else {
                    view! {
                        <Failed error=error />
                        <Button variant=Variant::Primary busy=busy class="button-wide button-large" on_click=confirm>
                            {tx!(i18n, identity.email_confirm)}
                        </Button>
                    }.into_any()
                }}
            </Suspense>
        </Anteroom>
    }
}
