//! Jobs: tried again, given up, given back, done once.

use domain::{PlatformAdmin, documents, jobs};
use jiff::SignedDuration;

use crate::support::{App, House, Node, app_with, files};

const OPERATOR: PlatformAdmin = PlatformAdmin::operator();

/// An establishment whose documents can't be checked: there is no viewer to start.
async fn broken() -> (App, House, domain::Staff) {
    let app = app_with(Node { viewer: None, ..Node::default() }).await;
    let house = app.house("Pharmacie des Lilas").await;
    let staff = app.pharmacist(&house).await;
    (app, house, staff)
}

#[tokio::test]
async fn a_failing_job_waits_longer_each_time_and_is_then_given_up() {
    let (app, house, staff) = broken().await;
    app.document(&house, &staff, "a.png", files::PNG).await;
    for wait in [5, 30, 120, 600, 1_800, 7_200, 43_200] {
        assert_eq!(jobs::run_due(&app.d).await.unwrap(), 1);
        assert_eq!(jobs::run_due(&app.d).await.unwrap(), 0);
        app.advance(SignedDuration::from_secs(wait - 1));
        assert_eq!(jobs::run_due(&app.d).await.unwrap(), 0, "before {wait} s");
        app.advance(SignedDuration::from_secs(1));
    }
    assert!(jobs::dead(&app.d, &OPERATOR).await.unwrap().is_empty());
    assert_eq!(jobs::run_due(&app.d).await.unwrap(), 1);
    let dead = jobs::dead(&app.d, &OPERATOR).await.unwrap();
    assert_eq!(dead.len(), 1);
    assert_eq!(dead[0].kind, "documents.check");
    assert!(dead[0].error.starts_with("viewer:"), "{}", dead[0].error);
    app.advance(SignedDuration::from_hours(48));
    assert_eq!(jobs::run_due(&app.d).await.unwrap(), 0);

    assert_eq!(jobs::retry(&app.d, &OPERATOR, Some(dead[0].id)).await.unwrap(), 1);
    assert_eq!(jobs::retry(&app.d, &OPERATOR, None).await.unwrap(), 0, "it is no longer dead");
    assert!(!jobs::discard(&app.d, &OPERATOR, dead[0].id).await.unwrap(), "nor can it be let go");
    jobs::run_due(&app.d).await.unwrap();
    let tries = format!("SELECT attempts::bigint FROM queue.jobs WHERE id = {}", dead[0].id);
    assert_eq!(app.count(&tries).await, 1, "all its tries are back");
    assert!(jobs::dead(&app.d, &OPERATOR).await.unwrap().is_empty());
}

#[tokio::test]
async fn a_dead_job_can_be_let_go() {
    let (app, house, staff) = broken().await;
    app.document(&house, &staff, "a.png", files::PNG).await;
    for _ in 0..8 {
        jobs::run_due(&app.d).await.unwrap();
        app.advance(SignedDuration::from_hours(24));
    }
    let dead = jobs::dead(&app.d, &OPERATOR).await.unwrap();
    assert!(jobs::discard(&app.d, &OPERATOR, dead[0].id).await.unwrap());
    assert!(jobs::dead(&app.d, &OPERATOR).await.unwrap().is_empty());
    assert_eq!(app.count("SELECT count(*) FROM control.audit WHERE action = 'jobs.discard'").await, 1);
}

#[tokio::test]
async fn a_job_of_a_dead_node_is_given_back_when_its_lease_ends() {
    let (app, house, staff) = broken().await;
    app.document(&house, &staff, "a.png", files::PNG).await;
    let (id, _) = app.document(&house, &staff, "b.png", files::PNG).await;
    documents::delete(&app.d, &staff, id).await.unwrap();
    app.alter("DELETE FROM queue.jobs WHERE kind <> 'documents.erase'").await;
    app.advance(SignedDuration::from_secs(10));
    // A node that took it and died.
    let until = (app.d.now() + SignedDuration::from_mins(10)).to_string();
    app.alter(&format!("UPDATE queue.jobs SET state = 'running', attempts = 1, leased_until = '{until}'"))
        .await;
    assert_eq!(jobs::run_due(&app.d).await.unwrap(), 0);
    app.advance(SignedDuration::from_mins(10));
    app.jobs().await;
    assert_eq!(app.blobs().len(), 1);
    assert_eq!(app.count("SELECT count(*) FROM queue.jobs").await, 0);
}

