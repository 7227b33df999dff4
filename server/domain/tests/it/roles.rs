//! Each use case × each role, as SECURITY.md draws it.

use std::pin::Pin;

use domain::{
    Admin, Domain, Refused, Staff, codes,
    documents::{self, PageError, RetentionError},
    establishments::{self, PscOnlyError},
    identity::psc::{self, Came},
    members, statistics,
};
use model::{
    codes::CodeScope,
    documents::{BulkAct, DocumentQuery, RetentionChange, Selection},
    ids::{CodeId, DocumentId},
    list::Page,
    roles::Role,
};
use uuid::Uuid;
use viewer::PageRequest;

use crate::support::{DEVICE, app, new_code, origin, psc::person};

const CARE: [Role; 6] = [
    Role::Pharmacist,
    Role::Physician,
    Role::Nurse,
    Role::Coordinator,
    Role::NursingAssistant,
    Role::Secretary,
];
const DELETES: [Role; 4] = [Role::Pharmacist, Role::Physician, Role::Nurse, Role::Coordinator];
const ADMINISTERS: [Role; 1] = [Role::Administrator];

const CODE: CodeId = CodeId(Uuid::from_u128(7));
const DOCUMENT: DocumentId = DocumentId(Uuid::from_u128(8));

/// Whether the use case was forbidden. Whoever is allowed to meets "not found" instead: the objects don't exist.
type Try = for<'a> fn(&'a Domain, &'a Staff) -> Pin<Box<dyn Future<Output = bool> + Send + 'a>>;

struct Case {
    name: &'static str,
    allowed: &'static [Role],
    /// Whether a refusal is recorded (not for what every page asks for by itself).
    recorded: bool,
    attempt: Try,
}

fn forbidden<T>(outcome: &Result<T, Refused>) -> bool {
    matches!(outcome, Err(Refused::Forbidden))
}

macro_rules! case {
    ($name:literal, $allowed:expr, $recorded:literal, |$d:ident, $who:ident| $attempt:expr) => {
        Case {
            name: $name,
            allowed: &$allowed,
            recorded: $recorded,
            attempt: |$d, $who| Box::pin(async move { $attempt }),
        }
    };
}

fn cases() -> Vec<Case> {
    vec![
        case!("codes.generate", CARE, true, |d, who| forbidden(&codes::generate(d, who, &new_code()).await)),
        case!("codes.list", CARE, true, |d, who| forbidden(
            &codes::list(d, who, CodeScope::All, None, Page::default()).await
        )),
        case!("codes.show", CARE, true, |d, who| forbidden(&codes::show(d, who, CODE).await)),
        case!("codes.extend", CARE, true, |d, who| {
            let outcome = codes::extend(d, who, CODE, 15.try_into().unwrap()).await;
            matches!(outcome, Err(codes::ExtendError::Refused(Refused::Forbidden)))
        }),
        case!("codes.revoke", CARE, true, |d, who| forbidden(&codes::revoke(d, who, CODE).await)),
        case!("documents.list", CARE, true, |d, who| forbidden(
            &documents::list(d, who, &DocumentQuery::default()).await
        )),
        case!("documents.unseen", CARE, false, |d, who| forbidden(&documents::unseen(d, who).await)),
        case!("documents.open", CARE, true, |d, who| forbidden(&documents::open(d, who, DOCUMENT).await)),
        case!("documents.download", CARE, true, |d, who| forbidden(
            &documents::download(d, who, DOCUMENT).await
        )),
        case!("documents.open page", CARE, true, |d, who| {
            let page = documents::page(d, who, DOCUMENT, "1.x", PageRequest::new(1)).await;
            matches!(page, Err(PageError::Forbidden))
        }),
        case!("documents.done", CARE, true, |d, who| forbidden(
            &documents::mark_done(d, who, DOCUMENT, true).await
        )),
        case!("documents.reopen", CARE, true, |d, who| forbidden(
            &documents::mark_done(d, who, DOCUMENT, false).await
        )),
        case!("documents.unseen mark", CARE, true, |d, who| forbidden(
            &documents::mark_unseen(d, who, DOCUMENT).await
        )),
        case!("documents.delete", DELETES, true, |d, who| forbidden(
            &documents::delete(d, who, DOCUMENT).await
        )),
        case!("documents.bulk delete", DELETES, true, |d, who| {
            forbidden(&documents::bulk(d, who, &Selection::one(DOCUMENT), BulkAct::Delete).await)
        }),
        case!("documents.undelete", DELETES, true, |d, who| forbidden(
            &documents::undo(d, who, DOCUMENT).await
        )),
        case!("documents.shorten", DELETES, true, |d, who| {
            retention_forbidden(d, who, RetentionChange::Shorten { days: 1.try_into().unwrap() }).await
        }),
        case!("documents.hold", DELETES, true, |d, who| {
            retention_forbidden(d, who, RetentionChange::Hold { reason: "contrôle".parse().unwrap() }).await
        }),
        case!("documents.release", DELETES, true, |d, who| retention_forbidden(
            d,
            who,
            RetentionChange::Release
        )
        .await),
        // Settings, people and audit take an `Admin`: who isn't one can't even ask.
        case!("administration", ADMINISTERS, true, |d, who| forbidden(
            &Admin::of(d, who.clone(), "settings.change").await
        )),
        case!("members.requests_waiting", ADMINISTERS, true, |d, who| {
            match Admin::of(d, who.clone(), "members.requests_waiting").await {
                Ok(admin) => {
                    assert!(matches!(members::requests_waiting(d, &admin).await, Ok(0)));
                    false
                }
                refused => forbidden(&refused),
            }
        }),
        case!("settings.psc_only", ADMINISTERS, true, |d, who| {
            match Admin::of(d, who.clone(), "settings.psc_only").await {
                Ok(admin) => {
                    // Nobody is linked here: it goes no further.
                    let outcome = establishments::change_psc_only(d, &admin, true).await;
                    assert!(matches!(outcome, Err(PscOnlyError::NoLinkedAdministrator)));
                    false
                }
                refused => forbidden(&refused),
            }
        }),
    ]
}

