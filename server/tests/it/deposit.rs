//! The patient's way without script: find, present a code, hand over, follow, take back.

use model::roles::Role;

use crate::support::{App, Browser, Call, House, Objects, app, files};

async fn place() -> (App, House, Objects) {
    let app = app().await;
    let house = app.house("Pharmacie des Lilas").await;
    let objects = app.objects(&house).await;
    (app, house, objects)
}

/// A browser that came by the link.
async fn visitor(app: &App, about: &Objects) -> Browser {
    let mut browser = Browser::new(app);
    let reply = browser.get(&format!("/d/{}/{}", about.slug, about.link)).await;
    assert_eq!((reply.status, reply.location()), (303, format!("/d/{}/deposit", about.slug).as_str()));
    browser
}

/// The page without what differs at every request.
fn bare(page: &str) -> String {
    let mut parts = page.split("name=\"csrf\" value=\"");
    let mut text = parts.next().unwrap().to_owned();
    for part in parts {
        text.push_str(part.split_once('"').unwrap().1);
    }
    text
}

#[tokio::test]
async fn an_establishment_is_found_by_its_name_or_town() {
    let (app, house, _) = place().await;
    app.house("SSIAD du Canal").await;
    let mut browser = Browser::new(&app);
    for query in ["lilas", "LILAS", "pharmacie%20lilas", "Lyon"] {
        let page = browser.get(&format!("/?q={query}")).await;
        assert_eq!(page.status, 200);
        assert!(page.text().contains(&format!("href=\"/d/{}\"", house.slug)), "{query}");
    }
    assert!(!browser.get("/?q=lilas").await.text().contains("SSIAD du Canal"));
    let hostile = browser.get("/?q=%3Cscript%3Ealert(1)%3C/script%3E").await;
    assert!(hostile.status == 200 && !hostile.text().contains("<script>alert"));
    for odd in ["/?q=", "/?q=a", "/?q=%00", "/?q=%25", "/?q=%FF"] {
        assert!(browser.get(odd).await.status < 500, "{odd}");
    }
}

#[tokio::test]
async fn the_right_code_however_typed_opens_the_deposit() {
    let (app, house, objects) = place().await;
    let path = format!("/d/{}", house.slug);
    let (first, last) = objects.typed.split_at(3);
    for typed in [objects.typed.clone(), objects.typed.to_lowercase(), format!(" {first}-{last} ")] {
        let mut browser = Browser::new(&app);
        assert_eq!(browser.get(&path).await.status, 200);
        let reply = browser.form(&path, &[("code", &typed)]).await;
        assert_eq!((reply.status, reply.location()), (303, format!("{path}/deposit").as_str()));
        assert!(browser.holds("deposit"));
        let page = browser.get(&format!("{path}/deposit")).await;
        assert!(page.text().contains("Ordonnance du 12 mars") && page.text().contains("Pharmacie des Lilas"));
        assert!(!page.text().contains(&objects.typed), "the code is not shown");
        assert_eq!(browser.get(&path).await.location(), format!("{path}/deposit"), "next time straight in");
    }
}

