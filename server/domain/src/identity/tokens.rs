//! The access token (a JWT of five minutes) and the refresh token (an HMAC that can be computed again).

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use ed25519_dalek::SigningKey;
use jiff::Timestamp;
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation, decode, decode_header, encode};
use model::ids::{EstablishmentId, SessionId, UserId};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use crate::{Fault, vault};

/// Life of an access token, in seconds.
pub const ACCESS_SECONDS: i64 = 300;

/// What an access token says. The session row decides; this only points at it.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Claims {
    /// Person.
    pub sub: UserId,
    /// Session.
    pub sid: SessionId,
    /// Establishment.
    pub est: Option<EstablishmentId>,
    /// Roles, for clients; the server reads the row.
    pub roles: Vec<String>,
    /// Authentication methods (RFC 8176).
    pub amr: Vec<String>,
    /// Audience: the public URL.
    pub aud: String,
    /// Issuer: the public URL.
    pub iss: String,
    /// Issued at (seconds).
    pub iat: i64,
    /// Expires at (seconds).
    pub exp: i64,
}

struct Key {
    kid: String,
    decoding: DecodingKey,
    x: String,
}

/// Signs with the current key and accepts the previous one too (Ed25519, RFC 8037).
pub struct AccessTokens {
    encoding: EncodingKey,
    keys: Vec<Key>,
    issuer: String,
}

/// PKCS #8 frame of an Ed25519 seed (RFC 8410).
const PKCS8: [u8; 16] =
    [0x30, 0x2e, 0x02, 0x01, 0x00, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x04, 0x22, 0x04, 0x20];

impl AccessTokens {
    /// Takes the current seed and, while it is being replaced, the previous one.
    pub fn new(issuer: &str, current: &[u8; 32], previous: Option<&[u8; 32]>) -> Self {
        let key = |seed: &[u8; 32]| {
            let public = SigningKey::from_bytes(seed).verifying_key().to_bytes();
            let kid = URL_SAFE_NO_PAD.encode(&Sha256::digest(public)[..9]);
            Key { kid, decoding: DecodingKey::from_ed_der(&public), x: URL_SAFE_NO_PAD.encode(public) }
        };
        let encoding = EncodingKey::from_ed_der(&[&PKCS8[..], current].concat());
        Self {
            encoding,
            keys: std::iter::once(current).chain(previous).map(key).collect(),
            issuer: issuer.to_owned(),
        }
    }

    /// Signs claims for a session.
    ///
    /// # Errors
    /// The key doesn't sign.
    pub fn sign(&self, now: Timestamp, mut claims: Claims) -> Result<String, Fault> {
        claims.iss.clone_from(&self.issuer);
        claims.aud.clone_from(&self.issuer);
        claims.iat = now.as_second();
        claims.exp = now.as_second() + ACCESS_SECONDS;
        let mut header = Header::new(Algorithm::EdDSA);
        header.kid = self.keys.first().map(|key| key.kid.clone());
        encode(&header, &claims, &self.encoding).map_err(|error| Fault::Data(format!("jwt: {error}")))
    }

    /// Reads a token: one algorithm, our issuer and audience, not expired. Anything else is nobody.
    pub fn read(&self, now: Timestamp, token: &str) -> Option<Claims> {
        let header = decode_header(token).ok()?;
        let key = self.keys.iter().find(|key| Some(&key.kid) == header.kid.as_ref())?;
        let mut validation = Validation::new(Algorithm::EdDSA);
        validation.set_issuer(&[&self.issuer]);
        validation.set_audience(&[&self.issuer]);
        // The library would read the system's clock; ours is an argument.
        validation.validate_exp = false;
        let claims = decode::<Claims>(token, &key.decoding, &validation).ok()?.claims;
        (claims.exp > now.as_second()).then_some(claims)
    }

    /// The public keys (JSON Web Key Set, RFC 7517).
    pub fn jwks(&self) -> serde_json::Value {
        let keys: Vec<_> = self
            .keys
            .iter()
            .map(|key| serde_json::json!({"kty": "OKP", "crv": "Ed25519", "alg": "EdDSA", "use": "sig", "kid": key.kid, "x": key.x}))
            .collect();
        serde_json::json!({ "keys": keys })
    }
}

