//! The session layer: renewing, ending, and never acting elsewhere.

use model::{ids::UserId, roles::Role};
use serde_json::json;

use crate::support::{App, Browser, Call, House, SCRIPT, app};

async fn pharmacist(app: &App) -> (House, UserId, Browser) {
    let house = app.house("Pharmacie des Lilas").await;
    let (user, email) = app.person(&house, &[Role::Pharmacist]).await;
    let browser = app.browser_of(&email, &house).await;
    (house, user, browser)
}

async fn me(browser: &mut Browser) -> u16 {
    browser.get("/api/v1/auth/me").await.status
}

#[tokio::test]
async fn an_expired_access_cookie_is_renewed_before_the_page_is_made() {
    let app = app().await;
    let (.., mut browser) = pharmacist(&app).await;
    let before = browser.jar.clone();
    let early = browser.get("/portal").await;
    assert!(early.cookie("__Host-access").is_none(), "not before it has expired");
    app.minutes(6);
    let reply = browser.get("/portal").await;
    assert_eq!(reply.status, 200);
    assert!(reply.cookie("__Host-access").is_some() && reply.cookie("__Host-refresh").is_some());
    assert!(
        browser.jar["__Host-access"] != before["__Host-access"]
            && browser.jar["__Host-refresh"] != before["__Host-refresh"]
    );
    assert!(browser.get("/portal").await.cookie("__Host-refresh").is_none(), "once");
    // A parallel tab that still sends the old one gets the same successor; nobody is signed out.
    let mut tab = browser.clone();
    tab.jar = before;
    assert_eq!(me(&mut tab).await, 200);
    assert_eq!(tab.jar["__Host-refresh"], browser.jar["__Host-refresh"]);
}

#[tokio::test]
async fn a_stolen_refresh_token_ends_the_session_and_the_loser_clears_no_cookie() {
    let app = app().await;
    let (.., mut browser) = pharmacist(&app).await;
    let mut thief = browser.clone();
    app.minutes(6);
    assert_eq!(me(&mut browser).await, 200);
    app.minutes(6);
    assert_eq!(me(&mut browser).await, 200);
    let reply = thief.get("/api/v1/auth/me").await;
    assert_eq!(reply.status, 401);
    assert!(reply.cookie("__Host-access").is_none() && reply.cookie("__Host-refresh").is_none());
    assert_eq!(me(&mut browser).await, 401, "the family is revoked");
    assert_eq!(
        app.count("SELECT count(*) FROM control.audit WHERE action = 'identity.refresh_reuse'").await,
        1
    );
}

/// What a browser meets that comes with a token which was used long ago.
async fn told(of: &mut Browser, path: &str, back: &str) {
    let reply = of.get(path).await;
    let address = format!("/portal/sign-in?ended=reuse&return={back}");
    assert_eq!((reply.status, reply.location()), (303, &*address), "{path}");
    for name in ["__Host-access", "__Host-refresh"] {
        assert!(reply.cookie(name).is_some_and(|line| line.contains("Max-Age=0")), "{name}");
    }
    let page = of.get(reply.location()).await;
    assert_eq!(page.status, 200);
    assert!(page.text().contains("son jeton a servi deux fois"), "{}", page.text());
    let again = of.get("/portal/codes").await;
    assert_eq!(again.location(), "/portal/sign-in?return=/portal/codes", "once is enough");
}

#[tokio::test]
async fn who_comes_with_a_token_that_was_used_is_told_why_the_session_ended() {
    for first in ["/portal", "/api/v1/auth/me"] {
        let app = app().await;
        let (.., mut browser) = pharmacist(&app).await;
        let mut copy = browser.clone();
        for _ in 0..2 {
            app.minutes(6);
            assert_eq!(me(&mut browser).await, 200);
        }
        // A page is told at once; where a script's call learns it, the next page.
        if first.starts_with("/api/") {
            assert_eq!(me(&mut copy).await, 401);
            let mut later = copy.clone();
            told(&mut later, "/portal/sign-in?ended=1&return=/portal/codes", "/portal/codes").await;
        }
        told(&mut copy, "/portal/documents", "/portal/documents").await;
    }
}

