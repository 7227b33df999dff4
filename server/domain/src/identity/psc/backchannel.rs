//! The provider says that a session of its own has ended (OpenID Connect Back-Channel Logout 1.0).

use jiff::Timestamp;
use jiff_sqlx::ToSqlx;
use model::ids::{SessionId, UserId};
use serde_json::Value;
use sqlx::PgConnection;

use super::{
    PscError,
    userinfo::{is_for, signed},
    verify::LEEWAY,
};
use crate::{
    Domain, Fault, Origin,
    audit::{self, PlatformAct},
};

const EVENT: &str = "http://schemas.openid.net/event/backchannel-logout";
/// A token that was issued longer ago says nothing about now.
const FRESH_SECONDS: i64 = 600;
const LONGEST: usize = 16 * 1024;

/// Why a logout token ended nothing.
#[derive(Debug, thiserror::Error)]
pub enum LogoutRefused {
    /// It does not hold.
    #[error("refused: {0}")]
    Bad(String),
    /// The keys could not be had.
    #[error(transparent)]
    Psc(PscError),
    /// An incident.
    #[error(transparent)]
    Fault(#[from] Fault),
}
crate::fault::fault_from!(LogoutRefused);

/// Whose sessions end.
#[derive(Debug, PartialEq, Eq)]
struct Over {
    sub: Option<String>,
    sid: Option<String>,
    /// When the provider said so.
    at: Timestamp,
}

/// Ends every session of ours that the token is about. Gives how many.
///
/// # Errors
/// See [`LogoutRefused`]; each refusal is recorded.
pub async fn backchannel_logout(d: &Domain, origin: Origin, token: &str) -> Result<u64, LogoutRefused> {
    match over(d, token).await {
        Ok(over) => Ok(end(d, origin, &over).await?),
        Err(refused) => {
            let mut tx = d.db.pool.begin().await?;
            let reason: String = refused.to_string().chars().take(200).collect();
            let act = PlatformAct {
                outcome: "refused",
                reason: Some(&reason),
                origin: Some(origin),
                ..PlatformAct::done("identity.psc_backchannel_logout")
            };
            audit::platform(d, &mut tx, act).await?;
            tx.commit().await?;
            Err(refused)
        }
    }
}

async fn over(d: &Domain, token: &str) -> Result<Over, LogoutRefused> {
    let psc = d.psc.as_ref().ok_or_else(|| LogoutRefused::Bad("off".into()))?;
    if token.len() > LONGEST {
        return Err(LogoutRefused::Bad("too long".into()));
    }
    let provider = psc.provider(d).await.map_err(LogoutRefused::Psc)?;
    let claims = signed(d, psc, provider, token).await.map_err(|error| match error {
        PscError::Rejected(why) => LogoutRefused::Bad(why),
        other => LogoutRefused::Psc(other),
    })?;
    let settings = &psc.settings;
    read(&claims, &settings.issuer, &settings.client_id, d.now().as_second())
        .map_err(|why| LogoutRefused::Bad(why.to_owned()))
}

/// The rules of section 2.6, but for the signature.
fn read(claims: &Value, issuer: &str, client_id: &str, now: i64) -> Result<Over, &'static str> {
    if claims.get("iss").and_then(Value::as_str) != Some(issuer) {
        return Err("iss");
    }
    if !is_for(claims, client_id) {
        return Err("aud");
    }
    let leeway = LEEWAY.as_secs();
    let made_at = claims.get("iat").and_then(Value::as_i64).ok_or("iat")?;
    if made_at > now + leeway || made_at < now - FRESH_SECONDS {
        return Err("iat");
    }
    if claims.get("exp").is_some_and(|exp| exp.as_i64().is_none_or(|exp| exp + leeway <= now)) {
        return Err("exp");
    }
    if !claims.get("events").and_then(|events| events.get(EVENT)).is_some_and(Value::is_object) {
        return Err("events");
    }
    // Otherwise an identity token could be taken for one.
    if claims.get("nonce").is_some() {
        return Err("nonce");
    }
    if claims.get("jti").and_then(Value::as_str).is_none_or(str::is_empty) {
        return Err("jti");
    }
    let text = |name: &str| match claims.get(name) {
        None => Ok(None),
        Some(Value::String(text)) if !text.is_empty() => Ok(Some(text.clone())),
        Some(_) => Err("sub or sid"),
    };
    let at = Timestamp::from_second(made_at).map_err(|_| "iat")?;
    let over = Over { sub: text("sub")?, sid: text("sid")?, at };
    if over.sub.is_none() && over.sid.is_none() { Err("neither sub nor sid") } else { Ok(over) }
}

