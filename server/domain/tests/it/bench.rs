//! Figures of single steps, without a server around them. They judge nothing; `make bench` prints them.

use std::time::{Duration, Instant};

use domain::identity;
use jiff::SignedDuration;
use model::roles::Role;

use crate::support::{App, app};

/// Other people's sessions, in the same table.
const OTHERS: u32 = 20_000;

/// Times of one call, sorted. Where a call is shorter than reading the clock twice, several are timed together.
async fn times(rounds: u32, together: u32, call: impl AsyncFn()) -> Vec<Duration> {
    for _ in 0..rounds.min(100) {
        call().await;
    }
    let mut times = Vec::new();
    for _ in 0..rounds {
        let begun = Instant::now();
        for _ in 0..together {
            call().await;
        }
        times.push(begun.elapsed() / together);
    }
    times.sort_unstable();
    times
}

fn tell(what: &str, times: &[Duration]) {
    let at = |percent: usize| times[times.len() * percent / 100].as_nanos();
    let each =
        |nanos: u128| if nanos < 10_000 { format!("{nanos} ns") } else { format!("{} µs", nanos / 1_000) };
    println!("  {what:<50} p50 {}, p95 {}, p99 {}", each(at(50)), each(at(95)), each(at(99)));
}

/// As many as one node of a busy platform sees in a day: copies of one, under other names.
async fn crowd(app: &App) {
    app.alter(&format!(
        "INSERT INTO control.sessions
         SELECT (jsonb_populate_record(s, jsonb_build_object('id', gen_random_uuid()))).*
         FROM control.sessions s, generate_series(1, {OTHERS});
         ANALYZE control.sessions"
    ))
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "prints times; `make bench` runs it"]
async fn the_check_of_a_session() {
    let app = app().await;
    let house = app.house("Pharmacie des Lilas").await;
    let (_, email) = app.person(&house, &[Role::Nurse]).await;
    let issued = app.sign_in(&email, None).await;
    crowd(&app).await;
    let (d, session) = (&app.d, issued.session);
    let build = if cfg!(debug_assertions) { "debug" } else { "release" };
    println!("\nCheck of the session, by itself");
    println!(
        "  ({build} build, no HTTP, one after the other; the reader of PostgreSQL over its socket, no wait for the disk)"
    );
    println!("  ({OTHERS} other sessions in the table)");

    // The clock stands: nothing expires, and what is kept stays fresh.
    tell(
        "the row kept, the id trusted (a socket)",
        &times(2_000, 100, async || {
            assert!(identity::authenticate_id(d, session, true).await.unwrap().is_some());
        })
        .await,
    );
    tell(
        "the token's signature",
        &times(5_000, 1, async || assert!(d.tokens.read(d.now(), &issued.access).is_some())).await,
    );
    tell(
        "warm: the token, and the row kept",
        &times(5_000, 1, async || {
            assert!(identity::authenticate(d, &issued.access, true).await.unwrap().is_some());
        })
        .await,
    );
    tell(
        "cold: the token, and the row read",
        &times(3_000, 1, async || {
            d.sessions.forget(session);
            assert!(identity::authenticate(d, &issued.access, true).await.unwrap().is_some());
        })
        .await,
    );
    tell(
        "nobody's token",
        &times(5_000, 1, async || {
            assert!(identity::authenticate(d, &issued.access[1..], true).await.unwrap().is_none());
        })
        .await,
    );
    // Four hours are the session's whole life.
    tell(
        "once a minute: the row read, its activity written",
        &times(100, 1, async || {
            app.advance(SignedDuration::from_secs(60));
            assert!(identity::authenticate_id(d, session, false).await.unwrap().is_some());
        })
        .await,
    );
}
