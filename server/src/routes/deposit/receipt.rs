//! The receipt and the withdrawal.

use app::{
    deposit::{
        self,
        views::{Message, Receipt, ReceiptNotice, Withdraw},
    },
    ssr::Caller,
};
use axum::{
    Extension, Form,
    extract::{Path, RawQuery, State},
    response::{IntoResponse, Redirect, Response},
};
use domain::{
    clock,
    documents::{self, WithdrawError},
    establishments::Public,
};
use model::codes::LinkToken;
use serde::Deserialize;
use tower_sessions::Session;

use super::{
    page::receipt_path,
    parts,
    setup::{self, Setup, failure, html, message, shell},
};
use crate::layers::csrf;

/// What the receipt's address ends with right after sending.
pub const SENT: &str = "sent";

struct Found {
    public: Public,
    receipt: documents::Receipt,
    path: String,
    /// Whether this browser made the deposit.
    ours: Option<domain::Depositor>,
}

async fn find(
    setup: &Setup,
    caller: &Caller,
    slug: &str,
    token: &str,
    session: &Session,
) -> Result<Found, Box<Response>> {
    let d = &setup.domain;
    let public = setup::establishment(d, caller, slug).await?;
    let not_found = || Box::new(message(caller, "/", &Message::NotFound));
    let failed = |fault: domain::Fault| Box::new(failure(caller, "/", &fault));
    let token: LinkToken = token.parse().map_err(|_| not_found())?;
    let receipt =
        documents::receipt(d, public.card.id, &token).await.map_err(failed)?.ok_or_else(not_found)?;
    let path = format!("/d/{slug}/r/{}", token.as_ref());
    let all = setup::depositors(session, &public, caller).await.map_err(failed)?;
    let ours = all.into_iter().find(|who| receipt_path(d, &public, who) == path);
    Ok(Found { public, receipt, path, ours })
}

/// `GET /d/<slug>/r/<token>`.
pub async fn show(
    State(setup): State<Setup>,
    Extension(caller): Extension<Caller>,
    Path((slug, token)): Path<(String, String)>,
    RawQuery(query): RawQuery,
    session: Session,
) -> Response {
    let found = match find(&setup, &caller, &slug, &token, &session).await {
        Ok(found) => found,
        Err(response) => return *response,
    };
    // Whoever comes from sending reads that it worked.
    let sent = query.as_deref() == Some(SENT);
    let zone =
        jiff::tz::TimeZone::get(found.public.settings.time_zone.as_ref()).unwrap_or(jiff::tz::TimeZone::UTC);
    let language = caller.language;
    let view = Receipt {
        reference: found.receipt.reference.clone(),
        establishment: parts::establishment(&found.public),
        received_at: parts::moment(found.receipt.received_at, language),
        as_of: parts::moment(clock::moment(setup.domain.now(), &zone), language),
        files: found.receipt.items.iter().map(|item| parts::receipt_file(item, language)).collect(),
        can_withdraw: found.ours.is_some() && found.receipt.unseen && !found.receipt.withdrawn,
        notice: if found.receipt.withdrawn {
            Some(ReceiptNotice::Withdrawn)
        } else {
            sent.then_some(ReceiptNotice::Sent)
        },
        path: found.path,
    };
    html(200, deposit::receipt(&shell(&caller, &view.path), &view))
}

/// `GET …/withdraw`: the question.
pub async fn ask(
    State(setup): State<Setup>,
    Extension(caller): Extension<Caller>,
    Path((slug, token)): Path<(String, String)>,
    session: Session,
) -> Response {
    let found = match find(&setup, &caller, &slug, &token, &session).await {
        Ok(found) => found,
        Err(response) => return *response,
    };
    if found.ours.is_none() || !found.receipt.unseen || found.receipt.withdrawn {
        return message(&caller, &found.path, &Message::CannotWithdraw { receipt_path: found.path.clone() });
    }
    let view = Withdraw {
        receipt_path: found.path.clone(),
        reference: found.receipt.reference,
        establishment_name: found.public.card.name,
        files: u32::try_from(found.receipt.items.len()).unwrap_or(u32::MAX),
    };
    html(200, deposit::withdraw_confirm(&shell(&caller, &format!("{}/withdraw", found.path)), &view))
}

/// The answer to the question.
#[derive(Deserialize)]
pub struct Confirmed {
    csrf: Option<String>,
    confirm: Option<String>,
}

/// `POST …/withdraw`.
pub async fn withdraw(
    State(setup): State<Setup>,
    Extension(caller): Extension<Caller>,
    Extension(bound): Extension<csrf::Bound>,
    Path((slug, token)): Path<(String, String)>,
    session: Session,
    Form(form): Form<Confirmed>,
) -> Response {
    let found = match find(&setup, &caller, &slug, &token, &session).await {
        Ok(found) => found,
        Err(response) => return *response,
    };
    if !csrf::check_field(&setup.domain, &bound, form.csrf.as_deref())
        || form.confirm.as_deref() != Some("yes")
    {
        return message(&caller, &found.path, &Message::Refused { back: Some(found.path.clone()) });
    }
    let cannot =
        || message(&caller, &found.path, &Message::CannotWithdraw { receipt_path: found.path.clone() });
    let Some(who) = &found.ours else { return cannot() };
    match documents::withdraw(&setup.domain, who).await {
        Ok(()) => Redirect::to(&found.path).into_response(),
        Err(WithdrawError::NotFound | WithdrawError::Seen) => cannot(),
        Err(WithdrawError::Fault(fault)) => failure(&caller, &found.path, &fault),
    }
}
