//! Who checks a form that works without script: the browser, until the page can say itself what is wrong.

use leptos::{html, prelude::*};

/// For the `node_ref` of a form whose fields say their own errors: takes the browser's checks off it once the page is alive.
///
/// In the server's HTML the form has no `novalidate`: without script the browser then holds a wrong field back, where the server
/// could only answer with an empty form. A property of the element and no attribute of the view, because the browser takes the
/// server's HTML over as it is.
pub fn use_own_checks() -> NodeRef<html::Form> {
    let form = NodeRef::<html::Form>::new();
    Effect::new(move |_| {
        if let Some(form) = form.get() {
            form.set_no_validate(true);
        }
    });
    form
}
