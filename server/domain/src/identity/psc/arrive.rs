//! The account and the session of somebody who came back from Pro Santé Connect, in one transaction.

use model::{
    ids::{EstablishmentId, UserId},
    psc::{Practice, UserInfo, practices},
    roles::Roles,
};
use sqlx::PgConnection;

use super::{
    PscError,
    begin::{Intent, Transaction},
    people::{self, Person},
    session::PscSession,
    verify::{LEEWAY, Proved},
};
use crate::{
    Domain, Fault, Origin,
    audit::{self, Oneself, PlatformAct},
    identity::{
        account,
        authenticate::Identified,
        ceremony::{self, Kind},
        notices::{self, What},
        session::{self, Device, Issued, Method, NewSession, Proof},
        sign_out,
    },
    members::{self, News},
};

/// Where somebody came from, and who is signed in there.
pub(super) struct Visit<'a> {
    pub origin: Origin,
    pub device: Device<'a>,
    pub who: Option<&'a Identified>,
    /// Token of the question that they have answered.
    pub question: Option<&'a str>,
}

impl<'a> Visit<'a> {
    /// Whoever came to link or to show who they are must still be signed in, as the same person.
    fn open_now(&self, intent: Intent) -> Result<Option<&'a Identified>, PscError> {
        match intent {
            Intent::SignIn | Intent::SignInAgain => Ok(None),
            Intent::Link { user, session } | Intent::StepUp { user, session } => {
                let here = self.who.filter(|who| who.user == user && who.session == session);
                here.map(Some).ok_or(PscError::Expired)
            }
        }
    }
}

/// Proof of now: shown since the person went there, and said so by the provider.
fn is_of_now(transaction: &Transaction, proved: &Proved) -> bool {
    proved.factor_at.is_some_and(|at| at.as_second() + LEEWAY.as_secs() >= transaction.begun_at)
}

/// Whoever asked for more than a sign-in, still signed in here and proved to be there now. Who links has a factor of now here too:
/// the way there and back may have taken minutes.
pub(super) fn admitted<'a>(
    d: &Domain,
    visit: &Visit<'a>,
    transaction: &Transaction,
    proved: &Proved,
) -> Result<Option<&'a Identified>, PscError> {
    let open_now = visit.open_now(transaction.intent)?;
    // A session that was open there already proves nothing to who asked for more.
    if transaction.intent != Intent::SignIn && !is_of_now(transaction, proved) {
        return Err(PscError::Rejected("no authentication of now".into()));
    }
    if matches!(transaction.intent, Intent::Link { .. }) && !open_now.is_some_and(|who| who.is_fresh(d)) {
        return Err(PscError::StepUp);
    }
    Ok(open_now)
}

/// Opens the session.
pub(super) async fn arrive(
    d: &Domain,
    visit: &Visit<'_>,
    transaction: &Transaction,
    proved: &Proved,
    psc: PscSession,
    info: &UserInfo,
) -> Result<Issued, PscError> {
    let intent = transaction.intent;
    let open_now = admitted(d, visit, transaction, proved)?;
    if let (Intent::StepUp { .. }, Some(who)) = (intent, open_now)
        && proved.factor_at <= who.factor_at
    {
        return Err(PscError::Rejected("no newer authentication".into()));
    }
    let mut tx = d.db.pool.begin().await?;
    let person = people::person(d, &mut tx, &psc.issuer, info, intent).await?;
    // Used up here, where the person is locked: a logout at the provider withdraws it before, or ends the session after. Whoever
    // is second finds nothing.
    if let Some(token) = visit.question
        && !ceremony::forget(d, &mut *tx, Kind::PscLink, token).await?
    {
        return Err(PscError::Expired);
    }
    let place = place(&mut tx, person.user, open_now).await?;
    let before = match open_now {
        Some(who) => session::proof(&mut tx, who.session).await?,
        None => None,
    };
    let (before, began_as) = before.map_or((None, None), |proof| (proof.practice, proof.began_as));
    if let Some(who) = open_now
        && !sign_out::end(d, &mut tx, who.session, "renewed").await?
    {
        return Err(PscError::Expired);
    }
    let none = Roles::default();
    let proof = Proof {
        method: Method::Psc,
        // A card or a telephone, and its code (RFC 8176).
        amr: vec!["mfa".to_owned()],
        authenticated_at: proved.authenticated_at,
        factor_at: proved.factor_at,
        psc: Some(psc),
        practice: practice(info, before),
        began_as,
    };
    let new = NewSession {
        user: person.user,
        establishment: place.as_ref().map(|(id, _)| *id),
        roles: place.as_ref().map_or(&none, |(_, roles)| roles),
        origin: visit.origin,
        device: visit.device,
        proof: &proof,
    };
    match intent {
        Intent::SignIn | Intent::SignInAgain => {
            notices::recognise(d, &mut tx, person.user, visit.origin, visit.device).await?;
        }
        Intent::Link { user, .. } => {
            let agent = visit.device.user_agent;
            notices::tell(d, &mut tx, user, What::Linked, visit.origin, agent).await?;
        }
        Intent::StepUp { .. } => {}
    }
    let issued = session::open(d, &mut tx, new).await?;
    record(d, &mut tx, visit, intent, &person, &issued).await?;
    tx.commit().await?;
    if let Some(who) = open_now {
        d.sessions.forget(who.session);
    }
    if let Some(gone) = &person.given_up {
        d.sessions.forget_user(gone.user);
        for place in &gone.asked {
            members::wake(d, *place).await;
        }
    }
    // Their lists show the name, their logs who is recognised from now on. Told each time: one may have missed an earlier change.
    let oneself = Oneself { user: person.user, session: Some(issued.session), origin: visit.origin };
    let linked = matches!(intent, Intent::Link { .. }).then_some("members.psc_link");
    members::tell_places(d, oneself, News { name: Some(&person.name), action: linked }).await;
    Ok(issued)
}

/// The only establishment, or the one that the session worked in.
async fn place(
    tx: &mut PgConnection,
    user: UserId,
    open_now: Option<&Identified>,
) -> Result<Option<(EstablishmentId, Roles)>, Fault> {
    let places = account::memberships(tx, user).await?;
    let here = open_now.and_then(|who| who.establishment);
    let only = (places.len() == 1).then(|| places.first().map(|(card, _)| card.id)).flatten();
    let wanted = here.or(only);
    Ok(places.into_iter().find(|(card, _)| Some(card.id) == wanted).map(|(card, roles)| (card.id, roles)))
}

/// The only practice, or the one that was chosen before; among several others the person chooses.
fn practice(info: &UserInfo, before: Option<Practice>) -> Option<Practice> {
    let mut all = practices(info);
    if all.len() == 1 { all.pop() } else { before.filter(|chosen| all.contains(chosen)) }
}

async fn record(
    d: &Domain,
    tx: &mut PgConnection,
    visit: &Visit<'_>,
    intent: Intent,
    person: &Person,
    issued: &Issued,
) -> Result<(), Fault> {
    let act = PlatformAct {
        actor: Some(person.user),
        session: Some(issued.session),
        origin: Some(visit.origin),
        detail: if person.is_new { Some("new account") } else { person.renamed.as_deref() },
        ..PlatformAct::done(intent.action())
    };
    if let Some(gone) = &person.given_up {
        let object = Some(("user", gone.user.0));
        let forget = PlatformAct { action: "identity.forget_stranger", object, detail: None, ..act };
        audit::platform(d, tx, forget).await?;
    }
    audit::platform(d, tx, act).await
}
