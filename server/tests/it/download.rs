//! Originals as attachments, pages as pictures.

use model::roles::Role;
use serde_json::json;

use crate::support::{App, Browser, Call, House, Objects, app, files};

async fn place() -> (App, House, Objects, Browser) {
    let app = app().await;
    let house = app.house("Pharmacie des Lilas").await;
    let objects = app.objects(&house).await;
    let browser = app.signed_in(&house, &[Role::Pharmacist]).await;
    (app, house, objects, browser)
}

#[tokio::test]
async fn an_original_leaves_as_an_attachment_under_its_own_name() {
    let (app, house, objects, mut browser) = place().await;
    let staff = app.member(&house, &[Role::Pharmacist]).await;
    for (name, ascii, extended) in [
        ("radio.jpg", "radio.jpg", None),
        ("été.jpg", "", Some("%C3%A9t%C3%A9.jpg")),
        ("中文.jpg", "", Some("%E4%B8%AD%E6%96%87.jpg")),
    ] {
        let id = app.receive(&staff, &objects.depositor, name, files::JPEG).await;
        let reply = browser.form(&format!("/api/v1/documents/{id}/download"), &[]).await;
        assert_eq!((reply.status, &reply.body[..2]), (200, &b"\xFF\xD8"[..]), "{name}");
        assert_eq!(reply.header("content-type"), "image/jpeg");
        assert_eq!(reply.header("content-length"), reply.body.len().to_string());
        let disposition = reply.header("content-disposition");
        assert!(disposition.starts_with("attachment; ") && disposition.is_ascii(), "{disposition}");
        assert!(disposition.contains(&format!("filename=\"{ascii}")), "{disposition}");
        if let Some(extended) = extended {
            assert!(disposition.contains(&format!("filename*=UTF-8''{extended}")), "{disposition}");
        }
        app.alter(&format!(
            "DELETE FROM {0}.documents WHERE id = '{id}'",
            domain::db::Db::schema_of(house.id)
        ))
        .await;
        app.alter(&format!(
            "DELETE FROM {0}.deposit_items WHERE seen_at IS NOT NULL",
            domain::db::Db::schema_of(house.id)
        ))
        .await;
    }
}

#[tokio::test]
async fn a_download_tells_its_length_to_browsers_that_take_compressed_answers() {
    let (app, house, objects, mut browser) = place().await;
    let staff = app.member(&house, &[Role::Pharmacist]).await;
    let pdf = files::pdf("Compte rendu", 100_000);
    for (name, content) in [("a.pdf", pdf.as_slice()), ("a.jpg", files::JPEG)] {
        let id = app.receive(&staff, &objects.depositor, name, content).await;
        let token = browser.token();
        let call = Call::post(format!("/api/v1/documents/{id}/download")).form(&[("csrf", &token)]);
        let reply = browser.act(call.with("accept-encoding", "gzip, br")).await;
        assert_eq!(reply.header("content-length"), reply.body.len().to_string(), "{name}");
        assert!(reply.headers.get("content-encoding").is_none() && reply.body.len() > 100, "{name}");
    }
    let page = browser.send(Call::get("/legal").with("accept-encoding", "gzip, br")).await;
    assert_eq!((page.status, page.header("content-encoding")), (200, "br"), "text gets smaller");
}

#[tokio::test]
async fn a_hostile_name_changes_no_header() {
    let (app, house, objects, mut browser) = place().await;
    let staff = app.member(&house, &[Role::Pharmacist]).await;
    for name in [r#"a"; filename="evil.jpg"#, "..\\..\\../x\r\nSet-Cookie: a=b.jpg"] {
        let id = app.receive(&staff, &objects.depositor, name, files::JPEG).await;
        let reply = browser.form(&format!("/api/v1/documents/{id}/download"), &[]).await;
        let disposition = reply.header("content-disposition");
        assert_eq!(disposition.matches("filename=\"").count(), 1, "{disposition}");
        assert_eq!(disposition.matches('"').count(), 2, "{disposition}");
        assert!(
            !disposition.contains("..") && !disposition.contains('/') && !disposition.contains("\\\\"),
            "{disposition}"
        );
        assert!(reply.cookies().is_empty());
    }
}

#[tokio::test]
async fn a_download_marks_seen_and_is_audited_once() {
    let (app, house, objects, mut browser) = place().await;
    let schema = domain::db::Db::schema_of(house.id);
    let seen = format!("SELECT count(*) FROM {schema}.documents WHERE seen_at IS NOT NULL");
    let audited = format!("SELECT count(*) FROM {schema}.audit WHERE action = 'documents.download'");
    assert_eq!((app.count(&seen).await, app.count(&audited).await), (0, 0));
    let path = format!("/api/v1/documents/{}/download", objects.document);
    assert_eq!(browser.get(&path).await.status, 405, "a GET opens nothing");
    assert_eq!(browser.form(&path, &[]).await.status, 200);
    assert_eq!((app.count(&seen).await, app.count(&audited).await), (1, 1));
}

