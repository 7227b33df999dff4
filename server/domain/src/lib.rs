//! CareLink's use cases and their SQL, one folder per capability. No HTTP, no pages, no environment.
//!
//! A use case takes the [`Domain`] and an actor whose type states the right, and answers a view of `model` or a small
//! error. The audit row of an act is written in the act's transaction.

pub mod actor;
pub mod audit;
pub mod browsers;
pub mod clock;
pub mod codes;
pub mod db;
pub mod documents;
pub mod establishments;
pub mod events;
pub mod fault;
pub mod fetch;
pub mod identity;
pub mod jobs;
pub mod limits;
pub mod mail;
pub mod members;
pub mod random;
pub mod registration;
pub mod statistics;
pub mod vault;

use std::{ops::Deref, sync::Arc};

pub use actor::{Admin, Depositor, Origin, PlatformAdmin, Staff, StepUp, System};
pub use fault::{Fault, Refused};

/// Everything that a use case needs. Cloning shares it.
#[derive(Clone)]
pub struct Domain(Arc<Parts>, clock::Clock);

/// What [`Domain`] is made of.
pub struct Parts {
    /// The way to PostgreSQL.
    pub db: db::Db,
    /// Keys and documents.
    pub vault: vault::Vault,
    /// Keyed hashes under the pepper.
    pub pepper: vault::Pepper,
    /// Time.
    pub clock: clock::Clock,
    /// Randomness.
    pub random: random::Random,
    /// The disposable child process that turns documents into pictures.
    pub viewer: viewer::Viewer,
    /// Passwords, off the async threads.
    pub passwords: identity::Passwords,
    /// Access tokens.
    pub tokens: identity::AccessTokens,
    /// Sessions read lately.
    pub sessions: identity::SessionCache,
    /// Settings read lately.
    pub settings: establishments::SettingsCache,
    /// Live events of this node.
    pub events: events::Events,
    /// Passkeys for this service's name.
    pub passkeys: identity::factors::Passkeys,
    /// Pro Santé Connect, where it is configured.
    pub psc: Option<identity::Psc>,
    /// Where mails go.
    pub mailer: mail::Mailer,
    /// Numbers that an operator may set.
    pub policy: Policy,
}

/// Numbers that an operator may set.
#[derive(Clone, Debug)]
pub struct Policy {
    /// Origin of every address that is handed out: `https://carelink.example.fr`.
    pub public_url: String,
    /// Session limits.
    pub sessions: identity::SessionPolicy,
    /// What signing in demands.
    pub identity: identity::IdentityPolicy,
    /// Rates.
    pub limits: limits::LimitPolicy,
}

impl Domain {
    /// Puts the parts together.
    pub fn new(parts: Parts) -> Self {
        let clock = parts.clock.clone();
        Self(Arc::new(parts), clock)
    }

    /// The same domain at a moment that stands still: for what must look as if it had happened then.
    #[must_use]
    pub fn at(&self, moment: jiff::Timestamp) -> Self {
        Self(Arc::clone(&self.0), clock::Clock::standing_at(moment))
    }

    /// The clock's now.
    pub fn now(&self) -> jiff::Timestamp {
        self.1.now()
    }
}

impl Deref for Domain {
    type Target = Parts;
    fn deref(&self) -> &Parts {
        &self.0
    }
}
