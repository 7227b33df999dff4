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

#[tokio::test]
async fn a_link_to_a_new_password_is_asked_for_known_and_unknown_alike() {
    let app = app().await;
    let house = app.house("Pharmacie des Lilas").await;
    let (_, known) = app.person(&house, &[Role::Nurse]).await;
    let (disabled, disabled_email) = app.person(&house, &[Role::Nurse]).await;
    let (without, without_email) = app.person(&house, &[Role::Nurse]).await;
    app.alter(&format!("UPDATE control.users SET disabled_at = now() WHERE id = '{disabled}'")).await;
    app.alter(&format!("UPDATE control.users SET password_changed_at = NULL WHERE id = '{without}'")).await;
    let (mut answers, mut pages) = (vec![], vec![]);
    for email in [&known, &fresh_email(), &disabled_email, &without_email] {
        let mut browser = Browser::new(&app);
        let reply = browser.json("/api/v1/auth/reset/ask", json!({"email": email})).await;
        assert_eq!(reply.status, 200, "{email}");
        answers.push(bare(&reply));
        browser.get("/portal/forgotten").await;
        let sent = browser.form("/portal/forgotten", &[("email", email)]).await;
        assert_eq!(sent.status, 303);
        pages.push(sent.header("location").to_owned());
    }
    assert!(answers.windows(2).all(|pair| pair[0] == pair[1]), "{answers:#?}");
    assert!(pages.iter().all(|page| page == "/portal/forgotten?sent"), "{pages:?}");
    while domain::jobs::run_due(&app.d).await.unwrap() > 0 {}
    let mails = app.post.take();
    assert_eq!(mails.len(), 2, "twice for the one whom there is anything to write to");
    assert!(mails.iter().all(|mail| mail.to.as_ref() == known));
}

#[tokio::test]
async fn an_establishment_is_registered_for_known_and_unknown_alike() {
    let app = app().await;
    let house = app.house("Pharmacie des Lilas").await;
    let (_, known) = app.person(&house, &[Role::Nurse]).await;
    let (disabled, disabled_email) = app.person(&house, &[Role::Nurse]).await;
    app.alter(&format!("UPDATE control.users SET disabled_at = now() WHERE id = '{disabled}'")).await;
    let (mut answers, mut pages) = (vec![], vec![]);
    let all = [known, fresh_email(), disabled_email];
    for email in &all {
        let fields = [
            ("name", "Pharmacie du Port"),
            ("town", "Brest"),
            ("kind", "pharmacy"),
            ("finess", "29 000 001 7"),
            ("given_name", "Noa"),
            ("family_name", "Neuf"),
            ("email", email),
        ];
        let new: serde_json::Map<String, Value> =
            fields.iter().map(|(key, value)| ((*key).to_owned(), json!(value))).collect();
        let mut browser = Browser::new(&app);
        let reply = browser.json("/api/v1/auth/register", json!({ "new": new })).await;
        assert_eq!(reply.status, 200, "{email}: {}", reply.text());
        answers.push(bare(&reply));
        browser.get("/portal/register").await;
        let sent = browser.form("/portal/register", &fields).await;
        pages.push((sent.status, sent.header("location").to_owned()));
    }
    assert!(answers.windows(2).all(|pair| pair[0] == pair[1]), "{answers:#?}");
    assert!(pages.iter().all(|page| *page == (303, "/portal/register?sent".to_owned())), "{pages:?}");
    while domain::jobs::run_due(&app.d).await.unwrap() > 0 {}
    let mails = app.post.take();
    assert_eq!(mails.len(), 6, "to each, whoever they are");
    let link = |text: &str| text.split("?t=").next().unwrap().to_owned();
    assert!(
        mails.windows(2).all(|pair| link(&pair[0].text) == link(&pair[1].text)),
        "and with the same words"
    );
}

