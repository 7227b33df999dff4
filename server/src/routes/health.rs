//! Whether the program runs, and whether it can serve.

use axum::{Json, extract::State, response::IntoResponse};
use domain::{Domain, db};
use http::StatusCode;
use serde_json::json;

/// The program runs.
pub async fn live() -> impl IntoResponse {
    Json(json!({ "status": "ok" }))
}

/// Database, storage and migrations are there. What is missing is named, without internals.
pub async fn ready(State(d): State<Domain>) -> impl IntoResponse {
    let pending = db::pending(&d.db).await;
    let database = pending.is_ok();
    let migrations = matches!(pending, Ok(false));
    let storage = d.vault.check_store().await.is_ok();
    let ok = database && migrations && storage;
    let status = if ok { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    let word = |good: bool| if good { "ok" } else { "unavailable" };
    let body = json!({
        "status": word(ok), "database": word(database), "storage": word(storage), "migrations": word(migrations),
        "version": env!("CARGO_PKG_VERSION"),
    });
    (status, Json(body))
}
