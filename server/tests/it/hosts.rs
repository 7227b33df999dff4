//! One name for a local server; health.

use crate::support::{Browser, Call, app, app_with, demonstration};

#[tokio::test]
async fn a_local_server_has_one_name() {
    let app = app_with(demonstration()).await;
    let mut browser = Browser::new(&app);
    let by_number = |call: Call| call.with("host", "127.0.0.1:3000");
    let reply = browser.send(by_number(Call::get("/d/x?lang=en"))).await;
    assert_eq!((reply.status, reply.location()), (308, "http://localhost:3000/d/x?lang=en"));
    assert_eq!(browser.send(by_number(Call::get("/health"))).await.status, 200);
    assert_eq!(browser.send(Call::get("/")).await.status, 200);
}

#[tokio::test]
async fn a_public_server_redirects_nobody() {
    let app = app().await;
    let mut browser = Browser::new(&app);
    assert_eq!(browser.send(Call::get("/").with("host", "127.0.0.1:3000")).await.status, 200);
}

#[tokio::test]
async fn health_tells_what_is_missing_and_nothing_else() {
    let app = app().await;
    let mut browser = Browser::new(&app);
    for path in ["/health", "/health/ready"] {
        let reply = browser.get(path).await;
        let body = reply.json();
        assert_eq!(
            (reply.status, &body["database"], &body["storage"], &body["migrations"]),
            (200, &"ok".into(), &"ok".into(), &"ok".into())
        );
        assert!(reply.cookies().is_empty(), "a monitor is no browser");
    }
    app.d.db.close().await;
    assert_eq!(browser.get("/health/live").await.status, 200);
    for path in ["/health", "/health/ready"] {
        assert_eq!(browser.get(path).await.status, 200, "an answer holds for a second");
    }
    app.seconds(1);
    let reply = browser.get("/health/ready").await;
    let body = reply.json();
    assert_eq!(
        (reply.status, &body["database"], &body["storage"]),
        (503, &"unavailable".into(), &"ok".into())
    );
}
