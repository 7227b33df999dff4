//! Opening a session: the row, and the tokens that point at it.

use jiff::{SignedDuration, Timestamp};
use jiff_sqlx::ToSqlx;
pub(super) use model::identity::Method;
use model::{
    identity::Transport,
    ids::{EstablishmentId, SessionId, UserId},
    psc::Practice,
    roles::{Role, Roles},
};
use sqlx::PgConnection;

use super::{
    authenticate::Identified,
    psc::PscSession,
    sign_in, sign_out,
    tokens::{Claims, RefreshToken},
};
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

/// How somebody has shown who they are.
#[derive(Clone)]
pub(super) struct Proof {
    pub method: Method,
    /// Authentication methods (RFC 8176).
    pub amr: Vec<String>,
    pub authenticated_at: Timestamp,
    /// When something beyond a password was last shown.
    pub factor_at: Option<Timestamp>,
    pub psc: Option<PscSession>,
    pub practice: Option<Practice>,
    /// The session that the sign-in began with, where this one takes another's place.
    pub began_as: Option<SessionId>,
}

impl Proof {
    /// Adds a method that was shown.
    pub fn add(&mut self, method: &str) {
        for method in [method, "mfa"] {
            if !self.amr.iter().any(|shown| shown == method) {
                self.amr.push(method.to_owned());
            }
        }
    }

    /// A password, and nothing else yet.
    pub fn password(now: Timestamp) -> Self {
        Self {
            method: Method::Password,
            amr: vec!["pwd".to_owned()],
            authenticated_at: now,
            factor_at: None,
            psc: None,
            practice: None,
            began_as: None,
        }
    }
}

/// What a new session is made of.
pub(super) struct NewSession<'a> {
    pub user: UserId,
    pub establishment: Option<EstablishmentId>,
    pub roles: &'a Roles,
    pub origin: Origin,
    pub device: Device<'a>,
    pub proof: &'a Proof,
}

/// Inserts the row, ends the oldest sessions beyond the limit, and makes the tokens.
pub(super) async fn open(d: &Domain, tx: &mut PgConnection, new: NewSession<'_>) -> Result<Issued, Fault> {
    let now = d.now();
    let session = SessionId(d.random.uuid(now)?);
    let stored: [u8; 32] = d.random.bytes()?;
    // With the pepper: who reads the table can't make tokens of it.
    let secret = d.pepper.hash(Purpose::Refresh, &[&stored]);
    let proof = new.proof;
    let ends_at = proof.authenticated_at + d.policy.sessions.absolute;
    let user_agent: Option<String> = new.device.user_agent.map(|text| text.chars().take(300).collect());
    // In an establishment of Pro Santé Connect alone, what the local fallback lets in ends with it.
    let ends_at = sqlx::query_scalar!(
        "INSERT INTO control.sessions (id, user_id, establishment_id, method, transport, authenticated_at,
             last_active_at, ends_at, refresh_secret, address, user_agent, amr, factor_at, psc_issuer, psc_sub, psc_sid,
             psc_tokens, psc_checked_at, practice, began_as)
         VALUES ($1, $2, $3, $11, $4, $5, $6,
             LEAST($7, (SELECT fallback_until FROM control.establishments WHERE id = $3 AND psc_only AND $11 <> 'psc')),
             $8, ($9::text)::inet, $10, $12, $13, $14, $15, $16, $17, $18, $19, $20)
         RETURNING ends_at",
        session.0,
        new.user.0,
        new.establishment.map(|id| id.0),
        match new.device.transport {
            Transport::Cookie => "cookie",
            Transport::Bearer => "bearer",
        },
        proof.authenticated_at.to_sqlx() as _,
        now.to_sqlx() as _,
        ends_at.to_sqlx() as _,
        &stored[..],
        new.origin.address.to_string(),
        user_agent,
        proof.method.as_str(),
        &proof.amr,
        proof.factor_at.map(ToSqlx::to_sqlx) as _,
        proof.psc.as_ref().map(|psc| psc.issuer.as_str()),
        proof.psc.as_ref().map(|psc| psc.sub.as_str()),
        proof.psc.as_ref().and_then(|psc| psc.sid.as_deref()),
        proof.psc.as_ref().map(|psc| &psc.tokens[..]),
        proof.psc.as_ref().map(|psc| psc.checked_at.to_sqlx()) as _,
        proof.practice.as_ref().map(serde_json::to_value).transpose()?,
        proof.began_as.map(|id| id.0),
    )
    .fetch_one(&mut *tx)
    .await?
    .to_jiff();
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
    let access = access_token(d, new.user, session, new.establishment, new.roles, &proof.amr)?;
    Ok(Issued { access, refresh: RefreshToken::make(&secret, session, 0), session, ends_at })
}

