//! Where a window ends in which somebody signed in for a page that waits in another one (`lock`, `step_up`).

use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

use super::{anteroom::Anteroom, psc::PscProblem, tabs};
use crate::{
    i18n::use_i18n,
    tx,
    ui::{Button, LinkButton, Variant},
};

/// Tells the page that waits, and closes itself where the browser allows it: after a visit to another site most don't.
#[component]
pub fn SignedInPage() -> impl IntoView {
    let i18n = use_i18n();
    let query = use_query_map();
    let failed = query.read_untracked().get("psc").is_some();
    Effect::new(move |_| {
        tabs::tell(tabs::BACK, js_sys::Date::now());
        if !failed {
            close();
        }
    });
    let (title, lead) = if failed {
        (tx!(i18n, identity.signed_in_failed_title), tx!(i18n, identity.signed_in_failed))
    } else {
        (tx!(i18n, identity.signed_in_title), tx!(i18n, identity.signed_in_lead))
    };
    view! {
        <Anteroom title=title lead=lead>
            <PscProblem />
            <div class="signin-choices">
                <Button variant=Variant::Primary class="button-wide" on_click=move |_| close()>
                    {tx!(i18n, identity.signed_in_close)}
                </Button>
                <LinkButton href="/portal" attr:rel="external">{tx!(i18n, identity.signed_in_here)}</LinkButton>
            </div>
        </Anteroom>
    }
}

fn close() {
    // Refused where a script may not: the page says what to do.
    drop(window().close());
}
