//! A button that copies a text and says so.

use std::time::Duration;

use leptos::{prelude::*, task::spawn_local, wasm_bindgen::JsCast, web_sys};
use wasm_bindgen_futures::JsFuture;

use super::{
    button::{Button, Variant},
    icon::Icon,
};

/// Copies `text`; shows and announces `copied` for two seconds.
#[component]
pub fn CopyButton(
    /// What is copied.
    #[prop(into)]
    text: Signal<String>,
    /// On the button: "Copier l'adresse".
    #[prop(into)]
    label: Signal<String>,
    /// Once done: "Copié".
    #[prop(into)]
    copied: Signal<String>,
    /// Look; `Secondary` unless told.
    #[prop(optional)]
    variant: Variant,
    /// Only the icon is drawn; `label` is its name.
    #[prop(optional)]
    quiet: bool,
) -> impl IntoView {
    let done = RwSignal::new(false);
    let click = move |_| {
        let text = text.get_untracked();
        spawn_local(async move {
            if write(&text).await {
                done.set(true);
                set_timeout(
                    move || {
                        let _ = done.try_set(false);
                    },
                    Duration::from_secs(2),
                );
            }
        });
    };
    let words = move || if done.get() { copied.get() } else { label.get() };
    view! {
        <span class="copy" class:copy-done=move || done.get()>
            {if quiet {
                view! { <Button variant=variant icon=Icon::Copy label=Signal::derive(move || Some(words())) on_click=click/> }
                    .into_any()
            } else {
                view! { <Button variant=variant icon=Icon::Copy on_click=click>{words}</Button> }.into_any()
            }}
            <span class="visually-hidden" role="status">{move || done.get().then(|| copied.get())}</span>
        </span>
    }
    .into_any()
}

/// The modern way needs HTTPS or localhost; a phone on the local network in a demonstration has neither.
async fn write(text: &str) -> bool {
    if window().is_secure_context() {
        let promise = window().navigator().clipboard().write_text(text);
        if JsFuture::from(promise).await.is_ok() {
            return true;
        }
    }
    write_by_selection(text).unwrap_or(false)
}

/// Copies from a text area that is there for an instant.
fn write_by_selection(text: &str) -> Option<bool> {
    let document = document();
    let area: web_sys::HtmlTextAreaElement = document.create_element("textarea").ok()?.dyn_into().ok()?;
    area.set_value(text);
    area.set_class_name("visually-hidden");
    let focused = document.active_element();
    // In an open modal dialog nothing outside it can be selected: stay beside the button.
    let place = focused.as_ref().and_then(|element| element.parent_element());
    let place: web_sys::Element = place.or_else(|| document.body().map(Into::into))?;
    place.append_child(&area).ok()?;
    area.select();
    let done = document.dyn_ref::<web_sys::HtmlDocument>()?.exec_command("copy").unwrap_or(false);
    area.remove();
    if let Some(element) = focused.and_then(|element| element.dyn_into::<web_sys::HtmlElement>().ok()) {
        // Losing the focus is no reason to fail.
        drop(element.focus());
    }
    Some(done)
}
