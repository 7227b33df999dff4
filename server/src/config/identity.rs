//! `[identity]`: what signing in demands.

use domain::identity::IdentityPolicy;
use model::registration::RegistrationMode;
use serde::{Deserialize, Serialize};

use super::Mode;

/// Whether local accounts need a second factor.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum SecondFactor {
    /// Yes, unless the server runs with made-up data.
    #[default]
    Auto,
    /// Yes.
    Required,
    /// Who wants one. Never in production.
    Optional,
}

/// What signing in demands.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Identity {
    /// Whether local accounts need a second factor.
    pub second_factor: SecondFactor,
    /// Who may register an establishment.
    pub registration: RegistrationMode,
}

impl Identity {
    /// As the domain takes it.
    pub fn policy(&self, mode: Mode) -> IdentityPolicy {
        let second_factor = match self.second_factor {
            SecondFactor::Auto => mode != Mode::Demonstration,
            SecondFactor::Required => true,
            SecondFactor::Optional => false,
        };
        IdentityPolicy { second_factor, registration: self.registration }
    }
}
