//! The sessions that Pro Santé Connect opens: how long they last, what proves who is there now, and what ends them.

use domain::identity::{
    self, RefreshError,
    psc::{self, Intent, PscError},
};
use jiff::SignedDuration;
use model::{factors::FactorAnswer, roles::Role};
use serde_json::{Value, json};

use crate::support::{
    App, DEVICE, NURSE, PASSWORD, credentials, nurse_with_a_place, origin,
    psc::{ISSUER, SUB, Signed, person, query},
};

const MINUTE: SignedDuration = SignedDuration::from_mins(1);

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

/// Claims of a logout token about the nurse.
pub fn logout(change: impl FnOnce(&mut Value), now: i64) -> Value {
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
    let shown = identity::factors::step_up(
        &app.d,
        &who,
        origin("192.0.2.1"),
        DEVICE,
        &FactorAnswer::Totp("123456".into()),
    )
    .await;
    assert!(shown.is_err());
    let tried =
        identity::sign_in(&app.d, origin("192.0.2.1"), DEVICE, &credentials("", PASSWORD, None)).await;
    assert!(tried.is_err());
}
