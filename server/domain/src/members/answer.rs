//! Answering who asks to be let in. The person proved who they are at Pro Santé Connect; that they work here, the administrator
//! knows.

use jiff_sqlx::ToSqlx;
use model::{
    ids::UserId,
    members::AccessRequest,
    psc::{UserInfo, practices},
    roles::Roles,
};

use super::{
    add::{AddError, insert_membership, project},
    answered::Answered,
    ask::REQUESTS_CHANGED,
};
use crate::{
    Admin, Domain, Fault, Refused, StepUp,
    audit::{self, Act, PlatformAct},
    clock::moment,
    db::TenantTx,
    establishments, events,
    fault::fault_from,
    jobs::{self, Work},
    mail::Letter,
};

/// Most that a page shows: the oldest come first.
const MOST: i64 = 50;

/// Why nobody was let in.
#[derive(Debug, thiserror::Error)]
pub enum AnswerError {
    /// There is no such request (any more).
    #[error("not found")]
    NotFound,
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
fault_from!(AnswerError);

/// Who asks, the oldest request first.
///
/// # Errors
/// An incident.
pub async fn requests(d: &Domain, who: &Admin) -> Result<Vec<AccessRequest>, Refused> {
    let staff = who.staff();
    let zone = establishments::zone(d, staff.establishment).await?;
    let rows = sqlx::query!(
        r#"SELECT r.user_id, r.message, r.asked_at, u.given_name, u.family_name, i.rpps AS "rpps?", i.profile AS "profile?"
           FROM control.access_requests r JOIN control.users u ON u.id = r.user_id AND u.disabled_at IS NULL
           LEFT JOIN LATERAL (SELECT rpps, profile FROM control.psc_identities p WHERE p.user_id = u.id
                              ORDER BY p.last_sign_in_at DESC LIMIT 1) i ON true
           WHERE r.establishment_id = $1 ORDER BY r.asked_at, r.user_id LIMIT $2"#,
        staff.establishment.0,
        MOST
    )
    .fetch_all(&d.db.pool)
    .await?;
    let asked = rows.into_iter().map(|row| {
        let info = row.profile.map(serde_json::from_value::<UserInfo>).transpose()?;
        Ok(AccessRequest {
            user: UserId(row.user_id),
            name: format!("{} {}", row.given_name, row.family_name),
            rpps: row.rpps.and_then(|text| text.parse().ok()),
            practices: info.as_ref().map(practices).unwrap_or_default(),
            message: row.message,
            asked_at: moment(row.asked_at.to_jiff(), &zone),
        })
    });
    Ok(asked.collect::<Result<_, Fault>>()?)
}

/// How many people wait for an answer.
///
/// # Errors
/// An incident.
pub async fn requests_waiting(d: &Domain, who: &Admin) -> Result<u32, Refused> {
    let n = sqlx::query_scalar!(
        r#"SELECT count(*) AS "n!" FROM control.access_requests r JOIN control.users u ON u.id = r.user_id AND u.disabled_at IS NULL
           WHERE r.establishment_id = $1"#,
        who.staff().establishment.0
    )
    .fetch_one(&d.db.pool)
    .await?;
    Ok(u32::try_from(n).unwrap_or(u32::MAX))
}

/// Lets somebody in, with these roles.
///
/// # Errors
/// See [`AnswerError`].
pub async fn accept(d: &Domain, who: &Admin, user: UserId, roles: &Roles) -> Result<(), AnswerError> {
    if roles.is_empty() {
        return Err(AnswerError::NoRole);
    }
    let staff = who.staff();
    staff.must_be_fresh(d)?;
    let name = sqlx::query!(
        "SELECT u.given_name, u.family_name FROM control.access_requests r JOIN control.users u ON u.id = r.user_id
         WHERE r.user_id = $1 AND r.establishment_id = $2 AND u.disabled_at IS NULL
           AND NOT EXISTS (SELECT FROM control.memberships m WHERE m.user_id = $1 AND m.establishment_id = $2)",
        user.0,
        staff.establishment.0
    )
    .fetch_optional(&d.db.pool)
    .await?
    .ok_or(AnswerError::NotFound)?;
    // The name comes first, as when a person is added: without a membership it stands in no list.
    project(d, staff.establishment, user, &format!("{} {}", name.given_name, name.family_name)).await?;
    let detail = roles.names().join(" ");
    let mut tx = d.db.pool.begin().await?;
    // First the person, then what is theirs: an account that is being given up goes with its request, or stays.
    sqlx::query!("SELECT id FROM control.users WHERE id = $1 FOR KEY SHARE", user.0)
        .fetch_optional(&mut *tx)
        .await?
        .ok_or(AnswerError::NotFound)?;
    answered(d, &mut tx, staff, user, true).await?;
    insert_membership(d, &mut tx, user, staff.establishment, roles).await.map_err(|error| match error {
        AddError::Fault(fault) => AnswerError::Fault(fault),
        _ => AnswerError::NotFound,
    })?;
    let act = PlatformAct { detail: Some(&detail), ..PlatformAct::by_staff(staff, "members.accept", user) };
    audit::platform(d, &mut tx, act).await?;
    tx.commit().await?;
    d.sessions.forget_user(user);
    tell(d, who, Act::on("members.accept", "user", user.0).changing(&detail)).await?;
    Ok(())
}

/// Says no. The person may ask again.
///
/// # Errors
/// See [`AnswerError`].
pub async fn decline(d: &Domain, who: &Admin, user: UserId) -> Result<(), AnswerError> {
    let staff = who.staff();
    let mut tx = d.db.pool.begin().await?;
    answered(d, &mut tx, staff, user, false).await?;
    // Whoever comes back after the page that waited was closed reads it then.
    sqlx::query!(
        "INSERT INTO control.access_refusals (user_id, establishment_id, declined_at) VALUES ($1, $2, $3)
         ON CONFLICT (user_id, establishment_id) DO UPDATE SET declined_at = $3",
        user.0,
        staff.establishment.0,
        d.now().to_sqlx() as _
    )
    .execute(&mut *tx)
    .await?;
    audit::platform(d, &mut tx, PlatformAct::by_staff(staff, "members.decline", user)).await?;
    tx.commit().await?;
    tell(d, who, Act::on("members.decline", "user", user.0)).await?;
    Ok(())
}

/// Takes the request away, and tells the person: of two administrators who answer, one does.
async fn answered(
    d: &Domain,
    tx: &mut sqlx::PgConnection,
    staff: &crate::Staff,
    user: UserId,
    accepted: bool,
) -> Result<(), AnswerError> {
    let gone = sqlx::query!(
        "DELETE FROM control.access_requests WHERE user_id = $1 AND establishment_id = $2",
        user.0,
        staff.establishment.0
    )
    .execute(&mut *tx)
    .await?;
    if gone.rows_affected() == 0 {
        return Err(AnswerError::NotFound);
    }
    let letter = Letter::Answered(Answered { user, establishment: staff.establishment, accepted });
    Ok(jobs::enqueue_own(d, tx, Work::Mail { letter }).await?)
}

/// The establishment's own audit follows: the two share no transaction.
async fn tell(d: &Domain, who: &Admin, act: Act<'_>) -> Result<(), Fault> {
    let staff = who.staff();
    let mut tx = TenantTx::begin(&d.db, staff.establishment).await?;
    audit::by_staff(d, &mut tx, staff, act).await?;
    events::publish(d, &mut tx, REQUESTS_CHANGED, None).await?;
    tx.commit().await
}
