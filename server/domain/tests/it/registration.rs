//! Registering an establishment: what opens one, what does not, and who may say so.

use std::sync::Arc;

use domain::{
    Domain, PlatformAdmin, Refused,
    identity::{self, Identified, IdentityPolicy, SignedIn},
    members,
    registration::{self, RegisterError, RegistrationError, RegistrationLinkError},
};
use jiff::SignedDuration;
use model::{
    account::{MailChoice, MailTopic},
    establishments::EstablishmentKind,
    identity::Password,
    members::NewAccount,
    registration::{
        Given, Registration, RegistrationConfirmed, RegistrationLink, RegistrationMode, RegistrationOffer,
        WaitingRegistration,
    },
    roles::Role,
    time::Language,
};

use crate::support::{App, DEVICE, Node, app, app_with, credentials, origin, token_of};

const ADDRESS: &str = "fondatrice@exemple.fr";
pub const OPERATOR: PlatformAdmin = PlatformAdmin::operator();

fn new(name: &str, email: &str) -> Registration {
    Registration::new(Given {
        name: name.parse().unwrap(),
        town: "Brest".parse().unwrap(),
        kind: EstablishmentKind::Pharmacy,
        finess: Some("290000017".parse().unwrap()),
        given_name: "Noa".parse().unwrap(),
        family_name: "Fondatrice".parse().unwrap(),
        email: email.parse().unwrap(),
        role: Some(Role::Pharmacist),
        language: Language::Fr,
    })
    .unwrap()
}

pub fn mode(registration: RegistrationMode) -> Node {
    let mut node = Node::default();
    node.policy.identity = IdentityPolicy { second_factor: false, registration };
    node
}

impl App {
    /// Registers, and gives the token of the mail.
    pub async fn registers(&self, name: &str) -> String {
        registration::register(&self.d, origin("192.0.2.1"), &new(name, ADDRESS)).await.unwrap();
        self.jobs().await;
        let mail = self.post.take().pop().unwrap();
        assert_eq!(mail.to.as_ref(), ADDRESS);
        assert!(!mail.text.contains(name), "nobody's words travel in it: {}", mail.text);
        token_of(&mail, "/portal/registration").unwrap()
    }

    pub async fn confirms(&self, token: &str) -> RegistrationConfirmed {
        registration::confirm(&self.d, origin("192.0.2.1"), token).await.unwrap()
    }

    /// The one that waits.
    pub async fn waits(&self) -> WaitingRegistration {
        let mut all = registration::registrations(&self.d, &OPERATOR).await.unwrap().waiting;
        assert_eq!(all.len(), 1, "{all:?}");
        all.remove(0)
    }

    pub async fn none_waits(&self) -> bool {
        registration::registrations(&self.d, &OPERATOR).await.unwrap().waiting.is_empty()
    }

    /// What the link shows, while it is to be confirmed.
    pub async fn asked(&self, token: &str) -> RegistrationOffer {
        match registration::registration(&self.d, token).await.unwrap() {
            RegistrationLink::Asked(offer) => offer,
            RegistrationLink::Open => panic!("it is open"),
        }
    }

    pub async fn houses(&self) -> i64 {
        self.count("SELECT count(*) FROM control.establishments").await
    }

    pub async fn platform_administrator(&self, email: &str) -> Arc<Identified> {
        let new = crate::support::new_member(email, &[]);
        members::create_user(&self.d, &OPERATOR, &new, None, true).await.unwrap();
        let issued = self.sign_in(email, None).await;
        identity::authenticate(&self.d, &issued.access, false).await.unwrap().unwrap()
    }

    /// Makes an account with an invitation's token, and signs in with it.
    pub async fn comes_in(&self, token: &str) -> model::identity::Me {
        self.comes_in_as(token, ADDRESS).await
    }

    pub async fn comes_in_as(&self, token: &str, email: &str) -> model::identity::Me {
        let new = NewAccount {
            given_name: "Noa".parse().unwrap(),
            family_name: "Fondatrice".parse().unwrap(),
            password: Password::new("quatre voiles blanches"),
        };
        members::accept_with_account(&self.d, origin("192.0.2.1"), token, &new).await.unwrap();
        let with = credentials(email, "quatre voiles blanches", None);
        match identity::sign_in(&self.d, origin("192.0.2.1"), DEVICE, &with).await.unwrap() {
            SignedIn::Open(me, _) => *me,
            _ => panic!("signs in"),
        }
    }
}

