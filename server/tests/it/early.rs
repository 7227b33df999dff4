//! An answer before the end of a request reaches a client that is still sending, as far as that is bearable.

use std::time::Duration;

use axum::{Router, http::StatusCode, routing::post};
use model::roles::Role;
use server::listen::Patience;
use tokio::time::timeout;

use crate::support::{App, Browser, Call, Reply, Wire, app_with, config, files};

const MEBIBYTE: usize = 1024 * 1024;
const LONG: Duration = Duration::from_secs(30);

/// Sends the whole body and only then reads, as an ordinary client does.
async fn whole(app: &App, browser: &Browser, call: Call) -> Reply {
    let mut wire = Wire::to(app.router.clone(), Patience::default()).await;
    let body = call.body.clone();
    let call = call.with("content-length", body.len().to_string());
    wire.send(browser.head(&call).as_bytes()).await.unwrap();
    for piece in body.chunks(64 * 1024) {
        wire.send(piece).await.unwrap_or_else(|error| panic!("{}: cut while sending: {error}", call.path));
    }
    timeout(LONG, wire.reply()).await.unwrap()
}

#[tokio::test]
async fn a_refusal_is_read_by_who_is_still_sending() {
    let mut config = config();
    config.limits.anonymous_per_minute = 60;
    let app = app_with(config).await;
    let house = app.house("Pharmacie des Lilas").await;
    let objects = app.objects(&house).await;
    let staff = app.signed_in(&house, &[Role::Pharmacist]).await;
    let mut visitor = Browser::new(&app);
    assert_eq!(visitor.get(&format!("/d/{}/{}", objects.slug, objects.link)).await.status, 303);
    let large = [files::JPEG, &vec![0; 20 * MEBIBYTE]].concat();
    let text = vec![b'x'; 9 * MEBIBYTE];
    let file = |kind: &str, content: &[u8]| {
        Call::post(format!("/d/{}/deposit/files", objects.slug))
            .with("x-idempotency-key", "cle-00112233")
            .raw(kind, content.to_vec())
    };
    let sentence = |reply: &Reply, kind: &str| {
        assert_eq!(reply.json()["kind"], kind, "{}", reply.text());
    };

    let reply = whole(&app, &visitor, visitor.page_call(file("image/jpeg", &large))).await;
    assert_eq!(reply.status, 413, "too large, as declared");
    sentence(&reply, "too_large");
    let reply = whole(&app, &visitor, visitor.page_call(file("text/plain", &text))).await;
    assert_eq!(reply.status, 415, "of the wrong kind, as its first bytes show");
    sentence(&reply, "unknown_type");
    let reply = whole(&app, &visitor, file("text/plain", &text)).await;
    assert_eq!(reply.status, 403, "from another site");
    let stranger = Browser::new(&app);
    let reply = whole(&app, &stranger, stranger.page_call(file("image/jpeg", &large))).await;
    sentence(&reply, "session_expired");
    let json = Call::post("/api/v1/codes/generate").raw("application/json", text.clone());
    let reply = whole(&app, &staff, staff.page_call(json)).await;
    assert_eq!(reply.status, 413, "a body of the API");
    let form = stranger.page_call(Call::post("/legal").raw("text/plain", text.clone()));
    let mut replies = Vec::new();
    while replies.last() != Some(&429) && replies.len() < 70 {
        // The limit is met by requests without a body first.
        let status = match replies.len() {
            0..60 => stranger.clone().get("/legal").await.status,
            _ => whole(&app, &stranger, form.clone()).await.status,
        };
        replies.push(status);
    }
    assert_eq!(replies.last(), Some(&429), "too many requests: {replies:?}");
    let schema = domain::db::Db::schema_of(house.id);
    app.alter(&format!("UPDATE {schema}.codes SET revoked_at = created_at")).await;
    let reply = whole(&app, &visitor, visitor.page_call(file("text/plain", &text))).await;
    assert_eq!(reply.status, 410, "revoked meanwhile");
    sentence(&reply, "code_no_longer_valid");
}

/// Refuses everything, unread.
fn refuses() -> Router {
    Router::new().route("/", post(|| async { StatusCode::PAYLOAD_TOO_LARGE }))
}

const HEAD: &[u8] = b"POST / HTTP/1.1\r\nHost: carelink.example\r\nContent-Length: 1073741824\r\n";

#[tokio::test]
async fn nobody_is_listened_to_for_ever() {
    let mut wire = Wire::to(refuses(), Patience::default()).await;
    wire.send(&[HEAD, b"\r\n"].concat()).await.unwrap();
    let piece = vec![0; MEBIBYTE];
    let mut sent = 0;
    while sent < 1024 && wire.send(&piece).await.is_ok() {
        sent += 1;
    }
    assert!((32..128).contains(&sent), "{sent} MiB");

    let hurry = Patience { rest: Duration::from_millis(200), ..Patience::default() };
    let mut wire = Wire::to(refuses(), hurry).await;
    wire.send(&[HEAD, b"\r\n"].concat()).await.unwrap();
    assert_eq!(timeout(LONG, wire.reply()).await.unwrap().status, 413, "at once, for who reads at once");
    timeout(LONG, wire.rest()).await.expect("then it is over");
}

#[tokio::test]
async fn who_asks_first_is_told_and_sends_nothing() {
    let mut wire = Wire::to(refuses(), Patience::default()).await;
    wire.send(&[HEAD, b"Expect: 100-continue\r\n\r\n"].concat()).await.unwrap();
    assert_eq!(timeout(LONG, wire.reply()).await.unwrap().status, 413);
    assert_eq!(timeout(LONG / 6, wire.rest()).await.expect("closed at once"), b"");
}
