//! Deposits: uses are counted exactly, the same file is one file, and what is refused leaves nothing.

use std::convert::Infallible;

use bytes::Bytes;
use domain::{
    Depositor, codes,
    documents::{self, Incoming, ReceiveError, WithdrawError},
};
use formats::Refusal;
use futures_util::{StreamExt, stream};
use jiff::SignedDuration;

use crate::support::{App, House, app, body, files, origin, token};

/// What a deposit leaves: items, documents, uses, payloads.
pub async fn left(app: &App, house: &House) -> (i64, i64, i64, usize) {
    let count =
        async |sql: &str| app.count(&sql.replace("FROM ", &format!("FROM {}.", house.schema()))).await;
    (
        count("SELECT count(*) FROM deposit_items").await,
        count("SELECT count(*) FROM documents").await,
        count("SELECT coalesce(sum(uses), 0)::bigint FROM codes").await,
        app.blobs().len(),
    )
}

pub async fn ready(deposits: u32) -> (App, House, domain::Staff, model::codes::CodeView) {
    let app = app().await;
    let house = app.house("Pharmacie des Lilas").await;
    let staff = app.pharmacist(&house).await;
    let code = app.code_for(&staff, deposits).await;
    (app, house, staff, code)
}

#[tokio::test]
async fn each_format_is_kept_with_its_row_payload_audit_event_and_job() {
    let (app, house, _, code) = ready(1).await;
    let visitor = app.visitor(&house, &code).await;
    let files = [
        ("photo.jpg", files::JPEG.to_vec()),
        ("photo.png", files::PNG.to_vec()),
        ("lettre.pdf", files::pdf("Bonjour", 0)),
    ];
    for (n, (name, bytes)) in files.iter().enumerate() {
        let received = app.deposit(&visitor, name, bytes).await.unwrap();
        assert_eq!(received.ordinal as usize, n + 1);
    }
    assert_eq!(left(&app, &house).await, (3, 3, 1, 3));
    for (sql, count) in [
        ("SELECT count(*) FROM queue.outbox WHERE kind = 'documents.received'", 3),
        ("SELECT count(*) FROM queue.jobs WHERE kind = 'documents.check'", 3),
    ] {
        assert_eq!(app.count(sql).await, count, "{sql}");
    }
    // One more than the code allows.
    assert!(matches!(app.deposit(&visitor, "a.png", files::PNG).await, Err(ReceiveError::TooManyFiles(3))));
    assert_eq!(left(&app, &house).await, (3, 3, 1, 3));
}

