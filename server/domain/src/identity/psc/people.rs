//! Whose account an identity is: found by issuer and `SubjectNameID`, never by name or e-mail; made where there is none, without
//! any right.

use jiff_sqlx::ToSqlx;
use model::{
    identifiers::Rpps,
    ids::{EstablishmentId, UserId},
    psc::UserInfo,
};
use sqlx::{PgConnection, PgExecutor};

use super::{PscError, begin::Intent};
use crate::{Domain, Fault, clock, establishments};

/// See [`forget_strangers`].
const STRANGER_DAYS: i64 = 90;

/// The person behind an identity.
pub(super) struct Person {
    pub user: UserId,
    pub name: String,
    /// `CAMILLE EXEMPLE → SOPHIE MODÈLE`, where the account had another one before.
    pub renamed: Option<String>,
    /// Nobody had come with this identity before.
    pub is_new: bool,
    /// The account that the identity opened before, which is gone.
    pub given_up: Option<GivenUp>,
}

/// An account that went because its identity opens another one now. Its row, and whatever must hear of it once that is done, are
/// the caller's.
pub(super) struct GivenUp {
    pub user: UserId,
    /// Establishments that it had asked to be let in, and that hadn't answered.
    pub asked: Vec<EstablishmentId>,
}

/// Finds the account, or makes one; what the provider says of the person is kept anew.
pub(super) async fn person(
    d: &Domain,
    tx: &mut PgConnection,
    issuer: &str,
    info: &UserInfo,
    intent: Intent,
) -> Result<Person, PscError> {
    let linked = find(tx, issuer, info, intent).await?;
    let mut given_up = None;
    let user = match (intent, linked) {
        (Intent::SignIn | Intent::SignInAgain, Some(user)) => user,
        (Intent::SignIn | Intent::SignInAgain, None) => {
            let user = create(d, tx, info).await?;
            link(d, tx, issuer, info, user).await?;
            user
        }
        (Intent::Link { user, .. } | Intent::StepUp { user, .. }, Some(linked)) if linked == user => user,
        (Intent::Link { user, .. }, linked) => {
            if let Some(linked) = linked {
                given_up = Some(give_up(tx, linked).await?.ok_or(PscError::AlreadyLinked)?);
            }
            if has_another(tx, issuer, user).await? {
                return Err(PscError::AlreadyLinked);
            }
            link(d, tx, issuer, info, user).await?;
            user
        }
        // Somebody else showed who they are.
        (Intent::StepUp { .. }, _) => return Err(PscError::Rejected("another person".into())),
    };
    let is_new = linked.is_none() && matches!(intent, Intent::SignIn | Intent::SignInAgain);
    Ok(Person { is_new, given_up, ..refresh(d, tx, issuer, info, user).await? })
}

/// Whose identity it is. Their row is locked before the identity's, as everywhere, and so is the row of who comes to link or to
/// show who they are; several in one order, or two acts wait for each other.
async fn find(
    tx: &mut PgConnection,
    issuer: &str,
    info: &UserInfo,
    intent: Intent,
) -> Result<Option<UserId>, PscError> {
    let before = sqlx::query_scalar!(
        "SELECT user_id FROM control.psc_identities WHERE issuer = $1 AND subject_name_id = $2",
        issuer,
        info.national_id.as_ref()
    )
    .fetch_optional(&mut *tx)
    .await?;
    let here = match intent {
        Intent::SignIn | Intent::SignInAgain => None,
        Intent::Link { user, .. } | Intent::StepUp { user, .. } => Some(user.0),
    };
    let people: Vec<uuid::Uuid> = before.into_iter().chain(here).collect();
    sqlx::query!("SELECT id FROM control.users WHERE id = ANY ($1) ORDER BY id FOR NO KEY UPDATE", &people)
        .fetch_all(&mut *tx)
        .await?;
    let now = sqlx::query_scalar!(
        "SELECT user_id FROM control.psc_identities WHERE issuer = $1 AND subject_name_id = $2 FOR UPDATE",
        issuer,
        info.national_id.as_ref()
    )
    .fetch_optional(tx)
    .await?;
    match now {
        // Linked to another account meanwhile, whose row is not locked.
        Some(other) if !people.contains(&other) => Err(PscError::Expired),
        now => Ok(now.map(UserId)),
    }
}

/// Somebody who pressed the button before they linked has an account that nobody let in anywhere, and no other way into it: it
/// goes, and its identity is free. Any other stays: the rule of [`forget_strangers`].
async fn give_up(tx: &mut PgConnection, user: UserId) -> Result<Option<GivenUp>, Fault> {
    // Whoever is being let in this moment holds the row. Whether they were is for another statement to say: one that has waited
    // for a key's lock doesn't look again at other tables.
    let stranger = sqlx::query_scalar!(
        "SELECT id FROM control.users WHERE id = $1 AND password_changed_at IS NULL AND NOT platform_administrator
           AND disabled_at IS NULL FOR UPDATE",
        user.0
    )
    .fetch_optional(&mut *tx)
    .await?;
    if stranger.is_none() {
        return Ok(None);
    }
    let asked = sqlx::query_scalar!(
        "SELECT establishment_id FROM control.access_requests WHERE user_id = $1 ORDER BY establishment_id",
        user.0
    )
    .fetch_all(&mut *tx)
    .await?;
    let gone = sqlx::query!(
        "DELETE FROM control.users u
         WHERE u.id = $1 AND NOT EXISTS (SELECT FROM control.memberships WHERE user_id = u.id)
           AND NOT EXISTS (SELECT FROM control.passkeys WHERE user_id = u.id)",
        user.0
    )
    .execute(tx)
    .await?;
    let asked = asked.into_iter().map(EstablishmentId).collect();
    Ok((gone.rows_affected() == 1).then_some(GivenUp { user, asked }))
}

