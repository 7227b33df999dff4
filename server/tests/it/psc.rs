//! Pro Santé Connect over HTTP: the way there and back, its cookies, and who may link.

use http::Method;
use model::roles::Role;
use serde_json::json;

use crate::support::{App, Browser, Call, PASSWORD, app, app_with, config};

async fn go(browser: &mut Browser, path: &str, from: Option<&str>) -> (u16, String) {
    let call = Call::get(path).with("accept", "text/html");
    let call = match from {
        Some(site) => call.with("sec-fetch-site", site),
        None => call,
    };
    let reply = browser.send(call).await;
    (reply.status, reply.location().to_owned())
}

/// The browser comes back with what the provider says.
async fn back(app: &App, browser: &mut Browser, address: &str) -> (u16, String) {
    let said = app.psc.sign_in(address);
    let path = format!(
        "/auth/psc/callback?code={}&state={}&iss={}",
        said.code.unwrap(),
        said.state.unwrap(),
        crate::support::encode(said.iss.as_deref().unwrap())
    );
    go(browser, &path, Some("cross-site")).await
}

#[tokio::test]
async fn somebody_goes_there_and_comes_back_signed_in_where_they_wanted_to_be() {
    let app = app().await;
    let mut browser = Browser::new(&app);
    let (status, address) = go(&mut browser, "/auth/psc?return=%2Fportal%2Faccount", None).await;
    assert_eq!(status, 303);
    assert!(address.starts_with("https://wallet.psc.example/auth?"), "{address}");
    assert!(browser.holds("psc"));
    let (status, page) = back(&app, &mut browser, &address).await;
    assert_eq!((status, page.as_str()), (303, "/portal/account"));
    assert!(browser.holds("access") && browser.holds("refresh"));
    // Nobody has let them in: the portal leads to the page that says so.
    let (status, page) = go(&mut browser, "/portal/documents", None).await;
    assert_eq!((status, page.as_str()), (303, "/portal/choose?return=/portal/documents"));
}

#[tokio::test]
async fn another_browser_or_a_parameter_twice_opens_nothing_and_leads_nowhere_else() {
    let app = app().await;
    let mut browser = Browser::new(&app);
    let (_, address) = go(&mut browser, "/auth/psc?return=https%3A%2F%2Fevil.example", None).await;
    let mut other = Browser::new(&app);
    let (status, page) = back(&app, &mut other, &address).await;
    assert_eq!(status, 303);
    assert!(page.starts_with("/portal/sign-in?psc=expired&request="), "{page}");
    assert!(!other.holds("access"));
    let (_, page) = go(&mut browser, "/auth/psc/callback?state=a&state=b&code=c", None).await;
    assert!(page.starts_with("/portal/sign-in?psc=expired"), "{page}");
    let (_, address) = go(&mut browser, "/auth/psc?return=https%3A%2F%2Fevil.example", None).await;
    let (_, page) = back(&app, &mut browser, &address).await;
    assert_eq!(page, "/portal", "never another site");
}

#[tokio::test]
async fn an_identity_is_linked_from_a_page_of_ours_with_a_factor_of_now() {
    let app = app().await;
    let house = app.house("Pharmacie des Lilas").await;
    let mut browser = app.signed_in(&house, &[Role::Nurse]).await;
    for foreign in [None, Some("cross-site"), Some("same-site"), Some("none")] {
        let (_, page) = go(&mut browser, "/auth/psc?for=link", foreign).await;
        assert_eq!(page, "/portal/account", "{foreign:?}");
    }
    let (_, page) = go(&mut browser, "/auth/psc?for=link", Some("same-origin")).await;
    assert!(
        page.starts_with("/portal/account?psc=step_up&request="),
        "a password alone links nothing: {page}"
    );
    let session = browser.session.unwrap();
    app.alter(&format!("UPDATE control.sessions SET factor_at = now() WHERE id = '{session}'")).await;
    app.seconds(4);
    let (_, address) = go(&mut browser, "/auth/psc?for=link", Some("same-origin")).await;
    assert!(address.contains("prompt=login"), "{address}");
    // Of another name: the page shows both, and a form of it confirms.
    let identities = "SELECT count(*) FROM control.psc_identities";
    let (_, page) = back(&app, &mut browser, &address).await;
    let token = page.strip_prefix("/portal/account?link=").unwrap().to_owned();
    let shown = browser.get(&page).await;
    assert!(shown.text().contains("CAMILLE EXEMPLE") && shown.text().contains(&token), "{}", shown.status);
    assert_eq!(app.count(identities).await, 0);
    let nobody = Browser::new(&app).form("/auth/psc/link", &[("link", &token)]).await;
    assert_eq!(nobody.location(), "/portal/sign-in?return=/portal/account");
    assert_eq!(
        browser.form("/auth/psc/link", &[("link", &token)]).await.location(),
        "/portal/account?psc=linked"
    );
    assert_eq!(app.count(identities).await, 1);
    // An older browser names at least its page.
    let call = Call::new(Method::GET.as_str(), "/auth/psc?for=step_up")
        .with("referer", "https://carelink.example/portal/people");
    assert!(browser.send(call).await.location().starts_with("https://wallet.psc.example/"));
    let call = Call::get("/auth/psc?for=step_up").with("referer", "https://carelink.example.evil/portal");
    assert_eq!(browser.send(call).await.location(), "/portal/account");
}

