//! Second factors: a password alone opens nothing, a code passes once, and what matters asks again.

use std::sync::Arc;

use domain::{
    identity::{
        self, Identified, IdentityPolicy, Issued, SignInError, SignedIn,
        factors::{self, FactorError},
    },
    members,
};
use jiff::SignedDuration;
use model::{factors::FactorAnswer, identity::Password, ids::UserId, roles::Role};
use totp_rs::{Algorithm, Builder, Secret, Totp};

use crate::support::{App, DEVICE, House, Node, PASSWORD, app_with, credentials, invite, origin};

const STEP: SignedDuration = SignedDuration::from_secs(30);
const MINUTE: SignedDuration = SignedDuration::from_mins(1);

/// Somebody's telephone.
pub struct Phone(Totp);

impl Phone {
    fn new(secret: &str) -> Self {
        let secret = Secret::try_from_base32(secret).unwrap();
        let builder = Builder::new().with_algorithm(Algorithm::SHA1).with_digits(6).with_secret(secret);
        Self(builder.with_account_name("x").build().unwrap())
    }

    fn code(&self, app: &App) -> String {
        let now = u64::try_from(app.clock.now().as_second()).unwrap();
        self.0.generate(now).to_string()
    }

    pub fn answer(&self, app: &App) -> FactorAnswer {
        FactorAnswer::Totp(self.code(app))
    }
}

pub struct Person {
    pub app: App,
    pub house: House,
    pub user: UserId,
    pub email: String,
}

impl Person {
    async fn sign_in(&self) -> Result<SignedIn, SignInError> {
        identity::sign_in(&self.app.d, origin("192.0.2.1"), DEVICE, &credentials(&self.email, PASSWORD, None))
            .await
    }

    pub async fn session(&self) -> Issued {
        match self.sign_in().await {
            Ok(SignedIn::Open(_, issued)) => issued,
            _ => panic!("no session"),
        }
    }

    pub async fn ticket(&self) -> String {
        match self.sign_in().await {
            Ok(SignedIn::Factor(ticket, _)) => ticket,
            Ok(_) => panic!("let in with a password"),
            Err(error) => panic!("{error}"),
        }
    }

    pub async fn show(&self, ticket: &str, answer: &FactorAnswer) -> Result<Issued, SignInError> {
        match identity::show_factor(&self.app.d, origin("192.0.2.1"), DEVICE, ticket, answer).await? {
            SignedIn::Open(_, issued) => Ok(issued),
            _ => panic!("neither open nor refused"),
        }
    }

    pub async fn who(&self, issued: &Issued) -> Arc<Identified> {
        identity::authenticate_id(&self.app.d, issued.session, false).await.unwrap().unwrap()
    }

    /// Sets up an application with a session, and gives the telephone, the recovery codes and the session's new name.
    pub async fn enrol(&self, issued: &Issued) -> (Phone, Vec<String>, Issued) {
        let who = self.who(issued).await;
        let setup = factors::begin_totp(&self.app.d, &who).await.unwrap();
        let phone = Phone::new(&setup.secret);
        let code = phone.code(&self.app);
        let (codes, issued) =
            factors::confirm_totp(&self.app.d, &who, origin("192.0.2.1"), DEVICE, &setup.ticket, &code)
                .await
                .unwrap();
        (phone, codes.unwrap_or_default(), issued)
    }

    pub async fn rows(&self, action: &str, outcome: &str) -> i64 {
        let sql =
            format!("SELECT count(*) FROM control.audit WHERE action = '{action}' AND outcome = '{outcome}'");
        self.app.count(&sql).await
    }
}

pub async fn nurse(second_factor: bool) -> Person {
    let mut node = Node::default();
    node.policy.identity = IdentityPolicy { second_factor, ..IdentityPolicy::default() };
    let app = app_with(node).await;
    let house = app.house("Pharmacie des Lilas").await;
    let (user, email) = app.person(&house, &[Role::Nurse]).await;
    Person { app, house, user, email }
}

