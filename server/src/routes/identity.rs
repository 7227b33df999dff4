//! The public keys of access tokens, and the sign-in form for a page that is not alive yet.

use app::{
    identity::destination,
    ssr::{Caller, FACTOR_SECONDS, cookies},
};
use axum::{
    Extension, Form, Json,
    extract::State,
    response::{AppendHeaders, IntoResponse, Redirect, Response},
};
use domain::{
    Domain,
    identity::{self, SignInError, SignedIn},
};
use http::{HeaderMap, header};
use model::factors::FactorAnswer;
use model::identity::{Credentials, Password, Transport};
use serde::Deserialize;

use crate::layers::{csrf, portal, refusal};

/// JSON Web Key Set (RFC 7517).
pub async fn jwks(State(d): State<Domain>) -> impl IntoResponse {
    ([(header::CACHE_CONTROL, "public, max-age=300")], Json(d.tokens.jwks()))
}

/// The form of the second step.
#[derive(Deserialize)]
pub struct Factor {
    csrf: Option<String>,
    #[serde(default)]
    code: String,
    #[serde(default)]
    recovery: bool,
    #[serde(rename = "return")]
    back: Option<String>,
}

/// `POST /portal/sign-in/factor`: the second step for a page that is not alive yet.
pub async fn show_factor(
    State(d): State<Domain>,
    Extension(caller): Extension<Caller>,
    Extension(bound): Extension<csrf::Bound>,
    headers: HeaderMap,
    Form(form): Form<Factor>,
) -> Response {
    if !csrf::check_field(&d, &bound, form.csrf.as_deref()) {
        return csrf::stale(&caller, "/portal/sign-in", &headers);
    }
    let back = form.back.filter(|back| !back.is_empty());
    let ticket = cookies::read(&headers, cookies::SIGN_IN, caller.secure).unwrap_or_default();
    let answer =
        if form.recovery { FactorAnswer::Recovery(form.code) } else { FactorAnswer::Totp(form.code) };
    let failed = match identity::show_factor(&d, caller.origin, caller.device(), ticket, &answer).await {
        Ok(SignedIn::Open(_, issued)) => {
            let lines = AppendHeaders(cookies::sign_in_lines(&issued, &caller.known_as, caller.secure));
            return (lines, Redirect::to(&destination(back))).into_response();
        }
        Err(SignInError::Fault(fault)) => {
            return refusal::of_use_case(&caller, "/portal/sign-in", &headers, &fault.into());
        }
        Err(SignInError::WrongFactor) => "step=factor&failed=wrong-factor".to_owned(),
        Err(SignInError::PscOnly) => "failed=psc-only".to_owned(),
        Err(SignInError::TooMany(wait)) => format!("step=factor&failed=wait-{}", wait.retry_after),
        Ok(_) | Err(_) => "failed=expired".to_owned(),
    };
    let back = back.map(|back| format!("&return={}", portal::form_encode(&back))).unwrap_or_default();
    Redirect::to(&format!("/portal/sign-in?{failed}{back}")).into_response()
}

/// The form of the sign-in page.
#[derive(Deserialize)]
pub struct SignIn {
    csrf: Option<String>,
    #[serde(default)]
    email: String,
    #[serde(default)]
    password: String,
    #[serde(rename = "return")]
    back: Option<String>,
}

/// `POST /portal/sign-in`: the same use case as the page's own call. Somebody of several establishments begins in the
/// first one that lets them in this way, and can switch.
pub async fn sign_in(
    State(d): State<Domain>,
    Extension(caller): Extension<Caller>,
    Extension(bound): Extension<csrf::Bound>,
    headers: HeaderMap,
    Form(form): Form<SignIn>,
) -> Response {
    if !csrf::check_field(&d, &bound, form.csrf.as_deref()) {
        return csrf::stale(&caller, "/portal/sign-in", &headers);
    }
    let mut with = Credentials {
        email: form.email,
        password: Password::new(form.password),
        establishment: None,
        transport: Transport::Cookie,
    };
    let mut outcome = identity::sign_in(&d, caller.origin, caller.device(), &with).await;
    if let Ok(SignedIn::Choose(places)) = &outcome {
        for place in places.clone() {
            with.establishment = Some(place.id);
            outcome = identity::sign_in(&d, caller.origin, caller.device(), &with).await;
            if !matches!(outcome, Err(SignInError::PscOnly)) {
                break;
            }
        }
    }
    let asked = form.back.filter(|back| !back.is_empty()).map(|back| destination(Some(back)));
    let back =
        asked.as_ref().map(|back| format!("&return={}", portal::form_encode(back))).unwrap_or_default();
    let failed = match outcome {
        Ok(SignedIn::Open(_, issued)) => {
            let lines = AppendHeaders(cookies::sign_in_lines(&issued, &caller.known_as, caller.secure));
            return (lines, Redirect::to(&destination(asked))).into_response();
        }
        Ok(SignedIn::Factor(ticket, _)) => {
            let line = cookies::line(cookies::SIGN_IN, &ticket, caller.secure, Some(FACTOR_SECONDS));
            let lines = AppendHeaders([(header::SET_COOKIE, line)]);
            return (lines, Redirect::to(&format!("/portal/sign-in?step=factor{back}"))).into_response();
        }
        Err(SignInError::WrongFactor | SignInError::Expired) => "expired".to_owned(),
        Ok(SignedIn::Choose(_)) | Err(SignInError::NoEstablishment) => "no-establishment".to_owned(),
        Err(SignInError::PscOnly) => "psc-only".to_owned(),
        Err(SignInError::Wrong) => "wrong".to_owned(),
        Err(SignInError::TooMany(wait)) => format!("wait-{}", wait.retry_after),
        Err(SignInError::Fault(fault)) => {
            return refusal::of_use_case(&caller, "/portal/sign-in", &headers, &fault.into());
        }
    };
    Redirect::to(&format!("/portal/sign-in?failed={failed}{back}")).into_response()
}
