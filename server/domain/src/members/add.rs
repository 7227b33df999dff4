//! Adding a person. The account lies in `control`, the name that lists show in the establishment's `staff`.
//!
//! The two can't share a transaction. `staff` and its audit row come first: a name without an account does nothing,
//! and stands in no list.

use jiff_sqlx::ToSqlx;
use model::{
    identity::{Email, Password, PasswordProblem, check_new_password},
    ids::{EstablishmentId, UserId},
    members::NewMember,
    roles::Roles,
    text::PersonName,
};

use crate::{
    Admin, Domain, Fault, PlatformAdmin,
    audit::{self, Act, PlatformAct},
    db::TenantTx,
    establishments,
    fault::fault_from,
};

/// Why nobody was added.
#[derive(Debug, thiserror::Error)]
pub enum AddError {
    /// The person belongs already.
    #[error("already a member")]
    AlreadyMember,
    /// The address has an account, in another establishment.
    #[error("this address has an account already")]
    HasAccount,
    /// A new account needs a first password.
    #[error("a new account needs a first password")]
    PasswordNeeded,
    /// The first password breaks a rule.
    #[error("password refused: {0}")]
    Password(PasswordProblem),
    /// No role was given.
    #[error("at least one role is needed")]
    NoRole,
    /// An incident.
    #[error(transparent)]
    Fault(#[from] Fault),
}
fault_from!(AddError);

/// Adds a person with a new account to the administrator's establishment.
///
/// Somebody who has an account already is not added here: nobody has proved yet that the account and the address belong
/// together, and whoever made the account would walk in. The operator can, who knows the person (`create_user`).
///
/// # Errors
/// See [`AddError`].
pub async fn add(d: &Domain, who: &Admin, new: &NewMember) -> Result<UserId, AddError> {
    if new.roles.is_empty() {
        return Err(AddError::NoRole);
    }
    let staff = who.staff();
    if let Some((user, _)) = find(d, &new.email).await? {
        let member = sqlx::query_scalar!(
            r#"SELECT EXISTS (SELECT FROM control.memberships WHERE user_id = $1 AND establishment_id = $2) AS "member!""#,
            user.0,
            staff.establishment.0
        )
        .fetch_one(&d.db.pool)
        .await?;
        return Err(if member { AddError::AlreadyMember } else { AddError::HasAccount });
    }
    let password = new.password.as_ref().ok_or(AddError::PasswordNeeded)?;
    let hash = hash_checked(d, password, &new.email, &new.given_name, &new.family_name).await?;
    let user = UserId(d.random.uuid(d.now())?);
    let mut tx = TenantTx::begin(&d.db, staff.establishment).await?;
    project(&mut tx, user, &format!("{} {}", new.given_name, new.family_name)).await?;
    audit::by_staff(d, &mut tx, staff, Act::on("members.add", "user", user.0)).await?;
    tx.commit().await?;

    let mut tx = d.db.pool.begin().await?;
    insert_user(d, &mut tx, user, &new.email, (&new.given_name, &new.family_name), &hash, false).await?;
    insert_membership(d, &mut tx, user, staff.establishment, &new.roles).await?;
    tx.commit().await?;
    Ok(user)
}

/// Command line: makes an account, and a member of an establishment where one is given.
///
/// # Errors
/// See [`AddError`].
pub async fn create_user(
    d: &Domain,
    who: &PlatformAdmin,
    new: &NewMember,
    establishment: Option<EstablishmentId>,
    platform_administrator: bool,
) -> Result<UserId, AddError> {
    let known = find(d, &new.email).await?;
    let (user, name, account) = if let Some((user, name)) = known {
        (user, name, None)
    } else {
        let password = new.password.as_ref().ok_or(AddError::PasswordNeeded)?;
        let hash = hash_checked(d, password, &new.email, &new.given_name, &new.family_name).await?;
        (UserId(d.random.uuid(d.now())?), format!("{} {}", new.given_name, new.family_name), Some(hash))
    };
    if let Some(establishment) = establishment {
        if new.roles.is_empty() {
            return Err(AddError::NoRole);
        }
        let mut tx = TenantTx::begin(&d.db, establishment).await?;
        project(&mut tx, user, &name).await?;
        audit::by_system(d, &mut tx, Act::on("members.add", "user", user.0)).await?;
        tx.commit().await?;
    }
    let mut tx = d.db.pool.begin().await?;
    if let Some(hash) = account {
        insert_user(
            d,
            &mut tx,
            user,
            &new.email,
            (&new.given_name, &new.family_name),
            &hash,
            platform_administrator,
        )
        .await?;
    }
    if let Some(establishment) = establishment {
        insert_membership(d, &mut tx, user, establishment, &new.roles).await?;
    }
    platform_act(d, &mut tx, who, user, establishment, "members.create_user").await?;
    tx.commit().await?;
    Ok(user)
}

/// Command line: sets a person's password and ends their sessions. `false` when nobody has that address.
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
    let local = email.as_ref().split('@').next().unwrap_or_default();
    check_new_password(new, &[local]).map_err(AddError::Password)?;
    let hash = d.passwords.hash(&d.random, new).await?;
    let now = d.now();
    let mut tx = d.db.pool.begin().await?;
    sqlx::query!(
        "UPDATE control.users SET password_hash = $2, password_changed_at = $3 WHERE id = $1",
        user.0,
        hash,
        now.to_sqlx() as _
    )
    .execute(&mut *tx)
    .await?;
    sqlx::query!(
        "UPDATE control.sessions SET revoked_at = $2, revoked_reason = 'password' WHERE user_id = $1 AND revoked_at IS NULL",
        user.0,
        now.to_sqlx() as _
    )
    .execute(&mut *tx)
    .await?;
    platform_act(d, &mut tx, who, user, None, "members.reset_password").await?;
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
    let act = PlatformAct { actor: who.user, object, establishment, ..PlatformAct::done(action) };
    audit::platform(d, tx, act).await
}

