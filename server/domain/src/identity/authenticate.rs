//! Who a request is: the token points at a session, the session's row decides.
//!
//! The row is kept for three seconds, so that a burst of requests is one query and a revocation works within five
//! seconds on every node.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

use jiff::{SignedDuration, Timestamp};
use jiff_sqlx::ToSqlx;
use model::{
    ids::{EstablishmentId, SessionId, UserId},
    roles::Roles,
    time::Language,
};

use super::session::{Method, method};
use crate::{Domain, Fault, Origin, Staff, db};

const KEPT: SignedDuration = SignedDuration::from_secs(3);
const MOST: usize = 10_000;
/// Activity is written once a minute, not once a request.
const ACTIVITY_STEP: SignedDuration = SignedDuration::from_secs(60);

/// A session that is alive, and whose it is.
#[derive(Clone, Debug)]
pub struct Identified {
    /// Person.
    pub user: UserId,
    /// Session.
    pub session: SessionId,
    /// Where it works; nobody's staff without one.
    pub establishment: Option<EstablishmentId>,
    /// Roles there.
    pub roles: Roles,
    /// Given and family name.
    pub name: String,
    /// Language of the person's account.
    pub language: Language,
    /// Whether the person administers the platform.
    pub platform_administrator: bool,
    /// How the session was opened.
    pub method: Method,
    /// When something beyond a password was last shown.
    pub factor_at: Option<Timestamp>,
    /// Whether a second factor must be set up first: until then the session opens nothing else.
    pub needs_factor: bool,
    /// Whether Pro Santé Connect knows several exercises or activities of the person, and none was chosen yet.
    pub needs_practice: bool,
    /// When the session ends whatever happens.
    pub ends_at: Timestamp,
    last_active_at: Timestamp,
}

impl Identified {
    /// The person as staff of the session's establishment. Nobody's without one, nor with a password alone where that does not
    /// suffice.
    pub fn staff(&self, origin: Origin) -> Option<Staff> {
        if self.needs_factor || self.needs_practice {
            return None;
        }
        Some(Staff {
            user: self.user,
            session: self.session,
            establishment: self.establishment?,
            roles: self.roles.clone(),
            name: self.name.clone(),
            factor_at: self.factor_at,
            origin,
        })
    }
}

/// Sessions read within the last three seconds.
#[derive(Default)]
pub struct SessionCache(Mutex<HashMap<SessionId, (Timestamp, Arc<Identified>)>>);

impl SessionCache {
    fn get(&self, session: SessionId, now: Timestamp) -> Option<Arc<Identified>> {
        let sessions = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        sessions
            .get(&session)
            .filter(|(read, _)| now.duration_since(*read) < KEPT)
            .map(|(_, who)| Arc::clone(who))
    }

    fn put(&self, who: &Arc<Identified>, now: Timestamp) {
        let mut sessions = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if sessions.len() >= MOST {
            sessions.retain(|_, (read, _)| now.duration_since(*read) < KEPT);
        }
        sessions.insert(who.session, (now, Arc::clone(who)));
    }

    /// Forgets a session on this node at once.
    pub fn forget(&self, session: SessionId) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).remove(&session);
    }

    /// Forgets every session in an establishment on this node at once.
    pub fn forget_establishment(&self, establishment: EstablishmentId) {
        let mut sessions = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        sessions.retain(|_, (_, who)| who.establishment != Some(establishment));
    }

    /// Forgets every session of a person on this node at once.
    pub fn forget_user(&self, user: UserId) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).retain(|_, (_, who)| who.user != user);
    }
}

/// Reads an access token and checks its session. `background` requests don't count as activity.
///
/// # Errors
/// An incident. Nobody is `None`.
pub async fn authenticate(
    d: &Domain,
    token: &str,
    background: bool,
) -> Result<Option<Arc<Identified>>, Fault> {
    match d.tokens.read(d.now(), token) {
        Some(claims) => authenticate_id(d, claims.sid, background).await,
        None => Ok(None),
    }
}

/// Checks a session whose id is already trusted (an open socket).
///
/// # Errors
/// An incident.
pub async fn authenticate_id(
    d: &Domain,
    session: SessionId,
    background: bool,
) -> Result<Option<Arc<Identified>>, Fault> {
    let now = d.now();
    let who = match d.sessions.get(session, now) {
        Some(who) => who,
        None => match read(d, session).await? {
            Some(who) => {
                let who = Arc::new(who);
                d.sessions.put(&who, now);
                who
            }
            None => return Ok(None),
        },
    };
    let idle = d.policy.sessions.idle_for(&who.roles, who.platform_administrator);
    if who.ends_at <= now || who.last_active_at + idle <= now {
        return Ok(None);
    }
    if !background && now.duration_since(who.last_active_at) >= ACTIVITY_STEP {
        let touched = sqlx::query!(
            "UPDATE control.sessions SET last_active_at = $2 WHERE id = $1 AND revoked_at IS NULL",
            session.0,
            now.to_sqlx() as _
        )
        .execute(&d.db.pool)
        .await?;
        // Read again next time: what is cached must not live longer for being used.
        d.sessions.forget(session);
        if touched.rows_affected() == 0 {
            return Ok(None);
        }
        return Ok(Some(Arc::new(Identified { last_active_at: now, ..(*who).clone() })));
    }
    Ok(Some(who))
}

/// The row with everything that can end it: revocation, a disabled person, a disabled membership, a suspended
/// establishment, one that lets people in with Pro Santé Connect only.
async fn read(d: &Domain, session: SessionId) -> Result<Option<Identified>, Fault> {
    let row = sqlx::query!(
        r#"SELECT s.user_id, s.establishment_id, s.ends_at, s.last_active_at, s.method, s.factor_at,
               (s.psc_issuer IS NOT NULL AND s.practice IS NULL) AS "needs_practice!", u.given_name, u.family_name,
               u.language, u.platform_administrator, m.roles AS "roles?"
           FROM control.sessions s
           JOIN control.users u ON u.id = s.user_id AND u.disabled_at IS NULL
           LEFT JOIN control.establishments e ON e.id = s.establishment_id AND e.status = 'active' AND e.schema_version >= $2
           LEFT JOIN control.memberships m ON m.user_id = s.user_id AND m.establishment_id = e.id AND m.disabled_at IS NULL
           WHERE s.id = $1 AND s.revoked_at IS NULL AND (s.establishment_id IS NULL OR m.user_id IS NOT NULL)
             AND (s.establishment_id IS NULL OR s.method = 'psc' OR NOT e.psc_only OR e.fallback_until > $3)"#,
        session.0,
        db::latest_tenant_version(),
        d.now().to_sqlx() as _,
    )
    .fetch_optional(&d.db.pool)
    .await?;
    let Some(row) = row else { return Ok(None) };
    let method = method(&row.method)?;
    let factor_at = row.factor_at.map(jiff_sqlx::Timestamp::to_jiff);
    Ok(Some(Identified {
        user: UserId(row.user_id),
        session,
        establishment: row.establishment_id.map(EstablishmentId),
        roles: Roles::from_names(&row.roles.unwrap_or_default()),
        name: format!("{} {}", row.given_name, row.family_name),
        language: Language::from_tag(&row.language).unwrap_or_default(),
        platform_administrator: row.platform_administrator,
        method,
        factor_at,
        needs_factor: d.policy.identity.second_factor && factor_at.is_none() && method == Method::Password,
        needs_practice: row.needs_practice,
        ends_at: row.ends_at.to_jiff(),
        last_active_at: row.last_active_at.to_jiff(),
    }))
}
