//! Documents go: at once for the eye, after ten seconds for good, on their day by themselves.

use domain::{
    Refused,
    documents::{self, RetentionError},
};
use jiff::SignedDuration;
use model::{
    documents::{DocumentQuery, RetentionChange},
    ids::DocumentId,
};

use crate::support::{App, House, app, files};

const DAY: SignedDuration = SignedDuration::from_hours(24);

async fn one() -> (App, House, domain::Staff, DocumentId, domain::Depositor) {
    let app = app().await;
    let house = app.house("Pharmacie des Lilas").await;
    let staff = app.pharmacist(&house).await;
    let (id, visitor) = app.document(&house, &staff, "a.png", files::PNG).await;
    (app, house, staff, id, visitor)
}

async fn rows(app: &App, house: &House) -> i64 {
    app.count(&format!("SELECT count(*) FROM {}.documents", house.schema())).await
}

fn hold() -> RetentionChange {
    RetentionChange::Hold { reason: "contrôle en cours".parse().unwrap() }
}

#[tokio::test]
async fn a_deleted_document_is_unreadable_at_once_and_gone_after_ten_seconds() {
    let (app, house, staff, id, visitor) = one().await;
    documents::delete(&app.d, &staff, id).await.unwrap();
    assert!(matches!(documents::open(&app.d, &staff, id).await, Err(Refused::NotFound)));
    assert!(matches!(documents::download(&app.d, &staff, id).await.map(drop), Err(Refused::NotFound)));
    assert_eq!(documents::list(&app.d, &staff, &DocumentQuery::default()).await.unwrap().total, 0);
    assert!(matches!(documents::delete(&app.d, &staff, id).await, Err(Refused::NotFound)));
    app.advance(SignedDuration::from_secs(9));
    app.jobs().await;
    assert_eq!((rows(&app, &house).await, app.blobs().len()), (1, 1));
    app.advance(SignedDuration::from_secs(1));
    app.jobs().await;
    assert_eq!((rows(&app, &house).await, app.blobs().len()), (0, 0));
    assert!(matches!(documents::undo(&app.d, &staff, id).await, Err(Refused::NotFound)));
    let receipt = documents::receipt(&app.d, house.id, &documents::receipt_token(&app.d, &visitor))
        .await
        .unwrap()
        .unwrap();
    assert_eq!(receipt.items[0].deleted.as_ref().unwrap().1, "staff");
    assert!(receipt.items[0].delete_at.is_none());
}

#[tokio::test]
async fn a_deletion_is_taken_back_and_the_next_one_gets_its_full_ten_seconds() {
    let (app, house, staff, id, _) = one().await;
    documents::delete(&app.d, &staff, id).await.unwrap();
    app.advance(SignedDuration::from_secs(6));
    documents::undo(&app.d, &staff, id).await.unwrap();
    documents::open(&app.d, &staff, id).await.unwrap();
    documents::delete(&app.d, &staff, id).await.unwrap();
    // The first deletion's job is due now, the second's is not.
    app.advance(SignedDuration::from_secs(6));
    app.jobs().await;
    documents::undo(&app.d, &staff, id).await.unwrap();
    app.advance(SignedDuration::from_secs(60));
    app.jobs().await;
    assert_eq!((rows(&app, &house).await, app.blobs().len()), (1, 1));
}

#[tokio::test]
async fn a_document_goes_on_its_day() {
    let (app, house, _, _, visitor) = one().await;
    app.advance(DAY * 30 - SignedDuration::from_secs(1));
    app.jobs().await;
    assert_eq!(rows(&app, &house).await, 1);
    app.advance(SignedDuration::from_secs(61));
    app.jobs().await;
    assert_eq!((rows(&app, &house).await, app.blobs().len()), (0, 0));
    let receipt = documents::receipt(&app.d, house.id, &documents::receipt_token(&app.d, &visitor))
        .await
        .unwrap()
        .unwrap();
    assert_eq!(receipt.items[0].deleted.as_ref().unwrap().1, "retention");
    app.advance(DAY * 400);
    assert!(
        documents::receipt(&app.d, house.id, &documents::receipt_token(&app.d, &visitor))
            .await
            .unwrap()
            .is_none()
    );
}

#[tokio::test]
async fn retention_is_only_ever_shortened() {
    let (app, house, staff, id, _) = one().await;
    let shorten = |days: u32| RetentionChange::Shorten { days: days.try_into().unwrap() };
    for days in [30, 31] {
        let longer = documents::change_retention(&app.d, &staff, id, &shorten(days)).await;
        assert!(matches!(longer, Err(RetentionError::NotEarlier)));
    }
    documents::change_retention(&app.d, &staff, id, &shorten(2)).await.unwrap();
    assert!(matches!(
        documents::change_retention(&app.d, &staff, id, &shorten(3)).await,
        Err(RetentionError::NotEarlier)
    ));
    app.advance(DAY * 2 + SignedDuration::from_mins(1));
    app.jobs().await;
    assert_eq!(rows(&app, &house).await, 0);
}

