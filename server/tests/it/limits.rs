//! Rates, sizes, and whose address counts.

use std::net::IpAddr;

use model::roles::Role;
use serde_json::json;

use crate::support::{Browser, Call, PASSWORD, SCRIPT, app, app_with, config, files};

#[tokio::test]
async fn wrong_passwords_make_the_next_one_wait() {
    let app = app().await;
    let house = app.house("Pharmacie des Lilas").await;
    let (_, email) = app.person(&house, &[Role::Nurse]).await;
    let mut browser = Browser::new(&app);
    let mut attempt = async |password: &str| {
        let with = json!({ "email": email, "password": password, "establishment": null });
        browser.json("/api/v1/auth/login", json!({ "with": with })).await
    };
    let free = app.config.limits.sign_in_free;
    for _ in 0..free {
        assert_eq!(attempt("quatre barques rouges").await.status, 401);
    }
    let refused = attempt(PASSWORD).await;
    assert_eq!(
        (refused.status, refused.json()["kind"]["name"].as_str()),
        (429, Some("too_many")),
        "even the right one"
    );
    let wait: i64 = refused.header("retry-after").parse().unwrap();
    assert!((1..=900).contains(&wait), "{wait}");
    assert_eq!(refused.json()["kind"]["detail"], wait);
    app.seconds(wait);
    assert_eq!(attempt(PASSWORD).await.status, 200);
}

#[tokio::test]
async fn sixty_requests_a_minute_for_a_client_whom_nobody_knows() {
    let mut config = config();
    config.limits.anonymous_per_minute = 60;
    let app = app_with(config).await;
    let house = app.house("Pharmacie des Lilas").await;
    let mut staff = app.signed_in(&house, &[Role::Nurse]).await;
    let mut browser = Browser::new(&app);
    let mut passed = 0;
    let refused = loop {
        let reply = browser.get("/legal").await;
        if reply.status == 429 {
            break reply;
        }
        passed += 1;
        assert!(passed < 100);
    };
    assert!(passed >= 60, "{passed}");
    let wait: u64 = refused.header("retry-after").parse().unwrap();
    assert!((1..=60).contains(&wait));
    assert!(refused.text().contains("<h1"), "a page for a person");
    let program = browser.send(Call::get("/api/v1/auth/me").with("accept", "application/json")).await;
    assert_eq!((program.status, program.header("retry-after").is_empty()), (429, false));
    assert_eq!(program.json()["kind"]["name"], "too_many", "words of the API for a program");
    for free in ["/assets/deposit.css", SCRIPT, "/health/live", "/icon.svg"] {
        assert_eq!(browser.get(free).await.status, 200, "{free}");
    }
    assert_eq!(staff.get("/legal").await.status, 200, "who is signed in is known");
    browser.address = IpAddr::from([198, 51, 100, 8]);
    assert_eq!(browser.get("/legal").await.status, 200, "a neighbour");
}

#[tokio::test]
async fn cookies_of_nobody_reach_the_database_so_often_and_no_more() {
    let mut config = config();
    config.limits.anonymous_per_minute = 3;
    let app = app_with(config).await;
    let house = app.house("Pharmacie des Lilas").await;
    let mut colleagues = Vec::new();
    for _ in 0..5 {
        colleagues.push(app.signed_in(&house, &[Role::Nurse]).await);
    }
    let ended = app.signed_in(&house, &[Role::Nurse]).await;
    app.alter(&format!("DELETE FROM control.sessions WHERE id = '{}'", ended.session.unwrap())).await;
    app.minutes(6);
    for mut colleague in colleagues {
        assert_eq!(
            colleague.get("/api/v1/auth/me").await.status,
            200,
            "whoever has a session does not count"
        );
    }
    let mut stranger = ended.clone();
    stranger.jar.remove(&stranger.name("access"));
    for _ in 0..3 {
        assert_eq!(stranger.get("/portal").await.status, 303);
    }
    app.alter("ALTER TABLE control.sessions RENAME TO elsewhere").await;
    let refused = stranger.get("/portal").await;
    assert_eq!(refused.status, 429, "it does not notice that the table is gone");
    assert!(refused.header("retry-after").parse::<u64>().is_ok_and(|wait| (1..=60).contains(&wait)));
    assert!(refused.text().contains("<h1"), "a page for a person");
    let mut neighbour = stranger.clone();
    neighbour.address = IpAddr::from([198, 51, 100, 8]);
    assert_eq!(neighbour.get("/portal").await.status, 500, "another address is looked up");
    app.minutes(1);
    assert_eq!(stranger.get("/portal").await.status, 500, "so is this one a minute later");
}

