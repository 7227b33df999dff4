//! The deposit page.

use app::{
    deposit::{
        self,
        views::{Deposit, FileProblem, Message, PrivacyNotice, ReceivedItem},
    },
    ssr::Caller,
};
use axum::{
    Extension,
    extract::{Path, State},
    response::{IntoResponse, Redirect, Response},
};
use domain::{Depositor, Domain, Fault, clock, codes, codes::Request, documents, establishments::Public};
use http::Uri;
use tower_sessions::Session;

use super::{
    parts,
    setup::{self, Setup, failure, html, message, shell},
};
use crate::keys::to_hex;

/// What a form's answer adds to the page.
#[derive(Default)]
pub struct Said {
    pub problems: Vec<FileProblem>,
    pub just_received: u32,
}

/// `GET /d/<slug>/deposit`.
pub async fn show(
    State(setup): State<Setup>,
    Extension(caller): Extension<Caller>,
    Path(slug): Path<String>,
    session: Session,
    address: Uri,
) -> Response {
    let public = match setup::establishment(&setup.domain, &caller, &slug).await {
        Ok(public) => public,
        Err(response) => return *response,
    };
    match setup::depositor(&setup.domain, &session, &public, &caller, &address).await {
        Ok(Some(who)) => render(&setup, &caller, &public, &who, Said::default(), 200).await,
        Ok(None) => Redirect::to(&format!("/d/{slug}")).into_response(),
        Err(fault) => failure(&caller, &format!("/d/{slug}"), &fault),
    }
}

/// The page as it stands now.
pub async fn render(
    setup: &Setup,
    caller: &Caller,
    public: &Public,
    who: &Depositor,
    said: Said,
    status: u16,
) -> Response {
    let path = format!("/d/{}/deposit", public.card.slug);
    match view(setup, caller, public, who, said).await {
        Ok(Some(view)) => html(status, deposit::deposit(&shell(caller, &path), &view)),
        Ok(None) => {
            // Closed by this browser: its receipt says the rest.
            let receipt = receipt_path(&setup.domain, public, who);
            match documents::receipt(
                &setup.domain,
                public.card.id,
                &documents::receipt_token(&setup.domain, who),
            )
            .await
            {
                Ok(Some(_)) => Redirect::to(&receipt).into_response(),
                Ok(None) => {
                    let establishment = Some(parts::establishment(public));
                    message(caller, &path, &Message::CodeNoLongerValid { establishment })
                }
                Err(fault) => failure(caller, &path, &fault),
            }
        }
        Err(fault) => failure(caller, &path, &fault),
    }
}

async fn view(
    setup: &Setup,
    caller: &Caller,
    public: &Public,
    who: &Depositor,
    said: Said,
) -> Result<Option<Deposit>, Fault> {
    let d = &setup.domain;
    let Some(request) = codes::request(d, who).await? else { return Ok(None) };
    let receipt = documents::receipt(d, public.card.id, &documents::receipt_token(d, who)).await?;
    let received: Vec<ReceivedItem> = receipt
        .iter()
        .flat_map(|receipt| &receipt.items)
        .map(|item| ReceivedItem { ordinal: item.ordinal, check: parts::check(item.state) })
        .collect();
    let Request { label, note, max_files, .. } = request;
    let settings = &public.settings;
    let zone = jiff::tz::TimeZone::get(settings.time_zone.as_ref()).unwrap_or(jiff::tz::TimeZone::UTC);
    let deleted_on = clock::moment(clock::days(d.now(), i64::from(settings.retention.get())), &zone);
    let key: [u8; 12] = d.random.bytes()?;
    let idempotency_key = format!("form-{}", to_hex(&key));
    Ok(Some(Deposit {
        establishment: parts::establishment(public),
        label,
        note,
        max_file_bytes: u64::from(settings.max_file.get()) * 1024 * 1024,
        max_files,
        retention_days: settings.retention.get(),
        deleted_on: parts::day(deleted_on, caller.language),
        receipt_path: (!received.is_empty()).then(|| receipt_path(d, public, who)),
        received,
        scope: setup::scope(d, who),
        idempotency_key,
        just_received: said.just_received,
        problems: said.problems,
        privacy: PrivacyNotice {
            controller: public.card.name.clone(),
            contact: settings
                .privacy_contact
                .as_ref()
                .map(ToString::to_string)
                .or_else(|| settings.phone.as_ref().map(ToString::to_string))
                .unwrap_or_else(|| public.card.name.clone()),
            basis: settings.legal_basis,
            retention_days: settings.retention.get(),
            receipt_days: Some(documents::RECEIPT_DAYS.into()),
            host: setup.publisher.host.clone(),
        },
    }))
}

/// Address of this browser's receipt.
pub fn receipt_path(d: &Domain, public: &Public, who: &Depositor) -> String {
    format!("/d/{}/r/{}", public.card.slug, documents::receipt_token(d, who).as_ref())
}
