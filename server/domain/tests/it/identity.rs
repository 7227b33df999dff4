//! Signing in, the limits of a session, and what ends it.

use domain::{
    Domain, PlatformAdmin,
    identity::{self, ChangePasswordError, Identified, Issued, SignInError, SignedIn, SwitchError},
    members,
};
use std::time::Duration;

use jiff::SignedDuration;
use model::{
    identity::{Password, PasswordProblem},
    roles::Role,
};

use sqlx::{AssertSqlSafe, Executor};

use crate::support::{App, DEVICE, House, Node, PASSWORD, app, credentials, origin};

const MINUTE: SignedDuration = SignedDuration::from_mins(1);

async fn try_in(d: &Domain, email: &str, password: &str) -> Result<SignedIn, SignInError> {
    identity::sign_in(d, origin("192.0.2.1"), DEVICE, &credentials(email, password, None)).await
}

async fn who(d: &Domain, issued: &Issued, background: bool) -> Option<std::sync::Arc<Identified>> {
    identity::authenticate_id(d, issued.session, background).await.unwrap()
}

async fn nurse() -> (App, House, String) {
    let app = app().await;
    let house = app.house("Pharmacie des Lilas").await;
    let (_, email) = app.person(&house, &[Role::Nurse]).await;
    (app, house, email)
}

#[tokio::test]
async fn the_right_pair_opens_a_session_with_its_establishment_and_roles() {
    let (app, house, email) = nurse().await;
    let Ok(SignedIn::Open(me, issued)) = try_in(&app.d, &email.to_uppercase(), PASSWORD).await else {
        panic!()
    };
    assert_eq!(me.establishment.unwrap().id, house.id);
    let identified = identity::authenticate(&app.d, &issued.access, false).await.unwrap().unwrap();
    assert!(identified.roles.hold(Role::Nurse) && identified.establishment == Some(house.id));
    let staff = identified.staff(origin("192.0.2.1")).unwrap();
    domain::documents::unseen(&app.d, &staff).await.unwrap();
    assert!(identity::authenticate(&app.d, "nonsense", false).await.unwrap().is_none());
    let hashed: String = sqlx::query_scalar("SELECT password_hash FROM control.users")
        .fetch_one(&mut app.look().await)
        .await
        .unwrap();
    assert!(hashed.starts_with("$argon2id$"));
}

#[tokio::test]
async fn wrong_unknown_malformed_and_disabled_are_one_answer() {
    let (app, _, email) = nurse().await;
    let disabled = {
        let house = app.house("SSIAD du Canal").await;
        let (user, email) = app.person(&house, &[Role::Nurse]).await;
        app.alter(&format!("UPDATE control.users SET disabled_at = now() WHERE id = '{user}'")).await;
        email
    };
    let long = "x".repeat(2_000);
    for (email, password) in [
        (email.as_str(), "faux faux faux"),
        ("inconnu@exemple.fr", PASSWORD),
        ("pas une adresse", PASSWORD),
        (disabled.as_str(), PASSWORD),
        (email.as_str(), long.as_str()),
    ] {
        assert!(matches!(try_in(&app.d, email, password).await, Err(SignInError::Wrong)), "{email}");
    }
    let refused =
        "SELECT count(*) FROM control.audit WHERE action = 'identity.sign_in' AND outcome = 'refused'";
    assert_eq!(app.count(refused).await, 5);
}

