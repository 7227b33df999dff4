//! Signing in: e-mail, password, and the tagged answer to both.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

use crate::{
    establishments::EstablishmentCard,
    ids::{EstablishmentId, SessionId, UserId},
    psc::Practice,
    roles::{Permission, Roles},
    serde_by_parsing,
    time::{Language, Moment},
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

/// Checks a new password against the rule; `context` holds words that it must not be made of.
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
    // What remains after the known words must still be worth something.
    let mut rest = folded;
    for word in context.iter().chain(&["carelink", "pharmacie", "password", "motdepasse"]) {
        let word = word.to_lowercase();
        if word.chars().count() >= 4 {
            rest = rest.replace(&word, "");
        }
    }
    if rest.chars().count() < 6 { Err(PasswordProblem::Context) } else { Ok(()) }
}

/// How a client wants its tokens.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Transport {
    /// `__Host-` cookies, for browsers.
    #[default]
    Cookie,
    /// In the answer's body, for other software.
    Bearer,
}

/// How a session was opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Method {
    /// E-mail address and password, with or without a second factor.
    Password,
    /// A passkey alone.
    Passkey,
    /// Pro Santé Connect.
    Psc,
}

impl Method {
    /// Every method.
    pub const ALL: [Self; 3] = [Self::Password, Self::Passkey, Self::Psc];

    /// The name in the database.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Password => "password",
            Self::Passkey => "passkey",
            Self::Psc => "psc",
        }
    }
}

/// A sign-in with a local account.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Credentials {
    /// As typed: a malformed address gets the same answer as an unknown one.
    pub email: String,
    /// As typed.
    pub password: Password,
    /// Chosen establishment, where the person belongs to several.
    pub establishment: Option<EstablishmentId>,
    /// Where the tokens go.
    #[serde(default)]
    pub transport: Transport,
}

/// Answer to a sign-in that got the password right.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "outcome", rename_all = "snake_case")]
pub enum SignInOutcome {
    /// A session is open.
    SignedIn {
        /// Who signed in.
        me: Box<Me>,
        /// Only for [`Transport::Bearer`].
        tokens: Option<Tokens>,
    },
    /// The person belongs to several establishments and must say which.
    ChooseEstablishment {
        /// The choice.
        establishments: Vec<EstablishmentCard>,
    },
    /// The password is right, and a second factor is needed.
    FactorRequired {
        /// Names this sign-in in the next call; only for [`Transport::Bearer`] (browsers keep it in a cookie).
        ticket: Option<String>,
        /// What the person can show.
        factors: FactorsAtHand,
    },
}

/// How people can sign in here.
#[expect(clippy::struct_excessive_bools, reason = "each says of one way whether it is open")]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SignInWays {
    /// With Pro Santé Connect.
    pub psc: bool,
    /// With a passkey: the service has a name, not only an address.
    pub passkey: bool,
    /// That one is a simulator with made-up people.
    pub simulated: bool,
    /// Local accounts need no second factor here: a demonstration.
    pub relaxed: bool,
    /// Establishments can be registered here.
    pub registers: bool,
}

/// Second factors that a person can show.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct FactorsAtHand {
    /// Six digits of an authenticator application.
    pub totp: bool,
    /// A passkey.
    pub passkey: bool,
    /// How many recovery codes are left.
    pub recovery: u32,
}

impl FactorsAtHand {
    /// Whether there is any factor but recovery codes.
    pub const fn any(self) -> bool {
        self.totp || self.passkey
    }
}

/// Tokens for a client that keeps them itself.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tokens {
    /// JWT for `Authorization: Bearer`.
    pub access_token: String,
    /// Seconds until it expires.
    pub expires_in: u64,
    /// For `auth/refresh`.
    pub refresh_token: String,
}

impl fmt::Debug for Tokens {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Tokens(…)")
    }
}

/// Who is signed in, as pages need it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Me {
    /// Person.
    pub user: UserId,
    /// Session.
    pub session: SessionId,
    /// Given and family name.
    pub name: String,
    /// E-mail. Pro Santé Connect gives none that could be relied on.
    pub email: Option<String>,
    /// How the session was opened.
    pub method: Method,
    /// A second factor must be set up before anything else.
    pub needs_factor: bool,
    /// Exercise and activity that the session is about, as Pro Santé Connect has them.
    pub practice: Option<Practice>,
    /// Those that the person may choose from, where there are several.
    pub practices: Vec<Practice>,
    /// Language of the person's pages.
    pub language: Language,
    /// Establishment in which the session works.
    pub establishment: Option<EstablishmentCard>,
    /// The other establishments that the person can switch to.
    pub others: Vec<EstablishmentCard>,
    /// Roles there.
    pub roles: Roles,
    /// Whether the person administers the platform.
    pub platform_administrator: bool,
    /// When the session ends whatever happens.
    pub ends_at: Moment,
    /// Seconds without activity after which it ends.
    pub idle_seconds: u64,
}

/// Who is signed in now, for a page of an earlier session.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Resumed {
    /// Who.
    pub me: Me,
    /// The token against cross-site requests that goes with the session; only for [`Transport::Cookie`].
    pub csrf: Option<String>,
}

impl fmt::Debug for Resumed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Resumed(…)")
    }
}

impl Me {
    /// Whether pages should offer what needs this permission. The server checks it again.
    pub fn may(&self, permission: Permission) -> bool {
        self.roles.allow(permission)
    }
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
