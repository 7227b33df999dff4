//! Who asks from outside can't tell who has an account.

use model::roles::Role;
use serde_json::{Value, json};

use crate::support::{Browser, PASSWORD, app, fresh_email};

/// Everything of an answer but what differs from one request to the next.
fn bare(reply: &crate::support::Reply) -> (u16, Value, Vec<String>) {
    let mut body = reply.json();
    body["request_id"] = Value::Null;
    let mut names: Vec<String> = reply.headers.keys().map(ToString::to_string).collect();
    names.sort();
    (reply.status, body, names)
}

#[tokio::test]
async fn known_unknown_disabled_and_accounts_without_a_password_are_one_answer() {
    let app = app().await;
    let house = app.house("Pharmacie des Lilas").await;
    let (_, known) = app.person(&house, &[Role::Nurse]).await;
    let (disabled, disabled_email) = app.person(&house, &[Role::Nurse]).await;
    let (without, without_email) = app.person(&house, &[Role::Nurse]).await;
    let (factor, factor_email) = app.person(&house, &[Role::Nurse]).await;
    app.alter(&format!("UPDATE control.users SET disabled_at = now() WHERE id = '{disabled}'")).await;
    app.alter(&format!("UPDATE control.users SET password_hash = NULL WHERE id = '{without}'")).await;
    app.alter(&format!("INSERT INTO control.totp VALUES ('{factor}', '\\x00', 0, now())")).await;
    let mut answers = vec![];
    for (email, password) in [
        (known.as_str(), "faux faux faux"),
        (&fresh_email(), PASSWORD),
        ("pas une adresse", PASSWORD),
        (&disabled_email, PASSWORD),
        (&without_email, PASSWORD),
        // That there is a second factor is told to who has the password.
        (&factor_email, "faux faux faux"),
    ] {
        let mut browser = Browser::new(&app);
        let with = json!({"with": {"email": email, "password": password, "establishment": null}});
        let reply = browser.json("/api/v1/auth/login", with).await;
        assert_eq!(reply.status, 401, "{email}");
        answers.push(bare(&reply));
    }
    assert!(answers.windows(2).all(|pair| pair[0] == pair[1]), "{answers:#?}");
}

#[tokio::test]
async fn a_ticket_a_challenge_and_a_passkey_of_nobody_are_one_answer_each() {
    let app = app().await;
    let mut browser = Browser::new(&app);
    let answer = json!({"factor": "totp", "answer": "123456"});
    let mut ask = async |ticket: &str| {
        let factor = browser.json("/api/v1/auth/factor", json!({"ticket": ticket, "answer": answer})).await;
        let challenge = json!({"anybody": false, "ticket": ticket});
        let challenge = browser.json("/api/v1/auth/passkey/challenge", challenge).await;
        (bare(&factor), bare(&challenge))
    };
    let one = ask("AAAAAAAAAAAAAAAAAAAAAA").await;
    assert_eq!(one, ask("BBBBBBBBBBBBBBBBBBBBBB").await);
    assert_eq!(one, ask("").await);
    assert_eq!((one.0.0, one.1.0), (409, 409));
}
