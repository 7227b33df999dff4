//! What a session keeps of Pro Santé Connect: for signing out there, and for asking whether it still stands.

use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use jiff_sqlx::ToSqlx;
use model::ids::{SessionId, UserId};
use openidconnect::{OAuth2TokenResponse, RefreshToken, url::Url};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{
    PscError,
    client::{client, token_error},
    provider::{Provider, Psc},
    userinfo::{is_for, signed},
};
use crate::{
    Domain, Fault, Origin,
    audit::{self, PlatformAct},
    identity::sign_in,
};

/// The provider is asked again after so long, when somebody is there.
const CHECK_AFTER: SignedDuration = SignedDuration::from_mins(10);

/// Columns of a session's row.
#[derive(Clone, Serialize, Deserialize)]
pub(in crate::identity) struct PscSession {
    pub issuer: String,
    pub sub: String,
    pub sid: Option<String>,
    /// [`Kept`], encrypted to the master key.
    pub tokens: Vec<u8>,
    pub checked_at: Timestamp,
}

/// The provider's tokens that a session keeps.
#[derive(Serialize, Deserialize)]
pub(super) struct Kept {
    pub id_token: String,
    pub refresh_token: Option<String>,
}

impl Kept {
    pub fn seal(&self, d: &Domain) -> Result<Vec<u8>, Fault> {
        d.vault.wrap(&serde_json::to_vec(self)?)
    }

    fn open(d: &Domain, sealed: &[u8]) -> Result<Self, Fault> {
        Ok(serde_json::from_slice(&d.vault.open_wrapped(sealed)?)?)
    }
}

/// Where the browser goes to end the session at the provider too (OpenID Connect RP-Initiated Logout 1.0). `None` for a session
/// of another kind, or a provider that can't be asked: ours is ended anyway.
pub(in crate::identity) async fn end_of_session(
    d: &Domain,
    session: SessionId,
) -> Result<Option<String>, Fault> {
    let Some(psc) = d.psc.as_ref() else { return Ok(None) };
    // Taken out: the tokens have served.
    let sealed = sqlx::query_scalar!(
        "UPDATE control.sessions s SET psc_tokens = NULL FROM control.sessions old
         WHERE s.id = $1 AND s.psc_issuer = $2 AND old.id = s.id RETURNING old.psc_tokens",
        session.0,
        psc.settings.issuer
    )
    .fetch_optional(&d.db.pool)
    .await?
    .flatten();
    let Some(sealed) = sealed else { return Ok(None) };
    let Ok(provider) = psc.provider(d).await else { return Ok(None) };
    let Some(endpoint) = &provider.metadata.end_session_endpoint else { return Ok(None) };
    let Ok(mut address) = Url::parse(endpoint) else { return Ok(None) };
    let kept = Kept::open(d, &sealed)?;
    address
        .query_pairs_mut()
        .append_pair("id_token_hint", &kept.id_token)
        .append_pair("post_logout_redirect_uri", &psc.settings.post_logout_redirect_uri);
    Ok(Some(address.into()))
}

