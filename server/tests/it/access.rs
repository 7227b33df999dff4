//! Every route × everybody: see `access_table`.

use domain::db::Db;
use model::{ids::CodeId, roles::Role};
use uuid::Uuid;

use crate::{
    access_table::{Gives, Input, ROWS, Row},
    sockets,
    support::{App, Browser, House, Objects, app},
};

/// Whom a cell of the table is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Who {
    Nobody,
    Holds(Role),
    /// Every role, in another establishment.
    Foreign,
}

fn expected(row: &Row, who: Who) -> u16 {
    match (&row.gives, who) {
        (Gives::All(status), _) | (Gives::SignedIn { no: status, .. }, Who::Nobody) => *status,
        (Gives::SignedIn { yes, .. }, _) => *yes,
        (Gives::Page { .. }, Who::Nobody) => 303,
        (Gives::Page { .. }, Who::Foreign) => 200,
        (Gives::Page { who }, Who::Holds(role)) => {
            if who.contains(&role) {
                200
            } else {
                403
            }
        }
        (Gives::Roles { .. }, Who::Nobody) => 401,
        (Gives::Roles { foreign, .. }, Who::Foreign) => *foreign,
        (Gives::Roles { who, ok, .. }, Who::Holds(role)) => {
            if who.contains(&role) {
                *ok
            } else {
                403
            }
        }
    }
}

async fn arrive(app: &App, who: Who, here: &House, elsewhere: &House) -> (Browser, String) {
    let (house, roles): (_, &[Role]) = match &who {
        Who::Nobody => return (Browser::new(app), app.person(here, &[Role::Nurse]).await.1),
        Who::Holds(role) => (here, std::slice::from_ref(role)),
        Who::Foreign => (elsewhere, &Role::ALL),
    };
    let (_, email) = app.person(house, roles).await;
    (app.browser_of(&email, house).await, email)
}

async fn status(app: &App, row: &Row, browser: &mut Browser, about: &Objects, email: &str) -> u16 {
    if matches!(row.input, Input::Upgrade) {
        return sockets::upgrade(app, browser, Some(&app.config.server.origin())).await.status;
    }
    let call = row.call(about, &browser.token(), email);
    browser.act(call).await.status
}

#[tokio::test]
async fn each_route_answers_everybody_as_the_table_says() {
    let app = app().await;
    let (here, elsewhere) = (app.house("Pharmacie des Lilas").await, app.house("SSIAD du Canal").await);
    let everybody = [Who::Nobody, Who::Foreign].into_iter().chain(Role::ALL.map(Who::Holds));
    let everybody: Vec<_> = everybody.collect();
    let shared = app.objects(&here).await;
    let mut wrong = Vec::new();
    for row in ROWS {
        let changes = row.method == "POST" && row.is_about_an_object();
        for who in &everybody {
            let want = expected(row, *who);
            // Somebody who is let through changes what the next one would meet.
            let about = if changes && want == 200 { app.objects(&here).await } else { shared.clone() };
            if want == 200
                && let Some(sql) = row.before(&about, &Db::schema_of(here.id))
            {
                app.alter(&sql).await;
            }
            let (mut browser, email) = arrive(&app, *who, &here, &elsewhere).await;
            let got = status(&app, row, &mut browser, &about, &email).await;
            if got != want {
                wrong.push(format!("{} {} as {who:?}: {got}, not {want}", row.method, row.path));
            }
        }
    }
    assert!(wrong.is_empty(), "{} cells:\n{}", wrong.len(), wrong.join("\n"));
}

#[tokio::test]
async fn what_belongs_to_others_is_as_unknown_as_what_never_was() {
    let app = app().await;
    let (here, elsewhere) = (app.house("Pharmacie des Lilas").await, app.house("SSIAD du Canal").await);
    let theirs = app.objects(&here).await;
    let never = Uuid::from_u128(0x0190_0000_0000_7000_8000_0000_0000_0001);
    let mut nowhere = theirs.clone();
    nowhere.code = CodeId(never);
    nowhere.document.0 = never;
    nowhere.member.0 = never;
    nowhere.depositor.establishment.0 = never;
    let mut asked = 0;
    for row in ROWS.iter().filter(|row| row.is_about_an_object() && row.path.starts_with("/api/")) {
        let mut browser = app.signed_in(&elsewhere, &Role::ALL).await;
        let token = browser.token();
        let foreign = browser.act(row.call(&theirs, &token, "")).await;
        let unknown = browser.act(row.call(&nowhere, &token, "")).await;
        assert_eq!((foreign.status, unknown.status), (404, 404), "{} {}", row.method, row.path);
        assert_eq!(bare(&foreign.text()), bare(&unknown.text()), "{} {}", row.method, row.path);
        assert_eq!(foreign.headers.len(), unknown.headers.len());
        asked += 1;
    }
    assert!(asked >= 12, "{asked}");
}

/// The body without the request's own id.
fn bare(text: &str) -> String {
    match serde_json::from_str::<serde_json::Value>(text) {
        Ok(mut value) => {
            assert!(value["request_id"].is_string(), "{text}");
            value["request_id"] = serde_json::Value::Null;
            value.to_string()
        }
        Err(_) => text.to_owned(),
    }
}
