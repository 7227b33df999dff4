//! What people are told of their own access, and the links in these mails.

use domain::{
    PlatformAdmin,
    identity::{self, Device, NotMeError, ResetError, SignInError, SignedIn},
    members::{self, AddError},
};
use jiff::SignedDuration;
use model::{
    identity::{Email, Password, PasswordProblem},
    roles::Role,
};

use crate::support::{App, DEVICE, PASSWORD, app, credentials, origin, token_of};

const NEW: &str = "quatre voiles blanches";
const FIREFOX: &str = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0";

/// An application with a pharmacist, and what the test asks of them.
struct Desk {
    app: App,
    email: String,
}

impl Desk {
    async fn new() -> Self {
        let app = app().await;
        let house = app.house("Pharmacie des Lilas").await;
        let (_, email) = app.person(&house, &[Role::Pharmacist]).await;
        Self { app, email }
    }

    async fn ask(&self, email: &str) {
        let email: Email = email.parse().unwrap();
        identity::ask_reset(&self.app.d, origin("192.0.2.1"), &email).await.unwrap();
    }

    /// Asks, and gives the token of the mail.
    async fn link(&self) -> String {
        self.ask(&self.email).await;
        self.app.jobs().await;
        let mails = self.app.post.take();
        assert_eq!(mails.len(), 1);
        assert_eq!(mails[0].to.as_ref(), self.email);
        token_of(&mails[0], "/portal/reset").unwrap()
    }

    async fn reset(&self, token: &str, new: &str) -> Result<(), ResetError> {
        identity::reset(&self.app.d, origin("192.0.2.1"), token, &Password::new(new)).await
    }

    async fn enter(&self, password: &str, device: Device<'_>) -> Result<SignedIn, SignInError> {
        let with = credentials(&self.email, password, None);
        identity::sign_in(&self.app.d, origin("192.0.2.1"), device, &with).await
    }

    async fn who(&self) -> std::sync::Arc<identity::Identified> {
        let issued = self.app.sign_in(&self.email, None).await;
        identity::authenticate(&self.app.d, &issued.access, false).await.unwrap().unwrap()
    }

    /// Subjects of the mails that came.
    async fn subjects(&self) -> Vec<String> {
        self.app.jobs().await;
        self.app.post.take().into_iter().map(|mail| mail.subject).collect()
    }
}

#[tokio::test]
async fn a_mailed_link_sets_another_password_once_and_ends_every_session() {
    let desk = Desk::new().await;
    let issued = desk.app.sign_in(&desk.email, None).await;
    let token = desk.link().await;

    let short = desk.reset(&token, "court").await;
    assert!(matches!(short, Err(ResetError::Refused(_))), "the rules hold");
    let own = desk.reset(&token, "camillefictif").await;
    assert!(matches!(own, Err(ResetError::Refused(_))), "one's own name is no password");
    desk.reset(&token, NEW).await.unwrap();
    assert!(matches!(desk.reset(&token, NEW).await, Err(ResetError::Expired)), "once");

    desk.app.advance(SignedDuration::from_secs(5));
    assert!(identity::authenticate(&desk.app.d, &issued.access, false).await.unwrap().is_none());
    assert!(matches!(desk.enter(PASSWORD, DEVICE).await, Err(SignInError::Wrong)));
    assert!(desk.enter(NEW, DEVICE).await.is_ok());
    assert_eq!(desk.subjects().await, ["CareLink\u{a0}: votre mot de passe a été réinitialisé"]);
    let audited = "SELECT count(*) FROM control.audit WHERE object_id IS NOT NULL
                   AND action IN ('identity.mail_reset', 'identity.reset_password') AND outcome = 'done'";
    assert_eq!(desk.app.count(audited).await, 2);
}

#[tokio::test]
async fn a_password_that_the_operator_sets_keeps_the_rules_and_its_owner_is_told() {
    let desk = Desk::new().await;
    let (operator, email) = (PlatformAdmin::operator(), desk.email.parse::<Email>().unwrap());
    let set =
        async |new: &str| members::reset_password(&desk.app.d, &operator, &email, &Password::new(new)).await;
    assert!(matches!(set("camillefictif").await, Err(AddError::Password(PasswordProblem::Context))));
    assert!(desk.subjects().await.is_empty(), "nothing was done");
    assert!(set(NEW).await.unwrap());
    desk.app.jobs().await;
    let [mail] = <[_; 1]>::try_from(desk.app.post.take()).map_err(|mails| mails.len()).unwrap();
    assert_eq!(mail.subject, "CareLink\u{a0}: votre mot de passe a été remplacé");
    assert!(mail.text.contains("codes de secours") && !mail.text.contains("Réseau"), "{}", mail.text);
    let token = token_of(&mail, "/portal/not-me").unwrap();
    identity::not_me(&desk.app.d, origin("192.0.2.1"), &token).await.unwrap();
}

