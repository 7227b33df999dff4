//! Linking an identity of another name than the account's: both names are shown first. At a desk that several people use, a
//! colleague's card may be in the reader, and whoever is linked opens the account from then on.

use jiff::Timestamp;
use model::psc::{LinkOffer, UserInfo, practices};
use serde::{Deserialize, Serialize};

use super::{
    PscError, Turned,
    arrive::{self, Visit, arrive},
    begin::{Intent, Transaction},
    finish::{Finished, turned},
    people,
    session::PscSession,
    verify::Proved,
};
use crate::{
    Domain, Fault, Origin,
    audit::{self, PlatformAct},
    establishments,
    identity::{
        authenticate::Identified,
        ceremony::{self, Kind},
        session::Device,
    },
};

/// What came back, until the person has said whether it is them.
#[derive(Serialize, Deserialize)]
struct Waiting {
    transaction: Transaction,
    authenticated_at: Timestamp,
    factor_at: Option<Timestamp>,
    session: PscSession,
    info: UserInfo,
}

/// Keeps what came back where it has another name than the account, and gives its token. A link that can't be is refused at once.
pub(super) async fn ask_first(
    d: &Domain,
    visit: &Visit<'_>,
    transaction: &Transaction,
    proved: &Proved,
    session: &PscSession,
    info: &UserInfo,
) -> Result<Option<String>, PscError> {
    let intent = transaction.intent;
    let Intent::Link { user, .. } = intent else { return Ok(None) };
    arrive::admitted(d, visit, transaction, proved)?;
    let mut tx = d.db.pool.begin().await?;
    let before = people::name(&mut *tx, user).await?;
    let person = people::person(d, &mut tx, &session.issuer, info, intent).await?;
    // It was a rehearsal.
    tx.rollback().await?;
    if establishments::fold(&before) == establishments::fold(&person.name) {
        return Ok(None);
    }
    let waiting = Waiting {
        transaction: transaction.clone(),
        authenticated_at: proved.authenticated_at,
        factor_at: proved.factor_at,
        session: session.clone(),
        info: info.clone(),
    };
    Ok(Some(ceremony::begin(d, &d.db.pool, Kind::PscLink, Some(user), None, &waiting).await?))
}

/// Whose identity waits to be linked to one's own account. `None` for a token that is unknown, used, too old or another session's.
///
/// # Errors
/// An incident.
pub async fn link_offer(d: &Domain, who: &Identified, token: &str) -> Result<Option<LinkOffer>, Fault> {
    let found = ceremony::read::<Waiting>(d, &d.db.pool, Kind::PscLink, token).await?;
    let Some(waiting) = found.filter(|waiting| is_for(waiting, who)) else { return Ok(None) };
    Ok(Some(LinkOffer {
        account: people::name(&d.db.pool, who.user).await?,
        identity: people::full_name(&waiting.info),
        practices: practices(&waiting.info),
    }))
}

fn is_for(waiting: &Waiting, who: &Identified) -> bool {
    waiting.transaction.intent == Intent::Link { user: who.user, session: who.session }
}

/// Gives up what waits: it is somebody else's. Nothing of it is kept, so that nobody at this desk confirms it later. A token that is
/// no good gives nothing up.
///
/// # Errors
/// An incident.
pub async fn decline_link(d: &Domain, origin: Origin, who: &Identified, token: &str) -> Result<(), Fault> {
    let found = ceremony::read::<Waiting>(d, &d.db.pool, Kind::PscLink, token).await?;
    if found.is_none_or(|waiting| !is_for(&waiting, who)) {
        return Ok(());
    }
    let mut tx = d.db.pool.begin().await?;
    ceremony::forget(d, &mut *tx, Kind::PscLink, token).await?;
    let act = PlatformAct {
        actor: Some(who.user),
        session: Some(who.session),
        outcome: "refused",
        reason: Some("declined"),
        origin: Some(origin),
        ..PlatformAct::done(link_of(who).action())
    };
    audit::platform(d, &mut tx, act).await?;
    Ok(tx.commit().await?)
}

/// Links what waits: the person has seen both names. As [`super::finish`] otherwise. The question may have stood there for ten
/// minutes: the factor shown here must still be fresh. Otherwise it is begun anew, for another factor gives the session another name.
///
/// # Errors
/// See [`Turned`].
pub async fn confirm_link(
    d: &Domain,
    origin: Origin,
    device: Device<'_>,
    who: &Identified,
    token: &str,
) -> Result<Finished, Turned> {
    let mut return_to = None;
    let done = async {
        let found = ceremony::read::<Waiting>(d, &d.db.pool, Kind::PscLink, token).await?;
        let waiting = found.filter(|waiting| is_for(waiting, who)).ok_or(PscError::Expired)?;
        if !who.is_fresh(d) {
            ceremony::forget(d, &d.db.pool, Kind::PscLink, token).await?;
            return Err(PscError::StepUp);
        }
        return_to = Some(waiting.transaction.return_to.clone());
        let proved = Proved {
            sub: waiting.session.sub.clone(),
            sid: waiting.session.sid.clone(),
            authenticated_at: waiting.authenticated_at,
            factor_at: waiting.factor_at,
            id_token: String::new(),
        };
        let visit = Visit { origin, device, who: Some(who), question: Some(token) };
        arrive(d, &visit, &waiting.transaction, &proved, waiting.session, &waiting.info).await
    }
    .await;
    match done {
        Ok(issued) => Ok(Finished { issued, intent: link_of(who), return_to: return_to.unwrap_or_default() }),
        Err(why) => Err(turned(d, origin, Some(who), why, Some(link_of(who)), return_to).await),
    }
}

/// What they had gone for.
fn link_of(who: &Identified) -> Intent {
    Intent::Link { user: who.user, session: who.session }
}
