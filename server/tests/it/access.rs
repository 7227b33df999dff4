//! Every route × everybody: see `access_table`.

use domain::db::Db;
use model::{ids::CodeId, roles::Role};
use server::config::SecondFactor;
use uuid::Uuid;

use crate::{
    access_table::{Gives, Input, ROWS, Row},
    sockets,
    support::{App, Browser, House, Objects, app, app_with, config},
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

/// Sessions of somebody who works nowhere (yet), and sessions that are over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Odd {
    /// A password, where a second factor is needed.
    PasswordOnly,
    /// Pro Santé Connect said who it is; no establishment has let them in.
    Nowhere,
    /// Pro Santé Connect knows several activities, and none was chosen.
    NoPractice,
    Revoked,
    Expired,
    Disabled,
}

const ODD: [Odd; 6] =
    [Odd::PasswordOnly, Odd::Nowhere, Odd::NoPractice, Odd::Revoked, Odd::Expired, Odd::Disabled];

impl Odd {
    /// Makes an ordinary session (of every role) an odd one.
    fn sql(self, session: &str) -> String {
        let of = |set: &str| format!("UPDATE control.sessions SET {set} WHERE id = '{session}'");
        match self {
            Self::PasswordOnly => of("factor_at = NULL"),
            Self::Nowhere => of(
                "establishment_id = NULL, method = 'psc', psc_issuer = 'x', psc_sub = 'x', practice = '{\"index\":0}'",
            ),
            Self::NoPractice => of("method = 'psc', psc_issuer = 'x', psc_sub = 'x'"),
            Self::Revoked => of("revoked_at = now(), revoked_reason = 'ended'"),
            Self::Expired => of("ends_at = authenticated_at"),
            Self::Disabled => {
                format!(
                    "UPDATE control.users SET disabled_at = now() WHERE id = (SELECT user_id FROM control.sessions WHERE id = '{session}')"
                )
            }
        }
    }

    const fn is_over(self) -> bool {
        matches!(self, Self::Revoked | Self::Expired | Self::Disabled)
    }
}

/// One's own account: what somebody reaches who works nowhere, and with a password alone where that does not suffice. Everything
/// else asks for an establishment.
const ACCOUNT: [(&str, u16, u16); 33] = [
    ("/portal/sign-in", 303, 303),
    ("/portal/second-factor", 303, 200),
    ("/portal/choose", 200, 303),
    ("/api/v1/auth/logout", 200, 200),
    ("/api/v1/auth/me", 200, 200),
    ("/api/v1/auth/resume", 200, 200),
    ("/api/v1/auth/factors", 200, 200),
    ("/api/v1/auth/factors/totp/begin", 200, 200),
    ("/api/v1/auth/factors/totp/confirm", 409, 409),
    ("/api/v1/auth/factors/passkeys/begin", 200, 200),
    ("/api/v1/auth/factors/passkeys/confirm", 409, 409),
    // With a factor of now, which these sessions have: there is nothing to remove, and new codes are given.
    ("/api/v1/auth/factors/totp/remove", 404, 403),
    ("/api/v1/auth/factors/recovery/renew", 200, 403),
    ("/api/v1/auth/factors/passkeys/remove", 404, 403),
    ("/api/v1/auth/psc_identity", 200, 403),
    ("/api/v1/auth/psc_identity/offer", 200, 403),
    ("/api/v1/auth/psc_identity/unlink", 404, 403),
    ("/api/v1/auth/step_up", 401, 403),
    ("/api/v1/auth/sessions", 200, 403),
    ("/api/v1/auth/sessions/end", 404, 403),
    ("/api/v1/auth/sessions/end_others", 200, 403),
    ("/api/v1/auth/password", 200, 403),
    ("/api/v1/auth/practice", 404, 403),
    // The switch to where one belongs is open; the new session is no less odd.
    ("/api/v1/auth/switch", 200, 403),
    ("/api/v1/members/ask", 404, 403),
    ("/api/v1/members/withdraw", 404, 403),
    ("/api/v1/members/asked", 200, 403),
    ("/api/v1/auth/account", 200, 403),
    ("/api/v1/auth/account/change", 200, 403),
    ("/api/v1/auth/account/mails", 200, 403),
    ("/api/v1/auth/email/ask", 200, 403),
    ("/api/v1/auth/email/cancel", 200, 403),
    // Invited by nobody; who works nowhere may be.
    ("/api/v1/members/invitation/accept", 409, 403),
];

#[tokio::test]
async fn a_session_that_is_over_or_works_nowhere_reaches_nothing_of_an_establishment() {
    let mut strict = config();
    strict.identity.second_factor = SecondFactor::Required;
    let app = app_with(strict).await;
    let here = app.house("Pharmacie des Lilas").await;
    let about = app.objects(&here).await;
    let mut wrong = Vec::new();
    for row in ROWS {
        for odd in ODD {
            let mut browser = app.signed_in(&here, &Role::ALL).await;
            let session = browser.session.unwrap().to_string();
            app.alter(&format!("UPDATE control.sessions SET factor_at = now() WHERE id = '{session}'")).await;
            app.alter(&odd.sql(&session)).await;
            let page = row.method == "GET" && row.path.starts_with("/portal");
            let open = match row.gives {
                Gives::All(status) => Some(status),
                _ => None,
            };
            // What is open to everybody is to them: a page of now is no longer of the session that is over.
            if open.is_some() && odd.is_over() {
                browser.session = None;
            }
            let email = app.person(&here, &[Role::Nurse]).await.1;
            let got = if matches!(row.input, Input::Upgrade) {
                sockets::upgrade(&app, &browser, Some(&app.config.server.origin())).await.status
            } else {
                browser.act(row.call(&about, &browser.token(), &email)).await.status
            };
            let account = ACCOUNT.iter().find(|(path, ..)| *path == row.path);
            let sign_in = row.path == "/portal/sign-in";
            let finding_whom_to_ask = row.path == "/api/v1/establishments" && odd != Odd::PasswordOnly;
            let own_page = row.path == "/portal/account" && odd == Odd::Nowhere;
            let want = open.unwrap_or(match (odd.is_over(), page, account) {
                (true, false, _) => 401,
                (true, true, _) => {
                    if sign_in {
                        200
                    } else {
                        303
                    }
                }
                (false, _, Some((_, other, password))) => {
                    if odd == Odd::PasswordOnly {
                        *password
                    } else {
                        *other
                    }
                }
                // Shown the way: to the second factor, or to the choice of where to work.
                (false, true, None) => {
                    if own_page {
                        200
                    } else {
                        303
                    }
                }
                (false, false, None) => {
                    if finding_whom_to_ask {
                        200
                    } else {
                        403
                    }
                }
            });
            if got != want {
                wrong.push(format!("{} {} as {odd:?}: {got}, not {want}", row.method, row.path));
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