#[tokio::test]
async fn a_refused_form_answers_a_page_that_says_why_in_the_persons_language() {
    let (app, house, objects, mut browser) = place().await;
    let mut secretary = app.signed_in(&house, &[Role::Nurse]).await;
    let nowhere = uuid::Uuid::from_u128(7);
    for (lang, forbidden, gone) in
        [("fr", "Vos rôles dans cet établissement", "Introuvable"), ("en", "Your roles in this", "Not found")]
    {
        let name = browser.name("lang");
        browser.jar.insert(name.clone(), lang.to_owned());
        secretary.jar.insert(name, lang.to_owned());
        let refused = secretary.form("/api/v1/audit/export", &[("search", "")]).await;
        assert_eq!(refused.status, 403);
        assert!(refused.text().contains(forbidden), "{}", refused.text());
        for id in [nowhere.to_string(), "0".into()] {
            let missing = browser.form(&format!("/api/v1/documents/{id}/download"), &[]).await;
            assert_eq!((missing.status, missing.header("cache-control")), (404, "no-store"));
            assert!(missing.text().contains(gone), "{}", missing.text());
            assert!(missing.text().contains("href=\"/portal\""), "and where to go on");
        }
    }
    let path = format!("/api/v1/documents/{}/download", objects.document);
    let call = Call::post(&path).json(&json!({}));
    app.alter(&format!("DROP TABLE {}.audit CASCADE", domain::db::Db::schema_of(house.id))).await;
    let program = browser.act(call).await;
    assert_eq!((program.status, program.json()["kind"]["name"].as_str()), (500, Some("internal")));
    let incident = browser.form(&path, &[]).await;
    assert_eq!(incident.status, 500);
    assert!(incident.text().contains(incident.header("x-request-id")), "{}", incident.text());
}

#[tokio::test]
async fn the_audits_file_speaks_the_persons_language() {
    let (app, house, ..) = place().await;
    let mut admin = app.signed_in(&house, &[Role::Administrator]).await;
    for (lang, head) in
        [("fr", "\"Auteur\",\"Rôles\",\"Session\",\"Acte\""), ("en", "\"Who\",\"Roles\",\"Session\",\"Act\"")]
    {
        admin.jar.insert(admin.name("lang"), lang.to_owned());
        let csv = admin.form("/api/v1/audit/export", &[("search", "")]).await.text();
        assert!(csv.lines().next().is_some_and(|first| first.contains(head)), "{csv}");
    }
}

#[tokio::test]
async fn a_page_is_drawn_for_the_session_that_opened_it() {
    let (app, house, objects, mut browser) = place().await;
    let staff = app.member(&house, &[Role::Pharmacist]).await;
    let pdf =
        app.receive(&staff, &objects.depositor, "compte rendu.pdf", &files::pdf("Compte rendu", 0)).await;
    for (id, at) in [(objects.document, "?"), (pdf, "?side=400&turn=90&")] {
        let opened = browser.json("/api/v1/documents/open", json!({ "id": id })).await;
        assert_eq!(opened.status, 200, "{}", opened.text());
        let ticket = opened.json()["ticket"].as_str().unwrap().to_owned();
        let page =
            |number: u32, ticket: &str| format!("/api/v1/documents/{id}/pages/{number}{at}ticket={ticket}");
        let reply = browser.get(&page(1, &ticket)).await;
        assert_eq!(reply.status, 200, "{}", reply.text());
        let kind = reply.header("content-type");
        let magic: &[u8] = if kind == "image/png" { b"\x89PNG" } else { b"\xFF\xD8\xFF" };
        assert!(["image/png", "image/jpeg"].contains(&kind) && reply.body.starts_with(magic), "{kind}");
        assert_eq!(reply.header("content-security-policy"), "sandbox; default-src 'none'");
        assert_eq!(browser.get(&page(99, &ticket)).await.status, 422, "no such page");
        for bad in ["", "1.x", &format!("9{ticket}"), &ticket[..ticket.len() - 1]] {
            assert_eq!(browser.get(&page(1, bad)).await.status, 404, "{bad}");
        }
        let mut colleague = app.signed_in(&house, &[Role::Pharmacist]).await;
        assert_eq!(colleague.get(&page(1, &ticket)).await.status, 404, "another session's ticket");
        let mut nobody = Browser::new(&app);
        assert_eq!(nobody.get(&page(1, &ticket)).await.status, 401);
    }
    let bare = format!("/api/v1/documents/{pdf}/pages/1");
    assert_eq!(browser.get(&bare).await.status, 400, "no ticket at all");
}

#[tokio::test]
async fn a_ticket_opens_nothing_once_the_role_is_lost_and_the_try_is_recorded() {
    let (app, house, objects, _) = place().await;
    let (user, email) = app.person(&house, &[Role::Nurse]).await;
    let mut browser = app.browser_of(&email, &house).await;
    let opened = browser.json("/api/v1/documents/open", json!({ "id": objects.document })).await.json();
    let ticket = opened["ticket"].as_str().unwrap();
    let path = format!("/api/v1/documents/{}/pages/1?ticket={ticket}", objects.document);
    assert_eq!(browser.get(&path).await.status, 200);
    let mut admin = app.signed_in(&house, &[Role::Administrator]).await;
    let change = json!({ "user": user, "roles": ["researcher"] });
    assert_eq!(admin.json("/api/v1/members/roles", change).await.status, 200);
    // As long as a session is cached.
    app.seconds(5);
    assert_eq!(browser.get(&path).await.status, 403);
    let refused = format!(
        "SELECT count(*) FROM {}.audit WHERE action = 'documents.open' AND outcome = 'refused' AND actor_id = '{user}'",
        domain::db::Db::schema_of(house.id)
    );
    assert_eq!(app.count(&refused).await, 1);
}

#[tokio::test]
async fn a_ticket_lasts_an_hour() {
    let (app, _, objects, mut browser) = place().await;
    let opened = browser.json("/api/v1/documents/open", json!({ "id": objects.document })).await.json();
    let path = format!(
        "/api/v1/documents/{}/pages/1?ticket={}",
        objects.document,
        opened["ticket"].as_str().unwrap()
    );
    for _ in 0..2 {
        app.minutes(29);
        assert_eq!(browser.get(&path).await.status, 200);
    }
    app.minutes(3);
    assert_eq!(browser.get(&path).await.status, 404);
}
