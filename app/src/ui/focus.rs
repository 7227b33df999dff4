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

/// After a change of page by a link of the frame around it: to the new page's head, where a screen reader begins to read. Where the
/// page has given the focus to a field of its own, it stays there.
pub fn focus_page() {
    request_animation_frame(|| {
        let active = document().active_element();
        let own = active.is_some_and(|element| {
            element.tag_name() != "BODY" && element.closest(".shell-side").ok().flatten().is_none()
        });
        let find = |selector: &str| document().query_selector(selector).ok().flatten();
        let head = find("#main h1").or_else(|| find("#main"));
        let head = head.and_then(|element| element.dyn_into::<web_sys::HtmlElement>().ok());
        if let (false, Some(head)) = (own, head) {
            if !head.has_attribute("tabindex") {
                drop(head.set_attribute("tabindex", "-1"));
            }
            drop(head.focus());
        }
    });
}

fn focus_soon(selector: String) {
    request_animation_frame(move || {
        let found = document().query_selector(&selector).ok().flatten();
        if let Some(element) = found.and_then(|element| element.dyn_into::<web_sys::HtmlElement>().ok()) {
            // Without the focus the text is still there.
            drop(element.focus());
            show_whole_field(&element);
        }
    });
}

/// What is said of a field stands below it: there it may lie under the bar of a phone, and the focus shows the field only.
fn show_whole_field(control: &web_sys::HtmlElement) {
    const BAR: f64 = 96.0;
    let height = window().inner_height().ok().and_then(|height| height.as_f64()).unwrap_or_default();
    let field = control.closest(".field").ok().flatten();
    if let Some(field) = field.filter(|field| field.get_bounding_client_rect().bottom() > height - BAR) {
        field.scroll_into_view_with_bool(false);
    }
}
