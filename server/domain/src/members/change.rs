//! Changing a person's roles, or ending their access.

use jiff_sqlx::ToSqlx;
use model::{
    ids::{EstablishmentId, UserId},
    roles::{Role, Roles},
};
use sqlx::PgConnection;

use crate::{
    Admin, Domain, Fault, StepUp,
    audit::{self, Act, PlatformAct},
    db::TenantTx,
    establishments,
    fault::fault_from,
};

/// Why nothing was changed.
#[derive(Debug, thiserror::Error)]
pub enum ChangeError {
    /// No such person in this establishment.
    #[error("not found")]
    NotFound,
    /// Nobody edits their own rights.
    #[error("one's own rights")]
    OwnRights,
    /// The establishment would be left without an administrator.
    #[error("last administrator")]
    LastAdministrator,
    /// The establishment lets people in with Pro Santé Connect only, and would be left without an administrator whom that
    /// recognises.
    #[error("last linked administrator")]
    NoLinkedAdministrator,
    /// No role was given.
    #[error("at least one role is needed")]
    NoRole,
    /// A second factor must be shown again first.
    #[error(transparent)]
    StepUp(#[from] StepUp),
    /// An incident.
    #[error(transparent)]
    Fault(#[from] Fault),
}
fault_from!(ChangeError);

enum Change<'a> {
    Roles(&'a Roles),
    Disable,
    Enable,
}

/// Replaces a member's roles. Effective within five seconds in open sessions.
///
/// # Errors
/// See [`ChangeError`].
pub async fn change_roles(d: &Domain, who: &Admin, user: UserId, roles: &Roles) -> Result<(), ChangeError> {
    if roles.is_empty() {
        return Err(ChangeError::NoRole);
    }
    change(d, who, user, "members.change_roles", Change::Roles(roles)).await
}

/// Ends a member's access to this establishment, and their sessions in it.
///
/// # Errors
/// See [`ChangeError`].
pub async fn disable(d: &Domain, who: &Admin, user: UserId) -> Result<(), ChangeError> {
    change(d, who, user, "members.disable", Change::Disable).await
}

/// Gives a disabled member their access back.
///
/// # Errors
/// See [`ChangeError`].
pub async fn enable(d: &Domain, who: &Admin, user: UserId) -> Result<(), ChangeError> {
    change(d, who, user, "members.enable", Change::Enable).await
}

async fn change(
    d: &Domain,
    who: &Admin,
    user: UserId,
    action: &str,
    change: Change<'_>,
) -> Result<(), ChangeError> {
    let staff = who.staff();
    if user == staff.user {
        return Err(ChangeError::OwnRights);
    }
    // Taking access away needs no more than the session: it is often urgent.
    if !matches!(change, Change::Disable) {
        staff.must_be_fresh(d)?;
    }
    let mut tx = d.db.pool.begin().await?;
    // First the person, then what is theirs: whoever signs in or moves meanwhile waits here, or has been seen.
    sqlx::query!("SELECT id FROM control.users WHERE id = $1 FOR NO KEY UPDATE", user.0)
        .fetch_optional(&mut *tx)
        .await?;
    let members = sqlx::query!(
        "SELECT user_id, roles, disabled_at FROM control.memberships WHERE establishment_id = $1 ORDER BY user_id FOR UPDATE",
        staff.establishment.0
    )
    .fetch_all(&mut *tx)
    .await?;
    let Some(before) = members.iter().find(|row| row.user_id == user.0) else {
        return Err(ChangeError::NotFound);
    };
    let detail = match &change {
        Change::Roles(roles) => Some(format!("{} → {}", before.roles.join(" "), roles.names().join(" "))),
        Change::Disable | Change::Enable => None,
    };
    let stays = match change {
        Change::Roles(roles) => roles.hold(Role::Administrator),
        Change::Disable => false,
        Change::Enable => true,
    };
    let another = members.iter().any(|row| {
        row.user_id != user.0
            && row.disabled_at.is_none()
            && Roles::from_names(&row.roles).hold(Role::Administrator)
    });
    if !stays && !another {
        return Err(ChangeError::LastAdministrator);
    }
    if !stays && establishments::hangs_on(d, &mut tx, staff.establishment, user).await? {
        return Err(ChangeError::NoLinkedAdministrator);
    }
    let now = d.now();
    match &change {
        Change::Roles(roles) => {
            sqlx::query!(
                "UPDATE control.memberships SET roles = $3 WHERE user_id = $1 AND establishment_id = $2",
                user.0,
                staff.establishment.0,
                &roles.names()
            )
            .execute(&mut *tx)
            .await?;
        }
        Change::Disable | Change::Enable => {
            let at = matches!(change, Change::Disable).then(|| now.to_sqlx());
            sqlx::query!(
                "UPDATE control.memberships SET disabled_at = $3 WHERE user_id = $1 AND establishment_id = $2",
                user.0,
                staff.establishment.0,
                at as _
            )
            .execute(&mut *tx)
            .await?;
        }
    }
    if matches!(change, Change::Disable) {
        sqlx::query!(
            "UPDATE control.sessions SET revoked_at = $3, revoked_reason = 'disabled'
             WHERE user_id = $1 AND establishment_id = $2 AND revoked_at IS NULL",
            user.0,
            staff.establishment.0,
            now.to_sqlx() as _
        )
        .execute(&mut *tx)
        .await?;
    }
    // Memberships lie in `control`: so does the row that goes with the change. The establishment's own audit,
    // which its administrators read, follows below.
    let act = PlatformAct { detail: detail.as_deref(), ..PlatformAct::by_staff(staff, action, user) };
    audit::platform(d, &mut tx, act).await?;
    tx.commit().await?;
    d.sessions.forget_user(user);

    let mut written = is_active(d, staff.establishment, user).await?;
    let mut tx = TenantTx::begin(&d.db, staff.establishment).await?;
    project(&mut tx, user, written).await?;
    let act = Act { detail: detail.as_deref(), ..Act::on(action, "user", user.0) };
    audit::by_staff(d, &mut tx, staff, act).await?;
    tx.commit().await?;
    // Two changes at once come here in any order: whoever writes last looks again, and what the membership says stays.
    loop {
        let now = is_active(d, staff.establishment, user).await?;
        if now == written {
            return Ok(());
        }
        let mut tx = TenantTx::begin(&d.db, staff.establishment).await?;
        project(&mut tx, user, now).await?;
        tx.commit().await?;
        written = now;
    }
}

/// Whether the person's membership stands.
async fn is_active(d: &Domain, establishment: EstablishmentId, user: UserId) -> Result<bool, Fault> {
    let found = sqlx::query_scalar!(
        r#"SELECT EXISTS (SELECT FROM control.memberships WHERE user_id = $1 AND establishment_id = $2
               AND disabled_at IS NULL) AS "found!""#,
        user.0,
        establishment.0
    )
    .fetch_one(&d.db.pool)
    .await?;
    Ok(found)
}

/// Says so in the establishment's own list of people.
async fn project(tx: &mut PgConnection, user: UserId, active: bool) -> Result<(), Fault> {
    sqlx::query!("UPDATE staff SET active = $2 WHERE id = $1", user.0, active).execute(tx).await?;
    Ok(())
}
