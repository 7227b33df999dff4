//! The list of routes, read from the router itself: a route can't be missing here.

use std::collections::BTreeSet;

use axum::Router;

use crate::{access_table::ROWS, support::app};

/// Methods and paths. axum shows them in its debug text only; a change of that text makes these tests fail, not pass.
pub fn of(router: &Router) -> BTreeSet<(String, String)> {
    let text = format!("{router:?}");
    let text = &text[..text.find("fallback_router").unwrap()];
    let (endpoints, paths) = text.split_once("node: Node").unwrap();
    let paths = &paths[paths.find("paths: {").unwrap() + "paths: {".len()..];
    let mut methods = std::collections::BTreeMap::new();
    for route in endpoints.split("RouteId(").skip(1) {
        let (id, endpoint) = route.split_once(')').unwrap();
        let allowed =
            endpoint.split("allow_header: Bytes(b\"").nth(1).and_then(|rest| rest.split('"').next());
        methods.insert(id.to_owned(), allowed.unwrap_or("GET").to_owned());
    }
    let mut found = BTreeSet::new();
    for entry in paths.split("RouteId(").skip(1) {
        let (id, rest) = entry.split_once(')').unwrap();
        let path = rest.split('"').nth(1).unwrap();
        for method in methods[id].split(',').filter(|method| *method != "HEAD") {
            found.insert((method.to_owned(), path.to_owned()));
        }
    }
    found
}

#[tokio::test]
async fn every_route_has_a_row_and_every_row_a_route() {
    let app = app().await;
    let mut routes = of(&app.router);
    for (path, method) in server_fn::axum::server_fn_paths() {
        assert!(routes.contains(&(method.to_string(), path.to_owned())), "{method} {path} is served");
    }
    // The folder of hashed assets is one nested service under three paths of axum's own.
    let nested = routes.iter().filter(|(_, path)| path.starts_with("/pkg")).count();
    assert!(nested >= 1);
    routes.retain(|(_, path)| !path.starts_with("/pkg") || path == "/pkg/{*__private__axum_nest_tail_param}");
    let rows: BTreeSet<_> = ROWS.iter().map(|row| (row.method.to_owned(), row.path.to_owned())).collect();
    assert_eq!(rows.len(), ROWS.len(), "a row twice");
    let missing: Vec<_> = routes.difference(&rows).collect();
    let gone: Vec<_> = rows.difference(&routes).collect();
    assert!(missing.is_empty() && gone.is_empty(), "without a row: {missing:?}; without a route: {gone:?}");
}
