//! What the operator of the platform does with establishments: list, suspend, give room.

use jiff::Timestamp;
use model::{
    establishments::{EstablishmentCard, RoomMebibytes, Slug},
    ids::EstablishmentId,
    text::Reason,
};

use super::card;
use crate::{
    Domain, Fault, PlatformAdmin,
    audit::{self, Act, PlatformAct},
    db::TenantTx,
};

/// An establishment in the operator's list.
#[derive(Clone, Debug)]
pub struct Listed {
    /// Name, town, slug.
    pub card: EstablishmentCard,
    /// `creating`, `active`, `suspended` or `deleting`.
    pub status: String,
    /// Version of its schema.
    pub schema_version: i64,
    /// Since when.
    pub created_at: Timestamp,
}

/// Every establishment, by name.
///
/// # Errors
/// An incident.
pub async fn list(d: &Domain, _who: &PlatformAdmin) -> Result<Vec<Listed>, Fault> {
    let rows = sqlx::query!(
        "SELECT id, slug, name, town, status, schema_version, created_at FROM control.establishments ORDER BY name, id"
    )
    .fetch_all(&d.db.pool)
    .await?;
    rows.into_iter()
        .map(|row| {
            Ok(Listed {
                card: card(row.id, &row.slug, row.name, row.town)?,
                status: row.status,
                schema_version: row.schema_version,
                created_at: row.created_at.to_jiff(),
            })
        })
        .collect()
}

/// The id behind a slug, whatever the establishment's status.
///
/// # Errors
/// An incident.
pub async fn id_of(d: &Domain, _who: &PlatformAdmin, slug: &Slug) -> Result<Option<EstablishmentId>, Fault> {
    let id = sqlx::query_scalar!("SELECT id FROM control.establishments WHERE slug = $1", slug.as_ref())
        .fetch_optional(&d.db.pool)
        .await?;
    Ok(id.map(EstablishmentId))
}

/// Closes an establishment to staff and patients, its data untouched. `false` unless it was active.
///
/// # Errors
/// An incident.
pub async fn suspend(
    d: &Domain,
    who: &PlatformAdmin,
    id: EstablishmentId,
    why: &Reason,
) -> Result<bool, Fault> {
    switch(d, who, id, ("active", "suspended"), ("establishments.suspend", Some(why))).await
}

/// Opens a suspended establishment again. `false` unless it was suspended.
///
/// # Errors
/// An incident.
pub async fn resume(d: &Domain, who: &PlatformAdmin, id: EstablishmentId) -> Result<bool, Fault> {
    switch(d, who, id, ("suspended", "active"), ("establishments.resume", None)).await
}

async fn switch(
    d: &Domain,
    who: &PlatformAdmin,
    id: EstablishmentId,
    (from, to): (&str, &str),
    (action, reason): (&str, Option<&Reason>),
) -> Result<bool, Fault> {
    let mut tx = d.db.pool.begin().await?;
    let switched = sqlx::query!(
        "UPDATE control.establishments SET status = $3 WHERE id = $1 AND status = $2",
        id.0,
        from,
        to
    )
    .execute(&mut *tx)
    .await?;
    if switched.rows_affected() == 0 {
        return Ok(false);
    }
    let act = PlatformAct { reason: reason.map(AsRef::as_ref), ..PlatformAct::by_platform(who, action, id) };
    audit::platform(d, &mut tx, act).await?;
    tx.commit().await?;
    Ok(true)
}

/// Sets the room of all documents together. What lies there stays, also where it is more.
///
/// # Errors
/// An incident.
pub async fn give_room(
    d: &Domain,
    who: &PlatformAdmin,
    id: EstablishmentId,
    room: RoomMebibytes,
) -> Result<(), Fault> {
    let mut tx = TenantTx::begin(&d.db, id).await?;
    sqlx::query!("UPDATE settings SET max_total_mebibytes = $1", i64::from(room.get()))
        .execute(&mut *tx)
        .await?;
    let detail = format!("{} MiB", room.get());
    let act = Act { action: "settings.room", ..Act::default() };
    audit::by_system(d, &mut tx, act.changing(&detail)).await?;
    tx.commit().await?;
    // Who it was stands in the platform's own audit.
    let mut tx = d.db.pool.begin().await?;
    let act =
        PlatformAct { detail: Some(&detail), ..PlatformAct::by_platform(who, "establishments.room", id) };
    audit::platform(d, &mut tx, act).await?;
    tx.commit().await?;
    Ok(())
}
