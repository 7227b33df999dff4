//! Pages of the portal come whole, also while the way to the database is being opened.

use std::time::Duration;

use model::roles::Role;

use crate::support::{Call, app};

/// Nobody waits longer for a page.
const PATIENCE: Duration = Duration::from_secs(20);
/// Two pages each: one that hangs once in sixty (so it was seen) is found in six runs of seven.
const NODES: usize = 60;

#[tokio::test]
async fn no_page_hangs_on_a_node_that_has_just_started() {
    let app = app().await;
    let house = app.house("Pharmacie des Lilas").await;
    let staff = app.signed_in(&house, &[Role::Pharmacist, Role::Administrator]).await;
    let pages = [
        "/portal",
        "/portal/documents",
        "/portal/codes",
        "/portal/people",
        "/portal/settings",
        "/portal/account",
    ];
    for node in 0..NODES {
        // Its pool is empty: the queries of its first pages wait for connections.
        let router = app.other_node();
        for page in pages.iter().cycle().skip(node).take(2) {
            let mut browser = staff.at(router.clone());
            let reply = tokio::time::timeout(PATIENCE, browser.get(page)).await;
            assert_eq!(reply.map(|reply| reply.status).ok(), Some(200), "{page} of node {node}");
        }
    }
}

#[tokio::test]
async fn pages_speak_the_language_of_this_browser_then_of_the_account() {
    let app = app().await;
    let house = app.house("Pharmacie des Lilas").await;
    let (user, email) = app.person(&house, &[Role::Nurse]).await;
    app.alter(&format!("UPDATE control.users SET language = 'en' WHERE id = '{user}'")).await;
    let mut browser = app.browser_of(&email, &house).await;
    let mut speaks = async |language: &str| {
        let call = Call::get("/portal/account").with("accept", "text/html").with("accept-language", "fr");
        let page = browser.send(call).await.text();
        assert!(page.contains(&format!("<html lang=\"{language}\"")), "{}", &page[..200]);
        browser.get("/language/fr").await
    };
    speaks("en").await;
    // What is chosen here counts here, and the account stays as it is.
    speaks("fr").await;
    assert_eq!(
        app.count(&format!("SELECT count(*) FROM control.users WHERE id = '{user}' AND language = 'en'"))
            .await,
        1
    );
}
