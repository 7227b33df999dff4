//! Writing rows: in the transaction of the act, or alone for a refusal.

use jiff_sqlx::ToSqlx;
use model::ids::{EstablishmentId, SessionId, UserId};
use uuid::Uuid;

use crate::{Depositor, Domain, Fault, Origin, PlatformAdmin, Staff, db::TenantTx, identity::Identified};

/// What was done, to what, and why.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Act<'a> {
    /// `documents.open`: capability, dot, verb.
    pub action: &'a str,
    /// Kind of object.
    pub object_kind: Option<&'a str>,
    /// Its id.
    pub object: Option<Uuid>,
    /// Reason given by the person.
    pub reason: Option<&'a str>,
    /// What it changed, from what to what, where its name doesn't say it.
    pub detail: Option<&'a str>,
}

impl<'a> Act<'a> {
    /// An act on an object.
    pub fn on(action: &'a str, object_kind: &'a str, object: Uuid) -> Self {
        Self { action, object_kind: Some(object_kind), object: Some(object), ..Self::default() }
    }

    /// With the reason given.
    pub fn because(self, reason: &'a str) -> Self {
        Self { reason: Some(reason), ..self }
    }

    /// With what it changed.
    pub fn changing(self, detail: &'a str) -> Self {
        Self { detail: Some(detail), ..self }
    }
}

struct Row<'a> {
    actor_kind: &'a str,
    actor: Option<Uuid>,
    roles: Vec<String>,
    session: Option<Uuid>,
    outcome: &'a str,
    origin: Option<Origin>,
}

async fn insert(d: &Domain, tx: &mut TenantTx, act: Act<'_>, row: Row<'_>) -> Result<(), Fault> {
    sqlx::query!(
        "INSERT INTO audit (at, actor_kind, actor_id, roles, session_id, action, object_kind, object_id, outcome, reason,
             address, request_id, detail)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, ($11::text)::inet, $12, $13)",
        d.now().to_sqlx() as _,
        row.actor_kind,
        row.actor,
        &row.roles,
        row.session,
        act.action,
        act.object_kind,
        act.object,
        row.outcome,
        act.reason,
        row.origin.map(|origin| origin.address.to_string()),
        row.origin.map(|origin| origin.request.0),
        act.detail,
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// An act of staff.
pub(crate) async fn by_staff(d: &Domain, tx: &mut TenantTx, who: &Staff, act: Act<'_>) -> Result<(), Fault> {
    insert(d, tx, act, staff_row(who, "done")).await
}

/// One act of staff on many documents: a row for each.
pub(crate) async fn by_staff_each(
    d: &Domain,
    tx: &mut TenantTx,
    who: &Staff,
    action: &str,
    documents: &[Uuid],
) -> Result<(), Fault> {
    insert_each(d, tx, action, documents, staff_row(who, "done")).await
}

/// One act of CareLink itself on many documents: a row for each.
pub(crate) async fn by_system_each(
    d: &Domain,
    tx: &mut TenantTx,
    action: &str,
    documents: &[Uuid],
) -> Result<(), Fault> {
    insert_each(d, tx, action, documents, SYSTEM).await
}

async fn insert_each(
    d: &Domain,
    tx: &mut TenantTx,
    action: &str,
    documents: &[Uuid],
    row: Row<'_>,
) -> Result<(), Fault> {
    sqlx::query!(
        "INSERT INTO audit (at, actor_kind, actor_id, roles, session_id, action, object_kind, object_id, outcome, address,
             request_id)
         SELECT $1, $2, $3, $4, $5, $6, 'document', object, $8, ($9::text)::inet, $10 FROM unnest($7::uuid[]) AS object",
        d.now().to_sqlx() as _,
        row.actor_kind,
        row.actor,
        &row.roles,
        row.session,
        action,
        documents,
        row.outcome,
        row.origin.map(|origin| origin.address.to_string()),
        row.origin.map(|origin| origin.request.0),
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// An act of a depositor.
pub(crate) async fn by_depositor(
    d: &Domain,
    tx: &mut TenantTx,
    who: &Depositor,
    act: Act<'_>,
) -> Result<(), Fault> {
    let row = Row {
        actor_kind: "depositor",
        actor: None,
        roles: vec![],
        session: None,
        outcome: "done",
        origin: Some(who.origin),
    };
    insert(d, tx, act, row).await
}

/// An act of CareLink itself: a job.
pub(crate) async fn by_system(d: &Domain, tx: &mut TenantTx, act: Act<'_>) -> Result<(), Fault> {
    insert(d, tx, act, SYSTEM).await
}

/// CareLink itself.
const SYSTEM: Row<'static> =
    Row { actor_kind: "system", actor: None, roles: vec![], session: None, outcome: "done", origin: None };

/// Somebody who acts on their own account.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Oneself {
    pub user: UserId,
    /// Behind a mailed link there is none: it doesn't prove whose hand it was.
    pub session: Option<SessionId>,
    pub origin: Origin,
}