#[tokio::test]
async fn somebody_of_two_establishments_chooses_and_may_switch() {
    let (app, here, email) = nurse().await;
    let there = app.house("SSIAD du Canal").await;
    app.joins(&there, &email, Role::Secretary).await;
    let Ok(SignedIn::Choose(places)) = try_in(&app.d, &email, PASSWORD).await else { panic!() };
    assert_eq!(places.len(), 2);
    let issued = app.sign_in(&email, Some(&here)).await;
    let before = who(&app.d, &issued, false).await.unwrap();
    app.advance(MINUTE * 10);
    let (me, switched) =
        identity::switch(&app.d, &before, origin("192.0.2.1"), there.id, DEVICE).await.unwrap();
    assert_eq!(me.establishment.unwrap().id, there.id);
    assert!(me.roles.hold(Role::Secretary) && !me.roles.hold(Role::Nurse));
    // A new session; the old one is over, and the clock of the authentication goes on.
    assert_ne!(switched.session, issued.session);
    assert!(who(&app.d, &issued, false).await.is_none());
    assert_eq!(switched.ends_at, issued.ends_at);
    let elsewhere = app.house("Ailleurs").await;
    let now = who(&app.d, &switched, false).await.unwrap();
    let refused = identity::switch(&app.d, &now, origin("192.0.2.1"), elsewhere.id, DEVICE).await;
    assert!(matches!(refused, Err(SwitchError::NotFound)));
    let wanted = credentials(&email, PASSWORD, Some(elsewhere.id));
    let refused = identity::sign_in(&app.d, origin("192.0.2.1"), DEVICE, &wanted).await;
    assert!(matches!(refused, Err(SignInError::NoEstablishment)));
}

#[tokio::test]
async fn a_session_ends_after_half_an_hour_of_silence() {
    let (app, _, email) = nurse().await;
    let issued = app.sign_in(&email, None).await;
    app.advance(MINUTE * 29);
    assert!(who(&app.d, &issued, false).await.is_some());
    app.advance(MINUTE * 29);
    // A page that re-reads itself is no sign of life.
    assert!(who(&app.d, &issued, true).await.is_some());
    app.advance(MINUTE);
    assert!(who(&app.d, &issued, true).await.is_none());
    let refreshed = identity::refresh(&app.d, &issued.refresh, origin("192.0.2.1"), true).await;
    assert!(matches!(refreshed, Err(identity::RefreshError::NoSession)));
}

#[tokio::test]
async fn an_administrators_session_ends_after_a_quarter_of_an_hour() {
    let (app, house, _) = nurse().await;
    let (_, email) = app.person(&house, &[Role::Administrator, Role::Nurse]).await;
    let issued = app.sign_in(&email, None).await;
    app.advance(MINUTE * 14);
    assert!(who(&app.d, &issued, false).await.is_some());
    app.advance(MINUTE * 15);
    assert!(who(&app.d, &issued, false).await.is_none());
}

#[tokio::test]
async fn a_session_ends_after_four_hours_whatever_happens() {
    let (app, _, email) = nurse().await;
    let mut issued = app.sign_in(&email, None).await;
    for _ in 0..23 {
        app.advance(MINUTE * 10);
        assert!(who(&app.d, &issued, false).await.is_some());
        issued = identity::refresh(&app.d, &issued.refresh, origin("192.0.2.1"), true).await.unwrap();
    }
    app.advance(MINUTE * 10);
    assert!(who(&app.d, &issued, false).await.is_none());
    assert!(identity::refresh(&app.d, &issued.refresh, origin("192.0.2.1"), true).await.is_err());
}

#[tokio::test]
async fn a_person_has_ten_sessions_at_most_and_the_oldest_goes_first() {
    let (app, _, email) = nurse().await;
    let mut sessions = Vec::new();
    for _ in 0..12 {
        sessions.push(app.sign_in(&email, None).await);
        app.advance(SignedDuration::from_secs(4));
    }
    for (n, issued) in sessions.iter().enumerate() {
        assert_eq!(who(&app.d, issued, true).await.is_some(), n >= 2, "{n}");
    }
}

