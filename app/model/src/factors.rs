//! Second factors of local accounts: what a person types, and what their page shows.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

use crate::{identity::Tokens, ids::PasskeyId, serde_by_parsing, time::Moment};

/// Six digits of an authenticator application (RFC 6238). Blanks are ignored: applications show them in two groups.
#[derive(Clone, PartialEq, Eq)]
pub struct OneTimeCode(String);

/// The text is no code of this kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not such a code")]
pub struct BadFactorCode;

impl OneTimeCode {
    /// Number of digits.
    pub const DIGITS: usize = 6;
}

impl FromStr for OneTimeCode {
    type Err = BadFactorCode;
    fn from_str(raw: &str) -> Result<Self, BadFactorCode> {
        let text: String = raw.chars().filter(|c| !c.is_whitespace()).collect();
        let fits = text.len() == Self::DIGITS && text.bytes().all(|b| b.is_ascii_digit());
        if fits { Ok(Self(text)) } else { Err(BadFactorCode) }
    }
}

impl AsRef<str> for OneTimeCode {
    fn as_ref(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for OneTimeCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("OneTimeCode(…)")
    }
}
serde_by_parsing!(OneTimeCode);

/// A recovery code: ten characters without look-alikes (Crockford's 32), 50 bits. Case, blanks and dashes don't matter; O is 0,
/// I and L are 1.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct RecoveryCode(String);

const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

impl RecoveryCode {
    /// Number of characters.
    pub const LENGTH: usize = 10;
    /// How many a person gets at once.
    pub const SET: usize = 10;

    /// Of random bytes, of which each gives five bits.
    pub fn of(random: [u8; Self::LENGTH]) -> Self {
        Self(random.into_iter().map(|byte| char::from(ALPHABET[usize::from(byte % 32)])).collect())
    }

    /// In two groups, as it is written down.
    pub fn grouped(&self) -> String {
        let (first, second) = self.0.split_at(Self::LENGTH / 2);
        format!("{first}-{second}")
    }
}

impl FromStr for RecoveryCode {
    type Err = BadFactorCode;
    fn from_str(raw: &str) -> Result<Self, BadFactorCode> {
        let mut text = String::with_capacity(Self::LENGTH);
        for c in raw.chars().filter(|c| !c.is_whitespace() && *c != '-') {
            let folded = match c.to_ascii_uppercase() {
                'O' => '0',
                'I' | 'L' => '1',
                other => other,
            };
            if text.len() == Self::LENGTH || !u8::try_from(folded).is_ok_and(|b| ALPHABET.contains(&b)) {
                return Err(BadFactorCode);
            }
            text.push(folded);
        }
        if text.len() == Self::LENGTH { Ok(Self(text)) } else { Err(BadFactorCode) }
    }
}

impl AsRef<str> for RecoveryCode {
    fn as_ref(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for RecoveryCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("RecoveryCode(…)")
    }
}
serde_by_parsing!(RecoveryCode);

/// What a person shows as second factor. Texts are as typed: what doesn't parse is wrong like any other wrong code.
#[derive(Clone, Serialize, Deserialize)]
#[serde(tag = "factor", content = "answer", rename_all = "snake_case")]
pub enum FactorAnswer {
    /// Six digits of an authenticator application.
    Totp(String),
    /// A recovery code.
    Recovery(String),
    /// A passkey's signature.
    Passkey {
        /// Of the challenge.
        ticket: String,
        /// The browser's answer, as JSON (Web Authentication, `PublicKeyCredential`).
        credential: String,
    },
}

impl fmt::Debug for FactorAnswer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Totp(_) => "Totp(…)",
            Self::Recovery(_) => "Recovery(…)",
            Self::Passkey { .. } => "Passkey(…)",
        })
    }
}

/// An authenticator application that is to be set up.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TotpSetup {
    /// Names this set-up in the next call.
    pub ticket: String,
    /// The shared secret in base32 (RFC 4648), for who types it.
    pub secret: String,
    /// The same with all parameters (`otpauth://totp/…`), for the QR code.
    pub uri: String,
}

impl fmt::Debug for TotpSetup {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("TotpSetup(…)")
    }
}

/// A passkey that is to be made.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PasskeySetup {
    /// Names this set-up in the next call.
    pub ticket: String,
    /// For the browser: `PublicKeyCredentialCreationOptionsJSON` (Web Authentication Level 3).
    pub options: String,
}

/// A passkey that is asked for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PasskeyChallenge {
    /// Names this challenge in the answer.
    pub ticket: String,
    /// For the browser: `PublicKeyCredentialRequestOptionsJSON` (Web Authentication Level 3).
    pub options: String,
}

/// A person's second factors, as their page shows them.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Factors {
    /// Since when there is an authenticator application.
    pub totp_since: Option<Moment>,
    /// Passkeys, the newest last.
    pub passkeys: Vec<PasskeySummary>,
    /// Recovery codes that are left.
    pub recovery_left: u32,
}

impl Factors {
    /// Whether there is any but recovery codes.
    pub fn any(&self) -> bool {
        self.totp_since.is_some() || !self.passkeys.is_empty()
    }
}

/// A passkey, as its owner recognises it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PasskeySummary {
    /// Id.
    pub id: PasskeyId,
    /// Name given by the person.
    pub name: String,
    /// When it was made.
    pub created_at: Moment,
    /// When it was last used.
    pub last_used_at: Option<Moment>,
}

/// A session that goes on under a new name.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Renewed {
    /// New tokens, for who holds them itself.
    pub tokens: Option<Tokens>,
    /// For pages: the token against cross-site requests that goes with the new name.
    pub csrf: Option<String>,
}

impl fmt::Debug for Renewed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Renewed(…)")
    }
}

/// What setting up a factor gives.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Enrolled {
    /// Recovery codes, shown once: only with the first factor.
    pub recovery_codes: Option<Vec<String>>,
    /// The session, under a new name.
    #[serde(flatten)]
    pub session: Renewed,
}

impl fmt::Debug for Enrolled {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Enrolled(…)")
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_one_time_code_is_six_digits_however_they_are_grouped() {
        assert_eq!("123 456".parse::<OneTimeCode>().unwrap().as_ref(), "123456");
        for bad in ["", "12345", "1234567", "12345a", "١٢٣٤٥٦"] {
            assert!(bad.parse::<OneTimeCode>().is_err(), "{bad}");
        }
    }

    #[test]
    fn codes_are_never_printed() {
        let typed = FactorAnswer::Totp("123456".into());
        assert_eq!(format!("{typed:?}"), "Totp(…)");
        assert_eq!(format!("{:?}", RecoveryCode::of([7; 10])), "RecoveryCode(…)");
    }

    proptest! {
        #[test]
        fn a_recovery_code_reads_back_however_it_is_typed(random: [u8; 10]) {
            let code = RecoveryCode::of(random);
            let typed = code.grouped().to_lowercase().replace('0', "o").replace('1', "l");
            prop_assert_eq!(typed.parse(), Ok(code));
        }

        #[test]
        fn reading_codes_never_panics(text in "\\PC{0,40}") {
            let _ = (text.parse::<RecoveryCode>(), text.parse::<OneTimeCode>());
        }
    }
}
