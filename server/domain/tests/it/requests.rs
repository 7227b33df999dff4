//! Asking an establishment to be let in, and its answer.

use std::sync::Arc;

use domain::{
    identity::{self, Identified, Method},
    members::{self, AnswerError, AskError},
};
use jiff::SignedDuration;
use model::{
    account::{MailChoice, MailTopic},
    ids::UserId,
    members::{AccessRequest, Answer},
    roles::Role,
};

use crate::support::{App, House, app, origin, psc};

impl App {
    /// Somebody whom Pro Santé Connect identifies and nobody knows yet.
    async fn stranger(&self, national_id: &str, family: &str) -> Arc<Identified> {
        self.psc.is(psc::person(national_id, "CAMILLE", family, &[("60", 1)]));
        let arrived = self.arrive().await;
        self.who(&arrived).await.unwrap()
    }

    async fn asks(&self, who: &Identified, house: &House) -> Result<(), AskError> {
        let said = "Infirmière remplaçante".parse().unwrap();
        members::ask(&self.d, who, origin("192.0.2.1"), house.id, Some(&said)).await
    }

    async fn rows(&self, table: &str, action: &str) -> i64 {
        self.count(&format!("SELECT count(*) FROM {table} WHERE action = '{action}'")).await
    }

    async fn asked_of(&self, house: &House) -> Vec<AccessRequest> {
        let admin = self.admin(house).await;
        members::requests(&self.d, &admin).await.unwrap()
    }

    async fn is_member(&self, user: UserId) -> bool {
        self.count(&format!("SELECT count(*) FROM control.memberships WHERE user_id = '{user}'")).await == 1
    }
}

#[tokio::test]
async fn who_asks_is_let_in_with_the_roles_that_the_administrator_chose() {
    let app = app().await;
    let (here, elsewhere) = (app.house("Pharmacie des Lilas").await, app.house("SSIAD du Canal").await);
    let who = app.stranger("899700123450", "EXEMPLE").await;
    assert_eq!(who.method, Method::Psc);
    app.asks(&who, &here).await.unwrap();
    app.asks(&who, &here).await.unwrap();
    assert!(app.asked_of(&elsewhere).await.is_empty(), "nobody else hears of it");
    let asked = app.asked_of(&here).await;
    let [request] = asked.as_slice() else { panic!("{asked:?}") };
    assert_eq!(request.name, "CAMILLE EXEMPLE");
    assert_eq!(request.rpps.as_ref().map(AsRef::as_ref), Some("99700123450"));
    assert_eq!(request.practices[0].suggested_role(), Some(Role::Nurse));
    assert_eq!(request.message.as_deref(), Some("Infirmière remplaçante"));
    let admin = app.admin(&here).await;
    let none = members::accept(&app.d, &admin, who.user, &vec![].into()).await;
    assert!(matches!(none, Err(AnswerError::NoRole)));
    let theirs = app.admin(&elsewhere).await;
    let foreign = members::accept(&app.d, &theirs, who.user, &vec![Role::Nurse].into()).await;
    assert!(matches!(foreign, Err(AnswerError::NotFound)), "not asked");
    members::accept(&app.d, &admin, who.user, &vec![Role::Nurse].into()).await.unwrap();
    assert!(app.is_member(who.user).await && app.asked_of(&here).await.is_empty());
    app.jobs().await;
    assert!(app.post.take().iter().all(|mail| !mail.subject.contains("acceptée")), "no address is known");
    assert_eq!(app.rows("control.audit", "members.ask").await, 2);
    assert_eq!(app.rows("control.audit", "members.accept").await, 1);
    assert_eq!(app.rows(&format!("{}.audit", here.schema()), "members.accept").await, 1);
    let again = members::accept(&app.d, &admin, who.user, &vec![Role::Nurse].into()).await;
    assert!(matches!(again, Err(AnswerError::NotFound)), "answered");
    assert!(matches!(app.asks(&who, &here).await, Err(AskError::AlreadyMember)));
}

#[tokio::test]
async fn administrators_get_a_mail_about_a_request_unless_they_don_t_want_it_or_it_is_answered() {
    let app = app().await;
    let (house, other) = (app.house("Pharmacie des Lilas").await, app.house("SSIAD du Canal").await);
    let (_, wants) = app.person(&house, &[Role::Administrator]).await;
    let (_, not) = app.person(&house, &[Role::Administrator]).await;
    app.person(&house, &[Role::Nurse]).await;
    app.person(&other, &[Role::Administrator]).await;
    let issued = app.sign_in(&not, None).await;
    let own = identity::authenticate(&app.d, &issued.access, false).await.unwrap().unwrap();
    let choice = MailChoice { topic: MailTopic::AccessRequests, wanted: false };
    for _ in 0..2 {
        identity::choose_mails(&app.d, &own, origin("192.0.2.1"), choice).await.unwrap();
    }
    let mails = identity::own_account(&app.d, &own).await.unwrap().mails;
    assert_eq!(mails, [choice, MailChoice { topic: MailTopic::Guessing, wanted: true }]);
    let who = app.stranger("899700123450", "EXEMPLE").await;
    app.asks(&who, &house).await.unwrap();
    // Asked again, it is the same request.
    app.asks(&who, &house).await.unwrap();
    app.jobs().await;
    let told = app.post.take();
    assert_eq!(told.iter().map(|mail| mail.to.as_ref()).collect::<Vec<_>>(), [&wants]);
    assert!(
        told[0].text.contains("CAMILLE EXEMPLE demande à rejoindre Pharmacie des Lilas"),
        "{}",
        told[0].text
    );
    assert!(!told[0].text.contains("remplaçante"), "what they wrote stays inside");

    members::withdraw(&app.d, &who, origin("192.0.2.1"), house.id).await.unwrap();
    let wanted = MailChoice { wanted: true, ..choice };
    identity::choose_mails(&app.d, &own, origin("192.0.2.1"), wanted).await.unwrap();
    app.asks(&who, &house).await.unwrap();
    members::withdraw(&app.d, &who, origin("192.0.2.1"), house.id).await.unwrap();
    app.jobs().await;
    assert!(app.post.take().is_empty(), "taken back before the mail went");

    // Whose address is known is told the answer.
    app.alter(&format!("UPDATE control.users SET email = 'camille@exemple.fr' WHERE id = '{}'", who.user))
        .await;
    let admin = app.admin(&house).await;
    for accepted in [false, true] {
        app.asks(&who, &house).await.unwrap();
        app.jobs().await;
        app.post.take();
        if accepted {
            members::accept(&app.d, &admin, who.user, &vec![Role::Nurse].into()).await.unwrap();
        } else {
            members::decline(&app.d, &admin, who.user).await.unwrap();
        }
        app.jobs().await;
        let told = app.post.take();
        assert_eq!(told.iter().map(|mail| mail.to.as_ref()).collect::<Vec<_>>(), ["camille@exemple.fr"]);
        assert_eq!(told[0].text.contains("faites maintenant partie de Pharmacie des Lilas"), accepted);
    }
}