/// Session id, generation and an HMAC over both under the session's secret: nothing usable is stored, and the
/// successor can be computed again for a browser that lost the answer.
pub struct RefreshToken {
    /// Session.
    pub session: SessionId,
    /// Which of its tokens.
    pub generation: i32,
    mac: [u8; 32],
}

fn mac(secret: &[u8; 32], session: SessionId, generation: i32) -> [u8; 32] {
    vault::hmac(secret, b"refresh", &[session.0.as_bytes(), &generation.to_be_bytes()])
}

impl RefreshToken {
    /// Makes the token of a generation.
    pub fn make(secret: &[u8; 32], session: SessionId, generation: i32) -> String {
        let bytes =
            [session.0.as_bytes(), &generation.to_be_bytes()[..], &mac(secret, session, generation)].concat();
        URL_SAFE_NO_PAD.encode(bytes)
    }

    /// Reads a token's shape; [`RefreshToken::is_genuine`] decides.
    pub fn parse(text: &str) -> Option<Self> {
        let bytes: [u8; 52] = URL_SAFE_NO_PAD.decode(text).ok()?.try_into().ok()?;
        Some(Self {
            session: SessionId(Uuid::from_slice(&bytes[..16]).ok()?),
            generation: i32::from_be_bytes(bytes[16..20].try_into().ok()?),
            mac: bytes[20..].try_into().ok()?,
        })
    }

    /// Whether we made it (constant time).
    pub fn is_genuine(&self, secret: &[u8; 32]) -> bool {
        use subtle::ConstantTimeEq;
        mac(secret, self.session, self.generation).ct_eq(&self.mac).into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn claims() -> Claims {
        let id = Uuid::from_u128(1);
        Claims {
            sub: UserId(id),
            sid: SessionId(id),
            est: None,
            roles: vec![],
            amr: vec!["pwd".into()],
            aud: String::new(),
            iss: String::new(),
            iat: 0,
            exp: 0,
        }
    }

    #[test]
    fn a_token_lives_five_minutes_and_only_with_its_issuer_and_key() {
        let now = Timestamp::from_second(1_800_000_000).unwrap();
        let tokens = AccessTokens::new("https://a.example", &[1; 32], None);
        let token = tokens.sign(now, claims()).unwrap();
        assert!(tokens.read(now, &token).is_some());
        assert!(tokens.read(crate::clock::seconds(now, ACCESS_SECONDS), &token).is_none());
        assert!(AccessTokens::new("https://b.example", &[1; 32], None).read(now, &token).is_none());
        assert!(AccessTokens::new("https://a.example", &[2; 32], None).read(now, &token).is_none());
        // During a rotation the previous key still counts.
        assert!(AccessTokens::new("https://a.example", &[2; 32], Some(&[1; 32])).read(now, &token).is_some());
    }

    #[test]
    fn another_algorithm_is_nobody() {
        let now = Timestamp::from_second(1_800_000_000).unwrap();
        let tokens = AccessTokens::new("https://a.example", &[1; 32], None);
        let genuine = tokens.sign(now, claims()).unwrap();
        let body = genuine.split('.').nth(1).unwrap();
        for header in [r#"{"alg":"none"}"#, r#"{"alg":"HS256","kid":"x"}"#] {
            let forged = format!("{}.{body}.", URL_SAFE_NO_PAD.encode(header));
            assert!(tokens.read(now, &forged).is_none());
        }
    }

    #[test]
    fn a_refresh_token_reads_back_and_a_changed_one_is_not_genuine() {
        let session = SessionId(Uuid::from_u128(7));
        let text = RefreshToken::make(&[3; 32], session, 4);
        let token = RefreshToken::parse(&text).unwrap();
        assert!(token.is_genuine(&[3; 32]) && !token.is_genuine(&[4; 32]));
        let later = RefreshToken { generation: 5, ..RefreshToken::parse(&text).unwrap() };
        assert!(!later.is_genuine(&[3; 32]));
        assert!(RefreshToken::parse("short").is_none());
    }
}
