//! Typed identifiers: one UUID type per kind of thing, so that a document's id can't be passed for a code's.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};
use uuid::Uuid;

macro_rules! id {
    ($($(#[$doc:meta])* $name:ident)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub Uuid);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }

        impl FromStr for $name {
            type Err = BadId;
            fn from_str(raw: &str) -> Result<Self, BadId> {
                Uuid::try_parse(raw).map(Self).map_err(|_| BadId)
            }
        }
    )*};
}

id! {
    /// An establishment (a legal or geographic entity that uses the platform); names its PostgreSQL schema.
    EstablishmentId
    /// A person who can sign in.
    UserId
    /// One sign-in on one device.
    SessionId
    /// A code, hence one request for documents.
    CodeId
    /// One visit of a depositor under a code.
    DepositId
    /// A document that the establishment holds.
    DocumentId
    /// A passkey of a person.
    PasskeyId
    /// An invitation into an establishment.
    InvitationId
    /// One HTTP request, as logs and error pages name it.
    RequestId
}

/// The text is not an identifier.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not an identifier")]
pub struct BadId;
