//! Rotation of the refresh token, and noticing a stolen one.
//!
//! Each use makes the next generation, under the row's lock. A token that was used may come again honestly: a lost
//! answer, two tabs. Within ten seconds, or a minute while its successor is unused, it gets the same successor. Later
//! than that somebody else holds it: the session ends.
//!
//! A session may have got a successor (another establishment, a step-up). What comes with a token of before, when the browser has
//! long been given the successor's, comes from another holder likewise: the successor ends, and the person is told, unless nobody
//! has used it yet.

use jiff::{SignedDuration, Timestamp};
use jiff_sqlx::ToSqlx;
use model::{
    ids::{EstablishmentId, SessionId, UserId},
    roles::Roles,
};
use sqlx::{PgConnection, Postgres, Transaction};

use super::{
    notices::{self, What},
    psc,
    session::{Issued, access_token},
    sign_in, sign_out,
    tokens::RefreshToken,
};
use crate::{
    Domain, Fault, Origin,
    audit::{self, PlatformAct},
    db,
    fault::fault_from,
    vault::Purpose,
};

/// A used token gets the same successor for so long…
const GRACE: SignedDuration = SignedDuration::from_secs(10);
/// …and for so long while that successor has not been used.
const GRACE_UNUSED: SignedDuration = SignedDuration::from_secs(60);

/// Why no token was given.
#[derive(Debug, thiserror::Error)]
pub enum RefreshError {
    /// Not ours, unknown, ended, or idle for too long.
    #[error("no session")]
    NoSession,
    /// It had been used, or its session had a successor: that is revoked.
    #[error("reused refresh token")]
    Reused,
    /// An incident.
    #[error(transparent)]
    Fault(#[from] Fault),
}
fault_from!(RefreshError);

/// New tokens.
pub type Refreshed = Issued;

/// Where a token stands against its row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Verdict {
    /// The current one: rotate.
    Rotate,
    /// Used a moment ago: the successor of this generation again.
    Again(i32),
    /// Somebody else's.
    Reuse,
}

fn judge(
    presented: i32,
    current: i32,
    rotated_at: Option<Timestamp>,
    before: Option<Timestamp>,
    now: Timestamp,
) -> Verdict {
    let within = |at: Option<Timestamp>, limit| at.is_some_and(|at| now.duration_since(at) <= limit);
    match current - presented {
        0 => Verdict::Rotate,
        // Its successor is the current one, which nobody has presented.
        1 if within(rotated_at, GRACE_UNUSED) => Verdict::Again(current),
        2 if within(before, GRACE) => Verdict::Again(current - 1),
        _ => Verdict::Reuse,
    }
}

struct Row {
    user: UserId,
    establishment: Option<EstablishmentId>,
    roles: Roles,
    amr: Vec<String>,
    secret: [u8; 32],
    generation: i32,
    rotated_at: Option<Timestamp>,
    rotated_before_at: Option<Timestamp>,
    ends_at: Timestamp,
}

/// Exchanges a refresh token. `active` says whether a person's act stands behind it.
///
/// # Errors
/// See [`RefreshError`].
pub async fn refresh(
    d: &Domain,
    token: &str,
    origin: Origin,
    active: bool,
) -> Result<Refreshed, RefreshError> {
    let token = RefreshToken::parse(token).ok_or(RefreshError::NoSession)?;
    let now = d.now();
    let mut tx = d.db.pool.begin().await?;
    let Some(row) = lock(d, &mut tx, token.session).await? else {
        return Err(of_before(d, tx, &token, origin).await?);
    };
    if !token.is_genuine(&row.secret) || token.generation > row.generation {
        return Err(RefreshError::NoSession);
    }
    let generation = match judge(token.generation, row.generation, row.rotated_at, row.rotated_before_at, now)
    {
        Verdict::Rotate => {
            sqlx::query!(
                "UPDATE control.sessions SET generation = generation + 1, rotated_before_at = rotated_at, rotated_at = $2,
                     last_active_at = CASE WHEN $3 THEN $2 ELSE last_active_at END
                 WHERE id = $1",
                token.session.0,
                now.to_sqlx() as _,
                active,
            )
            .execute(&mut *tx)
            .await?;
            row.generation + 1
        }
        Verdict::Again(generation) => generation,
        Verdict::Reuse => {
            sign_out::end(d, &mut tx, token.session, "reuse").await?;
            record(d, &mut tx, row.user, token.session, origin).await?;
            notices::tell(d, &mut tx, row.user, What::Theft, origin, None).await?;
            tx.commit().await?;
            d.sessions.forget(token.session);
            return Err(RefreshError::Reused);
        }
    };
    tx.commit().await?;
    d.sessions.forget(token.session);
    // After the commit: nothing is locked while another server is waited for.
    if active && !psc::revalidate(d, row.user, token.session, origin).await? {
        return Err(RefreshError::NoSession);
    }
    Ok(Issued {
        access: access_token(d, row.user, token.session, row.establishment, &row.roles, &row.amr)?,
        refresh: RefreshToken::make(&row.secret, token.session, generation),
        session: token.session,
        ends_at: row.ends_at,
    })
}

