//! What adding a person is made of. The account lies in `control`, the name that lists show in the establishment's `staff`.
//!
//! The two can't share a transaction. The name comes first: without an account it does nothing, and stands in no list.
//! Then account, membership and the platform's audit row are one transaction; the establishment's own audit follows.

use jiff_sqlx::ToSqlx;
use model::{
    identity::{Email, PasswordProblem, check_new_password},
    ids::{EstablishmentId, UserId},
    members::NewMember,
    roles::Roles,
};

use crate::{
    Domain, Fault,
    audit::{self, Act, Oneself},
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
    /// Nobody has this address.
    #[error("nobody has this e-mail address")]
    NoAccount,
    /// The address has an account already.
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

/// The first password's hash, once the password keeps the rules. `place` is the establishment's name.
pub(super) async fn first_hash(d: &Domain, new: &NewMember, place: &str) -> Result<String, AddError> {
    let password = new.password.as_ref().ok_or(AddError::PasswordNeeded)?;
    let context = [new.email.as_ref(), new.given_name.as_str(), new.family_name.as_str(), place];
    check_new_password(password, &context).map_err(AddError::Password)?;
    Ok(d.passwords.hash(&d.random, password).await?)
}

pub(super) async fn find(d: &Domain, email: &Email) -> Result<Option<(UserId, String)>, Fault> {
    let row = sqlx::query!(
        "SELECT id, given_name, family_name FROM control.users WHERE email = $1",
        email.as_ref()
    )
    .fetch_optional(&d.db.pool)
    .await?;
    Ok(row.map(|row| (UserId(row.id), format!("{} {}", row.given_name, row.family_name))))
}

/// Inserts the account, unless somebody was quicker with the same address.
pub(super) async fn insert_user(
    d: &Domain,
    tx: &mut sqlx::PgConnection,
    user: UserId,
    new: &NewMember,
    hash: &str,
    platform_administrator: bool,
) -> Result<(), AddError> {
    let (email, given, family) = (new.email.as_ref(), new.given_name.as_str(), new.family_name.as_str());
    let inserted = sqlx::query!(
        "INSERT INTO control.users (id, email, given_name, family_name, password_hash, password_changed_at,
             platform_administrator, created_at, search_text)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $6, $8) ON CONFLICT (email) DO NOTHING",
        user.0,
        email,
        given,
        family,
        hash,
        d.now().to_sqlx() as _,
        platform_administrator,
        establishments::fold(&format!("{given} {family} {email}")),
    )
    .execute(tx)
    .await?;
    if inserted.rows_affected() == 1 { Ok(()) } else { Err(AddError::HasAccount) }
}

pub(super) async fn insert_membership(
    d: &Domain,
    tx: &mut sqlx::PgConnection,
    user: UserId,
    establishment: EstablishmentId,
    roles: &Roles,
) -> Result<(), AddError> {
    let inserted = sqlx::query!(
        "INSERT INTO control.memberships (user_id, establishment_id, roles, created_at) VALUES ($1, $2, $3, $4)
         ON CONFLICT DO NOTHING",
        user.0,
        establishment.0,
        &roles.names(),
        d.now().to_sqlx() as _,
    )
    .execute(&mut *tx)
    .await?;
    if inserted.rows_affected() == 0 {
        return Err(AddError::AlreadyMember);
    }
    // Whatever way somebody came in: there is nothing left to ask, and no refusal left to read.
    sqlx::query!(
        "WITH refused AS (DELETE FROM control.access_refusals WHERE user_id = $1 AND establishment_id = $2)
         DELETE FROM control.access_requests WHERE user_id = $1 AND establishment_id = $2",
        user.0,
        establishment.0
    )
    .execute(tx)
    .await?;
    Ok(())
}

/// The name that the establishment's lists show.
pub(super) async fn project(
    d: &Domain,
    establishment: EstablishmentId,
    user: UserId,
    name: &str,
) -> Result<(), Fault> {
    let mut tx = TenantTx::begin(&d.db, establishment).await?;
    // Somebody whose coming broke off stands there already, maybe by an older name.
    change_name(d, &mut tx, user, name, None).await?;
    sqlx::query!(
        "INSERT INTO staff (id, display_name, search_text) VALUES ($1, $2, $3)
         ON CONFLICT (id) DO UPDATE SET active = true",
        user.0,
        name,
        establishments::fold(name)
    )
    .execute(&mut *tx)
    .await?;
    tx.commit().await
}

/// Gives who stands in the lists another name. The audit shows everybody's name of today, on what they did before too: its row
/// says from what to what, and is the proof of who acted under which name. `by` is the person, where it was they who took it.
pub(super) async fn change_name(
    d: &Domain,
    tx: &mut TenantTx,
    user: UserId,
    name: &str,
    by: Option<Oneself>,
) -> Result<(), Fault> {
    let before = sqlx::query_scalar!("SELECT display_name FROM staff WHERE id = $1 FOR UPDATE", user.0)
        .fetch_optional(&mut **tx)
        .await?;
    let Some(before) = before.filter(|before| before != name) else { return Ok(()) };
    sqlx::query!(
        "UPDATE staff SET display_name = $2, search_text = $3 WHERE id = $1",
        user.0,
        name,
        establishments::fold(name)
    )
    .execute(&mut **tx)
    .await?;
    let detail = format!("{before} → {name}");
    let act = Act::on("members.rename", "user", user.0).changing(&detail);
    match by {
        Some(who) => audit::by_oneself(d, tx, who, act).await,
        None => audit::by_system(d, tx, act).await,
    }
}
