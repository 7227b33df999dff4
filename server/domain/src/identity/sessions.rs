//! Open sessions: people see and end their own, administrators those of their people in their establishment.

use std::net::IpAddr;

use jiff::tz::TimeZone;
use jiff_sqlx::ToSqlx;
use model::{
    identity::Transport,
    ids::{EstablishmentId, SessionId, UserId},
    roles::Roles,
    sessions::{Device, Network, SessionSummary},
    text::Reason,
};

use super::{authenticate::Identified, session::method, sign_in, sign_out};
use crate::{
    Admin, Domain, Fault, Origin, Refused,
    audit::{self, Act, PlatformAct},
    clock::moment,
    db::TenantTx,
    establishments,
};

/// Whose sessions, and where: everywhere for oneself, in one establishment for its administrators.
struct Whose {
    user: UserId,
    within: Option<EstablishmentId>,
    current: SessionId,
    seen_from: IpAddr,
}

/// One's own open sessions, the last used first.
///
/// # Errors
/// An incident.
pub async fn sessions(d: &Domain, who: &Identified, origin: Origin) -> Result<Vec<SessionSummary>, Fault> {
    let zone = match who.establishment {
        Some(id) => establishments::zone(d, id).await?,
        None => establishments::default_zone(),
    };
    let whose = Whose { user: who.user, within: None, current: who.session, seen_from: origin.address };
    open(d, whose, &zone).await
}

/// The open sessions of one of the administrator's people in this establishment.
///
/// # Errors
/// [`Refused::NotFound`] for who is no member; an incident.
pub async fn sessions_of(d: &Domain, who: &Admin, user: UserId) -> Result<Vec<SessionSummary>, Refused> {
    let staff = who.staff();
    member(d, staff.establishment, user).await?;
    let zone = establishments::zone(d, staff.establishment).await?;
    let whose = Whose {
        user,
        within: Some(staff.establishment),
        current: staff.session,
        seen_from: staff.origin.address,
    };
    Ok(open(d, whose, &zone).await?)
}

/// Ends one of one's own sessions, under the name that it has by now: a list may be older than its last renewal.
///
/// # Errors
/// [`Refused::NotFound`] unless it is one's own and open; an incident.
pub async fn end_session(
    d: &Domain,
    who: &Identified,
    origin: Origin,
    session: SessionId,
) -> Result<(), Refused> {
    let mut tx = d.db.pool.begin().await?;
    // First the person: a successor that is being opened is seen.
    sign_in::lock(&mut tx, who.user).await?;
    let ended = sign_out::end_sign_in(d, &mut tx, who.user, session, "ended").await?;
    if ended.is_empty() {
        return Err(Refused::NotFound);
    }
    let act =
        PlatformAct { object: Some(("session", session.0)), ..own_act(who, origin, "identity.end_session") };
    audit::platform(d, &mut tx, act).await?;
    tx.commit().await?;
    for session in ended {
        d.sessions.forget(session);
    }
    Ok(())
}

/// Ends every session of one's own but this one. Gives how many there were.
///
/// # Errors
/// An incident.
pub async fn end_other_sessions(d: &Domain, who: &Identified, origin: Origin) -> Result<u64, Fault> {
    let mut tx = d.db.pool.begin().await?;
    sign_in::lock(&mut tx, who.user).await?;
    let ended = sqlx::query!(
        "UPDATE control.sessions SET revoked_at = $3, revoked_reason = 'ended'
         WHERE user_id = $1 AND id <> $2 AND revoked_at IS NULL AND ends_at > $3",
        who.user.0,
        who.session.0,
        d.now().to_sqlx() as _
    )
    .execute(&mut *tx)
    .await?
    .rows_affected();
    let detail = format!("{ended} sessions");
    let act = PlatformAct { detail: Some(&detail), ..own_act(who, origin, "identity.end_other_sessions") };
    audit::platform(d, &mut tx, act).await?;
    tx.commit().await?;
    d.sessions.forget_user(who.user);
    Ok(ended)
}

