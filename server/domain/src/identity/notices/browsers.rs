//! Browsers that somebody has signed in with before. A sign-in with another one is told.

use jiff_sqlx::ToSqlx;
use model::{identity::Transport, ids::UserId};
use sqlx::PgConnection;

use super::{What, tell};
use crate::{Domain, Fault, Origin, identity::session::Device, vault::Purpose};

/// A browser that nobody has come with for so long is a new one.
pub(crate) const KNOWN_DAYS: i64 = 400;
/// Of one person; the one that was not seen for longest goes first.
const MOST: i64 = 50;

/// Knows the browser from now on, and tells the person where it is not the first one.
pub(in crate::identity) async fn recognise(
    d: &Domain,
    tx: &mut PgConnection,
    user: UserId,
    origin: Origin,
    device: Device<'_>,
) -> Result<(), Fault> {
    // A program has no cookie to be known by: what it says of itself stands for it.
    let program = format!("program {}", device.user_agent.unwrap_or_default());
    let name = match (device.transport, device.known_as) {
        (Transport::Cookie, Some(name)) => name,
        _ => &program,
    };
    let hash = d.pepper.hash(Purpose::KnownBrowser, &[user.0.as_bytes(), name.as_bytes()]);
    // A row that was there has been locked by this statement; a new one has not.
    let known = sqlx::query_scalar!(
        r#"INSERT INTO control.known_browsers (user_id, browser_hash, seen_at) VALUES ($1, $2, $3)
           ON CONFLICT (user_id, browser_hash) DO UPDATE SET seen_at = $3 RETURNING xmax <> 0 AS "known!""#,
        user.0,
        &hash[..],
        d.now().to_sqlx() as _
    )
    .fetch_one(&mut *tx)
    .await?;
    if known {
        return Ok(());
    }
    let others = sqlx::query_scalar!(
        r#"SELECT (EXISTS (SELECT FROM control.known_browsers WHERE user_id = $1 AND browser_hash <> $2)
                OR EXISTS (SELECT FROM control.sessions WHERE user_id = $1)) AS "others!""#,
        user.0,
        &hash[..]
    )
    .fetch_one(&mut *tx)
    .await?;
    // The first one ever is the one that the account was made for.
    if !others {
        return Ok(());
    }
    sqlx::query!(
        "DELETE FROM control.known_browsers WHERE user_id = $1 AND browser_hash IN
             (SELECT browser_hash FROM control.known_browsers WHERE user_id = $1 ORDER BY seen_at DESC, browser_hash OFFSET $2)",
        user.0,
        MOST
    )
    .execute(&mut *tx)
    .await?;
    tell(d, tx, user, What::NewBrowser, origin, device.user_agent).await
}
