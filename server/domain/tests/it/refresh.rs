//! The refresh token: rotated, forgiven for a moment, and a theft noticed.

use domain::identity::{self, Issued, RefreshError};
use jiff::SignedDuration;
use model::roles::Role;

use crate::support::{App, DEVICE, Node, app, app_with, origin};

async fn again(app: &App, token: &str) -> Result<Issued, RefreshError> {
    identity::refresh(&app.d, token, origin("192.0.2.1"), true).await
}

async fn signed_in(app: &App) -> Issued {
    let house = app.house("Pharmacie des Lilas").await;
    let (_, email) = app.person(&house, &[Role::Nurse]).await;
    app.sign_in(&email, None).await
}

#[tokio::test]
async fn a_token_is_replaced_at_each_use() {
    let app = app().await;
    let mut issued = signed_in(&app).await;
    for _ in 0..5 {
        app.advance(SignedDuration::from_secs(90));
        let next = again(&app, &issued.refresh).await.unwrap();
        assert_ne!(next.refresh, issued.refresh);
        assert!(identity::authenticate(&app.d, &next.access, false).await.unwrap().is_some());
        issued = next;
    }
    for forged in ["", "AAAA", &issued.refresh[1..]] {
        assert!(matches!(again(&app, forged).await, Err(RefreshError::NoSession)));
    }
    again(&app, &issued.refresh).await.unwrap();
}

#[tokio::test]
async fn a_lost_answer_is_given_again_while_its_token_is_unused() {
    let app = app().await;
    let first = signed_in(&app).await;
    let second = again(&app, &first.refresh).await.unwrap();
    app.advance(SignedDuration::from_secs(60));
    assert_eq!(again(&app, &first.refresh).await.unwrap().refresh, second.refresh);
    // The successor is used: for ten seconds a late tab is still forgiven.
    let third = again(&app, &second.refresh).await.unwrap();
    assert_eq!(again(&app, &second.refresh).await.unwrap().refresh, third.refresh);
}

#[tokio::test]
async fn a_late_tab_is_forgiven_for_ten_seconds_after_the_successor_was_used() {
    let app = app().await;
    let first = signed_in(&app).await;
    let second = again(&app, &first.refresh).await.unwrap();
    again(&app, &second.refresh).await.unwrap();
    app.advance(SignedDuration::from_secs(10));
    assert_eq!(again(&app, &first.refresh).await.unwrap().refresh, second.refresh);
}

