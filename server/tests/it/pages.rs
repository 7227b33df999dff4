//! Pages of the portal come whole, also while the way to the database is being opened.

use std::time::Duration;

use model::roles::Role;

use crate::support::app;

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
