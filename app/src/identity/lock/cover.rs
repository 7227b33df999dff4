//! What lies over a locked page. `style/ui/lock.css` hides everything else by it, so that nothing can be seen, found, printed,
//! copied, reached by keyboard or read out; the lock's own dialog comes on top.

use std::cell::RefCell;

use leptos::{prelude::*, wasm_bindgen::JsCast};
use web_sys::{HtmlDialogElement, HtmlElement};

use crate::identity::idle;

/// On `<html>`.
const LOCKED: &str = "data-locked";

/// Frames in which the focus is given back.
const TRIES: u8 = 10;

thread_local! {
    /// Where the focus was.
    static FOCUS: RefCell<Option<HtmlElement>> = const { RefCell::new(None) };
}

fn root() -> Option<web_sys::Element> {
    document().document_element()
}

/// Covers the page, and remembers where the focus was.
pub(super) fn put() {
    // It gives the focus back to where somebody was typing.
    let warning = document().get_element_by_id(idle::WARNING_ID);
    if let Some(warning) = warning.and_then(|element| element.dyn_into::<HtmlDialogElement>().ok()) {
        warning.close();
    }
    let focused = document().active_element().and_then(|element| element.dyn_into().ok());
    FOCUS.set(focused);
    // Without a document there is nothing to hide.
    let _ = root().map(|root| root.set_attribute(LOCKED, ""));
}

/// Uncovers it; the dialog has been closed.
pub(super) fn take_away() {
    let _ = root().map(|root| root.remove_attribute(LOCKED));
    let focused = FOCUS.take().filter(|element| element.is_connected() && element.tag_name() != "BODY");
    let main = || document().get_element_by_id("main")?.dyn_into().ok();
    if let Some(element) = focused.or_else(main) {
        focus(element, TRIES);
    }
}

/// Even the shortest transition keeps an element hidden for a frame, and hidden ones take no focus.
fn focus(element: HtmlElement, tries: u8) {
    request_animation_frame(move || {
        drop(element.focus());
        if tries > 0 && document().active_element().as_ref() != Some(&*element) {
            focus(element, tries - 1);
        }
    });
}