/// Who authenticated after the token was made is in a new session there, which it does not end: whoever kept the token can't sign
/// people out with it. Both times are the provider's own; the leeway is for its machines among each other, for one session too
/// many is better than one too few. What the token names by its `sid` is over whenever it began.
async fn end(d: &Domain, origin: Origin, over: &Over) -> Result<u64, Fault> {
    let Some(psc) = d.psc.as_ref() else { return Ok(0) };
    let until = over.at + LEEWAY;
    let mut tx = d.db.pool.begin().await?;
    // First the people: a session that is being renewed is seen under one of its two names, and one that is being opened with an
    // identity that waited is seen.
    let people = sqlx::query_scalar!(
        "SELECT id FROM control.users WHERE id IN
             (SELECT user_id FROM control.sessions WHERE psc_issuer = $1 AND ($2::text IS NULL OR psc_sub = $2)
                AND (psc_sid = $3 OR (($3::text IS NULL OR (psc_sid IS NULL AND psc_sub = $2)) AND authenticated_at <= $5))
                AND revoked_at IS NULL AND ends_at > $4
              UNION SELECT user_id FROM control.ceremonies WHERE kind = 'psc_link' AND data->'session'->>'issuer' = $1
                AND ($2::text IS NULL OR data->'session'->>'sub' = $2) AND ($3::text IS NULL
                     OR COALESCE(data->'session'->>'sid', $3) = $3) AND expires_at > $4)
         ORDER BY id FOR NO KEY UPDATE",
        psc.settings.issuer,
        over.sub,
        over.sid,
        d.now().to_sqlx() as _,
        until.to_sqlx() as _
    )
    .fetch_all(&mut *tx)
    .await?;
    // A session of which the provider never said the `sid` is known by its person.
    let ended = sqlx::query!(
        "UPDATE control.sessions SET revoked_at = $4, revoked_reason = 'psc', psc_tokens = NULL
         WHERE user_id = ANY ($5) AND psc_issuer = $1 AND ($2::text IS NULL OR psc_sub = $2)
           AND (psc_sid = $3 OR (($3::text IS NULL OR (psc_sid IS NULL AND psc_sub = $2)) AND authenticated_at <= $6))
           AND revoked_at IS NULL AND ends_at > $4
         RETURNING id, user_id",
        psc.settings.issuer,
        over.sub,
        over.sid,
        d.now().to_sqlx() as _,
        &people,
        until.to_sqlx() as _
    )
    .fetch_all(&mut *tx)
    .await?;
    let questions = withdraw(&mut tx, &psc.settings.issuer, over, until).await?;
    let act = PlatformAct { origin: Some(origin), ..PlatformAct::done("identity.psc_backchannel_logout") };
    if ended.is_empty() && questions.is_empty() {
        audit::platform(d, &mut tx, PlatformAct { detail: Some("no session"), ..act }).await?;
    }
    for row in &ended {
        let act =
            PlatformAct { session: Some(SessionId(row.id)), object: Some(("user", row.user_id)), ..act };
        audit::platform(d, &mut tx, act).await?;
    }
    for user in questions {
        let act =
            PlatformAct { object: user.map(|id| ("user", id)), detail: Some("a link that waited"), ..act };
        audit::platform(d, &mut tx, act).await?;
    }
    tx.commit().await?;
    for row in &ended {
        d.sessions.forget_user(UserId(row.user_id));
    }
    Ok(ended.len() as u64)
}

