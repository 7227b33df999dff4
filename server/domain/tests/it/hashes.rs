//! Passwords whose hash was made with other costs than today's.

use domain::{
    Domain,
    identity::{self, SignInError, SignedIn},
};

use crate::{
    factors::nurse,
    support::{App, DEVICE, Node, PASSWORD, credentials, origin},
};

async fn hash(app: &App) -> String {
    sqlx::query_scalar("SELECT password_hash FROM control.users")
        .fetch_one(&mut app.look().await)
        .await
        .unwrap()
}

async fn signs_in(d: &Domain, email: &str, password: &str) -> Result<SignedIn, SignInError> {
    identity::sign_in(d, origin("192.0.2.1"), DEVICE, &credentials(email, password, None)).await
}

#[tokio::test]
async fn a_right_password_is_hashed_again_with_the_costs_of_today() {
    let p = nurse(true).await;
    let (phone, _, _) = p.enrol(&p.session().await).await;
    p.app.advance(jiff::SignedDuration::from_secs(30));
    let old = hash(&p.app).await;
    // The same database, and a node that asks for more.
    let today = p.app.node(Node { seed: 2, costly: true, ..Node::default() });
    assert!(matches!(signs_in(&today, &p.email, "pas le bon mot de passe").await, Err(SignInError::Wrong)));
    assert_eq!(hash(&p.app).await, old, "a wrong one changes nothing");
    let Ok(SignedIn::Factor(ticket, _)) = signs_in(&today, &p.email, PASSWORD).await else {
        panic!("no second step")
    };
    let new = hash(&p.app).await;
    assert!(old.contains("m=64,t=1") && new.contains("m=65536,t=3"), "{old} {new}");
    // What was begun with the old hash goes on with the new one.
    assert!(p.show(&ticket, &phone.answer(&p.app)).await.is_ok());
    assert!(matches!(signs_in(&today, &p.email, PASSWORD).await, Ok(SignedIn::Factor(..))));
    assert_eq!(hash(&p.app).await, new, "once");
    assert_eq!(p.rows("identity.upgrade_password_hash", "done").await, 1);
}
