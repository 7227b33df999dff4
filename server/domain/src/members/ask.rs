//! Asking an establishment to be let in: for people whom Pro Santé Connect identifies and nobody has added yet.

use jiff_sqlx::ToSqlx;
use model::{
    ids::EstablishmentId,
    members::{Answer, AskedAccess},
    text::Reason,
};

use super::tell::{About, tell_administrators};
use crate::{
    Domain, Fault, Origin, Refused,
    audit::{self, PlatformAct},
    clock::moment,
    db::TenantTx,
    establishments, events,
    fault::fault_from,
    identity::{Identified, Method},
    limits::{self, Limited, TooMany},
};

/// The event of a request that is new, taken back or answered.
pub(super) const REQUESTS_CHANGED: &str = "members.requests";
/// Open requests of one person.
const MOST: i64 = 5;
/// Requests and refusals that are shown of one person.
const SHOWN: i64 = 20;

/// Why nothing was asked.
#[derive(Debug, thiserror::Error)]
pub enum AskError {
    /// Only an identity that was proved elsewhere can be recognised.
    #[error("not identified by Pro Santé Connect")]
    Forbidden,
    /// No such establishment.
    #[error("not found")]
    NotFound,
    /// The person belongs already.
    #[error("already a member")]
    AlreadyMember,
    /// Five establishments are to answer first.
    #[error("too many open requests")]
    Open,
    /// Asked too often today.
    #[error("too many requests")]
    TooMany(TooMany),
    /// An incident.
    #[error(transparent)]
    Fault(#[from] Fault),
}
fault_from!(AskError);

impl From<Limited> for AskError {
    fn from(limited: Limited) -> Self {
        match limited {
            Limited::TooMany(wait) => Self::TooMany(wait),
            Limited::Fault(fault) => Self::Fault(fault),
        }
    }
}

fn act<'a>(who: &Identified, origin: Origin, to: EstablishmentId, action: &'a str) -> PlatformAct<'a> {
    PlatformAct {
        actor: Some(who.user),
        session: Some(who.session),
        establishment: Some(to),
        origin: Some(origin),
        ..PlatformAct::done(action)
    }
}

/// Asks. Asked twice, the later words count.
///
/// # Errors
/// See [`AskError`].
pub async fn ask(
    d: &Domain,
    who: &Identified,
    origin: Origin,
    to: EstablishmentId,
    message: Option<&Reason>,
) -> Result<(), AskError> {
    if who.method != Method::Psc {
        return Err(AskError::Forbidden);
    }
    limits::ask(d, who.user).await?;
    let mut tx = d.db.pool.begin().await?;
    // One after the other, or several at once would each find room.
    sqlx::query!("SELECT id FROM control.users WHERE id = $1 FOR NO KEY UPDATE", who.user.0)
        .fetch_one(&mut *tx)
        .await?;
    let row = sqlx::query!(
        r#"SELECT EXISTS (SELECT FROM control.memberships m WHERE m.user_id = $2 AND m.establishment_id = e.id) AS "member!",
               (SELECT count(*) FROM control.access_requests r WHERE r.user_id = $2 AND r.establishment_id <> e.id) AS "open!"
           FROM control.establishments e WHERE e.id = $1 AND e.status = 'active'"#,
        to.0,
        who.user.0
    )
    .fetch_optional(&mut *tx)
    .await?
    .ok_or(AskError::NotFound)?;
    if row.member {
        return Err(AskError::AlreadyMember);
    }
    if row.open >= MOST {
        return Err(AskError::Open);
    }
    // A row that this statement made has no earlier writer (PostgreSQL, system column xmax).
    let first = sqlx::query_scalar!(
        r#"INSERT INTO control.access_requests (user_id, establishment_id, message, asked_at) VALUES ($1, $2, $3, $4)
         ON CONFLICT (user_id, establishment_id) DO UPDATE SET message = $3, asked_at = $4 RETURNING xmax = 0 AS "first!""#,
        who.user.0,
        to.0,
        message.map(AsRef::as_ref),
        d.now().to_sqlx() as _
    )
    .fetch_one(&mut *tx)
    .await?;
    // What they answered before is no answer to this.
    sqlx::query!(
        "DELETE FROM control.access_refusals WHERE user_id = $1 AND establishment_id = $2",
        who.user.0,
        to.0
    )
    .execute(&mut *tx)
    .await?;
    audit::platform(d, &mut tx, act(who, origin, to, "members.ask")).await?;
    // Other words for the same request are no other request.
    if first {
        tell_administrators(d, &mut tx, to, About::AccessRequest { by: who.user }).await?;
    }
    tx.commit().await?;
    wake(d, to).await;
    Ok(())
}

/// Takes one's request back.
///
/// # Errors
/// [`Refused::NotFound`] where there is none; an incident.
pub async fn withdraw(
    d: &Domain,
    who: &Identified,
    origin: Origin,
    from: EstablishmentId,
) -> Result<(), Refused> {
    let mut tx = d.db.pool.begin().await?;
    let gone = sqlx::query!(
        "DELETE FROM control.access_requests WHERE user_id = $1 AND establishment_id = $2",
        who.user.0,
        from.0
    )
    .execute(&mut *tx)
    .await?;
    if gone.rows_affected() == 0 {
        return Err(Refused::NotFound);
    }
    audit::platform(d, &mut tx, act(who, origin, from, "members.withdraw")).await?;
    tx.commit().await?;
    wake(d, from).await;
    Ok(())
}

/// Open pages of the establishment's administrators read the requests again. A page that doesn't hear of it does so when it is
/// opened the next time.
pub(crate) async fn wake(d: &Domain, place: EstablishmentId) {
    let woken = async {
        let mut tx = TenantTx::begin(&d.db, place).await?;
        events::publish(d, &mut tx, REQUESTS_CHANGED, None).await?;
        tx.commit().await
    }
    .await;
    if let Err(error) = woken {
        tracing::error!(%error, establishment = %place, "incident: no page hears of a request for access");
    }
}

/// What became of one's requests: those that wait, then those that were declined within a month, the last first. Who was let in
/// has nothing left to ask.
///
/// # Errors
/// An incident.
pub async fn asked(d: &Domain, who: &Identified) -> Result<Vec<AskedAccess>, Fault> {
    let rows = sqlx::query!(
        r#"SELECT e.id, e.slug, e.name, e.town, r.at AS "at!", r.declined AS "declined!"
           FROM (SELECT establishment_id, asked_at AS at, false AS declined FROM control.access_requests WHERE user_id = $1
                 UNION ALL
                 SELECT establishment_id, declined_at, true FROM control.access_refusals WHERE user_id = $1) r
           JOIN control.establishments e ON e.id = r.establishment_id AND e.status = 'active'
           ORDER BY r.declined, r.at DESC, e.id LIMIT $2"#,
        who.user.0,
        SHOWN
    )
    .fetch_all(&d.db.pool)
    .await?;
    rows.into_iter()
        .map(|row| {
            Ok(AskedAccess {
                establishment: establishments::card(row.id, &row.slug, row.name, row.town)?,
                // Nobody's establishment yet, hence nobody's zone but the country's.
                at: moment(row.at.to_jiff(), &establishments::default_zone()),
                answer: if row.declined { Answer::Declined } else { Answer::None },
            })
        })
        .collect()
}
