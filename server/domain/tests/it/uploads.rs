//! Files on their way: broken off, slow, too many at once.

use std::convert::Infallible;

use bytes::Bytes;
use domain::{
    codes,
    documents::{self, Incoming, ReceiveError},
};
use futures_util::{StreamExt, stream};
use jiff::SignedDuration;
use tokio::sync::mpsc;

use crate::{
    deposits::{left, ready},
    support::{body, files, origin, token},
};

#[tokio::test]
async fn an_interrupted_file_leaves_nothing_and_can_be_sent_again() {
    let (app, house, _, code) = ready(1).await;
    let visitor = app.visitor(&house, &code).await;
    // More than one part of the object store: something had been written.
    let large = files::pdf("x", 8 * 1024 * 1024);
    let incoming =
        Incoming { name: "a.pdf", declared_type: None, idempotency_key: "cle-00000001", declared_size: None };
    let half = body(&large[..7 * 1024 * 1024]).map(|piece| piece.map_err(|never| match never {}));
    let broken = half.chain(stream::once(async { Err("connection reset") }));
    let outcome = documents::receive(&app.d, &visitor, incoming, Box::pin(broken)).await;
    assert!(matches!(outcome, Err(ReceiveError::Interrupted)));
    assert_eq!(left(&app, &house).await, (0, 0, 0, 0));

    // The client is gone and the request's future with it.
    let silent = body(&large[..7 * 1024 * 1024]).chain(stream::pending());
    let receive = documents::receive(&app.d, &visitor, incoming, Box::pin(silent));
    assert!(tokio::time::timeout(std::time::Duration::from_secs(2), receive).await.is_err());
    tokio::time::sleep(std::time::Duration::from_millis(100)).await;
    assert_eq!(left(&app, &house).await, (0, 0, 0, 0));

    app.deposit_as(&visitor, "cle-00000001", "a.pdf", &large).await.unwrap();
    assert_eq!(left(&app, &house).await, (1, 1, 1, 1));
}

#[tokio::test]
async fn a_slow_upload_keeps_its_reservation() {
    let (app, house, _, code) = ready(1).await;
    let visitor = app.visitor(&house, &code).await;
    let (clock, d, id, link) = (app.clock.clone(), app.d.clone(), house.id, token(&code));
    let slow = body(&files::pdf("x", 4_000_000)).enumerate().then(move |(nth, piece)| {
        let (clock, d, link) = (clock.clone(), d.clone(), link.clone());
        async move {
            // Half a megabyte every six minutes.
            if nth % 100 == 99 {
                clock.advance(SignedDuration::from_mins(6));
                // Nobody else gets in meanwhile, not even after half an hour.
                assert!(codes::follow(&d, origin("198.51.100.9"), id, &link).await.is_err());
            }
            piece
        }
    });
    let incoming =
        Incoming { name: "a.pdf", declared_type: None, idempotency_key: "cle-00000001", declared_size: None };
    documents::receive(&app.d, &visitor, incoming, Box::pin(slow)).await.unwrap();
    assert_eq!(left(&app, &house).await.2, 1);
}

#[tokio::test]
async fn who_brings_less_than_a_kibibyte_a_second_is_interrupted() {
    let (app, house, _, code) = ready(1).await;
    let visitor = app.visitor(&house, &code).await;
    let incoming =
        Incoming { name: "a.pdf", declared_type: None, idempotency_key: "cle-00000001", declared_size: None };
    // Pieces of 5,000 bytes, so many seconds apart.
    for (seconds, slow) in [(6, true), (59, true), (4, false)] {
        let clock = app.clock.clone();
        let body = body(&files::pdf("x", 400_000)).inspect(move |_| {
            clock.advance(SignedDuration::from_secs(seconds));
        });
        match documents::receive(&app.d, &visitor, incoming, body).await {
            Err(ReceiveError::Interrupted) => assert!(slow, "{seconds} s"),
            Ok(_) => assert!(!slow, "{seconds} s"),
            Err(error) => panic!("{seconds} s: {error}"),
        }
        let kept = usize::from(!slow);
        assert_eq!(app.blobs().len(), kept, "{seconds} s");
    }
}

#[tokio::test]
async fn a_deposit_has_four_files_under_way_at_most() {
    let (app, house, _, code) = ready(1).await;
    let visitor = app.visitor(&house, &code).await;
    let (begun, mut begins) = mpsc::unbounded_channel();
    let mut under_way = Vec::new();
    for n in 0..4 {
        let (d, visitor, begun) = (app.d.clone(), visitor.clone(), begun.clone());
        under_way.push(tokio::spawn(async move {
            let key = format!("cle-0000000{n}");
            let incoming =
                Incoming { name: "a.png", declared_type: None, idempotency_key: &key, declared_size: None };
            // Says when it is asked for the first byte, and has none.
            let silent = stream::once(async move {
                begun.send(()).unwrap();
                std::future::pending::<Result<Bytes, Infallible>>().await
            });
            documents::receive(&d, &visitor, incoming, Box::pin(silent)).await
        }));
    }
    for _ in 0..4 {
        begins.recv().await.unwrap();
    }
    let fifth = app.deposit_as(&visitor, "cle-00000009", "b.png", files::PNG).await;
    assert!(matches!(fifth, Err(ReceiveError::TooMany(_))), "{fifth:?}");
    // Other deposits have places of their own; and one that is given up makes room.
    app.document(&house, &app.pharmacist(&house).await, "c.png", files::PNG).await;
    let given_up = under_way.pop().unwrap();
    given_up.abort();
    assert!(given_up.await.unwrap_err().is_cancelled());
    app.deposit_as(&visitor, "cle-00000009", "b.png", files::PNG).await.unwrap();
    for upload in under_way {
        upload.abort();
    }
}
