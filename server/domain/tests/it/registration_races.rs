//! Openings that break off, answers and confirmations at once: one establishment, one invitation, nothing lost.

use domain::registration::{self, RegistrationError, RegistrationLinkError};
use futures_util::future::join;
use jiff::SignedDuration;
use model::{
    establishments::EstablishmentKind,
    ids::EstablishmentId,
    registration::{RegistrationConfirmed, RegistrationLink, RegistrationMode},
};

use crate::{
    registration::{OPERATOR, mode},
    support::{App, Node, app, app_with, origin},
};

#[tokio::test]
async fn a_creation_that_broke_off_goes_on_as_the_same_establishment_and_can_t_be_declined() {
    let app = app().await;
    let token = app.registers("Pharmacie du Port").await;
    app.confirms(&token).await;
    let id = app.waits().await.id;
    // The invitation can't be written: the establishment is there, and nobody is invited.
    app.alter("ALTER TABLE control.invitations ADD CONSTRAINT broken CHECK (false)").await;
    assert!(matches!(registration::approve(&app.d, &OPERATOR, id).await, Err(RegistrationError::Fault(_))));
    app.alter("ALTER TABLE control.invitations DROP CONSTRAINT broken").await;
    assert_eq!(app.waits().await.alike, [""; 0], "it is not like itself");
    let why = "trop tard".parse().unwrap();
    assert!(matches!(
        registration::decline(&app.d, &OPERATOR, id, &why).await,
        Err(RegistrationError::NotFound)
    ));
    registration::approve(&app.d, &OPERATOR, id).await.unwrap();
    assert_eq!((app.houses().await, app.count("SELECT count(*) FROM control.invitations").await), (1, 1));
}

#[tokio::test]
async fn of_several_who_answer_at_once_one_invites() {
    let app = app_with(Node { connections: 12, ..Node::default() }).await;
    let token = app.registers("Pharmacie du Port").await;
    app.confirms(&token).await;
    let id = app.waits().await.id;
    let answers = (0..4).map(|_| registration::approve(&app.d, &OPERATOR, id));
    for answer in futures_util::future::join_all(answers).await {
        assert!(matches!(answer, Ok(()) | Err(RegistrationError::NotFound)), "{answer:?}");
    }
    assert_eq!((app.houses().await, app.count("SELECT count(*) FROM control.invitations").await), (1, 1));
    assert_eq!(app.count("SELECT count(*) FROM control.audit WHERE action = 'registration.open'").await, 1);
}

#[tokio::test]
async fn a_node_without_the_owner_login_creates_nothing_and_loses_nothing() {
    let app = app().await;
    let token = app.registers("Pharmacie du Port").await;
    app.confirms(&token).await;
    let id = app.waits().await.id;
    let serving = app.node(Node { owner: false, ..Node::default() });
    assert!(matches!(registration::approve(&serving, &OPERATOR, id).await, Err(RegistrationError::NoOwner)));
    registration::approve(&app.d, &OPERATOR, id).await.unwrap();
}

#[tokio::test]
async fn of_two_alike_that_confirm_at_once_one_opens() {
    let node = Node { connections: 12, ..mode(RegistrationMode::Open) };
    let app = app_with(node).await;
    let (one, two) = (app.registers("Pharmacie du Port").await, app.registers("PHARMACIE  du Pört").await);
    let confirm = async |token: &str| app.confirms(token).await;
    let (a, b) = tokio::join!(confirm(&one), confirm(&two));
    let opened = [a, b].iter().filter(|state| **state == RegistrationConfirmed::Open).count();
    assert_eq!((opened, app.houses().await), (1, 1), "{a:?} {b:?}");
    assert_eq!(app.waits().await.alike.len(), 1);
}

#[tokio::test]
async fn one_link_pressed_twice_at_once_opens_once_and_both_know() {
    let app = app_with(Node { connections: 12, ..mode(RegistrationMode::Open) }).await;
    let token = app.registers("Pharmacie du Port").await;
    let presses = (0..3).map(|_| app.confirms(&token));
    for state in futures_util::future::join_all(presses).await {
        assert_eq!(state, RegistrationConfirmed::Open);
    }
    assert_eq!((app.houses().await, app.count("SELECT count(*) FROM control.invitations").await), (1, 1));
}

/// A registration that was confirmed where nothing can be created: whoever presses the link once more opens it.
async fn confirmed_and_not_open() -> (App, String, EstablishmentId) {
    let app = app_with(Node { connections: 12, ..mode(RegistrationMode::Open) }).await;
    let token = app.registers("Pharmacie du Port").await;
    let serving = app.node(Node { owner: false, ..mode(RegistrationMode::Open) });
    let state = registration::confirm(&serving, origin("192.0.2.1"), &token).await.unwrap();
    assert_eq!(state, RegistrationConfirmed::Waiting);
    let id = app.waits().await.id;
    (app, token, id)
}

