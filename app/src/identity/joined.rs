//! The address of an account that was just made, on its way from the invitation to the sign-in page of the same tab: in the tab's
//! storage, since an address (URL) is kept in histories and logs. The e-mail only, never the password; read once.

use leptos::prelude::*;

const KEY: &str = "carelink-joined";

fn storage() -> Option<web_sys::Storage> {
    window().session_storage().ok().flatten()
}

/// Keeps the address for the next page.
pub(crate) fn keep(email: &str) {
    // A browser may refuse to keep anything: then it is typed.
    let _ = storage().map(|storage| storage.set_item(KEY, email));
}

/// The address, once.
pub(super) fn take() -> Option<String> {
    let storage = storage()?;
    let email = storage.get_item(KEY).ok().flatten()?;
    let _ = storage.remove_item(KEY);
    Some(email)
}
