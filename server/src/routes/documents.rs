//! Originals and pages of documents.

use app::ssr::Caller;
use axum::{
    Extension,
    body::Body,
    extract::{Form, FromRequest, Path, Query, Request, State},
    response::{IntoResponse, Response},
};
use domain::{Domain, Refused, documents, documents::PageError};
use futures_util::StreamExt;
use http::{HeaderMap, StatusCode, header};
use model::ids::DocumentId;
use serde::Deserialize;
use tokio_util::io::ReaderStream;
use viewer::{PageRequest, Turn};

use crate::layers::{csrf, refusal};

/// A document of a stranger is an attachment, or pixels; it can run nothing here.
const SANDBOX: &str = "sandbox; default-src 'none'";
/// Bytes of one piece of a download.
const PIECE: usize = 64 * 1024;

#[derive(Deserialize)]
struct DownloadForm {
    csrf: Option<String>,
}

/// `POST /api/v1/documents/{id}/download`: the original as an attachment. A POST, for it marks the document seen.
pub async fn download(
    State(d): State<Domain>,
    Extension(caller): Extension<Caller>,
    Extension(bound): Extension<csrf::Bound>,
    exempt: Option<Extension<csrf::Exempt>>,
    Path(id): Path<String>,
    request: Request,
) -> Response {
    let (headers, path) = (request.headers().clone(), request.uri().path().to_owned());
    if exempt.is_none() && csrf::is_form(&headers) {
        let form = Form::<DownloadForm>::from_request(request, &()).await;
        if !form.is_ok_and(|form| csrf::check_field(&d, &bound, form.0.csrf.as_deref())) {
            return csrf::stale(&caller, &path, &headers);
        }
    }
    let who = match caller.staff() {
        Ok(who) => who,
        Err(kind) => return refusal::answer(&caller, &path, &headers, kind),
    };
    let Ok(id) = id.parse::<DocumentId>() else {
        return refusal::of_use_case(&caller, &path, &headers, &Refused::NotFound);
    };
    match documents::download(&d, &who, id).await {
        Ok(document) => {
            let mut headers = HeaderMap::new();
            let mut put = |name, value: String| {
                if let Ok(value) = value.parse() {
                    headers.insert(name, value);
                }
            };
            put(header::CONTENT_TYPE, document.kind.media_type().to_owned());
            put(header::CONTENT_LENGTH, document.size.to_string());
            put(header::CONTENT_DISPOSITION, formats::name::content_disposition(&document.name));
            put(header::CONTENT_SECURITY_POLICY, SANDBOX.to_owned());
            // Deciphering hardly ever waits: without a pause the others of this core would, for a whole document.
            let pieces = ReaderStream::with_capacity(document.content, PIECE).then(|piece| async {
                tokio::task::yield_now().await;
                piece
            });
            (headers, Body::from_stream(pieces)).into_response()
        }
        Err(error) => refusal::of_use_case(&caller, &path, &headers, &error),
    }
}

/// How a page is wanted.
#[derive(Deserialize)]
pub struct PageQuery {
    ticket: String,
    #[serde(default)]
    side: Option<u32>,
    #[serde(default)]
    turn: u16,
}

/// `GET /api/v1/documents/{id}/pages/{n}?ticket=…`: one page as a picture, drawn by the disposable child process.
pub async fn page(
    State(d): State<Domain>,
    Extension(caller): Extension<Caller>,
    Path((id, number)): Path<(String, u32)>,
    Query(query): Query<PageQuery>,
) -> Response {
    let who = match caller.staff() {
        Ok(who) => who,
        Err(kind) => return refusal::status(kind).into_response(),
    };
    let Ok(id) = id.parse::<DocumentId>() else { return StatusCode::NOT_FOUND.into_response() };
    let mut wanted = PageRequest::new(number);
    wanted.max_side = query.side.unwrap_or(wanted.max_side).clamp(64, viewer::MAX_SIDE);
    wanted.turn = match query.turn {
        90 => Turn::Right,
        180 => Turn::Half,
        270 => Turn::Left,
        _ => Turn::None,
    };
    match documents::page(&d, &who, id, &query.ticket, wanted).await {
        Ok(picture) => {
            let headers = [(header::CONTENT_TYPE, picture.mime), (header::CONTENT_SECURITY_POLICY, SANDBOX)];
            (headers, picture.bytes).into_response()
        }
        Err(PageError::Forbidden) => StatusCode::FORBIDDEN.into_response(),
        Err(PageError::NotFound) => StatusCode::NOT_FOUND.into_response(),
        Err(PageError::Unreadable(_)) => StatusCode::UNPROCESSABLE_ENTITY.into_response(),
        Err(PageError::Fault(fault)) => {
            tracing::error!(error = %fault, request = %caller.origin.request, "incident");
            StatusCode::INTERNAL_SERVER_ERROR.into_response()
        }
    }
}
