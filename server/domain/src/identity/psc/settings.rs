//! What an operator says of Pro Santé Connect, and where to find it.

use std::fmt;

/// How this service shows the provider who it is.
#[derive(Clone)]
pub enum ClientAuthentication {
    /// The secret in the form's body (`client_secret_post`).
    SecretPost(String),
    /// The secret in the `Authorization` header (`client_secret_basic`).
    SecretBasic(String),
    /// A client certificate: the shared client presents it (`tls_client_auth`, RFC 8705).
    Certificate,
}

impl fmt::Debug for ClientAuthentication {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::SecretPost(_) => "SecretPost(…)",
            Self::SecretBasic(_) => "SecretBasic(…)",
            Self::Certificate => "Certificate",
        })
    }
}

/// Signature algorithms that an identity token may have: asymmetric ones only, so that neither `none` nor a secret that two
/// know can be set at all.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SignatureAlgorithm {
    /// RSASSA-PKCS1-v1_5 with SHA-256: what Pro Santé Connect uses.
    Rs256,
    /// RSASSA-PSS with SHA-256.
    Ps256,
    /// ECDSA with P-256 and SHA-256.
    Es256,
}

/// Pro Santé Connect as this service uses it.
#[derive(Clone, Debug)]
pub struct PscSettings {
    /// `client_id` of this service.
    pub client_id: String,
    /// How it authenticates.
    pub authentication: ClientAuthentication,
    /// Issuer: `https://auth.esw.esante.gouv.fr/auth/realms/esante-wallet` in production.
    pub issuer: String,
    /// Signature algorithms that are accepted.
    pub algorithms: Vec<SignatureAlgorithm>,
    /// Registered address to come back to, exactly.
    pub redirect_uri: String,
    /// Registered address to come back to after signing out.
    pub post_logout_redirect_uri: String,
    /// Whether it is the simulator: pages say so.
    pub simulated: bool,
}

impl PscSettings {
    /// Where the metadata lie: not where OpenID Connect Discovery has them.
    pub fn discovery(&self) -> String {
        format!("{}/.well-known/wallet-openid-configuration", self.issuer)
    }
}