#[tokio::test]
async fn a_page_of_an_earlier_session_goes_on_with_the_token_of_the_new_one() {
    let app = app().await;
    let (house, _, mut browser) = pharmacist(&app).await;
    let generate = || {
        let new =
            json!({ "label": "Radio", "note": null, "validity": 60, "max_deposits": 1, "max_files": 3 });
        Call::post("/api/v1/codes/generate").json(&json!({ "new": new }))
    };
    let with = |browser: &Browser, token: &str| {
        let call = browser.page_call(generate()).with("accept", "application/json");
        call.replace("x-csrf-token", Some(token))
    };
    let earlier = browser.token();
    app.minutes(31);
    assert_eq!(browser.get("/api/v1/auth/resume").await.status, 401, "nobody is there");
    let anew = app.signed_in(&house, &[Role::Pharmacist]).await;
    browser.jar.clone_from(&anew.jar);
    assert_eq!(browser.clone().send(with(&browser, &earlier)).await.status, 403);
    let resumed = browser.get("/api/v1/auth/resume").await;
    assert_eq!(resumed.status, 200);
    assert_eq!(resumed.json()["me"]["session"], anew.session.unwrap().to_string());
    let token = resumed.json()["csrf"].as_str().unwrap().to_owned();
    assert_eq!(browser.clone().send(with(&browser, &token)).await.status, 200);
    // It is of this session: in another one it is nothing.
    let other = app.signed_in(&house, &[Role::Pharmacist]).await;
    assert_eq!(other.clone().send(with(&other, &token)).await.status, 403);
}

#[tokio::test]
async fn a_window_that_was_opened_to_sign_in_ends_where_it_was_to() {
    let app = app().await;
    let (.., mut browser) = pharmacist(&app).await;
    for (asked, expected) in [
        ("?ended=1&return=/portal/signed-in", "/portal/signed-in"),
        ("?return=%2Fportal%2Fcodes%3Fpage%3D2", "/portal/codes?page=2"),
        ("?return=https://evil.example", "/portal"),
        ("?return=/portal/sign-in", "/portal"),
        ("?return=/portal/codes&return=/portal/audit", "/portal"),
        ("", "/portal"),
    ] {
        let reply = browser.get(&format!("/portal/sign-in{asked}")).await;
        assert_eq!((reply.status, reply.location()), (303, expected), "{asked}");
    }
    let page = browser.get("/portal/signed-in").await;
    assert!(page.status == 200 && page.text().contains("Vous êtes identifié"), "{}", page.text());
    let nobody = Browser::new(&app).get("/portal/signed-in").await;
    assert_eq!(nobody.location(), "/portal/sign-in?return=/portal/signed-in");
}

#[tokio::test]
async fn prefetches_and_assets_never_renew() {
    let app = app().await;
    let (.., browser) = pharmacist(&app).await;
    app.minutes(6);
    for header in ["sec-purpose", "purpose"] {
        let call = Call::get("/portal").with(header, "prefetch;prerender").with("accept", "text/html");
        let reply = browser.clone().send(call).await;
        assert_eq!(reply.status, 303, "{header}: who it is shows at the real visit");
        assert!(reply.cookie("__Host-refresh").is_none() && reply.cookie("__Host-access").is_none());
    }
    for path in [SCRIPT, "/assets/deposit.css", "/icon.svg", "/health", "/arrive.wav"] {
        assert!(browser.clone().get(path).await.cookies().is_empty(), "{path}");
    }
    assert_eq!(me(&mut browser.clone()).await, 200);
}

#[tokio::test]
async fn half_an_hour_without_activity_ends_it() {
    let app = app().await;
    let (.., mut browser) = pharmacist(&app).await;
    for _ in 0..3 {
        app.minutes(29);
        assert_eq!(me(&mut browser).await, 200, "activity goes on");
    }
    app.minutes(31);
    assert_eq!(me(&mut browser).await, 401);
}

#[tokio::test]
async fn administrators_may_be_idle_for_a_quarter_of_an_hour() {
    let app = app().await;
    let house = app.house("Pharmacie des Lilas").await;
    let mut browser = app.signed_in(&house, &[Role::Pharmacist, Role::Administrator]).await;
    app.minutes(14);
    assert_eq!(me(&mut browser).await, 200);
    app.minutes(16);
    assert_eq!(me(&mut browser).await, 401);
}

#[tokio::test]
async fn four_hours_end_it_whatever_happens() {
    let app = app().await;
    let (.., mut browser) = pharmacist(&app).await;
    for _ in 0..23 {
        app.minutes(10);
        assert_eq!(me(&mut browser).await, 200);
    }
    app.minutes(11);
    assert_eq!(me(&mut browser).await, 401);
}

#[tokio::test]
async fn what_runs_in_the_background_is_no_activity() {
    let app = app().await;
    let (.., mut browser) = pharmacist(&app).await;
    for _ in 0..5 {
        app.minutes(6);
        let call = Call::get("/api/v1/documents/unseen").with("x-background", "1");
        let status = browser.send(call).await.status;
        assert!(status == 200 || status == 401);
    }
    assert_eq!(me(&mut browser).await, 401, "five reads by the page itself kept nobody signed in");
}