/// An identity that waits to be linked (`link`) would open a session with what has ended: the same rule as for sessions. Gives
/// whose accounts waited.
async fn withdraw(
    tx: &mut PgConnection,
    issuer: &str,
    over: &Over,
    until: Timestamp,
) -> Result<Vec<Option<uuid::Uuid>>, Fault> {
    let gone = sqlx::query_scalar!(
        "DELETE FROM control.ceremonies
         WHERE kind = 'psc_link' AND data->'session'->>'issuer' = $1
           AND ($2::text IS NULL OR data->'session'->>'sub' = $2)
           AND (data->'session'->>'sid' = $3
                OR (($3::text IS NULL OR (data->'session'->>'sid' IS NULL AND data->'session'->>'sub' = $2))
                    AND (data->>'authenticated_at')::timestamptz <= $4))
         RETURNING user_id",
        issuer,
        over.sub,
        over.sid,
        until.to_sqlx() as _
    )
    .fetch_all(tx)
    .await?;
    Ok(gone)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    const NOW: i64 = 1_800_000_000;

    fn good() -> Value {
        json!({"iss": "https://psc.example", "aud": "carelink", "iat": NOW, "exp": NOW + 120, "jti": "1",
               "events": {EVENT: {}}, "sub": "f:1:2", "sid": "s"})
    }

    fn check(change: impl FnOnce(&mut Value)) -> Result<Over, &'static str> {
        let mut claims = good();
        change(&mut claims);
        read(&claims, "https://psc.example", "carelink", NOW)
    }

    #[test]
    fn a_logout_token_names_a_session_or_a_person() {
        let at = Timestamp::from_second(NOW).unwrap();
        let over = |sub: Option<&str>, sid: Option<&str>| {
            Ok(Over { sub: sub.map(str::to_owned), sid: sid.map(str::to_owned), at })
        };
        assert_eq!(check(|_| {}), over(Some("f:1:2"), Some("s")));
        assert_eq!(check(|c| c["sub"] = Value::Null), Err("sub or sid"));
        let without = |name: &'static str| move |c: &mut Value| drop(c.as_object_mut().unwrap().remove(name));
        assert_eq!(check(without("sub")), over(None, Some("s")));
        assert_eq!(check(without("sid")), over(Some("f:1:2"), None));
        assert_eq!(check(without("exp")), over(Some("f:1:2"), Some("s")), "optional in the first drafts");
    }

    #[test]
    fn each_broken_check_is_refused() {
        assert_eq!(check(|c| c["iss"] = json!("https://other.example")), Err("iss"));
        assert_eq!(check(|c| c["aud"] = json!(["other"])), Err("aud"));
        assert_eq!(check(|c| c["iat"] = json!(NOW + 121)), Err("iat"));
        assert_eq!(check(|c| c["iat"] = json!(NOW - 601)), Err("iat"));
        assert_eq!(check(|c| c["iat"] = json!("now")), Err("iat"));
        assert_eq!(check(|c| c["exp"] = json!(NOW - 120)), Err("exp"));
        assert_eq!(check(|c| c["events"] = json!({})), Err("events"));
        assert_eq!(check(|c| c["events"] = json!([EVENT])), Err("events"));
        assert_eq!(check(|c| c["nonce"] = json!("n")), Err("nonce"));
        assert_eq!(check(|c| c["jti"] = json!("")), Err("jti"));
        assert_eq!(check(|c| c["sid"] = json!(7)), Err("sub or sid"));
        for name in ["iss", "aud", "iat", "events", "jti"] {
            assert_eq!(check(|c| drop(c.as_object_mut().unwrap().remove(name))), Err(name), "without {name}");
        }
    }
}
