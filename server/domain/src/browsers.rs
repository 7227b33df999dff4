//! What precedes sign-in and what a depositor holds, between two requests of one browser.
//!
//! The id lives in a cookie; the database only knows its keyed hash, so that a dump opens nobody's deposit.

use jiff::Timestamp;
use jiff_sqlx::ToSqlx;

use crate::{Domain, Fault, vault::Purpose};

fn hash(d: &Domain, id: &[u8]) -> Vec<u8> {
    d.pepper.hash(Purpose::Browser, &[id]).to_vec()
}

/// Keeps a browser's data until `expires_at`, replacing what was there.
///
/// # Errors
/// An incident.
pub async fn save(
    d: &Domain,
    id: &[u8],
    data: &serde_json::Value,
    expires_at: Timestamp,
) -> Result<(), Fault> {
    sqlx::query!(
        "INSERT INTO control.browsers (id_hash, data, expires_at) VALUES ($1, $2, $3)
         ON CONFLICT (id_hash) DO UPDATE SET data = $2, expires_at = $3",
        hash(d, id),
        data,
        expires_at.to_sqlx() as _
    )
    .execute(&d.db.pool)
    .await?;
    Ok(())
}

/// A browser's data, as long as it lasts.
///
/// # Errors
/// An incident.
pub async fn load(d: &Domain, id: &[u8]) -> Result<Option<(serde_json::Value, Timestamp)>, Fault> {
    let row = sqlx::query!(
        "SELECT data, expires_at FROM control.browsers WHERE id_hash = $1 AND expires_at > $2",
        hash(d, id),
        d.now().to_sqlx() as _
    )
    .fetch_optional(&d.db.pool)
    .await?;
    Ok(row.map(|row| (row.data, row.expires_at.to_jiff())))
}

/// Forgets a browser.
///
/// # Errors
/// An incident.
pub async fn delete(d: &Domain, id: &[u8]) -> Result<(), Fault> {
    sqlx::query!("DELETE FROM control.browsers WHERE id_hash = $1", hash(d, id)).execute(&d.db.pool).await?;
    Ok(())
}
