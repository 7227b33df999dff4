//! Codes: entered within one establishment, ended, extended, never in clear.

use domain::{
    codes::{self, EnterError},
    documents::ReceiveError,
};
use jiff::SignedDuration;
use model::{
    codes::{CodeScope, CodeState, NewCode},
    ids::CodeId,
    list::Page,
    roles::Role,
};
use sqlx::AssertSqlSafe;
use uuid::Uuid;

use crate::support::{App, House, Node, app, app_with, files, new_code, origin, token};

async fn enter(
    app: &App,
    house: &House,
    typed: &str,
    address: &str,
) -> Result<domain::Depositor, EnterError> {
    codes::enter(&app.d, origin(address), house.id, typed).await
}

#[tokio::test]
async fn a_code_opens_only_in_its_own_establishment() {
    let app = app().await;
    let (here, there) = (app.house("Pharmacie des Lilas").await, app.house("SSIAD du Canal").await);
    let staff = app.pharmacist(&here).await;
    let code = app.code(&staff).await;
    let value = code.secret.as_ref().unwrap().value.to_string();
    let who = enter(&app, &here, &value.to_lowercase(), "192.0.2.1").await.unwrap();
    assert_eq!((who.code, who.establishment), (code.summary.id, here.id));
    assert!(matches!(enter(&app, &there, &value, "192.0.2.1").await, Err(EnterError::NotValid)));
    let followed = codes::follow(&app.d, origin("192.0.2.1"), there.id, &token(&code)).await;
    assert!(matches!(followed, Err(EnterError::NotValid)));
    // Another establishment's code is not there at all.
    let stranger = app.pharmacist(&there).await;
    let shown = codes::show(&app.d, &stranger, code.summary.id).await;
    assert!(matches!(shown, Err(domain::Refused::NotFound)));
    let revoked = codes::revoke(&app.d, &stranger, code.summary.id).await;
    assert!(matches!(revoked, Err(domain::Refused::NotFound)));
}

#[tokio::test]
async fn unknown_expired_exhausted_and_revoked_are_one_answer() {
    let app = app().await;
    let house = app.house("Pharmacie des Lilas").await;
    let staff = app.pharmacist(&house).await;
    let value = |code: &model::codes::CodeView| code.secret.as_ref().unwrap().value.to_string();

    let revoked = app.code(&staff).await;
    codes::revoke(&app.d, &staff, revoked.summary.id).await.unwrap();
    app.advance(SignedDuration::from_secs(1));
    let exhausted = app.code(&staff).await;
    let visitor = app.visitor(&house, &exhausted).await;
    app.deposit(&visitor, "a.png", files::PNG).await.unwrap();
    app.advance(SignedDuration::from_secs(1));
    let expired = app.code(&staff).await;
    app.advance(SignedDuration::from_mins(60));

    for (n, typed) in [
        "7777ZZ".to_owned(),
        "not a code".into(),
        String::new(),
        value(&revoked),
        value(&exhausted),
        value(&expired),
    ]
    .iter()
    .enumerate()
    {
        let answer = enter(&app, &house, typed, &format!("192.0.2.{n}")).await;
        assert!(matches!(answer, Err(EnterError::NotValid)), "{typed}: {answer:?}");
    }
    for code in [&revoked, &exhausted, &expired] {
        let answer = codes::follow(&app.d, origin("192.0.2.1"), house.id, &token(code)).await;
        assert!(matches!(answer, Err(EnterError::NotValid)));
    }
    let states = |scope| {
        let (app, staff) = (&app, &staff);
        async move {
            let list = codes::list(&app.d, staff, scope, None, Page::default()).await.unwrap();
            assert_eq!(list.total, list.items.len() as u64);
            list.items.iter().map(|code| code.state).collect::<Vec<_>>()
        }
    };
    assert_eq!(states(CodeScope::Past).await, [CodeState::Expired, CodeState::Exhausted, CodeState::Revoked]);
    assert_eq!(states(CodeScope::Active).await, []);
    assert_eq!(states(CodeScope::All).await.len(), 3);
}