/// What somebody did to their own account, in the log of an establishment of theirs: not by any role that they have there.
pub(crate) async fn by_oneself(
    d: &Domain,
    tx: &mut TenantTx,
    who: Oneself,
    act: Act<'_>,
) -> Result<(), Fault> {
    let by_link = Row { origin: Some(who.origin), ..SYSTEM };
    let row = match who.session {
        Some(session) => {
            Row { actor_kind: "staff", actor: Some(who.user.0), session: Some(session.0), ..by_link }
        }
        None => by_link,
    };
    insert(d, tx, act, row).await
}

/// A refusal for want of a role, in a transaction of its own.
pub(crate) async fn refuse(d: &Domain, who: &Staff, action: &str) -> Result<(), Fault> {
    let mut tx = TenantTx::begin(&d.db, who.establishment).await?;
    insert(d, &mut tx, Act { action, ..Act::default() }, staff_row(who, "refused")).await?;
    tx.commit().await
}

/// The same for what only administrators of the platform may do.
pub(crate) async fn refuse_platform(
    d: &Domain,
    who: &Identified,
    origin: Origin,
    action: &str,
) -> Result<(), Fault> {
    let mut tx = d.db.pool.begin().await?;
    let act = PlatformAct {
        actor: Some(who.user),
        session: Some(who.session),
        outcome: "refused",
        origin: Some(origin),
        ..PlatformAct::done(action)
    };
    platform(d, &mut tx, act).await?;
    Ok(tx.commit().await?)
}

fn staff_row<'a>(who: &Staff, outcome: &'a str) -> Row<'a> {
    Row {
        actor_kind: "staff",
        actor: Some(who.user.0),
        roles: who.roles.names(),
        session: Some(who.session.0),
        outcome,
        origin: Some(who.origin),
    }
}

/// A row of the platform's audit. Nobody (`actor`) from nowhere (`origin`) is the command line.
#[derive(Clone, Copy, Debug)]
pub(crate) struct PlatformAct<'a> {
    pub actor: Option<UserId>,
    pub session: Option<SessionId>,
    pub action: &'a str,
    /// Kind and id of what the act was done to.
    pub object: Option<(&'a str, Uuid)>,
    /// Where it concerns one.
    pub establishment: Option<EstablishmentId>,
    pub outcome: &'a str,
    pub reason: Option<&'a str>,
    pub detail: Option<&'a str>,
    pub origin: Option<Origin>,
}

impl<'a> PlatformAct<'a> {
    /// An act of staff on a person, which `control` keeps.
    pub fn by_staff(who: &Staff, action: &'a str, user: UserId) -> Self {
        Self {
            actor: Some(who.user),
            session: Some(who.session),
            object: Some(("user", user.0)),
            establishment: Some(who.establishment),
            origin: Some(who.origin),
            ..Self::done(action)
        }
    }

    /// An act of an administrator of the platform on an establishment.
    pub fn by_platform(who: &PlatformAdmin, action: &'a str, establishment: EstablishmentId) -> Self {
        Self {
            actor: who.user,
            session: who.session,
            establishment: Some(establishment),
            origin: who.origin,
            ..Self::done(action)
        }
    }

    /// An act that was done from the command line; the other fields are set where they are known.
    pub fn done(action: &'a str) -> Self {
        Self {
            actor: None,
            session: None,
            action,
            object: None,
            establishment: None,
            outcome: "done",
            reason: None,
            detail: None,
            origin: None,
        }
    }
}

/// An act that belongs to no establishment, in the transaction of `control` that does it.
pub(crate) async fn platform(
    d: &Domain,
    tx: &mut sqlx::PgConnection,
    act: PlatformAct<'_>,
) -> Result<(), Fault> {
    sqlx::query!(
        "INSERT INTO control.audit (at, actor_kind, actor_id, session_id, action, object_kind, object_id, establishment_id,
             outcome, reason, address, request_id, detail)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, ($11::text)::inet, $12, $13)",
        d.now().to_sqlx() as _,
        match (act.actor, act.origin) {
            (Some(_), _) => "user",
            (None, Some(_)) => "anonymous",
            (None, None) => "system",
        },
        act.actor.map(|user| user.0),
        act.session.map(|session| session.0),
        act.action,
        act.object.map(|(kind, _)| kind),
        act.object.map(|(_, id)| id),
        act.establishment.map(|id| id.0),
        act.outcome,
        act.reason,
        act.origin.map(|origin| origin.address.to_string()),
        act.origin.map(|origin| origin.request.0),
        act.detail,
    )
    .execute(tx)
    .await?;
    Ok(())
}
