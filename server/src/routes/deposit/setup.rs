//! What every handler of the patient's face needs: the shell of a page, the browser's capabilities, error pages.

use std::collections::HashMap;

use app::{
    deposit::{
        self, Lang,
        views::{Message, Publisher, Shell},
    },
    ssr::Caller,
};
use axum::{
    http::StatusCode,
    response::{Html, IntoResponse, Response},
};
use domain::{
    Depositor, Domain, Fault,
    establishments::{self, Public},
};
use jiff::Timestamp;
use model::{establishments::Slug, ids::CodeId, time::Language};
use serde::{Deserialize, Serialize};
use tower_sessions::Session;

use crate::routes::assets::{SCRIPT_HREF, STYLE_HREF};

/// The domain and what the operator says of themselves.
#[derive(Clone)]
pub struct Setup {
    /// The domain.
    pub domain: Domain,
    /// For legal pages.
    pub publisher: std::sync::Arc<Publisher>,
}

/// The page's frame for a caller.
pub fn shell(caller: &Caller, path: &str) -> Shell {
    let lang = lang(caller.language);
    Shell {
        lang,
        css_href: STYLE_HREF.clone(),
        js_href: SCRIPT_HREF.clone(),
        path_for_lang_switch: format!("{path}?lang={}", lang.other().code()),
        csrf: Some(caller.csrf.clone()),
    }
}

/// The language of the patient's pages.
pub fn lang(language: Language) -> Lang {
    match language {
        Language::Fr => Lang::Fr,
        Language::En => Lang::En,
    }
}

/// A page with its status.
pub fn html(status: u16, page: String) -> Response {
    (StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR), Html(page)).into_response()
}

/// An error page.
pub fn message(caller: &Caller, path: &str, message: &Message) -> Response {
    html(message.status(), deposit::message(&shell(caller, path), message))
}

/// The page of an incident; the log has the rest.
pub fn failure(caller: &Caller, path: &str, fault: &Fault) -> Response {
    tracing::error!(error = %fault, request = %caller.origin.request, "incident");
    message(caller, path, &Message::Failure { request_id: caller.origin.request.to_string() })
}

/// The establishment of an address, or the page that says that there is none.
pub async fn establishment(d: &Domain, caller: &Caller, slug: &str) -> Result<Public, Box<Response>> {
    let path = format!("/d/{slug}");
    let Ok(parsed) = slug.parse::<Slug>() else {
        return Err(Box::new(message(caller, "/", &Message::NotFound)));
    };
    match establishments::by_slug(d, &parsed).await {
        Ok(Some(public)) => Ok(public),
        Ok(None) => Err(Box::new(message(caller, "/", &Message::NotFound))),
        Err(fault) => Err(Box::new(failure(caller, &path, &fault))),
    }
}

const KEY: &str = "capabilities";

/// What a browser may deposit, one capability an establishment. (The last code presented there counts.)
#[derive(Clone, Serialize, Deserialize)]
struct Held {
    code: CodeId,
    capability: [u8; 16],
    opened_at: Timestamp,
}

/// Gives the browser a capability. A new session id: whoever fixed the old one gains nothing.
pub async fn hold(session: &Session, slug: &Slug, who: &Depositor) -> Result<(), Fault> {
    let failed = |error: tower_sessions::session::Error| Fault::Data(error.to_string());
    let mut all: HashMap<String, Held> = session.get(KEY).await.map_err(failed)?.unwrap_or_default();
    let held = Held { code: who.code, capability: who.capability, opened_at: who.opened_at };
    all.insert(slug.to_string(), held);
    session.cycle_id().await.map_err(failed)?;
    session.insert(KEY, all).await.map_err(failed)
}

/// The browser as a depositor of this establishment.
pub async fn depositor(
    session: &Session,
    public: &Public,
    caller: &Caller,
) -> Result<Option<Depositor>, Fault> {
    let failed = |error: tower_sessions::session::Error| Fault::Data(error.to_string());
    let all: HashMap<String, Held> = session.get(KEY).await.map_err(failed)?.unwrap_or_default();
    Ok(all.get(public.card.slug.as_ref()).map(|held| Depositor {
        establishment: public.card.id,
        code: held.code,
        capability: held.capability,
        opened_at: held.opened_at,
        origin: caller.origin,
    }))
}
