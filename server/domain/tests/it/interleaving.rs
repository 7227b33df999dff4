//! Two establishments on one connection: whatever is rolled back, broken or cancelled, they never mix.

use std::time::{Duration, Instant};

use domain::{Domain, db::TenantTx, random::Random};
use model::ids::EstablishmentId;
use sqlx::Executor;
use uuid::Uuid;

use crate::support::{Node, app_with};

const TRANSACTIONS: usize = 10_000;
const AT_ONCE: usize = 16;

#[derive(Clone, Copy)]
enum End {
    Commit,
    RollBack,
    Fail,
    Cancel(u64),
}

fn ends(random: &Random) -> End {
    let [what, when] = random.bytes().unwrap();
    match what % 8 {
        0 => End::RollBack,
        1 => End::Fail,
        // From before the first byte to after the answer.
        2 | 3 => End::Cancel(u64::from(when)),
        _ => End::Commit,
    }
}

/// Writes the establishment's id into its own schema, and says whether it saw a foreign one.
async fn visit(d: Domain, id: EstablishmentId, end: End) -> bool {
    let Ok(mut tx) = TenantTx::begin(&d.db, id).await else { return false };
    let mine: Uuid =
        sqlx::query_scalar("SELECT establishment_id FROM identity").fetch_one(&mut *tx).await.unwrap();
    // What must not last says so.
    let action = match end {
        End::Commit => "visit.commit",
        End::Cancel(_) => "visit.cancel",
        End::RollBack | End::Fail => "visit.never",
    };
    sqlx::query("INSERT INTO audit (at, actor_kind, action, object_id, outcome) VALUES (now(), 'system', $2, $1, 'done')")
        .bind(id.0)
        .bind(action)
        .execute(&mut *tx)
        .await
        .unwrap();
    match end {
        End::Commit | End::Cancel(_) => tx.commit().await.unwrap(),
        End::RollBack => drop(tx),
        End::Fail => assert!(tx.execute("SELECT 1 / 0").await.is_err()),
    }
    mine == id.0
}

async fn some_turns(turns: u8) {
    for _ in 0..turns {
        tokio::task::yield_now().await;
    }
}

/// Whose rights the next user of the connection would find.
async fn role_left(d: &Domain) -> String {
    let mut connection = d.db.pool().acquire().await.unwrap();
    sqlx::query_scalar("SELECT current_setting('role')").fetch_one(&mut *connection).await.unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn ten_thousand_interleaved_transactions_on_one_connection_do_not_mix() {
    let app = app_with(Node { connections: 1, ..Node::default() }).await;
    let houses = [app.house("Pharmacie des Lilas").await.id, app.house("SSIAD du Canal").await.id];
    let random = Random::seeded(42);
    let started = Instant::now();
    let (mut committed, mut cancelled, mut cancels) = ([0_i64; 2], 0, 0);
    let mut round = Vec::with_capacity(AT_ONCE);
    for n in 0..TRANSACTIONS {
        let [which] = random.bytes().unwrap();
        let which = usize::from(which % 2);
        let end = ends(&random);
        cancels += i64::from(matches!(end, End::Cancel(_)));
        round.push((which, end, tokio::spawn(visit(app.d.clone(), houses[which], end))));
        if round.len() < AT_ONCE && n + 1 < TRANSACTIONS {
            continue;
        }
        // Those that are cancelled wait in the same queue as the others.
        for (_, end, task) in &round {
            if let End::Cancel(after) = *end {
                let abort = task.abort_handle();
                tokio::spawn(async move {
                    // A timer ticks in milliseconds; what lies between is a matter of turns.
                    tokio::time::sleep(Duration::from_millis(after % 12)).await;
                    some_turns(u8::try_from(after / 4).unwrap()).await;
                    abort.abort();
                });
            }
        }
        for (which, end, task) in round.drain(..) {
            match (task.await, end) {
                (Ok(own), End::Cancel(_)) => assert!(own),
                (Ok(own), _) => {
                    assert!(own, "a transaction saw another establishment's schema, or did not begin");
                    committed[which] += i64::from(matches!(end, End::Commit));
                }
                (Err(gone), End::Cancel(_)) => {
                    assert!(gone.is_cancelled(), "{gone}");
                    cancelled += 1;
                }
                (Err(gone), _) => panic!("{gone}"),
            }
        }
        // Cancelled with nobody behind it in the queue, between the first byte and the answer.
        let [turns] = random.bytes().unwrap();
        tokio::select! {
            biased;
            _ = TenantTx::begin(&app.d.db, houses[0]) => {}
            () = some_turns(turns % 16) => {}
        }
        assert_eq!(role_left(&app.d).await, "none", "a connection came back inside a transaction");
    }
    println!("{TRANSACTIONS} transactions, {cancelled} cancelled, {:?}", started.elapsed());
    assert!(cancelled > 100, "the test cancels nothing");
    for (house, committed) in houses.iter().zip(committed) {
        let schema = domain::db::Db::schema_of(*house);
        let foreign = format!(
            "SELECT count(*) FROM {schema}.audit WHERE action LIKE 'visit.%' AND object_id <> '{house}'"
        );
        assert_eq!(app.count(&foreign).await, 0);
        // A cancelled transaction may have committed before; the others count exactly.
        let rows =
            |action: &str| format!("SELECT count(*) FROM {schema}.audit WHERE action = 'visit.{action}'");
        assert_eq!(app.count(&rows("commit")).await, committed);
        assert_eq!(app.count(&rows("never")).await, 0, "what was rolled back or failed has lasted");
        assert!(app.count(&rows("cancel")).await <= cancels);
    }
    tokio::time::sleep(Duration::from_millis(200)).await;
    let idle = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND usename = 'carelink_app'
                AND state LIKE 'idle in transaction%'";
    assert_eq!(app.count(idle).await, 0);
    assert_eq!(app.d.db.pool().size(), 1);
}
