//! "This wasn't me": what the link in every notice does, once somebody has pressed the button on its page.

use jiff_sqlx::ToSqlx;
use model::{identity::Email, ids::UserId};
use sqlx::PgConnection;

use crate::{
    Domain, Fault, Origin,
    audit::{self, Oneself, PlatformAct},
    clock,
    fault::fault_from,
    identity::{
        ceremony::{self, Kind},
        psc, reset, sign_in,
    },
    members::{self, News},
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

/// Ends every session, makes the password worthless (and with it passkeys as a way in of their own), ends whatever was begun,
/// gives a changed address back, and mails a link to a new password.
///
/// Ways in that were added within the week of the notice go too, for whoever it was would come back by them: a linked identity
/// of Pro Santé Connect (unless an establishment hangs on it), and factors where an older one remains; with a factor left, the
/// recovery codes as well. Older factors stay, and so does the last one: whoever reads somebody's mails would otherwise get past
/// them. If that one is a stranger's, the operator helps (`admin reset-password`).
///
/// # Errors
/// See [`NotMeError`].
pub async fn not_me(d: &Domain, origin: Origin, token: &str) -> Result<(), NotMeError> {
    let user = ceremony::whose(d, &d.db.pool, Kind::NotMe, token).await?.ok_or(NotMeError::Expired)?;
    let now = d.now();
    let mut tx = d.db.pool.begin().await?;
    // First the person, then what is theirs: the same order everywhere, or two acts wait for each other.
    if sign_in::lock(&mut tx, user).await?.is_none() {
        return Err(NotMeError::Expired);
    }
    let link = ceremony::take::<Option<Email>>(d, &mut *tx, Kind::NotMe, token, None).await?;
    let Some((_, former)) = link else { return Err(NotMeError::Expired) };
    let had_password = sqlx::query_scalar!(
        r#"UPDATE control.users SET password_hash = NULL WHERE id = $1 RETURNING password_changed_at IS NOT NULL AS "had!""#,
        user.0
    )
    .fetch_one(&mut *tx)
    .await?;
    let restored = match former {
        Some(former) => give_back(&mut tx, user, &former).await?,
        None => false,
    };
    let sessions = sqlx::query!(
        "UPDATE control.sessions SET revoked_at = $2, revoked_reason = 'not_me' WHERE user_id = $1 AND revoked_at IS NULL AND ends_at > $2",
        user.0,
        now.to_sqlx() as _
    )
    .execute(&mut *tx)
    .await?
    .rows_affected();
    ceremony::end_all(&mut tx, user).await?;
    sqlx::query!("DELETE FROM control.known_browsers WHERE user_id = $1", user.0).execute(&mut *tx).await?;
    let identities = if had_password { take_identity(d, &mut tx, user).await? } else { 0 };
    let factors = take_factors(d, &mut tx, user).await?;
    let address = if restored { ", address given back" } else { "" };
    let detail = format!("{sessions} sessions, {identities} identities, {factors} factors{address}");
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
    if identities > 0 {
        let news = News { action: Some("members.psc_unlink"), ..News::default() };
        members::tell_places(d, Oneself { user, session: None, origin }, news).await;
    }
    Ok(())
}

/// The address of before, unless somebody else has it meanwhile.
async fn give_back(tx: &mut PgConnection, user: UserId, former: &Email) -> Result<bool, Fault> {
    let done = sqlx::query!(
        "UPDATE control.users u SET email = $2, search_text = replace(u.search_text, coalesce(u.email, ''), $2)
         WHERE u.id = $1 AND u.email IS DISTINCT FROM $2 AND NOT EXISTS (SELECT FROM control.users o WHERE o.email = $2)",
        user.0,
        former.as_ref()
    )
    .execute(tx)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// A week before now, as long as a notice's link is good.
fn since(d: &Domain) -> jiff_sqlx::Timestamp {
    clock::minutes(d.now(), -Kind::NotMe.minutes()).to_sqlx()
}

/// A linked identity that is new. Gives how many went.
async fn take_identity(d: &Domain, tx: &mut PgConnection, user: UserId) -> Result<u64, Fault> {
    // Without it nobody could come into an establishment that accepts nothing else.
    if psc::is_needed(d, tx, user).await? {
        return Ok(0);
    }
    let gone = sqlx::query!(
        "DELETE FROM control.psc_identities WHERE user_id = $1 AND linked_at > $2",
        user.0,
        since(d) as _
    )
    .execute(tx)
    .await?;
    Ok(gone.rows_affected())
}

/// Factors that are new where an older one remains; then the recovery codes too. Gives how many went.
async fn take_factors(d: &Domain, tx: &mut PgConnection, user: UserId) -> Result<i64, Fault> {
    let gone = sqlx::query_scalar!(
        r#"WITH mine AS (SELECT created_at FROM control.passkeys WHERE user_id = $1
                      UNION ALL SELECT created_at FROM control.totp WHERE user_id = $1),
              kept AS (SELECT FROM mine WHERE created_at <= $2),
              apps AS (DELETE FROM control.totp WHERE user_id = $1 AND created_at > $2 AND EXISTS (SELECT FROM kept) RETURNING 1),
              keys AS (DELETE FROM control.passkeys WHERE user_id = $1 AND created_at > $2 AND EXISTS (SELECT FROM kept) RETURNING 1),
              codes AS (DELETE FROM control.recovery_codes WHERE user_id = $1 AND EXISTS (SELECT FROM kept) RETURNING 1)
         SELECT (SELECT count(*) FROM apps) + (SELECT count(*) FROM keys) + (SELECT count(*) FROM codes) AS "gone!""#,
        user.0,
        since(d) as _
    )
    .fetch_one(tx)
    .await?;
    Ok(gone)
}
