//! Choices that stay in this browser: yes or no, kept in `localStorage`. Nothing about a person or a document.

use leptos::prelude::*;

/// The sound of an arrival; off until someone wants it.
pub fn use_sound() -> RwSignal<bool> {
    flag("documents-sound", false)
}

/// Single-key shortcuts; WCAG 2.1 (2.1.4) wants a way to turn them off.
pub fn use_shortcuts() -> RwSignal<bool> {
    flag("shortcuts", true)
}

/// Starts with `default` on both sides, then takes and keeps the browser's choice.
fn flag(key: &'static str, default: bool) -> RwSignal<bool> {
    let chosen = RwSignal::new(default);
    Effect::new(move |first: Option<()>| {
        let now = chosen.get();
        if first.is_some() {
            write(key, now);
        } else if let Some(kept) = read(key)
            && kept != now
        {
            chosen.set(kept);
        }
    });
    chosen
}

/// A browser that keeps nothing (private windows) is no error: the default counts.
fn read(key: &str) -> Option<bool> {
    let kept = window().local_storage().ok().flatten()?.get_item(key).ok().flatten()?;
    Some(kept == "yes")
}

fn write(key: &str, chosen: bool) {
    if let Ok(Some(storage)) = window().local_storage() {
        // As above.
        drop(storage.set_item(key, if chosen { "yes" } else { "no" }));
    }
}
