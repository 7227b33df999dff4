//! Pro Santé Connect: who somebody is, and nothing more.

use domain::identity::{
    self, Method,
    psc::{self, Callback, ClientAuthentication, Intent, PscError},
};
use jiff::SignedDuration;
use model::roles::Role;
use serde_json::json;

use crate::support::{
    App, DEVICE, NURSE, Node, Visit, app, nurse_with_a_place, origin,
    psc::{SECRET, Signed, person},
};

const MINUTE: SignedDuration = SignedDuration::from_mins(1);

#[tokio::test]
async fn somebody_who_comes_first_has_an_account_and_no_right_at_all() {
    let app = app().await;
    app.house("SSIAD du Canal").await;
    let issued = app.arrive().await;
    let who = app.who(&issued).await.unwrap();
    assert!(who.staff(origin("192.0.2.1")).is_none() && who.establishment.is_none());
    assert_eq!(who.method, Method::Psc);
    let me = identity::me(&app.d, &who).await.unwrap().unwrap();
    assert_eq!((me.name.as_str(), me.email, me.others.len()), ("CAMILLE EXEMPLE", None, 0));
    let rpps: String =
        sqlx::query_scalar("SELECT rpps FROM control.psc_identities WHERE subject_name_id = $1")
            .bind(NURSE)
            .fetch_one(&mut app.look().await)
            .await
            .unwrap();
    assert_eq!(rpps, "99700123450");
    assert_eq!(app.count("SELECT count(*) FROM control.memberships").await, 0);
}

#[tokio::test]
async fn an_account_is_found_by_its_identifier_alone_and_its_names_follow() {
    let (app, house) = nurse_with_a_place().await;
    let renamed = {
        let mut renamed = person(NURSE, "CAMILLE", "NOUVEAU-NOM", &[("60", 1)]);
        // `sub` is not stable: it may become something else altogether.
        renamed["sub"] = json!("018f3c1e-0000-4000-8000-000000000000");
        renamed
    };
    app.psc.is(renamed);
    let issued = app.arrive().await;
    let who = app.who(&issued).await.unwrap();
    assert_eq!(who.establishment, Some(house.id));
    assert_eq!(app.count("SELECT count(*) FROM control.users").await, 1);
    assert_eq!(who.name, "CAMILLE NOUVEAU-NOM");
    let listed: String = sqlx::query_scalar(sqlx::AssertSqlSafe(format!(
        "SELECT display_name FROM {}.staff WHERE id = '{}'",
        house.schema(),
        who.user
    )))
    .fetch_one(&mut app.look().await)
    .await
    .unwrap();
    assert_eq!(listed, "CAMILLE NOUVEAU-NOM");
    let staff = who.staff(origin("192.0.2.1")).unwrap();
    domain::documents::unseen(&app.d, &staff).await.unwrap();
}

#[tokio::test]
async fn the_same_name_and_address_as_somebody_elses_open_nothing_of_theirs() {
    let app = app().await;
    let house = app.house("Pharmacie des Lilas").await;
    let (local, email) = app.person(&house, &[Role::Pharmacist]).await;
    let mut twin = person("899700123450", "Camille", "Fictif", &[("10", 1)]);
    twin["email"] = json!(email);
    twin["SubjectRefPro"]["exercices"][0]["activities"][0]["adresseEMail"] = json!(email);
    app.psc.is(twin);
    let issued = app.arrive().await;
    let who = app.who(&issued).await.unwrap();
    assert_ne!(who.user, local);
    assert!(who.establishment.is_none());
}

#[tokio::test]
async fn an_identifier_of_the_sandbox_is_an_account_without_rpps() {
    let app = app().await;
    app.psc.is(person("ANS20231122132732", "GARANCE", "MAQUETTE", &[("60", 1)]));
    app.arrive().await;
    assert_eq!(app.count("SELECT count(*) FROM control.psc_identities WHERE rpps IS NULL").await, 1);
}