#[tokio::test]
async fn a_new_password_ends_every_other_session() {
    let (app, _, email) = nurse().await;
    let (mine, other) = (app.sign_in(&email, None).await, app.sign_in(&email, None).await);
    let me = who(&app.d, &mine, false).await.unwrap();
    assert!(who(&app.d, &other, false).await.is_some());
    let change = async |current: &str, new: &str| {
        identity::change_password(
            &app.d,
            &me,
            origin("192.0.2.1"),
            &Password::new(current),
            &Password::new(new),
        )
        .await
    };
    assert!(matches!(
        change("faux faux faux", "quatre voiles blanches").await,
        Err(ChangePasswordError::Wrong)
    ));
    for (bad, why) in [
        ("court", PasswordProblem::TooShort),
        (PASSWORD, PasswordProblem::Same),
        (email.as_str(), PasswordProblem::Context),
        ("Pharmacie-des-Lilas", PasswordProblem::Context),
    ] {
        let refused = change(PASSWORD, bad).await;
        assert!(
            matches!(&refused, Err(ChangePasswordError::Refused(said)) if *said == why),
            "{bad}: {refused:?}"
        );
    }
    assert!(who(&app.d, &other, false).await.is_some());
    change(PASSWORD, "quatre voiles blanches").await.unwrap();
    assert!(who(&app.d, &mine, false).await.is_some());
    assert!(who(&app.d, &other, false).await.is_none());
    assert!(matches!(try_in(&app.d, &email, PASSWORD).await, Err(SignInError::Wrong)));
    assert!(matches!(try_in(&app.d, &email, "quatre voiles blanches").await, Ok(SignedIn::Open(..))));
    let (address, old) = (email.parse().unwrap(), Password::new(PASSWORD));
    assert!(members::reset_password(&app.d, &PlatformAdmin::operator(), &address, &old).await.unwrap());
    assert!(who(&app.d, &mine, false).await.is_none());
}

#[tokio::test]
async fn wrong_passwords_make_the_account_wait_longer_and_longer() {
    let (app, house, email) = nurse().await;
    for _ in 0..5 {
        assert!(matches!(try_in(&app.d, &email, "faux faux faux").await, Err(SignInError::Wrong)));
    }
    for expected in [64_u64, 128, 256, 512, 900, 900] {
        let Err(SignInError::TooMany(wait)) = try_in(&app.d, &email, PASSWORD).await else {
            panic!("let through")
        };
        assert_eq!(wait.retry_after, expected + 1);
        app.advance(SignedDuration::from_secs(i64::try_from(wait.retry_after).unwrap()));
        assert!(matches!(try_in(&app.d, &email, "faux faux faux").await, Err(SignInError::Wrong)));
    }
    // Another account from the same address is not concerned, and an unknown one waits just the same.
    let (_, neighbour) = app.person(&house, &[Role::Nurse]).await;
    assert!(matches!(try_in(&app.d, &neighbour, PASSWORD).await, Ok(SignedIn::Open(..))));
    for _ in 0..5 {
        assert!(matches!(try_in(&app.d, "inconnu@exemple.fr", PASSWORD).await, Err(SignInError::Wrong)));
    }
    assert!(matches!(try_in(&app.d, "Inconnu@exemple.fr ", PASSWORD).await, Err(SignInError::TooMany(_))));
}

#[tokio::test]
async fn a_change_of_rights_works_within_five_seconds_on_every_node() {
    let (app, house, email) = nurse().await;
    let other = app.node(Node::default());
    let admin = app.admin(&house).await;
    let issued = app.sign_in(&email, None).await;
    let user = who(&app.d, &issued, false).await.unwrap().user;
    assert!(who(&other, &issued, true).await.is_some());
    members::change_roles(&app.d, &admin, user, &vec![Role::Secretary].into()).await.unwrap();
    assert!(who(&app.d, &issued, false).await.unwrap().roles.hold(Role::Secretary));
    app.advance(SignedDuration::from_secs(5));
    assert!(who(&other, &issued, false).await.unwrap().roles.hold(Role::Secretary));
    members::disable(&app.d, &admin, user).await.unwrap();
    assert!(who(&app.d, &issued, false).await.is_none());
    app.advance(SignedDuration::from_secs(5));
    assert!(who(&other, &issued, false).await.is_none());
    assert!(matches!(try_in(&app.d, &email, PASSWORD).await, Err(SignInError::NoEstablishment)));
    members::enable(&app.d, &admin, user).await.unwrap();
    assert!(who(&app.d, &issued, false).await.is_none(), "a revoked session does not come back");
    assert!(matches!(try_in(&app.d, &email, PASSWORD).await, Ok(SignedIn::Open(..))));
}