#[tokio::test]
async fn a_registration_opens_once_the_mailbox_and_the_platform_have_said_yes() {
    let app = app().await;
    let token = app.registers("Pharmacie du Port").await;
    assert!(app.none_waits().await, "the mailbox has not answered");
    let offer = app.asked(&token).await;
    assert_eq!((offer.name.as_str(), offer.administrator.as_str()), ("Pharmacie du Port", "Noa Fondatrice"));
    assert!(!offer.confirmed);
    assert_eq!(app.confirms(&token).await, RegistrationConfirmed::Waiting);
    assert_eq!(app.confirms(&token).await, RegistrationConfirmed::Waiting, "twice is once");
    assert!(app.asked(&token).await.confirmed);
    let one = app.waits().await;
    assert_eq!(
        (one.email.as_str(), one.finess.as_deref(), app.houses().await),
        (ADDRESS, Some("290000017"), 0)
    );

    registration::approve(&app.d, &OPERATOR, one.id).await.unwrap();
    assert!(matches!(
        registration::approve(&app.d, &OPERATOR, one.id).await,
        Err(RegistrationError::NotFound)
    ));
    assert!(matches!(registration::registration(&app.d, &token).await, Err(RegistrationLinkError::Expired)));
    assert_eq!((app.houses().await, app.count("SELECT count(*) FROM control.registrations").await), (1, 0));
    app.jobs().await;
    let mail = app.post.take().pop().unwrap();
    assert!(mail.subject.contains("Pharmacie du Port (Brest) est ouvert"), "{}", mail.subject);
    let token = token_of(&mail, "/portal/invitation").unwrap();
    let offer = members::invitation(&app.d, &token).await.unwrap();
    assert_eq!((offer.given_name.as_deref(), offer.by, offer.establishment.id), (Some("Noa"), None, one.id));
    let me = app.comes_in(&token).await;
    assert_eq!(me.establishment.unwrap().slug.as_ref(), "pharmacie-du-port");
    assert!(
        me.roles.hold(Role::Administrator) && me.roles.hold(Role::Pharmacist),
        "both, as the platform saw"
    );
    for action in ["ask", "confirm", "approve", "open"] {
        let sql = format!(
            "SELECT count(*) FROM control.audit WHERE action = 'registration.{action}' AND establishment_id = '{}'",
            one.id
        );
        assert_eq!(app.count(&sql).await, 1, "{action}");
    }
}

#[tokio::test]
async fn where_it_is_open_the_mailed_link_leads_straight_in_unless_one_like_it_is_there() {
    let app = app_with(mode(RegistrationMode::Open)).await;
    let token = app.registers("Pharmacie du Port").await;
    assert_eq!(app.houses().await, 0, "nothing before the mailbox has answered");
    assert_eq!(app.confirms(&token).await, RegistrationConfirmed::Open);
    app.jobs().await;
    assert!(app.post.take().is_empty(), "the link that they hold is the way in");
    // Whoever closed the window, or pressed twice, opens the mail again.
    assert_eq!(registration::registration(&app.d, &token).await.unwrap(), RegistrationLink::Open);
    assert_eq!(app.confirms(&token).await, RegistrationConfirmed::Open);
    assert!(app.comes_in(&token).await.roles.hold(Role::Administrator));
    // The same site of the register once more: somebody looks at that.
    let token = app.registers("Officine du Port").await;
    assert_eq!(app.confirms(&token).await, RegistrationConfirmed::Waiting);
    assert_eq!(app.waits().await.alike, ["Pharmacie du Port (Brest)"]);
    assert_eq!(app.houses().await, 1);
}

#[tokio::test]
async fn two_of_one_name_have_two_addresses() {
    let app = app().await;
    for slug in ["pharmacie-du-port", "pharmacie-du-port-brest", "pharmacie-du-port-2"] {
        let token = app.registers("Pharmacie du Port").await;
        app.confirms(&token).await;
        registration::approve(&app.d, &OPERATOR, app.waits().await.id).await.unwrap();
        let there = format!(
            "SELECT count(*) FROM control.establishments WHERE slug = '{slug}' AND status = 'active'"
        );
        assert_eq!(app.count(&there).await, 1, "{slug}");
        app.jobs().await;
        app.post.take();
    }
}

#[tokio::test]
async fn nobody_registers_where_it_is_closed() {
    let app = app_with(mode(RegistrationMode::Closed)).await;
    let asked = registration::register(&app.d, origin("192.0.2.1"), &new("Pharmacie du Port", ADDRESS)).await;
    assert!(matches!(asked, Err(RegisterError::Closed)));
    app.jobs().await;
    assert!(app.post.take().is_empty() && app.count("SELECT count(*) FROM control.registrations").await == 0);
}