/// One account is one person, and so one identity of an issuer.
async fn has_another(tx: &mut PgConnection, issuer: &str, user: UserId) -> Result<bool, Fault> {
    let found = sqlx::query_scalar!(
        r#"SELECT EXISTS (SELECT FROM control.psc_identities WHERE issuer = $1 AND user_id = $2) AS "found!""#,
        issuer,
        user.0
    )
    .fetch_one(tx)
    .await?;
    Ok(found)
}

/// Given and family name; one of them may be empty.
fn names(info: &UserInfo) -> (&str, &str) {
    (info.given_name.as_deref().unwrap_or_default(), info.family_name.as_deref().unwrap_or_default())
}

fn full(given: &str, family: &str) -> String {
    format!("{given} {family}").trim().to_owned()
}

/// The name that the provider gives.
pub(super) fn full_name(info: &UserInfo) -> String {
    let (given, family) = names(info);
    full(given, family)
}

/// The name of an account.
pub(super) async fn name(db: impl PgExecutor<'_>, user: UserId) -> Result<String, Fault> {
    let row = sqlx::query!("SELECT given_name, family_name FROM control.users WHERE id = $1", user.0)
        .fetch_one(db)
        .await?;
    Ok(full(&row.given_name, &row.family_name))
}

async fn create(d: &Domain, tx: &mut PgConnection, info: &UserInfo) -> Result<UserId, Fault> {
    let (given, family) = names(info);
    let user = UserId(d.random.uuid(d.now())?);
    sqlx::query!(
        "INSERT INTO control.users (id, given_name, family_name, search_text, created_at) VALUES ($1, $2, $3, $4, $5)",
        user.0,
        given,
        family,
        establishments::fold(&full(given, family)),
        d.now().to_sqlx() as _
    )
    .execute(tx)
    .await?;
    Ok(user)
}

/// Two browsers may come at once with an identity that nobody knows yet: the second waits here, and is told to begin again.
async fn link(
    d: &Domain,
    tx: &mut PgConnection,
    issuer: &str,
    info: &UserInfo,
    user: UserId,
) -> Result<(), PscError> {
    let linked = sqlx::query!(
        "INSERT INTO control.psc_identities (issuer, subject_name_id, user_id, sub, profile, linked_at, last_sign_in_at)
         VALUES ($1, $2, $3, $4, '{}', $5, $5) ON CONFLICT DO NOTHING",
        issuer,
        info.national_id.as_ref(),
        user.0,
        info.subject,
        d.now().to_sqlx() as _
    )
    .execute(tx)
    .await?;
    if linked.rows_affected() == 1 { Ok(()) } else { Err(PscError::Expired) }
}

async fn refresh(
    d: &Domain,
    tx: &mut PgConnection,
    issuer: &str,
    info: &UserInfo,
    user: UserId,
) -> Result<Person, PscError> {
    let rpps = Rpps::of_national_id(info.national_id.as_ref());
    sqlx::query!(
        "UPDATE control.psc_identities SET sub = $3, rpps = $4, profile = $5, last_sign_in_at = $6
         WHERE issuer = $1 AND subject_name_id = $2",
        issuer,
        info.national_id.as_ref(),
        info.subject,
        rpps.as_ref().map(AsRef::as_ref),
        serde_json::to_value(info).map_err(Fault::from)?,
        d.now().to_sqlx() as _
    )
    .execute(&mut *tx)
    .await?;
    let row = sqlx::query!(
        "SELECT given_name, family_name, email, disabled_at FROM control.users WHERE id = $1 FOR NO KEY UPDATE",
        user.0
    )
    .fetch_one(&mut *tx)
    .await?;
    if row.disabled_at.is_some() {
        return Err(PscError::Disabled);
    }
    let (given, family) = names(info);
    let name = full(given, family);
    if row.given_name == given && row.family_name == family {
        return Ok(Person { user, name, renamed: None, is_new: false, given_up: None });
    }
    let email = row.email.unwrap_or_default();
    sqlx::query!(
        "UPDATE control.users SET given_name = $2, family_name = $3, search_text = $4 WHERE id = $1",
        user.0,
        given,
        family,
        establishments::fold(&format!("{name} {email}"))
    )
    .execute(&mut *tx)
    .await?;
    let renamed = Some(format!("{} → {name}", full(&row.given_name, &row.family_name)));
    Ok(Person { user, name, renamed, is_new: false, given_up: None })
}

/// Accounts that the button made and nobody let in anywhere go three months after they were last used: who comes back then is a
/// stranger again. Each leaves its row.
pub(crate) async fn forget_strangers(d: &Domain) -> Result<(), Fault> {
    let before = clock::days(d.now(), -STRANGER_DAYS);
    sqlx::query!(
        "WITH gone AS (
             DELETE FROM control.users u WHERE u.password_changed_at IS NULL AND NOT u.platform_administrator
                 AND u.created_at <= $1 AND u.disabled_at IS NULL
                 AND NOT EXISTS (SELECT FROM control.memberships WHERE user_id = u.id)
                 AND NOT EXISTS (SELECT FROM control.access_requests WHERE user_id = u.id)
                 AND NOT EXISTS (SELECT FROM control.psc_identities WHERE user_id = u.id AND last_sign_in_at > $1)
                 AND NOT EXISTS (SELECT FROM control.passkeys WHERE user_id = u.id)
             RETURNING u.id)
         INSERT INTO control.audit (at, actor_kind, action, object_kind, object_id, outcome)
         SELECT $2, 'system', 'identity.forget_stranger', 'user', id, 'done' FROM gone",
        before.to_sqlx() as _,
        d.now().to_sqlx() as _
    )
    .execute(&d.db.pool)
    .await?;
    Ok(())
}
