//! How long a client is waited for, over real connections.

use std::time::Duration;

use axum::Router;
use server::listen::Patience;
use tokio::time::timeout;

use crate::support::{App, Browser, Call, Wire, app, files};

/// Longer than anything that is awaited here.
const LONG: Duration = Duration::from_secs(15);

/// A server's patience, a hundredth of what it is.
fn hasty() -> Patience {
    let Patience { headers, silence, rest, rest_bytes } = Patience::default();
    Patience { headers: headers / 100, silence: silence / 100, rest: rest / 100, rest_bytes }
}

#[tokio::test]
async fn headers_must_arrive_within_twenty_seconds() {
    assert_eq!(Patience::default().headers, Duration::from_secs(20));
    let whole = "GET / HTTP/1.1\r\nHost: carelink.example\r\n\r\n";
    // Nothing at all; the beginning of HTTP/2; headers without an end; the next request of a connection.
    for sent in ["", "PRI * HTTP/2", "G", &whole[..whole.len() - 2], whole, &format!("{whole}GET")] {
        let mut wire = Wire::to(Router::new(), hasty()).await;
        wire.send(sent.as_bytes()).await.unwrap();
        timeout(LONG, wire.rest()).await.unwrap_or_else(|_| panic!("{sent:?}: the server waits"));
    }
    // A byte now and then is no progress.
    let mut wire = Wire::to(Router::new(), hasty()).await;
    let dribble = async {
        for byte in whole.bytes().cycle() {
            tokio::time::sleep(hasty().headers / 10).await;
            if wire.send(&[byte]).await.is_err() {
                break;
            }
        }
    };
    timeout(LONG, dribble).await.expect("the server closes");
}

#[tokio::test]
async fn only_http_1_is_spoken() {
    let mut wire = Wire::to(Router::new(), Patience::default()).await;
    let settings = [0, 0, 0, 4, 0, 0, 0, 0, 0];
    wire.send(&[&b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"[..], &settings].concat()).await.unwrap();
    let said = timeout(LONG, wire.rest()).await.unwrap();
    assert!(said.is_empty() || said.starts_with(b"HTTP/1.1 "), "{said:?}");
}

#[tokio::test]
async fn headers_have_a_size() {
    let mut wire = Wire::to(Router::new(), Patience::default()).await;
    let head = format!("GET / HTTP/1.1\r\nHost: carelink.example\r\nX-Long: {}\r\n\r\n", "x".repeat(40_000));
    wire.send(head.as_bytes()).await.unwrap();
    assert_eq!(wire.reply().await.status, 431);
}

/// A depositor's browser and the address that takes its files.
async fn visitor(app: &App) -> (Browser, String) {
    let house = app.house("Pharmacie des Lilas").await;
    let objects = app.objects(&house).await;
    let mut browser = Browser::new(app);
    assert_eq!(browser.get(&format!("/d/{}/{}", objects.slug, objects.link)).await.status, 303);
    (browser, format!("/d/{}/deposit/files", objects.slug))
}

#[tokio::test]
async fn an_upload_that_falls_silent_is_interrupted() {
    let app = app().await;
    let (browser, path) = visitor(&app).await;
    let blobs = app.blobs();
    let mut wire = Wire::to(app.router.clone(), hasty()).await;
    let call = Call::post(path).with("x-idempotency-key", "cle-00112233").with("content-type", "image/jpeg");
    let call = browser.page_call(call).with("content-length", files::JPEG.len().to_string());
    wire.send(browser.head(&call).as_bytes()).await.unwrap();
    wire.send(&files::JPEG[..files::JPEG.len() / 2]).await.unwrap();
    let reply = timeout(LONG, wire.reply()).await.unwrap();
    assert_eq!((reply.status, reply.json()["kind"].as_str()), (400, Some("interrupted")));
    assert_eq!(timeout(LONG, wire.rest()).await.unwrap(), b"", "and the connection is closed");
    assert_eq!(app.blobs(), blobs, "nothing is kept");
}
