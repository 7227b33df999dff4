//! Software that holds its own tokens: no cookies, no browser's headers, every server function.

use model::roles::Role;
use serde_json::json;

use crate::{
    access_table::{Gives, Input, ROWS},
    support::{App, Browser, Call, PASSWORD, app},
};

/// A program: no cookie, ever.
fn program(app: &App) -> Browser {
    let mut program = Browser::new(app);
    program.jar.clear();
    program
}

async fn tokens(program: &mut Browser, email: &str) -> (String, String) {
    let with = json!({ "email": email, "password": PASSWORD, "establishment": null, "transport": "bearer" });
    let reply = program.send(Call::post("/api/v1/auth/login").json(&json!({ "with": with }))).await;
    assert_eq!(reply.status, 200, "{}", reply.text());
    assert!(reply.cookie("__Host-access").is_none() && reply.cookie("__Host-refresh").is_none());
    let body = reply.json();
    assert_eq!(body["outcome"], "signed_in");
    let text = |name: &str| body["tokens"][name].as_str().unwrap().to_owned();
    assert_eq!(body["tokens"]["expires_in"], 300);
    (text("access_token"), text("refresh_token"))
}

#[tokio::test]
async fn a_program_signs_in_and_calls_every_server_function() {
    let app = app().await;
    let house = app.house("Pharmacie des Lilas").await;
    let functions: Vec<_> = server_fn::axum::server_fn_paths().collect();
    assert!(functions.len() > 25, "{}", functions.len());
    for (path, method) in functions {
        let row = ROWS.iter().find(|row| row.path == path && row.method == method.as_str()).unwrap();
        let objects = app.objects(&house).await;
        if let Some(sql) = row.before(&objects, &domain::db::Db::schema_of(house.id)) {
            app.alter(&sql).await;
        }
        let (_, email) = app.person(&house, &[Role::Pharmacist, Role::Administrator]).await;
        let mut program = program(&app);
        let (access, refresh) = tokens(&mut program, &email).await;
        program.jar.clear();
        let call = row.call(&objects, "", &email).with("authorization", format!("Bearer {access}"));
        let call = if path.ends_with("auth/refresh") {
            Call::post(path).json(&json!({ "refresh_token": refresh }))
        } else {
            call
        };
        let reply = program.send(call).await;
        // Where the row is about something that nobody has, that is the answer.
        let expected = match row.gives {
            _ if path.ends_with("auth/refresh") => 200,
            Gives::SignedIn { yes, .. } => yes,
            Gives::All(status) => status,
            Gives::Roles { ok, .. } => ok,
            Gives::Page { .. } => 200,
        };
        assert_eq!(reply.status, expected, "{path}: {}", reply.text());
        assert!(matches!(row.input, Input::Json(_) | Input::Address(_)));
    }
}

#[tokio::test]
async fn a_program_sends_forms_without_a_pages_token() {
    let app = app().await;
    let house = app.house("Pharmacie des Lilas").await;
    let objects = app.objects(&house).await;
    let (_, email) = app.person(&house, &[Role::Pharmacist, Role::Administrator]).await;
    let (_, nurse) = app.person(&house, &[Role::Nurse]).await;
    let mut program = program(&app);
    let (access, _) = tokens(&mut program, &email).await;
    program.jar.clear();
    let (other, _) = tokens(&mut program, &nurse).await;
    let export = "/api/v1/audit/export".to_owned();
    let download = format!("/api/v1/documents/{}/download", objects.document);
    let call = |path: &str, token: &str| {
        Call::post(path).form(&[("search", "")]).with("authorization", format!("Bearer {token}"))
    };
    for path in [&export, &download] {
        program.jar.clear();
        let reply = program.send(call(path, &access)).await;
        assert_eq!(reply.status, 200, "{path}: {}", reply.text());
        assert!(reply.header("content-disposition").starts_with("attachment"), "{path}");
        program.jar.clear();
        assert_eq!(program.send(call(path, "nonsense")).await.status, 401, "{path}");
        // Cookies are ambient: with them the header excuses nothing.
        let mut browser = app.browser_of(&email, &house).await;
        assert_eq!(browser.act(call(path, &access)).await.status, 403, "{path}");
    }
    program.jar.clear();
    assert_eq!(program.send(call(&export, &other)).await.status, 403, "a nurse reads no audit");
}

#[tokio::test]
async fn a_program_downloads_and_a_bad_token_is_nobody() {
    let app = app().await;
    let house = app.house("Pharmacie des Lilas").await;
    let objects = app.objects(&house).await;
    let (_, email) = app.person(&house, &[Role::Pharmacist]).await;
    let mut program = program(&app);
    let (access, refresh) = tokens(&mut program, &email).await;
    program.jar.clear();
    let path = format!("/api/v1/documents/{}/download", objects.document);
    let call =
        |token: &str| Call::post(&path).json(&json!({})).with("authorization", format!("Bearer {token}"));
    assert_eq!(program.send(call(&access)).await.status, 200);
    let mut forged: Vec<&str> = access.split('.').collect();
    // {"alg":"none"}
    forged[0] = "eyJhbGciOiJub25lIn0";
    let swapped = access.replace('.', "..");
    for bad in ["", "x", &refresh, &forged.join("."), &swapped, &access[..access.len() - 2]] {
        program.jar.clear();
        assert_eq!(program.send(call(bad)).await.status, 401, "{bad}");
    }
    app.minutes(5);
    program.jar.clear();
    assert_eq!(program.send(call(&access)).await.status, 401, "five minutes are over");
}
