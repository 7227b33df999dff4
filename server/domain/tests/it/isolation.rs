//! An establishment's data is reached through its own transaction, or not at all.

use domain::db::{Db, TenantTx};
use model::ids::EstablishmentId;
use sqlx::{AssertSqlSafe, Executor, PgConnection};
use uuid::Uuid;

use crate::support::{App, House, app};

/// PostgreSQL's `insufficient_privilege`.
const DENIED: &str = "42501";

async fn two_houses() -> (App, House, House) {
    let app = app().await;
    let (a, b) = (app.house("Pharmacie des Lilas").await, app.house("SSIAD du Canal").await);
    (app, a, b)
}

async fn outcome(connection: &mut PgConnection, sql: &str) -> Result<(), String> {
    match connection.execute(AssertSqlSafe(sql)).await {
        Ok(_) => Ok(()),
        Err(sqlx::Error::Database(error)) => Err(error.code().unwrap_or_default().into_owned()),
        Err(error) => panic!("{error}"),
    }
}

async fn tables(app: &App, schema: &str) -> Vec<String> {
    sqlx::query_scalar("SELECT tablename::text FROM pg_tables WHERE schemaname = $1 ORDER BY 1")
        .bind(schema)
        .fetch_all(&mut app.look().await)
        .await
        .unwrap()
}

#[tokio::test]
async fn a_forgotten_context_is_refused_on_every_table() {
    let (app, house, _) = two_houses().await;
    let tables = tables(&app, &house.schema()).await;
    assert!(tables.len() >= 8, "{tables:?}");
    for table in tables {
        let sql = format!("SELECT count(*) FROM {}.{table}", house.schema());
        let mut connection = app.d.db.pool().acquire().await.unwrap();
        assert_eq!(outcome(&mut connection, &sql).await, Err(DENIED.into()), "{table}");
    }
}

#[tokio::test]
async fn an_establishment_cannot_read_another_by_qualified_names() {
    let (app, house, other) = two_houses().await;
    for table in tables(&app, &other.schema()).await {
        let mut tx = TenantTx::begin(&app.d.db, house.id).await.unwrap();
        let sql = format!("SELECT count(*) FROM {}.{table}", other.schema());
        assert_eq!(outcome(&mut tx, &sql).await, Err(DENIED.into()), "{table}");
    }
    for sql in ["SELECT * FROM control.users", "SELECT * FROM queue.jobs", "SELECT * FROM queue.outbox"] {
        let mut tx = TenantTx::begin(&app.d.db, house.id).await.unwrap();
        assert_eq!(outcome(&mut tx, sql).await, Err(DENIED.into()), "{sql}");
    }
}

#[tokio::test]
async fn a_transaction_in_the_wrong_schema_does_not_begin() {
    let (app, house, other) = two_houses().await;
    // What a botched restore would leave: the schema of one with the identity of the other.
    app.alter(&format!("UPDATE {}.identity SET establishment_id = '{}'", house.schema(), other.id)).await;
    assert!(TenantTx::begin(&app.d.db, house.id).await.is_err());
    assert!(TenantTx::begin(&app.d.db, EstablishmentId(Uuid::from_u128(1))).await.is_err());
    // The connections that failed are good for the others.
    for _ in 0..20 {
        TenantTx::begin(&app.d.db, other.id).await.unwrap().commit().await.unwrap();
    }
}

#[tokio::test]
async fn nobody_changes_an_audit_row() {
    let (app, house, _) = two_houses().await;
    for act in ["UPDATE audit SET action = 'x'", "DELETE FROM audit", "TRUNCATE audit", "DROP TABLE audit"] {
        let mut tx = TenantTx::begin(&app.d.db, house.id).await.unwrap();
        assert_eq!(outcome(&mut tx, act).await, Err(DENIED.into()), "{act}");
        drop(tx);
        let mut connection = app.d.db.pool().acquire().await.unwrap();
        let act = act.replace("audit", "control.audit");
        assert_eq!(outcome(&mut connection, &act).await, Err(DENIED.into()), "{act}");
    }
}

#[tokio::test]
async fn the_identity_of_a_schema_cannot_be_changed_from_inside() {
    let (app, house, _) = two_houses().await;
    for act in [
        "UPDATE identity SET establishment_id = gen_random_uuid()",
        "DELETE FROM identity",
        "DELETE FROM settings",
    ] {
        let mut tx = TenantTx::begin(&app.d.db, house.id).await.unwrap();
        assert_eq!(outcome(&mut tx, act).await, Err(DENIED.into()), "{act}");
    }
}

#[tokio::test]
async fn the_queue_stamps_the_establishment_and_refuses_without_one() {
    let (app, house, other) = two_houses().await;
    let enqueue = "SELECT queue.enqueue('test', '{}', now(), now())";
    let publish = "SELECT queue.publish('test', NULL, now())";
    for call in [enqueue, publish] {
        let mut connection = app.d.db.pool().acquire().await.unwrap();
        assert_eq!(outcome(&mut connection, call).await, Err(DENIED.into()), "{call}");
        // Also for a login that may call them: no role is set, so nobody's name is stamped.
        let mut owner = app.database.owner().await;
        assert_eq!(outcome(&mut owner, call).await, Err(DENIED.into()), "{call}");
        for id in [house.id, other.id] {
            let mut tx = TenantTx::begin(&app.d.db, id).await.unwrap();
            assert_eq!(outcome(&mut tx, call).await, Ok(()), "{call}");
            tx.commit().await.unwrap();
        }
    }
    for table in ["jobs", "outbox"] {
        let sql = format!("SELECT establishment_id FROM queue.{table} WHERE kind = 'test' ORDER BY id");
        let stamped: Vec<Uuid> =
            sqlx::query_scalar(AssertSqlSafe(sql)).fetch_all(&mut app.look().await).await.unwrap();
        assert_eq!(stamped, [house.id.0, other.id.0], "{table}");
    }
}

#[tokio::test]
async fn a_role_may_not_take_another_establishments_role() {
    let (app, house, other) = two_houses().await;
    let mut tx = TenantTx::begin(&app.d.db, house.id).await.unwrap();
    let schema = Db::schema_of(other.id);
    // The login could (it serves both); nothing of it outlives the transaction.
    tx.execute(AssertSqlSafe(format!("SET LOCAL search_path = {schema}"))).await.unwrap();
    assert!(outcome(&mut tx, "SELECT * FROM codes").await.is_err());
    drop(tx);
    let mut connection = app.d.db.pool().acquire().await.unwrap();
    let (role, path): (String, String) =
        sqlx::query_as("SELECT current_setting('role'), current_setting('search_path')")
            .fetch_one(&mut *connection)
            .await
            .unwrap();
    assert_eq!(role, "none");
    assert!(!path.contains("t_"), "{path}");
}
