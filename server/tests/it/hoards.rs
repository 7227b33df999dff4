//! Forms that would make the server keep what they send: broken off early, answered in words, nothing stored.

use std::{
    convert::Infallible,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
};

use axum::body::Body;
use bytes::Bytes;
use futures_util::stream;
use model::roles::Role;

use crate::support::{App, Browser, Call, Reply, app, files};

const MEBIBYTE: usize = 1024 * 1024;

struct Place {
    app: App,
    slug: String,
    browser: Browser,
}

/// A visitor of a fresh code for three files, of one mebibyte each.
async fn place() -> Place {
    let app = app().await;
    let house = app.house("Pharmacie des Lilas").await;
    let schema = domain::db::Db::schema_of(house.id);
    app.alter(&format!("UPDATE {schema}.settings SET max_file_mebibytes = 1")).await;
    let staff = app.member(&house, &[Role::Pharmacist]).await;
    let link = app.code(&staff, 1).await.secret.unwrap().link;
    let mut browser = Browser::new(&app);
    assert_eq!(browser.get(link.split_once(".example").unwrap().1).await.status, 303);
    Place { app, slug: house.slug, browser }
}

impl Place {
    /// The deposit page's form with an honest photo.
    fn honest(&self) -> Call {
        let token = self.browser.token();
        Call::post(format!("/d/{}/deposit", self.slug)).multipart(
            &[("csrf", &token), ("idempotency_key", "form-00112233")],
            &[("a.jpg", "image/jpeg", files::JPEG)],
        )
    }

    /// The same with something put in, before the first `mark`.
    fn spoilt(&self, mark: &[u8], junk: &[u8]) -> Call {
        let call = self.honest();
        let at = call.body.windows(mark.len()).position(|window| window == mark).unwrap();
        let body = [&call.body[..at], junk, &call.body[at..]].concat();
        Call { body: body.into(), ..call }
    }

    fn refused(&self, reply: &Reply, status: u16) {
        assert_eq!(reply.status, status, "{}", reply.text());
        assert!(reply.text().contains("role=\"alert\""), "the page says it");
        assert_eq!(self.app.blobs(), 0, "nothing stored");
    }
}

#[tokio::test]
async fn a_long_way_to_the_first_boundary_is_not_gone() {
    let mut place = place().await;
    let near = place.spoilt(b"--", &[b'x'; 1024]);
    let far = place.spoilt(b"--", &vec![b'x'; MEBIBYTE]);
    let reply = place.browser.act(far).await;
    place.refused(&reply, 400);
    assert_eq!(place.browser.act(near).await.status, 200, "a preamble is allowed by the standard");
}

#[tokio::test]
async fn headers_of_a_part_that_do_not_end_are_not_awaited() {
    let mut place = place().await;
    let long = [b"X-Long: ", &vec![b'x'; 200 * 1024][..], b"\r\n"].concat();
    let reply = place.browser.act(place.spoilt(b"Content-Type: image/jpeg", &long)).await;
    place.refused(&reply, 400);
    let name = [&b"X-Name: "[..], &[b'x'; 8 * 1024], b"\r\n"].concat();
    let reply = place.browser.act(place.spoilt(b"Content-Type: image/jpeg", &name)).await;
    assert_eq!(reply.status, 200, "{}", reply.text());
}

#[tokio::test]
async fn a_form_may_weigh_as_much_as_its_files_together() {
    let mut place = place().await;
    let token = place.browser.token();
    let fields = [("csrf", token.as_str()), ("idempotency_key", "form-00112233")];
    let other = "x".repeat(5 * MEBIBYTE);
    let call = |fields: &[(&str, &str)], sent: &[(&str, &str, &[u8])]| {
        Call::post(format!("/d/{}/deposit", place.slug)).multipart(fields, sent)
    };
    let padded = call(&[fields[0], fields[1], ("other", &other)], &[("a.jpg", "image/jpeg", files::JPEG)]);
    let reply = place.browser.clone().act(padded).await;
    place.refused(&reply, 413);
    // Three as large as they may be, and the form around them.
    let pdf = files::pdf("Compte rendu", MEBIBYTE - 4096);
    assert!(pdf.len() > MEBIBYTE - 8192 && pdf.len() <= MEBIBYTE, "{}", pdf.len());
    let most = ["a.pdf", "b.pdf", "c.pdf"].map(|name| (name, "application/pdf", pdf.as_slice()));
    let most = call(&fields, &most);
    let reply = place.browser.act(most).await;
    assert_eq!((reply.status, place.app.blobs()), (200, 3), "{}", reply.text());
}

#[tokio::test]
async fn what_follows_a_refused_file_is_read_and_not_kept() {
    let mut place = place().await;
    let token = place.browser.token();
    let text = vec![b'x'; MEBIBYTE / 2];
    let call = Call::post(format!("/d/{}/deposit", place.slug)).multipart(
        &[("csrf", &token), ("idempotency_key", "form-00112233")],
        &[("a.txt", "text/plain", &text), ("b.jpg", "image/jpeg", files::JPEG)],
    );
    let reply = place.browser.act(call).await;
    assert_eq!((reply.status, place.app.blobs()), (415, 1), "the second one is kept");
}

#[tokio::test]
async fn no_more_is_read_than_one_must_keep() {
    let mut place = place().await;
    let pulled = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&pulled);
    let piece = Bytes::from(vec![b'x'; 64 * 1024]);
    // It would go on for a gibibyte, and nowhere is a boundary.
    let endless = stream::iter((0..16 * 1024).map(move |_| {
        counted.fetch_add(64 * 1024, Ordering::Relaxed);
        Ok::<_, Infallible>(piece.clone())
    }));
    let call = place.honest();
    let call = place.browser.page_call(Call { body: Bytes::new(), ..call });
    let reply = place.browser.stream(call, Body::from_stream(endless)).await;
    place.refused(&reply, 400);
    let pulled = pulled.load(Ordering::Relaxed);
    assert!(pulled <= 256 * 1024, "{pulled} bytes");
}