#[tokio::test]
async fn what_was_typed_wrong_into_the_form_of_a_registration_registers_nothing() {
    let app = app().await;
    let mut browser = Browser::new(&app);
    browser.get("/portal/register").await;
    let right = [
        ("name", "Pharmacie du Port"),
        ("town", "Brest"),
        ("kind", "pharmacy"),
        ("finess", "290000017"),
        ("given_name", "Noa"),
        ("family_name", "Neuf"),
        ("email", "noa@exemple.fr"),
    ];
    let wrong = [
        ("name", ""),
        ("town", " "),
        ("kind", "castle"),
        ("finess", "290000018"),
        ("finess", ""),
        ("given_name", ""),
        ("family_name", "\u{202e}"),
        ("email", "noa"),
    ];
    for (field, value) in wrong {
        let fields = right.map(|(name, good)| if name == field { (name, value) } else { (name, good) });
        let sent = browser.form("/portal/register", &fields).await;
        assert_eq!(sent.header("location"), "/portal/register?failed=invalid", "{field}={value:?}");
        let new: serde_json::Map<String, Value> =
            fields.iter().map(|(key, value)| ((*key).to_owned(), json!(value))).collect();
        let mut browser = Browser::new(&app);
        let reply = browser.json("/api/v1/auth/register", json!({ "new": new })).await;
        assert!(matches!(reply.status, 400 | 422), "{field}={value:?}: {}", reply.status);
    }
    assert_eq!(browser.form("/portal/register", &right).await.header("location"), "/portal/register?sent");
    assert_eq!(
        browser.form("/portal/registration", &[("t", "nonsense")]).await.header("location"),
        "/portal/registration?t=nonsense"
    );
}

#[tokio::test]
async fn a_form_without_script_sets_the_password_or_says_why_not() {
    let app = app().await;
    let house = app.house("Pharmacie des Lilas").await;
    let (_, email) = app.person(&house, &[Role::Nurse]).await;
    let mut browser = Browser::new(&app);
    browser.get("/portal/forgotten").await;
    assert_eq!(
        browser.form("/portal/forgotten", &[("email", "sans arobase")]).await.header("location"),
        "/portal/forgotten?failed=invalid"
    );
    browser.form("/portal/forgotten", &[("email", &email)]).await;
    while domain::jobs::run_due(&app.d).await.unwrap() > 0 {}
    let token = crate::support::token_of(&app.post.take()[0], "/portal/reset").unwrap();
    // What is wrong with a password stands at its field.
    let page = browser.get(&format!("/portal/reset?failed=too-short&t={token}")).await.text();
    let field = page.split("<input").find(|field| field.contains(" name=\"new\"")).unwrap();
    assert!(field.contains("aria-invalid=\"true\"") && field.contains(" autofocus"), "{field}");
    assert!(field.contains("id=\"field-new-error\"") && !page.contains("role=\"alert\""), "{page}");
    let mut send = async |new: &str, again: &str| {
        let reply = browser.form("/portal/reset", &[("t", &token), ("new", new), ("again", again)]).await;
        (reply.status, reply.header("location").to_owned())
    };
    let back = format!("&t={token}");
    let to = |word: &str| (303, format!("/portal/reset?failed={word}"));
    assert_eq!(send("quatre barques rouges", "cinq").await, to(&format!("invalid{back}")));
    assert_eq!(send("court", "court").await, to(&format!("too-short{back}")));
    let done = send("quatre barques rouges", "quatre barques rouges").await;
    assert_eq!(done, (303, "/portal/sign-in?ended=reset".to_owned()));
    assert_eq!(send("cinq barques rouges", "cinq barques rouges").await, to("over"));
}

#[tokio::test]
async fn an_invitation_goes_to_known_and_unknown_alike() {
    let app = app().await;
    let (here, there) = (app.house("Pharmacie des Lilas").await, app.house("SSIAD du Canal").await);
    let (_, known) = app.person(&there, &[Role::Nurse]).await;
    let (disabled, disabled_email) = app.person(&there, &[Role::Nurse]).await;
    app.alter(&format!("UPDATE control.users SET disabled_at = now() WHERE id = '{disabled}'")).await;
    let mut browser = app.signed_in(&here, &[Role::Administrator]).await;
    let session = browser.session.unwrap();
    app.alter(&format!("UPDATE control.sessions SET factor_at = now() WHERE id = '{session}'")).await;
    let mut answers = vec![];
    for email in [&known, &fresh_email(), &disabled_email] {
        let new = json!({"new": {"email": email, "roles": ["nurse"], "language": "fr"}});
        let reply = browser.json("/api/v1/members/invite", new).await;
        assert_eq!(reply.status, 200, "{email}");
        // An id, which is another one each time.
        assert!(reply.json().is_string());
        let mut names: Vec<String> = reply.headers.keys().map(ToString::to_string).collect();
        names.sort();
        answers.push(names);
    }
    assert!(answers.windows(2).all(|pair| pair[0] == pair[1]), "{answers:#?}");
}
