//! "This wasn't me": what the link in every notice does, once somebody has pressed the button on its page.

use jiff_sqlx::ToSqlx;

use crate::{
    Domain, Fault, Origin,
    audit::{self, PlatformAct},
    clock,
    fault::fault_from,
    identity::{
        ceremony::{self, Kind},
        reset, sign_in,
    },
};

/// Why nothing was done.
#[derive(Debug, thiserror::Error)]
pub enum NotMeError {
    /// The link is not ours, was used, or is older than a week.
    #[error("the link is over")]
    Expired,
    /// An incident.
    #[error(transparent)]
    Fault(#[from] Fault),
}
fault_from!(NotMeError);

/// Ends every session, makes the password worthless, ends whatever was begun, forgets the known browsers, and mails a link to a
/// new password.
///
/// Ways in that were added within the week of the notice go too, for whoever it was would come back by them: a linked identity
/// of Pro Santé Connect, and factors where an older one remains. Older factors stay, and so does the last one: whoever reads
/// somebody's mails would otherwise get past them. If that one is a stranger's, the operator helps (`admin reset-password`).
///
/// # Errors
/// See [`NotMeError`].
pub async fn not_me(d: &Domain, origin: Origin, token: &str) -> Result<(), NotMeError> {
    let now = d.now();
    let mut tx = d.db.pool.begin().await?;
    let link = ceremony::take::<()>(d, &mut *tx, Kind::NotMe, token, None).await?;
    let Some((Some(user), ())) = link else { return Err(NotMeError::Expired) };
    if sign_in::lock(&mut tx, user).await?.is_none() {
        return Err(NotMeError::Expired);
    }
    let had_password = sqlx::query_scalar!(
        r#"UPDATE control.users SET password_hash = NULL WHERE id = $1 RETURNING password_changed_at IS NOT NULL AS "had!""#,
        user.0
    )
    .fetch_one(&mut *tx)
    .await?;
    let ended = sqlx::query!(
        "UPDATE control.sessions SET revoked_at = $2, revoked_reason = 'not_me' WHERE user_id = $1 AND revoked_at IS NULL AND ends_at > $2",
        user.0,
        now.to_sqlx() as _
    )
    .execute(&mut *tx)
    .await?
    .rows_affected();
    sqlx::query!("DELETE FROM control.ceremonies WHERE user_id = $1 AND kind <> 'not_me'", user.0)
        .execute(&mut *tx)
        .await?;
    let since = clock::minutes(now, -Kind::NotMe.minutes()).to_sqlx();
    sqlx::query!(
        "DELETE FROM control.psc_identities i USING control.users u
         WHERE i.user_id = $1 AND u.id = i.user_id AND u.password_changed_at IS NOT NULL AND i.linked_at > $2",
        user.0,
        since as _
    )
    .execute(&mut *tx)
    .await?;
    let since = clock::minutes(now, -Kind::NotMe.minutes()).to_sqlx();
    sqlx::query!(
        "WITH older AS (SELECT created_at FROM control.passkeys WHERE user_id = $1
                        UNION ALL SELECT created_at FROM control.totp WHERE user_id = $1),
              kept AS (SELECT FROM older WHERE created_at <= $2),
              apps AS (DELETE FROM control.totp WHERE user_id = $1 AND created_at > $2 AND EXISTS (SELECT FROM kept))
         DELETE FROM control.passkeys WHERE user_id = $1 AND created_at > $2 AND EXISTS (SELECT FROM kept)",
        user.0,
        since as _
    )
    .execute(&mut *tx)
    .await?;
    sqlx::query!("DELETE FROM control.email_changes WHERE user_id = $1", user.0).execute(&mut *tx).await?;
    sqlx::query!("DELETE FROM control.known_browsers WHERE user_id = $1", user.0).execute(&mut *tx).await?;
    let detail = format!("{ended} sessions");
    let act = PlatformAct {
        object: Some(("user", user.0)),
        origin: Some(origin),
        detail: Some(&detail),
        ..PlatformAct::done("identity.not_me")
    };
    audit::platform(d, &mut tx, act).await?;
    if had_password {
        reset::offer(d, &mut tx, user).await?;
    }
    tx.commit().await?;
    d.sessions.forget_user(user);
    Ok(())
}
