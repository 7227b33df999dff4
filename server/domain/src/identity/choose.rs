//! Which of their exercises and activities somebody works in now, as Pro Santé Connect knows them.

use model::psc::Practice;

use super::{account, authenticate::Identified};
use crate::{
    Domain, Origin, Refused,
    audit::{self, PlatformAct},
};

/// Chooses one. It stays as long as the session.
///
/// # Errors
/// [`Refused::NotFound`] where the provider knows no such one of this person; an incident.
pub async fn choose_practice(
    d: &Domain,
    who: &Identified,
    origin: Origin,
    index: u16,
) -> Result<Practice, Refused> {
    let mine = account::practices_of_session(d, who.session).await?;
    let chosen = mine.into_iter().find(|practice| practice.index == index).ok_or(Refused::NotFound)?;
    let mut tx = d.db.pool.begin().await?;
    let kept = sqlx::query!(
        "UPDATE control.sessions SET practice = $2 WHERE id = $1 AND revoked_at IS NULL",
        who.session.0,
        serde_json::to_value(&chosen).map_err(crate::Fault::from)?
    )
    .execute(&mut *tx)
    .await?;
    if kept.rows_affected() == 0 {
        return Err(Refused::NotFound);
    }
    let act = PlatformAct {
        actor: Some(who.user),
        session: Some(who.session),
        origin: Some(origin),
        ..PlatformAct::done("identity.choose_practice")
    };
    audit::platform(d, &mut tx, act).await?;
    tx.commit().await?;
    d.sessions.forget(who.session);
    Ok(chosen)
}
