//! The pages' keys, said on the page, with the switch that WCAG 2.1.4 asks for.

use leptos::prelude::*;
use leptos_router::{NavigateOptions, hooks::use_navigate};

use super::list_query::PATH;
use crate::{
    i18n::use_i18n,
    tx,
    ui::{Checkbox, use_shortcut},
};

/// Where this browser remembers that its user wants no keys of one character.
const STORED: &str = "carelink.keys";

/// "N" leads to the form of a new code; with `search`, "/" to the search box of that id. One switch for both.
#[component]
pub(crate) fn Shortcuts(
    /// Id of the page's search box.
    #[prop(optional)]
    search: Option<&'static str>,
) -> impl IntoView {
    let i18n = use_i18n();
    let navigate = use_navigate();
    let enabled = RwSignal::new(true);
    Effect::new(move |known: Option<bool>| {
        let wanted = enabled.get();
        match known {
            None if stored().is_some_and(|value| value == "off") => enabled.set(false),
            Some(before) if before != wanted => store(wanted),
            _ => {}
        }
        wanted
    });
    use_shortcut("n", enabled.into(), move || navigate(&format!("{PATH}/new"), NavigateOptions::default()));
    if let Some(search) = search {
        use_shortcut("/", enabled.into(), move || super::form::focus(search));
    }
    let label = if search.is_some() { tx!(i18n, codes.keys_list) } else { tx!(i18n, codes.keys_home) };
    view! {
        <div class="keys">
            <Checkbox name="keys" switch=true label=label bind=enabled />
        </div>
    }
}

fn storage() -> Option<leptos::web_sys::Storage> {
    window().local_storage().ok().flatten()
}

fn stored() -> Option<String> {
    storage()?.get_item(STORED).ok().flatten()
}

/// A browser that keeps nothing asks again next time.
fn store(on: bool) {
    if let Some(storage) = storage() {
        let _ = storage.set_item(STORED, if on { "on" } else { "off" });
    }
}
