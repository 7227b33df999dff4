//! National identifiers of professionals and organisations: the values check themselves, nothing is looked up.
//!
//! Formats and check digits are those of ANS (RPPS, FINESS, `idNat_PS`) and INSEE (SIREN, SIRET). Published test data
//! breaks some of them, letters in FINESS numbers for one. What a sandbox sends is kept as text elsewhere, not here.

#[cfg(test)]
mod tests;

use std::{fmt, str::FromStr};

use crate::serde_by_parsing;

macro_rules! identifier {
    ($($(#[$doc:meta])* $name:ident, $(#[$bad_doc:meta])* $bad:ident, $message:literal;)*) => {$(
        $(#[$doc])*
        #[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub struct $name(String);

        $(#[$bad_doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
        #[error($message)]
        pub struct $bad;

        impl AsRef<str> for $name {
            fn as_ref(&self) -> &str {
                &self.0
            }
        }
        serde_by_parsing!($name);
    )*};
}

identifier! {
    /// RPPS number of a professional: eleven digits, the last one Luhn's check digit. Blanks are dropped.
    Rpps,
    /// The text is no RPPS number.
    BadRpps, "not an RPPS number";

    /// National identifier of a professional (ANS `idNat_PS`, OID 1.2.250.1.71.4.2.1; `SubjectNameID` of Pro Santé
    /// Connect): 1 to 64 visible ASCII characters, taken as they are. FR Core: it is neither built nor interpreted. The
    /// one exception is [`Rpps::of_national_id`].
    NationalId,
    /// The text is no national identifier.
    BadNationalId, "not a national identifier of a professional";

    /// SIREN number of a legal unit (INSEE): nine digits, the last one Luhn's check digit. Blanks are dropped.
    #[derive(Debug)]
    Siren,
    /// The text is no SIREN number.
    BadSiren, "not a SIREN number";

    /// SIRET number of an establishment (INSEE): a SIREN and five digits, Luhn's sum over all fourteen. Blanks are
    /// dropped. Establishments of La Poste may instead have a sum of digits that five divides.
    #[derive(Debug)]
    Siret,
    /// The text is no SIRET number.
    BadSiret, "not a SIRET number";

    /// FINESS number: nine characters, the département first (`2A`, `2B` for Corsica), the last one Luhn's check digit.
    #[derive(Debug)]
    Finess,
    /// The text is no FINESS number.
    BadFiness, "not a FINESS number";
}

// Those of a person stay out of logs; those of an organisation are public.
macro_rules! debug_hides {
    ($($name:ident)*) => {$(
        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(concat!(stringify!($name), "(…)"))
            }
        }
    )*};
}
debug_hides!(Rpps NationalId);

/// SIREN of La Poste, whose establishments are more than Luhn's digit left room for.
const LA_POSTE: &str = "356000000";

/// Luhn's sum: from the right, every second digit doubled (nine subtracted above nine), a multiple of ten.
fn luhn(digits: &[u8]) -> bool {
    let sum: u32 = digits
        .iter()
        .rev()
        .enumerate()
        .map(|(i, &d)| {
            let d = u32::from(d);
            match (i % 2, d * 2) {
                (0, _) => d,
                (_, twice) if twice > 9 => twice - 9,
                (_, twice) => twice,
            }
        })
        .sum();
    sum.is_multiple_of(10)
}

/// People group digits with blanks, and copy them so.
fn without_blanks(raw: &str) -> String {
    raw.chars().filter(|c| !c.is_whitespace()).collect()
}

/// The values of exactly so many ASCII digits.
fn digits(text: &str, count: usize) -> Option<Vec<u8>> {
    let all = text.len() == count && text.bytes().all(|b| b.is_ascii_digit());
    all.then(|| text.bytes().map(|b| b - b'0').collect())
}

impl FromStr for Rpps {
    type Err = BadRpps;
    fn from_str(raw: &str) -> Result<Self, BadRpps> {
        let text = without_blanks(raw);
        let digits = digits(&text, 11).ok_or(BadRpps)?;
        if luhn(&digits) { Ok(Self(text)) } else { Err(BadRpps) }
    }
}

impl Rpps {
    /// The RPPS number in a national identifier: only of `8` and eleven digits that pass Luhn's check. Identifiers of
    /// other shapes (ADELI, structures, sandbox) stay opaque. Luhn's sum is over the eleven, the `8` is no part of it.
    pub fn of_national_id(id: &str) -> Option<Self> {
        let number = id.strip_prefix('8')?;
        // Before parsing, which would drop blanks: an identifier with blanks is none.
        digits(number, 11)?;
        number.parse().ok()
    }
}

impl FromStr for NationalId {
    type Err = BadNationalId;
    fn from_str(raw: &str) -> Result<Self, BadNationalId> {
        let fits = (1..=64).contains(&raw.len()) && raw.bytes().all(|b| b.is_ascii_graphic());
        if fits { Ok(Self(raw.to_owned())) } else { Err(BadNationalId) }
    }
}

impl FromStr for Siren {
    type Err = BadSiren;
    fn from_str(raw: &str) -> Result<Self, BadSiren> {
        let text = without_blanks(raw);
        let digits = digits(&text, 9).ok_or(BadSiren)?;
        if luhn(&digits) { Ok(Self(text)) } else { Err(BadSiren) }
    }
}

impl FromStr for Siret {
    type Err = BadSiret;
    fn from_str(raw: &str) -> Result<Self, BadSiret> {
        let text = without_blanks(raw);
        let digits = digits(&text, 14).ok_or(BadSiret)?;
        let postal =
            || text.starts_with(LA_POSTE) && digits.iter().map(|&d| u32::from(d)).sum::<u32>() % 5 == 0;
        // A SIREN must be right by itself too: then `siren` can't fail.
        if luhn(&digits[..9]) && (luhn(&digits) || postal()) { Ok(Self(text)) } else { Err(BadSiret) }
    }
}

impl Siret {
    /// The legal unit that the establishment belongs to.
    pub fn siren(&self) -> Siren {
        Siren(self.0[..9].to_owned())
    }
}

impl FromStr for Finess {
    type Err = BadFiness;
    fn from_str(raw: &str) -> Result<Self, BadFiness> {
        let text = without_blanks(raw).to_ascii_uppercase();
        if text.len() != 9 {
            return Err(BadFiness);
        }
        let mut digits = Vec::with_capacity(9);
        for (i, b) in text.bytes().enumerate() {
            digits.push(match (i, b) {
                (_, b'0'..=b'9') => b - b'0',
                // Corsica's letters count as 1 and 2 in the sum.
                (1, b'A') if digits == [2] => 1,
                (1, b'B') if digits == [2] => 2,
                _ => return Err(BadFiness),
            });
        }
        if luhn(&digits) { Ok(Self(text)) } else { Err(BadFiness) }
    }
}
