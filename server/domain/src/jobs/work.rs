//! The kinds of work.

use jiff::Timestamp;
use jiff_sqlx::ToSqlx;
use model::ids::{DocumentId, EstablishmentId};
use serde::{Deserialize, Serialize};
use sqlx::PgConnection;

use crate::{
    Domain, Fault, codes,
    db::TenantTx,
    documents, events, identity,
    mail::{self, Letter},
};

/// What a job does. The payload of its row.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub(crate) enum Work {
    /// Draw the first page of a document that came in.
    Check { document: DocumentId },
    /// End a document whose time for undoing has passed.
    Erase { document: DocumentId },
    /// Erase a payload whose row is gone.
    EraseBlob { blob: String },
    /// Send a mail. The platform's own: no establishment's.
    Mail { letter: Letter },
}

/// Sorts of work that don't wait for each other: checks may take long, a store may not answer, and what must be deleted
/// may wait for neither.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Lane {
    /// Drawing documents.
    Checks,
    /// What the database alone does, and most of the schedule.
    Rest,
    /// Payloads that go from the store.
    Store,
    /// Mails: a mail server may be slow.
    Mails,
}

impl Lane {
    /// Every lane.
    pub const ALL: [Self; 4] = [Self::Checks, Self::Rest, Self::Store, Self::Mails];

    /// Name in the statement that takes a job.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Checks => "checks",
            Self::Rest => "rest",
            Self::Store => "store",
            Self::Mails => "mails",
        }
    }
}

impl Work {
    const fn kind(&self) -> &'static str {
        match self {
            Self::Check { .. } => "documents.check",
            Self::Erase { .. } => "documents.erase",
            Self::EraseBlob { .. } => "documents.erase_blob",
            Self::Mail { .. } => "mail",
        }
    }

    pub(super) async fn perform(
        self,
        d: &Domain,
        establishment: Option<EstablishmentId>,
        attempt: i32,
    ) -> Result<(), Fault> {
        let its = || establishment.ok_or_else(|| Fault::Data("a job without its establishment".into()));
        match self {
            Self::Check { document } => documents::check(d, its()?, document, attempt).await,
            Self::Erase { document } => documents::erase(d, its()?, document).await,
            Self::EraseBlob { blob } => d.vault.erase(&blob).await,
            Self::Mail { letter } => mail::send(d, &letter).await,
        }
    }
}

