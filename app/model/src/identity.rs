//! Who somebody is: e-mail and password, how they sign in, and what a session says of them.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

use crate::serde_by_parsing;

mod sign_in;

pub use sign_in::{
    Credentials, FactorsAtHand, Me, Method, Resumed, SignInOutcome, SignInWays, Tokens, Transport,
};

/// An e-mail address: the everyday subset of RFC 5321 (dot-atom local part, DNS domain), lower-cased.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Email(String);

/// The text is no usable e-mail address.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not an e-mail address")]
pub struct BadEmail;

impl AsRef<str> for Email {
    fn as_ref(&self) -> &str {
        &self.0
    }
}

impl FromStr for Email {
    type Err = BadEmail;
    fn from_str(raw: &str) -> Result<Self, BadEmail> {
        let text = raw.trim().to_lowercase();
        let (local, domain) = text.rsplit_once('@').ok_or(BadEmail)?;
        let atom = |s: &str| {
            !s.is_empty()
                && s.bytes().all(|b| b.is_ascii_alphanumeric() || b"!#$%&'*+/=?^_`{|}~-".contains(&b))
        };
        let label = |s: &str| {
            (1..=63).contains(&s.len())
                && !s.starts_with('-')
                && !s.ends_with('-')
                && s.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
        };
        let fits = text.len() <= 254
            && (1..=64).contains(&local.len())
            && local.split('.').all(atom)
            && domain.contains('.')
            && domain.split('.').all(label);
        if fits { Ok(Self(text)) } else { Err(BadEmail) }
    }
}
serde_by_parsing!(Email);

/// A password in transit: never printed, compared or kept.
#[derive(Clone, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Password(String);

impl Password {
    /// Longest accepted, in bytes: Argon2 takes any length, a form should not.
    pub const MAX_BYTES: usize = 1024;

    /// Takes what was typed, as it is: no trimming, no composition rule.
    pub fn new(typed: impl Into<String>) -> Self {
        Self(typed.into())
    }

    /// The bytes to hash.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Password {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Password(…)")
    }
}

/// Why a new password was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[serde(rename_all = "snake_case")]
pub enum PasswordProblem {
    /// Fewer than [`MIN_PASSWORD`] characters.
    #[error("too short")]
    TooShort,
    /// More than [`Password::MAX_BYTES`].
    #[error("too long")]
    TooLong,
    /// Among the common ones, or one character or sequence repeated.
    #[error("too common")]
    Common,
    /// Made of the person's own name, address, establishment or of the product's name.
    #[error("made of known words")]
    Context,
    /// The one of before.
    #[error("the same password")]
    Same,
}

/// Fewest characters of a new password (CNIL 2022-100 with restriction of attempts).
pub const MIN_PASSWORD: usize = 12;

const COMMON: [&str; 40] = [
    "123456789012",
    "1234567890123",
    "12345678901234",
    "azertyuiop12",
    "azertyuiopqs",
    "azertyuiopqsdfg",
    "qwertyuiop12",
    "qwertyuiopas",
    "motdepasse12",
    "motdepasse123",
    "motdepasse1234",
    "monmotdepasse",
    "password1234",
    "password12345",
    "passwordpassword",
    "motdepassemotdepasse",
    "administrateur",
    "administrator",
    "administrateur1",
    "bonjourbonjour",
    "jetaimejetaime",
    "doudoudoudou",
    "loulouloulou",
    "marseille13013",
    "parissaintgermain",
    "allezlesbleus",
    "iloveyou1234",
    "letmein12345",
    "welcome12345",
    "bienvenue123",
    "bienvenue1234",
    "pharmacie123",
    "pharmacie1234",
    "infirmiere12",
    "infirmiere123",
    "changemechangeme",
    "changezmoi123",
    "soleilsoleil",
    "chocolat1234",
    "abcdefghijkl",
];

