//! Ending a session.

use jiff_sqlx::ToSqlx;
use model::ids::{SessionId, UserId};
use sqlx::PgConnection;

use super::{authenticate::Identified, psc, sign_in};
use crate::{
    Domain, Fault, Origin,
    audit::{self, PlatformAct},
};

/// Ends the session that the request belongs to, and with it what another tab has just put in its place: the browser leaves, and
/// whatever it holds. Gives where the browser ends the session at Pro Santé Connect too, where that opened it.
///
/// # Errors
/// An incident.
pub async fn sign_out(d: &Domain, who: &Identified, origin: Origin) -> Result<Option<String>, Fault> {
    let mut tx = d.db.pool.begin().await?;
    // First the person: a successor that is being opened is seen.
    sign_in::lock(&mut tx, who.user).await?;
    let ended = end_sign_in(d, &mut tx, who.user, who.session, "sign_out").await?;
    let act = PlatformAct {
        actor: Some(who.user),
        session: Some(who.session),
        object: ended.iter().find(|id| **id != who.session).map(|id| ("session", id.0)),
        origin: Some(origin),
        ..PlatformAct::done("identity.sign_out")
    };
    audit::platform(d, &mut tx, act).await?;
    tx.commit().await?;
    d.sessions.forget(who.session);
    for session in &ended {
        d.sessions.forget(*session);
    }
    // Ours is over, whatever becomes of the other.
    let last = ended.first().copied().unwrap_or(who.session);
    Ok(psc::end_of_session(d, last).await.unwrap_or_else(|error| {
        tracing::error!(%error, request = %origin.request, "incident: no way to end the session at Pro Santé Connect");
        None
    }))
}

/// Revokes whatever is open of the sign-in that the person's session comes from: it, or its successor. Gives which. Called after
/// the person was locked.
pub(super) async fn end_sign_in(
    d: &Domain,
    connection: &mut PgConnection,
    user: UserId,
    session: SessionId,
    reason: &str,
) -> Result<Vec<SessionId>, Fault> {
    let ended = sqlx::query_scalar!(
        "UPDATE control.sessions s SET revoked_at = $3, revoked_reason = $4 FROM control.sessions here
         WHERE here.id = $1 AND here.user_id = $2 AND s.user_id = $2 AND s.revoked_at IS NULL
           AND COALESCE(s.began_as, s.id) = COALESCE(here.began_as, here.id)
         RETURNING s.id",
        session.0,
        user.0,
        d.now().to_sqlx() as _,
        reason
    )
    .fetch_all(connection)
    .await?;
    Ok(ended.into_iter().map(SessionId).collect())
}

/// Revokes a session that is still open, and says whether it was. The caller's cache must forget it afterwards; those of
/// other nodes do within three seconds.
pub(super) async fn end(
    d: &Domain,
    connection: &mut PgConnection,
    session: SessionId,
    reason: &str,
) -> Result<bool, Fault> {
    let ended = sqlx::query!(
        "UPDATE control.sessions SET revoked_at = $2, revoked_reason = $3 WHERE id = $1 AND revoked_at IS NULL",
        session.0,
        d.now().to_sqlx() as _,
        reason
    )
    .execute(connection)
    .await?;
    Ok(ended.rows_affected() == 1)
}
