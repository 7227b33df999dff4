//! What signing in demands.

use model::registration::RegistrationMode;

/// What signing in demands.
#[derive(Clone, Copy, Debug)]
pub struct IdentityPolicy {
    /// Whether a local account needs a second factor (since 2026 a password alone is not acceptable for remote access to health
    /// data in France). Only a demonstration or a development server does without.
    pub second_factor: bool,
    /// Who may register an establishment.
    pub registration: RegistrationMode,
}

impl Default for IdentityPolicy {
    fn default() -> Self {
        Self { second_factor: true, registration: RegistrationMode::default() }
    }
}