async fn retention_forbidden(d: &Domain, who: &Staff, change: RetentionChange) -> bool {
    let outcome = documents::change_retention(d, who, DOCUMENT, &change).await;
    matches!(outcome, Err(RetentionError::Refused(Refused::Forbidden)))
}

#[tokio::test]
async fn each_use_case_asks_for_the_role_that_the_matrix_says() {
    let app = app().await;
    let house = app.house("Pharmacie des Lilas").await;
    let refused = format!("SELECT count(*) FROM {}.audit WHERE outcome = 'refused'", house.schema());
    for role in Role::ALL {
        let who = app.member(&house, &[role]).await;
        for case in cases() {
            let before = app.count(&refused).await;
            let was_forbidden = (case.attempt)(&app.d, &who).await;
            assert_eq!(was_forbidden, !case.allowed.contains(&role), "{} as {role}", case.name);
            let recorded = app.count(&refused).await - before;
            assert_eq!(recorded, i64::from(was_forbidden && case.recorded), "{} as {role}", case.name);
        }
    }
}

#[tokio::test]
async fn nobody_without_a_role_may_do_anything() {
    let app = app().await;
    let house = app.house("Pharmacie des Lilas").await;
    let who = Staff { roles: vec![].into(), ..app.pharmacist(&house).await };
    for case in cases() {
        assert!((case.attempt)(&app.d, &who).await, "{}", case.name);
    }
}

#[tokio::test]
async fn the_home_page_shows_nothing_that_the_lists_would_not() {
    let app = app().await;
    let house = app.house("Pharmacie des Lilas").await;
    let staff = app.pharmacist(&house).await;
    app.document(&house, &staff, "a.png", crate::support::files::PNG).await;
    app.code(&staff).await;
    let overview = statistics::overview(&app.d, &staff).await.unwrap();
    assert_eq!(
        (overview.unseen, overview.active_codes, overview.newest.len(), overview.ending.len()),
        (1, 1, 1, 1)
    );
    assert_eq!((overview.days.len(), overview.days.last().unwrap().1), (30, 1));
    for role in [Role::Researcher, Role::Administrator] {
        let overview = statistics::overview(&app.d, &app.member(&house, &[role]).await).await.unwrap();
        assert_eq!(
            (
                overview.unseen,
                overview.active_codes,
                overview.newest.len(),
                overview.ending.len(),
                overview.days.len()
            ),
            (0, 0, 0, 0, 0)
        );
    }
}

#[tokio::test]
async fn linking_an_identity_is_everybodys_own_whatever_their_role() {
    let app = app().await;
    let house = app.house("Pharmacie des Lilas").await;
    for (n, role) in Role::ALL.into_iter().enumerate() {
        let (_, email) = app.person(&house, &[role]).await;
        let issued = app.sign_in(&email, None).await;
        let who = app.shown(&issued).await;
        app.psc.is(person(&format!("89970010{n:04}"), "ROMANE", "FACTICE", &[("60", 1)]));
        let visit = app.go_to_link(&who).await;
        let Came::Asks(token) = app.returned(&visit, Some(&who)).await.unwrap() else { panic!("{role}") };
        // But nobody else's.
        let colleague = app.person(&house, &[Role::Administrator]).await.1;
        let colleague = app.who(&app.sign_in(&colleague, None).await).await.unwrap();
        assert!(psc::link_offer(&app.d, &colleague, &token).await.unwrap().is_none(), "{role}");
        let from = origin("192.0.2.1");
        assert!(psc::confirm_link(&app.d, from, DEVICE, &colleague, &token).await.is_err(), "{role}");
        assert!(psc::link_offer(&app.d, &who, &token).await.unwrap().is_some(), "{role}");
        psc::confirm_link(&app.d, from, DEVICE, &who, &token).await.map(drop).unwrap();
    }
}
