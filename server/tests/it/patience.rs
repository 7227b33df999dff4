//! How long a client is waited for, over real connections.

use std::{convert::Infallible, time::Duration};

use axum::{Router, body::Body, extract::Request, response::IntoResponse, routing::get};
use bytes::Bytes;
use futures_util::stream;
use http::StatusCode;
use hyper_util::rt::TokioIo;
use server::listen::Patience;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    sync::mpsc,
    time::timeout,
};

use crate::support::{App, Browser, Call, Wire, app, files};

/// Longer than anything that is awaited here.
const LONG: Duration = Duration::from_secs(15);

/// A server's patience, a hundredth of what it is.
fn hasty() -> Patience {
    let Patience { headers, silence, unread, rest, .. } = Patience::default();
    let (headers, silence, unread, rest) = (headers / 100, silence / 100, unread / 300, rest / 100);
    Patience { headers, silence, unread, rest, ..Patience::default() }
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

/// Tells when it is dropped.
struct Told(mpsc::UnboundedSender<()>);

impl Drop for Told {
    fn drop(&mut self) {
        let _ = self.0.send(());
    }
}

/// A route that answers without end, and tells when nobody asks for more.
fn endless() -> (Router, mpsc::UnboundedReceiver<()>) {
    let (ended, told) = mpsc::unbounded_channel();
    let answer = async move || {
        let told = Told(ended);
        Body::from_stream(stream::repeat_with(move || {
            let _held = &told;
            Ok::<_, Infallible>(Bytes::from_static(&[b'x'; 16 * 1024]))
        }))
    };
    (Router::new().route("/endless", get(answer)), told)
}

#[tokio::test]
async fn who_takes_nothing_of_an_answer_is_cut_off_and_who_is_slow_is_not() {
    let request = b"GET /endless HTTP/1.1\r\nHost: carelink.example\r\n\r\n";
    let (router, mut ended) = endless();
    let mut wire = Wire::to(router, hasty()).await;
    wire.send(request).await.unwrap();
    timeout(LONG, ended.recv()).await.expect("the answer is given up with its connection");

    // Less at a time than the kernel's buffer holds, and never nothing for long.
    let (router, mut ended) = endless();
    let mut wire = Wire::to(router, hasty()).await;
    wire.send(request).await.unwrap();
    let mut piece = vec![0; 256 * 1024];
    for _ in 0..12 {
        tokio::time::sleep(hasty().unread / 4).await;
        wire.stream.read_exact(&mut piece).await.unwrap();
    }
    assert!(ended.try_recv().is_err(), "after three times the patience");
}

/// Changes the protocol, and is a socket until the client closes.
async fn socket(request: Request) -> impl IntoResponse {
    tokio::spawn(async move {
        let mut io = TokioIo::new(hyper::upgrade::on(request).await.unwrap());
        io.read_to_end(&mut Vec::new()).await
    });
    (StatusCode::SWITCHING_PROTOCOLS, [("connection", "upgrade"), ("upgrade", "words")])
}

#[tokio::test]
async fn there_are_so_many_connections_at_once_sockets_included() {
    let router = Router::new().route("/", get(async || "here")).route("/socket", get(socket));
    let mut first = Wire::to(router, Patience { connections: 1, ..Patience::default() }).await;
    let upgrade = "GET /socket HTTP/1.1\r\nHost: a\r\nConnection: upgrade\r\nUpgrade: words\r\n\r\n";
    first.send(upgrade.as_bytes()).await.unwrap();
    assert_eq!(first.reply().await.status, 101);
    let mut second = TcpStream::connect(first.stream.peer_addr().unwrap()).await.unwrap();
    second.write_all(b"GET / HTTP/1.1\r\nHost: a\r\n\r\n").await.unwrap();
    let early = timeout(Duration::from_millis(300), second.read_u8()).await;
    assert!(early.is_err(), "there is no place for it: {early:?}");
    first.stream.shutdown().await.unwrap();
    let answer = timeout(LONG, second.read_u8()).await.expect("it has waited for its turn");
    assert_eq!(answer.unwrap(), b'H');
}
