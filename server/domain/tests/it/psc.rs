//! Pro Santé Connect: who somebody is, and nothing more; the rules of its sessions.

use std::sync::Arc;

use domain::identity::{
    self, Identified, Issued, Method, RefreshError,
    psc::{self, Callback, Finished, Intent, PscError, Turned},
};
use jiff::SignedDuration;
use model::{factors::FactorAnswer, roles::Role};
use serde_json::{Value, json};

use crate::support::{
    App, House, PASSWORD, app, credentials, origin,
    psc::{ISSUER, SUB, Signed, person, query},
};

const MINUTE: SignedDuration = SignedDuration::from_mins(1);
const NURSE: &str = "899700123450";

/// A browser on its way there and back.
struct Visit {
    browser: String,
    callback: Callback,
}

impl App {
    async fn go(&self, intent: Intent) -> Visit {
        let begun = psc::begin(&self.d, None, intent, "/portal/documents".into()).await.unwrap();
        Visit { browser: begun.browser, callback: self.psc.sign_in(&begun.address) }
    }

    async fn back(&self, visit: &Visit, who: Option<&Identified>) -> Result<Finished, Turned> {
        let from = origin("192.0.2.1");
        psc::finish(&self.d, from, None, Some(&visit.browser), who, &visit.callback).await
    }

    /// Signs in with Pro Santé Connect.
    async fn arrive(&self) -> Issued {
        let visit = self.go(Intent::SignIn).await;
        self.back(&visit, None).await.unwrap().issued
    }

    async fn refused(&self) -> PscError {
        let visit = self.go(Intent::SignIn).await;
        self.back(&visit, None).await.err().map(|turned| turned.why).unwrap()
    }

    async fn who(&self, issued: &Issued) -> Option<Arc<Identified>> {
        identity::authenticate_id(&self.d, issued.session, false).await.unwrap()
    }

    async fn sessions(&self) -> i64 {
        self.count("SELECT count(*) FROM control.sessions").await
    }

    async fn turned_away(&self) -> i64 {
        self.count("SELECT count(*) FROM control.audit WHERE action = 'identity.psc_sign_in' AND outcome = 'refused'").await
    }
}

