//! Live events: outbox row in the transaction, one NOTIFY, one LISTEN a node, fan-out in the process.
//!
//! Browsers get kinds and ids only and re-read through the normal, authorised path. A lost wake-up costs latency,
//! never an event: the outbox is read again every second.

use std::time::Duration;

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

/// Where the reader stands: transaction id (as text, xid8 has no type here) and row id.
type Position = (String, i64);

async fn listen(d: &Domain, last: &mut Option<Position>) -> Result<(), Fault> {
    let mut listener = PgListener::connect_with(&d.db.pool).await?;
    listener.listen("carelink_outbox").await?;
    if last.is_none() {
        *last = Some(end_of_outbox(d).await?);
    }
    loop {
        if let Some(position) = last {
            *position = forward(d, position).await?;
        }
        // Either a wake-up or the patrol; a burst of notifications is one read.
        let _ = tokio::time::timeout(PATROL, listener.recv()).await.map_or(Ok(None), |got| got.map(Some))?;
        while listener.next_buffered().is_some() {}
    }
}

async fn end_of_outbox(d: &Domain) -> Result<Position, Fault> {
    let row = sqlx::query!(
        r#"SELECT xid::text AS "xid!", id FROM queue.outbox
           WHERE xid < pg_snapshot_xmin(pg_current_snapshot()) ORDER BY queue.outbox.xid DESC, id DESC LIMIT 1"#
    )
    .fetch_optional(&d.db.pool)
    .await?;
    Ok(row.map_or_else(|| ("0".to_owned(), 0), |row| (row.xid, row.id)))
}

/// Sends what became visible since `position`: rows of transactions older than every one that is still open.
async fn forward(d: &Domain, position: &Position) -> Result<Position, Fault> {
    let rows = sqlx::query!(
        r#"SELECT xid::text AS "xid!", id, establishment_id, kind, object_id FROM queue.outbox
           WHERE (xid, id) > ($1::text::xid8, $2) AND xid < pg_snapshot_xmin(pg_current_snapshot())
           ORDER BY queue.outbox.xid, id LIMIT 1000"#,
        position.0,
        position.1,
    )
    .fetch_all(&d.db.pool)
    .await?;
    let mut reached = position.clone();
    for row in rows {
        reached = (row.xid, row.id);
        let event = Event {
            id: row.id,
            establishment: EstablishmentId(row.establishment_id),
            kind: row.kind,
            object: row.object_id,
        };
        // Nobody listening is no error.
        let _ = d.events.0.send(event);
    }
    Ok(reached)
}

/// Job: forgets events that no socket will ask for.
pub(crate) async fn trim(d: &Domain) -> Result<(), Fault> {
    let before = crate::clock::minutes(d.now(), -KEPT_MINUTES);
    sqlx::query!("DELETE FROM queue.outbox WHERE at < $1", before.to_sqlx() as _).execute(&d.db.pool).await?;
    Ok(())
}
