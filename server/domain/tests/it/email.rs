//! Another e-mail address, and what people say of themselves.

use std::sync::Arc;

use domain::identity::{self, EmailChangeError, Identified, ProfileError, SignedIn};
use jiff::SignedDuration;
use model::{
    account::{EmailConfirmed, FullName, MailChoice, MailTopic, Profile},
    identity::Password,
    roles::Role,
    time::Language,
};

use crate::support::{App, DEVICE, House, PASSWORD, app, credentials, nurse_with_a_place, origin, token_of};

const NEW: &str = "nouvelle.adresse@exemple.fr";

struct Desk {
    app: App,
    house: House,
    email: String,
    who: Arc<Identified>,
}

impl Desk {
    async fn new() -> Self {
        let app = app().await;
        let house = app.house("Pharmacie des Lilas").await;
        let (_, email) = app.person(&house, &[Role::Pharmacist]).await;
        let issued = app.sign_in(&email, None).await;
        let who = identity::authenticate(&app.d, &issued.access, false).await.unwrap().unwrap();
        Self { app, house, email, who }
    }

    async fn ask(&self, new: &str) -> Result<(), EmailChangeError> {
        identity::ask_email_change(&self.app.d, &self.who, origin("192.0.2.1"), &new.parse().unwrap()).await
    }

    /// The tokens of the mails that came, by address.
    async fn tokens(&self) -> Vec<(String, Option<String>)> {
        self.app.jobs().await;
        let mails = self.app.post.take();
        mails.iter().map(|mail| (mail.to.as_ref().to_owned(), token_of(mail, "/portal/email"))).collect()
    }

    async fn both(&self) -> (String, String) {
        let mut tokens = self.tokens().await;
        tokens.sort_by_key(|(to, _)| to != &self.email);
        let [(old, one), (new, two)] = <[_; 2]>::try_from(tokens).unwrap();
        assert_eq!((old.as_str(), new.as_str()), (self.email.as_str(), NEW));
        (one.unwrap(), two.unwrap())
    }

    async fn confirm(&self, token: &str) -> Result<EmailConfirmed, EmailChangeError> {
        identity::confirm_email(&self.app.d, origin("192.0.2.1"), token).await
    }

    async fn enters_with(&self, email: &str) -> bool {
        let with = credentials(email, PASSWORD, None);
        matches!(
            identity::sign_in(&self.app.d, origin("192.0.2.1"), DEVICE, &with).await,
            Ok(SignedIn::Open(..))
        )
    }
}

#[tokio::test]
async fn an_address_changes_once_both_mailboxes_have_confirmed_it_in_any_order() {
    for old_first in [true, false] {
        let desk = Desk::new().await;
        desk.ask(NEW).await.unwrap();
        let (old, new) = desk.both().await;
        let (first, second) = if old_first { (&old, &new) } else { (&new, &old) };
        let named = async |token: &str| identity::check_email(&desk.app.d, token).await;
        // Read as often as one likes, by a mail program too: nothing is confirmed by that.
        for token in [first, second, first] {
            assert_eq!(named(token).await.unwrap().as_ref(), NEW);
        }
        assert_eq!(desk.confirm(first).await.unwrap(), EmailConfirmed::Waiting);
        assert!(matches!(desk.confirm(first).await, Err(EmailChangeError::Expired)), "once each");
        assert!(matches!(named(first).await, Err(EmailChangeError::Expired)));
        assert!(desk.enters_with(&desk.email).await, "nothing has changed yet");
        let waits = identity::email_change(&desk.app.d, &desk.who).await.unwrap().unwrap();
        assert_eq!(
            (waits.email.as_str(), waits.old_confirmed, waits.new_confirmed),
            (NEW, old_first, !old_first)
        );
        assert_eq!(desk.confirm(second).await.unwrap(), EmailConfirmed::Changed);
        assert!(desk.enters_with(NEW).await);
        assert!(!desk.enters_with(&desk.email).await);
        assert_eq!(desk.tokens().await, [(desk.email.clone(), None)], "the address of before is told");
        assert!(identity::email_change(&desk.app.d, &desk.who).await.unwrap().is_none());
        let rows = "SELECT count(*) FROM control.audit WHERE action IN
                    ('identity.ask_email_change', 'identity.confirm_email', 'identity.change_email')";
        assert_eq!(desk.app.count(rows).await, 4);
    }
}

