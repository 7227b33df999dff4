//! No other site makes a browser act here: every unsafe path × every way of being somebody else.

use model::roles::Role;
use serde_json::json;

use crate::{
    access_table::{Gives, Input, ROWS, Row},
    support::{App, Browser, Call, House, Objects, PASSWORD, app, app_with, config},
};

const FORM: &str = "application/x-www-form-urlencoded";

/// A request of our page, spoilt in one way.
type Spoil = fn(Call) -> Call;

const SITES: &[(&str, Spoil)] = &[
    ("cross-site", |call| call.replace("sec-fetch-site", Some("cross-site"))),
    ("same-site", |call| call.replace("sec-fetch-site", Some("same-site"))),
    ("typed or bookmarked", |call| call.replace("sec-fetch-site", Some("none"))),
    ("null origin", |call| call.replace("sec-fetch-site", None).replace("origin", Some("null"))),
    ("other origin", |call| {
        call.replace("sec-fetch-site", None).replace("origin", Some("https://evil.example"))
    }),
    ("http origin", |call| {
        call.replace("sec-fetch-site", None).replace("origin", Some("http://carelink.example"))
    }),
    ("cookies and no header", |call| call.replace("sec-fetch-site", None).replace("origin", None)),
];

/// Every unsafe route but the one that another server calls: it reads no cookie, and asks for that server's signature.
fn guarded() -> impl Iterator<Item = &'static Row> {
    ROWS.iter().filter(|row| row.method != "GET" && row.path != "/auth/psc/backchannel-logout")
}

/// A person of an establishment in a browser that has deposited there too: everything is allowed but the spoiling.
async fn insider(app: &App, house: &House) -> (Browser, Objects, String) {
    let objects = app.objects(house).await;
    let (_, email) = app.person(house, &[Role::Pharmacist, Role::Administrator]).await;
    let mut browser = app.browser_of(&email, house).await;
    assert_eq!(browser.get(&format!("/d/{}/{}", objects.slug, objects.link)).await.status, 303);
    (browser, objects, email)
}

#[tokio::test]
async fn every_unsafe_path_refuses_other_sites() {
    let app = app().await;
    let house = app.house("Pharmacie des Lilas").await;
    let (mut browser, objects, email) = insider(&app, &house).await;
    let mut tried = 0;
    for row in guarded() {
        for (name, spoil) in SITES {
            let call = browser.page_call(row.call(&objects, &browser.token(), &email));
            let reply = browser.send(spoil(call)).await;
            assert_eq!(
                (reply.status, reply.text().as_str()),
                (403, "cross-site request refused"),
                "{} {name}",
                row.path
            );
            tried += 1;
        }
    }
    assert!(tried > 150, "{tried}");
}

#[tokio::test]
async fn every_unsafe_path_wants_the_token_of_this_session() {
    let app = app().await;
    let house = app.house("Pharmacie des Lilas").await;
    let (mut browser, objects, email) = insider(&app, &house).await;
    let stranger = Browser::new(&app).token();
    let genuine = browser.token();
    let cut = genuine[..genuine.len() - 4].to_owned();
    for row in guarded() {
        let form = matches!(row.input, Input::Form(_) | Input::Files);
        for (name, token) in
            [("none", ""), ("another session's", &stranger), ("cut", &cut), ("nonsense", "é%")]
        {
            let call = row.call(&objects, if form { token } else { &genuine }, &email);
            let call = browser.page_call(call);
            let call = if form {
                call
            } else {
                call.replace("x-csrf-token", Some(token).filter(|t| t.is_ascii() && !t.is_empty()))
            };
            let reply = browser.send(call).await;
            assert_eq!(reply.status, 403, "{} {name}: {}", row.path, reply.text());
        }
    }
}