#[tokio::test]
async fn of_several_activities_one_is_chosen_before_anything_else() {
    let (app, _) = nurse_with_a_place().await;
    app.psc.is(person(NURSE, "CAMILLE", "EXEMPLE", &[("60", 2)]));
    let issued = app.arrive().await;
    let who = app.who(&issued).await.unwrap();
    assert!(who.needs_practice && who.staff(origin("192.0.2.1")).is_none());
    let me = identity::me(&app.d, &who).await.unwrap().unwrap();
    assert_eq!((me.practices.len(), me.practice), (2, None));
    let nowhere = identity::choose_practice(&app.d, &who, origin("192.0.2.1"), 7).await;
    assert!(matches!(nowhere, Err(domain::Refused::NotFound)));
    identity::choose_practice(&app.d, &who, origin("192.0.2.1"), 1).await.unwrap();
    let who = app.who(&issued).await.unwrap();
    assert!(who.staff(origin("192.0.2.1")).is_some());
    // Showing again who one is takes the choice along.
    app.advance(MINUTE);
    let visit = app.go(Intent::StepUp { user: who.user, session: who.session }).await;
    let issued = app.back(&visit, Some(&who)).await.expect("shown").issued;
    let who = app.who(&issued).await.unwrap();
    assert!(!who.needs_practice);
    let me = identity::me(&app.d, &who).await.unwrap().unwrap();
    assert_eq!(me.practice.unwrap().structure.as_deref(), Some("STRUCTURE FICTIVE 1"));
}

#[tokio::test]
async fn a_transaction_is_one_browsers_once_and_for_ten_minutes() {
    let app = app().await;
    let visit = app.go(Intent::SignIn).await;
    let elsewhere = Visit { browser: "another-browser-entirely".into(), callback: visit.callback.clone() };
    assert!(matches!(app.back(&elsewhere, None).await.err().unwrap().why, PscError::Expired));
    // Whoever tried has spoilt nothing.
    app.back(&visit, None).await.expect("its own browser");
    assert!(matches!(app.back(&visit, None).await.err().unwrap().why, PscError::Expired), "once");
    let late = app.go(Intent::SignIn).await;
    app.advance(MINUTE * 10);
    assert!(matches!(app.back(&late, None).await.err().unwrap().why, PscError::Expired));
    // Two tabs of one browser don't disturb each other.
    let first = psc::begin(&app.d, None, None, Intent::SignIn, "/portal".into()).await.unwrap();
    let second =
        psc::begin(&app.d, Some(&first.browser), None, Intent::SignIn, "/portal".into()).await.unwrap();
    assert_eq!(first.browser, second.browser);
    for begun in [first, second] {
        let visit = Visit { callback: app.psc.sign_in(&begun.address), browser: begun.browser };
        app.back(&visit, None).await.expect("each comes back");
    }
}

#[tokio::test]
async fn a_state_without_its_cookie_and_a_cookie_without_its_state_are_nobody() {
    let app = app().await;
    let visit = app.go(Intent::SignIn).await;
    let bare = psc::finish(&app.d, origin("192.0.2.1"), DEVICE, None, None, &visit.callback).await;
    assert!(matches!(bare.err().unwrap().why, PscError::Expired));
    let without = Callback { state: None, ..visit.callback.clone() };
    let visit = Visit { callback: without, ..visit };
    assert!(matches!(app.back(&visit, None).await.err().unwrap().why, PscError::Expired));
    assert_eq!(app.turned_away().await, 2);
}