#[tokio::test]
async fn links_end_with_a_day_another_wish_and_a_cancellation() {
    let desk = Desk::new().await;
    desk.ask(NEW).await.unwrap();
    let (old, new) = desk.both().await;
    desk.app.advance(SignedDuration::from_hours(25));
    assert!(matches!(desk.confirm(&old).await, Err(EmailChangeError::Expired)));
    assert!(matches!(desk.confirm(&new).await, Err(EmailChangeError::Expired)));

    desk.ask(NEW).await.unwrap();
    let (old, _) = desk.both().await;
    desk.confirm(&old).await.unwrap();
    desk.ask(NEW).await.unwrap();
    let (_, new) = desk.both().await;
    assert_eq!(
        desk.confirm(&new).await.unwrap(),
        EmailConfirmed::Waiting,
        "another wish is asked about anew"
    );
    identity::cancel_email_change(&desk.app.d, &desk.who, origin("192.0.2.1")).await.unwrap();
    desk.ask(NEW).await.unwrap();
    let (old, new) = desk.both().await;
    identity::cancel_email_change(&desk.app.d, &desk.who, origin("192.0.2.1")).await.unwrap();
    for token in [old, new] {
        assert!(matches!(desk.confirm(&token).await, Err(EmailChangeError::Expired)));
    }
    assert!(matches!(desk.ask(&desk.email).await, Err(EmailChangeError::Same)));
}

#[tokio::test]
async fn a_link_confirms_the_address_that_its_mail_named_and_no_other() {
    let desk = Desk::new().await;
    desk.ask(NEW).await.unwrap();
    let (old, new) = desk.both().await;
    // Another wish, which came between the reading of the address and the making of the links, and so did not end them.
    let address = |to: &str| format!("UPDATE control.email_changes SET new_email = '{to}'");
    desk.app.alter(&address("autre.adresse@exemple.fr")).await;
    for token in [&old, &new] {
        assert!(matches!(desk.confirm(token).await, Err(EmailChangeError::Expired)));
    }
    let confirmed = "SELECT count(*) FROM control.email_changes
                     WHERE old_confirmed_at IS NOT NULL OR new_confirmed_at IS NOT NULL";
    assert_eq!(desk.app.count(confirmed).await, 0);
    assert!(desk.enters_with(&desk.email).await);
    // A link of a version that did not keep the address names none.
    desk.app.alter(&address(NEW)).await;
    desk.app.alter("UPDATE control.ceremonies SET data = 'null' WHERE kind = 'email_old'").await;
    assert!(matches!(desk.confirm(&old).await, Err(EmailChangeError::Expired)));
}

#[tokio::test]
async fn an_address_that_has_an_account_is_nobody_else_s_and_asking_does_not_tell() {
    let desk = Desk::new().await;
    let (_, taken) = desk.app.person(&desk.house, &[Role::Nurse]).await;
    desk.ask(&taken).await.unwrap();
    let mut tokens = desk.tokens().await;
    tokens.sort();
    let owner = tokens.iter().find(|(to, _)| to == &taken).unwrap();
    assert_eq!(owner.1, None, "who has it learns it, and can confirm nothing");

    // Taken while the links were on their way.
    desk.ask(NEW).await.unwrap();
    let (old, new) = desk.both().await;
    desk.app.alter(&format!("UPDATE control.users SET email = '{NEW}' WHERE email = '{taken}'")).await;
    desk.confirm(&old).await.unwrap();
    assert!(matches!(desk.confirm(&new).await, Err(EmailChangeError::Expired)));
    assert!(desk.enters_with(&desk.email).await);
}

#[tokio::test]
async fn an_open_counter_is_not_enough() {
    let desk = Desk::new().await;
    desk.app.alter("UPDATE control.sessions SET factor_at = last_active_at").await;
    desk.app.advance(SignedDuration::from_mins(11));
    let session = desk.who.session;
    let with_factor = identity::authenticate_id(&desk.app.d, session, false).await.unwrap().unwrap();
    let new = NEW.parse().unwrap();
    let late = identity::ask_email_change(&desk.app.d, &with_factor, origin("192.0.2.1"), &new);
    assert!(matches!(late.await, Err(EmailChangeError::StepUp)));
}

#[tokio::test]
async fn not_me_ends_a_change_that_is_under_way() {
    let desk = Desk::new().await;
    let other = identity::Device { known_as: Some("a thief's"), ..DEVICE };
    let with = credentials(&desk.email, PASSWORD, None);
    identity::sign_in(&desk.app.d, origin("192.0.2.1"), other, &with).await.map(drop).unwrap();
    desk.app.jobs().await;
    let not_me = token_of(&desk.app.post.take().pop().unwrap(), "/portal/not-me").unwrap();
    desk.ask(NEW).await.unwrap();
    let (_, new) = desk.both().await;
    identity::not_me(&desk.app.d, origin("192.0.2.1"), &not_me).await.unwrap();
    assert!(matches!(desk.confirm(&new).await, Err(EmailChangeError::Expired)));
    assert_eq!(desk.app.count("SELECT count(*) FROM control.email_changes").await, 0);
}

fn profile(given: &str, language: Language) -> Profile {
    let name = FullName { given_name: given.parse().unwrap(), family_name: "Fictif".parse().unwrap() };
    Profile { name: Some(name), language }
}

