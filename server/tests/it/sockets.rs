//! `/ws` over a real connection: who gets one, and that it never renews anything.

use std::{net::SocketAddr, time::Duration};

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    time::timeout,
};
use tokio_util::sync::CancellationToken;

use crate::support::{App, Browser, app, config};
use model::roles::Role;

/// The head of the answer to an upgrade.
pub struct Upgraded {
    pub status: u16,
    pub head: String,
    stream: TcpStream,
    _server: tokio_util::sync::DropGuard,
}

/// Asks for a socket with a browser's cookies.
pub async fn upgrade(app: &App, browser: &Browser, origin: Option<&str>) -> Upgraded {
    let listener = TcpListener::bind(SocketAddr::from(([127, 0, 0, 1], 0))).await.unwrap();
    let address = listener.local_addr().unwrap();
    let stop = CancellationToken::new();
    let serving =
        server::listen::serve(listener, app.router.clone(), stop.clone(), std::time::Duration::ZERO);
    tokio::spawn(serving);
    let mut stream = TcpStream::connect(address).await.unwrap();
    let cookies: Vec<String> = browser.jar.iter().map(|(key, value)| format!("{key}={value}")).collect();
    let origin = origin.map(|origin| format!("Origin: {origin}\r\n")).unwrap_or_default();
    let request = format!(
        "GET /ws HTTP/1.1\r\nHost: carelink.example\r\n{origin}Cookie: {}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\
         Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n",
        cookies.join("; ")
    );
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        head.push(stream.read_u8().await.unwrap());
    }
    let head = String::from_utf8(head).unwrap();
    let status = head.split(' ').nth(1).unwrap().parse().unwrap();
    Upgraded { status, head, stream, _server: stop.drop_guard() }
}

impl Upgraded {
    /// The text of the next frame (a server's frames are not masked; ours are short).
    async fn frame(&mut self) -> String {
        let _kind = self.stream.read_u8().await.unwrap();
        let length = self.stream.read_u8().await.unwrap();
        let mut text = vec![0; usize::from(length)];
        self.stream.read_exact(&mut text).await.unwrap();
        String::from_utf8_lossy(&text).into_owned()
    }
}

#[tokio::test]
async fn a_socket_is_for_our_own_pages() {
    let app = app().await;
    let house = app.house("Pharmacie des Lilas").await;
    let browser = app.signed_in(&house, &[Role::Pharmacist]).await;
    let ours = app.config.server.origin();
    assert_eq!(upgrade(&app, &browser, Some(&ours)).await.status, 101);
    for foreign in
        ["https://evil.example", "null", "http://carelink.example", "https://carelink.example.evil.example"]
    {
        assert_eq!(upgrade(&app, &browser, Some(foreign)).await.status, 403, "{foreign}");
    }
    assert_eq!(upgrade(&app, &Browser::new(&app), Some(&ours)).await.status, 401);
}

#[tokio::test]
async fn a_socket_neither_renews_a_session_nor_keeps_it_alive() {
    let mut config = config();
    config.sessions.idle_minutes = 10;
    let app = crate::support::app_with(config).await;
    let house = app.house("Pharmacie des Lilas").await;
    let mut browser = app.signed_in(&house, &[Role::Pharmacist]).await;
    let ours = app.config.server.origin();
    app.minutes(4);
    let mut open = upgrade(&app, &browser, Some(&ours)).await;
    assert_eq!(open.status, 101);
    app.minutes(2);
    let late = upgrade(&app, &browser, Some(&ours)).await;
    assert_eq!(late.status, 401, "the access token has expired");
    assert!(
        !late.head.to_lowercase().contains("-access=") && !late.head.to_lowercase().contains("-refresh="),
        "{}",
        late.head
    );
    app.minutes(5);
    assert_eq!(browser.get("/api/v1/auth/me").await.status, 401, "two sockets were no activity");
    assert_eq!(open.frame().await, r#"{"kind":"session.ended"}"#);
}

#[tokio::test]
async fn a_database_that_does_not_answer_ends_no_session() {
    let app = app().await;
    let house = app.house("Pharmacie des Lilas").await;
    let mut browser = app.signed_in(&house, &[Role::Pharmacist]).await;
    let mut open = upgrade(&app, &browser, Some(&app.config.server.origin())).await;
    app.alter("ALTER TABLE control.sessions RENAME TO elsewhere").await;
    // What was read of the session is older than it is believed for.
    app.seconds(10);
    let said = timeout(Duration::from_secs(5), open.frame()).await;
    assert!(said.is_err(), "two checks have failed, and nothing is said: {said:?}");
    app.alter("ALTER TABLE control.elsewhere RENAME TO sessions").await;
    assert_eq!(browser.json("/api/v1/auth/logout", serde_json::json!({})).await.status, 200);
    assert_eq!(open.frame().await, r#"{"kind":"session.ended"}"#, "and the real end is");
}

#[tokio::test]
async fn signing_out_ends_the_socket() {
    let app = app().await;
    let house = app.house("Pharmacie des Lilas").await;
    let mut browser = app.signed_in(&house, &[Role::Pharmacist]).await;
    let mut open = upgrade(&app, &browser, Some(&app.config.server.origin())).await;
    assert_eq!(browser.json("/api/v1/auth/logout", serde_json::json!({})).await.status, 200);
    assert_eq!(open.frame().await, r#"{"kind":"session.ended"}"#);
}
