//! Answers that do not hold, hundreds of them: no session, no account, and a row for each.

use domain::identity::psc::{self, Callback, Intent};
use serde_json::{Value, json};

use crate::support::{
    App, DEVICE, app, origin,
    psc::{ISSUER, SUB, Signed},
};

/// Nothing that anybody could use has come of it, and it was written down.
async fn nothing_came_of_it(app: &App, tried: i64) {
    for table in ["sessions", "users", "psc_identities"] {
        assert_eq!(app.count(&format!("SELECT count(*) FROM control.{table}")).await, 0, "{table}");
    }
    let rows =
        "SELECT count(*) FROM control.audit WHERE action = 'identity.psc_sign_in' AND outcome = 'refused'
                AND reason IS NOT NULL AND request_id IS NOT NULL";
    assert_eq!(app.count(rows).await, tried, "each is recorded");
}

async fn attempt(app: &App, change: impl FnOnce(&mut Callback, &mut Option<String>)) -> &'static str {
    let begun = psc::begin(&app.d, None, None, Intent::SignIn, "/portal".into()).await.unwrap();
    let mut callback = app.psc.sign_in(&begun.address);
    let mut browser = Some(begun.browser);
    change(&mut callback, &mut browser);
    match psc::finish(&app.d, origin("192.0.2.1"), DEVICE, browser.as_deref(), None, &callback).await {
        Ok(_) => "let in",
        Err(turned) => turned.why.word(),
    }
}

#[tokio::test]
async fn callbacks_that_do_not_hold_let_nobody_in() {
    let app = app().await;
    let big = "x".repeat(100_000);
    let texts: Vec<String> = [
        "",
        " ",
        "0",
        "null",
        "undefined",
        "%00",
        "'; DROP TABLE control.sessions; --",
        "../../etc/passwd",
        "\u{202e}",
        "é",
        "<script>",
    ]
    .iter()
    .map(|text| (*text).to_owned())
    .chain([big, "A".repeat(22)])
    .collect();
    let mut tried = 0;
    for text in &texts {
        for which in 0..4 {
            let word = attempt(&app, |callback, browser| match which {
                0 => callback.state = Some(text.clone()),
                1 => *browser = Some(text.clone()),
                2 => callback.iss = Some(text.clone()),
                _ => callback.code = Some(text.clone()),
            })
            .await;
            assert_ne!(word, "let in", "{which}: {text:.40}");
            tried += 1;
        }
        for error in [text.as_str(), "access_denied"] {
            let word = attempt(&app, |callback, _| callback.error = Some(error.to_owned())).await;
            // An error beside a good code is an error all the same.
            assert_ne!(word, "let in", "{error:.40}");
            tried += 1;
        }
    }
    for which in 0..5 {
        let word = attempt(&app, |callback, browser| match which {
            0 => callback.code = None,
            1 => callback.state = None,
            2 => *browser = None,
            // The provider says that its answers name it: one that doesn't may be another's.
            3 => callback.iss = None,
            _ => *callback = Callback::default(),
        })
        .await;
        assert_ne!(word, "let in", "{which}");
        tried += 1;
    }
    // The code of one transaction with the state of another.
    let mut other = None;
    attempt(&app, |callback, _| {
        other = callback.code.clone();
        callback.code = None;
    })
    .await;
    let word = attempt(&app, |callback, _| callback.code = other).await;
    assert_ne!(word, "let in", "a swapped code");
    nothing_came_of_it(&app, tried + 2).await;
    // With the two below and the broken logout tokens (`psc_sessions`), three hundred in all.
    assert!(tried + 2 >= 85, "{tried}");
    assert_eq!(attempt(&app, |_, _| {}).await, "let in", "an honest answer passes");
}

type Change = Box<dyn Fn(&mut Value) + Send>;

fn set(name: &'static str, value: Value) -> (String, Change) {
    (format!("{name} = {value:.60}"), Box::new(move |claims| claims[name] = value.clone()))
}