#[tokio::test]
async fn people_change_their_name_and_language_and_lists_follow() {
    let desk = Desk::new().await;
    let from = origin("192.0.2.1");
    identity::change_profile(&desk.app.d, &desk.who, from, &profile("Dominique", Language::En))
        .await
        .unwrap();
    let shown =
        format!("SELECT count(*) FROM {}.staff WHERE display_name = 'Dominique Fictif'", desk.house.schema());
    assert_eq!(desk.app.count(&shown).await, 1);
    let me = identity::me(&desk.app.d, &desk.who).await.unwrap().unwrap();
    assert_eq!((me.name.as_str(), me.language), ("Dominique Fictif", Language::En));
    let row = "SELECT count(*) FROM control.audit WHERE action = 'identity.change_profile' AND detail = 'Camille Fictif → Dominique Fictif, language'";
    assert_eq!(desk.app.count(row).await, 1);
}

#[tokio::test]
async fn a_choice_of_mails_is_recorded_with_who_chose_what() {
    let desk = Desk::new().await;
    for (wanted, word) in [(false, "no"), (true, "yes")] {
        let choice = MailChoice { topic: MailTopic::Guessing, wanted };
        identity::choose_mails(&desk.app.d, &desk.who, origin("192.0.2.1"), choice).await.unwrap();
        let row = format!(
            "SELECT count(*) FROM control.audit WHERE action = 'identity.choose_mails' AND detail = 'guessing: {word}'
             AND outcome = 'done' AND actor_id = '{}' AND session_id = '{}' AND address = '192.0.2.1'",
            desk.who.user, desk.who.session
        );
        assert_eq!(desk.app.count(&row).await, 1);
    }
    desk.app.alter("ALTER TABLE control.audit ADD CONSTRAINT broken CHECK (false) NOT VALID").await;
    let choice = MailChoice { topic: MailTopic::Guessing, wanted: false };
    assert!(identity::choose_mails(&desk.app.d, &desk.who, origin("192.0.2.1"), choice).await.is_err());
    let kept = "SELECT count(*) FROM control.users WHERE cardinality(unwanted_mails) > 0";
    assert_eq!(desk.app.count(kept).await, 0, "no choice without its row");
}

#[tokio::test]
async fn a_name_that_pro_sante_connect_gave_is_its_own_and_the_language_is_not() {
    let (app, _) = nurse_with_a_place().await;
    let issued = app.arrive().await;
    let who = identity::authenticate(&app.d, &issued.access, false).await.unwrap().unwrap();
    let from = origin("192.0.2.1");
    let renamed = identity::change_profile(&app.d, &who, from, &profile("Autre", Language::Fr)).await;
    assert!(matches!(renamed, Err(ProfileError::NotYours)));
    let english = Profile { name: None, language: Language::En };
    identity::change_profile(&app.d, &who, from, &english).await.unwrap();
    let account = identity::own_account(&app.d, &who).await.unwrap();
    assert_eq!((account.language, account.name_is_given), (Language::En, true));
}

#[tokio::test]
async fn the_address_of_before_can_take_the_account_back() {
    let desk = Desk::new().await;
    desk.ask(NEW).await.unwrap();
    let (old, new) = desk.both().await;
    identity::ask_reset(&desk.app.d, origin("192.0.2.1"), &desk.email.parse().unwrap()).await.unwrap();
    desk.app.jobs().await;
    let reset = token_of(&desk.app.post.take().pop().unwrap(), "/portal/reset").unwrap();
    desk.confirm(&old).await.unwrap();
    desk.confirm(&new).await.unwrap();
    let other = Password::new("quatre voiles blanches");
    let late = identity::reset(&desk.app.d, origin("192.0.2.1"), &reset, &other);
    assert!(late.await.is_err(), "a link that lies in the mailbox of before");
    desk.app.jobs().await;
    let told = desk.app.post.take().pop().unwrap();
    assert_eq!(told.to.as_ref(), desk.email);
    let not_me = token_of(&told, "/portal/not-me").unwrap();
    identity::not_me(&desk.app.d, origin("192.0.2.1"), &not_me).await.unwrap();
    desk.app.jobs().await;
    let offer = desk.app.post.take().pop().unwrap();
    assert_eq!(offer.to.as_ref(), desk.email, "to the owner, not to whoever changed it");
    let token = token_of(&offer, "/portal/reset").unwrap();
    identity::reset(&desk.app.d, origin("192.0.2.1"), &token, &Password::new(PASSWORD)).await.unwrap();
    assert!(desk.enters_with(&desk.email).await);
    assert!(!desk.enters_with(NEW).await);
}

#[tokio::test]
async fn a_password_that_is_changed_ends_a_change_of_address() {
    let desk = Desk::new().await;
    desk.ask(NEW).await.unwrap();
    let (old, new) = desk.both().await;
    let (current, next) = (Password::new(PASSWORD), Password::new("quatre voiles blanches"));
    identity::change_password(&desk.app.d, &desk.who, origin("192.0.2.1"), &current, &next).await.unwrap();
    for token in [old, new] {
        assert!(matches!(desk.confirm(&token).await, Err(EmailChangeError::Expired)));
    }
}