#[tokio::test]
async fn a_password_alone_opens_only_the_way_to_a_second_factor() {
    let p = nurse(true).await;
    let issued = p.session().await;
    let who = p.who(&issued).await;
    assert!(who.needs_factor && who.staff(origin("192.0.2.1")).is_none());
    let (_, codes, renewed) = p.enrol(&issued).await;
    assert_eq!(codes.len(), 10);
    assert!(
        identity::authenticate_id(&p.app.d, issued.session, false).await.unwrap().is_none(),
        "under a new name"
    );
    let who = p.who(&renewed).await;
    assert!(!who.needs_factor && who.staff(origin("192.0.2.1")).is_some());
    assert_eq!(renewed.ends_at, issued.ends_at, "the clock of the authentication goes on");
    assert_eq!(p.rows("identity.add_totp", "done").await, 1);
    // The secret is not in the database, and no recovery code.
    let sealed: Vec<u8> = sqlx::query_scalar("SELECT secret FROM control.totp")
        .fetch_one(&mut p.app.look().await)
        .await
        .unwrap();
    assert!(sealed.starts_with(b"age-encryption.org/v1"));
}

#[tokio::test]
async fn who_has_a_factor_shows_it_even_where_none_is_asked_of_others() {
    let p = nurse(false).await;
    let (phone, _, _) = p.enrol(&p.session().await).await;
    p.app.advance(STEP);
    let ticket = p.ticket().await;
    let issued = p.show(&ticket, &phone.answer(&p.app)).await.unwrap();
    let who = p.who(&issued).await;
    assert!(who.is_fresh(&p.app.d));
    assert_eq!(who.establishment, Some(p.house.id));
    // The ticket was good once.
    p.app.advance(STEP);
    assert!(matches!(p.show(&ticket, &phone.answer(&p.app)).await, Err(SignInError::Expired)));
}

#[tokio::test]
async fn a_code_passes_once() {
    let p = nurse(true).await;
    let (phone, _, _) = p.enrol(&p.session().await).await;
    // The code of the set-up is used up.
    let ticket = p.ticket().await;
    assert!(matches!(p.show(&ticket, &phone.answer(&p.app)).await, Err(SignInError::WrongFactor)));
    p.app.advance(STEP);
    let code = phone.answer(&p.app);
    p.show(&ticket, &code).await.unwrap();
    let again = p.ticket().await;
    assert!(matches!(p.show(&again, &code).await, Err(SignInError::WrongFactor)), "replayed");
    assert_eq!(p.rows("identity.show_factor", "refused").await, 2);
    // Of many requests with one code, one is right.
    p.app.advance(STEP);
    let code = phone.answer(&p.app);
    let mut tickets = vec![];
    for _ in 0..8 {
        tickets.push(p.ticket().await);
    }
    let tries = futures_util::future::join_all(tickets.iter().map(|ticket| p.show(ticket, &code))).await;
    assert_eq!(tries.iter().filter(|tried| tried.is_ok()).count(), 1);
}

#[tokio::test]
async fn wrong_codes_are_few_and_counted_for_the_account() {
    let p = nurse(true).await;
    let (phone, _, _) = p.enrol(&p.session().await).await;
    p.app.advance(STEP);
    let ticket = p.ticket().await;
    let wrong = FactorAnswer::Totp("000000".into());
    for _ in 0..4 {
        assert!(matches!(p.show(&ticket, &wrong).await, Err(SignInError::WrongFactor)));
    }
    // The fifth puts a delay before the next, whatever the ticket.
    let _ = p.show(&ticket, &wrong).await;
    let ticket = p.ticket().await;
    assert!(matches!(p.show(&ticket, &phone.answer(&p.app)).await, Err(SignInError::TooMany(_))));
    p.app.advance(MINUTE * 2);
    p.show(&p.ticket().await, &phone.answer(&p.app)).await.unwrap();
}

#[tokio::test]
async fn a_ticket_forgives_five_answers_and_lasts_ten_minutes() {
    let p = nurse(true).await;
    let (phone, _, _) = p.enrol(&p.session().await).await;
    p.app.advance(STEP);
    let ticket = p.ticket().await;
    p.app.advance(MINUTE * 10);
    assert!(matches!(p.show(&ticket, &phone.answer(&p.app)).await, Err(SignInError::Expired)));
    assert!(matches!(p.show("nonsense", &phone.answer(&p.app)).await, Err(SignInError::Expired)));
    let ticket = p.ticket().await;
    for _ in 0..5 {
        let _ = p.show(&ticket, &FactorAnswer::Totp("000000".into())).await;
        p.app.advance(MINUTE);
    }
    p.app.alter("DELETE FROM control.attempts").await;
    assert!(matches!(p.show(&ticket, &phone.answer(&p.app)).await, Err(SignInError::Expired)));
}

