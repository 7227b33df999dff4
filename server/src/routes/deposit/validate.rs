//! `POST /api/v1/codes/validate`: the same question as the page's, for other software; the same counters.

use app::ssr::Caller;
use axum::{
    Extension, Json,
    extract::State,
    response::{IntoResponse, Response},
};
use domain::{
    codes::{self, EnterError},
    establishments,
};
use http::{StatusCode, header};
use model::establishments::Slug;
use serde::{Deserialize, Serialize};
use tower_sessions::Session;

use super::setup::{self, Setup};

/// A code in an establishment.
#[derive(Deserialize)]
pub struct Question {
    establishment: Slug,
    code: String,
}

/// Who asks for what. The capability to deposit is in the answer's cookie; `csrf` goes into the `X-CSRF-Token` of
/// the uploads that follow, beside an `Origin` that is ours.
#[derive(Serialize)]
struct Answer {
    establishment: String,
    label: String,
    csrf: String,
}

/// Validates a code. Unknown establishment and unknown code are one answer.
pub async fn validate(
    State(setup): State<Setup>,
    Extension(caller): Extension<Caller>,
    session: Session,
    Json(question): Json<Question>,
) -> Response {
    let d = &setup.domain;
    let not_valid = || {
        (StatusCode::UNPROCESSABLE_ENTITY, Json(serde_json::json!({ "kind": "code_not_valid" })))
            .into_response()
    };
    let internal = |error: domain::Fault| {
        tracing::error!(%error, "incident");
        StatusCode::INTERNAL_SERVER_ERROR.into_response()
    };
    let public = match establishments::by_slug(d, &question.establishment).await {
        Ok(Some(public)) => public,
        Ok(None) => return not_valid(),
        Err(fault) => return internal(fault),
    };
    let who = match codes::enter(d, caller.origin, public.card.id, &question.code).await {
        Ok(who) => who,
        Err(EnterError::NotValid) => return not_valid(),
        Err(EnterError::TooMany(wait)) => {
            let headers = [(header::RETRY_AFTER, wait.retry_after.to_string())];
            return (StatusCode::TOO_MANY_REQUESTS, headers, Json(serde_json::json!({ "kind": "too_many" })))
                .into_response();
        }
        Err(EnterError::Fault(fault)) => return internal(fault),
    };
    let held = setup::hold(d, &session, &public, &who).await;
    match (held, codes::request(d, &who).await) {
        (Ok(()), Ok(Some(request))) => {
            Json(Answer { establishment: public.card.name, label: request.label, csrf: caller.csrf })
                .into_response()
        }
        (Ok(()), Ok(None)) => not_valid(),
        (Err(fault), _) | (_, Err(fault)) => internal(fault),
    }
}
