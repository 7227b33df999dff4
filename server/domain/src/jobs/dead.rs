//! Jobs that gave up, for the operator: look, try again, let go.

use jiff::Timestamp;
use jiff_sqlx::ToSqlx;
use model::ids::EstablishmentId;

use crate::{
    Domain, Fault, PlatformAdmin,
    audit::{self, PlatformAct},
};

/// Most that a list shows: the first ones tell what is wrong.
const MOST: i64 = 100;

/// A job that gave up.
#[derive(Clone, Debug)]
pub struct Dead {
    /// Number.
    pub id: i64,
    /// Whose.
    pub establishment: Option<EstablishmentId>,
    /// What it does.
    pub kind: String,
    /// How often it was tried.
    pub attempts: i32,
    /// What went wrong last.
    pub error: String,
    /// When it was asked for.
    pub created_at: Timestamp,
}

/// The oldest hundred.
///
/// # Errors
/// The queue can't be read.
pub async fn dead(d: &Domain, _who: &PlatformAdmin) -> Result<Vec<Dead>, Fault> {
    let rows = sqlx::query!(
        r#"SELECT id, establishment_id, kind, attempts, coalesce(last_error, '') AS "error!", created_at
           FROM queue.jobs WHERE state = 'dead' ORDER BY id LIMIT $1"#,
        MOST
    )
    .fetch_all(&d.db.pool)
    .await?;
    Ok(rows
        .into_iter()
        .map(|row| Dead {
            id: row.id,
            establishment: row.establishment_id.map(EstablishmentId),
            kind: row.kind,
            attempts: row.attempts,
            error: row.error,
            created_at: row.created_at.to_jiff(),
        })
        .collect())
}

/// Gives dead jobs, or one of them, all their tries again. Says how many.
///
/// # Errors
/// An incident.
pub async fn retry(d: &Domain, who: &PlatformAdmin, id: Option<i64>) -> Result<u64, Fault> {
    let mut tx = d.db.pool.begin().await?;
    let done = sqlx::query!(
        "UPDATE queue.jobs SET state = 'waiting', attempts = 0, run_at = $2 WHERE state = 'dead' AND ($1::bigint IS NULL OR id = $1)",
        id,
        d.now().to_sqlx() as _
    )
    .execute(&mut *tx)
    .await?;
    sqlx::query!("SELECT pg_notify('carelink_jobs', '')").execute(&mut *tx).await?;
    record(d, &mut tx, who, "jobs.retry", id).await?;
    tx.commit().await?;
    Ok(done.rows_affected())
}

/// Lets a dead job go, undone. `false` when there is none of that number.
///
/// # Errors
/// An incident.
pub async fn discard(d: &Domain, who: &PlatformAdmin, id: i64) -> Result<bool, Fault> {
    let mut tx = d.db.pool.begin().await?;
    let done =
        sqlx::query!("DELETE FROM queue.jobs WHERE state = 'dead' AND id = $1", id).execute(&mut *tx).await?;
    if done.rows_affected() == 0 {
        return Ok(false);
    }
    record(d, &mut tx, who, "jobs.discard", Some(id)).await?;
    tx.commit().await?;
    Ok(true)
}

async fn record(
    d: &Domain,
    tx: &mut sqlx::PgConnection,
    who: &PlatformAdmin,
    action: &str,
    id: Option<i64>,
) -> Result<(), Fault> {
    let reason = id.map(|id| format!("job {id}"));
    let act = PlatformAct {
        actor: who.user,
        session: who.session,
        origin: who.origin,
        reason: reason.as_deref(),
        ..PlatformAct::done(action)
    };
    audit::platform(d, tx, act).await
}
