//! A whole story, and what the log says of it: no code, no token, no address of a person, no document's name.

use std::{cell::RefCell, io::Write};

use model::roles::Role;
use serde_json::json;
use tracing_subscriber::EnvFilter;

use crate::support::{Browser, Call, PASSWORD, app, files};

thread_local! {
    /// What this thread logs, while its test wants to know.
    static CAPTURED: RefCell<Option<Vec<u8>>> = const { RefCell::new(None) };
}

/// One log for all tests, as in the program; a log a thread would miss what another thread has met before.
struct Log;

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        CAPTURED.with_borrow_mut(|captured| captured.as_mut().map(|log| log.extend_from_slice(bytes)));
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

/// Everything that may be switched on in production (`server.log = "debug"`); a test and its requests are one thread.
fn capture() {
    CAPTURED.set(Some(Vec::new()));
    let filter = EnvFilter::new("debug");
    let log = tracing_subscriber::fmt().with_env_filter(filter).with_writer(|| Log).json();
    log.try_init().expect("no other log");
}

#[tokio::test]
async fn the_log_of_a_whole_story_names_nobody_and_opens_nothing() {
    capture();
    let app = app().await;
    let house = app.house("Pharmacie des Lilas").await;
    let (_, email) = app.person(&house, &[Role::Pharmacist]).await;
    let mut staff = Browser::new(&app);
    let login =
        |password: &str| json!({ "with": { "email": email, "password": password, "establishment": null } });
    staff.json("/api/v1/auth/login", login("quatre barques rouges")).await;
    let reply = staff.json("/api/v1/auth/login", login(PASSWORD)).await;
    staff.session = Some(reply.json()["me"]["session"].as_str().unwrap().parse().unwrap());
    let new = json!({ "label": "Scanner du genou", "note": null, "validity": 60, "max_deposits": 2, "max_files": 3 });
    let code = staff.json("/api/v1/codes/generate", json!({ "new": new })).await.json();
    let typed = code["secret"]["value"].as_str().unwrap().to_owned();
    let link = code["secret"]["link"].as_str().unwrap().rsplit('/').next().unwrap().to_owned();

    let mut patient = Browser::new(&app);
    patient.form(&format!("/d/{}", house.slug), &[("code", "AAAAAA")]).await;
    patient.form(&format!("/d/{}", house.slug), &[("code", &typed)]).await;
    patient.get(&format!("/d/{}/{link}", house.slug)).await;
    patient.deposit(&house.slug, "form-00112233", &[("genou-de-Zoe.jpg", "image/jpeg", files::JPEG)]).await;
    patient.file(&house.slug, "cle-00112233", ("genou-de-Zoe.zip", "application/zip", b"PK\x03\x04")).await;
    let receipt = patient.form(&format!("/d/{}/deposit/close", house.slug), &[]).await.location().to_owned();
    patient.get(&receipt).await;

    let list = staff.get("/api/v1/documents?query[search]=genou&query[page][number]=1").await.json();
    let id = list["items"][0]["id"].as_str().expect("the search finds it").to_owned();
    let opened = staff.json("/api/v1/documents/open", json!({ "id": id })).await.json();
    let ticket = opened["ticket"].as_str().unwrap().to_owned();
    staff.get(&format!("/api/v1/documents/{id}/pages/1?ticket={ticket}")).await;
    staff.form(&format!("/api/v1/documents/{id}/download"), &[]).await;
    staff.get("/portal/documents").await;
    let (access, refresh) = (staff.jar["__Host-access"].clone(), staff.jar["__Host-refresh"].clone());
    app.minutes(6);
    staff.get("/portal").await;
    let mut stranger = patient.clone();
    stranger.jar.insert("__Host-deposit".into(), "AAAAAAAAAAAAAAAAAAAAAA".into());
    stranger.get(&format!("/d/{}/deposit", house.slug)).await;
    staff.send(Call::get("/nowhere/genou-de-Zoe?email=x@exemple.fr")).await;
    app.d.db.close().await;
    patient.get(&receipt).await;

    let log = String::from_utf8(CAPTURED.take().unwrap()).unwrap();
    let lines = log.lines().filter(|line| line.contains("\"target\":\"request\"")).count();
    assert!(lines >= 18, "{lines} lines:\n{log}");
    assert!(log.contains("/d/{slug}/{token}") && log.contains("incident"), "{log}");
    let receipt = receipt.rsplit('/').next().unwrap();
    let deposit = patient.jar["__Host-deposit"].clone();
    let browser = patient.jar["__Host-browser"].clone();
    for (what, secret) in [
        ("code", typed.as_str()),
        ("link", &link),
        ("receipt", receipt),
        ("ticket", &ticket),
        ("access token", &access),
        ("refresh token", &refresh),
        ("deposit cookie", &deposit),
        ("browser cookie", &browser),
        ("unknown cookie", "AAAAAAAAAAAAAAAAAAAAAA"),
        ("e-mail", &email),
        ("e-mail of an address", "exemple.fr"),
        ("person", "Fictif"),
        ("document", "genou"),
        ("password", PASSWORD),
        ("wrong password", "quatre barques"),
    ] {
        let found = log.lines().find(|line| line.to_lowercase().contains(&secret.to_lowercase()));
        assert!(found.is_none(), "{what} in the log: {}", found.unwrap_or_default());
    }
}
