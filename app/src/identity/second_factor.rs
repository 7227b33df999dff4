//! Where somebody with a password alone sets up a second factor, before anything else.

use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

use super::{
    anteroom::Anteroom, go, passkey_form::PasskeyForm, sign_in::destination, sign_out::SignOut,
    totp_form::TotpForm,
};
use crate::{
    i18n::use_i18n,
    tx,
    ui::{Button, Icon, Variant},
};

/// Sets up the first factor.
#[component]
pub fn SecondFactorPage() -> impl IntoView {
    let i18n = use_i18n();
    let query = use_query_map();
    // The recovery codes are shown once: while they stand there, no other way is offered.
    let (passkey, codes) = (RwSignal::new(false), RwSignal::new(false));
    let on_codes = Callback::new(move |()| codes.set(true));
    let done = Callback::new(move |()| go(&destination(query.read_untracked().get("return"))));
    let out = move || {
        view! {
            <div class="signin-hint">
                <SignOut />
            </div>
        }
        .into_any()
    };
    view! {
        <Anteroom title=tx!(i18n, identity.enrol_title) lead=tx!(i18n, identity.enrol_lead) below=ViewFn::from(out)>
            {move || if passkey.get() {
                view! {
                    <PasskeyForm on_done=done on_codes=on_codes />
                    {move || (!codes.get()).then(|| view! {
                        <Button variant=Variant::Ghost on_click=move |_| passkey.set(false)>{tx!(i18n, identity.enrol_totp)}</Button>
                    })}
                }.into_any()
            } else {
                view! {
                    <TotpForm on_done=done on_codes=on_codes />
                    {move || (!codes.get()).then(|| view! {
                        <Button variant=Variant::Ghost icon=Icon::KeyRound on_click=move |_| passkey.set(true)>{tx!(i18n, identity.enrol_other)}</Button>
                    })}
                }.into_any()
            }}
        </Anteroom>
    }
}
