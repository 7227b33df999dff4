//! Linking an identity of another name: both names are seen before anything changes.

use std::sync::Arc;

use domain::identity::{
    self, Identified,
    factors::{self as of_factors, FactorError},
    psc::{self, Came, Intent, PscError},
};
use jiff::SignedDuration;
use model::{identity::Method, ids::UserId, psc::LinkOffer, roles::Role};

use crate::{
    factors,
    support::{App, DEVICE, House, app, origin, psc::person as professional},
};

pub struct Desk {
    pub app: App,
    house: House,
    user: UserId,
    name: String,
    pub who: Arc<Identified>,
}

impl Desk {
    /// Somebody with a local account, and another name than the provider's first person.
    pub async fn new() -> Self {
        let app = app().await;
        let house = app.house("Pharmacie des Lilas").await;
        let (user, email) = app.person(&house, &[Role::Nurse]).await;
        let issued = app.sign_in(&email, None).await;
        let who = app.shown(&issued).await;
        let account = identity::own_account(&app.d, &who).await.unwrap();
        let name = format!("{} {}", account.given_name, account.family_name);
        Self { app, house, user, name, who }
    }

    async fn returns(&self) -> Result<Came, PscError> {
        let visit = self.app.go_to_link(&self.who).await;
        self.app.returned(&visit, Some(&self.who)).await.map_err(|turned| turned.why)
    }

    pub async fn asked(&self) -> String {
        match self.returns().await.unwrap() {
            Came::Asks(token) => token,
            Came::In(_) => panic!("linked without a question"),
        }
    }

    pub async fn offer(&self, who: &Identified, token: &str) -> Option<LinkOffer> {
        psc::link_offer(&self.app.d, who, token).await.unwrap()
    }

    pub async fn confirms(&self, who: &Identified, token: &str) -> Result<(), PscError> {
        let from = origin("192.0.2.1");
        let done = psc::confirm_link(&self.app.d, from, DEVICE, who, token).await;
        done.map(drop).map_err(|turned| turned.why)
    }

    pub async fn linked(&self) -> i64 {
        self.app.count("SELECT count(*) FROM control.psc_identities").await
    }

    async fn rows(&self, action: &str) -> i64 {
        let table = format!("{}.audit", self.house.schema());
        self.app.count(&format!("SELECT count(*) FROM {table} WHERE action = '{action}'")).await
    }
}

#[tokio::test]
async fn another_name_is_shown_first_and_linked_once_it_is_confirmed() {
    let desk = Desk::new().await;
    let token = desk.asked().await;
    assert_eq!(desk.linked().await, 0, "nothing yet");
    let offer = desk.offer(&desk.who, &token).await.unwrap();
    assert_eq!((offer.account.as_str(), offer.practices.is_empty()), (desk.name.as_str(), false));
    assert_ne!(offer.identity, offer.account);
    desk.confirms(&desk.who, &token).await.unwrap();
    assert_eq!(desk.linked().await, 1);
    assert_eq!((desk.rows("members.psc_link").await, desk.rows("members.rename").await), (1, 1));
    assert!(desk.offer(&desk.who, &token).await.is_none(), "it has served");
    assert!(matches!(desk.confirms(&desk.who, &token).await, Err(PscError::Expired)));
}

#[tokio::test]
async fn the_same_name_is_linked_at_once() {
    let desk = Desk::new().await;
    let (given, family) = desk.name.split_once(' ').unwrap();
    // However it is written there.
    let (given, family) = (given.to_uppercase(), family.to_uppercase());
    desk.app.psc.is(professional("899700100011", &given, &family, &[("60", 1)]));
    assert!(matches!(desk.returns().await, Ok(Came::In(_))));
    assert_eq!((desk.linked().await, desk.rows("members.psc_link").await), (1, 1));
}

#[tokio::test]
async fn the_question_is_this_sessions_and_for_ten_minutes() {
    let desk = Desk::new().await;
    let token = desk.asked().await;
    let (_, email) = desk.app.person(&desk.house, &[Role::Nurse]).await;
    let other = desk.app.sign_in(&email, None).await;
    let other = desk.app.who(&other).await.unwrap();
    assert!(desk.offer(&other, &token).await.is_none());
    assert!(matches!(desk.confirms(&other, &token).await, Err(PscError::Expired)));
    assert!(desk.offer(&desk.who, &token).await.is_some(), "who guesses spoils nothing");
    desk.app.advance(SignedDuration::from_mins(10));
    assert!(desk.offer(&desk.who, &token).await.is_none());
    assert!(matches!(desk.confirms(&desk.who, &token).await, Err(PscError::Expired)));
    assert_eq!(desk.linked().await, 0);
    let refused =
        "SELECT count(*) FROM control.audit WHERE action = 'identity.psc_link' AND outcome = 'refused'";
    assert_eq!(desk.app.count(refused).await, 2, "each is recorded");
}

