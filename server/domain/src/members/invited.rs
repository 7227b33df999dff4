//! What somebody does who was invited: see by whom, and come in, with a new account or the one they have.
//!
//! The link proves the mailbox, no more: an account that exists already is entered as always, and then accepts.

use jiff_sqlx::ToSqlx;
use model::{
    identity::{Email, PasswordProblem},
    ids::{EstablishmentId, InvitationId, UserId},
    members::{InvitationOffer, NewAccount, NewMember},
    roles::Roles,
};
use sqlx::PgConnection;

use super::{
    add::{AddError, first_hash, insert_membership, insert_user, project},
    invite::hash,
};
use crate::{
    Domain, Fault, Origin,
    audit::{self, Act, PlatformAct},
    db::TenantTx,
    establishments,
    fault::fault_from,
    identity::Identified,
};

/// Why nobody came in.
#[derive(Debug, thiserror::Error)]
pub enum InvitedError {
    /// The link is not ours, was used, replaced or withdrawn, is older than a week, or its author administers no longer.
    #[error("the link is over")]
    Expired,
    /// The address has an account: it is entered first.
    #[error("this address has an account already")]
    HasAccount,
    /// The person belongs already.
    #[error("already a member")]
    AlreadyMember,
    /// The password breaks a rule.
    #[error("refused: {0}")]
    Refused(PasswordProblem),
    /// An incident.
    #[error(transparent)]
    Fault(#[from] Fault),
}
fault_from!(InvitedError);

impl From<AddError> for InvitedError {
    fn from(error: AddError) -> Self {
        match error {
            AddError::HasAccount => Self::HasAccount,
            AddError::AlreadyMember => Self::AlreadyMember,
            AddError::Password(problem) => Self::Refused(problem),
            AddError::Fault(fault) => Self::Fault(fault),
            other => Self::Fault(Fault::Data(other.to_string())),
        }
    }
}

struct Open {
    id: InvitationId,
    establishment: EstablishmentId,
    email: Email,
    roles: Roles,
    by: Option<UserId>,
    language: String,
}

/// What the link is about, for whoever holds it: their own address is no secret to them, nor whether it has an account.
///
/// # Errors
/// [`InvitedError::Expired`]; an incident.
pub async fn invitation(d: &Domain, token: &str) -> Result<InvitationOffer, InvitedError> {
    let row = sqlx::query!(
        r#"SELECT i.email, i.roles, i.given_name, i.family_name, e.id, e.slug, e.name, e.town,
               (SELECT given_name || ' ' || family_name FROM control.users u WHERE u.id = i.invited_by) AS "by?",
               EXISTS (SELECT FROM control.users u WHERE u.email = i.email) AS "has_account!"
           FROM control.invitations i JOIN control.establishments e ON e.id = i.establishment_id AND e.status = 'active'
           WHERE i.token_hash = $1 AND i.expires_at > $2
             AND (i.by_platform OR EXISTS (SELECT FROM control.memberships m
                 JOIN control.users a ON a.id = m.user_id AND a.disabled_at IS NULL
                 WHERE m.user_id = i.invited_by AND m.establishment_id = i.establishment_id
                   AND m.disabled_at IS NULL AND 'administrator' = ANY (m.roles)))"#,
        hash(d, token),
        d.now().to_sqlx() as _
    )
    .fetch_optional(&d.db.pool)
    .await?
    .ok_or(InvitedError::Expired)?;
    Ok(InvitationOffer {
        establishment: establishments::card(row.id, &row.slug, row.name, row.town)?,
        email: row.email,
        roles: Roles::from_names(&row.roles),
        by: row.by,
        has_account: row.has_account,
        given_name: row.given_name,
        family_name: row.family_name,
    })
}

/// Whether the token is an open invitation's.
pub(crate) async fn invites(d: &Domain, token: &str) -> Result<bool, Fault> {
    match open(d, &mut *d.db.pool.acquire().await?, token).await {
        Ok(_) => Ok(true),
        Err(InvitedError::Fault(fault)) => Err(fault),
        Err(_) => Ok(false),
    }
}

/// Makes an account for the address, a member from the beginning. Nobody is signed in by it: the first sign-in sets up the
/// second factor.
///
/// # Errors
/// See [`InvitedError`].
pub async fn accept_with_account(
    d: &Domain,
    origin: Origin,
    token: &str,
    new: &NewAccount,
) -> Result<(), InvitedError> {
    let offer = open(d, &mut *d.db.pool.acquire().await?, token).await?;
    let new = NewMember {
        given_name: new.given_name.clone(),
        family_name: new.family_name.clone(),
        email: offer.email.clone(),
        roles: offer.roles.clone(),
        password: Some(new.password.clone()),
    };
    let place =
        sqlx::query_scalar!("SELECT name FROM control.establishments WHERE id = $1", offer.establishment.0)
            .fetch_one(&d.db.pool)
            .await?;
    let hash = first_hash(d, &new, &place).await?;
    let user = UserId(d.random.uuid(d.now())?);
    // The name comes first, as when a person is added: without a membership it stands in no list.
    project(d, offer.establishment, user, &format!("{} {}", new.given_name, new.family_name)).await?;
    let mut tx = d.db.pool.begin().await?;
    let offer = take(d, &mut tx, token).await?;
    insert_user(d, &mut tx, user, &new, &hash, false).await?;
    sqlx::query!("UPDATE control.users SET language = $2 WHERE id = $1", user.0, offer.language)
        .execute(&mut *tx)
        .await?;
    verified(d, &mut tx, user, None).await?;
    come_in(d, &mut tx, &offer, user, PlatformAct { origin: Some(origin), ..PlatformAct::done(ACCEPT) })
        .await?;
    tx.commit().await?;
    tell(d, &offer, user).await
}

/// Comes in with the account of the session.
///
/// # Errors
/// See [`InvitedError`].
pub async fn accept_invitation(
    d: &Domain,
    who: &Identified,
    origin: Origin,
    token: &str,
) -> Result<EstablishmentId, InvitedError> {
    let offer = open(d, &mut *d.db.pool.acquire().await?, token).await?;
    let name = sqlx::query!("SELECT given_name, family_name FROM control.users WHERE id = $1", who.user.0)
        .fetch_one(&d.db.pool)
        .await?;
    let member = sqlx::query_scalar!(
        r#"SELECT EXISTS (SELECT FROM control.memberships WHERE user_id = $1 AND establishment_id = $2) AS "member!""#,
        who.user.0,
        offer.establishment.0
    )
    .fetch_one(&d.db.pool)
    .await?;
    if member {
        return Err(InvitedError::AlreadyMember);
    }
    project(d, offer.establishment, who.user, &format!("{} {}", name.given_name, name.family_name)).await?;
    let mut tx = d.db.pool.begin().await?;
    if !crate::identity::lock_open(&mut tx, who).await? {
        return Err(InvitedError::Expired);
    }
    let offer = take(d, &mut tx, token).await?;
    verified(d, &mut tx, who.user, Some(&offer.email)).await?;
    let act = PlatformAct {
        actor: Some(who.user),
        session: Some(who.session),
        origin: Some(origin),
        ..PlatformAct::done(ACCEPT)
    };
    come_in(d, &mut tx, &offer, who.user, act).await?;
    tx.commit().await?;
    d.sessions.forget_user(who.user);
    tell(d, &offer, who.user).await?;
    Ok(offer.establishment)
}

const ACCEPT: &str = "members.accept_invitation";

/// Reads an open invitation.
async fn open(d: &Domain, connection: &mut PgConnection, token: &str) -> Result<Open, InvitedError> {
    let row = sqlx::query!(
        "SELECT i.id, i.establishment_id, i.email, i.roles, i.invited_by, i.language FROM control.invitations i
         JOIN control.establishments e ON e.id = i.establishment_id AND e.status = 'active'
         WHERE i.token_hash = $1 AND i.expires_at > $2
             AND (i.by_platform OR EXISTS (SELECT FROM control.memberships m
                 JOIN control.users a ON a.id = m.user_id AND a.disabled_at IS NULL
                 WHERE m.user_id = i.invited_by AND m.establishment_id = i.establishment_id
                   AND m.disabled_at IS NULL AND 'administrator' = ANY (m.roles)))",
        hash(d, token),
        d.now().to_sqlx() as _
    )
    .fetch_optional(connection)
    .await?
    .ok_or(InvitedError::Expired)?;
    Ok(Open {
        id: InvitationId(row.id),
        establishment: EstablishmentId(row.establishment_id),
        email: row.email.parse().map_err(|_| Fault::Data("an invitation's address".into()))?,
        roles: Roles::from_names(&row.roles),
        by: row.invited_by.map(UserId),
        language: row.language,
    })
}

/// Takes it away: of two who come with one link, one comes in.
async fn take(d: &Domain, tx: &mut PgConnection, token: &str) -> Result<Open, InvitedError> {
    let offer = open(d, &mut *tx, token).await?;
    let gone = sqlx::query!(
        "DELETE FROM control.invitations WHERE id = $1 AND token_hash = $2",
        offer.id.0,
        hash(d, token)
    )
    .execute(tx)
    .await?;
    if gone.rows_affected() == 1 { Ok(offer) } else { Err(InvitedError::Expired) }
}

/// The link has shown that mails to the address reach the person. Somebody without an address (Pro Santé Connect gives none) has
/// this one from now on, unless it is somebody else's.
async fn verified(
    d: &Domain,
    tx: &mut PgConnection,
    user: UserId,
    email: Option<&Email>,
) -> Result<(), InvitedError> {
    let email = email.map(AsRef::as_ref);
    sqlx::query!(
        "UPDATE control.users u SET email_verified_at = $2, email = coalesce(u.email, $3),
             search_text = CASE WHEN u.email IS NULL AND $3 IS NOT NULL THEN u.search_text || ' ' || $3 ELSE u.search_text END
         WHERE u.id = $1 AND ($3::text IS NULL OR u.email = $3
             OR (u.email IS NULL AND NOT EXISTS (SELECT FROM control.users o WHERE o.email = $3)))",
        user.0,
        d.now().to_sqlx() as _,
        email
    )
    .execute(tx)
    .await
    .map_err(|error| match error.as_database_error() {
        // Somebody else took the address in the same moment.
        Some(known) if known.is_unique_violation() => InvitedError::Expired,
        _ => InvitedError::Fault(error.into()),
    })?;
    Ok(())
}

async fn come_in(
    d: &Domain,
    tx: &mut PgConnection,
    offer: &Open,
    user: UserId,
    act: PlatformAct<'_>,
) -> Result<(), InvitedError> {
    insert_membership(d, tx, user, offer.establishment, &offer.roles).await?;
    let detail = offer.roles.names().join(" ");
    let act = PlatformAct {
        object: Some(("user", user.0)),
        establishment: Some(offer.establishment),
        detail: Some(&detail),
        ..act
    };
    Ok(audit::platform(d, tx, act).await?)
}

/// The establishment's own audit says who came, and who had invited them.
async fn tell(d: &Domain, offer: &Open, user: UserId) -> Result<(), InvitedError> {
    let mut tx = TenantTx::begin(&d.db, offer.establishment).await?;
    let by = match offer.by {
        None => "the platform".to_owned(),
        // The name as it was then, and whose it is whatever they are called later.
        Some(by) => sqlx::query_scalar!("SELECT display_name FROM staff WHERE id = $1", by.0)
            .fetch_optional(&mut *tx)
            .await?
            .map_or_else(|| by.to_string(), |name| format!("{name} ({by})")),
    };
    let by = format!("invited by {by}, {}", offer.roles.names().join(" "));
    let act = Act { detail: Some(&by), ..Act::on(ACCEPT, "user", user.0) };
    audit::by_system(d, &mut tx, act).await?;
    Ok(tx.commit().await?)
}
