//! Open sessions: one's own and nobody else's, an administrator's people's and only here; ended is ended.

use std::sync::Arc;

use domain::{
    Refused,
    identity::{self, Identified, Issued},
};
use jiff::SignedDuration;
use model::{roles::Role, sessions::SessionSummary};

use crate::support::{App, DEVICE, House, Node, PASSWORD, app, credentials, origin};

const FIREFOX: &str = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0";

async fn signs_in(app: &App, email: &str, house: &House, address: &str) -> (Issued, Arc<Identified>) {
    let with = credentials(email, PASSWORD, Some(house.id));
    let signed = identity::sign_in(
        &app.d,
        origin(address),
        identity::Device { user_agent: Some(FIREFOX), ..DEVICE },
        &with,
    )
    .await
    .unwrap();
    let identity::SignedIn::Open(_, issued) = signed else { panic!() };
    let who = identity::authenticate_id(&app.d, issued.session, false).await.unwrap().unwrap();
    (issued, who)
}

async fn alive(app: &App, issued: &Issued) -> bool {
    identity::authenticate_id(&app.d, issued.session, true).await.unwrap().is_some()
}

fn ids(list: &[SessionSummary]) -> Vec<uuid::Uuid> {
    list.iter().map(|session| session.id.0).collect()
}

#[tokio::test]
async fn people_see_their_own_sessions_and_end_them() {
    let app = app().await;
    let house = app.house("Pharmacie des Lilas").await;
    let (_, email) = app.person(&house, &[Role::Nurse]).await;
    let (_, colleague) = app.person(&house, &[Role::Nurse]).await;
    let (theirs, stranger) = signs_in(&app, &colleague, &house, "192.0.2.9").await;
    let (old, _) = signs_in(&app, &email, &house, "198.51.100.7").await;
    app.advance(SignedDuration::from_mins(1));
    let (new, me) = signs_in(&app, &email, &house, "192.0.2.1").await;

    let from = origin("192.0.2.77");
    let list = identity::sessions(&app.d, &me, from).await.unwrap();
    assert_eq!(ids(&list), [new.session.0, old.session.0], "the last used first, nobody else's");
    assert_eq!(list[0].device.browser.as_deref(), Some("Firefox"));
    assert_eq!((list[0].current, list[0].network.here), (true, true));
    assert_eq!((list[1].current, list[1].network.prefix.as_str()), (false, "198.51.100.…"));
    assert_eq!(list[1].establishment.as_deref(), Some("Pharmacie des Lilas"));

    for other in [theirs.session, model::ids::SessionId(uuid::Uuid::from_u128(7))] {
        let refused = identity::end_session(&app.d, &me, from, other).await;
        assert!(matches!(refused, Err(Refused::NotFound)));
    }
    let refused = identity::end_session(&app.d, &stranger, from, old.session).await;
    assert!(matches!(refused, Err(Refused::NotFound)));
    assert!(alive(&app, &theirs).await && alive(&app, &old).await);

    // On another node within five seconds.
    let node = app.node(Node::default());
    assert!(identity::authenticate_id(&node, old.session, true).await.unwrap().is_some());
    identity::end_session(&app.d, &me, from, old.session).await.unwrap();
    assert!(!alive(&app, &old).await);
    app.advance(SignedDuration::from_secs(5));
    assert!(identity::authenticate_id(&node, old.session, true).await.unwrap().is_none());
    let again = identity::end_session(&app.d, &me, from, old.session).await;
    assert!(matches!(again, Err(Refused::NotFound)));

    let others = [
        signs_in(&app, &email, &house, "192.0.2.1").await.0,
        signs_in(&app, &email, &house, "192.0.2.1").await.0,
    ];
    assert_eq!(identity::end_other_sessions(&app.d, &me, from).await.unwrap(), 2);
    for ended in &others {
        assert!(!alive(&app, ended).await);
    }
    assert!(alive(&app, &new).await && alive(&app, &theirs).await);
    app.advance(SignedDuration::from_mins(31));
    let (_, later) = signs_in(&app, &email, &house, "192.0.2.1").await;
    assert_eq!(identity::sessions(&app.d, &later, from).await.unwrap().len(), 1, "an idle session is over");
}

