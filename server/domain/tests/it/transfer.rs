//! An establishment moves: exported, deleted, imported, the same as before.

use domain::{
    PlatformAdmin, documents,
    establishments::{self, TransferError},
};
use model::roles::Role;
use tokio::io::AsyncReadExt;

use crate::support::{App, Database, House, Node, app, app_on, files};

const TABLES: [&str; 7] = ["staff", "settings", "audit", "codes", "deposits", "deposit_items", "documents"];
const NOBODY: PlatformAdmin = PlatformAdmin::operator();

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
        ("accounts", format!("SELECT count(*) FROM control.users WHERE email = '{email}'")),
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

#[tokio::test]
async fn a_folder_that_was_tampered_with_reaches_no_other_establishment() {
    let (app, house, ..) = lived_in().await;
    let neighbour = app.house("SSIAD du Canal").await;
    let staff = app.pharmacist(&neighbour).await;
    app.document(&neighbour, &staff, "voisin.png", files::PNG).await;
    let theirs: String =
        sqlx::query_scalar(sqlx::AssertSqlSafe(format!("SELECT blob FROM {}.documents", neighbour.schema())))
            .fetch_one(&mut app.look().await)
            .await
            .unwrap();
    let folder = app.folder.path().join("export");
    establishments::export(&app.d, &NOBODY, house.id, &folder).await.unwrap();
    establishments::delete(&app.d, &NOBODY, house.id).await.unwrap();
    // Somebody makes a member an administrator next door, and a document point at the neighbour's payload.
    let file = folder.join("establishment.json");
    let mut manifest: serde_json::Value = serde_json::from_slice(&std::fs::read(&file).unwrap()).unwrap();
    let mut forged = manifest["memberships"][0].clone();
    forged["establishment_id"] = neighbour.id.to_string().into();
    forged["roles"] = serde_json::json!(["administrator"]);
    manifest["memberships"].as_array_mut().unwrap().push(forged);
    std::fs::write(&file, serde_json::to_vec(&manifest).unwrap()).unwrap();
    let table = folder.join("documents.copy");
    let ours = format!("{}/", house.id.0.simple());
    let text = std::fs::read_to_string(&table).unwrap();
    let at = text.find(&ours).unwrap();
    let forged = format!("{}{theirs}{}", &text[..at], &text[at + theirs.len()..]);
    std::fs::write(&table, forged).unwrap();

    let memberships = "SELECT count(*) FROM control.memberships WHERE 'administrator' = ANY (roles)";
    let before = app.count(memberships).await;
    let imported = establishments::import(&app.d, &NOBODY, &folder).await.unwrap();
    assert_eq!((app.count(memberships).await, imported.erased), (before, 1));
    app.jobs().await;
    let id = app.newest(&staff).await;
    documents::download(&app.d, &staff, id).await.unwrap();
}

#[tokio::test]
async fn what_was_erased_while_the_export_was_written_does_not_come_back() {
    let (app, house, staff, ..) = lived_in().await;
    let folder = app.folder.path().join("export");
    establishments::export(&app.d, &NOBODY, house.id, &folder).await.unwrap();
    establishments::delete(&app.d, &NOBODY, house.id).await.unwrap();
    // As if its payload had gone before it was copied.
    let payloads: Vec<_> =
        std::fs::read_dir(folder.join("blobs")).unwrap().map(|file| file.unwrap().path()).collect();
    std::fs::remove_file(&payloads[0]).unwrap();
    assert_eq!(establishments::import(&app.d, &NOBODY, &folder).await.unwrap().erased, 1);
    let schema = house.schema();
    let rows = format!("SELECT count(*) FROM {schema}.documents");
    let gone = format!("SELECT count(*) FROM {schema}.deposit_items WHERE deleted_at IS NOT NULL");
    assert_eq!((app.count(&rows).await, app.count(&gone).await), (1, 1));
    let id = app.newest(&staff).await;
    documents::download(&app.d, &staff, id).await.unwrap();
}