#[tokio::test]
async fn a_hold_needs_a_look_and_keeps_the_document_from_every_end() {
    let (app, house, staff, id, _) = one().await;
    let change =
        async |change: &RetentionChange| documents::change_retention(&app.d, &staff, id, change).await;
    assert!(matches!(change(&hold()).await, Err(RetentionError::NotSeen)));
    documents::open(&app.d, &staff, id).await.unwrap();
    change(&hold()).await.unwrap();
    assert!(matches!(documents::delete(&app.d, &staff, id).await, Err(Refused::NotFound)));
    app.advance(DAY * 100);
    app.jobs().await;
    assert_eq!(rows(&app, &house).await, 1);
    change(&RetentionChange::Release).await.unwrap();
    app.advance(DAY * 29);
    app.jobs().await;
    assert_eq!(rows(&app, &house).await, 1, "a released document begins its time again");
    app.advance(DAY * 2);
    app.jobs().await;
    assert_eq!((rows(&app, &house).await, app.blobs().len()), (0, 0));
}

#[tokio::test]
async fn shortening_does_not_end_a_hold() {
    let (app, house, staff, id, _) = one().await;
    documents::open(&app.d, &staff, id).await.unwrap();
    documents::change_retention(&app.d, &staff, id, &hold()).await.unwrap();
    let shorten = RetentionChange::Shorten { days: 1.try_into().unwrap() };
    let _ = documents::change_retention(&app.d, &staff, id, &shorten).await;
    app.advance(DAY * 3);
    app.jobs().await;
    assert_eq!(rows(&app, &house).await, 1);
}

#[tokio::test]
async fn many_documents_go_in_one_run() {
    let (app, house, staff, _, _) = one().await;
    let schema = house.schema();
    let code = app.code(&staff).await;
    app.alter(&format!(
        "INSERT INTO {schema}.deposit_items (id, deposit_id, ordinal, idempotency_key, received_at)
         SELECT gen_random_uuid(), (SELECT id FROM {schema}.deposits LIMIT 1), n + 10, 'k' || n, now() FROM generate_series(1, 450) n;
         INSERT INTO {schema}.documents (id, item_id, deposit_id, code_id, name, kind, size, sha256, header, blob, received_at, delete_at, search_text)
         SELECT gen_random_uuid(), i.id, i.deposit_id, '{}', 'x', 'pdf', 1, sha256('x'), 'x', 'b/' || i.ordinal, now(), now(), ''
         FROM {schema}.deposit_items i WHERE i.ordinal > 10",
        code.summary.id
    ))
    .await;
    app.advance(SignedDuration::from_mins(5));
    app.jobs().await;
    assert_eq!(rows(&app, &house).await, 1);
    assert_eq!(
        app.count(&format!("SELECT count(*) FROM {schema}.audit WHERE action = 'documents.expire'")).await,
        450
    );
}

#[tokio::test]
async fn orphan_payloads_are_collected_and_fresh_ones_spared() {
    let (app, house, staff, id, _) = one().await;
    let folder = app.folder.path().join("blobs").join(house.id.0.simple().to_string());
    std::fs::write(folder.join("orphan"), b"nobody's").unwrap();
    app.advance(SignedDuration::from_hours(23));
    app.jobs().await;
    assert_eq!(app.blobs().len(), 2);
    app.advance(SignedDuration::from_hours(2));
    app.jobs().await;
    assert_eq!(app.blobs().len(), 1);
    documents::open(&app.d, &staff, id).await.unwrap();
    documents::download(&app.d, &staff, id).await.map(drop).unwrap();
}

#[tokio::test]
async fn only_a_held_document_is_released() {
    let (app, _, staff, id, _) = one().await;
    let planned =
        documents::list(&app.d, &staff, &DocumentQuery::default()).await.unwrap().items[0].delete_at;
    app.advance(DAY);
    let outcome = documents::change_retention(&app.d, &staff, id, &RetentionChange::Release).await;
    assert!(matches!(outcome, Err(RetentionError::NotHeld)), "{outcome:?}");
    let still = documents::list(&app.d, &staff, &DocumentQuery::default()).await.unwrap().items[0].delete_at;
    assert_eq!(still, planned, "releasing what is not held would lengthen its life");
}

#[tokio::test]
async fn receipts_and_codes_end_after_four_hundred_days_and_what_is_held_keeps_them() {
    let (app, house, staff, id, visitor) = one().await;
    app.document(&house, &staff, "b.png", files::PNG).await;
    documents::open(&app.d, &staff, id).await.unwrap();
    documents::change_retention(&app.d, &staff, id, &hold()).await.unwrap();
    let counts = format!(
        "SELECT (SELECT count(*) FROM {0}.codes) * 100 + (SELECT count(*) FROM {0}.deposits) * 10
             + (SELECT count(*) FROM {0}.deposit_items)",
        house.schema()
    );
    app.advance(DAY * 399);
    app.jobs().await;
    assert_eq!(app.count(&counts).await, 222);
    app.advance(DAY * 3);
    app.jobs().await;
    app.advance(SignedDuration::from_hours(1));
    app.jobs().await;
    assert_eq!((rows(&app, &house).await, app.count(&counts).await), (1, 111), "the held one is whole");
    let token = documents::receipt_token(&app.d, &visitor);
    assert!(documents::receipt(&app.d, house.id, &token).await.unwrap().is_none(), "no longer shown");
}

#[tokio::test]
async fn a_suspended_establishments_documents_go_on_their_day_too() {
    let (app, house, ..) = one().await;
    let operator = domain::PlatformAdmin::operator();
    let why = "impayé".parse().unwrap();
    domain::establishments::suspend(&app.d, &operator, house.id, &why).await.unwrap();
    app.advance(DAY * 31);
    app.jobs().await;
    assert_eq!(rows(&app, &house).await, 0);
}