/// Ends a session of one of the administrator's people in this establishment, under the name that it has by now, or all of them.
/// Gives how many there were.
///
/// # Errors
/// [`Refused::NotFound`] for who is no member; an incident.
pub async fn end_sessions_of(
    d: &Domain,
    who: &Admin,
    user: UserId,
    one: Option<SessionId>,
    why: &Reason,
) -> Result<u64, Refused> {
    let staff = who.staff();
    member(d, staff.establishment, user).await?;
    let mut tx = d.db.pool.begin().await?;
    sign_in::lock(&mut tx, user).await?;
    let ended = sqlx::query!(
        "UPDATE control.sessions SET revoked_at = $3, revoked_reason = 'administrator'
         WHERE user_id = $1 AND establishment_id = $2 AND id <> $4 AND revoked_at IS NULL AND ends_at > $3
             AND ($5::uuid IS NULL OR coalesce(began_as, id) =
                 (SELECT coalesce(began_as, id) FROM control.sessions WHERE id = $5 AND user_id = $1))",
        user.0,
        staff.establishment.0,
        d.now().to_sqlx() as _,
        staff.session.0,
        one.map(|session| session.0)
    )
    .execute(&mut *tx)
    .await?
    .rows_affected();
    let detail = format!("{ended} sessions");
    let act = PlatformAct {
        reason: Some(why.as_ref()),
        detail: Some(&detail),
        ..PlatformAct::by_staff(staff, "members.end_sessions", user)
    };
    audit::platform(d, &mut tx, act).await?;
    tx.commit().await?;
    d.sessions.forget_user(user);
    // As with roles: the establishment's own audit follows, for the two can't share a transaction.
    let mut tx = TenantTx::begin(&d.db, staff.establishment).await?;
    let act = Act::on("members.end_sessions", "user", user.0).because(why.as_ref()).changing(&detail);
    audit::by_staff(d, &mut tx, staff, act).await?;
    tx.commit().await?;
    Ok(ended)
}

fn own_act<'a>(who: &Identified, origin: Origin, action: &'a str) -> PlatformAct<'a> {
    PlatformAct {
        actor: Some(who.user),
        session: Some(who.session),
        origin: Some(origin),
        ..PlatformAct::done(action)
    }
}

async fn member(d: &Domain, establishment: EstablishmentId, user: UserId) -> Result<(), Refused> {
    sqlx::query_scalar!(
        "SELECT user_id FROM control.memberships WHERE user_id = $1 AND establishment_id = $2",
        user.0,
        establishment.0
    )
    .fetch_optional(&d.db.pool)
    .await?
    .map(drop)
    .ok_or(Refused::NotFound)
}

async fn open(d: &Domain, whose: Whose, zone: &TimeZone) -> Result<Vec<SessionSummary>, Fault> {
    let now = d.now();
    let rows = sqlx::query!(
        r#"SELECT s.id, s.method, s.transport, s.authenticated_at, s.last_active_at, host(s.address) AS address, s.user_agent,
               e.name AS "establishment?", m.roles AS "roles?", u.platform_administrator
           FROM control.sessions s JOIN control.users u ON u.id = s.user_id
           LEFT JOIN control.establishments e ON e.id = s.establishment_id
           LEFT JOIN control.memberships m ON m.user_id = s.user_id AND m.establishment_id = s.establishment_id
           WHERE s.user_id = $1 AND s.revoked_at IS NULL AND s.ends_at > $2
             AND ($3::uuid IS NULL OR s.establishment_id = $3)
           ORDER BY s.last_active_at DESC, s.id DESC"#,
        whose.user.0,
        now.to_sqlx() as _,
        whose.within.map(|id| id.0),
    )
    .fetch_all(&d.db.pool)
    .await?;
    rows.into_iter()
        // An idle session is over, though nobody has written so.
        .filter(|row| {
            let roles = Roles::from_names(row.roles.as_deref().unwrap_or_default());
            row.last_active_at.to_jiff() + d.policy.sessions.idle_for(&roles, row.platform_administrator)
                > now
        })
        .map(|row| {
            let address = row.address.and_then(|text| text.parse().ok());
            Ok(SessionSummary {
                id: SessionId(row.id),
                device: Device::read(row.user_agent.as_deref().unwrap_or_default()),
                method: method(&row.method)?,
                transport: if row.transport == "bearer" { Transport::Bearer } else { Transport::Cookie },
                network: address.map_or_else(
                    || Network { prefix: String::new(), here: false },
                    |address| Network::of(address, Some(whose.seen_from)),
                ),
                establishment: row.establishment,
                signed_in_at: moment(row.authenticated_at.to_jiff(), zone),
                last_active_at: moment(row.last_active_at.to_jiff(), zone),
                current: row.id == whose.current.0,
            })
        })
        .collect()
}
