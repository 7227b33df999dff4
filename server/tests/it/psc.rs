//! Pro Santé Connect over HTTP: the way there and back, its cookies, and who may link.

use http::Method;
use model::roles::Role;

use crate::support::{App, Browser, Call, app};

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
    assert_eq!(page, "/portal/account?psc=step_up", "a password alone links nothing");
    let session = browser.session.unwrap();
    app.alter(&format!("UPDATE control.sessions SET factor_at = now() WHERE id = '{session}'")).await;
    app.seconds(4);
    let (_, address) = go(&mut browser, "/auth/psc?for=link", Some("same-origin")).await;
    assert!(address.contains("prompt=login"), "{address}");
    let (_, page) = back(&app, &mut browser, &address).await;
    assert_eq!(page, "/portal");
    assert_eq!(app.count("SELECT count(*) FROM control.psc_identities").await, 1);
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
