//! Passkeys in the browser: `navigator.credentials` with the JSON forms of Web Authentication Level 3.

use js_sys::{Function, JSON, Object, Promise, Reflect};
use leptos::{prelude::*, task::spawn_local};
use leptos_router::hooks::use_query_map;
use model::{
    factors::{FactorAnswer, PasskeyChallenge},
    identity::{SignInOutcome, Transport},
};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;

use super::{api, go, sign_in::destination};
use crate::{
    error::{ApiError, ErrorKind},
    i18n::use_i18n,
    tx,
    ui::{Button, Icon},
};

/// Why there is no answer.
pub(super) enum NoPasskey {
    /// The browser is too old, or the page has no name that passkeys could be bound to.
    Impossible,
    /// The person closed the browser's window, or it found none that fits.
    None,
    /// This device holds one of this account already (Web Authentication, `InvalidStateError`).
    Already,
}

/// Makes one; gives the browser's answer as JSON.
pub(super) async fn create(options: &str) -> Result<String, NoPasskey> {
    ask("create", "parseCreationOptionsFromJSON", options).await
}

/// Asks for one.
pub(super) async fn get(options: &str) -> Result<String, NoPasskey> {
    ask("get", "parseRequestOptionsFromJSON", options).await
}

async fn ask(what: &str, parse: &str, options: &str) -> Result<String, NoPasskey> {
    let promise = prepared(what, parse, options).map_err(|_| NoPasskey::Impossible)?;
    let credential = JsFuture::from(promise).await.map_err(|error| {
        let name = Reflect::get(&error, &"name".into()).ok().and_then(|name| name.as_string());
        if name.as_deref() == Some("InvalidStateError") { NoPasskey::Already } else { NoPasskey::None }
    })?;
    // It knows its own JSON form (`toJSON`).
    JSON::stringify(&credential).ok().and_then(|text| text.as_string()).ok_or(NoPasskey::None)
}

fn prepared(what: &str, parse: &str, options: &str) -> Result<Promise, JsValue> {
    let class = Reflect::get(&window(), &"PublicKeyCredential".into())?;
    let parse: Function = Reflect::get(&class, &parse.into())?.dyn_into()?;
    let public_key = parse.call1(&class, &JSON::parse(options)?)?;
    let wanted = Object::new();
    Reflect::set(&wanted, &"publicKey".into(), &public_key)?;
    let credentials = Reflect::get(&window().navigator(), &"credentials".into())?;
    let act: Function = Reflect::get(&credentials, &what.into())?.dyn_into()?;
    act.call1(&credentials, &wanted)?.dyn_into()
}

/// What the page says when there is no answer.
pub(super) fn told(why: &NoPasskey) -> ApiError {
    match why {
        NoPasskey::Impossible => ErrorKind::NoPasskeysHere.into(),
        NoPasskey::None => ErrorKind::NoPasskey.into(),
        NoPasskey::Already => ErrorKind::PasskeyThere.into(),
    }
}

/// Asks for a passkey as second factor, of who is signed in or waits to be.
pub(super) async fn answer() -> Result<FactorAnswer, ApiError> {
    let PasskeyChallenge { ticket, options } = api::challenge_passkey(false, None).await?;
    let credential = get(&options).await.map_err(|why| told(&why))?;
    Ok(FactorAnswer::Passkey { ticket, credential })
}

/// The button of the sign-in page: no address, no password.
#[component]
pub(super) fn PasskeyButton(error: RwSignal<Option<ApiError>>) -> impl IntoView {
    let i18n = use_i18n();
    let query = use_query_map();
    let busy = RwSignal::new(false);
    let click = move |_| {
        busy.set(true);
        let to = destination(query.read_untracked().get("return"));
        spawn_local(async move {
            let done = sign_in().await;
            busy.set(false);
            match done {
                Ok(_) => go(&to),
                Err(failed) => error.set(Some(failed)),
            }
        });
    };
    view! {
        <Button icon=Icon::KeyRound busy=busy class="button-wide" on_click=click>{tx!(i18n, identity.passkey_sign_in)}</Button>
    }
}

async fn sign_in() -> Result<SignInOutcome, ApiError> {
    let PasskeyChallenge { ticket, options } = api::challenge_passkey(true, None).await?;
    let credential = get(&options).await.map_err(|why| told(&why))?;
    let done = api::sign_in_with_passkey(ticket, credential, Transport::Cookie).await;
    done.map_err(|failed| failed.of_factor(ErrorKind::WrongPasskey))
}