/// Checks a new password against the rule; `context` holds what it must not be made of: names, an address, an establishment, whole
/// and in their words.
///
/// # Errors
/// The first rule that it breaks.
pub fn check_new_password(password: &Password, context: &[&str]) -> Result<(), PasswordProblem> {
    let text = password.expose();
    if text.chars().count() < MIN_PASSWORD {
        return Err(PasswordProblem::TooShort);
    }
    if text.len() > Password::MAX_BYTES {
        return Err(PasswordProblem::TooLong);
    }
    let folded: String = text.to_lowercase();
    let distinct = folded.chars().collect::<std::collections::BTreeSet<_>>().len();
    let steps = |step: i64| {
        folded
            .chars()
            .zip(folded.chars().skip(1))
            .all(|(a, b)| i64::from(u32::from(b)) - i64::from(u32::from(a)) == step)
    };
    if distinct < 5 || steps(1) || steps(-1) || COMMON.contains(&folded.as_str()) {
        return Err(PasswordProblem::Common);
    }
    // What remains after the known words must still be worth something; what stands between them is not.
    let known = context.iter().chain(&["carelink", "pharmacie", "password", "motdepasse"]);
    let known: Vec<String> = known.map(|text| text.to_lowercase()).collect();
    let words = known
        .iter()
        .flat_map(|text| std::iter::once(text.as_str()).chain(text.split(|c: char| !c.is_alphanumeric())));
    let mut words: Vec<&str> = words.filter(|word| word.chars().count() >= 4).collect();
    words.sort_by_key(|word| std::cmp::Reverse(word.len()));
    let rest = words.iter().fold(folded.clone(), |rest, word| rest.replace(word, ""));
    let left = rest.chars().filter(|c| c.is_alphanumeric()).count();
    if rest != folded && left < 6 { Err(PasswordProblem::Context) } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn everyday_addresses_pass_and_others_do_not() {
        for good in ["a@b.fr", " Jeanne.Martin+tri@Hopital-Nord.exemple.fr "] {
            assert!(good.parse::<Email>().is_ok(), "{good}");
        }
        for bad in [
            "",
            "a",
            "a@b",
            "@b.fr",
            "a@.fr",
            "a@b..fr",
            "a b@c.fr",
            "a@b.fr\r\nBcc: x@y.fr",
            ".a@b.fr",
            "a@-b.fr",
        ] {
            assert_eq!(bad.parse::<Email>(), Err(BadEmail), "{bad}");
        }
    }

    #[test]
    fn a_password_is_long_uncommon_and_its_own() {
        let check = |text: &str| check_new_password(&Password::new(text), &["martin", "lilas"]);
        assert_eq!(check("court"), Err(PasswordProblem::TooShort));
        assert_eq!(check("aaaaaaaaaaaaaa"), Err(PasswordProblem::Common));
        assert_eq!(check("abcdefghijklmnop"), Err(PasswordProblem::Common));
        assert_eq!(check("MotDePasse123"), Err(PasswordProblem::Common));
        assert_eq!(check("CareLinkLilas2026"), Err(PasswordProblem::Context));
        let own = ["camille.demo@lilas.example", "Anne-Lise", "Pharmacie des Lilas"];
        let check_own = |text: &str| check_new_password(&Password::new(text), &own);
        for known in [
            "camille.demo@lilas.example",
            "CamilleDemo@lilas",
            "pharmacie des lilas",
            "anne lise camille",
            "Lilas-Lilas-Lilas",
        ] {
            assert_eq!(check_own(known), Err(PasswordProblem::Context), "{known}");
        }
        for good in ["lilas et huit bateaux", "!?#-+/*_%&=;,:.", "anne part demain à Brest"] {
            assert_eq!(check_own(good), Ok(()), "{good}");
        }
        assert_eq!(check("trois bateaux verts"), Ok(()));
        assert_eq!(check(&"é1".repeat(600)), Err(PasswordProblem::TooLong));
    }

    #[test]
    fn a_password_is_never_printed() {
        assert_eq!(format!("{:?}", Password::new("secret secret")), "Password(…)");
    }

    proptest! {
        #[test]
        fn parsing_an_address_never_panics_and_is_idempotent(raw in "\\PC{0,60}") {
            if let Ok(email) = raw.parse::<Email>() {
                prop_assert_eq!(email.as_ref().parse(), Ok(email.clone()));
            }
        }
    }
}
