//! Pages that only say something: what happened, and where to go from here.

use leptos::prelude::*;

use super::parts::{wait, whereabouts};
use super::shell::{Script, document};
use super::views::{Establishment, Shell};

/// A page that only says something.
#[derive(Clone, Debug)]
pub enum Message {
    /// No such page, establishment or receipt.
    NotFound,
    /// Too many requests from this address.
    TooManyRequests {
        /// Seconds before the next attempt.
        wait_seconds: u64,
        /// Where to go on; the list of establishments without.
        back: Option<String>,
    },
    /// The code was revoked or the deposit ran out of time.
    CodeNoLongerValid {
        /// The establishment to turn to.
        establishment: Option<Establishment>,
    },
    /// The session ended or its cookie is gone.
    SessionExpired {
        /// Where to begin again, such as `/d/lilas`.
        back: Option<String>,
    },
    /// The session of somebody who works here ended.
    SignedOut,
    /// The establishment of the session is no longer the page's.
    OtherEstablishment,
    /// The request did not come from our own page (CSRF).
    Refused {
        /// Where to begin again.
        back: Option<String>,
    },
    /// The roles of somebody who works here don't allow it.
    Forbidden,
    /// What somebody who works here asked for does not exist, or no longer does.
    Gone,
    /// The receipt's deposit can't be withdrawn from this browser.
    CannotWithdraw {
        /// The receipt.
        receipt_path: String,
    },
    /// Something failed on our side.
    Failure {
        /// What to quote to the support.
        request_id: String,
    },
}

impl Message {
    /// The status that goes with it.
    pub fn status(&self) -> u16 {
        match self {
            Self::NotFound | Self::Gone => 404,
            Self::TooManyRequests { .. } => 429,
            Self::CodeNoLongerValid { .. } => 410,
            Self::SessionExpired { .. } | Self::Refused { .. } | Self::Forbidden => 403,
            Self::SignedOut => 401,
            Self::CannotWithdraw { .. } | Self::OtherEstablishment => 409,
            Self::Failure { .. } => 500,
        }
    }
}

/// A message, its advice and a way on.
pub fn message(shell: &Shell, message: &Message) -> String {
    let texts = shell.lang.texts();
    let t = &texts.message;
    let (title, text) = match message {
        Message::NotFound => (t.not_found, t.not_found_text.to_owned()),
        Message::TooManyRequests { wait_seconds, .. } => {
            (t.too_many, (t.too_many_text)(&wait(&texts.common, *wait_seconds)))
        }
        Message::CodeNoLongerValid { .. } => (t.code_gone, t.code_gone_text.to_owned()),
        Message::SessionExpired { .. } => (t.session, t.session_text.to_owned()),
        Message::SignedOut => (t.session, t.signed_out_text.to_owned()),
        Message::OtherEstablishment => (t.other_establishment, t.other_establishment_text.to_owned()),
        Message::Refused { .. } => (t.refused, t.refused_text.to_owned()),
        Message::Forbidden => (t.refused, t.forbidden_text.to_owned()),
        Message::Gone => (t.gone, t.gone_text.to_owned()),
        Message::CannotWithdraw { .. } => (t.cannot_withdraw, t.cannot_withdraw_text.to_owned()),
        Message::Failure { .. } => (t.failure, t.failure_text.to_owned()),
    };
    let (href, label) = match message {
        Message::CodeNoLongerValid { establishment: Some(e) } => (format!("/d/{}", e.slug), t.go_back),
        Message::SessionExpired { back: Some(back) } | Message::Refused { back: Some(back) } => {
            (back.clone(), t.go_back)
        }
        Message::SignedOut => ("/portal/sign-in".to_owned(), t.sign_in),
        Message::OtherEstablishment | Message::Forbidden | Message::Gone => ("/portal".to_owned(), t.go_on),
        Message::TooManyRequests { back: Some(back), .. } => (back.clone(), t.go_on),
        Message::CannotWithdraw { receipt_path } => (receipt_path.clone(), t.to_receipt),
        _ => ("/".to_owned(), t.go_home),
    };
    let who = match message {
        Message::CodeNoLongerValid { establishment: Some(e) } => Some(view! {
            <div class="card who"><p class="name">{e.name.clone()}</p>{whereabouts(&texts.common, e)}</div>
        }),
        _ => None,
    };
    let request = match message {
        Message::Failure { request_id } => {
            Some(view! { <p>{t.request_id}<br/><code>{request_id.clone()}</code></p> })
        }
        _ => None,
    };
    let main = view! {
        <h1>{title}</h1>
        <p class="lead">{text}</p>
        {request}
        {who}
        <p><a class="button" href=href>{label}</a></p>
    };
    document(shell, title, false, Script::None, main)
}