#[tokio::test]
async fn being_used_does_not_keep_an_ended_session_alive() {
    let (app, _, email) = nurse().await;
    let other = app.node(Node::default());
    let issued = app.sign_in(&email, None).await;
    app.advance(MINUTE * 2);
    // The other node has read the session just before it ends…
    let me = who(&other, &issued, true).await.unwrap();
    identity::sign_out(&app.d, &me, origin("192.0.2.1")).await.unwrap();
    app.advance(SignedDuration::from_millis(2_900));
    // …and is asked by an active person while it still remembers it: the activity must not renew the memory.
    let _ = who(&other, &issued, false).await;
    app.advance(SignedDuration::from_millis(2_100));
    assert!(who(&other, &issued, true).await.is_none());
}

#[tokio::test]
async fn signing_out_ends_the_session_at_once() {
    let (app, _, email) = nurse().await;
    let issued = app.sign_in(&email, None).await;
    let me = who(&app.d, &issued, false).await.unwrap();
    identity::sign_out(&app.d, &me, origin("192.0.2.1")).await.unwrap();
    assert!(who(&app.d, &issued, false).await.is_none());
    assert!(identity::refresh(&app.d, &issued.refresh, origin("192.0.2.1"), true).await.is_err());
}

/// Holds a person's row as a change of their password does, lets `racer` run into it, does `meanwhile`, and gives what
/// became of the racer.
async fn while_changed<T: Send + 'static>(
    app: &App,
    email: &str,
    racer: impl Future<Output = T> + Send + 'static,
    meanwhile: &str,
) -> T {
    let mut change = app.look().await;
    let sql = format!("BEGIN; SELECT id FROM control.users WHERE email = '{email}' FOR UPDATE");
    change.execute(AssertSqlSafe(sql)).await.unwrap();
    let racer = tokio::spawn(racer);
    let waiting = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'";
    while app.count(waiting).await == 0 {
        assert!(!racer.is_finished(), "it did not look at the person's row again");
        tokio::task::yield_now().await;
    }
    change.execute(AssertSqlSafe(format!("{meanwhile}; COMMIT"))).await.unwrap();
    racer.await.unwrap()
}

#[tokio::test]
async fn a_sign_in_that_is_under_way_does_not_survive_a_new_password() {
    let (app, _, email) = nurse().await;
    let (d, with) = (app.d.clone(), email.clone());
    let meanwhile = format!("UPDATE control.users SET password_hash = 'another' WHERE email = '{email}'");
    let late =
        while_changed(&app, &email, async move { try_in(&d, &with, PASSWORD).await }, &meanwhile).await;
    assert!(matches!(late, Err(SignInError::Wrong)));
    assert_eq!(app.count("SELECT count(*) FROM control.sessions").await, 0);
}

#[tokio::test]
async fn a_change_of_password_that_is_under_way_does_not_undo_not_me() {
    for meanwhile in [
        "UPDATE control.users SET password_hash = NULL",
        "UPDATE control.sessions SET revoked_at = now(), revoked_reason = 'not_me'",
    ] {
        let (app, _, email) = nurse().await;
        let issued = app.sign_in(&email, None).await;
        let who = who(&app.d, &issued, false).await.unwrap();
        let d = app.d.clone();
        let change = async move {
            let (current, new) = (Password::new(PASSWORD), Password::new("quatre voiles blanches"));
            identity::change_password(&d, &who, origin("192.0.2.1"), &current, &new).await
        };
        let late = while_changed(&app, &email, change, meanwhile).await;
        assert!(matches!(late, Err(identity::ChangePasswordError::Wrong)), "{meanwhile}");
        assert_eq!(app.count("SELECT count(*) FROM control.audit WHERE action = 'identity.change_password' AND outcome = 'done'").await, 0);
    }
}

