//! Moments and the reader's language.

use leptos::prelude::*;
use model::time::{Language, Moment};

/// The server's choice (account, cookie, `Accept-Language`), which the document repeats in `<html lang>`.
pub(super) fn provide_language() -> Language {
    let language = chosen();
    provide_context(language);
    language
}

#[cfg(feature = "ssr")]
fn chosen() -> Language {
    crate::ssr::caller().map(|caller| caller.language).unwrap_or_default()
}

#[cfg(not(feature = "ssr"))]
fn chosen() -> Language {
    let lang = document().document_element().and_then(|html| html.get_attribute("lang"));
    lang.and_then(|tag| Language::from_tag(&tag)).unwrap_or_default()
}

/// The reader's language. Changing it reloads the page, so it is no signal.
pub fn use_language() -> Language {
    use_context::<Language>().unwrap_or_default()
}

/// A moment on the establishment's clock. `date` leaves the time of day out.
#[component]
pub fn When(at: Moment, #[prop(optional)] date: bool) -> impl IntoView {
    let language = use_language();
    let text = if date { at.date(language) } else { at.date_time(language) };
    view! { <time datetime=at.datetime_attribute()>{text}</time> }
}
