//! Upgrades: a version per establishment, resumable, one at a time.

use domain::db::{TenantTx, latest_tenant_version, migrate_all, pending};
use sqlx::{AssertSqlSafe, Executor};

use crate::support::{App, Database, House, Node, app, app_on};

/// Takes an establishment back to before the last migration.
async fn set_back(app: &App, house: &House) {
    let (schema, last) = (house.schema(), latest_tenant_version());
    assert_eq!(last, 8, "undo the new last migration here");
    let role = app.d.db.role_of(house.id);
    app.alter(&format!(
        "ALTER TABLE {schema}.settings DROP COLUMN version;
         REVOKE ALL ON ALL TABLES IN SCHEMA {schema} FROM \"{role}\";
         DELETE FROM {schema}._sqlx_migrations WHERE version = {last};
         UPDATE control.establishments SET schema_version = {last} - 1 WHERE id = '{}'",
        house.id
    ))
    .await;
}

async fn version(app: &App, house: &House) -> i64 {
    app.count(&format!("SELECT schema_version FROM control.establishments WHERE id = '{}'", house.id)).await
}

#[tokio::test]
async fn an_interrupted_upgrade_goes_on_where_it_stopped() {
    let app = app().await;
    let (good, bad) = (app.house("Pharmacie des Lilas").await, app.house("SSIAD du Canal").await);
    set_back(&app, &good).await;
    set_back(&app, &bad).await;
    assert!(pending(&app.d.db).await.unwrap());
    // Something in the way of one of them.
    let mut owner = app.database.owner().await;
    let in_the_way = format!("ALTER TABLE {}.settings ADD COLUMN version text", bad.schema());
    owner.execute(AssertSqlSafe(in_the_way)).await.unwrap();

    let report = migrate_all(&app.d.db).await.unwrap();
    assert_eq!(report.upgraded, [good.id]);
    assert_eq!(report.failed.iter().map(|(id, _)| *id).collect::<Vec<_>>(), [bad.id]);
    assert_eq!(
        (version(&app, &good).await, version(&app, &bad).await),
        (latest_tenant_version(), latest_tenant_version() - 1)
    );
    assert!(pending(&app.d.db).await.unwrap());

    let away = format!("ALTER TABLE {}.settings DROP COLUMN version", bad.schema());
    owner.execute(AssertSqlSafe(away)).await.unwrap();
    let report = migrate_all(&app.d.db).await.unwrap();
    assert_eq!((report.upgraded, report.failed.len()), (vec![bad.id], 0));
    assert!(!pending(&app.d.db).await.unwrap());
    // Rights are written with it.
    let mut tx = TenantTx::begin(&app.d.db, bad.id).await.unwrap();
    tx.execute("SELECT * FROM documents").await.unwrap();
}

#[tokio::test]
async fn an_empty_database_is_pending_until_it_is_migrated() {
    let database = Database::empty().await;
    let app = app_on(database, Node::default());
    assert!(pending(&app.d.db).await.unwrap());
    // Two nodes start at once.
    let other = app.node(Node::default());
    let (one, two) = tokio::join!(migrate_all(&app.d.db), migrate_all(&other.db));
    one.unwrap();
    two.unwrap();
    assert!(!pending(&app.d.db).await.unwrap());
    app.house("Pharmacie des Lilas").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_upgrades_at_once_are_one() {
    let app = app().await;
    let houses = [app.house("Pharmacie des Lilas").await, app.house("SSIAD du Canal").await];
    for house in &houses {
        set_back(&app, house).await;
    }
    let other = app.node(Node::default());
    let (one, two) = tokio::join!(migrate_all(&app.d.db), migrate_all(&other.db));
    let (one, two) = (one.unwrap(), two.unwrap());
    assert_eq!((one.upgraded.len() + two.upgraded.len(), one.failed.len() + two.failed.len()), (2, 0));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn establishments_are_created_at_once() {
    let app = app().await;
    let names = ["Pharmacie Un", "Pharmacie Deux", "Pharmacie Trois", "Pharmacie Quatre"];
    let (a, b, c, d) =
        tokio::join!(app.house(names[0]), app.house(names[1]), app.house(names[2]), app.house(names[3]));
    for house in [a, b, c, d] {
        TenantTx::begin(&app.d.db, house.id).await.unwrap().commit().await.unwrap();
    }
}

#[tokio::test]
async fn what_the_platform_lacks_is_pending_too() {
    let app = app().await;
    assert!(!pending(&app.d.db).await.unwrap());
    for schema in ["control", "queue"] {
        app.alter(&format!("UPDATE {schema}._sqlx_migrations SET version = -version")).await;
        assert!(pending(&app.d.db).await.unwrap(), "{schema}");
        app.alter(&format!("UPDATE {schema}._sqlx_migrations SET version = -version")).await;
    }
}
