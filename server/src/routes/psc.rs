//! To Pro Santé Connect and back, and what it says by itself.

use app::{
    identity::destination,
    ssr::{Caller, cookies},
};
use axum::{
    Extension, Form, Json,
    extract::{Query, State, rejection::QueryRejection},
    response::{AppendHeaders, IntoResponse, Redirect, Response},
};
use domain::{
    Domain,
    identity::psc::{self, Callback, Came, Finished, Intent, LogoutRefused, PscError, Turned},
};
use http::{HeaderMap, StatusCode, header};
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::layers::{csrf, portal, refusal};

/// The one address that takes an unsafe request without asking where it comes from: another server's, with a signature.
pub const BACKCHANNEL: &str = "/auth/psc/backchannel-logout";

const SIGN_IN: &str = "/portal/sign-in";
const ACCOUNT: &str = "/portal/account";
const LINKED: &str = "/portal/account?psc=linked";
/// Where a window ends that somebody opened beside the page that they work in.
const SIGNED_IN: &str = "/portal/signed-in";
/// The transaction's own life.
const SECONDS: i64 = 600;

/// What somebody goes there for.
#[derive(Clone, Copy, Debug, Default, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Purpose {
    /// To sign in.
    #[default]
    SignIn,
    /// To sign in, and not with the session that is open there.
    SignInAgain,
    /// To be recognised there from now on.
    Link,
    /// To show again who they are.
    StepUp,
}

/// `?for=…&return=…`
#[derive(Debug, Default, Deserialize)]
pub struct Going {
    #[serde(default, rename = "for")]
    purpose: Purpose,
    #[serde(rename = "return")]
    back: Option<String>,
}

/// `GET /auth/psc`: sends the browser to the provider.
pub async fn begin(
    State(d): State<Domain>,
    Extension(caller): Extension<Caller>,
    headers: HeaderMap,
    going: Result<Query<Going>, QueryRejection>,
) -> Response {
    let going = going.map(|Query(going)| going).unwrap_or_default();
    let who = caller.identified.as_deref();
    let intent = match (going.purpose, who) {
        (Purpose::SignIn, _) => Intent::SignIn,
        (Purpose::SignInAgain, _) => Intent::SignInAgain,
        (_, None) => {
            let back = portal::form_encode(&destination(going.back));
            return Redirect::to(&format!("{SIGN_IN}?return={back}")).into_response();
        }
        // Otherwise another site could have somebody else's identity recognised as this account.
        (Purpose::Link | Purpose::StepUp, Some(_)) if !from_our_page(&headers, &d.policy.public_url) => {
            return Redirect::to(ACCOUNT).into_response();
        }
        (Purpose::Link, Some(who)) => Intent::Link { user: who.user, session: who.session },
        (Purpose::StepUp, Some(who)) => Intent::StepUp { user: who.user, session: who.session },
    };
    let kept = cookies::read(&headers, cookies::PSC, caller.secure);
    match psc::begin(&d, kept, who, intent, destination(going.back)).await {
        Ok(begun) => {
            let line = cookies::line(cookies::PSC, &begun.browser, caller.secure, Some(SECONDS));
            (AppendHeaders([(header::SET_COOKIE, line)]), Redirect::to(&begun.address)).into_response()
        }
        Err(why) => {
            tracing::warn!(error = %why, request = %caller.origin.request, "Pro Santé Connect can't be used");
            told(&caller, &why, Some(intent), None)
        }
    }
}

/// Browsers say it; older ones at least name the page (our Referrer-Policy lets them).
fn from_our_page(headers: &HeaderMap, origin: &str) -> bool {
    match headers.get("sec-fetch-site") {
        Some(site) => site == "same-origin",
        None => headers
            .get(header::REFERER)
            .and_then(|page| page.to_str().ok())
            .is_some_and(|page| page.strip_prefix(origin).is_some_and(|rest| rest.starts_with('/'))),
    }
}

/// Parameters of the return. One that comes twice is refused with the rest (RFC 6749, section 3.1).
#[derive(Debug, Deserialize)]
pub struct Returned {
    code: Option<String>,
    state: Option<String>,
    iss: Option<String>,
    error: Option<String>,
}