#[tokio::test]
async fn a_page_of_another_establishment_acts_nowhere() {
    let app = app().await;
    let first = app.house("Pharmacie des Lilas").await;
    let (_, email) = app.person(&first, &[Role::Pharmacist]).await;
    let mut browser = app.browser_of(&email, &first).await;
    let second = app.house("SSIAD du Canal").await;
    app.joins(&second, &email, Role::Pharmacist).await;
    let generate = |of: &House| {
        let new =
            json!({ "label": "Radio", "note": null, "validity": 60, "max_deposits": 1, "max_files": 3 });
        Call::post("/api/v1/codes/generate")
            .json(&json!({ "new": new }))
            .with("x-establishment", of.id.to_string())
    };
    assert_eq!(browser.act(generate(&first)).await.status, 200);
    let reply = browser.act(generate(&second)).await;
    assert_eq!((reply.status, reply.json()["kind"]["name"].as_str()), (409, Some("other_establishment")));
    // Another tab switches: new identifiers; the first tab's form has a token of a session that is over.
    let mut tab = browser.clone();
    let old = browser.token();
    let reply = tab.json("/api/v1/auth/switch", json!({ "establishment": second.id })).await;
    assert_eq!((reply.status, reply.json()["outcome"].as_str()), (200, Some("signed_in")));
    assert_ne!(tab.jar["__Host-refresh"], browser.jar["__Host-refresh"]);
    browser.jar.clone_from(&tab.jar);
    let stale = browser.page_call(generate(&first)).replace("x-csrf-token", Some(&old));
    let refused = browser.send(stale).await;
    assert_eq!((refused.status, refused.json()["kind"]["name"].as_str()), (409, Some("other_establishment")));
    browser.session = Some(reply.json()["me"]["session"].as_str().unwrap().parse().unwrap());
    assert_eq!(browser.act(generate(&first)).await.status, 409);
    assert_eq!(browser.act(generate(&second)).await.status, 200);
}

#[tokio::test]
async fn signing_out_clears_the_cookies_and_ends_the_session() {
    let app = app().await;
    let (.., mut browser) = pharmacist(&app).await;
    let thief = browser.clone();
    let reply = browser.json("/api/v1/auth/logout", json!({})).await;
    assert_eq!(reply.status, 200);
    for name in ["__Host-access", "__Host-refresh"] {
        assert!(
            reply.cookie(name).is_some_and(|line| line.contains("Max-Age=0") && line.contains("Secure")),
            "{name}"
        );
    }
    assert!(!browser.holds("access") && !browser.holds("refresh"));
    assert_eq!(browser.get("/portal").await.status, 303);
    assert_eq!(me(&mut thief.clone()).await, 401, "a copy of the cookies is worth nothing");
    app.minutes(6);
    assert_eq!(me(&mut thief.clone()).await, 401, "nor is the refresh token");
}

/// At once on this node, within five seconds on one that has seen the session a moment ago.
async fn soon(app: &App, browser: &Browser, elsewhere: &Browser, path: &str, expected: u16) {
    assert_eq!(browser.clone().get(path).await.status, expected, "this node");
    app.seconds(5);
    assert_eq!(elsewhere.clone().get(path).await.status, expected, "another node");
}

#[tokio::test]
async fn a_change_of_roles_works_at_once() {
    let app = app().await;
    let (house, user, browser) = pharmacist(&app).await;
    let mut admin = app.signed_in(&house, &[Role::Administrator]).await;
    let list = "/api/v1/documents?query[page][number]=1";
    let elsewhere = browser.at(app.other_node());
    assert_eq!(browser.clone().get(list).await.status, 200);
    assert_eq!(elsewhere.clone().get(list).await.status, 200);
    let reply = admin.json("/api/v1/members/roles", json!({ "user": user, "roles": ["researcher"] })).await;
    assert_eq!(reply.status, 200, "{}", reply.text());
    soon(&app, &browser, &elsewhere, list, 403).await;
}

#[tokio::test]
async fn a_disabled_person_is_out_at_once_and_may_come_back() {
    let app = app().await;
    let (house, user, browser) = pharmacist(&app).await;
    let mut admin = app.signed_in(&house, &[Role::Administrator]).await;
    let elsewhere = browser.at(app.other_node());
    assert_eq!(me(&mut browser.clone()).await, 200);
    assert_eq!(me(&mut elsewhere.clone()).await, 200);
    assert_eq!(admin.json("/api/v1/members/disable", json!({ "user": user })).await.status, 200);
    soon(&app, &browser, &elsewhere, "/api/v1/auth/me", 401).await;
    assert_eq!(admin.json("/api/v1/members/enable", json!({ "user": user })).await.status, 200);
}
