//! Short texts that people type: trimmed, bounded, without control characters.

use std::{fmt, str::FromStr};

/// Why a text was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TextProblem {
    /// Nothing but blanks.
    #[error("empty")]
    Empty,
    /// More characters than allowed (Unicode scalar values).
    #[error("longer than {max} characters")]
    TooLong {
        /// The limit.
        max: usize,
    },
    /// Control characters or bidirectional overrides, which can disguise what is displayed (Unicode TR36).
    #[error("forbidden character")]
    ForbiddenCharacter,
}

fn disguises(c: char) -> bool {
    matches!(c, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}' | '\u{200E}' | '\u{200F}')
}

/// Trims and checks; `lines` allows line feeds.
fn check(raw: &str, max: usize, lines: bool) -> Result<String, TextProblem> {
    let text = raw.replace("\r\n", "\n");
    let text = text.trim();
    if text.is_empty() {
        return Err(TextProblem::Empty);
    }
    if text.chars().count() > max {
        return Err(TextProblem::TooLong { max });
    }
    if text.chars().any(|c| (c.is_control() && !(lines && c == '\n')) || disguises(c)) {
        return Err(TextProblem::ForbiddenCharacter);
    }
    Ok(text.to_owned())
}

macro_rules! text {
    ($($(#[$doc:meta])* $name:ident, $max:literal, $lines:literal;)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub struct $name(String);

        impl $name {
            /// Most characters accepted.
            pub const MAX: usize = $max;
            /// The text, trimmed.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }
        impl AsRef<str> for $name {
            fn as_ref(&self) -> &str {
                &self.0
            }
        }
        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
        impl FromStr for $name {
            type Err = TextProblem;
            fn from_str(raw: &str) -> Result<Self, TextProblem> {
                check(raw, $max, $lines).map(Self)
            }
        }
        crate::serde_by_parsing!($name);
    )*};
}

text! {
    /// What is asked of the patient, one line: "Ordonnance du 12 mars".
    Label, 120, false;
    /// A note of several lines to the patient.
    Note, 1000, true;
    /// A given or family name.
    PersonName, 80, false;
    /// An establishment's name.
    EstablishmentName, 120, false;
    /// A town.
    Town, 80, false;
    /// A postal address, several lines.
    Address, 300, true;
    /// A telephone number as people write it.
    Phone, 30, false;
    /// How to reach somebody: a telephone number, an e-mail or a postal address, a page.
    Contact, 200, false;
    /// Why something exceptional was done (hold, early deletion).
    Reason, 300, false;
    /// How somebody calls a passkey: "Téléphone", "Clé du bureau".
    FactorName, 60, false;
    /// What a person types into a search box.
    Search, 100, false;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_label_is_trimmed_bounded_and_free_of_disguises() {
        assert_eq!("  Ordonnance ".parse::<Label>().unwrap().as_str(), "Ordonnance");
        assert_eq!("   ".parse::<Label>(), Err(TextProblem::Empty));
        assert_eq!("a".repeat(121).parse::<Label>(), Err(TextProblem::TooLong { max: 120 }));
        assert_eq!("a\u{202E}b".parse::<Label>(), Err(TextProblem::ForbiddenCharacter));
        assert_eq!("a\nb".parse::<Label>(), Err(TextProblem::ForbiddenCharacter));
        assert!("a\nb".parse::<Note>().is_ok());
    }

    #[test]
    fn a_bad_text_cannot_be_deserialised() {
        assert!(serde_json::from_str::<Label>("\"\"").is_err());
        assert!(serde_json::from_str::<Label>("\"x\"").is_ok());
    }
}
