//! A small menu on `<details>`: works without script; with it, Escape, a click outside and a choice close it.

use leptos::{ev, html, prelude::*, wasm_bindgen::JsCast, web_sys};

use super::button::join;

/// A button (`summary`) that opens a panel of links and buttons.
#[component]
pub fn Menu(
    /// Classes of the `<details>`, after `menu`: `menu-up`, `menu-end`, `shell-user`…
    #[prop(optional, into)]
    class: String,
    /// Classes of the `<summary>`.
    #[prop(default = "button".into(), into)]
    summary_class: String,
    /// Accessible name, when the summary has only an icon.
    #[prop(optional, into)]
    label: Signal<Option<String>>,
    /// What the button shows.
    summary: AnyView,
    /// `<ul class="menu-list">` of `<li>` with `<a class="menu-item">` or `<button class="menu-item">`.
    children: Children,
) -> impl IntoView {
    let node = NodeRef::<html::Details>::new();
    Effect::new(move |_| {
        let handle = window_event_listener(ev::pointerdown, move |event| {
            if let Some(details) = node.get_untracked()
                && details.open()
                && !details.contains(target_node(&event).as_ref())
            {
                details.set_open(false);
            }
        });
        on_cleanup(move || handle.remove());
    });
    view! {
        <details
            node_ref=node
            class=join("menu", class)
            on:keydown=move |event| {
                if event.key() == "Escape" {
                    close(node, true);
                }
            }
        >
            <summary class=summary_class aria-label=move || label.get() title=move || label.get()>
                {summary}
            </summary>
            <div class="menu-panel" on:click=move |event| {
                if is_choice(&event) {
                    close(node, false);
                }
            }>{children()}</div>
        </details>
    }
    .into_any()
}

fn target_node(event: &web_sys::Event) -> Option<web_sys::Node> {
    event.target().and_then(|target| target.dyn_into().ok())
}

fn is_choice(event: &web_sys::Event) -> bool {
    let element = event.target().and_then(|target| target.dyn_into::<web_sys::Element>().ok());
    element.and_then(|element| element.closest("a, button").ok().flatten()).is_some()
}

fn close(node: NodeRef<html::Details>, give_focus_back: bool) {
    let Some(details) = node.get_untracked() else { return };
    if !details.open() {
        return;
    }
    details.set_open(false);
    if give_focus_back
        && let Ok(Some(summary)) = details.query_selector("summary")
        && let Ok(summary) = summary.dyn_into::<web_sys::HtmlElement>()
    {
        // Losing the focus is no reason to fail.
        drop(summary.focus());
    }
}