fn without(name: &'static str) -> (String, Change) {
    (
        format!("without {name}"),
        Box::new(move |claims| drop(claims.as_object_mut().map(|all| all.remove(name)))),
    )
}

/// Every claim by everything that it must not be.
fn bad_claims(now: i64) -> Vec<(String, Change)> {
    let mut bad = vec![];
    let junk =
        || [json!(null), json!(""), json!("x"), json!([]), json!({}), json!(true), json!(-1), json!(1e300)];
    for name in ["iss", "aud", "sub", "nonce", "acr", "exp", "iat"] {
        bad.push(without(name));
        bad.extend(junk().map(|value| set(name, value)));
    }
    bad.extend([
        set("iss", json!(format!("{ISSUER}/"))),
        set("iss", json!(ISSUER.to_uppercase())),
        set("iss", json!("https://auth.bas.psc.esante.gouv.fr/auth/realms/esante-wallet")),
        set("aud", json!("another")),
        set("aud", json!(["carelink", "another"])),
        set("aud", json!(["another"])),
        set("aud", json!(["carelink ", "CareLink"])),
        set("azp", json!("another")),
        set("azp", json!("")),
        set("acr", json!("eidas0")),
        set("acr", json!("eidas2")),
        set("acr", json!("EIDAS1")),
        set("acr", json!("0")),
        set("acr", json!(["eidas1"])),
        set("exp", json!(now - 121)),
        set("exp", json!(now - 86_400)),
        set("exp", json!(0)),
        set("iat", json!(now + 121)),
        set("iat", json!(now - 601)),
        set("auth_time", json!(now + 3_600)),
        set("auth_time", json!("yesterday")),
        set("auth_time", json!(now - 4 * 3_600)),
        set("auth_time", json!(1)),
        set("sub", json!(format!("{SUB}899700000000"))),
        set("sub", json!("x".repeat(300))),
        set("at_hash", json!("wrong")),
        set("at_hash", json!("")),
    ]);
    bad
}

#[tokio::test]
async fn tokens_that_do_not_hold_let_nobody_in() {
    let app = app().await;
    let now = app.clock.now().as_second();
    let mut tried = 0;
    for (what, change) in bad_claims(now) {
        app.psc.claims(change);
        assert_ne!(attempt(&app, |_, _| {}).await, "let in", "{what}");
        tried += 1;
    }
    app.psc.claims(|_| {});
    for signed in [
        Signed::Not,
        Signed::WithSecret,
        Signed::WithPublicKeyAsSecret,
        Signed::WithForeignKey,
        Signed::WithNewKey,
        Signed::AndChanged,
    ] {
        app.psc.signs(signed);
        assert_ne!(attempt(&app, |_, _| {}).await, "let in", "{signed:?}");
        tried += 1;
    }
    app.psc.signs(Signed::Well);
    let algorithms =
        ["none", "None", "HS256", "HS384", "HS512", "RS384", "RS512", "PS256", "ES256", "EdDSA", "", "rs256"];
    let mut headers: Vec<(String, Change)> = algorithms.iter().map(|name| set("alg", json!(name))).collect();
    headers.extend([
        without("alg"),
        set("alg", json!(null)),
        set("alg", json!(["RS256"])),
        set("kid", json!("key-1")),
        set("kid", json!("../../dev/null")),
        set("kid", json!(7)),
        set("crit", json!(["exp"])),
        set("typ", json!(7)),
    ]);
    for (what, change) in headers {
        app.psc.header(change);
        assert_ne!(attempt(&app, |_, _| {}).await, "let in", "header {what}");
        tried += 1;
    }
    app.psc.header(|_| {});
    nothing_came_of_it(&app, tried).await;
    assert!(tried >= 116, "{tried}");
    assert_eq!(attempt(&app, |_, _| {}).await, "let in", "an honest answer passes");
}