/// `GET /auth/psc/callback`: the browser is back.
pub async fn callback(
    State(d): State<Domain>,
    Extension(caller): Extension<Caller>,
    headers: HeaderMap,
    returned: Result<Query<Returned>, QueryRejection>,
) -> Response {
    let callback = match returned {
        Ok(Query(Returned { code, state, iss, error })) => Callback { code, state, iss, error },
        Err(_) => Callback::default(),
    };
    let browser = cookies::read(&headers, cookies::PSC, caller.secure);
    let who = caller.identified.as_deref();
    match psc::finish(&d, caller.origin, caller.device(), browser, who, &callback).await {
        Ok(Came::In(finished)) => came(&caller, Ok(finished)),
        // The token is good for this session only.
        Ok(Came::Asks(token)) => Redirect::to(&format!("{ACCOUNT}?link={token}")).into_response(),
        Err(turned) => came(&caller, Err(turned)),
    }
}

fn came(caller: &Caller, came: Result<Finished, Turned>) -> Response {
    match came {
        Ok(Finished { issued, intent, return_to }) => {
            // The account page says it, and nothing but a link that was made leads there.
            let linked = matches!(intent, Intent::Link { .. });
            let return_to = if linked { LINKED.to_owned() } else { return_to };
            let lines = AppendHeaders(cookies::sign_in_lines(&issued, &caller.known_as, caller.secure));
            (lines, Redirect::to(&return_to)).into_response()
        }
        Err(turned) => told(caller, &turned.why, turned.intent, turned.return_to.as_deref()),
    }
}

/// The form that confirms a link.
#[derive(Deserialize)]
pub struct Confirmation {
    csrf: Option<String>,
    #[serde(default)]
    link: String,
    /// `no`: it is somebody else.
    #[serde(default)]
    answer: String,
}

/// `POST /auth/psc/link`: the person has seen both names.
pub async fn confirm_link(
    State(d): State<Domain>,
    Extension(caller): Extension<Caller>,
    Extension(bound): Extension<csrf::Bound>,
    headers: HeaderMap,
    Form(form): Form<Confirmation>,
) -> Response {
    let back = format!("{ACCOUNT}?link={}", portal::form_encode(&form.link));
    if !csrf::check_field(&d, &bound, form.csrf.as_deref()) {
        return csrf::stale(&caller, &back, &headers);
    }
    let Some(who) = caller.identified.as_deref() else {
        return Redirect::to(&format!("{SIGN_IN}?return={}", portal::form_encode(ACCOUNT))).into_response();
    };
    if form.answer == "no" {
        return match psc::decline_link(&d, caller.origin, who, &form.link).await {
            Ok(()) => Redirect::to(ACCOUNT).into_response(),
            Err(fault) => refusal::of_use_case(&caller, ACCOUNT, &headers, &fault.into()),
        };
    }
    came(&caller, psc::confirm_link(&d, caller.origin, caller.device(), who, &form.link).await)
}

/// To the page that says what went wrong, in words.
fn told(caller: &Caller, why: &PscError, intent: Option<Intent>, back: Option<&str>) -> Response {
    let beside = back.is_some_and(|back| back.starts_with(SIGNED_IN));
    let page = match intent {
        Some(Intent::StepUp { .. }) if caller.identified.is_some() && beside => SIGNED_IN,
        Some(Intent::Link { .. } | Intent::StepUp { .. }) if caller.identified.is_some() => ACCOUNT,
        _ => SIGN_IN,
    };
    let back = back.map(|back| format!("&return={}", portal::form_encode(back))).unwrap_or_default();
    let (word, request) = (why.word(), caller.origin.request);
    Redirect::to(&format!("{page}?psc={word}&request={request}{back}")).into_response()
}

/// The provider's form.
#[derive(Deserialize)]
pub struct Logout {
    #[serde(default)]
    logout_token: String,
}

/// `POST /auth/psc/backchannel-logout` (OpenID Connect Back-Channel Logout 1.0, sections 2.5 to 2.8).
pub async fn backchannel_logout(
    State(d): State<Domain>,
    Extension(caller): Extension<Caller>,
    form: Result<Form<Logout>, axum::extract::rejection::FormRejection>,
) -> Response {
    let token = form.map(|Form(form)| form.logout_token).unwrap_or_default();
    let (status, error) = match psc::backchannel_logout(&d, caller.origin, &token).await {
        Ok(_) => return StatusCode::OK.into_response(),
        Err(LogoutRefused::Bad(_)) => (StatusCode::BAD_REQUEST, "invalid_request"),
        Err(LogoutRefused::Psc(error)) => {
            tracing::warn!(%error, "a back-channel logout could not be checked");
            (StatusCode::SERVICE_UNAVAILABLE, "temporarily_unavailable")
        }
        Err(LogoutRefused::Fault(fault)) => {
            tracing::error!(error = %fault, request = %caller.origin.request, "incident");
            (StatusCode::INTERNAL_SERVER_ERROR, "server_error")
        }
    };
    (status, Json(json!({ "error": error }))).into_response()
}