#[tokio::test]
async fn a_recovery_code_works_once_however_it_is_typed() {
    let p = nurse(true).await;
    let (_, codes, _) = p.enrol(&p.session().await).await;
    let typed = FactorAnswer::Recovery(codes[3].to_lowercase().replace('-', " "));
    p.show(&p.ticket().await, &typed).await.unwrap();
    assert!(matches!(p.show(&p.ticket().await, &typed).await, Err(SignInError::WrongFactor)));
    // Somebody else's is nobody's.
    let (_, other) = p.app.person(&p.house, &[Role::Nurse]).await;
    let other = Person { email: other, ..p };
    let issued = other.session().await;
    other.enrol(&issued).await;
    let theirs = FactorAnswer::Recovery(codes[4].clone());
    assert!(matches!(other.show(&other.ticket().await, &theirs).await, Err(SignInError::WrongFactor)));
}

#[tokio::test]
async fn a_password_that_changes_meanwhile_ends_the_sign_in() {
    let p = nurse(true).await;
    let (phone, _, issued) = p.enrol(&p.session().await).await;
    p.app.advance(STEP);
    let ticket = p.ticket().await;
    let who = p.who(&issued).await;
    let (old, new) = (Password::new(PASSWORD), Password::new("quatre barques rouges"));
    identity::change_password(&p.app.d, &who, origin("192.0.2.1"), &old, &new).await.unwrap();
    assert!(matches!(p.show(&ticket, &phone.answer(&p.app)).await, Err(SignInError::Expired)));
}

#[tokio::test]
async fn somebody_disabled_between_the_steps_stays_outside() {
    let p = nurse(true).await;
    let (phone, _, _) = p.enrol(&p.session().await).await;
    p.app.advance(STEP);
    let ticket = p.ticket().await;
    p.app.alter(&format!("UPDATE control.users SET disabled_at = now() WHERE id = '{}'", p.user)).await;
    assert!(p.show(&ticket, &phone.answer(&p.app)).await.is_err());
}

#[tokio::test]
async fn of_several_establishments_one_is_chosen_after_the_factor() {
    let p = nurse(true).await;
    let (phone, _, _) = p.enrol(&p.session().await).await;
    let there = p.app.house("SSIAD du Canal").await;
    p.app.joins(&there, &p.email, Role::Secretary).await;
    p.app.advance(STEP);
    let issued = p.show(&p.ticket().await, &phone.answer(&p.app)).await.unwrap();
    let who = p.who(&issued).await;
    assert!(who.establishment.is_none() && who.staff(origin("192.0.2.1")).is_none());
    let switched = identity::switch(&p.app.d, &who, origin("192.0.2.1"), there.id, DEVICE).await;
    let (_, issued) = switched.unwrap();
    let who = p.who(&issued).await;
    assert!(who.is_fresh(&p.app.d), "the factor goes along");
    assert!(who.staff(origin("192.0.2.1")).is_some());
}

#[tokio::test]
async fn changing_factors_asks_for_one_again_and_keeps_one() {
    let p = nurse(true).await;
    let (phone, _, issued) = p.enrol(&p.session().await).await;
    let from = origin("192.0.2.1");
    let who = p.who(&issued).await;
    assert!(matches!(factors::remove_totp(&p.app.d, &who, from).await, Err(FactorError::Last)));
    p.app.advance(MINUTE * 11);
    let who = p.who(&issued).await;
    assert!(matches!(factors::remove_totp(&p.app.d, &who, from).await, Err(FactorError::StepUp)));
    assert!(matches!(factors::begin_totp(&p.app.d, &who).await, Err(FactorError::StepUp)));
    assert!(matches!(factors::renew_recovery_codes(&p.app.d, &who, from).await, Err(FactorError::StepUp)));
    let wrong = factors::step_up(&p.app.d, &who, from, DEVICE, &FactorAnswer::Totp("000000".into())).await;
    assert!(matches!(wrong, Err(FactorError::Wrong)));
    let renewed = factors::step_up(&p.app.d, &who, from, DEVICE, &phone.answer(&p.app)).await.unwrap();
    assert!(identity::authenticate_id(&p.app.d, issued.session, false).await.unwrap().is_none());
    let who = p.who(&renewed).await;
    assert_eq!(factors::renew_recovery_codes(&p.app.d, &who, from).await.unwrap().len(), 10);
    assert_eq!(
        (p.rows("identity.step_up", "done").await, p.rows("identity.step_up", "refused").await),
        (1, 1)
    );
    assert_eq!(p.rows("identity.renew_recovery_codes", "done").await, 1);
    assert_eq!(
        p.app.count("SELECT count(*) FROM control.totp").await,
        1,
        "what was refused has not happened"
    );
}

