//! The people of an establishment: who works here, with which roles.

pub mod api;
mod change;
mod invitations;
mod invite;
mod invited;
mod page;
mod requests;
mod role_boxes;
mod sessions;
mod table;

pub use invited::InvitationPage;
use leptos::{prelude::*, wasm_bindgen::JsCast, web_sys};
pub use page::ListPage;
pub use requests::practice_name;

/// Moves the focus to the first field of `form` that is marked as wrong.
fn focus_first_error(form: &'static str) {
    focus(&format!("#{form} [aria-invalid='true'], #{form} fieldset.field-wrong"));
}

/// Moves the focus to the first element that fits, once what changed is drawn.
fn focus(selector: &str) {
    let selector = selector.to_owned();
    request_animation_frame(move || {
        let found = document().query_selector(&selector).ok().flatten();
        if let Some(element) = found.and_then(|element| element.dyn_into::<web_sys::HtmlElement>().ok()) {
            // Without the focus the text is still there.
            drop(element.focus());
        }
    });
}
