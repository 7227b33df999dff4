//! What a locked page shows: why, whose session it was, the way back and the way out.

use leptos::{html, prelude::*, wasm_bindgen::JsCast};
use model::identity::Me;

use super::{Hint, Lock, Why, cover};
use crate::{
    i18n::use_i18n,
    tx,
    ui::{Button, Icon, LinkButton, Variant},
};

/// Signing in happens in another window: this page's document, which holds what was typed, must not go. A plain link opens it, for
/// which no browser asks; with an opener, so that the window may close itself.
const AGAIN: &str = "/portal/sign-in?ended=1&return=/portal/signed-in";
const LINK: &str = "lock-again";

/// The dialog over everything.
#[component]
pub fn LockScreen(lock: Lock) -> impl IntoView {
    let i18n = use_i18n();
    let me = expect_context::<Me>();
    let node = NodeRef::<html::Dialog>::new();
    let title = tx!(i18n, identity.lock_title);
    let before = StoredValue::new(String::new());
    Effect::new(move |_| lock.listen());
    let named = title.clone();
    Effect::new(move |_| {
        let (Some(dialog), shut) = (node.get(), lock.is_shut().get()) else { return };
        if shut && !dialog.open() {
            // A page's title may be about a document.
            before.set_value(document().title());
            document().set_title(&named);
            show(&dialog);
        } else if !shut && dialog.open() {
            document().set_title(&before.get_value());
            dialog.close();
            cover::take_away();
        }
    });
    let why = move || match lock.why.get() {
        Some(Why::Idle) => tx!(i18n, identity.lock_idle),
        Some(Why::Limit) => tx!(i18n, identity.lock_limit),
        Some(Why::Ended) | None => tx!(i18n, identity.lock_ended),
    };
    let hint = move || match lock.hint.get() {
        Some(Hint::Arriving) => tx!(i18n, identity.lock_arriving),
        Some(Hint::Unreachable) => tx!(i18n, common.error_unreachable),
        None => String::new(),
    };
    let place = me.establishment.map(|card| card.name);
    view! {
        <dialog
            node_ref=node
            id="lock"
            class="dialog lock"
            role="alertdialog"
            closedby="none"
            aria-labelledby="lock-title"
            aria-describedby="lock-why"
            on:cancel=|event: leptos::ev::Event| event.prevent_default()
            // Some browsers close it all the same at a second Escape.
            on:close=move |_| {
                if let (Some(dialog), true) = (node.get_untracked(), lock.shut_now()) {
                    show(&dialog);
                }
            }
        >
            <div class="dialog-head"><h2 id="lock-title">{title}</h2></div>
            <div class="dialog-body">
                <p id="lock-why">{why}</p>
                <p class="lock-who">
                    {Icon::User.view()}
                    <span><strong>{me.name}</strong> {place.map(|place| view! { <small>{place}</small> })}</span>
                </p>
                <p>{tx!(i18n, identity.lock_kept)}</p>
                <p class="lock-hint" role="status">{hint}</p>
                <div class="dialog-actions">
                    <Button on_click=move |_| lock.quit()>{tx!(i18n, identity.lock_quit)}</Button>
                    <LinkButton variant=Variant::Primary href=AGAIN attr:id=LINK attr:target="_blank" attr:rel="opener">
                        {tx!(i18n, identity.lock_again)}
                    </LinkButton>
                </div>
                <p class="muted">{tx!(i18n, identity.lock_quit_hint)}</p>
            </div>
        </dialog>
    }
    .into_any()
}

fn show(dialog: &web_sys::HtmlDialogElement) {
    // One that is not in the document any more can't be shown; the page stays covered all the same.
    drop(dialog.show_modal());
    // Not on the way out, which comes first.
    let link = document().get_element_by_id(LINK);
    if let Some(link) = link.and_then(|element| element.dyn_into::<web_sys::HtmlElement>().ok()) {
        drop(link.focus());
    }
}
