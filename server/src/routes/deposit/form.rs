//! Files come in from the form without script.

use std::collections::BTreeSet;

use app::{
    deposit::views::{FileProblem, Message, Refusal},
    ssr::Caller,
};
use axum::{
    Extension,
    extract::{FromRequest, Multipart, Path, Request, State, multipart::Field},
    response::{IntoResponse, Response},
};
use domain::{
    Depositor, codes,
    documents::{self, Incoming},
};
use tower_sessions::Session;

use super::{
    metered::{Content, Excess, Meter, metered},
    page::{self, Said},
    parts, send,
    setup::{Setup, failure, message},
};
use crate::layers::csrf;

/// Whatever a form holds besides its files: boundaries, headers, fields of ours.
const MARGIN: u64 = 1024 * 1024;
/// So many problems tell enough: more is no form of ours.
const PROBLEMS: usize = 50;

/// What came of a form's parts.
#[derive(Default)]
struct Read {
    said: Said,
    genuine: bool,
    key: String,
    files: u32,
    /// Numbers of those that are kept: the same content twice is one.
    received: BTreeSet<u32>,
}

impl Read {
    /// Notes why a file, or the whole form, was not taken. Whether to go on reading.
    fn problem(&mut self, file: Option<u32>, refusal: Refusal) -> bool {
        // A form that breaks off in a file has one problem, not two.
        if self.said.problems.last().is_none_or(|last| last.refusal != refusal || file.is_some()) {
            self.said.problems.push(FileProblem { file, refusal });
        }
        !matches!(refusal, Refusal::CodeNoLongerValid | Refusal::TooManyAttempts { .. })
            && self.said.problems.len() < PROBLEMS
    }
}

/// `POST /d/<slug>/deposit`: the form without script. Its first field is the token, its second the key.
pub async fn form(
    State(setup): State<Setup>,
    Extension(caller): Extension<Caller>,
    Extension(bound): Extension<csrf::Bound>,
    Path(slug): Path<String>,
    session: Session,
    request: Request,
) -> Response {
    let path = format!("/d/{slug}/deposit");
    let (public, who) = match send::depositor(&setup, &caller, &slug, &session, request.uri()).await {
        Ok(found) => found,
        Err(response) => return *response,
    };
    let files = match codes::request(&setup.domain, &who).await {
        Ok(request) => request.map_or(0, |request| request.max_files),
        Err(fault) => return failure(&caller, &path, &fault),
    };
    let limit = u64::from(public.settings.max_file.get()) * 1024 * 1024;
    let (head, body) = request.into_parts();
    let (body, meter) = metered(body, u64::from(files) * limit + MARGIN);
    let mut form = match Multipart::from_request(Request::from_parts(head, body), &()).await {
        Ok(form) => form,
        Err(rejection) => return rejection.into_response(),
    };
    let refused = || message(&caller, &path, &Message::Refused { back: Some(format!("/d/{slug}")) });
    let mut read = Read::default();
    loop {
        match form.next_field().await {
            Ok(None) => break,
            Ok(Some(field)) if field.name() == Some("csrf") => {
                let token = Content::new(field, meter.clone()).short().await;
                read.genuine = csrf::check_field(&setup.domain, &bound, Some(&token));
            }
            Ok(Some(_)) if !read.genuine => return refused(),
            Ok(Some(field)) => {
                if !part(&setup, &who, &mut read, field, &meter, limit).await {
                    break;
                }
            }
            Err(_) => {
                read.problem(None, broken(&meter, limit));
                break;
            }
        }
    }
    if !read.genuine && meter.excess().is_none() {
        return refused();
    }
    if read.files == 0 && read.said.problems.is_empty() {
        read.problem(None, Refusal::NoFile);
    }
    read.said.just_received = u32::try_from(read.received.len()).unwrap_or(u32::MAX);
    let last = read.said.problems.last().map(|problem| problem.refusal);
    let status = last.map_or(200, Refusal::status);
    let mut response = page::render(&setup, &caller, &public, &who, read.said, status).await;
    if let Some(refusal) = last {
        parts::say_when(&mut response, refusal);
    }
    response
}

/// One part of a genuine form. Whether to go on reading.
async fn part(
    setup: &Setup,
    who: &Depositor,
    read: &mut Read,
    field: Field<'_>,
    meter: &Meter,
    limit: u64,
) -> bool {
    let kind = field.content_type().map(str::to_owned);
    let name = field.file_name().unwrap_or_default().to_owned();
    let role = field.name().unwrap_or_default().to_owned();
    let mut content = Content::new(field, meter.clone());
    match role.as_str() {
        "idempotency_key" => read.key = content.short().await,
        "file" if !name.is_empty() => {
            read.files += 1;
            // Without a size the content tells one file from another: a page that the browser brings back (its "back"
            // button) holds the key of the form before, and may get another choice.
            let incoming = Incoming {
                name: &name,
                declared_type: kind.as_deref(),
                idempotency_key: &read.key,
                declared_size: None,
            };
            match documents::receive(&setup.domain, who, incoming, &mut content).await {
                Ok(received) => {
                    read.received.insert(received.ordinal);
                }
                Err(error) => {
                    let refusal =
                        if meter.excess().is_some() { broken(meter, limit) } else { parts::refusal(&error) };
                    if !read.problem(Some(read.files), refusal) {
                        return false;
                    }
                }
            }
            content.skip().await;
        }
        _ => content.skip().await,
    }
    true
}

/// Why a form has no end.
fn broken(meter: &Meter, limit: u64) -> Refusal {
    match meter.excess() {
        Some(Excess::Whole) => Refusal::TooLarge { limit_bytes: limit },
        Some(Excess::Outside) | None => Refusal::Interrupted,
    }
}
