//! An establishment moves: exported, deleted, imported, the same as before.

use domain::{
    PlatformAdmin, documents,
    establishments::{self, TransferError},
};
use model::roles::Role;
use tokio::io::AsyncReadExt;

use crate::support::{App, Database, House, Node, app, app_on, files};

const TABLES: [&str; 7] = ["staff", "settings", "audit", "codes", "deposits", "deposit_items", "documents"];
const NOBODY: PlatformAdmin = PlatformAdmin { user: None };

async fn contents(app: &App, house: &House) -> Vec<String> {
    let mut all = Vec::new();
    for table in TABLES {
        let sql = format!(
            "SELECT coalesce(string_agg(t::text, E'\\n' ORDER BY t::text), '') FROM {}.{table} t",
            house.schema()
        );
        all.push(
            sqlx::query_scalar(sqlx::AssertSqlSafe(sql)).fetch_one(&mut app.look().await).await.unwrap(),
        );
    }
    all
}

async fn lived_in() -> (App, House, domain::Staff, String, Vec<u8>) {
    let app = app().await;
    let house = app.house("Pharmacie des Lilas").await;
    let staff = app.pharmacist(&house).await;
    let (_, email) = app.person(&house, &[Role::Nurse]).await;
    app.document(&house, &staff, "a.png", files::PNG).await;
    let big = files::pdf("Bonjour\\tà tous", 6_000_000);
    let (id, _) = app.document(&house, &staff, "étrange\tnom\\N.pdf", &big).await;
    documents::open(&app.d, &staff, id).await.unwrap();
    app.jobs().await;
    (app, house, staff, email, big)
}

#[tokio::test]
async fn an_exported_and_deleted_establishment_comes_back_as_it_was() {
    let (app, house, staff, email, big) = lived_in().await;
    let neighbour = app.house("SSIAD du Canal").await;
    let folder = app.folder.path().join("export");
    let before = contents(&app, &house).await;
    let blobs = app.blobs().len();
    establishments::export(&app.d, &NOBODY, house.id, &folder).await.unwrap();
    assert!(matches!(establishments::import(&app.d, &NOBODY, &folder).await, Err(TransferError::Exists)));

    establishments::delete(&app.d, &NOBODY, house.id).await.unwrap();
    let role = app.d.db.role_of(house.id);
    for (what, sql) in [
        ("schema", format!("SELECT count(*) FROM pg_namespace WHERE nspname = '{}'", house.schema())),
        ("role", format!("SELECT count(*) FROM pg_roles WHERE rolname = '{role}'")),
        ("jobs", format!("SELECT count(*) FROM queue.jobs WHERE establishment_id = '{}'", house.id)),
        ("events", format!("SELECT count(*) FROM queue.outbox WHERE establishment_id = '{}'", house.id)),
        (
            "memberships",
            format!("SELECT count(*) FROM control.memberships WHERE establishment_id = '{}'", house.id),
        ),
        ("row", format!("SELECT count(*) FROM control.establishments WHERE id = '{}'", house.id)),
    ] {
        assert_eq!(app.count(&sql).await, 0, "{what}");
    }
    assert_eq!(app.blobs().len(), 0);
    assert!(matches!(establishments::delete(&app.d, &NOBODY, house.id).await, Err(TransferError::NotFound)));
    // The neighbour did not notice.
    app.code(&app.pharmacist(&neighbour).await).await;

    assert_eq!(establishments::import(&app.d, &NOBODY, &folder).await.unwrap().id, house.id);
    assert_eq!(contents(&app, &house).await, before);
    assert_eq!(app.blobs().len(), blobs);
    let id = app.newest(&staff).await;
    let mut content = Vec::new();
    documents::download(&app.d, &staff, id).await.unwrap().content.read_to_end(&mut content).await.unwrap();
    assert!(content == big);
    app.sign_in(&email, None).await;
    // New rows are numbered after the old ones.
    app.code(&staff).await;
}

#[tokio::test]
async fn an_establishment_moves_to_another_machine_with_its_keys() {
    let (app, house, staff, email, big) = lived_in().await;
    let folder = app.folder.path().join("export");
    establishments::export(&app.d, &NOBODY, house.id, &folder).await.unwrap();
    let mut other = app_on(Database::migrated().await, Node::default());
    // What the operator brings along: master key and pepper.
    other.master.clone_from(&app.master);
    other.d = other.node(Node::default());
    establishments::import(&other.d, &NOBODY, &folder).await.unwrap();
    assert_eq!(contents(&other, &house).await, contents(&app, &house).await);
    let id = other.newest(&staff).await;
    let mut content = Vec::new();
    documents::download(&other.d, &staff, id).await.unwrap().content.read_to_end(&mut content).await.unwrap();
    assert!(content == big);
    other.sign_in(&email, None).await;
    let code = other.code(&staff).await;
    let visitor = other.visitor(&house, &code).await;
    other.deposit(&visitor, "b.png", files::PNG).await.unwrap();
    other.jobs().await;
}