#[tokio::test]
async fn each_error_of_the_provider_has_its_own_answer() {
    let app = app().await;
    for (error, word) in [
        ("access_denied", "cancelled"),
        ("login_required", "login_required"),
        ("interaction_required", "login_required"),
        ("temporarily_unavailable", "unavailable"),
        ("server_error", "unavailable"),
        ("invalid_request", "refused"),
        ("invalid_scope", "refused"),
        ("unauthorized_client", "refused"),
    ] {
        let mut visit = app.go(Intent::SignIn).await;
        visit.callback = Callback { code: None, error: Some(error.into()), ..visit.callback };
        let turned = app.back(&visit, None).await.err().unwrap();
        assert_eq!(turned.why.word(), word, "{error}");
        assert_eq!(turned.return_to.as_deref(), Some("/portal/documents"));
    }
    app.psc.is_out(true);
    // Seen alive a moment ago: the way there is open, and the code can't be exchanged.
    assert!(matches!(app.refused().await, PscError::Unavailable(_)));
    // Not seen for a while: nobody is sent to its dead page.
    app.advance(MINUTE);
    let begun = psc::begin(&app.d, None, None, Intent::SignIn, "/portal".into()).await;
    assert!(matches!(begun.err().unwrap(), PscError::Unavailable(_)));
    app.psc.is_out(false).is(person(NURSE, "CAMILLE", "EXEMPLE", &[]));
    assert!(matches!(app.refused().await, PscError::NotProfessional));
    assert_eq!((app.sessions().await, app.count("SELECT count(*) FROM control.users").await), (0, 0));
}

#[tokio::test]
async fn a_disabled_account_stays_outside() {
    let (app, _) = nurse_with_a_place().await;
    app.alter("UPDATE control.users SET disabled_at = now()").await;
    assert!(matches!(app.refused().await, PscError::Disabled));
}

#[tokio::test]
async fn keys_that_change_are_asked_for_once_and_a_foreign_one_opens_nothing() {
    let (app, _) = nurse_with_a_place().await;
    app.advance(MINUTE);
    app.psc.signs(Signed::WithNewKey);
    assert!(matches!(app.refused().await, PscError::Rejected(_)), "nobody has published it");
    let certs = |app: &App| app.psc.asked().iter().filter(|path| path.ends_with("/certs")).count();
    let before = certs(&app);
    for _ in 0..5 {
        assert!(matches!(app.refused().await, PscError::Rejected(_)));
    }
    assert_eq!(certs(&app), before, "a token can't make us ask again and again");
    app.psc.publishes_new_key();
    app.advance(MINUTE);
    app.arrive().await;
    assert_eq!(certs(&app), before + 1);
}

#[tokio::test]
async fn an_identity_may_come_as_a_signed_token() {
    let (app, house) = nurse_with_a_place().await;
    app.psc.signs_userinfo(true);
    let issued = app.arrive().await;
    assert_eq!(app.who(&issued).await.unwrap().establishment, Some(house.id));
    app.psc.userinfo(|identity| identity["aud"] = json!("another"));
    assert!(matches!(app.refused().await, PscError::Rejected(_)));
    app.psc.userinfo(|_| {}).signs(Signed::AndChanged);
    assert!(matches!(app.refused().await, PscError::Rejected(_)));
}

