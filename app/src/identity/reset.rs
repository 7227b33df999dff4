//! Where a mailed link leads: another password is chosen.

use leptos::{prelude::*, task::spawn_local};
use leptos_router::hooks::use_query_map;

use super::{
    anteroom::{Anteroom, BackToSignIn},
    api, go,
    links::{LinkOver, failure},
    new_password::{NewPassword, NewPasswordFields},
    sign_in::api_token,
};
use crate::{
    error::ErrorKind,
    i18n::use_i18n,
    shell::Failed,
    tx,
    ui::{Button, Variant, focus_first_error},
};

/// Id of the form.
const FORM: &str = "reset";

/// Sets another password with the link's token.
#[component]
pub fn ResetPage() -> impl IntoView {
    let i18n = use_i18n();
    let query = use_query_map();
    let token = StoredValue::new(query.read_untracked().get("t").unwrap_or_default());
    let new = NewPassword::new();
    let at_first = failure(&query.read_untracked()).and_then(|failed| new.take(failed));
    let (error, busy) = (RwSignal::new(at_first), RwSignal::new(false));
    // Before somebody types two passwords for nothing.
    let link = Resource::new_blocking(|| (), move |()| api::check_reset(token.get_value()));
    let over = move || {
        matches!(link.get(), Some(Err(failed)) if failed.kind == ErrorKind::LinkOver)
            || error.read().as_ref().is_some_and(|failed| failed.kind == ErrorKind::LinkOver)
    };
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let Some(password) = new.agreed() else { return focus_first_error(FORM) };
        busy.set(true);
        spawn_local(async move {
            match api::reset(token.get_value(), password).await {
                Ok(()) => return go("/portal/sign-in?ended=reset"),
                Err(failed) => error.set(new.take(failed)),
            }
            busy.set(false);
            focus_first_error(FORM);
        });
    };
    let form = move || {
        view! {
            <Failed error=error />
            <form id=FORM class="form" method="post" action="/portal/reset" on:submit=submit>
                <input type="hidden" name="csrf" value=api_token() />
                <input type="hidden" name="t" value=token.get_value() />
                <NewPasswordFields bind=new />
                <Button variant=Variant::Primary kind="submit" busy=busy class="button-wide button-large">
                    {tx!(i18n, identity.reset_save)}
                </Button>
            </form>
        }
        .into_any()
    };
    view! {
        <Anteroom title=tx!(i18n, identity.reset_title) lead=tx!(i18n, identity.reset_lead) below=ViewFn::from(BackToSignIn)>
            <Suspense fallback=|| ()>
                {move || if over() {
                    view! { <LinkOver again="/portal/forgotten" /> }.into_any()
                } else {
                    form()
                }}
            </Suspense>
        </Anteroom>
    }
}