#[tokio::test]
async fn a_folder_of_another_version_is_refused() {
    let (app, house, ..) = lived_in().await;
    let folder = app.folder.path().join("export");
    establishments::export(&app.d, &NOBODY, house.id, &folder).await.unwrap();
    let file = folder.join("establishment.json");
    let ours = domain::db::latest_tenant_version();
    let text = std::fs::read_to_string(&file).unwrap();
    std::fs::write(&file, text.replacen(&format!("\"schema_version\": {ours}"), "\"schema_version\": 1", 1))
        .unwrap();
    let outcome = establishments::import(&app.d, &NOBODY, &folder).await;
    assert!(matches!(outcome, Err(TransferError::Version { found: 1, .. })), "{outcome:?}");
}

#[tokio::test]
async fn an_import_that_fails_leaves_nothing_and_can_be_tried_again() {
    let (app, house, ..) = lived_in().await;
    let folder = app.folder.path().join("export");
    establishments::export(&app.d, &NOBODY, house.id, &folder).await.unwrap();
    establishments::delete(&app.d, &NOBODY, house.id).await.unwrap();
    let (table, away) = (folder.join("documents.copy"), folder.join("away"));
    std::fs::rename(&table, &away).unwrap();
    assert!(matches!(establishments::import(&app.d, &NOBODY, &folder).await, Err(TransferError::Fault(_))));
    assert_eq!(app.count("SELECT count(*) FROM control.establishments").await, 0);
    let schema = format!("SELECT count(*) FROM pg_namespace WHERE nspname = '{}'", house.schema());
    assert_eq!((app.count(&schema).await, app.blobs().len()), (0, 0));
    std::fs::rename(&away, &table).unwrap();
    assert_eq!(establishments::import(&app.d, &NOBODY, &folder).await.unwrap().id, house.id);
}

#[tokio::test]
async fn an_export_opens_only_where_its_master_key_is() {
    let (app, house, ..) = lived_in().await;
    let folder = app.folder.path().join("export");
    establishments::export(&app.d, &NOBODY, house.id, &folder).await.unwrap();
    let other = app_on(Database::migrated().await, Node { seed: 2, ..Node::default() });
    let outcome = establishments::import(&other.d, &NOBODY, &folder).await;
    assert!(matches!(outcome, Err(TransferError::ForeignKey)), "{outcome:?}");
    assert_eq!(other.count("SELECT count(*) FROM control.establishments").await, 0);
}

#[tokio::test]
async fn rights_over_the_platform_do_not_travel_and_neither_does_an_address_that_is_taken() {
    let (app, house, _, email, _) = lived_in().await;
    app.alter("UPDATE control.users SET platform_administrator = true").await;
    let folder = app.folder.path().join("export");
    establishments::export(&app.d, &NOBODY, house.id, &folder).await.unwrap();
    let mut other = app_on(Database::migrated().await, Node::default());
    other.master.clone_from(&app.master);
    other.d = other.node(Node::default());
    let new = crate::support::new_member(&email, &[Role::Nurse]);
    domain::members::create_user(&other.d, &NOBODY, &new, None, false).await.unwrap();
    let imported = establishments::import(&other.d, &NOBODY, &folder).await.unwrap();
    assert_eq!(imported.left_out, [email]);
    assert_eq!(other.count("SELECT count(*) FROM control.users WHERE platform_administrator").await, 0);
}

#[tokio::test]
async fn what_was_still_to_do_is_done_where_an_establishment_arrives() {
    let app = app().await;
    let house = app.house("Pharmacie des Lilas").await;
    let staff = app.pharmacist(&house).await;
    let (gone, _) = app.document(&house, &staff, "a.png", files::PNG).await;
    documents::delete(&app.d, &staff, gone).await.unwrap();
    app.document(&house, &staff, "b.png", files::PNG).await;
    let folder = app.folder.path().join("export");
    establishments::export(&app.d, &NOBODY, house.id, &folder).await.unwrap();
    establishments::delete(&app.d, &NOBODY, house.id).await.unwrap();
    establishments::import(&app.d, &NOBODY, &folder).await.unwrap();
    app.advance(jiff::SignedDuration::from_secs(10));
    app.jobs().await;
    let states = format!(
        "SELECT count(*) FILTER (WHERE state = 'checked') * 10 + count(*) FROM {}.documents",
        house.schema()
    );
    assert_eq!(app.count(&states).await, 11, "one checked, one gone");
}
