//! Migrations of the three kinds of schema: `control` and `queue` once, an establishment's for each of them.
//!
//! Each establishment keeps its own version, so that an interrupted upgrade goes on where it stopped.

use model::ids::EstablishmentId;
use sqlx::{AssertSqlSafe, Connection, Executor, PgConnection, migrate::Migrator};

use super::{Db, grants};
use crate::fault::Fault;

static CONTROL: Migrator = sqlx::migrate!("../../migrations/control");
static QUEUE: Migrator = sqlx::migrate!("../../migrations/queue");
static TENANT: Migrator = sqlx::migrate!("../../migrations/tenant");

/// Any constant: one program upgrades at a time, whatever the number of nodes.
const UPGRADE_LOCK: i64 = 0x4341_5245_4c4e_4b01;

/// Waits until nobody else migrates, creates or drops a schema; ends with the connection. Rights on the shared `queue`
/// can't be granted by two at once either.
pub(super) async fn lock(owner: &mut PgConnection) -> Result<(), Fault> {
    sqlx::query("SELECT pg_advisory_lock($1)").bind(UPGRADE_LOCK).execute(owner).await?;
    Ok(())
}

/// Version that every establishment's schema must have.
pub fn latest_tenant_version() -> i64 {
    TENANT.iter().map(|migration| migration.version).max().unwrap_or_default()
}

/// What an upgrade did.
#[derive(Debug, Default)]
pub struct Report {
    /// Establishments brought to the latest version.
    pub upgraded: Vec<EstablishmentId>,
    /// Establishments that could not be, with the reason; the others are served.
    pub failed: Vec<(EstablishmentId, String)>,
}

/// Applies everything that is pending, under a lock.
///
/// # Errors
/// `control` or `queue` can't be migrated. An establishment that can't is reported, not fatal.
pub async fn migrate_all(db: &Db) -> Result<Report, Fault> {
    let mut owner = db.owner().await?;
    lock(&mut owner).await?;
    for (schema, migrator) in [("control", &CONTROL), ("queue", &QUEUE)] {
        run(&mut owner, schema, migrator).await?;
    }
    grants::shared(&mut owner, &db.app_role).await?;
    let behind: Vec<(uuid::Uuid,)> = sqlx::query_as(
        "SELECT id FROM control.establishments WHERE schema_version < $1 AND status IN ('active', 'suspended') ORDER BY id",
    )
    .bind(latest_tenant_version())
    .fetch_all(&mut owner)
    .await?;
    let mut report = Report::default();
    for (id,) in behind {
        let id = EstablishmentId(id);
        match migrate_tenant(db, &mut owner, id).await {
            Ok(()) => report.upgraded.push(id),
            Err(error) => report.failed.push((id, error.to_string())),
        }
    }
    owner.close().await?;
    Ok(report)
}

/// Brings one establishment's schema to the latest version and records it.
///
/// # Errors
/// A migration failed: the schema stays at the version before it.
pub async fn migrate_tenant(db: &Db, owner: &mut PgConnection, id: EstablishmentId) -> Result<(), Fault> {
    let schema = Db::schema_of(id);
    run(owner, &schema, &TENANT).await?;
    grants::tenant(owner, &schema, &db.role_of(id)).await?;
    sqlx::query("UPDATE control.establishments SET schema_version = $2 WHERE id = $1")
        .bind(id.0)
        .bind(latest_tenant_version())
        .execute(owner)
        .await?;
    Ok(())
}

/// Runs a migrator with one schema as the search path; its history table lies there too.
async fn run(owner: &mut PgConnection, schema: &str, migrator: &Migrator) -> Result<(), Fault> {
    owner
        .execute(AssertSqlSafe(format!(
            "CREATE SCHEMA IF NOT EXISTS \"{schema}\"; SET search_path = \"{schema}\", pg_temp"
        )))
        .await?;
    // The lock of `migrate_all` already serialises; sqlx's own is one per database and would wait on itself.
    let outcome = migrator.run_direct(None, &mut *owner, false).await;
    owner.execute("RESET search_path").await?;
    Ok(outcome?)
}

/// PostgreSQL's codes for a schema or table that does not exist, or that the login may not see.
fn is_missing(code: Option<&str>) -> bool {
    matches!(code, Some("3F000" | "42P01" | "42501"))
}

/// Whether anything is pending, as the run-time login sees it: `ready` answers no meanwhile.
///
/// # Errors
/// PostgreSQL doesn't answer.
pub async fn pending(db: &Db) -> Result<bool, Fault> {
    for (schema, migrator) in [("control", &CONTROL), ("queue", &QUEUE)] {
        let known = migrator.iter().map(|migration| migration.version).max().unwrap_or_default();
        let history = format!("SELECT coalesce(max(version), 0) FROM {schema}._sqlx_migrations");
        let applied: Result<i64, sqlx::Error> =
            sqlx::query_scalar(AssertSqlSafe(history)).fetch_one(&db.pool).await;
        match applied {
            Ok(applied) if applied >= known => {}
            Ok(_) => return Ok(true),
            // There is none, or its rights have not been written yet.
            Err(sqlx::Error::Database(error)) if is_missing(error.code().as_deref()) => return Ok(true),
            Err(error) => return Err(error.into()),
        }
    }
    let behind: bool = sqlx::query_scalar(
        "SELECT EXISTS (SELECT FROM control.establishments WHERE schema_version < $1 AND status = 'active')",
    )
    .bind(latest_tenant_version())
    .fetch_one(&db.pool)
    .await?;
    Ok(behind)
}
