//! Domain values → plain views of the patient's pages.

use app::deposit::views::{Check, DeletedWhy, Establishment, FileEnd, Moment, ReceiptFile, Refusal};
use axum::response::Response;
use domain::{
    documents::{ReceiptItem, ReceiveError},
    establishments::Public,
};
use http::{HeaderValue, header};
use model::{documents::DocumentState, time::Language};

/// A moment in words.
pub fn moment(at: model::time::Moment, language: Language) -> Moment {
    Moment { iso: at.datetime_attribute(), text: at.date_time(language) }
}

/// A day in words.
pub fn day(at: model::time::Moment, language: Language) -> Moment {
    let iso = at.datetime_attribute();
    Moment { iso: iso.split('T').next().unwrap_or_default().to_owned(), text: at.date(language) }
}

/// Who receives.
pub fn establishment(public: &Public) -> Establishment {
    let settings = &public.settings;
    let mut address: Vec<String> =
        settings.address.iter().flat_map(|text| text.as_str().lines().map(str::to_owned)).collect();
    if address.is_empty() {
        address.push(public.card.town.clone());
    }
    Establishment {
        slug: public.card.slug.to_string(),
        name: public.card.name.clone(),
        address,
        phone: settings.phone.as_ref().map(ToString::to_string),
        opening_note: settings.opening_note.as_ref().map(ToString::to_string),
    }
}

/// What the check said.
pub const fn check(state: DocumentState) -> Check {
    match state {
        DocumentState::Received => Check::Pending,
        DocumentState::Checked => Check::Readable,
        DocumentState::Unreadable => Check::Unreadable,
    }
}

/// One file of a receipt.
pub fn receipt_file(item: &ReceiptItem, language: Language) -> ReceiptFile {
    let end = match (&item.deleted, item.delete_at) {
        (Some((at, why)), _) => FileEnd::Deleted {
            at: moment(*at, language),
            why: match why.as_str() {
                "withdrawn" => DeletedWhy::Withdrawn,
                "staff" => DeletedWhy::Establishment,
                _ => DeletedWhy::Retention,
            },
        },
        (None, Some(planned)) => FileEnd::Planned(day(planned, language)),
        (None, None) => FileEnd::OnHold,
    };
    ReceiptFile {
        ordinal: item.ordinal,
        received_at: moment(item.received_at, language),
        check: check(item.state),
        seen_at: item.seen_at.map(|at| moment(at, language)),
        end,
    }
}

/// A refusal as the patient reads it.
pub fn refusal(error: &ReceiveError) -> Refusal {
    use formats::Refusal as Content;
    match error {
        ReceiveError::CodeNotValid => Refusal::CodeNoLongerValid,
        ReceiveError::TooLarge(limit) => Refusal::TooLarge { limit_bytes: *limit },
        ReceiveError::TooManyFiles(limit) => Refusal::TooMany { limit: *limit },
        ReceiveError::NoRoom => Refusal::NoRoom,
        ReceiveError::Interrupted | ReceiveError::BadKey => Refusal::Interrupted,
        ReceiveError::TooMany(wait) => Refusal::TooManyAttempts { wait_seconds: wait.retry_after },
        ReceiveError::Content(content) => match content {
            Content::Empty => Refusal::Empty,
            Content::UnknownType | Content::ForeignContent => Refusal::UnknownType,
            Content::TypeMismatch => Refusal::TypeMismatch,
            Content::Encrypted => Refusal::Encrypted,
            Content::Damaged => Refusal::Damaged,
            Content::TooManyPixels => Refusal::TooManyPixels,
        },
        ReceiveError::Fault(fault) => {
            tracing::error!(error = %fault, "incident");
            Refusal::Unavailable
        }
    }
}

/// Says for machines, too, when to try again.
pub fn say_when(response: &mut Response, refusal: Refusal) {
    if let Refusal::TooManyAttempts { wait_seconds } = refusal {
        response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(wait_seconds));
    }
}
