//! What an establishment's administrators set.

use std::{
    collections::HashMap,
    fmt::Display,
    sync::{Mutex, PoisonError},
};

use jiff::{SignedDuration, Timestamp, tz::TimeZone};
use model::{
    establishments::{LegalBasis, Room, Settings},
    ids::EstablishmentId,
};

use super::time_zone;
use crate::{
    Admin, Domain, Fault, Refused,
    audit::{self, Act},
    db::TenantTx,
    fault::fault_from,
};

const KEPT: SignedDuration = SignedDuration::from_secs(3);

/// Settings read within the last three seconds: every page needs the time zone.
#[derive(Default)]
pub struct SettingsCache(Mutex<HashMap<EstablishmentId, (Timestamp, Settings)>>);

/// The settings now, at most three seconds old.
///
/// # Errors
/// An incident.
pub async fn current(d: &Domain, id: EstablishmentId) -> Result<Settings, Fault> {
    let now = d.now();
    let known = d.settings.0.lock().unwrap_or_else(PoisonError::into_inner).get(&id).cloned();
    if let Some((read, settings)) = known
        && now.duration_since(read) < KEPT
    {
        return Ok(settings);
    }
    let mut tx = TenantTx::begin(&d.db, id).await?;
    let settings = read(&mut tx).await?;
    tx.commit().await?;
    d.settings.0.lock().unwrap_or_else(PoisonError::into_inner).insert(id, (now, settings.clone()));
    Ok(settings)
}

/// The establishment's time zone.
pub(crate) async fn zone(d: &Domain, id: EstablishmentId) -> Result<TimeZone, Fault> {
    Ok(time_zone(&current(d, id).await?.time_zone))
}

/// The settings, for the page that changes them.
///
/// # Errors
/// An incident.
pub async fn read_settings(d: &Domain, who: &Admin) -> Result<Settings, Refused> {
    let mut tx = TenantTx::begin(&d.db, who.staff().establishment).await?;
    let settings = read(&mut tx).await?;
    tx.commit().await?;
    Ok(settings)
}

/// Why the settings stay as they are.
#[derive(Debug, thiserror::Error)]
pub enum SettingsError {
    /// Somebody has changed them since they were read.
    #[error("changed meanwhile")]
    Changed,
    /// An incident.
    #[error(transparent)]
    Fault(#[from] Fault),
}
fault_from!(SettingsError);

/// Replaces the settings that were read, and gives their new version.
///
/// # Errors
/// See [`SettingsError`].
pub async fn change_settings(d: &Domain, who: &Admin, new: &Settings) -> Result<i64, SettingsError> {
    let staff = who.staff();
    let mut tx = TenantTx::begin(&d.db, staff.establishment).await?;
    sqlx::query!("SELECT FROM settings FOR UPDATE").execute(&mut *tx).await?;
    let old = read(&mut tx).await?;
    if old.version != new.version {
        return Err(SettingsError::Changed);
    }
    let version = sqlx::query_scalar!(
        "UPDATE settings SET address = $1, phone = $2, opening_note = $3, privacy_contact = $4, retention_days = $5,
             max_file_mebibytes = $6, time_zone = $7, drop_metadata = $8, legal_basis = $9, version = version + 1
         RETURNING version",
        new.address.as_ref().map(AsRef::as_ref),
        new.phone.as_ref().map(AsRef::as_ref),
        new.opening_note.as_ref().map(AsRef::as_ref),
        new.privacy_contact.as_ref().map(AsRef::as_ref),
        i32::try_from(new.retention.get()).unwrap_or(30),
        i32::try_from(new.max_file.get()).unwrap_or(10),
        new.time_zone.as_ref(),
        new.drop_metadata,
        new.legal_basis.as_str(),
    )
    .fetch_one(&mut *tx)
    .await?;
    let changes = changes(&old, new);
    let act = Act { action: "settings.change", ..Act::default() };
    audit::by_staff(d, &mut tx, staff, act.changing(&changes)).await?;
    tx.commit().await?;
    d.settings.0.lock().unwrap_or_else(PoisonError::into_inner).remove(&staff.establishment);
    Ok(version)
}

/// What differs, for the audit. Texts that are shown to patients are named, not quoted: they can be long.
fn changes(old: &Settings, new: &Settings) -> String {
    let from_to = |name: &str, old: &dyn Display, new: &dyn Display| format!("{name} {old} → {new}");
    let numbers = [
        (old.retention != new.retention)
            .then(|| from_to("retention_days", &old.retention.get(), &new.retention.get())),
        (old.max_file != new.max_file)
            .then(|| from_to("max_file_mebibytes", &old.max_file.get(), &new.max_file.get())),
        (old.time_zone != new.time_zone)
            .then(|| from_to("time_zone", &old.time_zone.as_ref(), &new.time_zone.as_ref())),
        (old.drop_metadata != new.drop_metadata)
            .then(|| from_to("drop_metadata", &old.drop_metadata, &new.drop_metadata)),
        (old.legal_basis != new.legal_basis)
            .then(|| from_to("legal_basis", &old.legal_basis.as_str(), &new.legal_basis.as_str())),
    ];
    let texts = [
        ("address", old.address != new.address),
        ("phone", old.phone != new.phone),
        ("opening_note", old.opening_note != new.opening_note),
        ("privacy_contact", old.privacy_contact != new.privacy_contact),
    ];
    let texts = texts.into_iter().filter(|(_, differs)| *differs).map(|(name, _)| name.to_owned());
    numbers.into_iter().flatten().chain(texts).collect::<Vec<_>>().join(", ")
}

/// How much of the room is used.
///
/// # Errors
/// An incident.
pub async fn read_room(d: &Domain, who: &Admin) -> Result<Room, Refused> {
    let mut tx = TenantTx::begin(&d.db, who.staff().establishment).await?;
    let found = room(&mut tx).await?;
    tx.commit().await?;
    Ok(found)
}

pub(crate) async fn room(tx: &mut TenantTx) -> Result<Room, Fault> {
    let row = sqlx::query!("SELECT i.bytes, s.max_total_mebibytes FROM inbox i, settings s")
        .fetch_one(&mut **tx)
        .await?;
    let bytes = |n: i64| u64::try_from(n).unwrap_or_default();
    Ok(Room { used: bytes(row.bytes), total: bytes(row.max_total_mebibytes).saturating_mul(1 << 20) })
}

async fn read(tx: &mut TenantTx) -> Result<Settings, Fault> {
    let row = sqlx::query!(
        "SELECT address, phone, opening_note, privacy_contact, retention_days, max_file_mebibytes, time_zone, drop_metadata,
             legal_basis, version
         FROM settings"
    )
    .fetch_one(&mut **tx)
    .await?;
    let number = |n: i32| u32::try_from(n).unwrap_or_default();
    Ok(Settings {
        address: row.address.and_then(|text| text.parse().ok()),
        phone: row.phone.and_then(|text| text.parse().ok()),
        opening_note: row.opening_note.and_then(|text| text.parse().ok()),
        privacy_contact: row.privacy_contact.and_then(|text| text.parse().ok()),
        retention: number(row.retention_days).try_into().unwrap_or_default(),
        max_file: number(row.max_file_mebibytes).try_into().unwrap_or_default(),
        time_zone: row.time_zone.parse().unwrap_or_default(),
        drop_metadata: row.drop_metadata,
        legal_basis: LegalBasis::from_name(&row.legal_basis),
        version: row.version,
    })
}
