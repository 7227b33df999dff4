//! Whether an identity token is what it seems: signature, issuer, audience, nonce, level, times.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use jiff::{SignedDuration, Timestamp};
use openidconnect::{
    AccessTokenHash, ClaimsVerificationError, ClientId, IdTokenVerifier, IssuerUrl, Nonce,
    OAuth2TokenResponse, SignatureVerificationError,
    core::{CoreJsonWebKey, CoreJwsSigningAlgorithm},
};

use super::{
    PscError,
    begin::LEVEL,
    client::{Token, Tokens},
    provider::{Provider, Psc},
    settings::{PscSettings, SignatureAlgorithm},
};
use crate::Domain;

/// How far the provider's clock and ours may be apart.
pub(super) const LEEWAY: SignedDuration = SignedDuration::from_secs(120);
/// A token is used at once: one that was issued longer ago than this was kept by somebody.
const FRESH: SignedDuration = SignedDuration::from_mins(10);

/// What an identity token proves.
#[derive(Debug)]
pub(super) struct Proved {
    pub sub: String,
    pub sid: Option<String>,
    /// When the person showed who they are: `auth_time`, or `iat` where it is absent.
    pub authenticated_at: Timestamp,
    /// The same where the provider says it: only that proves that somebody was there then.
    pub factor_at: Option<Timestamp>,
    /// The token itself, for signing out.
    pub id_token: String,
}

/// Verifies the identity token of a token answer; unknown keys are asked for once.
pub(super) async fn verify(
    d: &Domain,
    psc: &Psc,
    provider: Arc<Provider>,
    tokens: &Tokens,
    nonce: &str,
) -> Result<Proved, PscError> {
    let token =
        tokens.extra_fields().id_token().ok_or_else(|| PscError::Rejected("no identity token".into()))?;
    let nonce = Nonce::new(nonce.to_owned());
    let access = tokens.access_token();
    match check(d, &psc.settings, &provider, token, access, &nonce) {
        Err(Failed::UnknownKey) => {
            let provider = psc.with_new_keys(d, &provider).await?;
            check(d, &psc.settings, &provider, token, access, &nonce).map_err(Failed::into)
        }
        other => other.map_err(Failed::into),
    }
}

enum Failed {
    UnknownKey,
    Other(PscError),
}

impl From<Failed> for PscError {
    fn from(failed: Failed) -> Self {
        match failed {
            Failed::UnknownKey => Self::Rejected("signed with an unknown key".into()),
            Failed::Other(error) => error,
        }
    }
}

fn rejected(why: impl std::fmt::Display) -> Failed {
    Failed::Other(PscError::Rejected(why.to_string()))
}

fn check(
    d: &Domain,
    settings: &PscSettings,
    provider: &Provider,
    token: &Token,
    access: &openidconnect::AccessToken,
    nonce: &Nonce,
) -> Result<Proved, Failed> {
    let now = d.now();
    let verifier = verifier(settings, provider, now).map_err(Failed::Other)?;
    let claims = token.claims(&verifier, nonce).map_err(failed)?;
    // The library leaves `azp` to us (OpenID Connect Core, 3.1.3.7, step 5).
    if claims.authorized_party().is_some_and(|party| party.as_str() != settings.client_id) {
        return Err(rejected("azp"));
    }
    if claims.subject().as_str().is_empty() || claims.subject().as_str().len() > 255 {
        return Err(rejected("sub"));
    }
    if let Some(expected) = claims.access_token_hash() {
        let algorithm = token.signing_alg().map_err(rejected)?;
        let key = token.signing_key(&verifier).map_err(rejected)?;
        let actual = AccessTokenHash::from_token(access, algorithm, key).map_err(rejected)?;
        if actual != *expected {
            return Err(rejected("at_hash"));
        }
    }
    let factor_at = claims.auth_time().map(|at| not_in_future(at, now)).transpose()?;
    let issued_at = not_in_future(claims.issue_time(), now)?;
    Ok(Proved {
        sub: claims.subject().to_string(),
        sid: claims.additional_claims().sid.clone().filter(|sid| !sid.is_empty() && sid.len() <= 255),
        authenticated_at: factor_at.unwrap_or(issued_at),
        factor_at,
        id_token: token.to_string(),
    })
}

fn verifier<'a>(
    settings: &PscSettings,
    provider: &Provider,
    now: Timestamp,
) -> Result<IdTokenVerifier<'a, CoreJsonWebKey>, PscError> {
    let issuer = IssuerUrl::new(settings.issuer.clone())
        .map_err(|error| PscError::Unavailable(format!("issuer: {error}")))?;
    let algorithms: Vec<CoreJwsSigningAlgorithm> = settings
        .algorithms
        .iter()
        .map(|algorithm| match algorithm {
            SignatureAlgorithm::Rs256 => CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha256,
            SignatureAlgorithm::Ps256 => CoreJwsSigningAlgorithm::RsaSsaPssSha256,
            SignatureAlgorithm::Es256 => CoreJwsSigningAlgorithm::EcdsaP256Sha256,
        })
        .collect();
    let is_recent = move |at: DateTime<Utc>| {
        let age = now.duration_since(from_chrono(at).unwrap_or(Timestamp::MIN));
        if age > FRESH || age < -LEEWAY { Err("iat".to_owned()) } else { Ok(()) }
    };
    Ok(IdTokenVerifier::new_public_client(
        ClientId::new(settings.client_id.clone()),
        issuer,
        provider.keys.clone(),
    )
    .set_allowed_algs(algorithms)
    .set_other_audience_verifier_fn(|_| false)
    // The library knows no leeway: its clock is a little behind ours.
    .set_time_fn(move || to_chrono(now - LEEWAY))
    .set_issue_time_verifier_fn(is_recent)
    .set_auth_context_verifier_fn(|level| match level {
        Some(level) if level.as_str() == LEVEL => Ok(()),
        Some(level) => Err(level.as_str().chars().take(40).collect()),
        None => Err("absent".to_owned()),
    }))
}

fn failed(error: ClaimsVerificationError) -> Failed {
    match error {
        ClaimsVerificationError::SignatureVerification(SignatureVerificationError::NoMatchingKey) => {
            Failed::UnknownKey
        }
        ClaimsVerificationError::InvalidAuthContext(level) => Failed::Other(PscError::Level(level)),
        other => rejected(other),
    }
}

/// A clock that is a little ahead must not make a session longer.
fn not_in_future(at: DateTime<Utc>, now: Timestamp) -> Result<Timestamp, Failed> {
    let at = from_chrono(at).ok_or_else(|| rejected("auth_time"))?;
    if now.duration_since(at) < -LEEWAY { Err(rejected("auth_time in the future")) } else { Ok(at.min(now)) }
}

fn from_chrono(at: DateTime<Utc>) -> Option<Timestamp> {
    Timestamp::from_second(at.timestamp()).ok()
}

fn to_chrono(at: Timestamp) -> DateTime<Utc> {
    DateTime::from_timestamp(at.as_second(), 0).unwrap_or(DateTime::UNIX_EPOCH)
}