async fn hash_checked(
    d: &Domain,
    password: &Password,
    email: &Email,
    given: &PersonName,
    family: &PersonName,
) -> Result<String, AddError> {
    let local = email.as_ref().split('@').next().unwrap_or_default();
    check_new_password(password, &[local, given.as_str(), family.as_str()]).map_err(AddError::Password)?;
    Ok(d.passwords.hash(&d.random, password).await?)
}

async fn find(d: &Domain, email: &Email) -> Result<Option<(UserId, String)>, Fault> {
    let row = sqlx::query!(
        "SELECT id, given_name, family_name FROM control.users WHERE email = $1",
        email.as_ref()
    )
    .fetch_optional(&d.db.pool)
    .await?;
    Ok(row.map(|row| (UserId(row.id), format!("{} {}", row.given_name, row.family_name))))
}

async fn insert_user(
    d: &Domain,
    tx: &mut sqlx::PgConnection,
    user: UserId,
    email: &Email,
    (given, family): (&PersonName, &PersonName),
    hash: &str,
    platform_administrator: bool,
) -> Result<(), Fault> {
    sqlx::query!(
        "INSERT INTO control.users (id, email, given_name, family_name, password_hash, password_changed_at,
             platform_administrator, created_at, search_text)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $6, $8)",
        user.0,
        email.as_ref(),
        given.as_str(),
        family.as_str(),
        hash,
        d.now().to_sqlx() as _,
        platform_administrator,
        establishments::fold(&format!("{given} {family} {}", email.as_ref())),
    )
    .execute(tx)
    .await?;
    Ok(())
}

async fn insert_membership(
    d: &Domain,
    tx: &mut sqlx::PgConnection,
    user: UserId,
    establishment: EstablishmentId,
    roles: &Roles,
) -> Result<(), Fault> {
    sqlx::query!(
        "INSERT INTO control.memberships (user_id, establishment_id, roles, created_at) VALUES ($1, $2, $3, $4)
         ON CONFLICT DO NOTHING",
        user.0,
        establishment.0,
        &roles.names(),
        d.now().to_sqlx() as _,
    )
    .execute(tx)
    .await?;
    Ok(())
}

/// The name that the establishment's lists show.
async fn project(tx: &mut TenantTx, user: UserId, name: &str) -> Result<(), Fault> {
    sqlx::query!(
        "INSERT INTO staff (id, display_name, search_text) VALUES ($1, $2, $3)
         ON CONFLICT (id) DO UPDATE SET display_name = $2, search_text = $3, active = true",
        user.0,
        name,
        establishments::fold(name)
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}