#[tokio::test]
async fn every_code_that_is_not_valid_gets_one_and_the_same_answer() {
    let (app, house, objects) = place().await;
    let staff = app.member(&house, &[Role::Pharmacist]).await;
    let path = format!("/d/{}", house.slug);
    let code = async |sql: &str| {
        let view = app.code(&staff, 1).await;
        if !sql.is_empty() {
            let schema = domain::db::Db::schema_of(house.id);
            app.alter(&format!("UPDATE {schema}.codes SET {sql} WHERE id = '{}'", view.summary.id)).await;
        }
        view.secret.unwrap().value.to_string()
    };
    let elsewhere = app.house("SSIAD du Canal").await;
    let theirs = app.objects(&elsewhere).await.typed;
    let cases = [
        ("unknown", "AAAAAA".to_owned()),
        ("expired", code("expires_at = created_at + interval '1 microsecond', created_at = created_at - interval '1 hour'").await),
        ("revoked", code("revoked_at = created_at").await),
        ("exhausted", code("uses = max_deposits").await),
        ("of another establishment", theirs),
    ];
    app.seconds(1);
    let mut answers = Vec::new();
    for (n, (name, typed)) in cases.iter().enumerate() {
        let mut browser = Browser::new(&app);
        browser.address = std::net::IpAddr::from([198, 51, 100, u8::try_from(n + 10).unwrap()]);
        let reply = browser.form(&path, &[("code", typed)]).await;
        assert_eq!(reply.status, 422, "{name}");
        assert!(!browser.holds("deposit"), "{name}");
        answers.push((bare(&reply.text()).replace(typed.as_str(), "······"), reply.headers.len()));
        let reply = browser
            .json("/api/v1/codes/validate", serde_json::json!({ "establishment": house.slug, "code": typed }))
            .await;
        assert_eq!((reply.status, reply.text().as_str()), (422, r#"{"kind":"code_not_valid"}"#), "{name}");
    }
    for answer in &answers[1..] {
        assert!(answer == &answers[0], "{}\n---\n{}", answer.0, answers[0].0);
    }
    assert_eq!(Browser::new(&app).form(&path, &[("code", &objects.typed)]).await.status, 303);
}

#[tokio::test]
async fn guessing_makes_the_next_one_wait_but_never_the_link() {
    let (app, house, objects) = place().await;
    let path = format!("/d/{}", house.slug);
    let mut browser = Browser::new(&app);
    for _ in 0..app.config.limits.code_free {
        assert_eq!(browser.form(&path, &[("code", "AAAAAA")]).await.status, 422);
    }
    let reply = browser.form(&path, &[("code", &objects.typed)]).await;
    assert_eq!(reply.status, 429);
    assert!(reply.header("retry-after").parse::<u64>().unwrap() >= 1);
    let validate = serde_json::json!({ "establishment": house.slug, "code": objects.typed });
    let reply = browser.json("/api/v1/codes/validate", validate).await;
    assert_eq!(reply.status, 429, "one counter for both doors");
    visitor(&app, &objects).await;
}

#[tokio::test]
async fn a_link_gives_a_capability_and_consumes_nothing() {
    let (app, house, objects) = place().await;
    let uses = format!(
        "SELECT uses::bigint FROM {}.codes WHERE id = '{}'",
        domain::db::Db::schema_of(house.id),
        objects.code
    );
    let before = app.count(&uses).await;
    for _ in 0..10 {
        let browser = visitor(&app, &objects).await;
        assert!(browser.holds("deposit"));
    }
    assert_eq!(app.count(&uses).await, before);
    let mut browser = Browser::new(&app);
    for bad in ["0123456789abcdefghjkmnpqrs", "x", "0123456789abcdefghjkmnpqru"] {
        let reply = browser.get(&format!("/d/{}/{bad}", house.slug)).await;
        assert!(reply.status == 410 || reply.status == 404, "{bad}: {}", reply.status);
    }
    assert!(!browser.holds("deposit"));
}

#[tokio::test]
async fn a_photo_and_a_pdf_are_handed_over_followed_and_taken_back() {
    let (app, house, objects) = place().await;
    let slug = &house.slug;
    let mut browser = visitor(&app, &objects).await;
    let blobs = app.blobs();
    let pdf = files::pdf("Compte rendu", 0);
    let sent: [(&str, &str, &[u8]); 2] =
        [("IMG_0012.jpg", "image/jpeg", files::JPEG), ("compte rendu.pdf", "application/pdf", &pdf)];
    let reply = browser.deposit(slug, "form-00112233", &sent).await;
    assert_eq!(reply.status, 200, "{}", reply.text());
    assert_eq!(app.blobs(), blobs + 2);
    // The same form again (a reload, a lost answer): the same two files.
    assert_eq!(browser.deposit(slug, "form-00112233", &sent).await.status, 200);
    assert_eq!(app.blobs(), blobs + 2);
    let page = browser.get(&format!("/d/{slug}/deposit")).await.text();
    let receipt = page
        .split(&format!("href=\"/d/{slug}/r/"))
        .nth(1)
        .and_then(|rest| rest.split('"').next())
        .unwrap()
        .to_owned();
    let receipt = format!("/d/{slug}/r/{receipt}");
    let closed = browser.form(&format!("/d/{slug}/deposit/close"), &[]).await;
    assert_eq!((closed.status, closed.location()), (303, format!("{receipt}?sent").as_str()));
    assert!(browser.get(closed.location()).await.text().contains("envoyé"), "it is said once");
    assert_eq!(
        browser.get(&format!("/d/{slug}/deposit")).await.location(),
        receipt,
        "closed: the receipt says the rest"
    );

    let text = browser.get(&receipt).await.text();
    assert!(text.contains("Pharmacie des Lilas") && text.contains("/withdraw"));
    assert!(!text.contains("IMG_0012") && !text.contains("compte rendu.pdf"), "never a name");
    let mut other = Browser::new(&app);
    other.jar.clear();
    let shared = other.get(&receipt).await;
    assert!(
        shared.status == 200 && !shared.text().contains("/withdraw"),
        "another browser may look, not take back"
    );
    let token = other.token();
    let reply = other.form(&format!("{receipt}/withdraw"), &[("confirm", "yes")]).await;
    assert!(reply.status == 409 || reply.status == 403, "{} {token}", reply.status);

    assert_eq!(browser.get(&format!("{receipt}/withdraw")).await.status, 200);
    assert_eq!(browser.form(&format!("{receipt}/withdraw"), &[]).await.status, 403, "unconfirmed");
    let reply = browser.form(&format!("{receipt}/withdraw"), &[("confirm", "yes")]).await;
    assert_eq!((reply.status, reply.location()), (303, receipt.as_str()));
    let schema = domain::db::Db::schema_of(house.id);
    assert_eq!(app.count(&format!("SELECT count(*) FROM {schema}.documents")).await, 1, "the one of before");
    assert_eq!(browser.get(&receipt).await.status, 200, "the receipt stays");
    assert_eq!(browser.form(&format!("{receipt}/withdraw"), &[("confirm", "yes")]).await.status, 409, "once");
}

#[tokio::test]
async fn a_page_that_was_brought_back_with_another_choice_loses_no_file() {
    let (app, house, objects) = place().await;
    let slug = &house.slug;
    let mut browser = visitor(&app, &objects).await;
    let blobs = app.blobs();
    let pdf = files::pdf("Compte rendu", 0);
    let first: (&str, &str, &[u8]) = ("image.jpg", "image/jpeg", files::JPEG);
    let second: (&str, &str, &[u8]) = ("image.pdf", "application/pdf", &pdf);
    let third: (&str, &str, &[u8]) = ("image.png", "image/png", files::PNG);
    for (chosen, kept) in [
        (&[first][..], 1),
        (&[first], 1),
        (&[second], 2),
        (&[third, first], 3),
        // The same content twice is one file; and a full deposit knows what it has.
        (&[second, second, first, third], 3),
    ] {
        let reply = browser.deposit(slug, "form-00112233", chosen).await;
        assert_eq!((reply.status, app.blobs()), (200, blobs + kept), "{}", reply.text());
    }
    let page = browser
        .deposit(slug, "form-00112233", &[("autre.pdf", "application/pdf", &files::pdf("Autre", 0))])
        .await;
    assert_eq!((page.status, app.blobs()), (409, blobs + 3), "full");
}

#[tokio::test]
async fn a_browser_keeps_its_earlier_deposits_when_it_begins_another() {
    let (app, house, first) = place().await;
    let slug = &house.slug;
    let mut browser = visitor(&app, &first).await;
    let reply = browser.deposit(slug, "form-00112233", &[("a.jpg", "image/jpeg", files::JPEG)]).await;
    let mine = format!("/d/{slug}/r/");
    let receipt = reply.text().split(&mine).nth(1).unwrap().split('"').next().unwrap().to_owned();
    let receipt = format!("{mine}{receipt}");
    // Links of the same establishment, more than are kept; one of them gets a file, and is closed.
    for n in 0..9 {
        let other = app.objects(&house).await;
        browser.get(&format!("/d/{slug}/{}", other.link)).await;
        if n == 0 {
            browser.deposit(slug, "form-44556677", &[("b.jpg", "image/jpeg", files::JPEG)]).await;
            let closed = browser.form(&format!("/d/{slug}/deposit/close"), &[]).await;
            assert!(closed.location().ends_with("?sent") && !closed.location().starts_with(&receipt));
        }
    }
    assert!(browser.get(&receipt).await.text().contains("/withdraw\""), "this browser made it");
    // The first code again: the deposit that was begun, not another one.
    let again = browser.get(&format!("/d/{slug}/{}", first.link)).await;
    assert_eq!(again.location(), format!("/d/{slug}/deposit"));
    assert!(browser.get(&format!("/d/{slug}/deposit")).await.text().contains(&receipt));
    let closed = browser.form(&format!("/d/{slug}/deposit/close"), &[]).await;
    assert_eq!(closed.location(), format!("{receipt}?sent"));
    let reply = browser.form(&format!("{receipt}/withdraw"), &[("confirm", "yes")]).await;
    assert_eq!((reply.status, reply.location()), (303, receipt.as_str()));
}

#[tokio::test]
async fn the_address_of_an_establishment_leads_to_the_deposit_that_is_still_open() {
    let (app, house, first) = place().await;
    let slug = &house.slug;
    let mut browser = visitor(&app, &first).await;
    browser.deposit(slug, "form-00112233", &[("a.jpg", "image/jpeg", files::JPEG)]).await;
    let second = app.objects(&house).await;
    browser.get(&format!("/d/{slug}/{}", second.link)).await;
    browser.deposit(slug, "form-44556677", &[("b.jpg", "image/jpeg", files::JPEG)]).await;
    let mut receipts = Vec::new();
    for _ in 0..2 {
        assert_eq!(browser.get(&format!("/d/{slug}")).await.location(), format!("/d/{slug}/deposit"));
        receipts.push(browser.form(&format!("/d/{slug}/deposit/close"), &[]).await.location().to_owned());
    }
    assert!(receipts[0] != receipts[1], "each deposit was closed");
    assert_eq!(browser.get(&format!("/d/{slug}")).await.status, 200, "nothing is open: a code is asked");
}

#[tokio::test]
async fn what_was_seen_is_not_taken_back() {
    let (app, house, objects) = place().await;
    let slug = &house.slug;
    let mut browser = visitor(&app, &objects).await;
    browser.deposit(slug, "form-00112233", &[("a.jpg", "image/jpeg", files::JPEG)]).await;
    let mut staff = app.signed_in(&house, &[Role::Nurse]).await;
    let list = staff.get("/api/v1/documents?query[page][number]=1").await.json();
    for item in list["items"].as_array().unwrap() {
        assert_eq!(
            staff.json("/api/v1/documents/open", serde_json::json!({ "id": item["id"] })).await.status,
            200
        );
    }
    let closed = browser.form(&format!("/d/{slug}/deposit/close"), &[]).await;
    let receipt = closed.location().trim_end_matches("?sent").to_owned();
    assert!(!browser.get(&receipt).await.text().contains("/withdraw\""));
    assert_eq!(browser.form(&format!("{receipt}/withdraw"), &[("confirm", "yes")]).await.status, 409);
}

#[tokio::test]
async fn the_language_is_asked_kept_and_said() {
    let (app, house, _) = place().await;
    let path = format!("/d/{}", house.slug);
    let mut browser = Browser::new(&app);
    assert!(browser.get(&path).await.text().contains("<html lang=\"fr\""));
    let reply = browser.get(&format!("{path}?lang=en")).await;
    assert!(reply.text().contains("<html lang=\"en\""));
    assert!(browser.get(&path).await.text().contains("<html lang=\"en\""), "the cookie keeps it");
    assert_eq!(browser.get("/language/fr").await.status, 303);
    assert!(browser.get(&path).await.text().contains("<html lang=\"fr\""));
    assert_eq!(browser.get("/language/xx").await.status, 404);
    let call = crate::support::Call::get(&path).with("accept-language", "de, en;q=0.5");
    assert!(Browser::new(&app).send(call).await.text().contains("<html lang=\"en\""));
    let back =
        crate::support::Call::get("/language/en").with("referer", format!("https://carelink.example{path}"));
    assert_eq!(browser.send(back).await.location(), path);
    let away =
        crate::support::Call::get("/language/en").with("referer", "https://evil.example//evil.example/x");
    let reply = browser.send(away).await;
    assert!(!reply.location().starts_with("//") && reply.location().starts_with('/'), "{}", reply.location());
}

#[tokio::test]
async fn a_page_of_an_earlier_code_that_is_still_open_sends_into_its_own_deposit() {
    let (app, house, first) = place().await;
    let slug = &house.slug;
    let mut browser = visitor(&app, &first).await;
    let page = browser.get(&format!("/d/{slug}/deposit")).await.text();
    let action = |page: &str| {
        page.split("action=\"")
            .find(|part| part.contains("/deposit?of="))
            .unwrap()
            .split('"')
            .next()
            .unwrap()
            .to_owned()
    };
    let mine = action(&page);
    // Another link of the same establishment, in another tab.
    let second = app.objects(&house).await;
    browser.get(&format!("/d/{slug}/{}", second.link)).await;
    assert_ne!(action(&browser.get(&format!("/d/{slug}/deposit")).await.text()), mine);

    let token = browser.token();
    let fields = [("csrf", token.as_str()), ("idempotency_key", "form-00112233")];
    let call = Call::post(mine.as_str()).multipart(&fields, &[("a.jpg", "image/jpeg", files::JPEG)]);
    assert_eq!(browser.act(call).await.status, 200);
    let by_script = Call::post(mine.replace("/deposit?", "/deposit/files?"))
        .with("x-file-name", "b.jpg")
        .with("x-idempotency-key", "script-00112233")
        .raw("image/jpeg", files::JPEG.to_vec());
    assert_eq!(browser.act(by_script).await.status, 200);
    let schema = domain::db::Db::schema_of(house.id);
    let under = |code| {
        format!(
            "SELECT count(*) FROM {schema}.documents WHERE name IN ('a.jpg', 'b.jpg') AND code_id = '{code}'"
        )
    };
    assert_eq!((app.count(&under(first.code)).await, app.count(&under(second.code)).await), (2, 0));
    // A name that is nobody's is no way to another deposit.
    let stranger = Call::post(format!("/d/{slug}/deposit/files?of=0011223344556677"))
        .with("x-file-name", "c.jpg")
        .with("x-idempotency-key", "script-44556677")
        .raw("image/jpeg", files::JPEG.to_vec());
    assert_eq!(browser.act(stranger).await.status, 403);
}