#[tokio::test]
async fn a_used_token_ends_the_session_and_is_recorded() {
    for (used, seconds) in [(false, 61), (true, 11)] {
        let app = app().await;
        let first = signed_in(&app).await;
        let mut last = again(&app, &first.refresh).await.unwrap();
        if used {
            last = again(&app, &last.refresh).await.unwrap();
        }
        app.advance(SignedDuration::from_secs(seconds));
        assert!(matches!(again(&app, &first.refresh).await, Err(RefreshError::Reused)));
        assert!(matches!(again(&app, &last.refresh).await, Err(RefreshError::NoSession)));
        assert!(identity::authenticate(&app.d, &last.access, false).await.unwrap().is_none());
        let recorded = "SELECT count(*) FROM control.audit WHERE action = 'identity.refresh_reuse' AND outcome = 'refused'";
        assert_eq!(app.count(recorded).await, 1);
        // The owner is told, whoever of the two came second.
        app.jobs().await;
        let told = app.post.take();
        assert_eq!(
            told.iter().filter(|mail| mail.subject.contains("fermée par sécurité")).count(),
            1,
            "{told:?}"
        );
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn tabs_that_refresh_at_once_stay_signed_in_on_one_branch() {
    races(1_000).await;
}

/// `make simulate` runs it.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "minutes; `make test` runs a tenth of it"]
async fn simulate_ten_thousand_races_of_tabs() {
    races(10_000).await;
}

/// So many times, 2 to 20 tabs show the same token at once.
async fn races(races: usize) {
    let app = app_with(Node { connections: 8, ..Node::default() }).await;
    let mut token = signed_in(&app).await.refresh;
    for race in 0..races {
        let mut tabs = Vec::new();
        for _ in 0..2 + race % 19 {
            let (d, token) = (app.d.clone(), token.clone());
            tabs.push(tokio::spawn(
                async move { identity::refresh(&d, &token, origin("192.0.2.1"), true).await },
            ));
        }
        let mut given = Vec::new();
        for tab in tabs {
            given.push(
                tab.await.unwrap().unwrap_or_else(|error| panic!("a tab was signed out: {error}")).refresh,
            );
        }
        given.dedup();
        assert_eq!(given.len(), 1, "the tabs hold different tokens");
        token = given.remove(0);
        app.advance(SignedDuration::from_secs(if race % 3 == 0 { 0 } else { 12 }));
        if race % 500 == 499 {
            // The absolute limit is another test's.
            app.alter("UPDATE control.sessions SET ends_at = ends_at + interval '10 hours'").await;
        }
    }
    let branch =
        format!("SELECT count(*) FROM control.sessions WHERE revoked_at IS NULL AND generation = {races}");
    assert_eq!(app.count(&branch).await, 1);
}

/// Somebody copies a token. Both go on by turns, each with what they were given last, at odd moments: within the grace
/// both may be given the same, and then the next use tells.
#[tokio::test]
async fn a_thousand_thefts_are_noticed_whoever_comes_first() {
    let app = app().await;
    let house = app.house("Pharmacie des Lilas").await;
    let (_, email) = app.person(&house, &[Role::Nurse]).await;
    let mut late = 0;
    for theft in 0_i64..1_000 {
        let session = app.sign_in(&email, None).await;
        let mut stolen = session.refresh.clone();
        for _ in 0..theft % 4 {
            app.advance(SignedDuration::from_secs(240));
            stolen = again(&app, &stolen).await.unwrap().refresh;
        }
        // Thief and victim, in an order and at distances that the dice decide.
        let mut hands = [stolen.clone(), stolen];
        let [dice] = app.d.random.bytes::<1>().unwrap();
        let mut turn = usize::from(dice % 2);
        let mut uses = 0;
        loop {
            let [short, gap] = app.d.random.bytes().unwrap();
            // Short gaps are forgiven; they can't go on for ever, for everybody's access token lives five minutes.
            let seconds = if uses < 4 && short % 3 == 0 { i64::from(gap % 10) } else { 61 + i64::from(gap) };
            app.advance(SignedDuration::from_secs(seconds));
            uses += 1;
            match again(&app, &hands[turn]).await {
                Ok(given) => hands[turn] = given.refresh,
                Err(RefreshError::Reused) => break,
                Err(other) => panic!("theft {theft}, use {uses}: {other}"),
            }
            assert!(uses < 8, "theft {theft} goes on unnoticed");
            turn = 1 - turn;
        }
        late += i64::from(uses > 3);
        for hand in &hands {
            assert!(matches!(again(&app, hand).await, Err(RefreshError::NoSession)), "the family is dead");
        }
        let alive = identity::authenticate_id(&app.d, session.session, true).await.unwrap();
        assert!(alive.is_none());
    }
    assert!(late > 50, "the dice never met the grace: {late}");
    let recorded =
        "SELECT count(*) FROM control.audit WHERE action = 'identity.refresh_reuse' AND outcome = 'refused'";
    assert_eq!(app.count(recorded).await, 1_000);
}

/// Whoever has a copy may also give the session another name, and go on under that: the owner's browser, which has the old one,
/// tells all the same.
#[tokio::test]
async fn a_thief_who_gives_the_session_another_name_is_noticed_too() {
    let app = app().await;
    let [here, there] = [app.house("Pharmacie des Lilas").await, app.house("SSIAD du Canal").await];
    let (_, email) = app.person(&here, &[Role::Nurse]).await;
    app.joins(&there, &email, Role::Nurse).await;
    let recorded =
        "SELECT count(*) FROM control.audit WHERE action = 'identity.refresh_reuse' AND outcome = 'refused'";
    let told = "SELECT count(*) FROM queue.jobs WHERE payload::text LIKE '%theft%'";
    let mut frightened = 0;
    for theft in 0_usize..100 {
        let owner = app.sign_in(&email, Some(&here)).await;
        // To where it is already, elsewhere, or there and back.
        let ways = [&[&here][..], &[&there], &[&there, &here]];
        let (mut who, mut thief) = (app.who(&owner).await.unwrap(), None);
        for to in ways[theft % 3] {
            let (_, issued) =
                identity::switch(&app.d, &who, origin("203.0.113.9"), to.id, DEVICE).await.unwrap();
            who = app.who(&issued).await.unwrap();
            thief = Some(issued);
        }
        let mut thief = thief.unwrap();
        let [gap] = app.d.random.bytes::<1>().unwrap();
        let (long, used) = (theft % 2 == 0, theft % 5 < 3);
        // The first seconds may be a request that was on its way: nobody is told yet, and nothing ends.
        app.advance(SignedDuration::from_secs(i64::from(gap % 10)));
        assert!(matches!(again(&app, &owner.refresh).await, Err(RefreshError::NoSession)));
        assert!(app.who(&thief).await.is_some());
        app.advance(SignedDuration::from_secs(if long {
            61 + i64::from(gap)
        } else {
            11 + i64::from(gap % 40)
        }));
        if used {
            thief = again(&app, &thief.refresh).await.unwrap();
        }
        // Nobody may have got the other name: its answer was lost. It ends, and nobody is frightened.
        let noticed = again(&app, &owner.refresh).await.err().unwrap();
        assert_eq!(matches!(noticed, RefreshError::Reused), long || used, "theft {theft}: {noticed}");
        frightened += i64::from(long || used);
        assert!(app.who(&thief).await.is_none());
        assert!(matches!(again(&app, &thief.refresh).await, Err(RefreshError::NoSession)));
        // Once: there is nothing left to end.
        assert!(matches!(again(&app, &owner.refresh).await, Err(RefreshError::NoSession)));
    }
    assert!(frightened < 100);
    assert_eq!((app.count(recorded).await, app.count(told).await), (100, frightened));
}

#[tokio::test]
async fn a_session_that_opens_nothing_is_given_no_tokens() {
    let app = app().await;
    let issued = signed_in(&app).await;
    app.alter("UPDATE control.establishments SET status = 'suspended'").await;
    assert!(matches!(again(&app, &issued.refresh).await, Err(RefreshError::NoSession)));
    app.alter("UPDATE control.establishments SET status = 'active', schema_version = 0").await;
    assert!(
        matches!(again(&app, &issued.refresh).await, Err(RefreshError::NoSession)),
        "an upgrade is under way"
    );
    assert_eq!(app.count("SELECT generation::bigint FROM control.sessions").await, 0);
}