#[tokio::test]
async fn answers_of_the_endpoints_that_do_not_hold_let_nobody_in() {
    let app = app().await;
    let mut tried = 0;
    let mut tokens: Vec<(String, Change)> =
        ["id_token", "access_token", "token_type"].into_iter().map(without).collect();
    for name in ["id_token", "access_token", "token_type"] {
        for value in [
            json!(null),
            json!(""),
            json!("x"),
            json!("a.b"),
            json!("a.b.c"),
            json!(["x"]),
            json!({}),
            json!(7),
            json!("x".repeat(200_000)),
        ] {
            tokens.push(set(name, value));
        }
    }
    tokens.push(("an error".into(), Box::new(|all| *all = json!({"error": "invalid_client"}))));
    tokens.push(("nothing".into(), Box::new(|all| *all = json!(null))));
    tokens.push(("a list".into(), Box::new(|all| *all = json!([1, 2, 3]))));
    for (what, change) in tokens {
        app.psc.tokens(change);
        assert_ne!(attempt(&app, |_, _| {}).await, "let in", "{what}");
        tried += 1;
    }
    app.psc.tokens(|_| {});
    let mut identities: Vec<(String, Change)> =
        ["sub", "SubjectNameID", "SubjectRefPro"].into_iter().map(without).collect();
    for value in [
        json!(null),
        json!(""),
        json!("another"),
        json!(7),
        json!([]),
        json!({}),
        json!(format!("{SUB}899700000000")),
    ] {
        identities.push(set("sub", value));
    }
    for value in [
        json!(null),
        json!(""),
        json!(" "),
        json!("a b"),
        json!("x".repeat(65)),
        json!([]),
        json!({}),
        json!("é\u{0}"),
    ] {
        identities.push(set("SubjectNameID", value));
    }
    for value in [
        json!(null),
        json!(""),
        json!([]),
        json!({}),
        json!({"exercices": null}),
        json!({"exercices": []}),
        json!({"exercices": [{}, {}]}),
        json!({"exercices": "x"}),
    ] {
        identities.push(set("SubjectRefPro", value));
    }
    identities.push(("nothing".into(), Box::new(|all| *all = json!(null))));
    identities.push(("a list".into(), Box::new(|all| *all = json!([]))));
    for signed in [false, true] {
        app.psc.signs_userinfo(signed);
        for (what, change) in &identities {
            // The closure is used twice: what it does is repeated by name.
            let copy = what.clone();
            app.psc.userinfo({
                let mut probe = json!({"sub": "?", "SubjectNameID": "?", "SubjectRefPro": "?", "kept": 1});
                change(&mut probe);
                move |identity| {
                    if copy == "nothing" || copy == "a list" {
                        *identity = probe.clone();
                        return;
                    }
                    for name in ["sub", "SubjectNameID", "SubjectRefPro"] {
                        match probe.get(name) {
                            Some(value) if value == "?" => {}
                            Some(value) => identity[name] = value.clone(),
                            None => drop(identity.as_object_mut().map(|all| all.remove(name))),
                        }
                    }
                }
            });
            assert_ne!(attempt(&app, |_, _| {}).await, "let in", "{what}, signed: {signed}");
            tried += 1;
        }
    }
    app.psc.userinfo(|_| {}).signs_userinfo(false);
    nothing_came_of_it(&app, tried).await;
    assert!(tried >= 89, "{tried}");
    // After all that an honest answer passes: it was not the provider that was broken.
    assert_eq!(attempt(&app, |_, _| {}).await, "let in");
}

#[tokio::test]
async fn metadata_of_another_issuer_send_nobody_anywhere() {
    let app = app().await;
    app.psc.metadata(|metadata| metadata["issuer"] = json!("https://other.example"));
    let begun = psc::begin(&app.d, None, None, Intent::SignIn, "/portal".into()).await;
    assert_eq!(begun.err().map(|error| error.word()), Some("unavailable"));
}