/// Asks the provider whether the session that opened this one still stands, when that was not asked for ten minutes. Gives
/// whether this one goes on. A provider that doesn't answer, or whose answer does not hold, ends nothing: limits of time go on.
pub(in crate::identity) async fn revalidate(
    d: &Domain,
    user: UserId,
    session: SessionId,
    origin: Origin,
) -> Result<bool, Fault> {
    let Some(psc) = d.psc.as_ref() else { return Ok(true) };
    let now = d.now();
    // One request of many asks; the others go on meanwhile.
    let here = sqlx::query!(
        "UPDATE control.sessions SET psc_checked_at = $2
         WHERE id = $1 AND psc_issuer = $3 AND psc_checked_at <= $4 AND revoked_at IS NULL RETURNING psc_tokens, psc_sub",
        session.0,
        now.to_sqlx() as _,
        psc.settings.issuer,
        (now - CHECK_AFTER).to_sqlx() as _
    )
    .fetch_optional(&d.db.pool)
    .await?;
    let Some((sealed, sub)) = here.and_then(|row| row.psc_tokens.zip(row.psc_sub)) else { return Ok(true) };
    let kept = Kept::open(d, &sealed)?;
    let Some(refresh_token) = kept.refresh_token.clone() else { return Ok(true) };
    let answer = async {
        let provider = psc.provider(d).await?;
        let fetch = psc.fetch.clone();
        let send = move |request| {
            let fetch = fetch.clone();
            async move { fetch.send(request).await }
        };
        let tokens = client(&psc.settings, &provider)?
            .exchange_refresh_token(&RefreshToken::new(refresh_token))
            .request_async(&send)
            .await
            .map_err(token_error)?;
        if let Some(token) = tokens.extra_fields().id_token() {
            is_of_same(d, psc, provider, &token.to_string(), &sub).await?;
        }
        Ok(tokens)
    }
    .await;
    match answer {
        Ok(tokens) => {
            let renewed = Kept {
                id_token: tokens
                    .extra_fields()
                    .id_token()
                    .map_or(kept.id_token, std::string::ToString::to_string),
                refresh_token: tokens
                    .refresh_token()
                    .map(|token| token.secret().clone())
                    .or(kept.refresh_token),
            };
            // The session may have a successor by now (a step-up, another establishment): it is of the same session there. Where
            // the provider never said which, it is of the same authentication, and other sessions of the person are not.
            sqlx::query!(
                "UPDATE control.sessions s SET psc_tokens = $3, psc_checked_at = $4 FROM control.sessions here
                 WHERE here.id = $1 AND s.user_id = $2 AND s.psc_issuer = here.psc_issuer AND s.revoked_at IS NULL
                   AND (s.psc_sid = here.psc_sid OR (COALESCE(s.psc_sid, here.psc_sid) IS NULL
                       AND COALESCE(s.began_as, s.id) = COALESCE(here.began_as, here.id)
                       AND s.authenticated_at = here.authenticated_at))",
                session.0,
                user.0,
                renewed.seal(d)?,
                now.to_sqlx() as _
            )
            .execute(&d.db.pool)
            .await?;
            Ok(true)
        }
        // `invalid_grant`: it is over there.
        Err(PscError::Expired) => {
            let mut tx = d.db.pool.begin().await?;
            sign_in::lock(&mut tx, user).await?;
            let ended = sqlx::query!(
                "UPDATE control.sessions s SET revoked_at = $3, revoked_reason = 'psc', psc_tokens = NULL
                 FROM control.sessions here
                 WHERE here.id = $1 AND s.user_id = $2 AND s.psc_issuer = here.psc_issuer AND s.revoked_at IS NULL
                   AND (s.psc_sid = here.psc_sid OR (COALESCE(s.psc_sid, here.psc_sid) IS NULL
                       AND COALESCE(s.began_as, s.id) = COALESCE(here.began_as, here.id)
                       AND s.authenticated_at = here.authenticated_at))",
                session.0,
                user.0,
                now.to_sqlx() as _
            )
            .execute(&mut *tx)
            .await?;
            if ended.rows_affected() == 0 {
                return Ok(false);
            }
            let act = PlatformAct {
                actor: Some(user),
                session: Some(session),
                origin: Some(origin),
                reason: Some("invalid_grant"),
                ..PlatformAct::done("identity.psc_ended")
            };
            audit::platform(d, &mut tx, act).await?;
            tx.commit().await?;
            d.sessions.forget_user(user);
            Ok(false)
        }
        Err(PscError::Fault(fault)) => Err(fault),
        Err(error) => {
            tracing::warn!(%error, "Pro Santé Connect could not be asked about a session");
            Ok(true)
        }
    }
}

/// Whether the identity token that comes with new tokens is the provider's, for us, and about the same person (OpenID Connect Core,
/// 12.2). It opens nothing, so there is no nonce to look for.
async fn is_of_same(
    d: &Domain,
    psc: &Psc,
    provider: Arc<Provider>,
    id_token: &str,
    sub: &str,
) -> Result<(), PscError> {
    let claims = signed(d, psc, provider, id_token).await?;
    let is = |name: &str, expected: &str| claims.get(name).and_then(Value::as_str) == Some(expected);
    if is("iss", &psc.settings.issuer) && is("sub", sub) && is_for(&claims, &psc.settings.client_id) {
        Ok(())
    } else {
        Err(PscError::Rejected("renewed token: iss, sub or aud".into()))
    }
}