#[tokio::test]
async fn it_wants_a_factor_of_now_on_the_way_there_and_at_the_answer() {
    let desk = Desk::new().await;
    let token = desk.asked().await;
    let link = Intent::Link { user: desk.user, session: desk.who.session };
    let shown = SignedDuration::from_mins(9);
    desk.app
        .alter(&format!("UPDATE control.sessions SET factor_at = factor_at - interval '{shown:#}'"))
        .await;
    desk.app.d.sessions.forget(desk.who.session);
    desk.app.advance(SignedDuration::from_secs(61));
    let stale = identity::authenticate_id(&desk.app.d, desk.who.session, false).await.unwrap().unwrap();
    for who in [None, Some(&*stale)] {
        assert!(matches!(desk.app.goes(who, link).await.map(drop), Err(PscError::StepUp)));
    }
    assert!(matches!(desk.confirms(&stale, &token).await, Err(PscError::StepUp)));
    assert_eq!(desk.linked().await, 0);
    assert!(desk.offer(&stale, &token).await.is_none(), "it is begun anew, with another session");
    // Nor when the way there and back took the minutes, and the names are the same.
    let desk = Desk::new().await;
    let (given, family) = desk.name.split_once(' ').unwrap();
    desk.app.psc.is(professional("899700100011", given, family, &[("60", 1)]));
    let visit = desk.app.go_to_link(&desk.who).await;
    desk.app.advance(SignedDuration::from_secs(9 * 60 + 59));
    desk.app.alter("UPDATE control.sessions SET factor_at = factor_at - interval '2 seconds'").await;
    desk.app.d.sessions.forget(desk.who.session);
    let stale = identity::authenticate_id(&desk.app.d, desk.who.session, false).await.unwrap().unwrap();
    let turned = desk.app.returned(&visit, Some(&stale)).await.map(drop).map_err(|turned| turned.why);
    assert!(matches!(turned, Err(PscError::StepUp)), "{turned:?}");
    assert_eq!(desk.linked().await, 0);
}

#[tokio::test]
async fn who_says_no_leaves_nothing_to_confirm_later() {
    let desk = Desk::new().await;
    let token = desk.asked().await;
    let (_, email) = desk.app.person(&desk.house, &[Role::Nurse]).await;
    let other = desk.app.sign_in(&email, None).await;
    let other = desk.app.who(&other).await.unwrap();
    let from = origin("192.0.2.1");
    psc::decline_link(&desk.app.d, from, &other, &token).await.unwrap();
    assert!(desk.offer(&desk.who, &token).await.is_some(), "it is not another's to give up");
    psc::decline_link(&desk.app.d, from, &desk.who, &token).await.unwrap();
    assert!(desk.offer(&desk.who, &token).await.is_none());
    assert!(matches!(desk.confirms(&desk.who, &token).await, Err(PscError::Expired)));
    let rows =
        "SELECT count(*) FROM control.audit WHERE action = 'identity.psc_link' AND reason = 'declined'";
    assert_eq!((desk.app.count(rows).await, desk.linked().await), (1, 0));
}

#[tokio::test]
async fn what_opens_another_account_is_refused_before_any_question() {
    let desk = Desk::new().await;
    let token = desk.asked().await;
    desk.confirms(&desk.who, &token).await.unwrap();
    let (_, email) = desk.app.person(&desk.house, &[Role::Nurse]).await;
    let issued = desk.app.sign_in(&email, None).await;
    let who = desk.app.shown(&issued).await;
    let visit = desk.app.go_to_link(&who).await;
    let turned = desk.app.returned(&visit, Some(&who)).await.err().unwrap();
    assert!(matches!(turned.why, PscError::AlreadyLinked));
}

#[tokio::test]
async fn who_comes_with_the_linked_identity_looks_after_the_factors_of_the_password_too() {
    let p = factors::nurse(false).await;
    let who = p.app.shown(&p.session().await).await;
    let own = identity::own_account(&p.app.d, &who).await.unwrap();
    p.app.psc.is(professional("899700100011", &own.given_name, &own.family_name, &[("60", 1)]));
    let visit = p.app.go_to_link(&who).await;
    assert!(matches!(p.app.returned(&visit, Some(&who)).await, Ok(Came::In(_))));
    let arrived = p.app.arrive().await;
    let came = p.who(&arrived).await;
    let me = identity::me(&p.app.d, &came).await.unwrap().unwrap();
    assert_eq!((me.method, me.has_password), (Method::Psc, true));
    // A telephone is set up there, and one that is lost is taken off.
    let (_, codes, issued) = p.enrol(&arrived).await;
    assert_eq!(codes.len(), 10);
    let who = p.who(&issued).await;
    assert!(of_factors::factors(&p.app.d, &who).await.unwrap().totp_since.is_some());
    p.app.advance(SignedDuration::from_mins(11));
    let late = of_factors::remove_totp(&p.app.d, &who, origin("192.0.2.1")).await;
    assert!(matches!(late, Err(FactorError::StepUp)));
    let again = p.app.arrive().await;
    let who = p.who(&again).await;
    of_factors::remove_totp(&p.app.d, &who, origin("192.0.2.1")).await.unwrap();
    assert!(of_factors::factors(&p.app.d, &who).await.unwrap().totp_since.is_none());
}
