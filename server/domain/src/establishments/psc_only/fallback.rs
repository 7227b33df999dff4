//! The local fallback of an establishment that lets people in with Pro Santé Connect only.

use jiff::Timestamp;
use jiff_sqlx::ToSqlx;
use model::{ids::EstablishmentId, psc_only::FallbackHours, text::Reason};

use super::{By, Done, PscOnlyError, end_local, record, state, tell};
use crate::{Admin, Domain, PlatformAdmin, clock::minutes};

/// Lets local accounts in for some hours, and gives until when. No fresh factor is asked for: while Pro Santé Connect is
/// down, who came with it can't show one.
///
/// # Errors
/// [`PscOnlyError::Changed`] where it is open already, or nothing is closed; an incident.
pub async fn open_fallback(
    d: &Domain,
    who: &Admin,
    hours: FallbackHours,
    why: &Reason,
) -> Result<(), PscOnlyError> {
    open(d, &By::Staff(who.staff()), hours, why).await.map(drop)
}

/// The same from the command line, for when no administrator is signed in. Gives until when.
///
/// # Errors
/// See [`open_fallback`].
pub async fn operator_opens_fallback(
    d: &Domain,
    who: &PlatformAdmin,
    id: EstablishmentId,
    hours: FallbackHours,
    why: &Reason,
) -> Result<Timestamp, PscOnlyError> {
    open(d, &By::Operator(who, id), hours, why).await
}

/// Closes the fallback before its time. Sessions opened under it end, the administrator's own included.
///
/// # Errors
/// [`PscOnlyError::Changed`] where none is open; an incident.
pub async fn close_fallback(d: &Domain, who: &Admin) -> Result<(), PscOnlyError> {
    close(d, &By::Staff(who.staff())).await
}

/// The same from the command line.
///
/// # Errors
/// See [`close_fallback`].
pub async fn operator_closes_fallback(
    d: &Domain,
    who: &PlatformAdmin,
    id: EstablishmentId,
) -> Result<(), PscOnlyError> {
    close(d, &By::Operator(who, id)).await
}

async fn open(
    d: &Domain,
    by: &By<'_>,
    hours: FallbackHours,
    why: &Reason,
) -> Result<Timestamp, PscOnlyError> {
    let id = by.establishment();
    let now = d.now();
    let until = minutes(now, i64::from(hours.get()) * 60);
    let mut tx = d.db.pool.begin().await?;
    let state = state(&mut tx, id).await?;
    if !state.on || state.is_open(now) {
        return Err(PscOnlyError::Changed);
    }
    end_local(d, &mut *tx, id).await?;
    sqlx::query!(
        "UPDATE control.establishments SET fallback_since = $2, fallback_until = $3, fallback_reason = $4 WHERE id = $1",
        id.0,
        now.to_sqlx() as _,
        until.to_sqlx() as _,
        why.as_ref()
    )
    .execute(&mut *tx)
    .await?;
    let detail = format!("{} h", hours.get());
    let done = Done { action: "settings.open_fallback", reason: Some(why), detail: &detail };
    record(d, &mut tx, by, done).await?;
    tx.commit().await?;
    tell(d, by, done).await?;
    Ok(until)
}

async fn close(d: &Domain, by: &By<'_>) -> Result<(), PscOnlyError> {
    let id = by.establishment();
    let now = d.now();
    let mut tx = d.db.pool.begin().await?;
    let state = state(&mut tx, id).await?;
    let (Some(since), true) = (state.since, state.is_open(now)) else { return Err(PscOnlyError::Changed) };
    sqlx::query!(
        "UPDATE control.establishments SET fallback_since = NULL, fallback_until = NULL, fallback_reason = NULL WHERE id = $1",
        id.0
    )
    .execute(&mut *tx)
    .await?;
    // Of those that it was opened for, as a clock shows them: 1:05 h.
    let open_for = now.duration_since(since).as_mins();
    let detail = format!("{}:{:02} h", open_for / 60, open_for % 60);
    let why = state.reason.as_ref().and_then(|text| text.parse::<Reason>().ok());
    let done = Done { action: "settings.close_fallback", reason: why.as_ref(), detail: &detail };
    record(d, &mut tx, by, done).await?;
    tx.commit().await?;
    end_local(d, &d.db.pool, id).await?;
    tell(d, by, done).await?;
    Ok(())
}