#[tokio::test]
async fn a_link_lives_for_half_an_hour_and_the_later_one_ends_the_earlier() {
    let desk = Desk::new().await;
    let late = desk.link().await;
    desk.app.advance(SignedDuration::from_mins(31));
    assert!(matches!(desk.reset(&late, NEW).await, Err(ResetError::Expired)));

    let (first, second) = (desk.link().await, desk.link().await);
    desk.reset(&second, NEW).await.unwrap();
    assert!(matches!(desk.reset(&first, "cinq phares allumés").await, Err(ResetError::Expired)));
    assert!(matches!(desk.reset("nonsense", NEW).await, Err(ResetError::Expired)));
}

#[tokio::test]
async fn asking_is_the_same_for_everybody_and_only_owners_get_a_mail() {
    let desk = Desk::new().await;
    desk.ask("personne.inconnue@exemple.fr").await;
    let rows = "SELECT count(*) FROM control.audit WHERE action = 'identity.ask_reset' AND object_id IS NULL";
    assert_eq!(desk.app.count(rows).await, 1, "what is written doesn't differ either");
    assert_eq!(desk.app.count("SELECT count(*) FROM queue.jobs WHERE kind = 'mail'").await, 1);
    desk.app.jobs().await;
    assert!(desk.app.post.take().is_empty());
    desk.app.alter("UPDATE control.users SET disabled_at = now()").await;
    desk.ask(&desk.email).await;
    desk.app.jobs().await;
    assert!(desk.app.post.take().is_empty(), "nobody who may not come in");
}

#[tokio::test]
async fn nobody_is_flooded_and_an_owner_is_let_in_again_after_strangers_tried() {
    let desk = Desk::new().await;
    let email: Email = desk.email.parse().unwrap();
    for _ in 0..30 {
        let _ = desk.enter("mauvais mot de passe", DEVICE).await;
        desk.app.advance(SignedDuration::from_mins(16));
    }
    assert!(matches!(desk.enter(PASSWORD, DEVICE).await, Err(SignInError::TooMany(_))), "shut for today");
    let token = desk.link().await;
    desk.reset(&token, NEW).await.unwrap();
    assert!(desk.enter(NEW, DEVICE).await.is_ok());

    for _ in 0..4 {
        desk.ask(&desk.email).await;
    }
    let more = identity::ask_reset(&desk.app.d, origin("198.51.100.7"), &email).await;
    assert!(more.is_err(), "five an hour to one address, wherever they are asked for");
}

#[tokio::test]
async fn a_mail_that_nobody_waits_for_any_more_is_not_sent_and_a_shut_server_is_tried_again() {
    let desk = Desk::new().await;
    desk.app.post.shut(true);
    desk.ask(&desk.email).await;
    desk.app.jobs().await;
    let waiting = "SELECT count(*) FROM queue.jobs WHERE kind = 'mail' AND state = 'waiting' AND last_error = 'mail: shut'";
    assert_eq!(desk.app.count(waiting).await, 1);
    desk.app.post.shut(false);
    desk.app.advance(SignedDuration::from_secs(6));
    desk.app.jobs().await;
    assert_eq!(desk.app.post.take().len(), 1);

    desk.app.post.shut(true);
    desk.ask(&desk.email).await;
    desk.app.jobs().await;
    desk.app.post.shut(false);
    desk.app.advance(SignedDuration::from_mins(61));
    desk.app.jobs().await;
    assert!(desk.app.post.take().is_empty());
    assert_eq!(desk.app.count("SELECT count(*) FROM queue.jobs WHERE kind = 'mail'").await, 0);
}

