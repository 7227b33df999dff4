//! Where the focus goes when what had it is replaced or goes.

use leptos::{prelude::*, wasm_bindgen::JsCast, web_sys};

fn focus(id: &str) {
    let element =
        document().get_element_by_id(id).and_then(|found| found.dyn_into::<web_sys::HtmlElement>().ok());
    if let Some(element) = element {
        // Losing the focus is no reason to fail.
        drop(element.focus());
    }
}

/// Gives the focus to the list, when the row or the message that had it goes. Elsewhere there is none.
pub fn focus_list() {
    focus("documents-list");
}

/// Called where an element is about to be drawn anew: gives the new one the focus that the old one has.
pub fn keep_focus(id: &str) {
    if cfg!(feature = "hydrate") && document().active_element().is_some_and(|had| had.id() == id) {
        let id = id.to_owned();
        request_animation_frame(move || focus(&id));
    }
}
