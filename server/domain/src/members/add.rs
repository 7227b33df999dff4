//! Adding a person. The account lies in `control`, the name that lists show in the establishment's `staff`.
//!
//! The two can't share a transaction. `staff` and its audit row come first: a name without an account does nothing,
//! and a second try completes it.

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
    fault::fault_from,
};

/// Why nobody was added.
#[derive(Debug, thiserror::Error)]
pub enum AddError {
    /// The person belongs already.
    #[error("already a member")]
    AlreadyMember,
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

/// Adds a person to the administrator's establishment. Somebody with an account keeps their name and password.
///
/// # Errors
/// See [`AddError`].
pub async fn add(d: &Domain, who: &Admin, new: &NewMember) -> Result<UserId, AddError> {
    if new.roles.is_empty() {
        return Err(AddError::NoRole);
    }
    let staff = who.staff();
    let known = find(d, &new.email).await?;
    if let Some((user, _)) = &known {
        let member = sqlx::query_scalar!(
            r#"SELECT EXISTS (SELECT FROM control.memberships WHERE user_id = $1 AND establishment_id = $2) AS "member!""#,
            user.0,
            staff.establishment.0
        )
        .fetch_one(&d.db.pool)
        .await?;
        if member {
            return Err(AddError::AlreadyMember);
        }
    }
    let (user, name, account) = if let Some((user, name)) = known {
        (user, name, None)
    } else {
        let password = new.password.as_ref().ok_or(AddError::PasswordNeeded)?;
        let hash = hash_checked(d, password, &new.email, &new.given_name, &new.family_name).await?;
        (UserId(d.random.uuid(d.now())?), format!("{} {}", new.given_name, new.family_name), Some(hash))
    };
    let mut tx = TenantTx::begin(&d.db, staff.establishment).await?;
    project(&mut tx, user, &name).await?;
    audit::by_staff(d, &mut tx, staff, Act::on("members.add", "user", user.0)).await?;
    tx.commit().await?;

    let mut tx = d.db.pool.begin().await?;
    if let Some(hash) = account {
        insert_user(d, &mut tx, user, &new.email, (&new.given_name, &new.family_name), &hash, false).await?;
    }
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
    _who: &PlatformAdmin,
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
    platform_act(d, &mut tx, user, "members.create_user").await?;
    tx.commit().await?;
    Ok(user)
}

/// Command line: sets a person's password and ends their sessions. `false` when nobody has that address.
///
/// # Errors
/// See [`AddError`].
pub async fn reset_password(
    d: &Domain,
    _who: &PlatformAdmin,
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
    platform_act(d, &mut tx, user, "members.reset_password").await?;
    tx.commit().await?;
    d.sessions.forget_user(user);
    Ok(true)
}

async fn platform_act(
    d: &Domain,
    tx: &mut sqlx::PgConnection,
    user: UserId,
    action: &str,
) -> Result<(), Fault> {
    let act =
        PlatformAct { actor: Some(user), session: None, action, outcome: "done", reason: None, origin: None };
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
             platform_administrator, created_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $6)",
        user.0,
        email.as_ref(),
        given.as_str(),
        family.as_str(),
        hash,
        d.now().to_sqlx() as _,
        platform_administrator,
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
        "INSERT INTO staff (id, display_name) VALUES ($1, $2)
         ON CONFLICT (id) DO UPDATE SET display_name = $2, active = true",
        user.0,
        name
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}
