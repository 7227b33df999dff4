//! `[psc]`: Pro Santé Connect. Without a client id there is no button.

use std::path::PathBuf;

use domain::identity::psc::{ClientAuthentication, PscSettings, SignatureAlgorithm};
use serde::{Deserialize, Serialize};

use super::{Config, ConfigError, Secret, secret};

/// Which Pro Santé Connect.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Environment {
    /// The real one.
    #[default]
    Production,
    /// ANS's sandbox ("bac à sable").
    Bas,
    /// Another provider of the same kind: `psc.issuer` says which.
    Custom,
    /// The simulator that comes with CareLink: made-up people, never in production.
    Simulator,
}

/// How the service shows who it is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Authentication {
    /// The secret in the body.
    #[default]
    SecretPost,
    /// The secret in a header.
    SecretBasic,
    /// A client certificate (mutual TLS).
    Certificate,
}

/// Algorithm of an identity token's signature.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum Algorithm {
    /// RSA.
    Rs256,
    /// RSA with PSS.
    Ps256,
    /// ECDSA.
    Es256,
}

/// Pro Santé Connect.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(default)]
pub struct Psc {
    /// Of this service, as registered. Absent: no Pro Santé Connect.
    pub client_id: Option<String>,
    /// Its secret.
    pub client_secret: Option<Secret>,
    /// The same from a file.
    pub client_secret_file: Option<PathBuf>,
    /// Which one.
    pub environment: Environment,
    /// Issuer of a `custom` one, or of the simulator.
    pub issuer: Option<String>,
    /// How the service shows who it is.
    pub authentication: Authentication,
    /// PEM of the client certificate and its private key.
    pub certificate_file: Option<PathBuf>,
    /// Accepted algorithms.
    pub algorithms: Vec<Algorithm>,
}

impl Default for Psc {
    fn default() -> Self {
        Self {
            client_id: None,
            client_secret: None,
            client_secret_file: None,
            environment: Environment::default(),
            issuer: None,
            authentication: Authentication::default(),
            certificate_file: None,
            algorithms: vec![Algorithm::Rs256],
        }
    }
}

const PRODUCTION: &str = "https://auth.esw.esante.gouv.fr/auth/realms/esante-wallet";
const BAS: &str = "https://auth.bas.psc.esante.gouv.fr/auth/realms/esante-wallet";

impl Psc {
    /// The issuer, where it is known.
    pub fn issuer(&self) -> Option<&str> {
        match self.environment {
            Environment::Production => Some(PRODUCTION),
            Environment::Bas => Some(BAS),
            Environment::Custom | Environment::Simulator => self.issuer.as_deref(),
        }
    }

    /// As the domain takes it; nothing without a client id.
    ///
    /// # Errors
    /// The secret's file can't be read.
    pub fn settings(config: &Config) -> Result<Option<PscSettings>, ConfigError> {
        let psc = &config.psc;
        let (Some(client_id), Some(issuer)) = (&psc.client_id, psc.issuer()) else { return Ok(None) };
        let secret = secret(psc.client_secret.as_ref(), psc.client_secret_file.as_ref())?.unwrap_or_default();
        let origin = config.server.origin();
        Ok(Some(PscSettings {
            client_id: client_id.clone(),
            authentication: match psc.authentication {
                Authentication::SecretPost => ClientAuthentication::SecretPost(secret),
                Authentication::SecretBasic => ClientAuthentication::SecretBasic(secret),
                Authentication::Certificate => ClientAuthentication::Certificate,
            },
            issuer: issuer.trim_end_matches('/').to_owned(),
            algorithms: psc
                .algorithms
                .iter()
                .map(|algorithm| match algorithm {
                    Algorithm::Rs256 => SignatureAlgorithm::Rs256,
                    Algorithm::Ps256 => SignatureAlgorithm::Ps256,
                    Algorithm::Es256 => SignatureAlgorithm::Es256,
                })
                .collect(),
            redirect_uri: format!("{origin}/auth/psc/callback"),
            post_logout_redirect_uri: format!("{origin}/portal/sign-in"),
            simulated: psc.environment == Environment::Simulator,
        }))
    }
}
