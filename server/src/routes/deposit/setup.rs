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
    http::{StatusCode, Uri},
    response::{Html, IntoResponse, Response},
};
use domain::{
    Depositor, Domain, Fault, Origin, documents,
    establishments::{self, Public},
};
use jiff::Timestamp;
use model::{establishments::Slug, ids::CodeId, time::Language};
use serde::{Deserialize, Serialize};
use tower_sessions::Session;

use crate::keys::to_hex;
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
    // Pages that a form's answer leads back to carry a query: the token of a mailed link.
    let join = if path.contains('?') { '&' } else { '?' };
    Shell {
        lang,
        css_href: STYLE_HREF.clone(),
        js_href: SCRIPT_HREF.clone(),
        path_for_lang_switch: format!("{path}{join}lang={}", lang.other().code()),
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

const KEY: &str = "deposits";
/// So many capabilities of one establishment a browser keeps.
const MOST: usize = 8;

/// What a browser may deposit and withdraw in one establishment.
#[derive(Clone, Serialize, Deserialize)]
struct Held {
    code: CodeId,
    capability: [u8; 16],
    opened_at: Timestamp,
}

impl Held {
    const fn depositor(&self, public: &Public, origin: Origin) -> Depositor {
        Depositor {
            establishment: public.card.id,
            code: self.code,
            capability: self.capability,
            opened_at: self.opened_at,
            origin,
        }
    }
}

/// By the establishment's slug; the one to deposit with comes last. The others are what their receipts ask for.
type All = HashMap<String, Vec<Held>>;

fn failed(error: &tower_sessions::session::Error) -> Fault {
    Fault::Data(error.to_string())
}

async fn all(session: &Session) -> Result<All, Fault> {
    Ok(session.get(KEY).await.map_err(|error| failed(&error))?.unwrap_or_default())
}

/// Gives the browser a capability, or takes up one that it has: from now on it deposits with this one. A new session id:
/// whoever fixed the old one gains nothing.
pub async fn hold(d: &Domain, session: &Session, public: &Public, who: &Depositor) -> Result<(), Fault> {
    let mut all = all(session).await?;
    let here = all.entry(public.card.slug.to_string()).or_default();
    here.retain(|held| held.capability != who.capability);
    if here.len() >= MOST {
        // What nothing was sent with goes first: no receipt asks for it.
        let mut gone = 0;
        for (at, held) in here.iter().enumerate() {
            let token = documents::receipt_token(d, &held.depositor(public, who.origin));
            if documents::receipt(d, public.card.id, &token).await?.is_none() {
                gone = at;
                break;
            }
        }
        here.remove(gone);
    }
    here.push(Held { code: who.code, capability: who.capability, opened_at: who.opened_at });
    session.cycle_id().await.map_err(|error| failed(&error))?;
    session.insert(KEY, all).await.map_err(|error| failed(&error))
}

/// Everything that the browser has of this establishment, the newest first.
pub async fn depositors(
    session: &Session,
    public: &Public,
    caller: &Caller,
) -> Result<Vec<Depositor>, Fault> {
    let here = all(session).await?.remove(public.card.slug.as_ref()).unwrap_or_default();
    Ok(here.iter().rev().map(|held| held.depositor(public, caller.origin)).collect())
}

/// The browser as a depositor of this establishment: of the deposit that the address names (`?of=`), for another tab may
/// have begun another one since; without a name of the newest.
pub async fn depositor(
    d: &Domain,
    session: &Session,
    public: &Public,
    caller: &Caller,
    address: &Uri,
) -> Result<Option<Depositor>, Fault> {
    let named = address.query().and_then(|query| query.split('&').find_map(|part| part.strip_prefix("of=")));
    let mut held = depositors(session, public, caller).await?.into_iter();
    Ok(held.find(|who| named.is_none_or(|name| scope(d, who) == name)))
}

/// Names a deposit in addresses and to the script, and opens nothing.
pub fn scope(d: &Domain, who: &Depositor) -> String {
    let hash = d.pepper.hash(domain::vault::Purpose::Limit, &[b"scope", &who.capability]);
    to_hex(&hash[..8])
}
