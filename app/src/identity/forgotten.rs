//! A forgotten password: where to mail the link. The page says the same whoever the address belongs to.

use leptos::{prelude::*, task::spawn_local};
use leptos_router::hooks::use_query_map;
use model::identity::Email;

use super::{
    anteroom::{Anteroom, BackToSignIn},
    api,
    links::failure,
    sign_in::api_token,
};
use crate::{
    i18n::use_i18n,
    shell::Failed,
    tx,
    ui::{Button, Field, Notice, Tone, Variant, focus_first_error, use_own_checks},
};

/// Id of the form.
const FORM: &str = "forgotten";

/// Asks for the address, then says that a mail may have gone.
#[component]
pub fn ForgottenPage() -> impl IntoView {
    let i18n = use_i18n();
    let query = use_query_map();
    let sent = RwSignal::new(query.read_untracked().get("sent").is_some());
    let (email, wrong) = (RwSignal::new(String::new()), RwSignal::new(false));
    let (error, busy) = (RwSignal::new(failure(&query.read_untracked())), RwSignal::new(false));
    let wrong_text = tx!(i18n, members.email_wrong);
    let field_error = Signal::derive(move || {
        (wrong.get() && email.read().parse::<Email>().is_err()).then(|| wrong_text.clone())
    });
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let Ok(address) = email.read_untracked().parse::<Email>() else {
            wrong.set(true);
            return focus_first_error(FORM);
        };
        busy.set(true);
        spawn_local(async move {
            match api::ask_reset(address).await {
                Ok(()) => sent.set(true),
                Err(failed) => error.set(Some(failed)),
            }
            busy.set(false);
        });
    };
    let own_checks = use_own_checks();
    let form = move || {
        view! {
            <Failed error=error />
            <form id=FORM class="form" method="post" action="/portal/forgotten" node_ref=own_checks on:submit=submit>
                <input type="hidden" name="csrf" value=api_token() />
                <Field name="email" label=tx!(i18n, identity.email) kind="email" bind=email error=field_error required=true
                    autocomplete="username" autofocus=true />
                <Button variant=Variant::Primary kind="submit" busy=busy class="button-wide button-large">
                    {tx!(i18n, identity.forgotten_send)}
                </Button>
            </form>
        }
        .into_any()
    };
    view! {
        <Anteroom title=tx!(i18n, identity.forgotten_title) lead=tx!(i18n, identity.forgotten_lead) below=ViewFn::from(BackToSignIn)>
            <div role="status">
                {move || sent.get().then(|| view! { <Notice tone=Tone::Success>{tx!(i18n, identity.forgotten_sent)}</Notice> })}
            </div>
            {move || (!sent.get()).then(form)}
        </Anteroom>
    }
}
