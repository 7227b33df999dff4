//! "This wasn't me": where the link of a notice leads. Nothing happens before the button is pressed: mail programs open links
//! by themselves.

use leptos::{prelude::*, task::spawn_local};
use leptos_router::hooks::use_query_map;

use super::{
    anteroom::{Anteroom, BackToSignIn},
    api,
    links::{LinkOver, failure},
    sign_in::api_token,
};
use crate::{
    error::ErrorKind,
    i18n::use_i18n,
    shell::Failed,
    tx,
    ui::{Button, Icon, Notice, Tone, Variant},
};

/// Says what will be done, does it, and says what is left to do.
#[component]
pub fn NotMePage() -> impl IntoView {
    let i18n = use_i18n();
    let query = use_query_map();
    let token = StoredValue::new(query.read_untracked().get("t").unwrap_or_default());
    let done = RwSignal::new(query.read_untracked().get("done").is_some());
    let (error, busy) = (RwSignal::new(failure(&query.read_untracked())), RwSignal::new(false));
    let over = move || {
        token.with_value(String::is_empty)
            || error.read().as_ref().is_some_and(|failed| failed.kind == ErrorKind::LinkOver)
    };
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        busy.set(true);
        spawn_local(async move {
            match api::not_me(token.get_value()).await {
                Ok(()) => done.set(true),
                Err(failed) => error.set(Some(failed)),
            }
            busy.set(false);
        });
    };
    let form = move || {
        view! {
            <Failed error=error />
            <ul class="signin-list">
                <li>{tx!(i18n, identity.not_me_sessions)}</li>
                <li>{tx!(i18n, identity.not_me_password)}</li>
                <li>{tx!(i18n, identity.not_me_factors)}</li>
            </ul>
            <form class="form" method="post" action="/portal/not-me" on:submit=submit>
                <input type="hidden" name="csrf" value=api_token() />
                <input type="hidden" name="t" value=token.get_value() />
                <Button variant=Variant::Danger icon=Icon::ShieldCheck kind="submit" busy=busy class="button-wide button-large">
                    {tx!(i18n, identity.not_me_do)}
                </Button>
            </form>
        }
        .into_any()
    };
    view! {
        <Anteroom title=tx!(i18n, identity.not_me_title) lead=tx!(i18n, identity.not_me_lead) below=ViewFn::from(BackToSignIn)>
            <div role="status">
                {move || done.get().then(|| view! { <Notice tone=Tone::Success>{tx!(i18n, identity.not_me_done)}</Notice> })}
            </div>
            {move || if done.get() {
                ().into_any()
            } else if over() {
                view! { <LinkOver /> }.into_any()
            } else {
                form()
            }}
        </Anteroom>
    }
}
