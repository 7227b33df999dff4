//! The public keys of access tokens, and the sign-in form for a page that is not alive yet.

use app::{
    identity::destination,
    ssr::{Caller, cookies},
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
use model::identity::{Credentials, Password, Transport};
use serde::Deserialize;

use crate::layers::{csrf, refusal};

/// JSON Web Key Set (RFC 7517).
pub async fn jwks(State(d): State<Domain>) -> impl IntoResponse {
    ([(header::CACHE_CONTROL, "public, max-age=300")], Json(d.tokens.jwks()))
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
/// first one and can switch.
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
    let agent = caller.user_agent.as_deref();
    let mut outcome = identity::sign_in(&d, caller.origin, agent, &with).await;
    if let Ok(SignedIn::Choose(places)) = &outcome {
        with.establishment = places.first().map(|card| card.id);
        outcome = identity::sign_in(&d, caller.origin, agent, &with).await;
    }
    let failed = match outcome {
        Ok(SignedIn::Open(_, issued)) => {
            let lines = AppendHeaders(cookies::session_lines(&issued, caller.secure));
            return (lines, Redirect::to(&destination(form.back))).into_response();
        }
        Ok(SignedIn::Choose(_)) | Err(SignInError::NoEstablishment) => "no-establishment".to_owned(),
        Err(SignInError::Wrong) => "wrong".to_owned(),
        Err(SignInError::TooMany(wait)) => format!("wait-{}", wait.retry_after),
        Err(SignInError::Fault(fault)) => {
            return refusal::of_use_case(&caller, "/portal/sign-in", &headers, &fault.into());
        }
    };
    Redirect::to(&format!("/portal/sign-in?failed={failed}")).into_response()
}