#[tokio::test]
async fn a_session_that_was_renewed_since_it_was_listed_ends_under_its_new_name() {
    let app = app().await;
    let [here, there] = [app.house("Pharmacie des Lilas").await, app.house("SSIAD du Canal").await];
    let (user, email) = app.person(&here, &[Role::Nurse]).await;
    app.joins(&there, &email, Role::Nurse).await;
    let (from, admin) = (origin("192.0.2.1"), app.admin(&here).await);
    let why = "téléphone perdu".parse().unwrap();
    let (_, me) = signs_in(&app, &email, &here, "192.0.2.1").await;
    // Each visit to another establishment gives the session another name.
    let renewed = async |to: &House| {
        let (listed, who) = signs_in(&app, &email, &here, "192.0.2.1").await;
        let (_, away) = identity::switch(&app.d, &who, from, there.id, DEVICE).await.unwrap();
        let who = app.who(&away).await.unwrap();
        let issued = if to.id == there.id {
            away
        } else {
            identity::switch(&app.d, &who, from, here.id, DEVICE).await.unwrap().1
        };
        (listed.session, issued)
    };
    let (listed, issued) = renewed(&there).await;
    identity::end_session(&app.d, &me, from, listed).await.unwrap();
    assert!(!alive(&app, &issued).await);
    let (listed, issued) = renewed(&here).await;
    assert_eq!(identity::end_sessions_of(&app.d, &admin, user, Some(listed), &why).await.unwrap(), 1);
    assert!(!alive(&app, &issued).await);
    // Elsewhere by now is not theirs to end.
    let (listed, issued) = renewed(&there).await;
    assert_eq!(identity::end_sessions_of(&app.d, &admin, user, Some(listed), &why).await.unwrap(), 0);
    assert!(alive(&app, &issued).await);
}

#[tokio::test]
async fn an_administrator_ends_the_sessions_of_people_here_and_nowhere_else() {
    let app = app().await;
    let [here, there] = [app.house("Pharmacie des Lilas").await, app.house("SSIAD du Canal").await];
    let (user, email) = app.person(&here, &[Role::Nurse]).await;
    app.joins(&there, &email, Role::Nurse).await;
    let (stranger, _) = app.person(&there, &[Role::Nurse]).await;
    let admin = app.admin(&here).await;
    let (mine, _) = signs_in(&app, &email, &here, "192.0.2.1").await;
    let (elsewhere, who) = signs_in(&app, &email, &there, "192.0.2.1").await;

    let list = identity::sessions_of(&app.d, &admin, user).await.unwrap();
    assert_eq!(
        ids(&list),
        [mine.session.0],
        "what somebody does elsewhere is not its administrators' to know"
    );
    let why = "téléphone perdu".parse().unwrap();
    assert!(matches!(identity::sessions_of(&app.d, &admin, stranger).await, Err(Refused::NotFound)));
    assert!(matches!(
        identity::end_sessions_of(&app.d, &admin, stranger, None, &why).await,
        Err(Refused::NotFound)
    ));

    // One of them, by name: one that is elsewhere is none.
    let (other, _) = signs_in(&app, &email, &here, "192.0.2.1").await;
    let end = async |one| identity::end_sessions_of(&app.d, &admin, user, one, &why).await.unwrap();
    assert_eq!(end(Some(elsewhere.session)).await, 0);
    assert_eq!(end(Some(other.session)).await, 1);
    assert!(!alive(&app, &other).await && alive(&app, &mine).await && alive(&app, &elsewhere).await);
    app.alter(&format!("DELETE FROM control.audit; TRUNCATE {}.audit", here.schema())).await;

    assert_eq!(end(None).await, 1);
    assert!(!alive(&app, &mine).await && alive(&app, &elsewhere).await);
    let schema = here.schema();
    let told = format!(
        "SELECT count(*) FROM {schema}.audit WHERE action = 'members.end_sessions' AND object_id = '{user}'
             AND reason = 'téléphone perdu' AND detail = '1 sessions'"
    );
    let platform =
        "SELECT count(*) FROM control.audit WHERE action = 'members.end_sessions' AND reason IS NOT NULL";
    assert_eq!((app.count(&told).await, app.count(platform).await), (1, 1));
    // Moving to another establishment takes the session along.
    let moved = identity::switch(&app.d, &who, origin("192.0.2.1"), here.id, DEVICE).await;
    assert!(moved.is_ok());
    assert_eq!(identity::sessions_of(&app.d, &admin, user).await.unwrap().len(), 1);
}

#[tokio::test]
async fn an_idle_session_is_listed_as_long_as_its_roles_let_it_live() {
    let app = app().await;
    let house = app.house("Pharmacie des Lilas").await;
    let admin = app.admin(&house).await;
    for (roles, listed) in [(&[Role::Nurse][..], 1), (&[Role::Nurse, Role::Administrator][..], 0)] {
        let (user, email) = app.person(&house, roles).await;
        let (issued, _) = signs_in(&app, &email, &house, "192.0.2.1").await;
        app.advance(SignedDuration::from_mins(16));
        assert_eq!(identity::sessions_of(&app.d, &admin, user).await.unwrap().len(), listed, "{roles:?}");
        assert_eq!(alive(&app, &issued).await, listed == 1);
    }
}
