//! Showing a factor again, before something that matters.

use model::factors::FactorAnswer;

use super::{FactorError, act, is_right};
use crate::{
    Domain, Origin,
    audit::{self, PlatformAct},
    identity::{
        authenticate::Identified,
        session::{self, Device, Issued},
    },
    limits,
};

/// The session goes on under a new name, with a factor shown now.
///
/// # Errors
/// See [`FactorError`].
pub async fn step_up(
    d: &Domain,
    who: &Identified,
    origin: Origin,
    device: Device<'_>,
    answer: &FactorAnswer,
) -> Result<Issued, FactorError> {
    let attempt = limits::factor(d, who.user).await?;
    let Some(method) = is_right(d, who.user, origin, device, answer).await? else {
        let mut tx = d.db.pool.begin().await?;
        let refused = PlatformAct { outcome: "refused", ..act(who, origin, "identity.step_up") };
        audit::platform(d, &mut tx, refused).await?;
        tx.commit().await?;
        return Err(FactorError::Wrong);
    };
    attempt.give_back(d).await?;
    let mut tx = d.db.pool.begin().await?;
    let issued = session::renew(d, &mut tx, who, origin, device, |proof| {
        proof.factor_at = Some(d.now());
        proof.add(method);
    })
    .await?
    .ok_or(FactorError::Expired)?;
    let done = PlatformAct { detail: Some(method), ..act(who, origin, "identity.step_up") };
    audit::platform(d, &mut tx, done).await?;
    tx.commit().await?;
    d.sessions.forget(who.session);
    Ok(issued)
}
