//! `[sessions]`: limits of a sign-in.

use domain::identity::SessionPolicy;
use jiff::SignedDuration;
use serde::{Deserialize, Serialize};

/// Limits of a sign-in, in minutes.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(default)]
pub struct Sessions {
    /// Without activity.
    pub idle_minutes: u32,
    /// The same for administrators.
    pub administrator_idle_minutes: u32,
    /// From authentication.
    pub absolute_minutes: u32,
    /// Sessions of one person.
    pub most_per_user: u32,
}

impl Default for Sessions {
    fn default() -> Self {
        Self { idle_minutes: 30, administrator_idle_minutes: 15, absolute_minutes: 240, most_per_user: 10 }
    }
}

impl Sessions {
    /// As the domain takes it.
    pub fn policy(&self) -> SessionPolicy {
        let minutes = |n: u32| SignedDuration::from_mins(i64::from(n.max(1)));
        SessionPolicy {
            idle: minutes(self.idle_minutes),
            idle_administrator: minutes(self.administrator_idle_minutes),
            absolute: minutes(self.absolute_minutes),
            most_per_user: i64::from(self.most_per_user.max(1)),
        }
    }
}
