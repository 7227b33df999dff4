//! Taking jobs and doing them.

use std::time::Duration;

use jiff_sqlx::ToSqlx;
use model::ids::EstablishmentId;
use sqlx::postgres::PgListener;
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;

use super::work::{Lane, SCHEDULE, Work, periodic};
use crate::{Domain, Fault, clock};

/// Waits before the second, third… try, in seconds; after the last one the job is dead.
const RETRY: [i64; 7] = [5, 30, 120, 600, 1_800, 7_200, 43_200];
/// The first try and its repetitions.
const MOST_ATTEMPTS: i32 = 8;
/// A job that runs longer than this is given to somebody else.
const LEASE_MINUTES: i64 = 10;
/// Looks for due jobs without a wake-up.
const PATROL: Duration = Duration::from_secs(2);

/// Works until `stop`: the job under way is finished, the next one waits for another start. One job of each lane at a
/// time on a node: the heavy part runs in child processes.
pub async fn run(d: Domain, stop: CancellationToken) {
    let lanes = Lane::ALL.map(|lane| (lane, Notify::new()));
    let [checks, rest, store, mails] = &lanes;
    tokio::join!(
        wake(&d, &stop, &lanes),
        work(&d, &stop, checks),
        work(&d, &stop, rest),
        work(&d, &stop, store),
        work(&d, &stop, mails),
    );
}

async fn work(d: &Domain, stop: &CancellationToken, (lane, woken): &(Lane, Notify)) {
    while !stop.is_cancelled() {
        if let Err(error) = run_lane(d, *lane, stop).await {
            tracing::warn!(%error, "jobs: looking again in a moment");
        }
        tokio::select! {
            () = stop.cancelled() => break,
            () = woken.notified() => {}
            () = tokio::time::sleep(PATROL) => {}
        }
    }
}

/// Wakes every lane when a job comes in. While PostgreSQL can't be listened to, the patrol finds the jobs.
async fn wake(d: &Domain, stop: &CancellationToken, lanes: &[(Lane, Notify)]) {
    let mut listener = None;
    while !stop.is_cancelled() {
        if listener.is_none() {
            listener = listen(d).await.ok();
        }
        let Some(open) = &mut listener else {
            tokio::select! {
                () = stop.cancelled() => break,
                () = tokio::time::sleep(PATROL) => continue,
            }
        };
        tokio::select! {
            () = stop.cancelled() => break,
            heard = open.recv() => match heard {
                Ok(_) => lanes.iter().for_each(|(_, lane)| lane.notify_one()),
                Err(_) => listener = None,
            },
        }
    }
}

async fn listen(d: &Domain) -> Result<PgListener, Fault> {
    let mut listener = PgListener::connect_with(&d.db.pool).await?;
    listener.listen("carelink_jobs").await?;
    Ok(listener)
}

/// Does everything that is due now: jobs first, then periodic work. Gives how many jobs were tried.
///
/// # Errors
/// The queue itself can't be read.
pub async fn run_due(d: &Domain) -> Result<u64, Fault> {
    let never = CancellationToken::new();
    let mut tried = 0;
    for lane in Lane::ALL {
        tried += run_lane(d, lane, &never).await?;
    }
    Ok(tried)
}

async fn run_lane(d: &Domain, lane: Lane, stop: &CancellationToken) -> Result<u64, Fault> {
    let mut tried = 0;
    while !stop.is_cancelled()
        && let Some(job) = take(d, lane).await?
    {
        tried += 1;
        let outcome = match serde_json::from_value::<Work>(job.payload) {
            // It was given back once too often without a word: whoever takes it dies of it.
            Ok(_) if job.attempts > MOST_ATTEMPTS => {
                Err(Fault::Data("every node that took the job died".into()))
            }
            Ok(work) => work.perform(d, job.establishment, job.attempts).await,
            Err(error) => Err(error.into()),
        };
        settle(d, job.id, job.attempts, outcome.err()).await?;
    }
    for (kind, every, _) in SCHEDULE.into_iter().filter(|(.., of)| *of == lane) {
        if !stop.is_cancelled() && due(d, kind, every).await? {
            periodic(d, kind).await?;
        }
    }
    Ok(tried)
}

struct Taken {
    id: i64,
    establishment: Option<EstablishmentId>,
    payload: serde_json::Value,
    attempts: i32,
}

async fn take(d: &Domain, lane: Lane) -> Result<Option<Taken>, Fault> {
    let now = d.now();
    let row = sqlx::query!(
        r#"UPDATE queue.jobs SET state = 'running', attempts = attempts + 1, leased_until = $2
           WHERE id = (SELECT id FROM queue.jobs
                       WHERE state <> 'dead' AND run_at <= $1 AND (state = 'waiting' OR leased_until <= $1)
                         AND CASE kind WHEN 'documents.check' THEN 'checks' WHEN 'documents.erase_blob' THEN 'store'
                             WHEN 'mail' THEN 'mails' ELSE 'rest' END = $3
                       ORDER BY run_at, id LIMIT 1 FOR UPDATE SKIP LOCKED)
           RETURNING id, establishment_id, payload, attempts"#,
        now.to_sqlx() as _,
        clock::minutes(now, LEASE_MINUTES).to_sqlx() as _,
        lane.as_str(),
    )
    .fetch_optional(&d.db.pool)
    .await?;
    Ok(row.map(|row| Taken {
        id: row.id,
        establishment: row.establishment_id.map(EstablishmentId),
        payload: row.payload,
        attempts: row.attempts,
    }))
}

/// Ends a try. Whoever lost the lease meanwhile has nothing to say any more: the number of the attempt tells.
async fn settle(d: &Domain, id: i64, attempts: i32, error: Option<Fault>) -> Result<(), Fault> {
    let Some(error) = error else {
        sqlx::query!("DELETE FROM queue.jobs WHERE id = $1 AND attempts = $2", id, attempts)
            .execute(&d.db.pool)
            .await?;
        return Ok(());
    };
    let wait = usize::try_from(attempts - 1).ok().and_then(|n| RETRY.get(n));
    tracing::warn!(%error, job = id, attempts, dead = wait.is_none(), "jobs: failed");
    let text: String = error.to_string().chars().take(500).collect();
    sqlx::query!(
        "UPDATE queue.jobs SET state = $2, run_at = $3, leased_until = NULL, last_error = $4
         WHERE id = $1 AND attempts = $5",
        id,
        if wait.is_some() { "waiting" } else { "dead" },
        clock::seconds(d.now(), wait.copied().unwrap_or_default()).to_sqlx() as _,
        text,
        attempts,
    )
    .execute(&d.db.pool)
    .await?;
    Ok(())
}

/// Whether this node is the one to do the periodic work now.
async fn due(d: &Domain, kind: &str, every: i32) -> Result<bool, Fault> {
    let now = d.now();
    let row = sqlx::query!(
        "INSERT INTO queue.schedule AS s (kind, every, next_at) VALUES ($1, make_interval(secs => $2), $3)
         ON CONFLICT (kind) DO UPDATE SET next_at = $3, every = make_interval(secs => $2) WHERE s.next_at <= $4
         RETURNING kind",
        kind,
        f64::from(every),
        clock::seconds(now, i64::from(every)).to_sqlx() as _,
        now.to_sqlx() as _,
    )
    .fetch_optional(&d.db.pool)
    .await?;
    Ok(row.is_some())
}
