//! The forms of a registration, for pages that are not alive yet: the same use cases as the pages' own calls.

use app::ssr::Caller;
use axum::{
    Extension, Form,
    extract::State,
    response::{IntoResponse, Redirect, Response},
};
use domain::{
    Domain,
    registration::{self, RegisterError, RegistrationLinkError},
};
use http::HeaderMap;
use model::{
    registration::{Given, Registration, RegistrationConfirmed},
    time::Language,
};
use serde::Deserialize;

use super::links::{Said, answer};
use crate::layers::csrf;

const REGISTER: &str = "/portal/register";
const CONFIRM: &str = "/portal/registration";

/// What the form that registers holds. What is missing is as wrong as what is empty.
#[derive(Default, Deserialize)]
#[serde(default)]
pub struct Fields {
    csrf: Option<String>,
    name: String,
    town: String,
    kind: String,
    finess: String,
    given_name: String,
    family_name: String,
    email: String,
    role: String,
}

impl Fields {
    fn read(&self, language: Language) -> Option<Registration> {
        let finess = match self.finess.trim() {
            "" => None,
            typed => Some(typed.parse().ok()?),
        };
        Registration::new(Given {
            name: self.name.parse().ok()?,
            town: self.town.parse().ok()?,
            kind: self.kind.parse().ok()?,
            finess,
            given_name: self.given_name.parse().ok()?,
            family_name: self.family_name.parse().ok()?,
            email: self.email.parse().ok()?,
            role: self.role.parse().ok(),
            language,
        })
        .ok()
    }
}

/// `POST /portal/register`.
pub async fn register(
    State(d): State<Domain>,
    Extension(caller): Extension<Caller>,
    Extension(bound): Extension<csrf::Bound>,
    headers: HeaderMap,
    Form(form): Form<Fields>,
) -> Response {
    if !csrf::check_field(&d, &bound, form.csrf.as_deref()) {
        return csrf::stale(&caller, REGISTER, &headers);
    }
    let said = match form.read(caller.language) {
        None => Said::To("failed=invalid".into()),
        Some(new) => match registration::register(&d, caller.origin, &new).await {
            Ok(()) => Said::To("sent".into()),
            Err(RegisterError::Closed) => Said::To("failed=closed".into()),
            Err(RegisterError::TooMany(wait)) => Said::To(format!("failed=wait-{}", wait.retry_after)),
            Err(RegisterError::Fault(fault)) => Said::Fault(fault),
        },
    };
    answer(&caller, REGISTER, &headers, said)
}

/// What the form that confirms holds.
#[derive(Deserialize)]
pub struct Confirmation {
    csrf: Option<String>,
    #[serde(default)]
    t: String,
}

/// `POST /portal/registration`.
pub async fn confirm(
    State(d): State<Domain>,
    Extension(caller): Extension<Caller>,
    Extension(bound): Extension<csrf::Bound>,
    headers: HeaderMap,
    Form(form): Form<Confirmation>,
) -> Response {
    let back = crate::layers::portal::form_encode(&form.t);
    if !csrf::check_field(&d, &bound, form.csrf.as_deref()) {
        return csrf::stale(&caller, &format!("{CONFIRM}?t={back}"), &headers);
    }
    let said = match registration::confirm(&d, caller.origin, &form.t).await {
        Ok(RegistrationConfirmed::Open) => {
            return Redirect::to(&format!("/portal/invitation?t={back}")).into_response();
        }
        // The page says that it waits, and that a link is over.
        Ok(RegistrationConfirmed::Waiting) | Err(RegistrationLinkError::Expired) => {
            Said::To(format!("t={back}"))
        }
        Err(RegistrationLinkError::Fault(fault)) => Said::Fault(fault),
    };
    answer(&caller, CONFIRM, &headers, said)
}