#[tokio::test]
async fn who_shows_again_who_they_are_in_a_second_window_ends_there() {
    let app = app().await;
    let mut browser = Browser::new(&app);
    let (_, address) = go(&mut browser, "/auth/psc", None).await;
    back(&app, &mut browser, &address).await;
    let step_up = "/auth/psc?for=step_up&return=%2Fportal%2Fsigned-in%3Ffor%3Dstep_up";
    let (_, address) = go(&mut browser, step_up, Some("same-origin")).await;
    assert!(address.starts_with("https://wallet.psc.example/auth?"), "{address}");
    let state = address.split('&').find_map(|part| part.strip_prefix("state=")).unwrap();
    let cancelled = format!("/auth/psc/callback?error=access_denied&state={state}");
    let (_, page) = go(&mut browser, &cancelled, Some("cross-site")).await;
    assert!(page.starts_with("/portal/signed-in?psc="), "{page}");
    // When the session has ended meanwhile, it is signed in for first.
    let (_, page) = go(&mut Browser::new(&app), step_up, Some("same-origin")).await;
    assert_eq!(page, "/portal/sign-in?return=/portal/signed-in%3Ffor%3Dstep_up");
}

#[tokio::test]
async fn the_provider_s_logout_needs_no_token_of_a_page_and_reads_no_cookie() {
    let app = app().await;
    let house = app.house("Pharmacie des Lilas").await;
    let mut browser = app.signed_in(&house, &[Role::Nurse]).await;
    let call = Call::post("/auth/psc/backchannel-logout").form(&[("logout_token", "nonsense")]);
    let reply = browser.send(call.with("origin", "https://evil.example")).await;
    assert_eq!((reply.status, reply.json()["error"].as_str().unwrap()), (400, "invalid_request"));
    assert!(reply.cookies().iter().all(|line| !line.contains("access=")));
    assert_eq!(browser.get("/api/v1/auth/me").await.status, 200, "nobody was signed out");
}

