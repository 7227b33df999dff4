//! The focus stays near what is gone: a button that opens a form in its own place, the last row of a list, a menu that closes.
//!
//! A browser gives the focus of an element that disappears to the page as a whole, and a screen reader then reads from the top.

use std::{
    cell::{Cell, RefCell},
    time::Duration,
};

use leptos::{
    ev,
    prelude::*,
    wasm_bindgen::{JsCast, JsValue, closure::Closure},
    web_sys::{self, HtmlElement},
};

/// Whoever knows a better place has given it the focus by then.
const SOON: Duration = Duration::from_millis(100);
/// What says where one is.
const HEADS: &str = "h1, h2, h3, legend, summary";

thread_local! {
    /// What had the focus last, and what it stands in, from the inside.
    static PATH: RefCell<Vec<HtmlElement>> = const { RefCell::new(Vec::new()) };
    static ASKED: Cell<bool> = const { Cell::new(false) };
    /// Whether a key was the last thing that was pressed.
    static KEYS: Cell<bool> = const { Cell::new(false) };
}

/// Watches as long as the page lives; in the browser only.
pub fn keep_focus() {
    drop(window_event_listener(ev::focusin, |event| {
        let first = event.target().and_then(|target| target.dyn_into::<HtmlElement>().ok());
        let path = std::iter::successors(first, |inner| inner.parent_element()?.dyn_into().ok());
        PATH.set(path.collect());
    }));
    drop(window_event_listener(ev::keydown, |_| KEYS.set(true)));
    drop(window_event_listener(ev::pointerdown, |_| KEYS.set(false)));
    let changed = Closure::<dyn FnMut()>::new(|| {
        // What is merely hidden keeps the focus until the next frame: what became of it is seen later.
        if !ASKED.replace(true) {
            set_timeout(settle, SOON);
        }
    });
    let observer = web_sys::MutationObserver::new(changed.as_ref().unchecked_ref());
    // For the life of the page.
    changed.forget();
    let (Ok(observer), Some(body)) = (observer, document().body()) else { return };
    let what = web_sys::MutationObserverInit::new();
    what.set_child_list(true);
    what.set_subtree(true);
    what.set_attributes(true);
    what.set_attribute_filter(&js_sys::Array::of2(&JsValue::from_str("hidden"), &JsValue::from_str("open")));
    drop(observer.observe_with_options(&body, &what));
}

/// Nothing has the focus, and what had it last is gone. Who pressed beside everything has left it where it is.
fn is_lost() -> bool {
    let nowhere = document().active_element().is_none_or(|element| element.tag_name() == "BODY");
    nowhere && PATH.with_borrow(|path| path.first().is_some_and(|last| !is_there(last)))
}

fn is_there(element: &HtmlElement) -> bool {
    element.is_connected()
        && (element.offset_width() > 0 || element.offset_height() > 0)
        && !is_folded(element)
}

/// In a closed `details`, whose content keeps its size (CSS Containment, `content-visibility`).
fn is_folded(element: &HtmlElement) -> bool {
    let around = element.parent_element().filter(|_| element.tag_name() != "SUMMARY");
    around.is_some_and(|around| around.closest("details:not([open])").ok().flatten().is_some())
}

/// To the head of the nearest part of the page that is still there.
fn settle() {
    ASKED.set(false);
    if !is_lost() {
        return;
    }
    let head = PATH.with_borrow(|path| {
        let around = path.iter().skip(1).filter(|part| is_there(part));
        let heads = around.filter_map(|part| part.query_selector(HEADS).ok().flatten()?.dyn_into().ok());
        heads.into_iter().find(is_there)
    });
    let Some(head) = head else { return };
    // A covered page keeps its focus for itself.
    if head.closest("[inert]").ok().flatten().is_some() {
        return;
    }
    if head.tag_name() != "SUMMARY" && !head.has_attribute("tabindex") {
        drop(head.set_attribute("tabindex", "-1"));
    }
    // Whoever uses a mouse must not see the page move.
    let how = web_sys::FocusOptions::new();
    how.set_prevent_scroll(!KEYS.get());
    drop(head.focus_with_options(&how));
}
