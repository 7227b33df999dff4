//! Whether the program runs, and whether it can serve.

use std::{sync::Arc, time::Duration};

use axum::{Json, extract::State, response::IntoResponse};
use domain::{Domain, db};
use http::StatusCode;
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};
use tokio::{sync::Mutex, time::timeout};

/// An answer holds so long: whoever asks more often costs the database nothing.
const HOLDS: SignedDuration = SignedDuration::from_secs(1);

/// So long a store has for an answer.
const STORE_ANSWERS: Duration = Duration::from_secs(3);

type Answer = (StatusCode, Value);

/// The domain, and what it answered last.
#[derive(Clone)]
pub struct Setup {
    domain: Domain,
    last: Arc<Mutex<Option<(Timestamp, Answer)>>>,
}

impl Setup {
    /// Nothing is known yet.
    pub fn new(domain: Domain) -> Self {
        Self { domain, last: Arc::default() }
    }
}

/// The program runs.
pub async fn live() -> impl IntoResponse {
    Json(json!({ "status": "ok" }))
}

/// Database, storage and migrations are there. What is missing is named, without internals.
pub async fn ready(State(setup): State<Setup>) -> impl IntoResponse {
    // Held while asking: of many who come at once, one asks.
    let mut last = setup.last.lock().await;
    let now = setup.domain.now();
    let fresh = |at: Timestamp| (SignedDuration::ZERO..HOLDS).contains(&now.duration_since(at));
    let (status, body) = match &*last {
        Some((at, answer)) if fresh(*at) => answer.clone(),
        _ => {
            let answer = ask(&setup.domain).await;
            last.insert((setup.domain.now(), answer)).1.clone()
        }
    };
    (status, Json(body))
}

async fn ask(d: &Domain) -> Answer {
    let pending = db::pending(&d.db).await;
    let database = pending.is_ok();
    let migrations = matches!(pending, Ok(false));
    // A store that can't be reached is tried again for a while: nobody who asks for readiness waits for that.
    let storage = matches!(timeout(STORE_ANSWERS, d.vault.check_store()).await, Ok(Ok(())));
    let ok = database && migrations && storage;
    let status = if ok { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    let word = |good: bool| if good { "ok" } else { "unavailable" };
    let body = json!({
        "status": word(ok), "database": word(database), "storage": word(storage), "migrations": word(migrations),
        "version": env!("CARGO_PKG_VERSION"),
    });
    (status, body)
}
