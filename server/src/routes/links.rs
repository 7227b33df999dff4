//! The forms behind mailed links, for pages that are not alive yet: the same use cases as the pages' own calls.

use app::ssr::Caller;
use axum::{
    Extension, Form,
    extract::State,
    response::{IntoResponse, Redirect, Response},
};
use domain::{
    Domain, Fault,
    identity::{self, NotMeError, ResetError},
    limits::Limited,
};
use http::HeaderMap;
use model::identity::{Email, Password, PasswordProblem};
use serde::Deserialize;

use crate::layers::{csrf, portal, refusal};

const FORGOTTEN: &str = "/portal/forgotten";
const RESET: &str = "/portal/reset";
const NOT_ME: &str = "/portal/not-me";

/// What the three forms hold.
#[derive(Deserialize)]
pub struct Fields {
    csrf: Option<String>,
    #[serde(default)]
    email: String,
    #[serde(default)]
    t: String,
    #[serde(default)]
    new: String,
    #[serde(default)]
    again: String,
}

/// Where a form's answer leads: a page that says it, or an incident.
pub(super) enum Said {
    To(String),
    Fault(Fault),
}

/// `POST /portal/forgotten`.
pub async fn ask_reset(
    State(d): State<Domain>,
    Extension(caller): Extension<Caller>,
    Extension(bound): Extension<csrf::Bound>,
    headers: HeaderMap,
    Form(form): Form<Fields>,
) -> Response {
    if !csrf::check_field(&d, &bound, form.csrf.as_deref()) {
        return csrf::stale(&caller, FORGOTTEN, &headers);
    }
    let said = match form.email.parse::<Email>() {
        Err(_) => Said::To("failed=invalid".into()),
        Ok(email) => match identity::ask_reset(&d, caller.origin, &email).await {
            Ok(()) => Said::To("sent".into()),
            Err(Limited::TooMany(wait)) => Said::To(format!("failed=wait-{}", wait.retry_after)),
            Err(Limited::Fault(fault)) => Said::Fault(fault),
        },
    };
    answer(&caller, FORGOTTEN, &headers, said)
}

/// `POST /portal/reset`.
pub async fn reset(
    State(d): State<Domain>,
    Extension(caller): Extension<Caller>,
    Extension(bound): Extension<csrf::Bound>,
    headers: HeaderMap,
    Form(form): Form<Fields>,
) -> Response {
    let back = format!("&t={}", portal::form_encode(&form.t));
    if !csrf::check_field(&d, &bound, form.csrf.as_deref()) {
        return csrf::stale(&caller, &format!("{RESET}?{}", back.trim_start_matches('&')), &headers);
    }
    if form.new != form.again {
        return answer(&caller, RESET, &headers, Said::To(format!("failed=invalid{back}")));
    }
    let said = match identity::reset(&d, caller.origin, &form.t, &Password::new(form.new)).await {
        Ok(()) => return Redirect::to("/portal/sign-in?ended=reset").into_response(),
        Err(ResetError::Expired) => Said::To("failed=over".into()),
        Err(ResetError::Refused(problem)) => Said::To(format!("failed={}{back}", word(problem))),
        Err(ResetError::Fault(fault)) => Said::Fault(fault),
    };
    answer(&caller, RESET, &headers, said)
}

/// `POST /portal/not-me`.
pub async fn not_me(
    State(d): State<Domain>,
    Extension(caller): Extension<Caller>,
    Extension(bound): Extension<csrf::Bound>,
    headers: HeaderMap,
    Form(form): Form<Fields>,
) -> Response {
    if !csrf::check_field(&d, &bound, form.csrf.as_deref()) {
        return csrf::stale(&caller, NOT_ME, &headers);
    }
    let said = match identity::not_me(&d, caller.origin, &form.t).await {
        Ok(()) => Said::To("done".into()),
        Err(NotMeError::Expired) => Said::To("failed=over".into()),
        Err(NotMeError::Fault(fault)) => Said::Fault(fault),
    };
    answer(&caller, NOT_ME, &headers, said)
}

const fn word(problem: PasswordProblem) -> &'static str {
    match problem {
        PasswordProblem::TooShort => "too-short",
        PasswordProblem::TooLong => "too-long",
        PasswordProblem::Common => "common",
        PasswordProblem::Context => "context",
        PasswordProblem::Same => "same",
    }
}

pub(super) fn answer(caller: &Caller, page: &str, headers: &HeaderMap, said: Said) -> Response {
    match said {
        Said::To(query) => Redirect::to(&format!("{page}?{query}")).into_response(),
        Said::Fault(fault) => refusal::of_use_case(caller, page, headers, &fault.into()),
    }
}