#[tokio::test]
async fn an_identity_is_linked_only_to_who_is_signed_in_and_once() {
    let app = app().await;
    let house = app.house("Pharmacie des Lilas").await;
    let (user, email) = app.person(&house, &[Role::Nurse]).await;
    let issued = app.sign_in(&email, None).await;
    let who = app.shown(&issued).await;
    // Signed out meanwhile, or somebody else by now.
    let visit = app.go_to_link(&who).await;
    assert!(matches!(app.back(&visit, None).await.err().unwrap().why, PscError::Expired));
    let visit = app.go_to_link(&who).await;
    let linked = app.back(&visit, Some(&who)).await.expect("linked").issued;
    assert!(app.who(&issued).await.is_none(), "the session goes on under a new name");
    assert_eq!(app.who(&linked).await.unwrap().user, user);
    // From now on it opens this account.
    let again = app.arrive().await;
    assert_eq!(app.who(&again).await.unwrap().user, user);
    // And no other.
    let (other, email) = app.person(&house, &[Role::Nurse]).await;
    let issued = app.sign_in(&email, None).await;
    let who = app.shown(&issued).await;
    let visit = app.go_to_link(&who).await;
    assert!(matches!(app.back(&visit, Some(&who)).await.err().unwrap().why, PscError::AlreadyLinked));
    // Not with whatever session is open there: whoever sits at this desk shows who they are, now.
    app.psc.is(person("899700100011", "ROMANE", "FACTICE", &[("21", 1)]));
    app.psc.authenticated_at(Some(app.clock.now().as_second() - 600));
    let visit = app.go_to_link(&who).await;
    assert!(matches!(app.back(&visit, Some(&who)).await.err().unwrap().why, PscError::Rejected(_)));
    app.psc.authenticated_at(None);
    // An account that nobody let in anywhere gives its identity up to who links it…
    app.arrive().await;
    let visit = app.go_to_link(&who).await;
    let linked = app.back(&visit, Some(&who)).await.expect("linked").issued;
    assert_eq!(app.who(&linked).await.unwrap().user, other);
    // …and one account has one identity of an issuer.
    let who = app.who(&linked).await.unwrap();
    app.psc.is(person("899700100029", "BASILE", "CHIMERE", &[("60", 1)]));
    let visit = app.go_to_link(&who).await;
    assert!(matches!(app.back(&visit, Some(&who)).await.err().unwrap().why, PscError::AlreadyLinked));
    assert_eq!(
        app.count(
            "SELECT count(*) FROM control.audit WHERE action = 'identity.psc_link' AND outcome = 'done'"
        )
        .await,
        2
    );
}

#[tokio::test]
async fn strangers_whom_nobody_let_in_are_forgotten_after_three_months() {
    let (app, house) = nurse_with_a_place().await;
    app.psc.is(person("899700999999", "Ondine", "Essai", &[("10", 1)]));
    app.arrive().await;
    let people = "SELECT count(*) FROM control.users";
    assert_eq!(app.count(people).await, 2);
    app.advance(SignedDuration::from_hours(24 * 89));
    app.jobs().await;
    assert_eq!(app.count(people).await, 2, "not yet");
    app.advance(SignedDuration::from_hours(24 * 2));
    app.jobs().await;
    assert_eq!(app.count(people).await, 1, "who works somewhere stays");
    let members = format!("SELECT count(*) FROM control.memberships WHERE establishment_id = '{}'", house.id);
    assert_eq!(app.count(&members).await, 1);
    let rows = "SELECT count(*) FROM control.audit WHERE action = 'identity.forget_stranger'";
    assert_eq!(app.count(rows).await, 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_many_who_come_at_once_one_asks_for_the_metadata() {
    let (app, _) = nurse_with_a_place().await;
    app.advance(SignedDuration::from_mins(61));
    let before = app.psc.asked().len();
    let visits = (0..8).map(|_| {
        let d = app.d.clone();
        tokio::spawn(
            async move { psc::begin(&d, None, None, Intent::SignIn, "/portal".into()).await.is_ok() },
        )
    });
    for visit in visits.collect::<Vec<_>>() {
        assert!(visit.await.unwrap());
    }
    let asked = app.psc.asked();
    let metadata = asked[before..].iter().filter(|path| path.contains("wallet-openid-configuration"));
    assert_eq!(metadata.count(), 1, "{:?}", &asked[before..]);
}

#[tokio::test]
async fn the_client_shows_who_it_is_as_it_is_configured() {
    let (mut app, _) = nurse_with_a_place().await;
    let ways = [
        ClientAuthentication::SecretBasic(SECRET.into()),
        ClientAuthentication::Certificate,
        ClientAuthentication::SecretPost(SECRET.into()),
    ];
    for (seed, way) in (10..).zip(ways) {
        // Otherwise than the provider wants it, nobody comes in.
        app.psc.authenticates(way);
        assert!(matches!(app.refused().await, PscError::Refused(error) if error == "invalid_client"));
        app.d = app.node(Node { seed, ..Node::default() });
        app.arrive().await;
    }
}