async fn nurse_with_a_place() -> (App, House) {
    let app = app().await;
    let house = app.house("SSIAD du Canal").await;
    let issued = app.arrive().await;
    let user = app.who(&issued).await.unwrap().user;
    app.alter(&format!(
        "INSERT INTO control.memberships (user_id, establishment_id, roles, created_at) VALUES ('{user}', '{}', '{{nurse}}', now())",
        house.id
    ))
    .await;
    app.alter(&format!(
        "INSERT INTO {}.staff (id, display_name, search_text) VALUES ('{user}', 'CAMILLE EXEMPLE', 'camille exemple')",
        house.schema()
    ))
    .await;
    (app, house)
}

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
async fn a_session_lasts_four_hours_from_the_authentication_there() {
    let (app, _) = nurse_with_a_place().await;
    let now = app.clock.now();
    app.psc.authenticated_at(Some(now.as_second() - 3 * 3600));
    let issued = app.arrive().await;
    assert_eq!(issued.ends_at.as_second(), now.as_second() + 3600);
    app.psc.authenticated_at(Some(now.as_second() - 4 * 3600));
    assert!(matches!(app.refused().await, PscError::TooOld));
    // Without `auth_time` the token's own time counts.
    app.psc.claims(|claims| drop(claims.as_object_mut().unwrap().remove("auth_time")));
    let issued = app.arrive().await;
    assert_eq!(issued.ends_at.as_second(), now.as_second() + 4 * 3600);
    // But nobody has said that somebody was there a moment ago.
    assert!(!app.who(&issued).await.unwrap().is_fresh(&app.d));
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
    let first = psc::begin(&app.d, None, Intent::SignIn, "/portal".into()).await.unwrap();
    let second = psc::begin(&app.d, Some(&first.browser), Intent::SignIn, "/portal".into()).await.unwrap();
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
    let bare = psc::finish(&app.d, origin("192.0.2.1"), None, None, None, &visit.callback).await;
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
    let begun = psc::begin(&app.d, None, Intent::SignIn, "/portal".into()).await;
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
async fn the_provider_is_asked_again_after_ten_minutes_of_use_and_its_no_counts() {
    let (app, _) = nurse_with_a_place().await;
    let issued = app.arrive().await;
    let refresh =
        async |token: &str, active| identity::refresh(&app.d, token, origin("192.0.2.1"), active).await;
    let asked = |app: &App| app.psc.asked().iter().filter(|path| path.ends_with("/token")).count();
    let before = asked(&app);
    app.advance(MINUTE * 9);
    let issued = refresh(&issued.refresh, true).await.unwrap();
    assert_eq!(asked(&app), before, "not yet");
    app.advance(MINUTE * 2);
    let issued = refresh(&issued.refresh, false).await.unwrap();
    assert_eq!(asked(&app), before, "a page that re-reads itself is nobody");
    let issued = refresh(&issued.refresh, true).await.unwrap();
    assert_eq!(asked(&app), before + 1);
    // It doesn't answer: who is signed in goes on.
    app.advance(MINUTE * 11);
    app.psc.is_out(true);
    let issued = refresh(&issued.refresh, true).await.unwrap();
    assert!(app.who(&issued).await.is_some());
    // It says that the session is over.
    app.psc.is_out(false).ends_sessions();
    app.advance(MINUTE * 11);
    assert!(matches!(refresh(&issued.refresh, true).await, Err(RefreshError::NoSession)));
    assert!(app.who(&issued).await.is_none());
    assert_eq!(app.count("SELECT count(*) FROM control.audit WHERE action = 'identity.psc_ended'").await, 1);
}

#[tokio::test]
async fn who_signs_out_is_led_to_end_the_session_there_too() {
    let (app, _) = nurse_with_a_place().await;
    let issued = app.arrive().await;
    let who = app.who(&issued).await.unwrap();
    // Nothing of it lies in the database in clear while it lasts, and nothing at all afterwards.
    let kept = async || -> Option<Vec<u8>> {
        sqlx::query_scalar("SELECT psc_tokens FROM control.sessions WHERE id = $1")
            .bind(issued.session.0)
            .fetch_one(&mut app.look().await)
            .await
            .unwrap()
    };
    assert!(kept().await.unwrap().starts_with(b"age-encryption.org/v1"));
    let address = identity::sign_out(&app.d, &who, origin("192.0.2.1")).await.unwrap().expect("an address");
    assert_eq!(kept().await, None);
    let (endpoint, asked) = address.split_once('?').unwrap();
    assert_eq!(endpoint, format!("{ISSUER}/protocol/openid-connect/logout"));
    let asked = query(asked);
    assert_eq!(asked["post_logout_redirect_uri"], "https://carelink.example/portal/sign-in");
    assert_eq!(asked["id_token_hint"].split('.').count(), 3);
    assert!(app.who(&issued).await.is_none());
    // A local account has nothing to end elsewhere.
    let house = app.house("Pharmacie des Lilas").await;
    let (_, email) = app.person(&house, &[Role::Nurse]).await;
    let local = app.sign_in(&email, None).await;
    let who = app.who(&local).await.unwrap();
    assert_eq!(identity::sign_out(&app.d, &who, origin("192.0.2.1")).await.unwrap(), None);
}

/// What is wrong with a logout token.
type Change = Box<dyn FnOnce(&mut Value)>;

fn logout(change: impl FnOnce(&mut Value), now: i64) -> Value {
    let mut claims = json!({"iss": ISSUER, "aud": "carelink", "iat": now, "exp": now + 120, "jti": "1",
        "events": {"http://schemas.openid.net/event/backchannel-logout": {}}, "sub": format!("{SUB}{NURSE}")});
    change(&mut claims);
    claims
}

#[tokio::test]
async fn a_logout_token_ends_the_sessions_that_it_names_and_a_broken_one_none() {
    let (app, _) = nurse_with_a_place().await;
    let (first, second) = (app.arrive().await, app.arrive().await);
    let from = origin("192.0.2.1");
    let now = app.clock.now().as_second();
    let broken: [(&str, Change); 6] = [
        ("iss", Box::new(|c| c["iss"] = json!("https://other.example"))),
        ("aud", Box::new(|c| c["aud"] = json!("other"))),
        ("nonce", Box::new(|c| c["nonce"] = json!("n"))),
        ("events", Box::new(|c| c["events"] = json!({}))),
        ("old", Box::new(move |c| c["iat"] = json!(now - 3600))),
        ("nobody", Box::new(|c| drop(c.as_object_mut().unwrap().remove("sub")))),
    ];
    for (what, change) in broken {
        let token = app.psc.logout_token(&logout(change, now));
        assert!(psc::backchannel_logout(&app.d, from, &token).await.is_err(), "{what}");
    }
    for signed in [
        Signed::Not,
        Signed::WithSecret,
        Signed::WithPublicKeyAsSecret,
        Signed::WithForeignKey,
        Signed::AndChanged,
    ] {
        let token = app.psc.signs(signed).logout_token(&logout(|_| {}, now));
        assert!(psc::backchannel_logout(&app.d, from, &token).await.is_err(), "{signed:?}");
    }
    assert!(psc::backchannel_logout(&app.d, from, "nonsense").await.is_err());
    assert!(psc::backchannel_logout(&app.d, from, &"x".repeat(100_000)).await.is_err());
    assert!(app.who(&first).await.is_some());
    let refused = "SELECT count(*) FROM control.audit WHERE action = 'identity.psc_backchannel_logout' AND outcome = 'refused'";
    assert_eq!(app.count(refused).await, 13);
    app.psc.signs(Signed::Well);
    let sid: String = sqlx::query_scalar("SELECT psc_sid FROM control.sessions WHERE id = $1")
        .bind(second.session.0)
        .fetch_one(&mut app.look().await)
        .await
        .unwrap();
    let token = app.psc.logout_token(&logout(|claims| claims["sid"] = json!(sid), now));
    assert_eq!(psc::backchannel_logout(&app.d, from, &token).await.unwrap(), 1);
    assert!(app.who(&first).await.is_some() && app.who(&second).await.is_none());
    // A session of which we were never told the `sid` is known by its person.
    app.alter("UPDATE control.sessions SET psc_sid = NULL").await;
    let token = app.psc.logout_token(&logout(|claims| claims["sid"] = json!("another"), now));
    assert!(psc::backchannel_logout(&app.d, from, &token).await.unwrap() >= 1);
    assert!(app.who(&first).await.is_none());
    // Nothing left to end: recorded all the same.
    assert_eq!(psc::backchannel_logout(&app.d, from, &token).await.unwrap(), 0);
    assert_eq!(app.count("SELECT count(*) FROM control.audit WHERE detail = 'no session'").await, 1);
}

#[tokio::test]
async fn an_identity_is_linked_only_to_who_is_signed_in_and_once() {
    let app = app().await;
    let house = app.house("Pharmacie des Lilas").await;
    let (user, email) = app.person(&house, &[Role::Nurse]).await;
    let issued = app.sign_in(&email, None).await;
    let who = app.who(&issued).await.unwrap();
    let intent = Intent::Link { user, session: who.session };
    // Signed out meanwhile, or somebody else by now.
    let visit = app.go(intent).await;
    assert!(matches!(app.back(&visit, None).await.err().unwrap().why, PscError::Expired));
    let visit = app.go(intent).await;
    let linked = app.back(&visit, Some(&who)).await.expect("linked").issued;
    assert!(app.who(&issued).await.is_none(), "the session goes on under a new name");
    assert_eq!(app.who(&linked).await.unwrap().user, user);
    // From now on it opens this account.
    let again = app.arrive().await;
    assert_eq!(app.who(&again).await.unwrap().user, user);
    // And no other.
    let (other, email) = app.person(&house, &[Role::Nurse]).await;
    let issued = app.sign_in(&email, None).await;
    let who = app.who(&issued).await.unwrap();
    let intent = Intent::Link { user: other, session: who.session };
    let visit = app.go(intent).await;
    assert!(matches!(app.back(&visit, Some(&who)).await.err().unwrap().why, PscError::AlreadyLinked));
    // Not with whatever session is open there: whoever sits at this desk shows who they are, now.
    app.psc.is(person("899700100011", "ROMANE", "FACTICE", &[("21", 1)]));
    app.psc.authenticated_at(Some(app.clock.now().as_second() - 600));
    let visit = app.go(intent).await;
    assert!(matches!(app.back(&visit, Some(&who)).await.err().unwrap().why, PscError::Rejected(_)));
    app.psc.authenticated_at(None);
    // An account that nobody let in anywhere gives its identity up to who links it…
    app.arrive().await;
    let visit = app.go(intent).await;
    let linked = app.back(&visit, Some(&who)).await.expect("linked").issued;
    assert_eq!(app.who(&linked).await.unwrap().user, other);
    // …and one account has one identity of an issuer.
    let who = app.who(&linked).await.unwrap();
    app.psc.is(person("899700100029", "BASILE", "CHIMERE", &[("60", 1)]));
    let visit = app.go(Intent::Link { user: other, session: who.session }).await;
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
async fn who_shows_again_who_they_are_does_so_anew_and_as_the_same_person() {
    let (app, house) = nurse_with_a_place().await;
    let issued = app.arrive().await;
    let who = app.who(&issued).await.unwrap();
    assert!(who.is_fresh(&app.d));
    app.advance(MINUTE * 11);
    let who = app.who(&issued).await.unwrap();
    assert!(!who.is_fresh(&app.d));
    let intent = Intent::StepUp { user: who.user, session: who.session };
    // The same authentication as before proves nothing new.
    app.psc.authenticated_at(Some(who.factor_at.unwrap().as_second()));
    let visit = app.go(intent).await;
    assert!(matches!(app.back(&visit, Some(&who)).await.err().unwrap().why, PscError::Rejected(_)));
    // Somebody else is at the desk.
    app.psc.authenticated_at(None).is(person("899700100011", "ROMANE", "FACTICE", &[("21", 1)]));
    let visit = app.go(intent).await;
    assert!(matches!(app.back(&visit, Some(&who)).await.err().unwrap().why, PscError::Rejected(_)));
    app.psc.is(person(NURSE, "CAMILLE", "EXEMPLE", &[("60", 1)]));
    let visit = app.go(intent).await;
    let renewed = app.back(&visit, Some(&who)).await.expect("shown").issued;
    let now = app.who(&renewed).await.unwrap();
    assert!(now.is_fresh(&app.d) && now.establishment == Some(house.id));
    assert!(app.who(&issued).await.is_none());
}

#[tokio::test]
async fn a_refused_answer_leaves_no_local_door_open() {
    // A second factor of a local account is no way into one of Pro Santé Connect.
    let (app, _) = nurse_with_a_place().await;
    let issued = app.arrive().await;
    let who = app.who(&issued).await.unwrap();
    let device = identity::Device { transport: model::identity::Transport::Cookie, user_agent: None };
    let shown = identity::factors::step_up(
        &app.d,
        &who,
        origin("192.0.2.1"),
        device,
        &FactorAnswer::Totp("123456".into()),
    )
    .await;
    assert!(shown.is_err());
    let tried = identity::sign_in(&app.d, origin("192.0.2.1"), None, &credentials("", PASSWORD, None)).await;
    assert!(tried.is_err());
}
