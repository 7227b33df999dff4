//! An establishment's role and schema: made by the owner login, in one transaction each.

use model::ids::EstablishmentId;
use sqlx::{AssertSqlSafe, Connection, Executor};

use super::{Db, migrate};
use crate::fault::Fault;

/// Makes the role, the schema and its tables, and registers the role with the queue. Resumable: what exists is kept.
///
/// # Errors
/// No owner login, or PostgreSQL refuses.
pub async fn new_schema(db: &Db, id: EstablishmentId) -> Result<(), Fault> {
    let (role, schema, app) = (db.role_of(id), Db::schema_of(id), &db.app_role);
    let mut owner = db.owner().await?;
    // Somebody waits for it; a node that migrates for minutes must not gather a heap of those.
    owner.execute("SET lock_timeout = '20s'").await?;
    migrate::lock(&mut owner).await?;
    let exists: bool = sqlx::query_scalar("SELECT EXISTS (SELECT FROM pg_roles WHERE rolname = $1)")
        .bind(&role)
        .fetch_one(&mut owner)
        .await?;
    if !exists {
        owner
            .execute(AssertSqlSafe(format!("CREATE ROLE \"{role}\" NOLOGIN; GRANT \"{role}\" TO \"{app}\"")))
            .await?;
    }
    owner.execute(AssertSqlSafe(format!("CREATE SCHEMA IF NOT EXISTS \"{schema}\""))).await?;
    migrate::migrate_tenant(db, &mut owner, id).await?;
    owner
        .execute(AssertSqlSafe(format!(
            "INSERT INTO \"{schema}\".identity (establishment_id) VALUES ('{id}') ON CONFLICT DO NOTHING",
            id = id.0
        )))
        .await?;
    sqlx::query(
        "INSERT INTO queue.establishments (db_role, establishment_id) VALUES ($1, $2) ON CONFLICT DO NOTHING",
    )
    .bind(&role)
    .bind(id.0)
    .execute(&mut owner)
    .await?;
    owner.close().await?;
    Ok(())
}

/// Drops the schema, the role and what the queue holds of an establishment.
///
/// # Errors
/// No owner login, or PostgreSQL refuses.
pub async fn drop_schema(db: &Db, id: EstablishmentId) -> Result<(), Fault> {
    let (role, schema) = (db.role_of(id), Db::schema_of(id));
    let mut owner = db.owner().await?;
    migrate::lock(&mut owner).await?;
    let mut tx = owner.begin().await?;
    for statement in ["jobs", "outbox", "establishments"] {
        tx.execute(AssertSqlSafe(format!(
            "DELETE FROM queue.{statement} WHERE establishment_id = '{}'",
            id.0
        )))
        .await?;
    }
    tx.execute(AssertSqlSafe(format!("DROP SCHEMA IF EXISTS \"{schema}\" CASCADE"))).await?;
    let exists: bool = sqlx::query_scalar("SELECT EXISTS (SELECT FROM pg_roles WHERE rolname = $1)")
        .bind(&role)
        .fetch_one(&mut *tx)
        .await?;
    if exists {
        // Not DROP OWNED: only the role itself (or a superuser) may, and it owns nothing anyway.
        tx.execute(AssertSqlSafe(format!(
            "REVOKE ALL ON SCHEMA queue FROM \"{role}\"; REVOKE ALL ON ALL FUNCTIONS IN SCHEMA queue FROM \"{role}\";
             DROP ROLE \"{role}\""
        )))
        .await?;
    }
    tx.commit().await?;
    owner.close().await?;
    Ok(())
}