/// A token of a session that is no longer: what becomes of its successor.
async fn of_before(
    d: &Domain,
    mut tx: Transaction<'_, Postgres>,
    token: &RefreshToken,
    origin: Origin,
) -> Result<RefreshError, RefreshError> {
    let before = sqlx::query!(
        r#"SELECT user_id, refresh_secret, generation, revoked_at AS "revoked_at!" FROM control.sessions
           WHERE id = $1 AND revoked_reason IN ('switched', 'renewed')"#,
        token.session.0
    )
    .fetch_optional(&mut *tx)
    .await?;
    let Some(before) = before else { return Ok(RefreshError::NoSession) };
    let secret = d.pepper.hash(Purpose::Refresh, &[&before.refresh_secret]);
    let genuine = token.is_genuine(&secret) && token.generation <= before.generation;
    let since = d.now().duration_since(before.revoked_at.to_jiff());
    // A request that was on its way when the successor's tokens came.
    if !genuine || since <= GRACE {
        return Ok(RefreshError::NoSession);
    }
    let user = UserId(before.user_id);
    sign_in::lock(&mut tx, user).await?;
    let ended = sign_out::end_sign_in(d, &mut tx, user, token.session, "reuse").await?;
    let Some(successor) = ended.first() else { return Ok(RefreshError::NoSession) };
    let held = sqlx::query_scalar!(
        r#"SELECT rotated_at IS NOT NULL AS "held!" FROM control.sessions WHERE id = $1"#,
        successor.0
    )
    .fetch_one(&mut *tx)
    .await?;
    // The answer with the successor's tokens may have been lost: then nobody has it, and nobody is frightened.
    let stolen = held || since > GRACE_UNUSED;
    record(d, &mut tx, user, *successor, origin).await?;
    if stolen {
        notices::tell(d, &mut tx, user, What::Theft, origin, None).await?;
    }
    tx.commit().await?;
    d.sessions.forget_user(user);
    Ok(if stolen { RefreshError::Reused } else { RefreshError::NoSession })
}

/// Records that a session ended because a token of it came that had been replaced.
async fn record(
    d: &Domain,
    tx: &mut PgConnection,
    user: UserId,
    session: SessionId,
    origin: Origin,
) -> Result<(), Fault> {
    let act = PlatformAct {
        actor: Some(user),
        session: Some(session),
        outcome: "refused",
        origin: Some(origin),
        ..PlatformAct::done("identity.refresh_reuse")
    };
    audit::platform(d, tx, act).await
}

/// Locks a session that is alive and not idle for too long: what `authenticate` would let in, or a browser would be given tokens
/// that open nothing.
async fn lock(d: &Domain, tx: &mut PgConnection, session: SessionId) -> Result<Option<Row>, Fault> {
    let now = d.now();
    let row = sqlx::query!(
        r#"SELECT s.user_id, s.establishment_id, s.refresh_secret, s.generation, s.rotated_at, s.rotated_before_at,
               s.ends_at, s.last_active_at, s.amr, u.platform_administrator,
               (SELECT roles FROM control.memberships m WHERE m.user_id = s.user_id
                  AND m.establishment_id = s.establishment_id AND m.disabled_at IS NULL) AS roles
           FROM control.sessions s JOIN control.users u ON u.id = s.user_id AND u.disabled_at IS NULL
           LEFT JOIN control.establishments e ON e.id = s.establishment_id AND e.status = 'active' AND e.schema_version >= $3
           WHERE s.id = $1 AND s.revoked_at IS NULL AND s.ends_at > $2 AND (s.establishment_id IS NULL OR e.id IS NOT NULL)
             AND (e.id IS NULL OR s.method = 'psc' OR NOT e.psc_only OR e.fallback_until > $2)
           FOR UPDATE OF s"#,
        session.0,
        now.to_sqlx() as _,
        db::latest_tenant_version(),
    )
    .fetch_optional(tx)
    .await?;
    let Some(row) = row else { return Ok(None) };
    let roles = Roles::from_names(&row.roles.unwrap_or_default());
    let idle = d.policy.sessions.idle_for(&roles, row.platform_administrator);
    if row.last_active_at.to_jiff() + idle <= now || (row.establishment_id.is_some() && roles.is_empty()) {
        return Ok(None);
    }
    let secret = d.pepper.hash(Purpose::Refresh, &[&row.refresh_secret]);
    Ok(Some(Row {
        user: UserId(row.user_id),
        establishment: row.establishment_id.map(EstablishmentId),
        roles,
        amr: row.amr,
        secret,
        generation: row.generation,
        rotated_at: row.rotated_at.map(jiff_sqlx::Timestamp::to_jiff),
        rotated_before_at: row.rotated_before_at.map(jiff_sqlx::Timestamp::to_jiff),
        ends_at: row.ends_at.to_jiff(),
    }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::seconds;

    #[test]
    fn a_used_token_is_forgiven_for_a_moment_and_then_a_theft() {
        let t = Timestamp::from_second(1_800_000_000).unwrap();
        let at = |presented, now| judge(presented, 5, Some(t), Some(seconds(t, -5)), seconds(t, now));
        assert_eq!(at(5, 1000), Verdict::Rotate);
        assert_eq!(at(4, 60), Verdict::Again(5));
        assert_eq!(at(4, 61), Verdict::Reuse);
        assert_eq!(at(3, 5), Verdict::Again(4));
        assert_eq!(at(3, 6), Verdict::Reuse);
        assert_eq!(at(2, 0), Verdict::Reuse);
    }
}
