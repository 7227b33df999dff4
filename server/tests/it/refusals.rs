//! Files that are not kept: the right status, with script and without, nothing stored, no use consumed.

use model::roles::Role;

use crate::support::{App, Browser, House, app_with, config, files};

struct Place {
    app: App,
    house: House,
    code: model::ids::CodeId,
    browser: Browser,
}

/// A visitor of a fresh code in an establishment that takes files of one mebibyte.
async fn place(uploads: u32) -> Place {
    let mut config = config();
    config.limits.uploads_per_address = uploads;
    let app = app_with(config).await;
    let house = app.house("Pharmacie des Lilas").await;
    let schema = domain::db::Db::schema_of(house.id);
    app.alter(&format!("UPDATE {schema}.settings SET max_file_mebibytes = 1, max_total_mebibytes = 2")).await;
    let staff = app.member(&house, &[Role::Pharmacist]).await;
    let code = app.code(&staff, 1).await;
    let mut browser = Browser::new(&app);
    let link = code.secret.unwrap().link;
    assert_eq!(browser.get(link.split_once(".example").unwrap().1).await.status, 303);
    Place { app, house, code: code.summary.id, browser }
}

impl Place {
    /// Statuses of the same file by the form and by the script; both say it with one status.
    async fn both(&mut self, name: &str, kind: &str, content: &[u8]) -> (u16, String) {
        let form = self.browser.deposit(&self.house.slug, "form-00112233", &[(name, kind, content)]).await;
        let script = self.browser.file(&self.house.slug, "cle-00112233", (name, kind, content)).await;
        assert_eq!(form.status, script.status, "{name}");
        if form.status >= 400 {
            assert!(form.text().contains("role=\"alert\"") || form.status == 410, "{name}: the page says it");
        }
        (script.status, script.json()["kind"].as_str().unwrap_or_default().to_owned())
    }

    async fn uses(&self) -> i64 {
        let schema = domain::db::Db::schema_of(self.house.id);
        self.app.count(&format!("SELECT uses::bigint FROM {schema}.codes WHERE id = '{}'", self.code)).await
    }

    async fn alter(&self, sql: &str) {
        let schema = domain::db::Db::schema_of(self.house.id);
        self.app.alter(&sql.replace("{schema}", &schema)).await;
    }
}

#[tokio::test]
async fn content_that_is_not_wanted() {
    let mut place = place(1_000).await;
    let pdf = files::pdf("Compte rendu", 0);
    let encrypted = String::from_utf8_lossy(&pdf).replace("/Root 1 0 R", "/Root 1 0 R /Encrypt 9 0 R");
    let cases: [(&str, &str, Vec<u8>, u16, &str); 7] = [
        ("a.txt", "text/plain", b"bonjour".to_vec(), 415, "unknown_type"),
        ("a.html", "text/html", b"<!doctype html><script>1</script>".to_vec(), 415, "unknown_type"),
        ("a.zip", "application/zip", b"PK\x03\x04\x14\0\0\0\x08\0".to_vec(), 415, "unknown_type"),
        ("a.jpg", "image/jpeg", vec![], 422, "empty"),
        ("a.jpg", "image/jpeg", files::JPEG[..files::JPEG.len() / 2].to_vec(), 422, "damaged"),
        ("a.pdf", "application/pdf", files::JPEG.to_vec(), 422, "type_mismatch"),
        ("b.pdf", "application/pdf", encrypted.into_bytes(), 422, "encrypted"),
    ];
    for (name, kind, content, status, word) in cases {
        assert_eq!(place.both(name, kind, &content).await, (status, word.to_owned()), "{name}");
    }
    assert_eq!((place.app.blobs(), place.uses().await), (0, 0), "nothing stored, nothing consumed");
    assert_eq!(place.both("a.jpg", "image/jpeg", files::JPEG).await.0, 200, "and the code still works");
}

