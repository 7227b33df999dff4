//! Keyboard shortcuts of a page. They sleep while someone types, and with Ctrl, Alt or Meta held.
//!
//! WCAG 2.1 (2.1.4): a shortcut of one character must be switchable; hence `enabled`.

use leptos::{ev, prelude::*, wasm_bindgen::JsCast, web_sys};

use super::dialog::{Covered, is_covered};

/// Runs `act` when `key` (as `KeyboardEvent.key`: `"ArrowRight"`, `"j"`, `"/"`) is pressed, as long as the
/// calling component lives and `enabled` is true. The key's usual effect is prevented.
pub fn use_shortcut(key: &'static str, enabled: Signal<bool>, act: impl Fn() + Clone + 'static) {
    let covered = use_context::<Covered>();
    Effect::new(move |_| {
        if !enabled.get() || is_covered(covered) {
            return;
        }
        let act = act.clone();
        let handle = window_event_listener(ev::keydown, move |event| {
            if event.key() == key && !has_modifier(&event) && !event.default_prevented() && !is_typing(&event)
            {
                event.prevent_default();
                act();
            }
        });
        on_cleanup(move || handle.remove());
    });
}

/// Runs `act` when Ctrl+Z (or Command+Z) is pressed outside of what takes text; the key's usual effect is prevented when
/// `act` says that it did something.
pub fn use_undo_key(act: impl Fn() -> bool + Clone + 'static) {
    let covered = use_context::<Covered>();
    Effect::new(move |_| {
        if is_covered(covered) {
            return;
        }
        let act = act.clone();
        let handle = window_event_listener(ev::keydown, move |event| {
            let keys = (event.ctrl_key() ^ event.meta_key()) && !event.alt_key() && !event.shift_key();
            let undo = keys && event.key().eq_ignore_ascii_case("z");
            if undo && !event.default_prevented() && !is_typing(&event) && act() {
                event.prevent_default();
            }
        });
        on_cleanup(move || handle.remove());
    });
}

fn has_modifier(event: &web_sys::KeyboardEvent) -> bool {
    event.ctrl_key() || event.alt_key() || event.meta_key()
}

/// The key goes to a control that takes text, or to an open dialog or menu.
fn is_typing(event: &web_sys::KeyboardEvent) -> bool {
    let target = event.target().and_then(|target| target.dyn_into::<web_sys::Element>().ok());
    target.is_some_and(|element| {
        let inside = "input, textarea, select, dialog, [contenteditable], details[open] .menu-panel";
        element.closest(inside).ok().flatten().is_some()
    })
}
