//! Whether what opened a session still stands at the provider.

use std::sync::Arc;

use jiff::SignedDuration;
use jiff_sqlx::ToSqlx;
use model::ids::{SessionId, UserId};
use openidconnect::{OAuth2TokenResponse, RefreshToken};
use serde_json::Value;

use super::{
    PscError,
    client::{client, token_error},
    provider::{Provider, Psc},
    session::Kept,
    userinfo::{is_for, signed},
};
use crate::{
    Domain, Fault, Origin,
    audit::{self, PlatformAct},
    identity::sign_in,
};

/// The provider is asked again after so long, when somebody is there.
const CHECK_AFTER: SignedDuration = SignedDuration::from_mins(10);

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
            keep(d, user, session, &renewed).await?;
            Ok(true)
        }
        // `invalid_grant`: it is over there.
        Err(PscError::Expired) => {
            end(d, user, session, origin).await?;
            Ok(false)
        }
        Err(PscError::Fault(fault)) => Err(fault),
        Err(error) => {
            tracing::warn!(%error, "Pro Santé Connect could not be asked about a session");
            Ok(true)
        }
    }
}

/// Keeps the provider's new tokens.
async fn keep(d: &Domain, user: UserId, session: SessionId, renewed: &Kept) -> Result<(), Fault> {
    // The session may have a successor by now (a step-up, another establishment): it is of the same session there. Where
    // the provider never said which, it is of the same authentication, and other sessions of the person are not.
    let mut tx = d.db.pool.begin().await?;
    // First the person: a successor that is being opened is seen, or would keep a refresh token that is used up.
    sign_in::lock(&mut tx, user).await?;
    sqlx::query!(
        "UPDATE control.sessions s SET psc_tokens = $3, psc_checked_at = $4 FROM control.sessions here
         WHERE here.id = $1 AND s.user_id = $2 AND s.psc_issuer = here.psc_issuer AND s.revoked_at IS NULL
           AND (s.psc_sid = here.psc_sid OR (COALESCE(s.psc_sid, here.psc_sid) IS NULL
               AND COALESCE(s.began_as, s.id) = COALESCE(here.began_as, here.id)
               AND s.authenticated_at = here.authenticated_at))",
        session.0,
        user.0,
        renewed.seal(d)?,
        d.now().to_sqlx() as _
    )
    .execute(&mut *tx)
    .await?;
    tx.commit().await?;
    Ok(())
}

/// Ends what it opened.
async fn end(d: &Domain, user: UserId, session: SessionId, origin: Origin) -> Result<(), Fault> {
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
        d.now().to_sqlx() as _
    )
    .execute(&mut *tx)
    .await?;
    if ended.rows_affected() == 0 {
        return Ok(());
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
    Ok(())
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
