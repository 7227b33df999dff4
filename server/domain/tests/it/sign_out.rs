//! Signing out ends what another tab has just put in the session's place.

use domain::identity::{self, psc::Intent};
use jiff::SignedDuration;
use model::roles::Role;

use crate::{
    factors,
    support::{App, DEVICE, NURSE, app, nurse_with_a_place, origin, psc::person},
};

/// Sessions that are open, whoever has them.
async fn open(app: &App) -> i64 {
    app.count("SELECT count(*) FROM control.sessions WHERE revoked_at IS NULL").await
}

#[tokio::test]
async fn it_ends_the_session_of_the_establishment_that_another_tab_moved_to() {
    let app = app().await;
    let [here, there] = [app.house("Pharmacie des Lilas").await, app.house("SSIAD du Canal").await];
    let (_, email) = app.person(&here, &[Role::Nurse]).await;
    app.joins(&there, &email, Role::Nurse).await;
    let telephone = app.sign_in(&email, Some(&here)).await;
    let who = app.who(&app.sign_in(&email, Some(&here)).await).await.unwrap();
    let (from, mut last) = (origin("192.0.2.1"), who.clone());
    // However often: the sign-in is one.
    for house in [&there, &here, &there] {
        let (_, issued) = identity::switch(&app.d, &last, from, house.id, DEVICE).await.unwrap();
        last = app.who(&issued).await.unwrap();
    }
    assert_eq!(open(&app).await, 2);
    identity::sign_out(&app.d, &who, from).await.unwrap();
    let gone = identity::authenticate_id(&app.d, last.session, false).await.unwrap();
    assert!(gone.is_none(), "the successor is over, on this node at once");
    assert!(app.who(&telephone).await.is_some(), "another sign-in of the same person goes on");
    let told = format!(
        "SELECT count(*) FROM control.audit WHERE action = 'identity.sign_out' AND session_id = '{}' AND object_id = '{}'",
        who.session, last.session
    );
    assert_eq!(app.count(&told).await, 1);
    // Once more there is nothing to end.
    identity::sign_out(&app.d, &who, from).await.unwrap();
    assert_eq!(open(&app).await, 1);
}

#[tokio::test]
async fn it_ends_the_session_that_a_second_factor_renewed() {
    let p = factors::nurse(true).await;
    let who = p.who(&p.session().await).await;
    let issued = p.session().await;
    let other = p.who(&issued).await;
    p.enrol(&issued).await;
    assert_eq!(open(&p.app).await, 1, "the first factor ended the other one");
    identity::sign_out(&p.app.d, &who, origin("192.0.2.1")).await.unwrap();
    assert_eq!(open(&p.app).await, 1, "which has no successor");
    identity::sign_out(&p.app.d, &other, origin("192.0.2.1")).await.unwrap();
    assert_eq!(open(&p.app).await, 0);
}

#[tokio::test]
async fn it_ends_what_pro_sante_connect_has_renewed_here_and_there() {
    let (app, _) = nurse_with_a_place().await;
    app.alter("DELETE FROM control.sessions").await;
    let issued = app.arrive().await;
    app.advance(SignedDuration::from_mins(11));
    let who = app.who(&issued).await.unwrap();
    app.psc.is(person(NURSE, "CAMILLE", "EXEMPLE", &[("60", 1)]));
    let visit = app.go(Intent::StepUp { user: who.user, session: who.session }).await;
    let renewed = app.back(&visit, Some(&who)).await.expect("shown").issued;
    let address = identity::sign_out(&app.d, &who, origin("192.0.2.1")).await.unwrap();
    assert!(app.who(&renewed).await.is_none());
    assert!(address.expect("an address").contains("id_token_hint="));
    let kept = format!(
        "SELECT count(*) FROM control.sessions WHERE id = '{}' AND psc_tokens IS NOT NULL",
        renewed.session
    );
    assert_eq!((open(&app).await, app.count(&kept).await), (0, 0));
}
