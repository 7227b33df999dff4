//! What every answer carries, errors included.

use axum::{Router, routing::get};
use model::roles::Role;
use server::router;

use crate::support::{Browser, Call, Reply, SCRIPT, app, app_with, demonstration};

const ALWAYS: &[(&str, &str)] = &[
    ("x-content-type-options", "nosniff"),
    ("referrer-policy", "same-origin"),
    ("cross-origin-opener-policy", "same-origin"),
    ("cross-origin-resource-policy", "same-origin"),
    ("x-frame-options", "DENY"),
];

fn check(what: &str, reply: &Reply) {
    for (name, value) in ALWAYS {
        assert_eq!(reply.header(name), *value, "{name} of {what}");
        assert_eq!(reply.headers.get_all(*name).iter().count(), 1, "{name} of {what}");
    }
    assert!(reply.header("permissions-policy").contains("camera=()"), "{what}");
    assert!(reply.header("strict-transport-security").contains("max-age=31536000"), "{what}");
    assert_eq!(reply.header("x-request-id").len(), 36, "{what}");
    let policy = reply.header("content-security-policy");
    assert_eq!(reply.headers.get_all("content-security-policy").iter().count(), 1, "{what}");
    assert!(policy.contains("default-src 'none'"), "{what}: {policy}");
    assert!(!policy.contains("unsafe-inline") && !policy.contains("'unsafe-eval'"), "{what}: {policy}");
    if !policy.starts_with("sandbox") {
        for rule in ["object-src 'none'", "base-uri 'none'", "frame-ancestors 'none'", "form-action 'self'"] {
            assert!(policy.contains(rule), "{what}: {policy}");
        }
    }
    assert!(reply.headers.get("x-nonce").is_none(), "{what}");
    assert!(reply.headers.get("server").is_none(), "{what}");
}

#[tokio::test]
async fn every_answer_carries_them() {
    let app = app().await;
    let house = app.house("Pharmacie des Lilas").await;
    let objects = app.objects(&house).await;
    let mut staff = app.signed_in(&house, &[Role::Pharmacist]).await;
    let mut nobody = Browser::new(&app);
    let slug = &house.slug;
    let check_get = async |browser: &mut Browser, path: &str, status: u16, personal: bool| {
        let reply = browser.get(path).await;
        assert_eq!(reply.status, status, "{path}");
        check(path, &reply);
        let cache = reply.header("cache-control");
        assert_eq!(cache == "no-store", personal, "{path}: {cache}");
    };
    check_get(&mut nobody, "/", 200, true).await;
    check_get(&mut nobody, "/nowhere", 404, true).await;
    check_get(&mut nobody, "/d/nowhere", 404, true).await;
    check_get(&mut nobody, "/legal", 200, true).await;
    check_get(&mut nobody, &format!("/d/{slug}"), 200, true).await;
    check_get(&mut nobody, &format!("/d/{slug}/{}", objects.link), 303, true).await;
    check_get(&mut nobody, &format!("/d/{slug}/deposit"), 200, true).await;
    check_get(&mut nobody, &format!("/d/{slug}/r/{}", objects.receipt), 200, true).await;
    check_get(&mut nobody, "/portal", 303, true).await;
    check_get(&mut nobody, "/portal/sign-in", 200, true).await;
    check_get(&mut nobody, "/health", 200, true).await;
    check_get(&mut nobody, SCRIPT, 200, false).await;
    check_get(&mut nobody, "/pkg/none.js", 404, false).await;
    check_get(&mut nobody, "/assets/deposit.css", 200, false).await;
    check_get(&mut nobody, "/.well-known/jwks.json", 200, false).await;
    check_get(&mut staff, "/portal", 200, true).await;
    check_get(&mut staff, "/portal/documents", 200, true).await;
    check_get(&mut staff, "/portal/nowhere", 404, true).await;
    check_get(&mut staff, "/api/v1/auth/me", 200, true).await;
    for (what, call, status) in [
        ("method", Call::new("PUT", "/health"), 405),
        ("csrf", Call::post("/api/v1/auth/logout"), 403),
        ("preflight", Call::new("OPTIONS", "/api/v1/documents").with("origin", "https://evil.example"), 405),
    ] {
        let reply = staff.send(call).await;
        assert!(reply.status == status || what == "preflight", "{what}: {}", reply.status);
        check(what, &reply);
        assert!(reply.headers.get("access-control-allow-origin").is_none(), "{what}");
    }
    let token = staff.token();
    let path = format!("/api/v1/documents/{}/download", objects.document);
    let reply = staff.act(Call::post(path).form(&[("csrf", &token)])).await;
    assert_eq!((reply.status, reply.header("content-security-policy")), (200, "sandbox; default-src 'none'"));
    check("download", &reply);
}

#[tokio::test]
async fn only_a_name_with_a_hash_is_kept_for_ever() {
    let app = app().await;
    let mut browser = Browser::new(&app);
    let forever = "public, max-age=31536000, immutable";
    assert_eq!(browser.get(SCRIPT).await.header("cache-control"), forever);
    let bare = browser.get("/pkg/carelink.js").await;
    assert_eq!((bare.status, bare.header("cache-control")), (200, "public, max-age=3600"));
}

