//! Signing out. Nobody is told that they have who have not: whoever comes next to this desk would be them.

use leptos::{prelude::*, task::spawn_local};

use super::{LEFT_PAGE, api, gone, tabs};
use crate::{
    error::{ApiError, ErrorKind},
    i18n::use_i18n,
    shell::Failed,
    tx,
    ui::{Button, Icon, Variant},
};

/// Ends the session, and gives where to go then. Who came through Pro Santé Connect ends the session there too, or the next one at
/// this desk would be let in by it.
async fn end() -> Result<Option<String>, ApiError> {
    match api::logout().await {
        // Another tab has gone on in another session of this browser: that is the one to end.
        Err(failed)
            if failed.kind == ErrorKind::StalePage || failed.kind == ErrorKind::OtherEstablishment =>
        {
            api::keep(api::resume().await?.csrf.as_deref());
            api::logout().await
        }
        other => other,
    }
}

/// Ends the session and goes to the sign-in page. Where it can't be ended, `failed` hears why.
pub fn leave(failed: impl FnOnce(ApiError) + 'static) {
    spawn_local(async move {
        let to = match end().await {
            Ok(elsewhere) => elsewhere,
            Err(none) if none.kind == ErrorKind::NotSignedIn => None,
            Err(why) => return failed(why),
        };
        tabs::tell(tabs::LEFT, js_sys::Date::now());
        gone(to.as_deref().unwrap_or(LEFT_PAGE));
    });
}

/// The way out of a page before the portal.
#[component]
pub(crate) fn SignOut(
    /// Its text, where it isn't "sign out".
    #[prop(optional, into)]
    text: Option<String>,
) -> impl IntoView {
    let i18n = use_i18n();
    let error = RwSignal::new(None::<ApiError>);
    let text = text.unwrap_or_else(|| tx!(i18n, shell.sign_out));
    view! {
        <Failed error=error />
        <Button variant=Variant::Ghost icon=Icon::LogOut on_click=move |_| leave(move |why| drop(error.try_set(Some(why))))>{text}</Button>
    }
}
