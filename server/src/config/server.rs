//! `[server]`: addresses, mode, folders.

use std::{net::SocketAddr, path::PathBuf};

use ipnet::IpNet;
use serde::{Deserialize, Serialize};

/// How strict the server is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Mode {
    /// The default: https, nothing made up.
    #[default]
    Production,
    /// Plain http is allowed.
    Development,
    /// The same, with made-up establishments and people.
    Demonstration,
}

/// Addresses, mode, folders.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(default)]
pub struct Server {
    /// How strict.
    pub mode: Mode,
    /// Where people reach it: scheme and host, without a path.
    pub public_url: Option<String>,
    /// Where it listens.
    pub listen: SocketAddr,
    /// Private PostgreSQL, keys, documents.
    pub data_dir: PathBuf,
    /// What `cargo leptos build` made.
    pub site_root: PathBuf,
    /// Proxies whose `X-Forwarded-For` is believed.
    pub trusted_proxies: Vec<IpNet>,
    /// Origins that may call the API from a browser.
    pub cors_origins: Vec<String>,
    /// Connections at once, of browsers and their sockets; whoever comes then waits. Each is an open file.
    pub max_connections: usize,
    /// Seconds for requests under way when the server stops.
    pub drain_seconds: u64,
    /// `json` or `text`.
    pub log_format: LogFormat,
    /// `tracing` filter: `info`, `domain=debug,info`…
    pub log: String,
    /// Who publishes the service, for the legal notice.
    pub publisher: Option<String>,
    /// Their contact.
    pub publisher_contact: Option<String>,
    /// Who hosts it (HDS).
    pub host: Option<String>,
    /// Data protection officer.
    pub dpo: Option<String>,
}

/// Shape of the log.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum LogFormat {
    /// One JSON object a line.
    #[default]
    Json,
    /// For eyes.
    Text,
}

impl Default for Server {
    fn default() -> Self {
        Self {
            mode: Mode::Production,
            public_url: None,
            listen: SocketAddr::from(([127, 0, 0, 1], 3000)),
            data_dir: PathBuf::from("data"),
            site_root: PathBuf::from("target/site"),
            trusted_proxies: vec![],
            cors_origins: vec![],
            max_connections: 4096,
            drain_seconds: 20,
            log_format: LogFormat::Json,
            log: "info".to_owned(),
            publisher: None,
            publisher_contact: None,
            host: None,
            dpo: None,
        }
    }
}

impl Server {
    /// The public origin: scheme, host and port, without a slash at the end.
    pub fn origin(&self) -> String {
        match &self.public_url {
            Some(url) => url.trim_end_matches('/').to_owned(),
            None => format!("http://localhost:{}", self.listen.port()),
        }
    }

    /// Whether people come over https.
    pub fn is_secure(&self) -> bool {
        self.origin().starts_with("https://")
    }
}