#[tokio::test]
async fn an_opened_deposit_reserves_its_use_for_half_an_hour() {
    let (app, house, _, code) = ready(1).await;
    let (first, second) = (app.visitor(&house, &code).await, app.visitor(&house, &code).await);
    // Refused content: the deposit is open, its use is held, nothing is consumed.
    assert!(matches!(app.deposit(&first, "a.png", b"hello").await, Err(ReceiveError::Content(_))));
    assert!(matches!(app.deposit(&second, "a.png", files::PNG).await, Err(ReceiveError::CodeNotValid)));
    let third = codes::follow(&app.d, origin("198.51.100.9"), house.id, &token(&code)).await;
    assert!(third.is_err(), "a reserved code opened");
    assert!(codes::request(&app.d, &first).await.unwrap().is_some());
    app.advance(SignedDuration::from_mins(29));
    assert!(app.deposit(&second, "a.png", files::PNG).await.is_err());
    app.advance(SignedDuration::from_mins(1));
    app.deposit(&second, "a.png", files::PNG).await.unwrap();
    // Too late for the first one now.
    assert!(matches!(app.deposit(&first, "a.png", files::PNG).await, Err(ReceiveError::CodeNotValid)));
    assert_eq!(left(&app, &house).await, (1, 1, 1, 1));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn twenty_browsers_and_three_uses_are_three_deposits() {
    let (app, house, _, code) = ready(3).await;
    let mut visitors = Vec::new();
    for _ in 0..20 {
        visitors.push(app.visitor(&house, &code).await);
    }
    let sends = visitors.iter().map(|visitor| app.deposit(visitor, "a.pdf", FILE.as_bytes()));
    let outcomes = futures_util::future::join_all(sends).await;
    let kept = outcomes.iter().filter(|outcome| outcome.is_ok()).count();
    assert!(outcomes.iter().all(|outcome| matches!(outcome, Ok(_) | Err(ReceiveError::CodeNotValid))));
    assert_eq!(kept, 3);
    assert_eq!(left(&app, &house).await, (3, 3, 3, 3));
}
/// A PDF can't be a constant of [`files::pdf`]; this one is as small as they get.
const FILE: &str = "%PDF-1.4\n1 0 obj\n<< /Type /Catalog /Pages 2 0 R >>\nendobj\n2 0 obj\n<< /Type /Pages /Kids [3 0 R] /Count 1 >>\nendobj\n3 0 obj\n<< /Type /Page /Parent 2 0 R /MediaBox [0 0 9 9] >>\nendobj\nxref\n0 4\n0000000000 65535 f \n0000000009 00000 n \n0000000058 00000 n \n0000000115 00000 n \ntrailer\n<< /Size 4 /Root 1 0 R >>\nstartxref\n182\n%%EOF\n";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_same_key_is_the_same_file_however_often_it_is_sent() {
    let (app, house, _, code) = ready(1).await;
    let visitor = app.visitor(&house, &code).await;
    let first = app.deposit_as(&visitor, "cle-00000001", "a.png", files::PNG).await.unwrap();
    for _ in 0..3 {
        assert_eq!(app.deposit_as(&visitor, "cle-00000001", "a.png", files::PNG).await.unwrap(), first);
    }
    // As many as one deposit has places for.
    let sends = (0..4).map(|_| app.deposit_as(&visitor, "cle-00000002", "b.png", files::PNG));
    for outcome in futures_util::future::join_all(sends).await {
        assert_eq!(outcome.unwrap().ordinal, 2);
    }
    assert_eq!(left(&app, &house).await, (2, 2, 1, 2));
    // Another browser's key is another file.
    let bad = app.deposit_as(&visitor, "short", "a.png", files::PNG).await;
    assert!(matches!(bad, Err(ReceiveError::BadKey)));
}

#[tokio::test]
async fn a_deposit_opened_in_time_finishes_after_the_codes_end() {
    let (app, house, _, code) = ready(2).await;
    let (begun, opened) = (app.visitor(&house, &code).await, {
        app.advance(SignedDuration::from_mins(50));
        app.visitor(&house, &code).await
    });
    app.deposit(&begun, "a.png", files::PNG).await.unwrap();
    app.advance(SignedDuration::from_mins(15));
    // The code ended five minutes ago: the one goes on, the other was opened in time, a third comes too late.
    app.deposit(&begun, "b.png", files::PNG).await.unwrap();
    assert!(codes::request(&app.d, &opened).await.unwrap().is_some());
    app.deposit(&opened, "c.png", files::PNG).await.unwrap();
    assert!(codes::follow(&app.d, origin("198.51.100.7"), house.id, &token(&code)).await.is_err());
    let late = Depositor { capability: [1; 16], ..opened.clone() };
    app.advance(SignedDuration::from_mins(20));
    assert!(matches!(app.deposit(&late, "d.png", files::PNG).await, Err(ReceiveError::CodeNotValid)));
    assert_eq!(left(&app, &house).await.2, 2);
}

#[tokio::test]
async fn revocation_stops_a_file_that_is_on_its_way() {
    let (app, house, staff, code) = ready(1).await;
    let visitor = app.visitor(&house, &code).await;
    let (d, id) = (app.d.clone(), code.summary.id);
    let revoke = stream::once(async move {
        codes::revoke(&d, &staff, id).await.unwrap();
        Ok::<_, Infallible>(Bytes::new())
    });
    let incoming =
        Incoming { name: "a.png", declared_type: None, idempotency_key: "cle-00000001", declared_size: None };
    let outcome =
        documents::receive(&app.d, &visitor, incoming, Box::pin(body(files::PNG).chain(revoke))).await;
    assert!(matches!(outcome, Err(ReceiveError::CodeNotValid)), "{outcome:?}");
    assert_eq!(left(&app, &house).await, (0, 0, 0, 0));
}

#[tokio::test]
async fn a_withdrawal_gives_the_use_back_until_somebody_has_seen() {
    let (app, house, staff, code) = ready(1).await;
    let visitor = app.visitor(&house, &code).await;
    app.deposit(&visitor, "a.png", files::PNG).await.unwrap();
    app.deposit(&visitor, "b.png", files::PNG).await.unwrap();
    let stranger = Depositor { capability: [1; 16], ..visitor.clone() };
    assert!(matches!(documents::withdraw(&app.d, &stranger).await, Err(WithdrawError::NotFound)));
    documents::withdraw(&app.d, &visitor).await.unwrap();
    assert!(matches!(documents::withdraw(&app.d, &visitor).await, Err(WithdrawError::NotFound)));
    assert!(matches!(app.deposit(&visitor, "c.png", files::PNG).await, Err(ReceiveError::CodeNotValid)));
    app.jobs().await;
    assert_eq!(left(&app, &house).await, (2, 0, 0, 0));
    let receipt = documents::receipt(&app.d, house.id, &documents::receipt_token(&app.d, &visitor))
        .await
        .unwrap()
        .unwrap();
    assert!(
        receipt.withdrawn && receipt.items.iter().all(|item| item.deleted.as_ref().unwrap().1 == "withdrawn")
    );

    let again = app.visitor(&house, &code).await;
    app.deposit(&again, "d.png", files::PNG).await.unwrap();
    documents::open(&app.d, &staff, app.newest(&staff).await).await.unwrap();
    assert!(matches!(documents::withdraw(&app.d, &again).await, Err(WithdrawError::Seen)));
    assert_eq!(left(&app, &house).await, (3, 1, 1, 1));
}

#[tokio::test]
async fn a_closed_deposit_takes_no_more_files() {
    let (app, house, _, code) = ready(1).await;
    let visitor = app.visitor(&house, &code).await;
    assert!(!documents::close(&app.d, &visitor).await.unwrap());
    app.deposit(&visitor, "a.png", files::PNG).await.unwrap();
    assert!(documents::close(&app.d, &visitor).await.unwrap());
    assert!(matches!(app.deposit(&visitor, "b.png", files::PNG).await, Err(ReceiveError::CodeNotValid)));
    assert_eq!(left(&app, &house).await, (1, 1, 1, 1));
}

#[tokio::test]
async fn what_is_refused_leaves_nothing() {
    let (app, house, _, code) = ready(1).await;
    let visitor = app.visitor(&house, &code).await;
    let truncated = &files::PNG[..files::PNG.len() - 5];
    let html = [files::pdf("x", 0), b"<html><script>alert(1)</script>".to_vec()].concat();
    for (name, bytes, refusal) in [
        ("a.png", &b""[..], Refusal::Empty),
        ("a.txt", b"bonjour", Refusal::UnknownType),
        ("a.zip", b"PK\x03\x04aaaaaaaaaaaaaaaaaaaaaaaa", Refusal::UnknownType),
        ("a.png", truncated, Refusal::Damaged),
        ("a.pdf", files::PNG, Refusal::TypeMismatch),
        ("a.pdf", &html, Refusal::ForeignContent),
    ] {
        match app.deposit(&visitor, name, bytes).await {
            Err(ReceiveError::Content(found)) => assert_eq!(found, refusal, "{name}"),
            other => panic!("{name}: {other:?}"),
        }
        assert_eq!(left(&app, &house).await, (0, 0, 0, 0), "{name}");
    }
    assert_eq!(
        app.count(&format!("SELECT count(*) FROM {}.audit WHERE actor_kind = 'depositor'", house.schema()))
            .await,
        0
    );
}

#[tokio::test]
async fn a_file_over_the_limit_is_refused_before_and_while_it_comes() {
    let (app, house, _, code) = ready(1).await;
    let visitor = app.visitor(&house, &code).await;
    let large = files::pdf("x", 10 * 1024 * 1024);
    let limit = 10 * 1024 * 1024;
    for declared_size in [Some(large.len() as u64), None, Some(5)] {
        let incoming =
            Incoming { name: "a.pdf", declared_type: None, idempotency_key: "cle-00000001", declared_size };
        let outcome = documents::receive(&app.d, &visitor, incoming, body(&large)).await;
        assert!(
            matches!(outcome, Err(ReceiveError::TooLarge(n)) if n == limit),
            "{declared_size:?}: {outcome:?}"
        );
        assert_eq!(left(&app, &house).await, (0, 0, 0, 0));
    }
    app.deposit(&visitor, "a.pdf", &files::pdf("x", 10 * 1024 * 1024 - 2_000)).await.unwrap();
}

#[tokio::test]
async fn a_full_establishment_takes_nothing_more() {
    let (app, house, _, code) = ready(2).await;
    app.alter(&format!("UPDATE {}.settings SET max_total_mebibytes = 1", house.schema())).await;
    let visitor = app.visitor(&house, &code).await;
    app.deposit(&visitor, "a.pdf", &files::pdf("x", 900_000)).await.unwrap();
    let big = files::pdf("x", 200_000);
    for declared_size in [Some(big.len() as u64), None] {
        let incoming =
            Incoming { name: "b.pdf", declared_type: None, idempotency_key: "cle-00000001", declared_size };
        let outcome = documents::receive(&app.d, &visitor, incoming, body(&big)).await;
        assert!(matches!(outcome, Err(ReceiveError::NoRoom)), "{outcome:?}");
        assert_eq!(left(&app, &house).await, (1, 1, 1, 1));
    }
    app.deposit(&visitor, "c.png", files::PNG).await.unwrap();
}

#[tokio::test]
async fn another_file_under_a_used_key_is_another_file() {
    let (app, house, _, code) = ready(1).await;
    let visitor = app.visitor(&house, &code).await;
    let send = async |name: &str, bytes: &[u8], sized: bool| {
        let declared_size = sized.then_some(bytes.len() as u64);
        let incoming = Incoming { name, declared_type: None, idempotency_key: "cle-00000001", declared_size };
        documents::receive(&app.d, &visitor, incoming, body(bytes)).await.map(|received| received.ordinal)
    };
    // Told by size and name, or by content where the size is not known.
    assert_eq!(send("image.png", files::PNG, true).await.unwrap(), 1);
    assert_eq!(send("image.png", files::PNG, false).await.unwrap(), 2);
    let larger = [files::PNG, b"cut off"].concat();
    assert_eq!(send("image.png", &larger, true).await.unwrap(), 3);
    // Full: what is kept is known again, anything else is refused.
    for _ in 0..2 {
        assert_eq!(send("image.png", files::PNG, true).await.unwrap(), 1);
        assert_eq!(send("image.png", files::PNG, false).await.unwrap(), 2);
        assert_eq!(send("image.png", &larger, true).await.unwrap(), 3);
        for (name, sized) in [("image.jpg", true), ("image.png", false)] {
            let refused = send(name, files::JPEG, sized).await;
            assert!(refused.is_err(), "{name}: {refused:?}");
        }
    }
    assert_eq!(left(&app, &house).await, (3, 3, 1, 3));
}

#[tokio::test]
async fn after_a_commit_that_failed_the_payload_waits_for_the_collector_who_looks_at_the_rows() {
    let (app, house, _, code) = ready(1).await;
    let visitor = app.visitor(&house, &code).await;
    // The commit itself fails: nobody here can tell it from one whose answer was lost.
    let schema = house.schema();
    app.alter(&format!(
        "CREATE FUNCTION {schema}.break() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'broken'; END $$;
         CREATE CONSTRAINT TRIGGER break AFTER INSERT ON {schema}.documents DEFERRABLE INITIALLY DEFERRED
             FOR EACH ROW EXECUTE FUNCTION {schema}.break()"
    ))
    .await;
    let outcome = app.deposit_as(&visitor, "cle-00000001", "a.png", files::PNG).await;
    assert!(matches!(outcome, Err(ReceiveError::Fault(_))), "{outcome:?}");
    assert_eq!(
        left(&app, &house).await,
        (0, 0, 0, 1),
        "erased, it would be missed by a row that was committed"
    );
    app.alter(&format!("DROP TRIGGER break ON {schema}.documents")).await;
    app.deposit_as(&visitor, "cle-00000001", "a.png", files::PNG).await.unwrap();
    app.advance(SignedDuration::from_hours(25));
    app.jobs().await;
    assert_eq!(left(&app, &house).await, (1, 1, 1, 1));
}

#[tokio::test]
async fn an_ended_code_takes_no_more_from_a_deposit_that_went_quiet() {
    for committed in [false, true] {
        let (app, house, _, code) = ready(1).await;
        let visitor = app.visitor(&house, &code).await;
        if committed {
            app.deposit(&visitor, "a.png", files::PNG).await.unwrap();
        } else {
            assert!(app.deposit(&visitor, "a.txt", b"text").await.is_err());
        }
        // The code ends; what is going on may go on for half an hour after its last sign of life.
        app.advance(SignedDuration::from_mins(50));
        app.deposit(&visitor, "b.png", files::PNG).await.unwrap();
        app.advance(SignedDuration::from_mins(20));
        assert!(codes::request(&app.d, &visitor).await.unwrap().is_some());
        app.advance(SignedDuration::from_mins(11));
        assert!(codes::request(&app.d, &visitor).await.unwrap().is_none());
        let late = app.deposit(&visitor, "c.png", files::PNG).await;
        assert!(matches!(late, Err(ReceiveError::CodeNotValid)), "{late:?}");
    }
}

#[tokio::test]
async fn closing_twice_is_one_act() {
    let (app, house, _, code) = ready(1).await;
    let visitor = app.visitor(&house, &code).await;
    app.deposit(&visitor, "a.png", files::PNG).await.unwrap();
    assert!(documents::close(&app.d, &visitor).await.unwrap());
    assert!(documents::close(&app.d, &visitor).await.unwrap());
    let rows =
        format!("SELECT count(*) FROM {}.audit WHERE action = 'documents.close_deposit'", house.schema());
    assert_eq!(app.count(&rows).await, 1);
}