#[tokio::test]
async fn a_no_is_told_with_its_reason_and_leaves_nothing() {
    let app = app().await;
    let token = app.registers("Pharmacie du Port").await;
    app.confirms(&token).await;
    let (id, why) = (app.waits().await.id, "Numéro FINESS d’un autre site".parse().unwrap());
    registration::decline(&app.d, &OPERATOR, id, &why).await.unwrap();
    assert!(matches!(
        registration::decline(&app.d, &OPERATOR, id, &why).await,
        Err(RegistrationError::NotFound)
    ));
    app.jobs().await;
    let mail = app.post.take().pop().unwrap();
    assert!(
        mail.to.as_ref() == ADDRESS && mail.text.contains("Numéro FINESS d’un autre site"),
        "{}",
        mail.text
    );
    assert!(matches!(
        registration::confirm(&app.d, origin("192.0.2.1"), &token).await,
        Err(RegistrationLinkError::Expired)
    ));
    assert_eq!((app.houses().await, app.count("SELECT count(*) FROM control.registrations").await), (0, 0));
}

#[tokio::test]
async fn only_the_platform_s_administrators_answer_and_with_a_factor_of_now() {
    let mut node = Node::default();
    node.policy.identity = IdentityPolicy { second_factor: true, ..IdentityPolicy::default() };
    let app = app().await;
    let strict = app.node(node);
    let house = app.house("Pharmacie des Lilas").await;
    let of = async |d: &Domain, who: &Identified| {
        PlatformAdmin::of(d, who, origin("192.0.2.1"), "registration.list").await
    };
    let (_, email) = app.person(&house, &[Role::Administrator]).await;
    let issued = app.sign_in(&email, Some(&house)).await;
    let who = identity::authenticate(&app.d, &issued.access, false).await.unwrap().unwrap();
    assert!(matches!(of(&app.d, &who).await, Err(Refused::Forbidden)), "an establishment's is none");
    let refused =
        "SELECT count(*) FROM control.audit WHERE action = 'registration.list' AND outcome = 'refused'";
    assert_eq!(app.count(refused).await, 1);

    let who = app.platform_administrator("plateforme@exemple.fr").await;
    assert!(of(&app.d, &who).await.is_ok());
    let (session, user) = (who.session, who.user);
    let token = app.registers("Pharmacie du Port").await;
    app.confirms(&token).await;
    let id = app.waits().await.id;
    let aged = async |minutes: i64| {
        app.alter(&format!(
            "UPDATE control.sessions SET amr = '{{pwd,otp}}', factor_at = '{}' WHERE id = '{session}'",
            app.clock.now() - SignedDuration::from_mins(minutes)
        ))
        .await;
        strict.sessions.forget_user(user);
        let who = identity::authenticate_id(&strict, session, false).await.unwrap().unwrap();
        of(&strict, &who).await.unwrap()
    };
    let stale = aged(11).await;
    assert!(matches!(registration::approve(&strict, &stale, id).await, Err(RegistrationError::StepUp(_))));
    let why = "non".parse().unwrap();
    assert!(matches!(
        registration::decline(&strict, &stale, id, &why).await,
        Err(RegistrationError::StepUp(_))
    ));
    registration::approve(&strict, &aged(9).await, id).await.unwrap();
    let by = format!(
        "SELECT count(*) FROM control.audit WHERE action = 'registration.approve' AND actor_id = '{user}'"
    );
    assert_eq!(app.count(&by).await, 1);
}

#[tokio::test]
async fn the_platform_s_administrators_are_told_unless_they_don_t_want_it() {
    let app = app().await;
    let wants = app.platform_administrator("veut@exemple.fr").await;
    let not = app.platform_administrator("non@exemple.fr").await;
    let mails = identity::own_account(&app.d, &not).await.unwrap().mails;
    assert_eq!(mails, [MailChoice { topic: MailTopic::Registrations, wanted: true }]);
    let choice = MailChoice { topic: MailTopic::Registrations, wanted: false };
    identity::choose_mails(&app.d, &not, origin("192.0.2.1"), choice).await.unwrap();
    assert_eq!(identity::own_account(&app.d, &not).await.unwrap().mails, [choice]);
    let token = app.registers("Pharmacie du Port").await;
    app.confirms(&token).await;
    app.jobs().await;
    let told = app.post.take();
    assert_eq!(told.iter().map(|mail| mail.to.as_ref()).collect::<Vec<_>>(), ["veut@exemple.fr"]);
    assert!(told[0].text.contains("/portal/registrations"));
    assert!(!told[0].text.contains("Port"), "no stranger's words: {}", told[0].text);
    // The next one within the hour stands beside it; later, they hear again, if they still administer.
    let token = app.registers("Pharmacie de la Gare").await;
    app.confirms(&token).await;
    app.jobs().await;
    assert!(app.post.take().is_empty());
    app.advance(SignedDuration::from_mins(61));
    let token = app.registers("Pharmacie du Canal").await;
    app.confirms(&token).await;
    app.alter(&format!(
        "UPDATE control.users SET platform_administrator = false WHERE id = '{}'",
        wants.user
    ))
    .await;
    app.jobs().await;
    assert!(app.post.take().is_empty(), "no administrator any more");
}

