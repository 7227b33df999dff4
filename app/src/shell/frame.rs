//! Around every page of a signed-in person.

use std::time::Duration;

use leptos::{prelude::*, wasm_bindgen::JsCast, web_sys};
use leptos_router::{components::Outlet, hooks::use_location};
use model::identity::Me;

use super::{navigation::Navigation, words::Failure};
use crate::{
    i18n::use_i18n,
    identity::{self, IdleWarning, Lock, LockScreen, OwnName, StepUp, StepUpDialog},
    live, tx,
    ui::{CloseWord, Toaster, Tone, focus_page, use_toasts},
};

/// Reads who is signed in, then shows navigation and page. (Nobody signed in never gets here: the server sends them to
/// the sign-in page first.)
#[component]
pub fn Frame() -> impl IntoView {
    let me = Resource::new(|| (), |()| identity::api::me());
    view! {
        // Not a Suspense: that would take the frame away whenever a page below it asks for something.
        <Transition>
            {move || Suspend::new(async move {
                match me.await {
                    Ok(me) => view! { <SignedIn me=me /> }.into_any(),
                    Err(error) => view! { <Failure error=error /> }.into_any(),
                }
            })}
        </Transition>
    }
}

#[component]
fn SignedIn(me: Me) -> impl IntoView {
    let i18n = use_i18n();
    provide_context(me.clone());
    provide_context(OwnName(RwSignal::new(me.name.clone())));
    provide_context(CloseWord(tx!(i18n, common.close)));
    live::provide_live(&me);
    let (lock, step_up) = (Lock::provide(&me), StepUp::provide());
    let (last, toasts) = (live::use_live().last, use_toasts());
    identity::told_of_another(i18n, toasts);
    let path = use_location().pathname;
    Effect::new(move |before: Option<String>| {
        let now = path.get();
        if before.is_some_and(|before| before != now) {
            focus_page();
        }
        now
    });
    let guessing = tx!(i18n, shell.codes_guessing);
    Effect::new(move |_| match last.get().1.map(|event| event.kind).as_deref() {
        Some("codes.guessing") => {
            toasts.push(Tone::Warning, guessing.clone(), None, Duration::from_mins(1));
        }
        // It may go on under another name: a factor was shown again, in this tab or another.
        Some("session.ended") => lock.look(),
        _ => {}
    });
    // The router would take it for a change of page, and leave the focus where it is.
    let skip = |event: leptos::ev::MouseEvent| {
        event.prevent_default();
        if let Some(main) =
            document().get_element_by_id("main").and_then(|main| main.dyn_into::<web_sys::HtmlElement>().ok())
        {
            drop(main.focus());
        }
    };
    view! {
        <a class="skip-link" href="#main" on:click=skip>{tx!(i18n, shell.skip)}</a>
        <div class="shell">
            <Navigation me=me />
            <main id="main" class="shell-main" tabindex="-1">
                <div class="shell-content">
                    <Outlet />
                </div>
            </main>
        </div>
        <IdleWarning lock=lock />
        <StepUpDialog hub=step_up />
        <Toaster label=tx!(i18n, shell.toasts) close_label=tx!(i18n, common.close) />
        <LockScreen lock=lock />
    }
    .into_any()
}
