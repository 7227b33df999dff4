//! Ending a session.

use jiff_sqlx::ToSqlx;
use model::ids::SessionId;

use super::{authenticate::Identified, psc, session::Method};
use crate::{
    Domain, Fault, Origin,
    audit::{self, PlatformAct},
};

/// Ends the session that the request belongs to. Gives where the browser ends the session at Pro Santé Connect too, where that
/// opened it.
///
/// # Errors
/// An incident.
pub async fn sign_out(d: &Domain, who: &Identified, origin: Origin) -> Result<Option<String>, Fault> {
    let mut tx = d.db.pool.begin().await?;
    end(d, &mut tx, who.session, "sign_out").await?;
    let act = PlatformAct {
        actor: Some(who.user),
        session: Some(who.session),
        origin: Some(origin),
        ..PlatformAct::done("identity.sign_out")
    };
    audit::platform(d, &mut tx, act).await?;
    tx.commit().await?;
    d.sessions.forget(who.session);
    // Ours is over, whatever becomes of the other.
    let elsewhere = match who.method {
        Method::Psc => psc::end_of_session(d, who.session).await,
        Method::Password | Method::Passkey => Ok(None),
    };
    Ok(elsewhere.unwrap_or_else(|error| {
        tracing::error!(%error, request = %origin.request, "incident: no way to end the session at Pro Santé Connect");
        None
    }))
}

/// Revokes a session that is still open, and says whether it was. The caller's cache must forget it afterwards; those of
/// other nodes do within three seconds.
pub(super) async fn end(
    d: &Domain,
    connection: &mut sqlx::PgConnection,
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
