//! Live events: every one of a committed act reaches every node, none of a rolled back one.

use std::time::Duration;

use domain::{codes, events};
use sqlx::{AssertSqlSafe, Executor};
use tokio_util::sync::CancellationToken;

use crate::support::{Node, app};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_act_is_heard_on_every_node_within_moments() {
    let app = app().await;
    let house = app.house("Pharmacie des Lilas").await;
    let staff = app.pharmacist(&house).await;
    let other = app.node(Node { connections: 3, ..Node::default() });
    let stop = CancellationToken::new();
    let mut ears = Vec::new();
    let mut nodes = Vec::new();
    for node in [&app.d, &other] {
        ears.push(node.events.subscribe());
        nodes.push(tokio::spawn(events::run(node.clone(), stop.clone())));
    }
    tokio::time::sleep(Duration::from_millis(300)).await;
    let mut made = Vec::new();
    for _ in 0..20 {
        let id = app.code(&staff).await.summary.id;
        made.push(id.0);
    }
    codes::revoke(&app.d, &staff, model::ids::CodeId(made[0])).await.unwrap();
    made.push(made[0]);
    for ear in &mut ears {
        let mut heard = Vec::new();
        while heard.len() < made.len() {
            let event = tokio::time::timeout(Duration::from_secs(10), ear.recv()).await.unwrap().unwrap();
            assert_eq!((event.establishment, event.kind.as_str()), (house.id, "codes.changed"));
            heard.push(event.object.unwrap());
        }
        assert_eq!(heard, made);
    }
    stop.cancel();
    for node in nodes {
        tokio::time::timeout(Duration::from_secs(5), node).await.unwrap().unwrap();
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_long_transaction_holds_no_event_up_and_its_own_is_not_lost() {
    let app = app().await;
    let house = app.house("Pharmacie des Lilas").await;
    let staff = app.pharmacist(&house).await;
    let stop = CancellationToken::new();
    let mut ear = app.d.events.subscribe();
    let node = tokio::spawn(events::run(app.d.clone(), stop.clone()));
    tokio::time::sleep(Duration::from_millis(300)).await;
    // Another application's, or one that is slow: it has a transaction id, and stays open.
    let mut slow = app.look().await;
    let late = uuid::Uuid::from_u128(1);
    slow.execute(AssertSqlSafe(format!(
        "BEGIN; INSERT INTO queue.outbox (establishment_id, kind, object_id, at)
         VALUES ('{}', 'documents.received', '{late}', now())",
        house.id
    )))
    .await
    .unwrap();
    let mut heard = async || {
        let event = tokio::time::timeout(Duration::from_secs(10), ear.recv()).await.unwrap().unwrap();
        event.object.unwrap()
    };
    for _ in 0..3 {
        let made = app.code(&staff).await.summary.id.0;
        assert_eq!(heard().await, made);
    }
    slow.execute("COMMIT").await.unwrap();
    assert_eq!(heard().await, late);
    // Nothing comes twice.
    let made = app.code(&staff).await.summary.id.0;
    assert_eq!(heard().await, made);
    stop.cancel();
    node.await.unwrap();
}
