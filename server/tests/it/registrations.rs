//! What an administrator of the platform reaches, who works in no establishment.

use serde_json::json;

use crate::support::{Browser, app, token_of};

#[tokio::test]
async fn without_script_the_browser_checks_the_form_of_a_registration_itself() {
    let app = app().await;
    let mut browser = Browser::new(&app);
    let page = browser.get("/portal/register").await.text();
    let form = page.split("<form").find(|form| form.contains("id=\"register\"")).unwrap();
    assert!(!form.contains("novalidate"), "{form}");
    let field = |name: &str| {
        let found = form.split("<input").find(|field| field.contains(&format!(" name=\"{name}\"")));
        found.unwrap().split('>').next().unwrap().to_owned()
    };
    for name in ["name", "town", "given_name", "family_name", "email"] {
        assert!(field(name).contains(" required") && field(name).contains(" maxlength="), "{name}");
    }
    assert!(field("email").contains("type=\"email\""));
    for name in ["name", "town", "finess"] {
        assert!(field(name).contains(" pattern=") && field(name).contains(" title="), "{name}");
    }
    assert!(!field("finess").contains(" required"), "some kinds of establishments have none");
    let forgotten = browser.get("/portal/forgotten").await.text();
    assert!(!forgotten.contains("novalidate"));
}

#[tokio::test]
async fn an_administrator_of_the_platform_answers_registrations_and_reaches_no_establishment() {
    let app = app().await;
    let mut stranger = Browser::new(&app);
    let new = json!({"new": {
        "name": "Pharmacie du Port", "town": "Brest", "kind": "pharmacy", "finess": "290000017",
        "given_name": "Noa", "family_name": "Neuf", "email": "noa@exemple.fr",
    }});
    assert_eq!(stranger.json("/api/v1/auth/register", new).await.status, 200);
    while domain::jobs::run_due(&app.d).await.unwrap() > 0 {}
    let token = token_of(&app.post.take()[0], "/portal/registration").unwrap();
    assert_eq!(stranger.get(&format!("/portal/registration?t={token}")).await.status, 200);
    let said = stranger.json("/api/v1/auth/register/confirm", json!({ "token": token })).await;
    assert_eq!((said.status, said.json()), (200, json!("waiting")));

    let mut browser = app.platform().await;
    let page = browser.get("/portal/registrations").await;
    assert_eq!(page.status, 200);
    assert!(page.text().contains("Pharmacie du Port"));
    let waiting = browser.get("/api/v1/registrations").await.json();
    let id = waiting["waiting"][0]["id"].clone();
    let unknown = json!({"id": "018f0000-0000-7000-8000-000000000000"});
    assert_eq!(browser.json("/api/v1/registrations/approve", unknown).await.status, 404);
    assert_eq!(browser.json("/api/v1/registrations/approve", json!({ "id": id })).await.status, 200);
    assert_eq!(browser.json("/api/v1/registrations/approve", json!({ "id": id })).await.status, 404);
    for path in ["/portal", "/portal/account", "/portal/registrations"] {
        assert_eq!(browser.get(path).await.status, 200, "{path}");
    }
    for path in ["/portal/documents", "/portal/people", "/portal/settings", "/portal/audit"] {
        assert_eq!(browser.get(path).await.status, 403, "{path}");
    }
}
