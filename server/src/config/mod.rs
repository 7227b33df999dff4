//! Configuration: a TOML file, then `CARELINK_*` in the environment (split at the first `_`). Unknown keys are refused
//! with the nearest name. Every key is documented in `carelink.example.toml`.

mod check;
mod database;
mod demo;
mod identity;
mod mail;
mod psc;
mod secret;
mod secrets;
mod server;
mod sessions;
mod storage;
mod viewer;

use std::path::Path;

pub use check::{Finding, check};
pub use database::Database;
pub use demo::Demo;
use domain::limits::LimitPolicy;
use figment::{
    Figment,
    providers::{Env, Format, Serialized, Toml},
};
pub use identity::{Identity, SecondFactor};
pub use mail::{Encryption, Mail};
pub use psc::{Authentication, Environment, Psc};
pub use secret::Secret;
pub(crate) use secret::secret;
pub use secrets::Secrets;
use serde::{Deserialize, Serialize};
pub use server::{LogFormat, Mode, Server};
pub use sessions::Sessions;
pub use storage::Storage;
pub use viewer::Viewer;

/// Everything that an operator may set, one section per file.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Config {
    /// Addresses, mode, folders.
    pub server: Server,
    /// PostgreSQL.
    pub database: Database,
    /// Documents.
    pub storage: Storage,
    /// Keys.
    pub secrets: Secrets,
    /// What signing in demands.
    pub identity: Identity,
    /// Pro Santé Connect.
    pub psc: Psc,
    /// Mails.
    pub mail: Mail,
    /// Sign-in sessions.
    pub sessions: Sessions,
    /// Rates.
    pub limits: LimitPolicy,
    /// The child process that draws documents.
    pub viewer: Viewer,
    /// Demonstration data.
    pub demo: Demo,
}

/// Why there is no configuration.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// A key that does not exist.
    #[error("unknown key {key}{}", hint(.nearest.as_ref()))]
    Unknown {
        /// As written.
        key: String,
        /// The nearest one that exists.
        nearest: Option<String>,
    },
    /// A value that does not fit its key.
    #[error("{0}")]
    Value(Box<figment::Error>),
    /// A file that can't be read.
    #[error("{path}: {error}")]
    File {
        /// Where.
        path: String,
        /// Why.
        error: std::io::Error,
    },
}

fn hint(nearest: Option<&String>) -> String {
    nearest.map(|name| format!(" (did you mean {name}?)")).unwrap_or_default()
}

/// Reads the file, if any, and the environment.
///
/// # Errors
/// See [`ConfigError`].
pub fn load(file: Option<&Path>) -> Result<Config, ConfigError> {
    let mut given = Figment::new();
    if let Some(path) = file {
        std::fs::metadata(path)
            .map_err(|error| ConfigError::File { path: path.display().to_string(), error })?;
        given = given.merge(Toml::file_exact(path));
    }
    given = given.merge(Env::prefixed("CARELINK_").map(|key| key.as_str().replacen('_', ".", 1).into()));
    from(given)
}

/// Checks the keys of what was given against those that exist, then lays it over the defaults.
fn from(given: Figment) -> Result<Config, ConfigError> {
    let value = |error: figment::Error| ConfigError::Value(Box::new(error));
    let found: serde_json::Value = given.extract().map_err(value)?;
    let known = keys(&serde_json::to_value(Config::default()).unwrap_or_default());
    for key in keys(&found) {
        if !known.contains(&key) {
            let nearest = known
                .iter()
                .max_by(|a, b| strsim::jaro_winkler(&key, a).total_cmp(&strsim::jaro_winkler(&key, b)));
            let nearest = nearest.filter(|name| strsim::jaro_winkler(&key, name) > 0.8).cloned();
            return Err(ConfigError::Unknown { key, nearest });
        }
    }
    Figment::from(Serialized::defaults(Config::default())).merge(given).extract().map_err(value)
}

/// `section.key` of every key.
fn keys(value: &serde_json::Value) -> Vec<String> {
    let sections = value.as_object().into_iter().flatten();
    sections
        .flat_map(|(section, keys)| match keys.as_object() {
            Some(keys) => keys.keys().map(|key| format!("{section}.{key}")).collect(),
            None => vec![section.clone()],
        })
        .collect()
}

/// The configuration in force as TOML, its secrets hidden.
///
/// # Errors
/// A value that TOML can't say.
pub fn dump(config: &Config) -> Result<String, toml::ser::Error> {
    toml::to_string_pretty(config)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(toml: &str) -> Result<Config, ConfigError> {
        from(Figment::from(Toml::string(toml)))
    }

    #[test]
    fn an_unknown_key_is_refused_with_the_nearest_name() {
        let error = read("[server]\npublicurl = 'x'").unwrap_err().to_string();
        assert_eq!(error, "unknown key server.publicurl (did you mean server.public_url?)");
        assert!(read("[nonsense]\nx = 1").is_err());
    }

    #[test]
    fn production_is_the_mode_unless_said_otherwise() {
        assert_eq!(read("").unwrap().server.mode, Mode::Production);
        assert_eq!(read("[server]\nmode = 'demonstration'").unwrap().server.mode, Mode::Demonstration);
    }

    #[test]
    fn the_example_file_names_every_key_and_nothing_else() {
        let example = include_str!("../../../carelink.example.toml");
        let bare: String = example
            .lines()
            .map(|line| line.strip_prefix("#= ").unwrap_or(line))
            .collect::<Vec<_>>()
            .join("\n");
        let figment = Figment::from(Toml::string(&bare));
        let mut written = keys(&figment.extract::<serde_json::Value>().unwrap());
        let mut known = keys(&serde_json::to_value(Config::default()).unwrap());
        written.sort();
        known.sort();
        assert_eq!(written, known);
    }
}
