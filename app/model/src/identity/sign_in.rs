//! Signing in: what is given, the tagged answer to it, and who is signed in.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::Password;
use crate::{
    establishments::EstablishmentCard,
    ids::{EstablishmentId, SessionId, UserId},
    psc::Practice,
    roles::{Permission, Roles},
    time::Language,
};

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
    /// Whether the account has a password, and so factors of its own, however the session was opened.
    pub has_password: bool,
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
    /// Seconds from the answer on after which the session ends whatever happens: the clock of a desk may be wrong by hours.
    pub ends_in_seconds: u64,
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
