//! What the tabs of a browser tell each other, through its storage: times, in milliseconds, and nothing of anybody.

use leptos::{ev, prelude::*};

/// When somebody was last there…
pub(super) const ACTIVE: &str = "carelink-active";
/// …and when the server was last told, which a page does that opens.
pub(super) const TOLD: &str = "carelink-told";
/// Somebody has come back from signing in, or from trying to.
pub(super) const BACK: &str = "carelink-back";
/// Somebody has signed out.
pub(super) const LEFT: &str = "carelink-left";

fn storage() -> Option<web_sys::Storage> {
    window().local_storage().ok().flatten()
}

/// Says when something was so.
pub(super) fn tell(what: &str, at: f64) {
    // A browser may refuse to keep anything: then each tab counts for itself.
    let _ = storage().map(|storage| storage.set_item(what, &at.to_string()));
}

/// When it was so, as some tab said.
pub(super) fn told(what: &str) -> Option<f64> {
    storage()?.get_item(what).ok().flatten()?.parse().ok()
}

/// Runs `act` when another tab says one of these, as long as the caller lives.
pub(super) fn on_told(what: &'static [&'static str], act: impl Fn() + 'static) {
    let handle = window_event_listener(ev::storage, move |event| {
        // Without a value it was taken away, not said.
        if event.key().is_some_and(|key| what.contains(&key.as_str())) && event.new_value().is_some() {
            act();
        }
    });
    on_cleanup(move || handle.remove());
}

/// Runs `act` when somebody comes back to this page, as long as the caller lives.
pub(super) fn on_return(act: impl Fn() + Clone + 'static) {
    for event in ["focus", "visibilitychange"] {
        let act = act.clone();
        let handle = window_event_listener_untyped(event, move |_| {
            if !document().hidden() {
                act();
            }
        });
        on_cleanup(move || handle.remove());
    }
}