#[tokio::test]
async fn the_owner_learns_of_a_sign_in_with_another_browser_once() {
    let desk = Desk::new().await;
    let other = Device { user_agent: Some(FIREFOX), known_as: Some("another browser"), ..DEVICE };
    desk.enter(PASSWORD, DEVICE).await.map(drop).unwrap();
    assert!(desk.subjects().await.is_empty(), "the first one is theirs");
    desk.enter(PASSWORD, DEVICE).await.map(drop).unwrap();
    assert!(desk.subjects().await.is_empty(), "a known one");
    desk.enter(PASSWORD, other).await.map(drop).unwrap();
    desk.app.jobs().await;
    let mails = desk.app.post.take();
    assert_eq!(mails.len(), 1);
    assert_eq!(mails[0].subject, "CareLink\u{a0}: connexion depuis un nouveau navigateur");
    assert!(mails[0].text.contains("Firefox, Linux"), "{}", mails[0].text);
    assert!(mails[0].text.contains("192.0.2.…"), "roughly from where: {}", mails[0].text);
    assert!(!mails[0].text.contains("192.0.2.1"), "not more");
    desk.enter(PASSWORD, other).await.map(drop).unwrap();
    assert!(desk.subjects().await.is_empty(), "known from then on");

    let program = Device { transport: model::identity::Transport::Bearer, known_as: None, ..DEVICE };
    desk.enter(PASSWORD, program).await.map(drop).unwrap();
    let mut with = credentials(&desk.email, PASSWORD, None);
    with.transport = model::identity::Transport::Bearer;
    identity::sign_in(&desk.app.d, origin("192.0.2.1"), program, &with).await.map(drop).unwrap();
    assert_eq!(desk.subjects().await.len(), 1, "a program is known by what it says of itself");

    desk.app.advance(SignedDuration::from_hours(24 * 401));
    desk.app.jobs().await;
    assert_eq!(desk.app.count("SELECT count(*) FROM control.known_browsers").await, 0);
}

#[tokio::test]
async fn whoever_it_was_not_shuts_the_account_and_gets_a_link_to_a_new_password() {
    let desk = Desk::new().await;
    desk.enter(PASSWORD, DEVICE).await.map(drop).unwrap();
    let thief = Device { known_as: Some("a thief's"), ..DEVICE };
    let Ok(SignedIn::Open(_, stolen)) = desk.enter(PASSWORD, thief).await else { panic!("signs in") };
    desk.app.jobs().await;
    let mail = desk.app.post.take().pop().unwrap();
    let token = token_of(&mail, "/portal/not-me").unwrap();

    let from = origin("192.0.2.1");
    identity::not_me(&desk.app.d, from, &token).await.unwrap();
    assert!(matches!(identity::not_me(&desk.app.d, from, &token).await, Err(NotMeError::Expired)), "once");
    desk.app.advance(SignedDuration::from_secs(5));
    assert!(identity::authenticate(&desk.app.d, &stolen.access, false).await.unwrap().is_none());
    assert!(
        matches!(desk.enter(PASSWORD, thief).await, Err(SignInError::Wrong)),
        "the password is worthless"
    );

    desk.app.jobs().await;
    let mail = desk.app.post.take().pop().unwrap();
    assert!(mail.text.contains("Vous avez protégé votre compte") && !mail.text.contains("reste le même"));
    let link = token_of(&mail, "/portal/reset").unwrap();
    desk.reset(&link, NEW).await.unwrap();
    assert!(desk.enter(NEW, DEVICE).await.is_ok());
    assert_eq!(
        desk.app.count("SELECT count(*) FROM control.audit WHERE action = 'identity.not_me'").await,
        1
    );
}

#[tokio::test]
async fn not_me_is_good_for_a_week() {
    let desk = Desk::new().await;
    let who = desk.app.sign_in(&desk.email, None).await;
    let who = identity::authenticate(&desk.app.d, &who.access, false).await.unwrap().unwrap();
    let (current, new) = (Password::new(PASSWORD), Password::new(NEW));
    identity::change_password(&desk.app.d, &who, origin("192.0.2.1"), &current, &new).await.unwrap();
    desk.app.jobs().await;
    let mail = desk.app.post.take().pop().unwrap();
    assert_eq!(mail.subject, "CareLink\u{a0}: votre mot de passe a été changé");
    let token = token_of(&mail, "/portal/not-me").unwrap();
    desk.app.advance(SignedDuration::from_hours(7 * 24 + 1));
    let late = identity::not_me(&desk.app.d, origin("192.0.2.1"), &token).await;
    assert!(matches!(late, Err(NotMeError::Expired)));
}

#[tokio::test]
async fn no_token_of_a_mail_lies_in_the_database() {
    let desk = Desk::new().await;
    let token = desk.link().await;
    let found = "SELECT count(*) FROM control.ceremonies c WHERE c::text LIKE '%' || $1 || '%'";
    let mut look = desk.app.look().await;
    let count: i64 = sqlx::query_scalar(found).bind(&token).fetch_one(&mut look).await.unwrap();
    assert_eq!(count, 0);
    assert_eq!(desk.app.count("SELECT count(*) FROM control.ceremonies WHERE kind = 'reset'").await, 1);
}