#[tokio::test]
async fn a_forms_content_type_excuses_nothing_that_its_handler_does_not_check() {
    let app = app().await;
    let house = app.house("Pharmacie des Lilas").await;
    let (mut browser, objects, email) = insider(&app, &house).await;
    let multipart = "multipart/form-data; boundary=x";
    for row in guarded() {
        for (kind, body) in
            [(FORM, ""), (FORM, "a=b"), (FORM, "%"), (multipart, "--x--\r\n"), (multipart, "")]
        {
            for token in [None, Some("nonsense")] {
                let call = row.call(&objects, "", &email).replace("content-type", None).raw(kind, body);
                let call = browser.page_call(call).replace("x-csrf-token", token);
                let status = browser.send(call).await.status;
                // Or the handler takes no such body at all.
                let refused = status == 403 || (status == 415 && row.path == "/api/v1/audit/export");
                assert!(
                    refused || takes_no_multipart(row.path, kind, status),
                    "{} {kind} {body}: {status}",
                    row.path
                );
            }
        }
    }
}

/// These read an url-encoded form and nothing else.
fn takes_no_multipart(path: &str, kind: &str, status: u16) -> bool {
    let others = [
        "/d/{slug}",
        "/d/{slug}/r/{token}/withdraw",
        "/portal/sign-in",
        "/portal/sign-in/factor",
        "/portal/forgotten",
        "/portal/reset",
        "/portal/not-me",
        "/portal/register",
        "/portal/registration",
        "/auth/psc/link",
    ];
    match path {
        "/d/{slug}/deposit" => kind == FORM && status == 400,
        _ => kind != FORM && status == 415 && others.contains(&path),
    }
}

#[tokio::test]
async fn the_right_request_passes_everywhere() {
    let app = app().await;
    let house = app.house("Pharmacie des Lilas").await;
    for row in guarded() {
        let (mut browser, objects, email) = insider(&app, &house).await;
        if let Some(sql) = row.before(&objects, &domain::db::Db::schema_of(house.id)) {
            app.alter(&sql).await;
        }
        let call = row.call(&objects, &browser.token(), &email);
        let reply = browser.act(call).await;
        // Some answer 403 to this person for a reason of their own; none because of where the request came from.
        let own = matches!(row.gives, Gives::SignedIn { yes: 403, .. });
        let kind = if own { reply.json()["kind"]["name"].clone() } else { json!(null) };
        assert_eq!(reply.status == 403, own, "{}: {}", row.path, reply.text());
        assert!(
            !own || ["step_up_needed", "forbidden", "platform_only"].iter().any(|name| kind == *name),
            "{}: {kind}",
            row.path
        );
        assert!(reply.status < 500, "{}: {}", row.path, reply.status);
    }
}

#[tokio::test]
async fn old_browsers_pass_by_their_origin() {
    let app = app().await;
    let house = app.house("Pharmacie des Lilas").await;
    let (mut browser, objects, email) = insider(&app, &house).await;
    for path in ["/api/v1/codes/generate", "/d/{slug}"] {
        let row = ROWS.iter().find(|row| row.path == path && row.method == "POST").unwrap();
        let call =
            browser.page_call(row.call(&objects, &browser.token(), &email)).replace("sec-fetch-site", None);
        assert!(browser.send(call).await.status < 400, "{path}");
    }
}

#[tokio::test]
async fn the_token_of_a_rendered_page_is_good_and_never_the_same_twice() {
    let app = app().await;
    let house = app.house("Pharmacie des Lilas").await;
    let mut browser = app.signed_in(&house, &[Role::Pharmacist]).await;
    let mut tokens = Vec::new();
    for _ in 0..2 {
        let page = browser.get("/portal/account").await.text();
        let token =
            page.split("name=\"csrf-token\" content=\"").nth(1).and_then(|rest| rest.split('"').next());
        tokens.push(token.expect("a meta element with the token").to_owned());
    }
    assert_ne!(tokens[0], tokens[1]);
    for token in tokens {
        let call =
            Call::post("/api/v1/documents/bulk").json(&serde_json::json!({ "ids": [], "act": "done" }));
        let call = browser.page_call(call).replace("x-csrf-token", Some(&token));
        assert_eq!(browser.send(call).await.status, 200);
    }
}

