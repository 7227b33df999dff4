//! Names and flags of every cookie, under https and under plain http.

use model::roles::Role;
use serde_json::json;

use crate::support::{App, Browser, Call, PASSWORD, Reply, app, app_with, demonstration};

/// Answers that together set every cookie there is.
async fn all(app: &App) -> Vec<Reply> {
    let house = app.house("Pharmacie des Lilas").await;
    let objects = app.objects(&house).await;
    let (_, email) = app.person(&house, &[Role::Nurse]).await;
    let mut browser = Browser::new(app);
    browser.jar.clear();
    let with = json!({ "email": email, "password": PASSWORD, "establishment": null });
    vec![
        browser.get("/").await,
        browser.get(&format!("/d/{}/{}", house.slug, objects.link)).await,
        browser.get("/language/en").await,
        browser.get("/?lang=fr").await,
        browser.act(Call::post("/api/v1/auth/login").json(&json!({ "with": with }))).await,
    ]
}

fn lines(replies: &[Reply]) -> Vec<String> {
    let mut lines: Vec<_> = replies.iter().flat_map(Reply::cookies).collect();
    lines.sort();
    lines
}

fn names(lines: &[String]) -> Vec<&str> {
    let mut names: Vec<_> = lines.iter().map(|line| line.split('=').next().unwrap()).collect();
    names.dedup();
    names
}

#[tokio::test]
async fn under_https_every_cookie_is_host_only_secure_and_out_of_reach_of_scripts() {
    let app = app().await;
    let lines = lines(&all(&app).await);
    assert_eq!(
        names(&lines),
        [
            "__Host-access",
            "__Host-browser",
            "__Host-deposit",
            "__Host-device",
            "__Host-lang",
            "__Host-refresh"
        ]
    );
    for line in &lines {
        for flag in ["; Path=/", "; HttpOnly", "; SameSite=Lax", "; Secure"] {
            assert!(line.contains(flag), "{flag} in {line}");
        }
        assert!(!line.contains("Domain"), "{line}");
    }
    let session = |name: &str| lines.iter().find(|line| line.starts_with(name)).unwrap();
    for name in ["__Host-access", "__Host-refresh", "__Host-browser"] {
        assert!(!session(name).contains("Max-Age"), "{name} lasts as long as the browser runs");
    }
}

#[tokio::test]
async fn under_plain_http_the_same_cookies_have_plain_names() {
    let app = app_with(demonstration()).await;
    let lines = lines(&all(&app).await);
    assert_eq!(
        names(&lines),
        [
            "carelink-access",
            "carelink-browser",
            "carelink-deposit",
            "carelink-device",
            "carelink-lang",
            "carelink-refresh"
        ]
    );
    for line in &lines {
        assert!(
            line.contains("; HttpOnly") && line.contains("; SameSite=Lax") && !line.contains("Secure"),
            "{line}"
        );
    }
}

#[tokio::test]
async fn signing_in_works_where_cookies_are_kept_and_says_so_in_words() {
    let app = app().await;
    let house = app.house("Pharmacie des Lilas").await;
    let (_, email) = app.person(&house, &[Role::Nurse]).await;
    let mut browser = Browser::new(&app);
    let wrong =
        json!({ "with": { "email": email, "password": "quatre barques rouges", "establishment": null } });
    let refused = browser.json("/api/v1/auth/login", wrong).await;
    assert_eq!((refused.status, refused.json()["kind"]["name"].as_str()), (401, Some("wrong_credentials")));
    let unknown =
        json!({ "with": { "email": "personne@nulle.part", "password": "x", "establishment": null } });
    let unknown = browser.json("/api/v1/auth/login", unknown).await;
    assert_eq!(unknown.json()["kind"], refused.json()["kind"]);
    let right = json!({ "with": { "email": email, "password": PASSWORD, "establishment": null } });
    let reply = browser.json("/api/v1/auth/login", right).await;
    assert_eq!((reply.status, reply.json()["outcome"].as_str()), (200, Some("signed_in")));
    assert!(reply.json()["tokens"].is_null(), "a browser's tokens are in cookies only");
    assert_eq!(browser.get("/portal").await.status, 200);
}

#[tokio::test]
async fn the_sign_in_form_works_without_script_and_leads_nowhere_else() {
    let app = app().await;
    let house = app.house("Pharmacie des Lilas").await;
    let (_, email) = app.person(&house, &[Role::Nurse]).await;
    for (back, expected) in [
        ("/portal/codes?page=2", "/portal/codes?page=2"),
        ("/portal/signed-in", "/portal/signed-in"),
        ("https://evil.example/", "/portal"),
        ("//evil.example/portal", "/portal"),
        ("/\\evil.example", "/portal"),
        ("/portal/../\\evil.example", "/portal"),
        ("javascript:alert(1)", "/portal"),
    ] {
        let mut browser = Browser::new(&app);
        let fields = [("email", email.as_str()), ("password", PASSWORD), ("return", back)];
        let reply = browser.form("/portal/sign-in", &fields).await;
        assert_eq!((reply.status, reply.location()), (303, expected), "{back}");
        assert_eq!(browser.get("/portal").await.status, 200);
    }
    let mut browser = Browser::new(&app);
    let reply =
        browser.form("/portal/sign-in", &[("email", &email), ("password", "quatre barques rouges")]).await;
    assert_eq!((reply.status, reply.location()), (303, "/portal/sign-in?failed=wrong"));
    assert!(!browser.holds("access"));
    assert_eq!(browser.get(reply.location()).await.status, 200);
    let fields =
        [("email", email.as_str()), ("password", "quatre barques rouges"), ("return", "/portal/signed-in")];
    let reply = browser.form("/portal/sign-in", &fields).await;
    assert_eq!(reply.location(), "/portal/sign-in?failed=wrong&return=/portal/signed-in", "it is not lost");
}
