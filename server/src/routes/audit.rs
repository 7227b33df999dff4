//! The audit as a file.

use app::{error::ErrorKind, ssr::Caller};
use axum::{
    Extension,
    extract::{Form, State},
    response::{IntoResponse, Response},
};
use domain::{
    Admin, Domain, Refused, Staff, audit,
    limits::{self, Limited},
};
use http::{HeaderMap, header};
use model::audit::AuditQuery;
use serde::Deserialize;

use crate::layers::{csrf, refusal};

const PATH: &str = "/api/v1/audit/export";

/// The form of the audit page.
#[derive(Deserialize)]
pub struct Export {
    csrf: Option<String>,
    #[serde(default)]
    search: String,
    #[serde(default)]
    capability: String,
    #[serde(default)]
    from: String,
    #[serde(default)]
    to: String,
}

/// CSV of what the filters match.
pub async fn export(
    State(d): State<Domain>,
    Extension(caller): Extension<Caller>,
    Extension(bound): Extension<csrf::Bound>,
    exempt: Option<Extension<csrf::Exempt>>,
    headers: HeaderMap,
    Form(form): Form<Export>,
) -> Response {
    if exempt.is_none() && !csrf::check_field(&d, &bound, form.csrf.as_deref()) {
        return csrf::stale(&caller, PATH, &headers);
    }
    let who = match caller.staff() {
        Ok(who) => who,
        Err(kind) => return refusal::answer(&caller, PATH, &headers, kind),
    };
    let given = |text: String| (!text.is_empty()).then_some(text);
    let query = AuditQuery {
        search: form.search.parse().ok(),
        capability: given(form.capability),
        from: given(form.from),
        to: given(form.to),
        ..AuditQuery::default()
    };
    match written(&d, &caller, &headers, who, &query).await {
        Ok(csv) => {
            let name = formats::name::content_disposition("audit.csv");
            (
                [
                    (header::CONTENT_TYPE, "text/csv; charset=utf-8".to_owned()),
                    (header::CONTENT_DISPOSITION, name),
                ],
                csv,
            )
                .into_response()
        }
        Err(response) => response,
    }
}

async fn written(
    d: &Domain,
    caller: &Caller,
    headers: &HeaderMap,
    who: Staff,
    query: &AuditQuery,
) -> Result<String, Response> {
    let user = who.user;
    let refused = |error: Refused| refusal::of_use_case(caller, PATH, headers, &error);
    let admin = Admin::of(d, who, "audit.export").await.map_err(refused)?;
    limits::export(d, user).await.map_err(|limited| match limited {
        Limited::TooMany(wait) => {
            refusal::answer(caller, PATH, headers, ErrorKind::TooMany(wait.retry_after))
        }
        Limited::Fault(fault) => refused(fault.into()),
    })?;
    let words = app::audit::words(caller.language);
    audit::export(d, &admin, query, &words).await.map_err(refused)
}
