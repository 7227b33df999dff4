//! Files come in one by one from the script; and the end of a deposit.

use app::{
    deposit::{
        views::{Message, Refusal},
        wire,
    },
    ssr::Caller,
};
use axum::{
    Extension, Json,
    body::Body,
    extract::{Form, Path, Query, Request, State, rejection::FormRejection},
    response::{IntoResponse, Redirect, Response},
};
use domain::{
    Depositor,
    documents::{self, Incoming},
    establishments::Public,
};
use http::{HeaderMap, StatusCode, Uri, header};
use serde::Deserialize;
use tower_sessions::Session;

use super::{
    page, parts, receipt,
    setup::{self, Setup, failure, message},
};
use crate::layers::{anonymous, csrf};

/// `POST /d/<slug>/deposit/files`: one file from the script, as the request's body.
pub async fn file(
    State(setup): State<Setup>,
    Extension(caller): Extension<Caller>,
    Path(slug): Path<String>,
    session: Session,
    request: Request,
) -> Response {
    let Ok((_, who)) = depositor(&setup, &caller, &slug, &session, request.uri()).await else {
        return answer(&caller, Err(Refusal::SessionExpired));
    };
    let taken = take(&setup, &who, request.headers().clone(), request.into_body()).await;
    let mut response = answer(&caller, taken);
    response.extensions_mut().insert(anonymous::Depositor);
    response
}

/// Which establishment's capability the API's upload uses.
#[derive(Deserialize)]
pub struct Target {
    establishment: String,
}

/// `POST /api/v1/documents/upload?establishment=<slug>`: the same under the API's name.
pub async fn upload(
    state: State<Setup>,
    caller: Extension<Caller>,
    Query(target): Query<Target>,
    session: Session,
    request: Request,
) -> Response {
    file(state, caller, Path(target.establishment), session, request).await
}

async fn take(
    setup: &Setup,
    who: &Depositor,
    headers: HeaderMap,
    body: Body,
) -> Result<documents::Received, Refusal> {
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    let name = percent_decode(text("x-file-name").unwrap_or_default());
    let incoming = Incoming {
        name: &name,
        declared_type: text("content-type"),
        idempotency_key: text("x-idempotency-key").unwrap_or_default(),
        declared_size: text("content-length").and_then(|size| size.parse().ok()),
    };
    documents::receive(&setup.domain, who, incoming, body.into_data_stream())
        .await
        .map_err(|error| parts::refusal(&error))
}

fn answer(caller: &Caller, outcome: Result<documents::Received, Refusal>) -> Response {
    match outcome {
        Ok(received) => Json(wire::FileReceived::new(received.ordinal)).into_response(),
        Err(refusal) => {
            let body =
                wire::Refused::new(setup::lang(caller.language), refusal, caller.origin.request.to_string());
            let status = StatusCode::from_u16(refusal.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
            let mut response = (status, Json(body)).into_response();
            parts::say_when(&mut response, refusal);
            response
        }
    }
}

/// `encodeURIComponent` undone; bytes that are no UTF-8 become replacement characters.
fn percent_decode(text: &str) -> String {
    let bytes = text.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while let Some(&byte) = bytes.get(at) {
        let hex = (byte == b'%').then(|| text.get(at + 1..at + 3)).flatten();
        if let Some(value) = hex.and_then(|hex| u8::from_str_radix(hex, 16).ok()) {
            out.push(value);
            at += 3;
        } else {
            out.push(byte);
            at += 1;
        }
    }
    String::from_utf8_lossy(&out).into_owned()
}

/// The form that closes a deposit; the script sends the token in a header instead.
#[derive(Default, Deserialize)]
pub struct Close {
    csrf: Option<String>,
}

/// `POST /d/<slug>/deposit/close`: this was all.
#[expect(clippy::too_many_arguments, reason = "one extractor each")]
pub async fn close(
    State(setup): State<Setup>,
    Extension(caller): Extension<Caller>,
    Extension(bound): Extension<csrf::Bound>,
    Path(slug): Path<String>,
    session: Session,
    address: Uri,
    headers: HeaderMap,
    form: Result<Form<Close>, FormRejection>,
) -> Response {
    let d = &setup.domain;
    let path = format!("/d/{slug}/deposit");
    // Whatever is no form the layer has checked already.
    if csrf::is_form(&headers)
        && !csrf::check_field(d, &bound, form.ok().and_then(|form| form.0.csrf).as_deref())
    {
        return message(&caller, &path, &Message::Refused { back: Some(path.clone()) });
    }
    let (public, who) = match depositor(&setup, &caller, &slug, &session, &address).await {
        Ok(found) => found,
        Err(response) => return *response,
    };
    let address = format!("{}?{}", page::receipt_path(d, &public, &who), receipt::SENT);
    match documents::close(d, &who).await {
        Ok(true) => {
            let json = headers
                .get(header::ACCEPT)
                .is_some_and(|value| value.to_str().is_ok_and(|v| v.contains("application/json")));
            if json {
                Json(wire::Closed { receipt: address }).into_response()
            } else {
                Redirect::to(&address).into_response()
            }
        }
        Ok(false) => Redirect::to(&path).into_response(),
        Err(fault) => failure(&caller, &path, &fault),
    }
}

/// The establishment of an address and this browser as its depositor, or the page that says why not.
pub async fn depositor(
    setup: &Setup,
    caller: &Caller,
    slug: &str,
    session: &Session,
    address: &Uri,
) -> Result<(Public, Depositor), Box<Response>> {
    let public = setup::establishment(&setup.domain, caller, slug).await?;
    match setup::depositor(&setup.domain, session, &public, caller, address).await {
        Ok(Some(who)) => Ok((public, who)),
        Ok(None) => {
            let back = Some(format!("/d/{slug}"));
            Err(Box::new(message(caller, &format!("/d/{slug}"), &Message::SessionExpired { back })))
        }
        Err(fault) => Err(Box::new(failure(caller, &format!("/d/{slug}"), &fault))),
    }
}

#[cfg(test)]
mod tests {
    use super::percent_decode;

    #[test]
    fn a_file_name_in_every_script_comes_back() {
        assert_eq!(percent_decode("ordonnance%20d%E2%80%99%C3%A9t%C3%A9.pdf"), "ordonnance d’été.pdf");
        for odd in ["%", "%z", "%zz", "a%2", "%é9"] {
            percent_decode(odd);
        }
    }
}