#[tokio::test]
async fn a_session_that_ends_while_it_changes_place_has_no_successor() {
    let app = app().await;
    let [lilas, canal] = [app.house("Pharmacie des Lilas").await, app.house("SSIAD du Canal").await];
    let (_, email) = app.person(&lilas, &[Role::Nurse]).await;
    app.joins(&canal, &email, Role::Nurse).await;
    let issued = app.sign_in(&email, Some(&lilas)).await;
    let who = who(&app.d, &issued, false).await.unwrap();
    let (d, to) = (app.d.clone(), canal.id);
    let switch = async move { identity::switch(&d, &who, origin("192.0.2.1"), to, DEVICE).await.map(drop) };
    let late = while_changed(&app, &email, switch, "UPDATE control.sessions SET revoked_at = now()").await;
    assert!(matches!(late, Err(SwitchError::NotFound)));
    assert_eq!(app.count("SELECT count(*) FROM control.sessions WHERE revoked_at IS NULL").await, 0);
}

#[tokio::test]
async fn many_accounts_that_fail_slow_everybody_and_tell_the_operator_once() {
    let (mut app, house, email) = nurse().await;
    let most = app.d.policy.limits.stuffing_accounts;
    let (chief, _) = app.person(&house, &[Role::Administrator]).await;
    app.alter(&format!("UPDATE control.users SET platform_administrator = true WHERE id = '{chief}'")).await;
    let told = "SELECT count(*) FROM control.audit WHERE action = 'identity.stuffing'";
    for n in 1..most {
        // From an address of its own each, once: no other limit sees anything.
        let from = origin(&format!("198.51.{}.{}", n / 250, n % 250 + 1));
        let with = credentials(&format!("personne{n}@ailleurs.example"), PASSWORD, None);
        assert!(matches!(identity::sign_in(&app.d, from, DEVICE, &with).await, Err(SignInError::Wrong)));
    }
    // One account that fails again is not another one.
    assert!(try_in(&app.d, "personne1@ailleurs.example", PASSWORD).await.is_err());
    assert!(domain::limits::slowed(&app.d).await.unwrap().is_zero());
    assert_eq!(app.count(told).await, 0);
    assert!(try_in(&app.d, "encore@ailleurs.example", PASSWORD).await.is_err());
    assert_eq!(domain::limits::slowed(&app.d).await.unwrap().as_secs(), 3);
    assert_eq!(app.count(told).await, 1);
    app.jobs().await;
    let [mail] = <[_; 1]>::try_from(app.post.take()).unwrap();
    assert!(mail.subject.contains("connexions échouent") && mail.text.contains("50"), "{}", mail.text);

    // A delay that nobody lives to see: a right password waits, Pro Santé Connect doesn't.
    let mut node = Node { seed: 2, ..Node::default() };
    node.policy.limits.stuffing_delay_seconds = 3_600;
    app.d = app.node(node);
    let slow = Duration::from_secs(2);
    assert!(tokio::time::timeout(slow, try_in(&app.d, &email, PASSWORD)).await.is_err());
    let patient = Duration::from_mins(1);
    tokio::time::timeout(patient, app.arrive()).await.expect("at once");

    app.advance(MINUTE * 10);
    assert!(domain::limits::slowed(&app.d).await.unwrap().is_zero());
    tokio::time::timeout(patient, try_in(&app.d, &email, PASSWORD)).await.expect("at once").unwrap();
}
