//! What the script and the server say to each other, in one place: `frontend/assets/deposit/` reads these.

use serde::Serialize;

use super::texts::Lang;
use super::views::Refusal;

/// Answer to a file that has arrived (201, or 200 when the same key was already answered).
#[derive(Clone, Copy, Debug, Serialize)]
pub struct FileReceived {
    /// Its number in the deposit, from 1.
    pub item: u32,
    /// Always `received`: the check comes later.
    pub state: &'static str,
}

impl FileReceived {
    /// The file with this number has arrived.
    pub fn new(item: u32) -> Self {
        Self { item, state: "received" }
    }
}

/// Answer to a file, or to a closing, that was refused (4xx) or failed (5xx).
#[derive(Clone, Debug, Serialize)]
pub struct Refused {
    /// See [`Refusal::kind`].
    pub kind: &'static str,
    /// One sentence in the page's language that says what to do.
    pub message: String,
    /// What to quote to the support.
    pub request_id: String,
}

impl Refused {
    /// The refusal in words.
    pub fn new(lang: Lang, refusal: Refusal, request_id: String) -> Self {
        Self { kind: refusal.kind(), message: lang.texts().refusal(refusal), request_id }
    }
}

/// Answer to the closing of a deposit when JSON is accepted.
#[derive(Clone, Debug, Serialize)]
pub struct Closed {
    /// Where the receipt is: `/r/<token>`.
    pub receipt: String,
}

impl Refusal {
    /// The word for it on the wire.
    pub fn kind(self) -> &'static str {
        match self {
            Self::NoFile => "no_file",
            Self::UnknownType => "unknown_type",
            Self::TypeMismatch => "type_mismatch",
            Self::Damaged => "damaged",
            Self::Encrypted => "encrypted",
            Self::Empty => "empty",
            Self::TooLarge { .. } => "too_large",
            Self::TooMany { .. } => "too_many",
            Self::NoRoom => "no_room",
            Self::CodeNoLongerValid => "code_no_longer_valid",
            Self::Interrupted => "interrupted",
            Self::TooManyAttempts { .. } => "too_many_attempts",
            Self::SessionExpired => "session_expired",
            Self::TooManyPixels => "too_many_pixels",
            Self::Unavailable => "unavailable",
        }
    }

    /// The status of the answer, of the page without script as of the JSON.
    pub fn status(self) -> u16 {
        match self {
            Self::NoFile
            | Self::TypeMismatch
            | Self::Damaged
            | Self::TooManyPixels
            | Self::Encrypted
            | Self::Empty => 422,
            Self::UnknownType => 415,
            Self::TooLarge { .. } => 413,
            Self::TooMany { .. } => 409,
            Self::NoRoom => 507,
            Self::CodeNoLongerValid => 410,
            Self::Interrupted => 400,
            Self::TooManyAttempts { .. } => 429,
            Self::SessionExpired => 403,
            Self::Unavailable => 503,
        }
    }
}