#[tokio::test]
async fn an_incident_carries_them_too_and_tells_nothing() {
    let app = app().await;
    let house = app.house("Pharmacie des Lilas").await;
    let staff = app.signed_in(&house, &[Role::Pharmacist]).await;
    let mut nobody = Browser::new(&app);
    app.d.db.close().await;
    for (mut browser, path, status) in [
        (nobody.clone(), format!("/d/{}", house.slug), 500),
        (nobody.clone(), "/health/ready".to_owned(), 503),
        (staff.clone(), "/portal/documents".to_owned(), 500),
        (staff, "/api/v1/documents?query[page][number]=1".to_owned(), 500),
    ] {
        let reply = browser.get(&path).await;
        let text = reply.text().to_lowercase();
        assert_eq!(reply.status, status, "{path}");
        check(&path, &reply);
        for internal in ["postgres", "sqlx", "pool", "panicked", "select "] {
            assert!(!text.contains(internal), "{internal} in {text}");
        }
    }
    let page = nobody.get(&format!("/d/{}", house.slug)).await;
    assert!(page.text().contains(page.header("x-request-id")), "the page names the request");
}

#[tokio::test]
async fn a_panic_carries_them_too() {
    let app = app().await;
    let panics =
        Router::new().route("/panics", get(async || -> &'static str { panic!("as a mistake would") }));
    let mut browser = Browser::new(&app).at(router::around(panics, app.d.clone(), true));
    let reply = browser.get("/panics").await;
    assert_eq!((reply.status, reply.header("cache-control")), (500, "no-store"));
    check("a panic", &reply);
}

#[tokio::test]
async fn the_scripts_of_a_portal_page_carry_the_nonce_of_its_policy() {
    let app = app().await;
    let house = app.house("Pharmacie des Lilas").await;
    let mut staff = app.signed_in(&house, &[Role::Pharmacist]).await;
    let mut seen = Vec::new();
    for path in ["/portal", "/portal/documents", "/portal/codes"] {
        let reply = staff.get(path).await;
        let policy = reply.header("content-security-policy");
        let nonce = policy.split("'nonce-").nth(1).and_then(|rest| rest.split('\'').next()).unwrap();
        assert!(nonce.len() >= 16, "{policy}");
        let page = reply.text();
        let scripts: Vec<_> = page.split("<script").skip(1).collect();
        assert!(scripts.len() > 1, "{path} has its scripts");
        for script in scripts {
            let (tag, content) = script.split_once('>').unwrap();
            // leptos_i18n leaves an empty element where it has nothing to say.
            let empty = content.starts_with("</script>") && !tag.contains("src");
            assert!(empty || tag.contains(&format!("nonce=\"{nonce}\"")), "{path}: <script{script}");
        }
        assert!(
            !page.contains(" style=\"") && !page.contains(" onclick="),
            "{path} has no inline style or handler"
        );
        assert!(!page.contains("<style"), "{path}");
        seen.push(nonce.to_owned());
    }
    seen.sort();
    seen.dedup();
    assert_eq!(seen.len(), 3, "a nonce a response");
}

#[tokio::test]
async fn the_patients_pages_have_no_inline_script_or_style_and_need_no_nonce() {
    let app = app().await;
    let house = app.house("Pharmacie des Lilas").await;
    let objects = app.objects(&house).await;
    let mut patient = Browser::new(&app);
    let slug = &house.slug;
    patient.get(&format!("/d/{slug}/{}", objects.link)).await;
    for path in [
        "/".to_owned(),
        format!("/d/{slug}/deposit"),
        format!("/d/{slug}/r/{}", objects.receipt),
        "/privacy".into(),
    ] {
        let reply = patient.get(&path).await;
        let page = reply.text();
        assert!(!reply.header("content-security-policy").contains("nonce"), "{path}");
        for script in page.split("<script").skip(1) {
            let tag = script.split('>').next().unwrap();
            assert!(
                tag.contains("src=\"/assets/") || tag.contains("type=\"application/json\""),
                "{path}: {tag}"
            );
        }
        assert!(!page.contains(" style=\"") && !page.contains("<style") && !page.contains("wasm"), "{path}");
    }
}

#[tokio::test]
async fn over_plain_http_nothing_promises_tls() {
    let app = app_with(demonstration()).await;
    let reply = Browser::new(&app).get("/").await;
    assert!(reply.headers.get("strict-transport-security").is_none());
}

#[tokio::test]
async fn another_site_reads_nothing_unless_it_is_named() {
    let mut config = crate::support::config();
    config.server.cors_origins = vec!["https://friend.example".into()];
    let app = app_with(config).await;
    let mut browser = Browser::new(&app);
    for (origin, allowed) in
        [("https://friend.example", "https://friend.example"), ("https://evil.example", "")]
    {
        let reply = browser.send(Call::get("/api/v1/auth/me").with("origin", origin)).await;
        assert_eq!(reply.header("access-control-allow-origin"), allowed);
        assert!(reply.headers.get("access-control-allow-credentials").is_none(), "never with cookies");
    }
}
