//! `[mail]`: where mails go. Without a host they are written to a folder.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use super::Secret;

/// How the way to the mail server is kept private.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Encryption {
    /// TLS from the first byte (RFC 8314), port 465.
    #[default]
    Tls,
    /// Begun in clear, TLS demanded before anything is said (RFC 3207), port 587.
    Starttls,
    /// None: for a server on this very machine. Port 25.
    None,
}

/// Where mails go.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Mail {
    /// SMTP server. Absent: each mail becomes a file in `data_dir/mails`.
    pub host: Option<String>,
    /// Its port; 0 for the usual one of its encryption.
    pub port: u16,
    /// How the way there is kept private.
    pub encryption: Encryption,
    /// Name to sign in with.
    pub username: Option<String>,
    /// Its password.
    pub password: Option<Secret>,
    /// The password from a file.
    pub password_file: Option<PathBuf>,
    /// Whose mails are: `CareLink <ne-pas-repondre@exemple.fr>`. Absent: `carelink@` and the host of `server.public_url`.
    pub from: Option<String>,
}

impl Mail {
    /// Whether the mail server is this very machine.
    pub fn is_local(&self) -> bool {
        self.host.as_deref().is_some_and(|host| ["localhost", "127.0.0.1", "::1"].contains(&host))
    }
}
