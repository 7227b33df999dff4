//! Pro Santé Connect as an establishment's only way in, and the local fallback for when it is down.
//!
//! Both lie in `control.establishments`, not in the establishment's own schema: they decide before a session is opened
//! there ([`crate::identity`]), in the query that reads whether a session still stands, and such a query can't reach into
//! an establishment's schema. What decides is always that row: the sessions that end with a change are ended for the lists'
//! sake, and so that nothing comes back when the establishment changes its mind.

mod fallback;
mod left_out;
mod linked;

pub use fallback::{close_fallback, open_fallback, operator_closes_fallback, operator_opens_fallback};
use jiff::Timestamp;
use jiff_sqlx::ToSqlx;
pub(crate) use left_out::{LeftOut, draft as left_out_draft};
pub(crate) use linked::hangs_on;
use linked::has_linked_administrator;
use model::{
    ids::EstablishmentId,
    psc_only::{Fallback, PscOnly},
    text::Reason,
};
use sqlx::PgConnection;

use super::zone;
use crate::{
    Admin, Domain, Fault, PlatformAdmin, Refused, Staff, StepUp,
    audit::{self, Act, PlatformAct},
    clock::moment,
    db::TenantTx,
    fault::fault_from,
};

/// Why nothing was changed.
#[derive(Debug, thiserror::Error)]
pub enum PscOnlyError {
    /// A second factor must be shown again first.
    #[error(transparent)]
    StepUp(#[from] StepUp),
    /// This server knows no Pro Santé Connect: nobody at all could come in.
    #[error("Pro Santé Connect is not configured")]
    NotConfigured,
    /// No administrator could come in, and so nobody could undo it.
    #[error("no administrator is linked")]
    NoLinkedAdministrator,
    /// It is so already, or is not so any more.
    #[error("changed meanwhile")]
    Changed,
    /// An incident.
    #[error(transparent)]
    Fault(#[from] Fault),
}
fault_from!(PscOnlyError);

/// Who changes it.
enum By<'a> {
    Staff(&'a Staff),
    Operator(&'a PlatformAdmin, EstablishmentId),
}

impl By<'_> {
    const fn establishment(&self) -> EstablishmentId {
        match self {
            Self::Staff(staff) => staff.establishment,
            Self::Operator(_, id) => *id,
        }
    }
}

/// What was done, for both audits.
#[derive(Clone, Copy)]
struct Done<'a> {
    action: &'a str,
    reason: Option<&'a Reason>,
    detail: &'a str,
}

/// How the establishment lets people in.
///
/// # Errors
/// An incident.
pub async fn read_psc_only(d: &Domain, who: &Admin) -> Result<PscOnly, Refused> {
    let id = who.staff().establishment;
    let zone = zone(d, id).await?;
    let issuer = d.psc.as_ref().map(|psc| psc.settings.issuer.as_str());
    let people = sqlx::query!(
        r#"SELECT count(*) FILTER (WHERE linked AND 'administrator' = ANY (roles)) AS "administrators!",
               count(*) FILTER (WHERE NOT linked) AS "local_only!",
               coalesce((array_agg(name ORDER BY name) FILTER (WHERE NOT linked))[:$3], '{}') AS "left_out!"
           FROM (SELECT m.roles, u.given_name || ' ' || u.family_name AS name, EXISTS (SELECT FROM control.psc_identities i WHERE i.user_id = m.user_id AND i.issuer = $2) AS linked
                 FROM control.memberships m JOIN control.users u ON u.id = m.user_id AND u.disabled_at IS NULL
                 WHERE m.establishment_id = $1 AND m.disabled_at IS NULL) AS people"#,
        id.0,
        issuer,
        i32::try_from(PscOnly::NAMED).unwrap_or(i32::MAX)
    )
    .fetch_one(&d.db.pool)
    .await?;
    let row = sqlx::query!(
        "SELECT psc_only, fallback_since, fallback_until, fallback_reason FROM control.establishments WHERE id = $1",
        id.0
    )
    .fetch_one(&d.db.pool)
    .await?;
    let fallback = match (row.fallback_since, row.fallback_until, row.fallback_reason) {
        (Some(since), Some(until), Some(reason)) if until.to_jiff() > d.now() => Some(Fallback {
            since: moment(since.to_jiff(), &zone),
            until: moment(until.to_jiff(), &zone),
            reason,
        }),
        _ => None,
    };
    let number = |n: i64| u32::try_from(n).unwrap_or(u32::MAX);
    Ok(PscOnly {
        on: row.psc_only,
        configured: issuer.is_some(),
        administrators: number(people.administrators),
        local_only: number(people.local_only),
        left_out: people.left_out,
        fallback,
    })
}

/// Lets people in with Pro Santé Connect only, or with local accounts too. Open local sessions end with the first, the
/// administrator's own included.
///
/// # Errors
/// See [`PscOnlyError`].
pub async fn change_psc_only(d: &Domain, who: &Admin, on: bool) -> Result<(), PscOnlyError> {
    let staff = who.staff();
    staff.must_be_fresh(d)?;
    if on { require(d, &By::Staff(staff)).await } else { lift(d, &By::Staff(staff), None).await }
}

/// The operator's way out, for the day when Pro Santé Connect is gone for good.
///
/// # Errors
/// [`PscOnlyError::Changed`] unless the establishment lets people in with Pro Santé Connect only; an incident.
pub async fn lift_psc_only(
    d: &Domain,
    who: &PlatformAdmin,
    id: EstablishmentId,
    why: &Reason,
) -> Result<(), PscOnlyError> {
    lift(d, &By::Operator(who, id), Some(why)).await
}

async fn require(d: &Domain, by: &By<'_>) -> Result<(), PscOnlyError> {
    let id = by.establishment();
    if d.psc.is_none() {
        return Err(PscOnlyError::NotConfigured);
    }
    let mut tx = d.db.pool.begin().await?;
    if !has_linked_administrator(d, &mut tx, id, None).await? {
        return Err(PscOnlyError::NoLinkedAdministrator);
    }
    let changed = sqlx::query!(
        "UPDATE control.establishments SET psc_only = true WHERE id = $1 AND NOT psc_only",
        id.0
    )
    .execute(&mut *tx)
    .await?;
    if changed.rows_affected() == 0 {
        return Err(PscOnlyError::Changed);
    }
    let done = Done { action: "settings.psc_only", reason: None, detail: "off → on" };
    record(d, &mut tx, by, done).await?;
    left_out::tell(d, &mut tx, id).await?;
    tx.commit().await?;
    end_local(d, &d.db.pool, id).await?;
    tell(d, by, done).await?;
    Ok(())
}

async fn lift(d: &Domain, by: &By<'_>, why: Option<&Reason>) -> Result<(), PscOnlyError> {
    let id = by.establishment();
    let mut tx = d.db.pool.begin().await?;
    let state = state(&mut tx, id).await?;
    if !state.on {
        return Err(PscOnlyError::Changed);
    }
    // A session that was being opened while the door closed has never been good for anything: it stays so.
    if !state.is_open(d.now()) {
        end_local(d, &mut *tx, id).await?;
    }
    sqlx::query!(
        "UPDATE control.establishments SET psc_only = false, fallback_since = NULL, fallback_until = NULL, fallback_reason = NULL
         WHERE id = $1",
        id.0
    )
    .execute(&mut *tx)
    .await?;
    let done = Done { action: "settings.psc_only", reason: why, detail: "on → off" };
    record(d, &mut tx, by, done).await?;
    tx.commit().await?;
    tell(d, by, done).await?;
    Ok(())
}

struct State {
    on: bool,
    since: Option<Timestamp>,
    until: Option<Timestamp>,
    reason: Option<String>,
}

impl State {
    fn is_open(&self, now: Timestamp) -> bool {
        self.until.is_some_and(|until| until > now)
    }
}

async fn state(tx: &mut PgConnection, id: EstablishmentId) -> Result<State, Fault> {
    let row = sqlx::query!(
        "SELECT psc_only, fallback_since, fallback_until, fallback_reason FROM control.establishments
         WHERE id = $1 FOR NO KEY UPDATE",
        id.0
    )
    .fetch_one(tx)
    .await?;
    Ok(State {
        on: row.psc_only,
        since: row.fallback_since.map(jiff_sqlx::Timestamp::to_jiff),
        until: row.fallback_until.map(jiff_sqlx::Timestamp::to_jiff),
        reason: row.fallback_reason,
    })
}

/// Ends what local accounts opened there.
async fn end_local(d: &Domain, db: impl sqlx::PgExecutor<'_>, id: EstablishmentId) -> Result<(), Fault> {
    sqlx::query!(
        "UPDATE control.sessions SET revoked_at = $2, revoked_reason = 'administrator'
         WHERE establishment_id = $1 AND method <> 'psc' AND revoked_at IS NULL AND ends_at > $2",
        id.0,
        d.now().to_sqlx() as _
    )
    .execute(db)
    .await?;
    d.sessions.forget_establishment(id);
    Ok(())
}

async fn record(d: &Domain, tx: &mut PgConnection, by: &By<'_>, done: Done<'_>) -> Result<(), Fault> {
    let act = PlatformAct {
        establishment: Some(by.establishment()),
        reason: done.reason.map(AsRef::as_ref),
        detail: Some(done.detail),
        ..PlatformAct::done(done.action)
    };
    let act = match by {
        By::Staff(staff) => PlatformAct {
            actor: Some(staff.user),
            session: Some(staff.session),
            origin: Some(staff.origin),
            ..act
        },
        By::Operator(who, _) => {
            PlatformAct { actor: who.user, session: who.session, origin: who.origin, ..act }
        }
    };
    audit::platform(d, tx, act).await
}

/// The establishment's own audit follows, for the two can't share a transaction.
async fn tell(d: &Domain, by: &By<'_>, done: Done<'_>) -> Result<(), Fault> {
    let mut tx = TenantTx::begin(&d.db, by.establishment()).await?;
    let act = Act {
        action: done.action,
        reason: done.reason.map(AsRef::as_ref),
        detail: Some(done.detail),
        ..Act::default()
    };
    match by {
        By::Staff(staff) => audit::by_staff(d, &mut tx, staff, act).await?,
        By::Operator(..) => audit::by_system(d, &mut tx, act).await?,
    }
    tx.commit().await
}