/// Adds a job to the transaction that causes it.
pub(crate) async fn enqueue(
    d: &Domain,
    tx: &mut TenantTx,
    work: Work,
    run_at: Timestamp,
) -> Result<(), Fault> {
    sqlx::query!(
        "SELECT queue.enqueue($1, $2, $3, $4)",
        work.kind(),
        serde_json::to_value(&work)?,
        run_at.to_sqlx() as _,
        d.now().to_sqlx() as _
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// The same for several, at the same time.
pub(crate) async fn enqueue_each(
    d: &Domain,
    tx: &mut TenantTx,
    work: Vec<Work>,
    run_at: Timestamp,
) -> Result<(), Fault> {
    let kinds: Vec<String> = work.iter().map(|work| work.kind().to_owned()).collect();
    let payloads: Vec<serde_json::Value> = work.iter().map(serde_json::to_value).collect::<Result<_, _>>()?;
    sqlx::query!(
        "SELECT queue.enqueue(kind, payload, $3, $4) FROM unnest($1::text[], $2::jsonb[]) AS job (kind, payload)",
        &kinds,
        &payloads,
        run_at.to_sqlx() as _,
        d.now().to_sqlx() as _
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Adds a job of the platform's own to a transaction of `control`.
pub(crate) async fn enqueue_own(d: &Domain, tx: &mut PgConnection, work: Work) -> Result<(), Fault> {
    sqlx::query!(
        "WITH job AS (INSERT INTO queue.jobs (kind, payload, run_at, created_at) VALUES ($1, $2, $3, $3))
         SELECT pg_notify('carelink_jobs', '')",
        work.kind(),
        serde_json::to_value(&work)?,
        d.now().to_sqlx() as _
    )
    .execute(tx)
    .await?;
    Ok(())
}

/// The same for several, in one statement.
pub(crate) async fn enqueue_own_each(d: &Domain, tx: &mut PgConnection, work: &[Work]) -> Result<(), Fault> {
    let kinds: Vec<String> = work.iter().map(|work| work.kind().to_owned()).collect();
    let payloads: Vec<serde_json::Value> = work.iter().map(serde_json::to_value).collect::<Result<_, _>>()?;
    sqlx::query!(
        "WITH job AS (INSERT INTO queue.jobs (kind, payload, run_at, created_at)
             SELECT kind, payload, $3, $3 FROM unnest($1::text[], $2::jsonb[]) AS job (kind, payload))
         SELECT pg_notify('carelink_jobs', '')",
        &kinds,
        &payloads,
        d.now().to_sqlx() as _
    )
    .execute(tx)
    .await?;
    Ok(())
}

/// Periodic work: name, seconds between two runs, and its lane.
pub(super) const SCHEDULE: [(&str, i32, Lane); 5] = [
    ("documents.expire", 60, Lane::Rest),
    ("codes.wipe", 60, Lane::Rest),
    ("control.trim", 300, Lane::Rest),
    ("documents.forget", 3600, Lane::Rest),
    ("documents.orphans", 3600, Lane::Store),
];

/// Does one kind of periodic work, for every establishment where it concerns them.
pub(super) async fn periodic(d: &Domain, kind: &str) -> Result<(), Fault> {
    if kind == "control.trim" {
        events::trim(d).await?;
        return trim_control(d).await;
    }
    // Suspended ones too: what must be deleted on a day is deleted on that day.
    let establishments = sqlx::query_scalar!(
        "SELECT id FROM control.establishments WHERE status IN ('active', 'suspended') AND schema_version >= $1",
        crate::db::latest_tenant_version()
    )
    .fetch_all(&d.db.pool)
    .await?;
    for id in establishments.into_iter().map(EstablishmentId) {
        let done = match kind {
            "documents.expire" => documents::expire(d, id).await,
            "documents.forget" => documents::forget(d, id).await,
            "documents.orphans" => documents::collect_orphans(d, id).await,
            "codes.wipe" => codes::wipe_ended(d, id).await,
            _ => Ok(()),
        };
        // One establishment's trouble is not the others'.
        if let Err(error) = done {
            tracing::error!(%error, establishment = %id, kind, "jobs: periodic work failed");
        }
    }
    Ok(())
}

/// Rows of `control` that nobody needs any more.
async fn trim_control(d: &Domain) -> Result<(), Fault> {
    let now = d.now();
    sqlx::query!("DELETE FROM control.browsers WHERE expires_at <= $1", now.to_sqlx() as _)
        .execute(&d.db.pool)
        .await?;
    sqlx::query!("DELETE FROM control.ceremonies WHERE expires_at <= $1", now.to_sqlx() as _)
        .execute(&d.db.pool)
        .await?;
    sqlx::query!("DELETE FROM control.attempts WHERE window_ends_at <= $1", now.to_sqlx() as _)
        .execute(&d.db.pool)
        .await?;
    identity::psc::forget_strangers(d).await?;
    // Browsers that nobody has come with for more than a year are new ones.
    let seen_before = crate::clock::days(now, -crate::identity::KNOWN_DAYS);
    sqlx::query!("DELETE FROM control.known_browsers WHERE seen_at <= $1", seen_before.to_sqlx() as _)
        .execute(&d.db.pool)
        .await?;
    sqlx::query!("DELETE FROM control.email_changes WHERE expires_at <= $1", now.to_sqlx() as _)
        .execute(&d.db.pool)
        .await?;
    // Invitations whose link ended a month ago; those of first administrators can be sent again for as long as nobody came.
    let ended_before = crate::clock::days(now, -30);
    sqlx::query!(
        "DELETE FROM control.invitations WHERE expires_at <= $1 AND NOT by_platform",
        ended_before.to_sqlx() as _
    )
    .execute(&d.db.pool)
    .await?;
    // One whose opening broke off is kept until that is done.
    sqlx::query!(
        "DELETE FROM control.registrations WHERE expires_at <= $1 AND approved_at IS NULL",
        now.to_sqlx() as _
    )
    .execute(&d.db.pool)
    .await?;
    // Requests for access that nobody answered.
    let asked_before = crate::clock::days(now, -90);
    sqlx::query!("DELETE FROM control.access_requests WHERE asked_at <= $1", asked_before.to_sqlx() as _)
        .execute(&d.db.pool)
        .await?;
    // Answers that their readers had a month for.
    let declined_before = crate::clock::days(now, -30);
    sqlx::query!(
        "DELETE FROM control.access_refusals WHERE declined_at <= $1",
        declined_before.to_sqlx() as _
    )
    .execute(&d.db.pool)
    .await?;
    // Tokens of Pro Santé Connect have served when the session is over.
    sqlx::query!(
        "UPDATE control.sessions SET psc_tokens = NULL
         WHERE psc_tokens IS NOT NULL AND (revoked_at IS NOT NULL OR ends_at <= $1 OR last_active_at <= $2)",
        now.to_sqlx() as _,
        (now - d.policy.sessions.idle.max(d.policy.sessions.idle_administrator)).to_sqlx() as _
    )
    .execute(&d.db.pool)
    .await?;
    // Ended sessions are kept for a month: they tell who was signed in when something happened.
    let before = crate::clock::days(now, -30);
    sqlx::query!("DELETE FROM control.sessions WHERE ends_at <= $1", before.to_sqlx() as _)
        .execute(&d.db.pool)
        .await?;
    Ok(())
}
