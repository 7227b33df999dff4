//! What a server function answers when it doesn't: a kind for the page to word, never free text.

use leptos::server_fn::{
    codec::JsonEncoding,
    error::{FromServerFnError, ServerFnErrorErr},
};
use model::identity::PasswordProblem;
use serde::{Deserialize, Serialize};

/// Why a request was not done. Each kind has its sentence in `locales/*/common.json`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "name", content = "detail")]
pub enum ErrorKind {
    /// Nobody is signed in, or the session has ended.
    NotSignedIn,
    /// The person's roles don't allow it.
    Forbidden,
    /// No such thing here.
    NotFound,
    /// A value that doesn't parse.
    Invalid,
    /// Another tab works in another establishment.
    OtherEstablishment,
    /// The page is of an earlier session, or of none: its token is no longer good.
    StalePage,
    /// Somebody else has changed it since it was read.
    ChangedMeanwhile,
    /// Wrong e-mail or password.
    WrongCredentials,
    /// The second factor is wrong, or was used before.
    WrongFactor,
    /// A recovery code is wrong, or was used before. Pages only.
    WrongRecovery,
    /// A passkey answered, and was not accepted. Pages only.
    WrongPasskey,
    /// A new passkey was not accepted. Pages only.
    PasskeyNotMade,
    /// No passkey answered: the window was closed, or none fits.
    NoPasskey,
    /// This device holds a passkey of the account already. Pages only.
    PasskeyThere,
    /// This browser or this address knows no passkeys.
    NoPasskeysHere,
    /// A second factor must be set up first.
    FactorNeeded,
    /// A second factor must be shown again first.
    StepUpNeeded,
    /// The last second factor of an account that needs one.
    LastFactor,
    /// There is no password that a second factor would add to.
    NoPassword,
    /// Which exercise or activity it is about must be chosen first.
    PracticeNeeded,
    /// What was begun is over: begin again.
    BeginAgain,
    /// A mailed link has been used, or its time is over.
    LinkOver,
    /// It is the account's address already.
    SameEmail,
    /// The name is Pro Santé Connect's.
    NameGiven,
    /// Too many open requests for access.
    TooManyRequests,
    /// The current password is wrong.
    WrongPassword,
    /// The new password breaks a rule.
    Password(PasswordProblem),
    /// The person belongs to no establishment.
    NoEstablishment,
    /// The establishment lets people in with Pro Santé Connect only.
    PscOnly,
    /// Pro Santé Connect is not configured on this server.
    NoPsc,
    /// An establishment that lets people in with Pro Santé Connect only needs an administrator whom that recognises.
    NoLinkedAdministrator,
    /// The identity is the only way into the account.
    OnlyWay,
    /// Too many attempts: wait so many seconds.
    TooMany(u64),
    /// The code has ended.
    CodeEnded,
    /// Only a document that was seen can be held.
    NotSeen,
    /// The document is not held: there is nothing to release.
    NotHeld,
    /// The new date would not be earlier.
    NotEarlier,
    /// The person belongs already.
    AlreadyMember,
    /// The address has an account already: it is entered first.
    HasAccount,
    /// At least one role is needed.
    NoRole,
    /// Nobody changes their own rights.
    OwnRights,
    /// The establishment needs an administrator.
    LastAdministrator,
    /// Nobody registers establishments on this server.
    RegistrationClosed,
    /// Only administrators of the platform.
    PlatformOnly,
    /// This server creates establishments from its command line only.
    NoCreation,
    /// The network or the server did not answer.
    Unreachable,
    /// An incident: the request id finds it in the log.
    Internal,
}

/// A kind and the request's id.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ApiError {
    /// Why.
    pub kind: ErrorKind,
    /// For a call to whoever runs the server.
    pub request_id: Option<String>,
}

impl From<ErrorKind> for ApiError {
    fn from(kind: ErrorKind) -> Self {
        Self { kind, request_id: None }
    }
}

impl ApiError {
    /// A wrong factor by its own name: the server has one word for all of them, the page knows which one was shown.
    #[must_use]
    pub fn of_factor(self, shown: ErrorKind) -> Self {
        if self.kind == ErrorKind::WrongFactor { Self { kind: shown, ..self } } else { self }
    }
}

impl ErrorKind {
    /// HTTP status (RFC 9110, RFC 6585).
    pub const fn status(self) -> u16 {
        match self {
            Self::NotSignedIn
            | Self::WrongCredentials
            | Self::WrongFactor
            | Self::WrongRecovery
            | Self::WrongPasskey
            | Self::PasskeyNotMade => 401,
            Self::Forbidden
            | Self::StalePage
            | Self::FactorNeeded
            | Self::StepUpNeeded
            | Self::PscOnly
            | Self::RegistrationClosed
            | Self::PlatformOnly
            | Self::PracticeNeeded => 403,
            Self::NotFound => 404,
            Self::OtherEstablishment
            | Self::ChangedMeanwhile
            | Self::CodeEnded
            | Self::AlreadyMember
            | Self::HasAccount
            | Self::BeginAgain
            | Self::LinkOver
            | Self::SameEmail
            | Self::NameGiven
            | Self::LastFactor
            | Self::NoPasskey
            | Self::NoPasskeysHere
            | Self::PasskeyThere
            | Self::NoPassword
            | Self::NoPsc
            | Self::NoLinkedAdministrator
            | Self::OnlyWay
            | Self::TooManyRequests
            | Self::NoCreation
            | Self::LastAdministrator => 409,
            Self::Invalid
            | Self::WrongPassword
            | Self::Password(_)
            | Self::NoEstablishment
            | Self::NotSeen
            | Self::NotHeld
            | Self::NotEarlier
            | Self::NoRole
            | Self::OwnRights => 422,
            Self::TooMany(_) => 429,
            Self::Unreachable | Self::Internal => 500,
        }
    }
}

impl std::fmt::Display for ApiError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:?}", self.kind)
    }
}

impl std::error::Error for ApiError {}

impl FromServerFnError for ApiError {
    type Encoder = JsonEncoding;

    fn from_server_fn_error(error: ServerFnErrorErr) -> Self {
        let kind = match error {
            ServerFnErrorErr::Request(_) | ServerFnErrorErr::Response(_) => ErrorKind::Unreachable,
            ServerFnErrorErr::Args(_)
            | ServerFnErrorErr::MissingArg(_)
            | ServerFnErrorErr::Deserialization(_) => ErrorKind::Invalid,
            _ => ErrorKind::Internal,
        };
        kind.into()
    }
}
