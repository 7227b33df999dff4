//! Acts that leave the page without a link (another establishment, signing out): a page with something unsaved asks first.

use std::cell::Cell;

use leptos::prelude::*;

thread_local! {
    static GUARD: Cell<Option<Callback<Callback<()>>>> = const { Cell::new(None) };
}

/// Leaves by `act`, at once or when the page's guard lets it.
pub fn leaving(act: Callback<()>) {
    match GUARD.get() {
        Some(guard) => guard.run(act),
        None => act.run(()),
    }
}

/// From now on, as long as the caller lives, `guard` decides; one for a page.
pub fn guard_leaving(guard: Callback<Callback<()>>) {
    GUARD.set(Some(guard));
    on_cleanup(|| GUARD.set(None));
}
