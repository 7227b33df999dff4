//! One clear sentence per refusal, which says what to do.

use super::super::parts::{limit, wait};
use super::super::views::Refusal;
use super::{Counted, Lang, Texts, With};

/// See [`Refusal`]; the fields bear the same names.
pub(crate) struct Refusals {
    pub no_file: &'static str,
    pub unknown_type: &'static str,
    pub type_mismatch: &'static str,
    pub damaged: &'static str,
    pub encrypted: &'static str,
    pub empty: &'static str,
    pub too_large: With,
    pub too_many: Counted,
    pub no_room: &'static str,
    pub code_no_longer_valid: &'static str,
    pub interrupted: &'static str,
    pub too_many_attempts: With,
    pub session_expired: &'static str,
    pub too_many_pixels: &'static str,
    pub unavailable: &'static str,
}

impl Texts {
    /// The sentence for a refusal.
    pub(crate) fn refusal(&self, refusal: Refusal) -> String {
        let t = &self.refusals;
        match refusal {
            Refusal::NoFile => t.no_file.into(),
            Refusal::UnknownType => t.unknown_type.into(),
            Refusal::TypeMismatch => t.type_mismatch.into(),
            Refusal::Damaged => t.damaged.into(),
            Refusal::Encrypted => t.encrypted.into(),
            Refusal::Empty => t.empty.into(),
            Refusal::TooLarge { limit_bytes } => (t.too_large)(&limit(&self.common, limit_bytes)),
            Refusal::TooMany { limit } => (t.too_many)(limit),
            Refusal::NoRoom => t.no_room.into(),
            Refusal::CodeNoLongerValid => t.code_no_longer_valid.into(),
            Refusal::Interrupted => t.interrupted.into(),
            Refusal::TooManyAttempts { wait_seconds } => {
                (t.too_many_attempts)(&wait(&self.common, wait_seconds))
            }
            Refusal::SessionExpired => t.session_expired.into(),
            Refusal::TooManyPixels => t.too_many_pixels.into(),
            Refusal::Unavailable => t.unavailable.into(),
        }
    }
}

/// A refusal in words, for callers that hold a language only.
impl Lang {
    /// The sentence for a refusal.
    pub fn refusal(self, refusal: Refusal) -> String {
        self.texts().refusal(refusal)
    }
}