#[tokio::test]
async fn mails_are_in_the_language_of_who_reads_them() {
    let desk = Desk::new().await;
    desk.app.alter("UPDATE control.users SET language = 'en'").await;
    desk.ask(&desk.email).await;
    desk.app.jobs().await;
    let mail = desk.app.post.take().pop().unwrap();
    assert_eq!((mail.subject.as_str(), mail.language), ("CareLink: choose a new password", "en"));
    assert!(mail.html.contains("<html lang=\"en\">"));
}

#[tokio::test]
async fn not_me_takes_ways_in_away_that_are_new_and_leaves_the_old_ones() {
    let desk = Desk::new().await;
    let who = desk.who().await;
    let user = "(SELECT id FROM control.users)";
    let (old, new) = ("now() - interval '30 days'", "now() - interval '1 hour'");
    for (n, at) in [(1, old), (2, new)] {
        desk.app
            .alter(&format!(
                "INSERT INTO control.passkeys SELECT gen_random_uuid(), {user}, '\\x0{n}', '{{}}', 'clé {n}', {at}"
            ))
            .await;
    }
    desk.app.alter(&format!("INSERT INTO control.totp SELECT {user}, '\\x00', 0, {new}")).await;
    desk.app.alter(&format!("INSERT INTO control.recovery_codes SELECT {user}, '\\x00', NULL")).await;
    desk.app
        .alter(&format!(
            "INSERT INTO control.psc_identities SELECT 'issuer', 'id', {user}, 'sub', NULL, '{{}}', {new}, {new}"
        ))
        .await;
    let (current, next) = (Password::new(PASSWORD), Password::new(NEW));
    identity::change_password(&desk.app.d, &who, origin("192.0.2.1"), &current, &next).await.unwrap();
    desk.app.jobs().await;
    let token = token_of(&desk.app.post.take().pop().unwrap(), "/portal/not-me").unwrap();
    identity::not_me(&desk.app.d, origin("192.0.2.1"), &token).await.unwrap();
    assert_eq!(desk.app.count("SELECT count(*) FROM control.passkeys WHERE name = 'clé 1'").await, 1);
    for gone in ["passkeys WHERE name = 'clé 2'", "totp", "psc_identities", "recovery_codes"] {
        assert_eq!(desk.app.count(&format!("SELECT count(*) FROM control.{gone}")).await, 0, "{gone}");
    }
}

#[tokio::test]
async fn not_me_leaves_the_only_factor() {
    let desk = Desk::new().await;
    let who = desk.who().await;
    let (current, next) = (Password::new(PASSWORD), Password::new(NEW));
    identity::change_password(&desk.app.d, &who, origin("192.0.2.1"), &current, &next).await.unwrap();
    desk.app.alter("INSERT INTO control.totp SELECT id, '\\x00', 0, now() FROM control.users").await;
    desk.app.jobs().await;
    let token = token_of(&desk.app.post.take().pop().unwrap(), "/portal/not-me").unwrap();
    identity::not_me(&desk.app.d, origin("192.0.2.1"), &token).await.unwrap();
    assert_eq!(desk.app.count("SELECT count(*) FROM control.totp").await, 1);
}

#[tokio::test]
async fn what_runs_on_after_not_me_changes_nothing_and_the_next_sign_in_is_told() {
    let desk = Desk::new().await;
    let who = desk.who().await;
    let (current, next) = (Password::new(PASSWORD), Password::new(NEW));
    identity::change_password(&desk.app.d, &who, origin("192.0.2.1"), &current, &next).await.unwrap();
    desk.app.jobs().await;
    let token = token_of(&desk.app.post.take().pop().unwrap(), "/portal/not-me").unwrap();
    identity::not_me(&desk.app.d, origin("192.0.2.1"), &token).await.unwrap();
    let again = identity::change_password(&desk.app.d, &who, origin("192.0.2.1"), &next, &current).await;
    assert!(matches!(again, Err(identity::ChangePasswordError::Wrong)), "by whoever still holds the session");
    desk.app.jobs().await;
    let link = token_of(&desk.app.post.take().pop().unwrap(), "/portal/reset").unwrap();
    desk.reset(&link, NEW).await.unwrap();
    desk.subjects().await;
    desk.enter(NEW, DEVICE).await.map(drop).unwrap();
    assert_eq!(
        desk.subjects().await,
        ["CareLink\u{a0}: connexion depuis un nouveau navigateur"],
        "no browser is trusted"
    );
}