#[tokio::test]
async fn who_has_the_right_password_is_told_that_only_the_provider_opens_the_door() {
    let app = app().await;
    let house = app.house("SSIAD du Canal").await;
    let (_, email) = app.person(&house, &[Role::Nurse]).await;
    app.alter("UPDATE control.establishments SET psc_only = true").await;
    let mut browser = Browser::new(&app);
    let with =
        |password: &str| json!({"with": {"email": email, "password": password, "establishment": null}});
    let wrong = browser.json("/api/v1/auth/login", with("faux faux faux")).await;
    assert_eq!((wrong.status, wrong.json()["kind"]["name"].as_str().unwrap()), (401, "wrong_credentials"));
    let refused = browser.json("/api/v1/auth/login", with(PASSWORD)).await;
    assert_eq!((refused.status, refused.json()["kind"]["name"].as_str().unwrap()), (403, "psc_only"));
    assert!(!browser.holds("access"));
    // The form of a page that is not alive yet leads to the page that says so, with the way out.
    let form = [("email", email.as_str()), ("password", PASSWORD)];
    let page = browser.form("/portal/sign-in", &form).await.location().to_owned();
    assert_eq!(page, "/portal/sign-in?failed=psc-only");
    for (language, sentence) in [
        ("fr", "Cet établissement n’accepte que Pro Santé Connect."),
        ("en", "This establishment accepts Pro Santé Connect only."),
    ] {
        let call = Call::get(&page).with("accept", "text/html").with("accept-language", language);
        let text = browser.send(call).await.text();
        assert!(text.contains(sentence), "{language}");
        assert!(text.contains(r#"href="/auth/psc?for=sign_in&amp;return=%2Fportal""#), "{language}");
    }
    // Nothing of it without a password that was right.
    let text = browser.send(Call::get("/portal/sign-in").with("accept", "text/html")).await.text();
    assert!(!text.contains("n’accepte que"));
}

#[tokio::test]
async fn the_form_takes_somebody_of_several_establishments_where_a_password_opens() {
    let app = app().await;
    let strict = app.house("Clinique de l’Aube").await;
    let open = app.house("SSIAD du Canal").await;
    let (_, email) = app.person(&strict, &[Role::Nurse]).await;
    app.joins(&open, &email, Role::Nurse).await;
    app.alter(&format!("UPDATE control.establishments SET psc_only = true WHERE id = '{}'", strict.id)).await;
    let mut browser = Browser::new(&app);
    let form = [("email", email.as_str()), ("password", PASSWORD)];
    assert_eq!(browser.form("/portal/sign-in", &form).await.location(), "/portal");
    let me = browser.get("/api/v1/auth/me").await.json();
    assert_eq!(me["establishment"]["id"].as_str().unwrap(), open.id.to_string());
    browser.session = me["session"].as_str().unwrap().parse().ok();
    let to = json!({"establishment": strict.id});
    let refused = browser.json("/api/v1/auth/switch", to).await;
    assert_eq!((refused.status, refused.json()["kind"]["name"].as_str().unwrap()), (403, "psc_only"));
    assert_eq!(browser.get("/api/v1/auth/me").await.status, 200, "the session goes on");
}

#[tokio::test]
async fn the_page_that_says_that_the_provider_is_down_names_the_fallback() {
    let app = app().await;
    let call = Call::get("/portal/sign-in?psc=unavailable").with("accept", "text/html");
    let text = Browser::new(&app).send(call.with("accept-language", "fr")).await.text();
    assert!(text.contains("son administrateur peut ouvrir un secours local"), "{text}");
}

#[tokio::test]
async fn each_way_that_it_ends_has_its_own_words_a_number_and_a_way_out() {
    let app = app().await;
    let request = uuid::Uuid::from_u128(7);
    for language in ["fr", "en"] {
        let mut titles = std::collections::HashSet::new();
        for word in [
            "off",
            "cancelled",
            "expired",
            "login_required",
            "refused",
            "level",
            "rejected",
            "too_old",
            "not_professional",
            "step_up",
            "already_linked",
            "disabled",
            "unavailable",
            "failure",
        ] {
            let address = format!("/portal/sign-in?psc={word}&request={request}");
            let call = Call::get(&address).with("accept", "text/html").with("accept-language", language);
            let text = Browser::new(&app).send(call).await.text();
            let (_, notice) = text.split_once("class=\"notice").unwrap_or_else(|| panic!("{word}: {text}"));
            let (notice, _) = notice.split_once(&request.to_string()).unwrap();
            assert!(titles.insert(notice.to_owned()), "{language} {word} says what another one says");
            // Who would come back the same way is asked to sign in there anew.
            let again = ["level", "too_old", "not_professional", "disabled"].contains(&word);
            let purpose = if again { "sign_in_again" } else { "sign_in" };
            assert!(text.contains(&format!(r#"href="/auth/psc?for={purpose}&amp;return"#)), "{word}");
        }
    }
}

#[tokio::test]
async fn without_a_client_there_is_no_button_and_the_way_leads_back() {
    let mut config = config();
    config.psc.client_id = None;
    let app = app_with(config).await;
    let mut browser = Browser::new(&app);
    let text = browser.send(Call::get("/portal/sign-in").with("accept", "text/html")).await.text();
    assert!(!text.contains("/auth/psc?"), "{text}");
    let (status, page) = go(&mut browser, "/auth/psc", None).await;
    assert!(status == 303 && page.starts_with("/portal/sign-in?psc=off"), "{page}");
}
