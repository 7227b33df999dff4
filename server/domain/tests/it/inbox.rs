//! The inbox's totals are kept, not counted: they must be what counting would say, whatever happens at once.

use domain::documents;
use futures_util::future::join_all;
use jiff::SignedDuration;
use model::{
    documents::{BulkAct, DocumentFilter, DocumentQuery, RetentionChange},
    ids::DocumentId,
};

use crate::support::{App, House, app, chosen, files};

async fn check(app: &App, house: &House) {
    let t = house.schema();
    let mut look = app.look().await;
    let kept: (i64, i64, i64, i64) =
        sqlx::query_as(sqlx::AssertSqlSafe(format!("SELECT listed, unread, seen, done FROM {t}.inbox")))
            .fetch_one(&mut look)
            .await
            .unwrap();
    let counted: (i64, i64, i64, i64) = sqlx::query_as(sqlx::AssertSqlSafe(format!(
        "SELECT count(*), count(*) FILTER (WHERE unread), count(*) FILTER (WHERE NOT unread AND done_at IS NULL),
             count(*) FILTER (WHERE done_at IS NOT NULL) FROM {t}.documents WHERE deleting_since IS NULL"
    )))
    .fetch_one(&mut look)
    .await
    .unwrap();
    assert_eq!(kept, counted);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn totals_are_right_after_acts_at_once_and_nobody_waits_for_ever() {
    let app = app().await;
    let house = app.house("Pharmacie des Lilas").await;
    let staff = app.pharmacist(&house).await;
    let mut ids = Vec::new();
    for _ in 0..8 {
        ids.push(app.document(&house, &staff, "a.png", files::PNG).await.0);
    }
    for round in 0_u8..40 {
        let dice: [u8; 24] = app.d.random.bytes().unwrap();
        let acts = dice.chunks(4).map(|roll| {
            let (d, staff) = (app.d.clone(), staff.clone());
            let some: Vec<DocumentId> = ids
                .iter()
                .copied()
                .enumerate()
                .filter(|(n, _)| roll[1] >> n & 1 == 1)
                .map(|(_, id)| id)
                .collect();
            let one = ids[usize::from(roll[2]) % ids.len()];
            let act = roll[0] % 6;
            tokio::spawn(async move {
                let failed = match act {
                    0 => documents::open(&d, &staff, one).await.err(),
                    1 => documents::bulk(&d, &staff, &chosen(&some), BulkAct::Delete).await.err(),
                    2 => documents::undo(&d, &staff, one).await.err(),
                    3 => documents::bulk(&d, &staff, &chosen(&some), BulkAct::Unseen).await.err(),
                    4 => documents::bulk(&d, &staff, &chosen(&some), BulkAct::Done).await.err(),
                    _ => documents::bulk(&d, &staff, &chosen(&some), BulkAct::Reopen).await.err(),
                };
                if let Some(domain::Refused::Fault(fault)) = failed {
                    panic!("{fault}");
                }
            })
        });
        for act in join_all(acts).await {
            act.unwrap();
        }
        if round % 8 == 0 {
            check(&app, &house).await;
            for id in &ids {
                let _ = documents::undo(&app.d, &staff, *id).await;
            }
        }
    }
    check(&app, &house).await;
    app.advance(SignedDuration::from_secs(11));
    app.jobs().await;
    check(&app, &house).await;
    app.advance(SignedDuration::from_hours(24 * 31));
    app.jobs().await;
    check(&app, &house).await;
    assert_eq!(documents::list(&app.d, &staff, &DocumentQuery::default()).await.unwrap().total, 0);
}

#[tokio::test]
async fn each_filter_knows_its_total_and_so_does_the_menu() {
    let app = app().await;
    let house = app.house("Pharmacie des Lilas").await;
    let staff = app.pharmacist(&house).await;
    let mut ids = Vec::new();
    for _ in 0..3 {
        ids.push(app.document(&house, &staff, "a.png", files::PNG).await.0);
    }
    documents::open(&app.d, &staff, ids[0]).await.unwrap();
    documents::mark_done(&app.d, &staff, ids[1], true).await.unwrap();
    let hold = RetentionChange::Hold { reason: "contrôle".parse().unwrap() };
    documents::change_retention(&app.d, &staff, ids[0], &hold).await.unwrap();
    for (filter, total) in [
        (DocumentFilter::All, 3),
        (DocumentFilter::New, 2),
        (DocumentFilter::Seen, 1),
        (DocumentFilter::Done, 1),
    ] {
        let list = documents::list(&app.d, &staff, &DocumentQuery { filter, ..DocumentQuery::default() })
            .await
            .unwrap();
        assert_eq!((list.total, list.items.len() as u64), (total, total), "{filter:?}");
    }
    assert_eq!(documents::unseen(&app.d, &staff).await.unwrap(), 2);
    let (_, visitor) = app.document(&house, &staff, "a.png", files::PNG).await;
    documents::withdraw(&app.d, &visitor).await.unwrap();
    check(&app, &house).await;
}
