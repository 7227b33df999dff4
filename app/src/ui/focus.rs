//! Where the focus goes when what was asked for can't be done.

use leptos::{prelude::*, wasm_bindgen::JsCast, web_sys};

/// Moves the focus to the [`Field`](super::Field) of this name, once that is drawn.
pub fn focus_field(name: &str) {
    focus_soon(format!("#field-{name}"));
}

/// Moves the focus to the first field of the form with this id that is marked as wrong, once that is drawn.
pub fn focus_first_error(form: &str) {
    focus_soon(format!("#{form} [aria-invalid='true'], #{form} fieldset.field-wrong"));
}

fn focus_soon(selector: String) {
    request_animation_frame(move || {
        let found = document().query_selector(&selector).ok().flatten();
        if let Some(element) = found.and_then(|element| element.dyn_into::<web_sys::HtmlElement>().ok()) {
            // Without the focus the text is still there.
            drop(element.focus());
        }
    });
}