#[tokio::test]
async fn a_no_and_a_withdrawal_leave_nobody_inside() {
    let app = app().await;
    let house = app.house("Pharmacie des Lilas").await;
    let who = app.stranger("899700123450", "EXEMPLE").await;
    app.asks(&who, &house).await.unwrap();
    let admin = app.admin(&house).await;
    members::decline(&app.d, &admin, who.user).await.unwrap();
    assert!(members::decline(&app.d, &admin, who.user).await.is_err());
    // Read whenever they come back, until they ask again.
    let answers = async || {
        let asked = members::asked(&app.d, &who).await.unwrap();
        asked.into_iter().map(|one| one.answer).collect::<Vec<_>>()
    };
    assert_eq!(answers().await, [Answer::Declined]);
    app.asks(&who, &house).await.unwrap();
    assert_eq!(answers().await, [Answer::None]);
    members::withdraw(&app.d, &who, origin("192.0.2.1"), house.id).await.unwrap();
    assert!(members::withdraw(&app.d, &who, origin("192.0.2.1"), house.id).await.is_err());
    assert!(!app.is_member(who.user).await && members::asked(&app.d, &who).await.unwrap().is_empty());
    for (action, n) in [("members.decline", 1), ("members.withdraw", 1), ("members.ask", 2)] {
        assert_eq!(app.rows("control.audit", action).await, n, "{action}");
    }
    assert_eq!(app.rows(&format!("{}.audit", house.schema()), "members.decline").await, 1);
}

#[tokio::test]
async fn only_an_identity_that_was_proved_elsewhere_asks_and_of_few_at_once() {
    let app = app().await;
    let house = app.house("Pharmacie des Lilas").await;
    let (_, email) = app.person(&house, &[Role::Nurse]).await;
    let other = app.house("SSIAD du Canal").await;
    let local = app.sign_in(&email, None).await;
    let local = identity::authenticate_id(&app.d, local.session, false).await.unwrap().unwrap();
    assert!(matches!(app.asks(&local, &other).await, Err(AskError::Forbidden)));
    let who = app.stranger("899700123450", "EXEMPLE").await;
    let mut houses = vec![];
    for n in 0..8 {
        houses.push(app.house(&format!("Établissement {n}")).await);
    }
    // Also when all come at once.
    let tries = futures_util::future::join_all(houses.iter().map(|house| app.asks(&who, house))).await;
    assert_eq!(tries.iter().filter(|tried| tried.is_ok()).count(), 5);
    assert!(
        tries.iter().filter_map(|tried| tried.as_ref().err()).all(|error| matches!(error, AskError::Open))
    );
    let nowhere = House { id: model::ids::EstablishmentId(uuid::Uuid::from_u128(7)) };
    assert!(matches!(app.asks(&who, &nowhere).await, Err(AskError::NotFound)));
}

#[tokio::test]
async fn a_refusal_is_read_for_a_month_and_by_nobody_who_was_let_in() {
    let app = app().await;
    let (lilas, canal) = (app.house("Pharmacie des Lilas").await, app.house("SSIAD du Canal").await);
    let who = app.stranger("899700123450", "EXEMPLE").await;
    for house in [&lilas, &canal] {
        app.asks(&who, house).await.unwrap();
        members::decline(&app.d, &app.admin(house).await, who.user).await.unwrap();
        app.advance(SignedDuration::from_mins(1));
    }
    let names = async || {
        let asked = members::asked(&app.d, &who).await.unwrap();
        asked.into_iter().map(|one| one.establishment.name).collect::<Vec<_>>()
    };
    assert_eq!(names().await, ["SSIAD du Canal", "Pharmacie des Lilas"], "the last first");
    app.asks(&who, &lilas).await.unwrap();
    assert_eq!(names().await, ["Pharmacie des Lilas", "SSIAD du Canal"], "what waits comes before");
    members::accept(&app.d, &app.admin(&lilas).await, who.user, &vec![Role::Nurse].into()).await.unwrap();
    assert_eq!(names().await, ["SSIAD du Canal"]);
    app.advance(SignedDuration::from_hours(30 * 24));
    app.jobs().await;
    assert_eq!(app.count("SELECT count(*) FROM control.access_refusals").await, 0);
}
