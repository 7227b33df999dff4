//! The script's way: one file a request, answers in JSON, the same key is the same file.

use serde_json::json;

use crate::support::{App, Browser, Call, House, Objects, app, files};

async fn visitor() -> (App, House, Objects, Browser) {
    let app = app().await;
    let house = app.house("Pharmacie des Lilas").await;
    let objects = app.objects(&house).await;
    let mut browser = Browser::new(&app);
    let reply = browser
        .json("/api/v1/codes/validate", json!({ "establishment": house.slug, "code": objects.typed }))
        .await;
    let said = reply.json();
    assert_eq!(
        (&said["establishment"], &said["label"]),
        (&json!("Pharmacie des Lilas"), &json!("Ordonnance du 12 mars"))
    );
    assert_eq!(
        said.as_object().unwrap().len(),
        3,
        "and a token against cross-site requests, no more: {said}"
    );
    (app, house, objects, browser)
}

#[tokio::test]
async fn files_arrive_one_by_one_and_never_twice() {
    let (app, house, _, mut browser) = visitor().await;
    let blobs = app.blobs();
    let pdf = files::pdf("Compte rendu", 300_000);
    for _ in 0..3 {
        let reply = browser
            .file(&house.slug, "cle-00000001", ("été à l’épaule.jpg", "image/jpeg", files::JPEG))
            .await;
        assert_eq!((reply.status, reply.json()), (200, json!({ "item": 1, "state": "received" })));
    }
    let reply = browser.file(&house.slug, "cle-00000002", ("résultats.pdf", "application/pdf", &pdf)).await;
    assert_eq!((reply.status, reply.json()["item"].as_u64()), (200, Some(2)));
    assert_eq!(app.blobs(), blobs + 2);
    let call = Call::post(format!("/d/{}/deposit/close", house.slug)).with("accept", "application/json");
    let reply = browser.act(call).await;
    assert_eq!(reply.status, 200, "{}", reply.text());
    let receipt = reply.json()["receipt"].as_str().unwrap().to_owned();
    assert_eq!(browser.get(&receipt).await.status, 200);
    let late = browser.file(&house.slug, "cle-00000003", ("a.jpg", "image/jpeg", files::JPEG)).await;
    assert_eq!((late.status, late.json()["kind"].as_str()), (410, Some("code_no_longer_valid")), "closed");
}

#[tokio::test]
async fn the_name_of_the_api_does_the_same() {
    let (app, house, _, mut browser) = visitor().await;
    let blobs = app.blobs();
    let call = Call::post(format!("/api/v1/documents/upload?establishment={}", house.slug))
        .with("x-idempotency-key", "cle-00000001")
        .raw("image/jpeg", files::JPEG);
    let reply = browser.act(call.clone()).await;
    assert_eq!((reply.status, reply.json()["state"].as_str()), (200, Some("received")));
    assert_eq!(app.blobs(), blobs + 1);
    let mut stranger = Browser::new(&app);
    let reply = stranger.act(call).await;
    assert_eq!((reply.status, reply.json()["kind"].as_str()), (403, Some("session_expired")));
}

#[tokio::test]
async fn a_refusal_is_a_sentence_in_the_pages_language() {
    let (_app, house, _, mut browser) = visitor().await;
    let mut sentences = Vec::new();
    for language in ["fr", "en"] {
        browser.get(&format!("/language/{language}")).await;
        let reply = browser
            .file(&house.slug, "cle-00000001", ("a.zip", "application/zip", b"PK\x03\x04 something"))
            .await;
        let body = reply.json();
        assert_eq!((reply.status, body["kind"].as_str()), (415, Some("unknown_type")));
        assert_eq!(body["request_id"].as_str(), Some(reply.header("x-request-id")));
        sentences.push(body["message"].as_str().unwrap().to_owned());
    }
    assert!(sentences[0] != sentences[1] && sentences.iter().all(|text| text.len() > 20), "{sentences:?}");
}
