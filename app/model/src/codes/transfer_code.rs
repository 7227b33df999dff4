//! The six characters, and the token of the link.
//!
//! Crockford's base 32 without look-alikes: people dictate codes over the phone and copy them from paper.

use std::{fmt, str::FromStr};

use crate::serde_by_parsing;

/// Crockford's alphabet, in value order.
const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/// What was typed can't be a code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a code")]
pub struct BadCode;

/// Folds one typed character: case, O→0, I and L→1. U is not in the alphabet.
fn fold(c: char) -> Option<u8> {
    let c = u8::try_from(c).ok()?.to_ascii_uppercase();
    let c = match c {
        b'O' => b'0',
        b'I' | b'L' => b'1',
        other => other,
    };
    ALPHABET.contains(&c).then_some(c)
}

/// Six symbols of Crockford's base 32 (1.07 × 10⁹ values), in canonical form.
///
/// Parsing ignores case, blanks, dashes, dots and the dashes that phones substitute.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct TransferCode([u8; 6]);

impl TransferCode {
    /// Number of symbols.
    pub const LENGTH: usize = 6;

    /// Makes a code of random bytes, five bits each. 32 divides 256: every code is equally likely.
    pub fn from_random(random: [u8; 6]) -> Self {
        Self(random.map(|byte| ALPHABET[usize::from(byte & 31)]))
    }

    /// Canonical bytes, for the keyed hash.
    pub fn as_bytes(&self) -> &[u8; 6] {
        &self.0
    }

    /// Grouped for the eye: `K7M 2QX`.
    pub fn grouped(&self) -> String {
        let text = self.as_ref();
        format!("{} {}", &text[..3], &text[3..])
    }

    /// The symbols one by one, for a line that spells the code.
    pub fn symbols(&self) -> impl Iterator<Item = char> + '_ {
        self.0.iter().map(|&byte| char::from(byte))
    }
}

impl AsRef<str> for TransferCode {
    fn as_ref(&self) -> &str {
        // Always ASCII by construction; the empty text could only come of a defect and is no valid code.
        std::str::from_utf8(&self.0).unwrap_or_default()
    }
}

impl fmt::Display for TransferCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_ref())
    }
}

/// Never prints the value: codes have no place in logs.
impl fmt::Debug for TransferCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("TransferCode(…)")
    }
}

impl FromStr for TransferCode {
    type Err = BadCode;
    fn from_str(raw: &str) -> Result<Self, BadCode> {
        // A hostile form field may be megabytes long; an honest one is short.
        if raw.len() > 64 {
            return Err(BadCode);
        }
        let mut symbols = [0; 6];
        let mut count = 0;
        for c in raw.chars() {
            if c.is_whitespace() || matches!(c, '-' | '.' | '_' | '\u{2010}'..='\u{2015}') {
                continue;
            }
            *symbols.get_mut(count).ok_or(BadCode)? = fold(c).ok_or(BadCode)?;
            count += 1;
        }
        if count == Self::LENGTH { Ok(Self(symbols)) } else { Err(BadCode) }
    }
}
serde_by_parsing!(TransferCode);

/// The 128-bit token of a link or QR code: 26 symbols of the same alphabet, lower case in addresses.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct LinkToken(String);

impl LinkToken {
    /// Symbols of a token: 26 × 5 bits hold 128.
    pub const LENGTH: usize = 26;

    /// Makes a token of 128 random bits.
    pub fn from_random(random: [u8; 16]) -> Self {
        let mut bits = u128::from_be_bytes(random);
        let mut symbols = [0; Self::LENGTH];
        for symbol in symbols.iter_mut().rev() {
            *symbol = ALPHABET[(bits & 31) as usize].to_ascii_lowercase();
            bits >>= 5;
        }
        Self(symbols.into_iter().map(char::from).collect())
    }
}

impl AsRef<str> for LinkToken {
    fn as_ref(&self) -> &str {
        &self.0
    }
}

/// Never prints the value.
impl fmt::Debug for LinkToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("LinkToken(…)")
    }
}

impl FromStr for LinkToken {
    type Err = BadCode;
    fn from_str(raw: &str) -> Result<Self, BadCode> {
        if raw.len() != Self::LENGTH {
            return Err(BadCode);
        }
        raw.chars()
            .map(|c| fold(c).map(|b| char::from(b.to_ascii_lowercase())).ok_or(BadCode))
            .collect::<Result<_, _>>()
            .map(Self)
    }
}
serde_by_parsing!(LinkToken);

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn look_alikes_case_and_dashes_fold() {
        let canonical: TransferCode = "10AB1Z".parse().unwrap();
        for typed in ["1oab1z", "IO-AB-LZ", " l0 ab 1z ", "i‑0‑A‑B‑1‑Z", "10.AB.1z"] {
            assert_eq!(typed.parse(), Ok(canonical.clone()), "{typed}");
        }
    }

    #[test]
    fn what_cannot_be_a_code_is_refused() {
        for typed in ["", "12345", "1234567", "U23456", "12345é", "１２３４５６"] {
            assert_eq!(typed.parse::<TransferCode>(), Err(BadCode), "{typed}");
        }
    }

    #[test]
    fn debug_never_shows_a_code() {
        let code: TransferCode = "K7M2QX".parse().unwrap();
        assert!(!format!("{code:?}").contains("K7M"));
        assert_eq!(code.grouped(), "K7M 2QX");
    }

    proptest! {
        #[test]
        fn every_random_code_reads_back(random: [u8; 6]) {
            let code = TransferCode::from_random(random);
            prop_assert_eq!(code.to_string().to_lowercase().parse(), Ok(code.clone()));
            prop_assert_eq!(code.grouped().parse(), Ok(code));
        }

        #[test]
        fn folding_is_idempotent_and_never_panics(raw in "\\PC{0,80}") {
            if let Ok(code) = raw.parse::<TransferCode>() {
                prop_assert_eq!(code.to_string().parse(), Ok(code));
            }
        }

        #[test]
        fn every_token_reads_back_and_differs(a: [u8; 16], b: [u8; 16]) {
            let token = LinkToken::from_random(a);
            prop_assert_eq!(token.as_ref().parse(), Ok(token.clone()));
            prop_assert_eq!(a == b, token == LinkToken::from_random(b));
        }
    }
}