#[tokio::test]
async fn links_and_what_waits_end() {
    let app = app().await;
    let old = app.registers("Pharmacie du Port").await;
    let kept = app.registers("Pharmacie de la Gare").await;
    app.confirms(&kept).await;
    app.advance(SignedDuration::from_hours(25));
    assert!(matches!(registration::registration(&app.d, &old).await, Err(RegistrationLinkError::Expired)));
    app.jobs().await;
    assert_eq!(app.count("SELECT count(*) FROM control.registrations").await, 1, "what was confirmed waits");
    app.advance(SignedDuration::from_hours(24 * 91));
    assert!(app.none_waits().await);
    app.jobs().await;
    assert_eq!(
        app.count("SELECT count(*) FROM control.registrations").await,
        0,
        "nobody's name waits for ever"
    );
}

#[tokio::test]
async fn a_first_administrator_who_did_not_come_is_invited_again() {
    let app = app().await;
    let token = app.registers("Pharmacie du Port").await;
    app.confirms(&token).await;
    let id = app.waits().await.id;
    registration::approve(&app.d, &OPERATOR, id).await.unwrap();
    app.jobs().await;
    let first = token_of(&app.post.take().pop().unwrap(), "/portal/invitation").unwrap();
    // Trimmed is nothing, however late.
    app.advance(SignedDuration::from_hours(24 * 60));
    app.jobs().await;
    let awaited = registration::registrations(&app.d, &OPERATOR).await.unwrap().awaited;
    assert!(awaited.len() == 1 && awaited[0].over && awaited[0].email == ADDRESS, "{awaited:?}");
    let other = "autre.fondatrice@exemple.fr".parse().unwrap();
    registration::invite_again(&app.d, &OPERATOR, id, Some(&other)).await.unwrap();
    app.jobs().await;
    let mail = app.post.take().pop().unwrap();
    assert_eq!(mail.to, other);
    let second = token_of(&mail, "/portal/invitation").unwrap();
    assert!(members::invitation(&app.d, &first).await.is_err(), "the earlier one is over");
    let suspended = async |to: &str| {
        app.alter(&format!("UPDATE control.establishments SET status = '{to}' WHERE id = '{id}'")).await;
        members::invitation(&app.d, &second).await.is_err()
    };
    assert!(suspended("suspended").await && !suspended("active").await);
    assert!(app.comes_in_as(&second, other.as_ref()).await.roles.hold(Role::Administrator));
    assert!(registration::registrations(&app.d, &OPERATOR).await.unwrap().awaited.is_empty());
    assert!(matches!(
        registration::invite_again(&app.d, &OPERATOR, id, None).await,
        Err(RegistrationError::NotFound)
    ));
}

#[tokio::test]
async fn where_it_is_closed_meanwhile_nothing_more_is_confirmed() {
    let app = app().await;
    let token = app.registers("Pharmacie du Port").await;
    let closed = app.node(mode(RegistrationMode::Closed));
    let late = registration::confirm(&closed, origin("192.0.2.1"), &token).await;
    assert!(matches!(late, Err(RegistrationLinkError::Expired)));
    assert!(app.none_waits().await);
}

#[tokio::test]
async fn the_whole_platform_takes_so_many_a_day() {
    let mut node = Node::default();
    node.policy.limits.registrations_per_day = 3;
    let app = app_with(node).await;
    let knock = async |n: u32| {
        let from = origin(&format!("192.0.{n}.1"));
        registration::register(&app.d, from, &new("Pharmacie du Port", &format!("a{n}@exemple.fr"))).await
    };
    for n in 0..3 {
        knock(n).await.unwrap();
    }
    assert!(matches!(knock(3).await, Err(RegisterError::TooMany(_))));
    app.advance(SignedDuration::from_hours(25));
    knock(4).await.unwrap();
}