#[tokio::test]
async fn files_are_counted_until_it_is_known_who_may_deposit() {
    let mut config = config();
    config.limits.anonymous_per_minute = 5;
    let app = app_with(config).await;
    let house = app.house("Pharmacie des Lilas").await;
    let objects = app.objects(&house).await;
    let mut stranger = Browser::new(&app);
    stranger.jar.insert(stranger.name("deposit"), "AAAAAAAAAAAAAAAAAAAAAA".into());
    let mut statuses = Vec::new();
    for _ in 0..7 {
        let reply = stranger.file(&house.slug, "cle-00112233", ("a.jpg", "image/jpeg", files::JPEG)).await;
        statuses.push(reply.status);
        if reply.status == 429 {
            assert_eq!(reply.json()["kind"], "too_many_attempts");
            assert!(reply.header("retry-after").parse::<u64>().is_ok_and(|wait| wait >= 1));
        }
    }
    assert_eq!(statuses, [403, 403, 403, 403, 403, 429, 429], "whatever cookie it invents");

    let mut depositor = Browser::new(&app);
    depositor.address = IpAddr::from([198, 51, 100, 8]);
    assert_eq!(depositor.get(&format!("/d/{}/{}", objects.slug, objects.link)).await.status, 303);
    for _ in 0..10 {
        let reply = depositor.file(&house.slug, "cle-00112233", ("a.jpg", "image/jpeg", files::JPEG)).await;
        assert_eq!(reply.status, 200, "a deposit may have many files, and repeat them");
    }
}

#[tokio::test]
async fn only_a_configured_proxy_says_who_the_client_is() {
    let mut config = config();
    config.limits.anonymous_per_minute = 2;
    config.server.trusted_proxies = vec!["10.0.0.0/8".parse().unwrap()];
    let app = app_with(config).await;
    let mut browser = Browser::new(&app);
    let mut ask = async |peer: [u8; 4], forwarded: &str| {
        browser.address = IpAddr::from(peer);
        browser.send(Call::get("/legal").with("x-forwarded-for", forwarded)).await.status
    };
    for n in 1..=6 {
        assert_eq!(ask([10, 0, 0, 1], &format!("203.0.113.{n}")).await, 200, "clients behind the proxy");
    }
    let mut stranger = Vec::new();
    for n in 1..=4 {
        stranger.push(ask([198, 51, 100, 7], &format!("203.0.113.{}", 100 + n)).await);
    }
    assert_eq!(stranger, [200, 200, 429, 429], "whatever a stranger writes there");
    // What the client wrote itself, left of what the proxy added.
    let mut spoofed = Vec::new();
    for n in 1..=4 {
        spoofed.push(ask([10, 0, 0, 1], &format!("1.2.3.{n}, 203.0.113.50")).await);
    }
    assert_eq!(spoofed, [200, 200, 429, 429]);
}

#[tokio::test]
async fn bodies_are_limited_before_they_are_read() {
    let app = app().await;
    let house = app.house("Pharmacie des Lilas").await;
    let objects = app.objects(&house).await;
    let mut staff = app.signed_in(&house, &[Role::Pharmacist, Role::Administrator]).await;
    staff.get(&format!("/d/{}/{}", objects.slug, objects.link)).await;
    let slug = &house.slug;
    let large = "x".repeat(300 * 1024);
    for path in [
        "/api/v1/codes/generate".to_owned(),
        "/api/v1/codes/validate".to_owned(),
        "/api/v1/auth/login".to_owned(),
        format!("/api/v1/documents/{}/download", objects.document),
    ] {
        let reply = staff.act(Call::post(&path).raw("application/json", large.clone())).await;
        assert_eq!(reply.status, 413, "{path}");
    }
    for path in [format!("/d/{slug}"), format!("/d/{slug}/deposit/close"), "/api/v1/audit/export".to_owned()]
    {
        let token = staff.token();
        let reply = staff.act(Call::post(&path).form(&[("csrf", &token), ("code", &large)])).await;
        assert_eq!(reply.status, 413, "{path}");
    }
    let generous =
        staff.act(Call::post("/api/v1/codes/generate").raw("application/json", "x".repeat(200 * 1024))).await;
    assert_eq!(generous.status, 422, "a label of 200 KB is malformed, not large");
}

#[tokio::test]
async fn exports_are_counted() {
    let mut config = config();
    config.limits.exports_per_user = 2;
    let app = app_with(config).await;
    let house = app.house("Pharmacie des Lilas").await;
    let mut admin = app.signed_in(&house, &[Role::Administrator]).await;
    let mut statuses = Vec::new();
    for _ in 0..3 {
        let reply = admin.form("/api/v1/audit/export", &[("search", "")]).await;
        statuses.push(reply.status);
        if reply.status == 429 {
            assert!(!reply.header("retry-after").is_empty());
            let page = reply.text();
            assert!(page.contains("Attendez") && page.contains("href=\"/portal\""), "{page}");
        } else {
            assert!(reply.header("content-disposition").starts_with("attachment"));
        }
    }
    assert_eq!(statuses, [200, 200, 429]);
}

#[tokio::test]
async fn logouts_of_the_identity_provider_are_counted_apart() {
    let mut config = config();
    config.limits.anonymous_per_minute = 3;
    let app = app_with(config).await;
    let mut browser = Browser::new(&app);
    while browser.get("/legal").await.status != 429 {}
    let call = || Call::post("/auth/psc/backchannel-logout").form(&[("logout_token", "nonsense")]);
    for _ in 0..30 {
        assert_eq!(browser.send(call()).await.status, 400, "nobody at the same address keeps it out");
    }
    assert_eq!(browser.send(call()).await.status, 429);
}
