//! What administrators set for their establishment.

pub mod api;
mod draft;
mod fallback;
mod form;
mod leave;
mod page;
mod preview;
mod psc_only;
mod words;

use leptos::{prelude::*, wasm_bindgen::JsCast, web_sys};
pub use page::SettingsPage;

/// Moves the focus to the first field of a form that is wrong, once that is drawn.
fn focus_first_error(form: &'static str) {
    request_animation_frame(move || {
        let wrong = document().query_selector(&format!("#{form} [aria-invalid='true']")).ok().flatten();
        if let Some(field) = wrong.and_then(|field| field.dyn_into::<web_sys::HtmlElement>().ok()) {
            // Without the focus the sentence is still there.
            drop(field.focus());
        }
    });
}
