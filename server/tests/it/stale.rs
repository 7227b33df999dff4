//! A page of ours that is out of date learns why it is refused, in the form that it can read. Other sites learn nothing.

use app::error::{ApiError, ErrorKind};
use leptos::server_fn::error::FromServerFnError;
use model::roles::Role;
use serde_json::json;

use crate::support::{Browser, Call, Reply, app, app_with, config};

/// What the browser's client makes of an answer.
fn read(reply: &Reply) -> ErrorKind {
    assert_eq!(reply.header("content-type"), "application/json", "{}", reply.text());
    let error = ApiError::de(reply.body.clone());
    assert_eq!(error.request_id.as_deref(), Some(reply.header("x-request-id")));
    error.kind
}

fn generate() -> Call {
    let new = json!({ "label": "Radio", "note": null, "validity": 60, "max_deposits": 1, "max_files": 3 });
    Call::post("/api/v1/codes/generate").json(&json!({ "new": new }))
}

#[tokio::test]
async fn a_page_whose_session_ended_is_told_so() {
    let app = app().await;
    let house = app.house("Pharmacie des Lilas").await;
    let mut browser = app.signed_in(&house, &[Role::Pharmacist]).await;
    app.minutes(31);
    let reply = browser.act(generate()).await;
    assert_eq!((reply.status, read(&reply)), (401, ErrorKind::NotSignedIn));
    let page = generate().with("x-establishment", house.id.to_string());
    let reply = browser.act(page).await;
    assert_eq!((reply.status, read(&reply)), (401, ErrorKind::NotSignedIn));
    // The same as a form of a page: a person reads that.
    for path in ["/api/v1/audit/export", "/api/v1/documents/0/download"] {
        let reply = browser.form(path, &[]).await;
        assert_eq!(reply.status, 401, "{path}");
        assert!(reply.text().contains("href=\"/portal/sign-in\""), "{path}: {}", reply.text());
    }
}

#[tokio::test]
async fn a_page_of_an_earlier_session_is_told_to_reload() {
    let app = app().await;
    let house = app.house("Pharmacie des Lilas").await;
    let mut browser = app.signed_in(&house, &[Role::Pharmacist]).await;
    let earlier = browser.token();
    let anew = app.signed_in(&house, &[Role::Pharmacist]).await;
    browser.jar.clone_from(&anew.jar);
    let stale = |call: Call| {
        browser.page_call(call).replace("x-csrf-token", Some(&earlier)).with("accept", "application/json")
    };
    let reply = browser.clone().send(stale(generate())).await;
    assert_eq!((reply.status, read(&reply)), (403, ErrorKind::StalePage));
    let here = generate().with("x-establishment", house.id.to_string());
    let reply = browser.clone().send(stale(here)).await;
    assert_eq!((reply.status, read(&reply)), (403, ErrorKind::StalePage));
    let elsewhere = app.house("SSIAD du Canal").await;
    let there = generate().with("x-establishment", elsewhere.id.to_string());
    let reply = browser.clone().send(stale(there)).await;
    assert_eq!((reply.status, read(&reply)), (409, ErrorKind::OtherEstablishment));
    let file = Call::post(format!("/d/{}/deposit/files", house.slug)).raw("image/jpeg", "x");
    let reply = browser.clone().send(stale(file)).await;
    assert_eq!((reply.status, reply.json()["kind"].as_str()), (403, Some("session_expired")));
    assert!(reply.json()["message"].as_str().is_some_and(|text| text.contains("Rechargez")));
}

#[tokio::test]
async fn another_site_is_not_told_whether_somebody_is_signed_in() {
    let app = app().await;
    let house = app.house("Pharmacie des Lilas").await;
    let elsewhere = app.house("SSIAD du Canal").await;
    let signed_in = app.signed_in(&house, &[Role::Pharmacist]).await;
    let there = generate().with("x-establishment", elsewhere.id.to_string());
    for (who, mut browser) in [("somebody", signed_in), ("nobody", Browser::new(&app))] {
        for site in ["cross-site", "same-site", "none"] {
            let call = browser.page_call(there.clone()).replace("sec-fetch-site", Some(site));
            let reply = browser.send(call).await;
            let said = (reply.status, reply.text());
            assert_eq!(said, (403, "cross-site request refused".to_owned()), "{who} {site}");
        }
    }
}

#[tokio::test]
async fn too_many_requests_are_answered_in_the_words_of_who_asks() {
    let mut config = config();
    config.limits.anonymous_per_minute = 1;
    let app = app_with(config).await;
    let house = app.house("Pharmacie des Lilas").await;
    let mut browser = Browser::new(&app);
    browser.get("/legal").await;
    let waits = |reply: &Reply| {
        let wait: u64 = reply.header("retry-after").parse().unwrap();
        assert!((1..=61).contains(&wait), "{wait}");
        assert_eq!(reply.status, 429);
        wait
    };
    let reply = browser.get("/api/v1/auth/me").await;
    assert_eq!(read(&reply), ErrorKind::TooMany(waits(&reply)));
    let reply = browser.get("/legal").await;
    waits(&reply);
    assert!(reply.text().contains("<h1>Trop de demandes</h1>"), "{}", reply.text());
    let close = Call::post(format!("/d/{}/deposit/close", house.slug)).with("accept", "application/json");
    let reply = browser.act(close).await;
    waits(&reply);
    assert_eq!(reply.json()["kind"], "too_many_attempts");
}

#[tokio::test]
async fn the_sign_in_form_of_an_old_page_is_refused_in_words() {
    let app = app().await;
    let mut browser = Browser::new(&app);
    let form = Call::post("/portal/sign-in").form(&[("csrf", "old"), ("email", "a@exemple.fr")]);
    let reply = browser.act(form).await;
    assert_eq!(reply.status, 403);
    assert!(reply.text().contains("href=\"/portal/sign-in\""), "{}", reply.text());
}
