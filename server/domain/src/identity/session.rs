//! Opening a session: the row, and the tokens that point at it.

use jiff::{SignedDuration, Timestamp};
use jiff_sqlx::ToSqlx;
use model::{
    identity::Transport,
    ids::{EstablishmentId, SessionId, UserId},
    roles::{Role, Roles},
};
use sqlx::PgConnection;

use super::tokens::{Claims, RefreshToken};
use crate::{Domain, Fault, Origin, vault::Purpose};

/// Limits of a session (Pro Santé Connect's own: half an hour idle, four hours in all).
#[derive(Clone, Copy, Debug)]
pub struct SessionPolicy {
    /// Without activity.
    pub idle: SignedDuration,
    /// The same for administrators.
    pub idle_administrator: SignedDuration,
    /// From authentication.
    pub absolute: SignedDuration,
    /// Sessions of one person; the oldest goes first.
    pub most_per_user: i64,
}

impl Default for SessionPolicy {
    fn default() -> Self {
        Self {
            idle: SignedDuration::from_mins(30),
            idle_administrator: SignedDuration::from_mins(15),
            absolute: SignedDuration::from_hours(4),
            most_per_user: 10,
        }
    }
}

impl SessionPolicy {
    /// How long these roles may stay idle.
    pub fn idle_for(&self, roles: &Roles, platform_administrator: bool) -> SignedDuration {
        if platform_administrator || roles.hold(Role::Administrator) {
            self.idle_administrator
        } else {
            self.idle
        }
    }
}

/// Tokens of a session, to be put into cookies or a body.
pub struct Issued {
    /// JWT.
    pub access: String,
    /// Opaque.
    pub refresh: String,
    /// The session.
    pub session: SessionId,
    /// When it ends whatever happens.
    pub ends_at: Timestamp,
}

/// What a new session is made of.
pub(super) struct NewSession<'a> {
    pub user: UserId,
    pub establishment: Option<EstablishmentId>,
    pub roles: &'a Roles,
    pub transport: Transport,
    pub authenticated_at: Timestamp,
    pub origin: Origin,
    pub user_agent: Option<&'a str>,
}

/// Inserts the row, ends the oldest sessions beyond the limit, and makes the tokens.
pub(super) async fn open(d: &Domain, tx: &mut PgConnection, new: NewSession<'_>) -> Result<Issued, Fault> {
    let now = d.now();
    let session = SessionId(d.random.uuid(now)?);
    let stored: [u8; 32] = d.random.bytes()?;
    // With the pepper: who reads the table can't make tokens of it.
    let secret = d.pepper.hash(Purpose::Refresh, &[&stored]);
    let ends_at = new.authenticated_at + d.policy.sessions.absolute;
    let user_agent: Option<String> = new.user_agent.map(|text| text.chars().take(300).collect());
    sqlx::query!(
        "INSERT INTO control.sessions (id, user_id, establishment_id, method, transport, authenticated_at,
             last_active_at, ends_at, refresh_secret, address, user_agent)
         VALUES ($1, $2, $3, 'password', $4, $5, $6, $7, $8, ($9::text)::inet, $10)",
        session.0,
        new.user.0,
        new.establishment.map(|id| id.0),
        match new.transport {
            Transport::Cookie => "cookie",
            Transport::Bearer => "bearer",
        },
        new.authenticated_at.to_sqlx() as _,
        now.to_sqlx() as _,
        ends_at.to_sqlx() as _,
        &stored[..],
        new.origin.address.to_string(),
        user_agent,
    )
    .execute(&mut *tx)
    .await?;
    sqlx::query!(
        "UPDATE control.sessions SET revoked_at = $2, revoked_reason = 'displaced'
         WHERE id IN (SELECT id FROM control.sessions WHERE user_id = $1 AND revoked_at IS NULL AND ends_at > $2
                      ORDER BY last_active_at DESC, id DESC OFFSET $3)",
        new.user.0,
        now.to_sqlx() as _,
        d.policy.sessions.most_per_user,
    )
    .execute(&mut *tx)
    .await?;
    sqlx::query!(
        "UPDATE control.memberships SET last_sign_in_at = $3 WHERE user_id = $1 AND establishment_id = $2",
        new.user.0,
        new.establishment.map(|id| id.0),
        now.to_sqlx() as _
    )
    .execute(&mut *tx)
    .await?;
    let access = access_token(d, new.user, session, new.establishment, new.roles)?;
    Ok(Issued { access, refresh: RefreshToken::make(&secret, session, 0), session, ends_at })
}

/// Signs the access token of a session.
pub(super) fn access_token(
    d: &Domain,
    user: UserId,
    session: SessionId,
    establishment: Option<EstablishmentId>,
    roles: &Roles,
) -> Result<String, Fault> {
    let claims = Claims {
        sub: user,
        sid: session,
        est: establishment,
        roles: roles.names(),
        amr: vec!["pwd".to_owned()],
        aud: String::new(),
        iss: String::new(),
        iat: 0,
        exp: 0,
    };
    d.tokens.sign(d.now(), claims)
}