#[tokio::test]
async fn the_first_factor_ends_what_the_password_alone_had_opened() {
    let p = nurse(true).await;
    let (thief, owner) = (p.session().await, p.session().await);
    p.enrol(&owner).await;
    assert!(identity::authenticate_id(&p.app.d, thief.session, false).await.unwrap().is_none());
    // Of two set-ups at once one is the first; the other was opened with a password alone, and is over.
    let p = nurse(true).await;
    let (one, other) = (p.session().await, p.session().await);
    let who = p.who(&other).await;
    let setup = factors::begin_totp(&p.app.d, &who).await.unwrap();
    let code = Phone::new(&setup.secret).code(&p.app);
    p.enrol(&one).await;
    let late = factors::confirm_totp(&p.app.d, &who, origin("192.0.2.1"), DEVICE, &setup.ticket, &code).await;
    assert!(late.is_err());
}

#[tokio::test]
async fn giving_rights_asks_for_a_factor_of_now_and_taking_them_away_does_not() {
    let p = nurse(true).await;
    let (phone, _, issued) = p.enrol(&p.session().await).await;
    p.app.alter("UPDATE control.memberships SET roles = '{administrator}'").await;
    let (other, _) = p.app.person(&p.house, &[Role::Secretary]).await;
    let from = origin("192.0.2.1");
    let admin = async |issued: &Issued| {
        let staff = p.who(issued).await.staff(from).unwrap();
        domain::Admin::of(&p.app.d, staff, "test").await.unwrap()
    };
    let roles = vec![Role::Nurse].into();
    p.app.advance(MINUTE * 11);
    let late = members::change_roles(&p.app.d, &admin(&issued).await, other, &roles).await;
    assert!(matches!(late, Err(members::ChangeError::StepUp(_))));
    let invited = members::invite(&p.app.d, &admin(&issued).await, &invite("neuf@exemple.fr")).await;
    assert!(matches!(invited, Err(members::InviteError::StepUp(_))));
    members::disable(&p.app.d, &admin(&issued).await, other).await.unwrap();
    let enabled = members::enable(&p.app.d, &admin(&issued).await, other).await;
    assert!(matches!(enabled, Err(members::ChangeError::StepUp(_))));
    let who = p.who(&issued).await;
    let renewed = factors::step_up(&p.app.d, &who, from, DEVICE, &phone.answer(&p.app)).await.unwrap();
    members::change_roles(&p.app.d, &admin(&renewed).await, other, &roles).await.unwrap();
}

#[tokio::test]
async fn the_operator_s_new_password_takes_the_factors_away() {
    let p = nurse(true).await;
    let (phone, _, _) = p.enrol(&p.session().await).await;
    p.app.advance(STEP);
    let ticket = p.ticket().await;
    p.app.alter("INSERT INTO control.email_changes SELECT id, 'autre@exemple.fr', NULL, NULL, now(), now() + interval '1 day' FROM control.users").await;
    let (operator, new) = (domain::PlatformAdmin::operator(), Password::new("quatre barques rouges"));
    members::reset_password(&p.app.d, &operator, &p.email.parse().unwrap(), &new).await.unwrap();
    assert!(p.show(&ticket, &phone.answer(&p.app)).await.is_err());
    for table in ["totp", "recovery_codes", "ceremonies", "email_changes"] {
        assert_eq!(p.app.count(&format!("SELECT count(*) FROM control.{table}")).await, 0, "{table}");
    }
}

#[tokio::test]
async fn where_none_is_needed_the_last_factor_may_go_and_takes_its_codes_along() {
    let p = nurse(false).await;
    let (_, _, issued) = p.enrol(&p.session().await).await;
    let who = p.who(&issued).await;
    factors::remove_totp(&p.app.d, &who, origin("192.0.2.1")).await.unwrap();
    assert_eq!(p.app.count("SELECT count(*) FROM control.recovery_codes").await, 0);
    assert_eq!(p.rows("identity.remove_totp", "done").await, 1);
    p.session().await;
}