#[tokio::test]
async fn methods_that_nothing_answers_are_refused_too() {
    let app = app().await;
    let house = app.house("Pharmacie des Lilas").await;
    let (mut browser, ..) = insider(&app, &house).await;
    for method in ["PUT", "DELETE", "PATCH"] {
        for path in ["/api/v1/documents", "/portal/codes", "/nowhere"] {
            let call = Call::new(method, path).with("sec-fetch-site", "cross-site");
            assert_eq!(browser.send(call).await.status, 403, "{method} {path}");
        }
    }
}

#[tokio::test]
async fn a_page_of_a_named_origin_signs_in_renews_and_calls_without_cookies() {
    let friend = "https://friend.example";
    let mut config = config();
    config.server.cors_origins = vec![friend.to_owned()];
    let app = app_with(config).await;
    let house = app.house("Pharmacie des Lilas").await;
    let (_, email) = app.person(&house, &[Role::Pharmacist]).await;
    let with = json!({ "email": email, "password": PASSWORD, "establishment": null, "transport": "bearer" });
    let login = Call::post("/api/v1/auth/login").json(&json!({ "with": with }));
    let from = |call: &Call, origin: &str, site: Option<&str>| {
        call.clone().with("origin", origin).replace("sec-fetch-site", site)
    };
    let mut page = Browser::new(&app);
    let mut send = async |call: Call| {
        page.jar.clear();
        let reply = page.send(call).await;
        assert!(reply.cookie("__Host-access").is_none() && reply.cookie("__Host-refresh").is_none());
        reply
    };

    let preflight = Call::new("OPTIONS", "/api/v1/auth/login")
        .with("access-control-request-method", "POST")
        .with("access-control-request-headers", "authorization,content-type");
    let allowed = send(from(&preflight, friend, Some("cross-site"))).await;
    assert_eq!((allowed.status, allowed.header("access-control-allow-origin")), (200, friend));
    assert!(allowed.header("access-control-allow-headers").contains("content-type"));

    for site in [Some("cross-site"), Some("same-site"), None] {
        let signed_in = send(from(&login, friend, site)).await;
        assert_eq!((signed_in.status, signed_in.header("access-control-allow-origin")), (200, friend));
        let tokens = signed_in.json()["tokens"].clone();
        let refresh = json!({ "refresh_token": tokens["refresh_token"] });
        let renewed = send(from(&Call::post("/api/v1/auth/refresh").json(&refresh), friend, site)).await;
        assert_eq!(renewed.status, 200, "{}", renewed.text());
        let bearer = format!("Bearer {}", tokens["access_token"].as_str().unwrap());
        let bulk = Call::post("/api/v1/documents/bulk").json(&json!({ "ids": [], "act": "done" }));
        let done = send(from(&bulk, friend, site).with("authorization", bearer)).await;
        assert_eq!((done.status, done.header("access-control-allow-origin")), (200, friend));
    }

    // A session by cookies is for our own pages.
    let by_cookie = json!({ "with": { "email": email, "password": PASSWORD, "establishment": null } });
    let by_cookie = Call::post("/api/v1/auth/login").json(&by_cookie);
    assert_eq!(send(from(&by_cookie, friend, Some("cross-site"))).await.status, 200);

    let text = login.clone().replace("content-type", Some("text/plain"));
    for (name, call) in [
        ("another origin", from(&login, "https://evil.example", Some("cross-site"))),
        ("nearly that origin", from(&login, "https://friend.example.evil.example", Some("cross-site"))),
        ("no origin", login.clone().with("sec-fetch-site", "cross-site")),
        ("a body that needs no preflight", from(&text, friend, Some("cross-site"))),
    ] {
        assert_eq!(send(call).await.status, 403, "{name}");
    }
    let mut with_cookies = app.browser_of(&email, &house).await;
    for call in [login, Call::post("/api/v1/documents/bulk").json(&json!({ "ids": [], "act": "done" }))] {
        let reply = with_cookies.send(from(&call, friend, Some("cross-site"))).await;
        assert_eq!(reply.status, 403, "{}", call.path);
    }
}
