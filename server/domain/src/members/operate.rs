//! What the operator does to people from the command line.

use model::{
    identity::{Email, Password},
    ids::{EstablishmentId, UserId},
    members::NewMember,
    roles::Roles,
};

use super::add::{AddError, find, first_hash, insert_membership, insert_user, project};
use crate::{
    Domain, Fault, PlatformAdmin,
    audit::{self, Act, PlatformAct},
    db::TenantTx,
    identity::{
        self,
        notices::{self, What},
    },
};

/// Makes an account, and a member of an establishment where one is given.
///
/// # Errors
/// [`AddError::HasAccount`] where the address has one: its password, name and rights stay as they are, whatever was
/// typed here ([`join`] adds a person who is known). For others see [`AddError`].
pub async fn create_user(
    d: &Domain,
    who: &PlatformAdmin,
    new: &NewMember,
    establishment: Option<EstablishmentId>,
    platform_administrator: bool,
) -> Result<UserId, AddError> {
    if establishment.is_some() && new.roles.is_empty() {
        return Err(AddError::NoRole);
    }
    if find(d, &new.email).await?.is_some() {
        return Err(AddError::HasAccount);
    }
    let hash = first_hash(d, new, "").await?;
    let user = UserId(d.random.uuid(d.now())?);
    if let Some(establishment) = establishment {
        project(d, establishment, user, &format!("{} {}", new.given_name, new.family_name)).await?;
    }
    let mut tx = d.db.pool.begin().await?;
    insert_user(d, &mut tx, user, new, &hash, platform_administrator).await?;
    if let Some(establishment) = establishment {
        insert_membership(d, &mut tx, user, establishment, &new.roles).await?;
    }
    platform_act(d, &mut tx, who, user, establishment, "members.create_user").await?;
    tx.commit().await?;
    tell(d, establishment, user).await?;
    Ok(user)
}

/// Id and name of whoever has this address.
///
/// # Errors
/// An incident.
pub async fn find_user(
    d: &Domain,
    _who: &PlatformAdmin,
    email: &Email,
) -> Result<Option<(UserId, String)>, Fault> {
    find(d, email).await
}

/// Makes somebody who has an account a member of another establishment, and gives their id and name: the operator must
/// know that the account is that person's.
///
/// # Errors
/// [`AddError::NoAccount`], [`AddError::AlreadyMember`], [`AddError::NoRole`]; an incident.
pub async fn join(
    d: &Domain,
    who: &PlatformAdmin,
    email: &Email,
    establishment: EstablishmentId,
    roles: &Roles,
) -> Result<(UserId, String), AddError> {
    if roles.is_empty() {
        return Err(AddError::NoRole);
    }
    let (user, name) = find(d, email).await?.ok_or(AddError::NoAccount)?;
    project(d, establishment, user, &name).await?;
    let mut tx = d.db.pool.begin().await?;
    insert_membership(d, &mut tx, user, establishment, roles).await?;
    platform_act(d, &mut tx, who, user, Some(establishment), "members.join").await?;
    tx.commit().await?;
    tell(d, Some(establishment), user).await?;
    Ok((user, name))
}

/// The establishment's own audit says who came.
async fn tell(d: &Domain, establishment: Option<EstablishmentId>, user: UserId) -> Result<(), Fault> {
    let Some(establishment) = establishment else { return Ok(()) };
    let mut tx = TenantTx::begin(&d.db, establishment).await?;
    audit::by_system(d, &mut tx, Act::on("members.add", "user", user.0)).await?;
    tx.commit().await
}

/// Sets a person's password, takes their second factors away (lost with the telephone, or somebody else's), ends their
/// sessions and tells them so. `false` when nobody has that address.
///
/// # Errors
/// See [`AddError`].
pub async fn reset_password(
    d: &Domain,
    who: &PlatformAdmin,
    email: &Email,
    new: &Password,
) -> Result<bool, AddError> {
    let Some((user, _)) = find(d, email).await? else { return Ok(false) };
    identity::check_new(d, user, new).await?.map_err(AddError::Password)?;
    let hash = d.passwords.hash(&d.random, new).await?;
    let mut tx = d.db.pool.begin().await?;
    identity::replace_password(d, &mut tx, user, &hash).await?;
    // "This wasn't me" too: whoever the operator talks to decides what holds.
    sqlx::query!(
        "WITH a AS (DELETE FROM control.totp WHERE user_id = $1), b AS (DELETE FROM control.passkeys WHERE user_id = $1),
              c AS (DELETE FROM control.recovery_codes WHERE user_id = $1)
         DELETE FROM control.ceremonies WHERE user_id = $1",
        user.0
    )
    .execute(&mut *tx)
    .await?;
    platform_act(d, &mut tx, who, user, None, "members.reset_password").await?;
    notices::tell_of_operator(d, &mut tx, user, What::PasswordGiven).await?;
    tx.commit().await?;
    d.sessions.forget_user(user);
    Ok(true)
}

async fn platform_act(
    d: &Domain,
    tx: &mut sqlx::PgConnection,
    who: &PlatformAdmin,
    user: UserId,
    establishment: Option<EstablishmentId>,
    action: &str,
) -> Result<(), Fault> {
    let object = Some(("user", user.0));
    let (actor, session, origin) = (who.user, who.session, who.origin);
    let act = PlatformAct { actor, session, object, establishment, origin, ..PlatformAct::done(action) };
    audit::platform(d, tx, act).await
}
