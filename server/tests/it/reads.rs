//! No GET changes domain data: not for somebody, not for nobody, not for a link preview.

use std::collections::BTreeMap;

use model::roles::Role;
use sqlx::AssertSqlSafe;

use crate::{
    access_table::{Input, ROWS},
    support::{App, Browser, app},
};

/// What a GET may write: that it was made (audit), that somebody is there (sessions, browsers), counters, and that somebody is on
/// the way to Pro Santé Connect (ceremonies).
const BOOKS: [&str; 5] = ["audit", "sessions", "browsers", "attempts", "ceremonies"];

/// Rows and a hash of every other table.
async fn snapshot(app: &App) -> BTreeMap<String, (i64, String)> {
    let mut look = app.look().await;
    let tables: Vec<(String, String)> = sqlx::query_as(
        "SELECT schemaname::text, tablename::text FROM pg_tables
         WHERE schemaname NOT IN ('pg_catalog', 'information_schema')",
    )
    .fetch_all(&mut look)
    .await
    .unwrap();
    let mut found = BTreeMap::new();
    for (schema, table) in tables.into_iter().filter(|(_, table)| !BOOKS.contains(&table.as_str())) {
        let sql = format!(
            "SELECT count(*), coalesce(md5(string_agg(t::text, '' ORDER BY t::text)), '') FROM \"{schema}\".\"{table}\" t"
        );
        let row: (i64, String) = sqlx::query_as(AssertSqlSafe(sql)).fetch_one(&mut look).await.unwrap();
        found.insert(format!("{schema}.{table}"), row);
    }
    found
}

#[tokio::test]
async fn no_get_changes_domain_data() {
    let app = app().await;
    let house = app.house("Pharmacie des Lilas").await;
    let objects = app.objects(&house).await;
    let staff = app.signed_in(&house, &[Role::Pharmacist, Role::Administrator]).await;
    let mut depositor = Browser::new(&app);
    depositor.get(&format!("/d/{}/{}", objects.slug, objects.link)).await;
    let before = snapshot(&app).await;
    assert!(before.len() >= 15 && before.values().any(|(rows, _)| *rows > 0), "{before:?}");
    let everybody = [("nobody", Browser::new(&app)), ("staff", staff), ("depositor", depositor)];
    for row in ROWS.iter().filter(|row| row.method == "GET" && !matches!(row.input, Input::Upgrade)) {
        for (name, browser) in &everybody {
            let mut browser = browser.clone();
            let mut call = row.call(&objects, "", "");
            for query in ["", "lang=en", "q=lilas"] {
                call.path =
                    format!("{}{}{query}", call.path, if call.path.contains('?') { "&" } else { "?" });
                for method in [http::Method::GET, http::Method::HEAD] {
                    browser.send(crate::support::Call { method, ..call.clone() }).await;
                }
            }
            let after = snapshot(&app).await;
            assert_eq!(after, before, "GET {} as {name}", row.path);
        }
    }
}
