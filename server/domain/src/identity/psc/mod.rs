//! Pro Santé Connect: OpenID Connect, authorization code with state, nonce and PKCE. It says who somebody is; what they may do
//! is CareLink's own business.
//!
//! The ways: [`begin`] → the provider → [`finish`] (→ [`confirm_link`], where an account is linked to another name);
//! [`revalidate`] while the session lasts; [`end_of_session`] when the person signs out; [`backchannel_logout`] when the provider
//! says so.

mod arrive;
mod backchannel;
mod begin;
mod client;
mod finish;
mod link;
mod people;
mod provider;
mod revalidate;
mod session;
mod settings;
mod unlink;
mod userinfo;
mod verify;

pub use backchannel::{LogoutRefused, backchannel_logout};
pub use begin::{Begun, Intent, begin};
pub use finish::{Callback, Came, Finished, Turned, finish};
pub use link::{confirm_link, decline_link, link_offer};
pub(crate) use people::forget_strangers;
pub use provider::Psc;
pub(super) use revalidate::revalidate;
pub(super) use session::{PscSession, end_of_session};
pub use settings::{ClientAuthentication, PscSettings, SignatureAlgorithm};
pub use unlink::{UnlinkError, linked_identity, unlink};
pub(super) use unlink::{is_needed, issuer};

use crate::{Fault, fault::fault_from};

/// Why Pro Santé Connect let nobody in. Texts are for the log; pages word [`PscError::word`].
#[derive(Debug, thiserror::Error)]
pub enum PscError {
    /// The operator has not configured it.
    #[error("Pro Santé Connect is not configured")]
    Off,
    /// The person said no (`access_denied`).
    #[error("cancelled")]
    Cancelled,
    /// Unknown, used or expired state, or another browser's.
    #[error("no such transaction, or its code is no longer good")]
    Expired,
    /// The provider wants the person to sign in there first (`login_required`, `interaction_required`).
    #[error("login required")]
    LoginRequired,
    /// The provider refuses our request: a setting is wrong.
    #[error("refused by the provider: {0}")]
    Refused(String),
    /// The identity was not proved at the level that is needed.
    #[error("level of assurance: {0}")]
    Level(String),
    /// An answer that does not hold: signature, issuer, audience, nonce, times.
    #[error("rejected: {0}")]
    Rejected(String),
    /// Signed in there longer ago than a session may last.
    #[error("authenticated too long ago")]
    TooOld,
    /// No exercise as a professional.
    #[error("not a professional")]
    NotProfessional,
    /// Linking wants a second factor of the last ten minutes.
    #[error("no factor of now")]
    StepUp,
    /// The identity belongs to another account already.
    #[error("linked to another account")]
    AlreadyLinked,
    /// The account is disabled.
    #[error("disabled")]
    Disabled,
    /// No answer, or not a usable one.
    #[error("unavailable: {0}")]
    Unavailable(String),
    /// An incident.
    #[error(transparent)]
    Fault(#[from] Fault),
}
fault_from!(PscError);

impl PscError {
    /// One word for the audit, the address of the page that tells it, and tests.
    pub const fn word(&self) -> &'static str {
        match self {
            Self::Off => "off",
            Self::Cancelled => "cancelled",
            Self::Expired => "expired",
            Self::LoginRequired => "login_required",
            Self::Refused(_) => "refused",
            Self::Level(_) => "level",
            Self::Rejected(_) => "rejected",
            Self::TooOld => "too_old",
            Self::NotProfessional => "not_professional",
            Self::StepUp => "step_up",
            Self::AlreadyLinked => "already_linked",
            Self::Disabled => "disabled",
            Self::Unavailable(_) => "unavailable",
            Self::Fault(_) => "failure",
        }
    }
}