#[tokio::test]
async fn a_job_that_kills_every_node_is_given_up() {
    let (app, house, staff) = broken().await;
    app.document(&house, &staff, "a.png", files::PNG).await;
    app.alter(
        "UPDATE queue.jobs SET state = 'running', attempts = 8, leased_until = now() - interval '1 day'",
    )
    .await;
    app.jobs().await;
    assert_eq!(jobs::dead(&app.d, &OPERATOR).await.unwrap().len(), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_nodes_do_not_do_the_same_job_twice() {
    let app = app_with(Node::default()).await;
    let house = app.house("Pharmacie des Lilas").await;
    let staff = app.pharmacist(&house).await;
    let (id, _) = app.document(&house, &staff, "a.png", files::PNG).await;
    app.jobs().await;
    app.alter(&format!(
        "INSERT INTO queue.jobs (establishment_id, kind, payload, run_at, created_at)
         SELECT '{}', 'documents.erase', jsonb_build_object('kind', 'erase', 'document', '{id}'), now() - interval '1 day', now()
         FROM generate_series(1, 300)",
        house.id
    ))
    .await;
    let other = app.node(Node::default());
    let (one, two) = tokio::join!(jobs::run_due(&app.d), jobs::run_due(&other));
    let (one, two) = (one.unwrap(), two.unwrap());
    assert_eq!(one + two, 300);
    assert!(one > 20 && two > 20, "{one} and {two}: they did not share");
    assert_eq!(app.count("SELECT count(*) FROM queue.jobs").await, 0);
    documents::open(&app.d, &staff, id).await.unwrap();
}

#[tokio::test]
async fn a_job_that_makes_no_sense_is_given_up_and_holds_nobody_up() {
    let (app, house, staff) = broken().await;
    app.alter(&format!(
        "INSERT INTO queue.jobs (establishment_id, kind, payload, run_at, created_at, attempts)
         VALUES ('{}', 'unheard of', '{{\"kind\": \"unheard_of\"}}', now() - interval '1 day', now(), 7)",
        house.id
    ))
    .await;
    let (id, _) = app.document(&house, &staff, "a.png", files::PNG).await;
    documents::delete(&app.d, &staff, id).await.unwrap();
    app.advance(SignedDuration::from_secs(10));
    app.jobs().await;
    assert_eq!((app.blobs().len(), jobs::dead(&app.d, &OPERATOR).await.unwrap().len()), (0, 1));
}

#[tokio::test]
async fn periodic_work_is_done_by_one_node_and_trims_what_is_over() {
    let (app, _, _) = broken().await;
    app.alter(
        "INSERT INTO control.browsers VALUES ('x', '{}', now() - interval '1 hour'), ('y', '{}', now() + interval '1 day');
         INSERT INTO control.attempts VALUES ('x', 1, now() - interval '1 hour', NULL), ('y', 1, now() + interval '1 day', NULL);
         INSERT INTO queue.outbox (establishment_id, kind, at) VALUES (gen_random_uuid(), 'old', now() - interval '2 hours')",
    )
    .await;
    app.jobs().await;
    for (table, left) in [("control.browsers", 1), ("control.attempts", 1), ("queue.outbox", 0)] {
        assert_eq!(app.count(&format!("SELECT count(*) FROM {table}")).await, left, "{table}");
    }
}

/// What the child says of a document that takes too long.
const SLOW: &str = r#"{"Refused":"TimedOut"}"#;

#[tokio::test]
async fn a_document_is_judged_slow_only_when_it_was_slow_several_times() {
    let app = app_with(Node { viewer: Some(SLOW), ..Node::default() }).await;
    let house = app.house("Pharmacie des Lilas").await;
    let staff = app.pharmacist(&house).await;
    app.document(&house, &staff, "a.png", files::PNG).await;
    let state = format!("SELECT count(*) FROM {}.documents WHERE state = 'unreadable'", house.schema());
    for expected in [0, 0, 1] {
        jobs::run_due(&app.d).await.unwrap();
        assert_eq!(app.count(&state).await, expected);
        app.advance(SignedDuration::from_mins(1));
    }
}
