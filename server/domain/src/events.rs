//! Live events: outbox row in the transaction, one NOTIFY, one LISTEN a node, fan-out in the process.
//!
//! Browsers get kinds and ids only and re-read through the normal, authorised path. A lost wake-up costs latency,
//! never an event: the outbox is read again every second.

use std::{collections::HashMap, time::Duration};

use jiff_sqlx::ToSqlx;
use model::ids::EstablishmentId;
use serde::Serialize;
use sqlx::postgres::PgListener;
use tokio::sync::broadcast;
use uuid::Uuid;

use crate::{Domain, Fault, db::TenantTx};

/// How long the outbox is kept: a socket that was away longer re-reads its lists instead.
const KEPT_MINUTES: i64 = 60;
/// Read without a wake-up, in case one was lost.
const PATROL: Duration = Duration::from_secs(1);

/// Something that happened in an establishment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Event {
    /// Sequence number, for catching up.
    pub id: i64,
    /// Whose.
    #[serde(skip)]
    pub establishment: EstablishmentId,
    /// `documents.received`, `codes.changed`…
    pub kind: String,
    /// What it is about.
    pub object: Option<Uuid>,
}

/// Fan-out to the sockets of this node.
#[derive(Clone, Debug)]
pub struct Events(broadcast::Sender<Event>);

impl Default for Events {
    fn default() -> Self {
        Self(broadcast::Sender::new(1024))
    }
}

impl Events {
    /// Events from now on. A receiver that lags is told so and must re-read.
    pub fn subscribe(&self) -> broadcast::Receiver<Event> {
        self.0.subscribe()
    }
}

/// Adds an event to the transaction that causes it.
pub(crate) async fn publish(
    d: &Domain,
    tx: &mut TenantTx,
    kind: &str,
    object: Option<Uuid>,
) -> Result<(), Fault> {
    sqlx::query!("SELECT queue.publish($1, $2, $3)", kind, object, d.now().to_sqlx() as _)
        .execute(&mut **tx)
        .await?;
    Ok(())
}

/// Listens and fans out until `stop` completes. Reconnects by itself.
pub async fn run(d: Domain, stop: tokio_util::sync::CancellationToken) {
    let mut last = None;
    while !stop.is_cancelled() {
        tokio::select! {
            () = stop.cancelled() => break,
            outcome = listen(&d, &mut last) => if let Err(error) = outcome {
                tracing::warn!(%error, "events: listening again in a second");
                tokio::time::sleep(Duration::from_secs(1)).await;
            }
        }
    }
}

/// Where the reader stands: it has sent every row of transactions before `oldest`, and of later ones those in `sent`
/// (row and transaction id).
struct Position {
    oldest: u64,
    sent: HashMap<i64, u64>,
}

/// Rows that are remembered one by one. Beyond, the reader waits for the oldest transaction of the cluster (which may be
/// another application's).
const REMEMBERED: usize = 20_000;
/// Rows of one read.
const BATCH: i64 = 1000;

async fn listen(d: &Domain, last: &mut Option<Position>) -> Result<(), Fault> {
    let mut listener = PgListener::connect_with(&d.db.pool).await?;
    listener.listen("carelink_outbox").await?;
    if last.is_none() {
        *last = Some(end_of_outbox(d).await?);
    }
    loop {
        if let Some(position) = last {
            forward(d, position).await?;
        }
        // Either a wake-up or the patrol; a burst of notifications is one read.
        let _ = tokio::time::timeout(PATROL, listener.recv()).await.map_or(Ok(None), |got| got.map(Some))?;
        while listener.next_buffered().is_some() {}
    }
}

/// The position from which nothing of before is sent.
async fn end_of_outbox(d: &Domain) -> Result<Position, Fault> {
    let mut position = Position { oldest: 0, sent: HashMap::new() };
    let rows = sqlx::query!(
        r#"SELECT s.oldest::text AS "oldest!", o.id AS "id?", o.xid::text AS "xid?"
           FROM (SELECT pg_snapshot_xmin(pg_current_snapshot()) AS oldest) s
           LEFT JOIN queue.outbox o ON o.xid >= s.oldest"#
    )
    .fetch_all(&d.db.pool)
    .await?;
    for row in rows {
        position.oldest = number(&row.oldest)?;
        if let Some((id, xid)) = row.id.zip(row.xid) {
            position.sent.insert(id, number(&xid)?);
        }
    }
    Ok(position)
}

/// An xid8 has no type here: its text.
fn number(xid: &str) -> Result<u64, Fault> {
    xid.parse().map_err(|_| Fault::Data("transaction id".into()))
}

/// Sends what became visible since `position`. A transaction that stays open holds nothing up: what it will commit is
/// looked for until then, and what others have committed meanwhile is remembered.
async fn forward(d: &Domain, position: &mut Position) -> Result<(), Fault> {
    loop {
        let known: Vec<i64> = position.sent.keys().copied().collect();
        let rows = sqlx::query!(
            r#"SELECT s.oldest::text AS "oldest!", o.id AS "id?", o.xid::text AS "xid?",
                   o.establishment_id AS "establishment_id?", o.kind AS "kind?", o.object_id
               FROM (SELECT pg_snapshot_xmin(pg_current_snapshot()) AS oldest) s
               LEFT JOIN LATERAL (
                   SELECT * FROM queue.outbox WHERE xid >= $1::text::xid8 AND id <> ALL ($2) AND ($3 OR xid < s.oldest)
                   ORDER BY xid, id LIMIT $4) o ON true"#,
            position.oldest.to_string(),
            &known,
            position.sent.len() < REMEMBERED,
            BATCH,
        )
        .fetch_all(&d.db.pool)
        .await?;
        let whole = i64::try_from(rows.len()).unwrap_or(BATCH) < BATCH;
        let mut oldest = position.oldest;
        for row in rows {
            oldest = number(&row.oldest)?;
            let (Some(id), Some(xid), Some(establishment), Some(kind)) =
                (row.id, row.xid, row.establishment_id, row.kind)
            else {
                continue;
            };
            position.sent.insert(id, number(&xid)?);
            let establishment = EstablishmentId(establishment);
            // Nobody listening is no error.
            let _ = d.events.0.send(Event { id, establishment, kind, object: row.object_id });
        }
        if whole {
            // What was open at this read is looked for at the next one.
            position.oldest = oldest;
            position.sent.retain(|_, xid| *xid >= oldest);
            return Ok(());
        }
    }
}

/// Job: forgets events that no socket will ask for.
pub(crate) async fn trim(d: &Domain) -> Result<(), Fault> {
    let before = crate::clock::minutes(d.now(), -KEPT_MINUTES);
    sqlx::query!("DELETE FROM queue.outbox WHERE at < $1", before.to_sqlx() as _).execute(&d.db.pool).await?;
    Ok(())
}
