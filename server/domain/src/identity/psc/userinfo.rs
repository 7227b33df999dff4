//! The userinfo answer, as JSON or as a signed JWT, and signatures of tokens that are no identity tokens.

use std::sync::Arc;

use jsonwebtoken::{Algorithm, DecodingKey, Validation, decode, decode_header};
use model::psc::UserInfo;
use serde_json::Value;

use super::{
    PscError,
    provider::{Provider, Psc, request},
    settings::{ClientAuthentication, SignatureAlgorithm},
};
use crate::Domain;

/// Asks who it is. The access token lives two minutes: this follows the exchange at once.
pub(super) async fn userinfo(
    d: &Domain,
    psc: &Psc,
    provider: Arc<Provider>,
    access_token: &str,
    sub: &str,
) -> Result<UserInfo, PscError> {
    let metadata = &provider.metadata;
    let with_certificate = matches!(psc.settings.authentication, ClientAuthentication::Certificate);
    let alias = metadata.mtls_endpoint_aliases.as_ref().filter(|_| with_certificate);
    let address =
        alias.and_then(|alias| alias.userinfo_endpoint.as_ref()).unwrap_or(&metadata.userinfo_endpoint);
    let answer = psc.ask(request(address, Some(access_token))?).await?;
    let status = answer.status();
    if status.is_server_error() || status == http::StatusCode::TOO_MANY_REQUESTS {
        return Err(PscError::Unavailable(format!("userinfo: {status}")));
    }
    if !status.is_success() {
        return Err(PscError::Rejected(format!("userinfo: {status}")));
    }
    let kind = answer.headers().get(http::header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok());
    let value: Value = if kind.is_some_and(|kind| kind.starts_with("application/jwt")) {
        let text = std::str::from_utf8(answer.body()).map_err(|_| rejected("no text"))?;
        let claims = signed(d, psc, provider, text.trim()).await?;
        // Both are there when it was made for us (OpenID Connect Core, 5.3.2); what is there must be right.
        let issuer = claims.get("iss").is_none_or(|iss| iss == &psc.settings.issuer);
        if !issuer || (claims.get("aud").is_some() && !is_for(&claims, &psc.settings.client_id)) {
            return Err(rejected("iss or aud"));
        }
        claims
    } else {
        serde_json::from_slice(answer.body()).map_err(rejected)?
    };
    // Of somebody else otherwise (OpenID Connect Core, 5.3.2).
    if value.get("sub").and_then(Value::as_str) != Some(sub) {
        return Err(rejected("sub"));
    }
    UserInfo::parse(&value).map_err(rejected)
}

fn rejected(why: impl std::fmt::Display) -> PscError {
    PscError::Rejected(format!("userinfo: {why}"))
}

/// Whether `aud`, a text or a list, names us.
pub(super) fn is_for(claims: &Value, client_id: &str) -> bool {
    match claims.get("aud") {
        Some(Value::String(one)) => one == client_id,
        Some(Value::Array(many)) => many.iter().any(|one| one == client_id),
        _ => false,
    }
}

/// Claims of a JWT that the provider signed with one of its published keys and an accepted algorithm. Nothing else about it is
/// checked here.
pub(super) async fn signed(
    d: &Domain,
    psc: &Psc,
    mut provider: Arc<Provider>,
    token: &str,
) -> Result<Value, PscError> {
    let reject = |why: jsonwebtoken::errors::Error| PscError::Rejected(format!("token: {why}"));
    let header = decode_header(token).map_err(reject)?;
    let accepted = psc.settings.algorithms.iter().any(|algorithm| {
        header.alg
            == match algorithm {
                SignatureAlgorithm::Rs256 => Algorithm::RS256,
                SignatureAlgorithm::Ps256 => Algorithm::PS256,
                SignatureAlgorithm::Es256 => Algorithm::ES256,
            }
    });
    let kid = header.kid.filter(|_| accepted).ok_or_else(|| PscError::Rejected("algorithm or key".into()))?;
    if provider.other_keys.find(&kid).is_none() {
        provider = psc.with_new_keys(d, &provider).await?;
    }
    let key = provider
        .other_keys
        .find(&kid)
        .ok_or_else(|| PscError::Rejected("signed with an unknown key".into()))?;
    let key = DecodingKey::from_jwk(key).map_err(reject)?;
    let mut validation = Validation::new(header.alg);
    validation.required_spec_claims.clear();
    // The library reads the system's clock; ours is an argument, and each kind of token has rules of its own.
    validation.validate_exp = false;
    validation.validate_aud = false;
    Ok(decode::<Value>(token, &key, &validation).map_err(reject)?.claims)
}