#[tokio::test]
async fn more_than_is_allowed() {
    let mut place = place(1_000).await;
    let large = files::pdf("Compte rendu", 1_100_000);
    assert_eq!(place.both("a.pdf", "application/pdf", &large).await, (413, "too_large".into()));
    assert_eq!((place.app.blobs(), place.uses().await), (0, 0));
    for n in 1..=3 {
        let key = format!("cle-0000000{n}");
        let reply = place.browser.file(&place.house.slug, &key, ("a.jpg", "image/jpeg", files::JPEG)).await;
        assert_eq!(reply.status, 200);
    }
    assert_eq!(place.both("a.jpg", "image/jpeg", files::JPEG).await, (409, "too_many".into()));
    assert_eq!((place.app.blobs(), place.uses().await), (3, 1));
}

#[tokio::test]
async fn no_room_left() {
    let mut place = place(1_000).await;
    assert_eq!(place.both("a.jpg", "image/jpeg", files::JPEG).await.0, 200);
    place.alter("UPDATE {schema}.documents SET size = 2 * 1048576").await;
    assert_eq!(
        place.both("a.jpg", "image/jpeg", files::JPEG).await.0,
        200,
        "what was sent before is answered before"
    );
    let reply =
        place.browser.file(&place.house.slug, "cle-00000009", ("b.jpg", "image/jpeg", files::JPEG)).await;
    assert_eq!((reply.status, reply.json()["kind"].as_str()), (507, Some("no_room")));
    let reply = place
        .browser
        .deposit(&place.house.slug, "form-00000009", &[("b.jpg", "image/jpeg", files::JPEG)])
        .await;
    assert_eq!(reply.status, 507);
}

#[tokio::test]
async fn a_code_revoked_meanwhile() {
    let mut place = place(1_000).await;
    place.alter("UPDATE {schema}.codes SET revoked_at = created_at").await;
    assert_eq!(place.both("a.jpg", "image/jpeg", files::JPEG).await, (410, "code_no_longer_valid".into()));
    assert_eq!(place.browser.get(&format!("/d/{}/deposit", place.house.slug)).await.status, 410);
    assert_eq!(place.app.blobs(), 0);
}

#[tokio::test]
async fn too_many_files_from_one_address() {
    let mut place = place(2).await;
    assert_eq!(place.both("a.jpg", "image/jpeg", files::JPEG).await.0, 200);
    let reply =
        place.browser.file(&place.house.slug, "cle-00000009", ("a.jpg", "image/jpeg", files::JPEG)).await;
    assert_eq!((reply.status, reply.json()["kind"].as_str()), (429, Some("too_many_attempts")));
    assert!(reply.header("retry-after").parse::<u64>().unwrap() >= 1);
    let form = place
        .browser
        .deposit(&place.house.slug, "form-00000009", &[("a.jpg", "image/jpeg", files::JPEG)])
        .await;
    assert_eq!(form.status, 429);
    assert!(
        form.header("retry-after").parse::<u64>().is_ok_and(|wait| wait >= 1),
        "the form's answer says when, too"
    );
}

#[tokio::test]
async fn a_form_without_a_file_or_without_its_end() {
    let mut place = place(1_000).await;
    let slug = place.house.slug.clone();
    assert_eq!(
        place.browser.deposit(&slug, "form-00112233", &[("", "application/octet-stream", b"")]).await.status,
        422
    );
    assert_eq!(place.browser.deposit(&slug, "form-00112233", &[]).await.status, 422);
    let token = place.browser.token();
    let whole = crate::support::Call::post(format!("/d/{slug}/deposit")).multipart(
        &[("csrf", &token), ("idempotency_key", "form-00112233")],
        &[("a.jpg", "image/jpeg", files::JPEG)],
    );
    let cut = whole.body.slice(..whole.body.len() - 60);
    let reply = place.browser.act(crate::support::Call { body: cut, ..whole }).await;
    assert_eq!(reply.status, 400);
    assert_eq!((place.app.blobs(), place.uses().await), (0, 0));
    let bad_key = place.browser.file(&slug, "x", ("a.jpg", "image/jpeg", files::JPEG)).await;
    assert_eq!(bad_key.status, 400);
}