#[tokio::test]
async fn a_right_code_costs_no_attempt_and_the_link_is_never_limited() {
    let app = app().await;
    let house = app.house("Pharmacie des Lilas").await;
    let staff = app.pharmacist(&house).await;
    let code = app.code(&staff).await;
    let value = code.secret.as_ref().unwrap().value.to_string();
    for _ in 0..30 {
        enter(&app, &house, &value, "192.0.2.1").await.unwrap();
    }
    assert_eq!(app.count("SELECT coalesce(sum(count), 0)::bigint FROM control.attempts").await, 0);
    for _ in 0..5 {
        assert!(matches!(enter(&app, &house, "ZZZZZZ", "192.0.2.1").await, Err(EnterError::NotValid)));
    }
    // Typing pauses for this address, right or wrong…
    for typed in ["ZZZZZZ", value.as_str()] {
        let Err(EnterError::TooMany(wait)) = enter(&app, &house, typed, "192.0.2.1").await else {
            panic!("let through")
        };
        assert!((60..=65).contains(&wait.retry_after), "{wait:?}");
    }
    // …its link works, and so does typing elsewhere.
    codes::follow(&app.d, origin("192.0.2.1"), house.id, &token(&code)).await.unwrap();
    enter(&app, &house, &value, "203.0.113.9").await.unwrap();
    app.advance(SignedDuration::from_secs(65));
    enter(&app, &house, &value, "192.0.2.1").await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn guesses_sent_at_once_are_counted_before_they_are_checked() {
    let app = app_with(Node { connections: 20, ..Node::default() }).await;
    let house = app.house("Pharmacie des Lilas").await;
    // All connections are open before the first guess: they really run at once.
    drop(futures_util::future::join_all((0..20).map(|_| app.d.db.pool().acquire())).await);
    for n in 0..10 {
        let mut tasks = Vec::new();
        for _ in 0..60 {
            let (d, id) = (app.d.clone(), house.id);
            let from = origin(&format!("10.{n}.0.1"));
            tasks.push(tokio::spawn(async move { codes::enter(&d, from, id, "ZZZZZZ").await }));
        }
        let (mut checked, mut limited) = (0, 0);
        for task in tasks {
            match task.await.unwrap() {
                Err(EnterError::NotValid) => checked += 1,
                Err(EnterError::TooMany(_)) => limited += 1,
                other => panic!("{other:?}"),
            }
        }
        // The fifth puts a delay before the next one, however many are under way.
        assert_eq!((checked, limited), (5, 55));
    }
}

#[tokio::test]
async fn twenty_wrong_codes_in_an_hour_tell_the_staff_once() {
    let app = app().await;
    let house = app.house("Pharmacie des Lilas").await;
    let (_, administrator) = app.person(&house, &[Role::Administrator]).await;
    let told = "SELECT count(*) FROM queue.outbox WHERE kind = 'codes.guessing'";
    for n in 0..25 {
        assert_eq!(app.count(told).await, i64::from(n > 19), "after {n}");
        let answer = enter(&app, &house, "ZZZZZZ", &format!("10.{n}.0.1")).await;
        assert!(matches!(answer, Err(EnterError::NotValid)));
    }
    assert_eq!(
        app.count(&format!("SELECT count(*) FROM {}.audit WHERE action = 'codes.guessing'", house.schema()))
            .await,
        1
    );
    app.jobs().await;
    let mails = app.post.take();
    assert_eq!(mails.len(), 1, "administrators who are not there to see it");
    assert!(mails[0].to.as_ref() == administrator && mails[0].text.contains("Beaucoup de codes faux"));
}

#[tokio::test]
async fn extending_never_shortens_and_never_revives() {
    let app = app().await;
    let house = app.house("Pharmacie des Lilas").await;
    let staff = app.pharmacist(&house).await;
    let code = app.code(&staff).await;
    let id = code.summary.id;
    let same = codes::extend(&app.d, &staff, id, 15.try_into().unwrap()).await.unwrap();
    assert_eq!(same.summary.expires_at, code.summary.expires_at);
    let longer = codes::extend(&app.d, &staff, id, 120.try_into().unwrap()).await.unwrap();
    assert_eq!(longer.summary.expires_at.unix_ms - code.summary.expires_at.unix_ms, 60 * 60 * 1000);
    assert_eq!(longer.secret, code.secret);
    codes::revoke(&app.d, &staff, id).await.unwrap();
    codes::revoke(&app.d, &staff, id).await.unwrap();
    let ended = codes::extend(&app.d, &staff, id, 120.try_into().unwrap()).await;
    assert!(matches!(ended, Err(codes::ExtendError::Ended)));
    assert!(codes::show(&app.d, &staff, id).await.unwrap().secret.is_none());
    let unknown = codes::extend(&app.d, &staff, CodeId(Uuid::from_u128(1)), 120.try_into().unwrap()).await;
    assert!(matches!(unknown, Err(codes::ExtendError::Refused(domain::Refused::NotFound))));
}

#[tokio::test]
async fn a_value_is_not_given_out_again_for_ninety_days() {
    let app = app().await;
    let house = app.house("Pharmacie des Lilas").await;
    let staff = app.pharmacist(&house).await;
    let draw = async |app: &App| {
        // The same dice every time; another moment, so that only the value collides.
        app.advance(SignedDuration::from_secs(1));
        let node = app.node(Node { seed: 77, ..Node::default() });
        codes::generate(&node, &staff, &new_code()).await.unwrap()
    };
    let first = draw(&app).await;
    let value = first.secret.as_ref().unwrap().value.clone();
    let second = draw(&app).await;
    assert_ne!(second.secret.unwrap().value, value);
    codes::revoke(&app.d, &staff, first.summary.id).await.unwrap();
    for (days, again) in [(89, false), (2, true)] {
        app.advance(SignedDuration::from_hours(24 * days));
        app.jobs().await;
        let drawn = draw(&app).await.secret.unwrap().value;
        assert_eq!(drawn == value, again, "after {days} more days");
    }
}

#[tokio::test]
async fn a_code_is_nowhere_in_clear() {
    let app = app().await;
    let house = app.house("Pharmacie des Lilas").await;
    let staff = app.pharmacist(&house).await;
    let code = app.code(&staff).await;
    let secret = code.secret.as_ref().unwrap();
    let _ = enter(&app, &house, secret.value.as_ref(), "192.0.2.1").await.unwrap();
    let visitor = app.visitor(&house, &code).await;
    app.deposit(&visitor, "a.png", files::PNG).await.unwrap();
    codes::show(&app.d, &staff, code.summary.id).await.unwrap();
    let token = token(&code);
    let mut look = app.look().await;
    let columns: Vec<(String, String, String)> = sqlx::query_as(
        "SELECT table_schema::text, table_name::text, column_name::text FROM information_schema.columns
         WHERE table_schema IN ('control', 'queue') OR table_schema LIKE 't\\_%'",
    )
    .fetch_all(&mut look)
    .await
    .unwrap();
    assert!(columns.len() > 100, "{}", columns.len());
    for (schema, table, column) in columns {
        for needle in [secret.value.as_ref(), token.as_ref()] {
            let hex = needle.bytes().fold(String::new(), |hex, byte| hex + &format!("{byte:02x}"));
            let sql = format!(
                "SELECT count(*) FROM {schema}.{table} WHERE strpos(lower({column}::text), lower($1)) > 0 OR strpos({column}::text, $2) > 0"
            );
            let found: i64 = sqlx::query_scalar(AssertSqlSafe(sql))
                .bind(needle)
                .bind(&hex)
                .fetch_one(&mut look)
                .await
                .unwrap();
            assert_eq!(found, 0, "{schema}.{table}.{column}");
        }
    }
}

#[tokio::test]
async fn what_shows_a_code_is_wiped_when_it_ends() {
    let app = app().await;
    let house = app.house("Pharmacie des Lilas").await;
    let staff = app.pharmacist(&house).await;
    let sealed = format!("SELECT count(*) FROM {}.codes WHERE sealed IS NOT NULL", house.schema());
    let first = app.code(&staff).await;
    app.code(&staff).await;
    assert_eq!(app.count(&sealed).await, 2);
    codes::revoke(&app.d, &staff, first.summary.id).await.unwrap();
    assert_eq!(app.count(&sealed).await, 1);
    app.advance(SignedDuration::from_mins(61));
    app.jobs().await;
    assert_eq!(app.count(&sealed).await, 0);
}

#[tokio::test]
async fn codes_are_searched_by_label_and_author_and_paged() {
    let app = app().await;
    let house = app.house("Pharmacie des Lilas").await;
    let staff = app.pharmacist(&house).await;
    for n in 0..7 {
        let new = NewCode { label: format!("Bilan {n}").parse().unwrap(), ..new_code() };
        codes::generate(&app.d, &staff, &new).await.unwrap();
        app.advance(SignedDuration::from_secs(1));
    }
    let page = codes::list(&app.d, &staff, CodeScope::Active, None, Page::new(2, 3)).await.unwrap();
    let labels: Vec<_> = page.items.iter().map(|code| code.label.as_str()).collect();
    assert_eq!((page.total, labels), (7, vec!["Bilan 3", "Bilan 2", "Bilan 1"]));
    for (search, total) in [("bilan 4", 1), ("camille", 7), ("nobody", 0)] {
        let found =
            codes::list(&app.d, &staff, CodeScope::All, Some(&search.parse().unwrap()), Page::default())
                .await
                .unwrap();
        assert_eq!(found.total, total, "{search}");
    }
}

#[tokio::test]
async fn what_a_depositor_may_know_ends_with_the_code() {
    let app = app().await;
    let house = app.house("Pharmacie des Lilas").await;
    let staff = app.pharmacist(&house).await;
    let code = app.code(&staff).await;
    let visitor = app.visitor(&house, &code).await;
    let request = codes::request(&app.d, &visitor).await.unwrap().unwrap();
    assert_eq!((request.label.as_str(), request.max_files), ("Ordonnance du 12 mars", 3));
    app.deposit(&visitor, "a.png", files::PNG).await.unwrap();
    assert!(codes::request(&app.d, &visitor).await.unwrap().is_some());
    codes::revoke(&app.d, &staff, code.summary.id).await.unwrap();
    assert!(codes::request(&app.d, &visitor).await.unwrap().is_none());
    let late = app.deposit(&visitor, "b.png", files::PNG).await;
    assert!(matches!(late, Err(ReceiveError::CodeNotValid)), "{late:?}");
}