/// How the person of an open session showed who they are: the next session of the same sign-in begins with it.
pub(super) async fn proof(tx: &mut PgConnection, session: SessionId) -> Result<Option<Proof>, Fault> {
    let row = sqlx::query!(
        "SELECT method, amr, authenticated_at, factor_at, psc_issuer, psc_sub, psc_sid, psc_tokens, psc_checked_at, practice,
             began_as
         FROM control.sessions WHERE id = $1 AND revoked_at IS NULL",
        session.0
    )
    .fetch_optional(tx)
    .await?;
    let Some(row) = row else { return Ok(None) };
    let psc = match (row.psc_issuer, row.psc_sub, row.psc_tokens, row.psc_checked_at) {
        (Some(issuer), Some(sub), Some(tokens), Some(checked_at)) => {
            Some(PscSession { issuer, sub, sid: row.psc_sid, tokens, checked_at: checked_at.to_jiff() })
        }
        _ => None,
    };
    Ok(Some(Proof {
        method: method(&row.method)?,
        amr: row.amr,
        authenticated_at: row.authenticated_at.to_jiff(),
        factor_at: row.factor_at.map(jiff_sqlx::Timestamp::to_jiff),
        psc,
        practice: row.practice.map(serde_json::from_value).transpose()?,
        began_as: Some(row.began_as.map_or(session, SessionId)),
    }))
}

/// Reads the database's name.
pub(super) fn method(name: &str) -> Result<Method, Fault> {
    Method::ALL
        .into_iter()
        .find(|method| method.as_str() == name)
        .ok_or_else(|| Fault::Data(format!("method {name}")))
}

/// What a session is used with.
#[derive(Clone, Copy, Debug)]
pub struct Device<'a> {
    /// How it holds its tokens.
    pub transport: Transport,
    /// What it says of itself.
    pub user_agent: Option<&'a str>,
    /// What a browser keeps for years to be known again by.
    pub known_as: Option<&'a str>,
}

/// The same session under a new name, after `change`: what somebody copied of the old one is worth nothing. `None` when it has
/// ended meanwhile. The caller's cache must forget it after the commit.
pub(super) async fn renew(
    d: &Domain,
    tx: &mut PgConnection,
    who: &Identified,
    origin: Origin,
    device: Device<'_>,
    change: impl FnOnce(&mut Proof),
) -> Result<Option<Issued>, Fault> {
    // First the person: what ends all their sessions meanwhile waits here, or has been seen.
    if sign_in::lock(tx, who.user).await?.is_none() {
        return Ok(None);
    }
    let Some(mut proof) = proof(tx, who.session).await? else { return Ok(None) };
    if !sign_out::end(d, tx, who.session, "renewed").await? {
        return Ok(None);
    }
    change(&mut proof);
    let new = NewSession {
        user: who.user,
        establishment: who.establishment,
        roles: &who.roles,
        origin,
        device,
        proof: &proof,
    };
    open(d, tx, new).await.map(Some)
}

/// Signs the access token of a session.
pub(super) fn access_token(
    d: &Domain,
    user: UserId,
    session: SessionId,
    establishment: Option<EstablishmentId>,
    roles: &Roles,
    amr: &[String],
) -> Result<String, Fault> {
    let claims = Claims {
        sub: user,
        sid: session,
        est: establishment,
        roles: roles.names(),
        amr: amr.to_vec(),
        aud: String::new(),
        iss: String::new(),
        iat: 0,
        exp: 0,
    };
    d.tokens.sign(d.now(), claims)
}