/// Establishments, invitations and openings that were recorded.
async fn opened(app: &App) -> [i64; 3] {
    let openings = "SELECT count(*) FROM control.audit WHERE action = 'registration.open'";
    [
        app.houses().await,
        app.count("SELECT count(*) FROM control.invitations").await,
        app.count(openings).await,
    ]
}

/// At once, or in the middle of the opening that the link has begun.
async fn answer<T>(app: &App, in_the_middle: bool, act: impl Future<Output = T>) -> T {
    let mut looks = if in_the_middle { 0..10_000 } else { 0..0 };
    while looks.next().is_some() && app.houses().await == 0 {}
    act.await
}

#[tokio::test]
async fn a_link_that_is_pressed_while_an_operator_accepts_opens_once_and_says_what_it_is_good_for() {
    for in_the_middle in [true, false] {
        let (app, token, id) = confirmed_and_not_open().await;
        let link = registration::confirm(&app.d, origin("192.0.2.1"), &token);
        let accepting = answer(&app, in_the_middle, registration::approve(&app.d, &OPERATOR, id));
        let (link, accepted) = join(link, accepting).await;
        assert!(matches!(accepted, Ok(()) | Err(RegistrationError::NotFound)), "{accepted:?}");
        assert_eq!(opened(&app).await, [1; 3], "{link:?} {accepted:?}");
        assert!(app.none_waits().await);
        // One way in: the link that they hold, or the one in the mail.
        let leads_in = matches!(registration::registration(&app.d, &token).await, Ok(RegistrationLink::Open));
        match link {
            Ok(RegistrationConfirmed::Open) => assert!(leads_in),
            Ok(RegistrationConfirmed::Waiting) | Err(RegistrationLinkError::Expired) => assert!(!leads_in),
            Err(RegistrationLinkError::Fault(fault)) => panic!("{fault}"),
        }
        app.jobs().await;
        assert_eq!(app.post.take().iter().any(|mail| mail.text.contains("/portal/invitation")), !leads_in);
    }
}

#[tokio::test]
async fn a_link_that_is_pressed_while_an_operator_declines_opens_it_or_finds_nothing() {
    let why = "hors du territoire".parse().unwrap();
    for in_the_middle in [true, false] {
        let (app, token, id) = confirmed_and_not_open().await;
        let link = registration::confirm(&app.d, origin("192.0.2.1"), &token);
        let declining = answer(&app, in_the_middle, registration::decline(&app.d, &OPERATOR, id, &why));
        let (link, declined) = join(link, declining).await;
        match (&link, &declined) {
            (Ok(RegistrationConfirmed::Open), Err(RegistrationError::NotFound)) => {
                assert_eq!(opened(&app).await, [1; 3]);
            }
            (Err(RegistrationLinkError::Expired), Ok(())) => assert_eq!(opened(&app).await, [0; 3]),
            other => panic!("both, or neither: {other:?}"),
        }
        assert!(app.none_waits().await);
        app.jobs().await;
        let told = app.post.take().iter().any(|mail| mail.text.contains("hors du territoire"));
        assert_eq!(told, declined.is_ok(), "told of what happened, and of nothing else");
    }
}

#[tokio::test]
async fn an_opening_that_broke_off_outlives_the_trimmer_and_is_no_operator_s_to_take() {
    let app = app_with(mode(RegistrationMode::Open)).await;
    let token = app.registers("Pharmacie du Port").await;
    app.alter("ALTER TABLE control.invitations ADD CONSTRAINT broken CHECK (false)").await;
    let broken = registration::confirm(&app.d, origin("192.0.2.1"), &token).await;
    assert!(matches!(broken, Err(RegistrationLinkError::Fault(_))));
    app.alter("ALTER TABLE control.invitations DROP CONSTRAINT broken").await;
    let id = app.waits().await.id;
    app.alter(&format!("UPDATE control.establishments SET status = 'creating' WHERE id = '{id}'")).await;
    let same = domain::establishments::NewEstablishment {
        name: "Pharmacie du Port".parse().unwrap(),
        town: "Lyon".parse().unwrap(),
        slug: None,
        kind: EstablishmentKind::Other,
        finess: None,
    };
    let other = domain::establishments::create(&app.d, &OPERATOR, &same).await;
    assert!(matches!(other, Err(domain::establishments::CreateError::SlugTaken)));
    app.advance(SignedDuration::from_hours(24 * 100));
    app.jobs().await;
    assert!(app.waits().await.approved, "kept until it is done");
    registration::approve(&app.d, &OPERATOR, id).await.unwrap();
    assert_eq!((app.houses().await, app.count("SELECT count(*) FROM control.invitations").await), (1, 1));
}
