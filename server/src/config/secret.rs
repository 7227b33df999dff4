//! A value that is used and never shown: whoever adds one to a section can't forget to hide it.

use std::{fmt, fs, path::PathBuf};

use serde::{Deserialize, Serialize, Serializer};

use super::ConfigError;

/// What is shown in its place.
const HIDDEN: &str = "(hidden)";

/// A key, a password, or an address that holds one. Read as text; `Debug` and serialisation (hence `config dump`) say only
/// that there is one. None may have a default: defaults pass through serialisation.
#[derive(Clone, PartialEq, Eq, Deserialize)]
#[serde(transparent)]
pub struct Secret(String);

impl Secret {
    /// The value, for whoever uses it.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl From<&str> for Secret {
    fn from(text: &str) -> Self {
        Self(text.to_owned())
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(HIDDEN)
    }
}

impl Serialize for Secret {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(HIDDEN)
    }
}

/// A secret given directly or as the path of a file.
///
/// # Errors
/// The file can't be read.
pub(crate) fn secret(direct: Option<&Secret>, file: Option<&PathBuf>) -> Result<Option<String>, ConfigError> {
    match (direct, file) {
        (Some(text), _) => Ok(Some(text.expose().trim().to_owned())),
        (None, Some(path)) => match fs::read_to_string(path) {
            Ok(text) => Ok(Some(text.trim().to_owned())),
            Err(error) => Err(ConfigError::File { path: path.display().to_string(), error }),
        },
        (None, None) => Ok(None),
    }
}

#[cfg(test)]
mod tests {
    use figment::{Figment, providers::Serialized};
    use serde_json::{Map, Value, json};

    use super::super::{Config, from};

    /// Keys without a default that anybody may read. Every other one is a secret.
    const SHOWN: &[&str] = &[
        "server.public_url",
        "server.publisher",
        "server.publisher_contact",
        "server.host",
        "server.dpo",
        "database.bin_dir",
        "storage.bucket",
        "storage.endpoint",
        "storage.region",
        "storage.access_key_id",
        "secrets.recovery_recipient",
        "psc.client_id",
        "psc.issuer",
        "mail.host",
        "mail.username",
        "mail.from",
    ];

    #[test]
    fn no_secret_shows_in_a_dump_whoever_adds_one() {
        let mut hidden = Vec::new();
        let mut given = serde_json::to_value(Config::default()).unwrap();
        for (section, keys) in given.as_object_mut().unwrap() {
            for (key, value) in keys.as_object_mut().into_iter().flat_map(Map::iter_mut) {
                let name = format!("{section}.{key}");
                if value.is_null() {
                    *value = json!(format!("<{name}>"));
                    if !SHOWN.contains(&name.as_str()) && !key.ends_with("_file") {
                        hidden.push(name);
                    }
                }
            }
        }
        assert!(hidden.len() >= 8, "{hidden:?}");
        let config = from(Figment::from(Serialized::defaults(&given))).unwrap();
        let dump = super::super::dump(&config).unwrap();
        assert!(dump.contains("<server.publisher>"), "{dump}");
        for name in hidden {
            assert!(!dump.contains(&format!("<{name}>")), "{name} shows: {dump}");
            assert!(!format!("{config:?}").contains(&format!("<{name}>")), "{name} shows in Debug");
            let (section, key) = name.split_once('.').unwrap();
            let read: Value = toml::from_str(&dump).unwrap();
            assert_eq!(read[section][key], "(hidden)", "a dump says that {name} is set");
        }
        let used = super::secret(config.database.url.as_ref(), None).unwrap();
        assert_eq!(used.as_deref(), Some("<database.url>"));
    }
}
