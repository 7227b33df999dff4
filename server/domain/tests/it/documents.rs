//! The inbox: found, opened, marked, downloaded.

use domain::{
    Refused,
    documents::{self, PageError},
};
use jiff::SignedDuration;
use model::{
    documents::{BulkAct, DocumentFilter, DocumentQuery, DocumentSort, DocumentState, Selection},
    ids::{DocumentId, SessionId},
    list::Page,
};
use uuid::Uuid;
use viewer::PageRequest;

use crate::support::{App, House, Node, app, app_with, chosen, files};

async fn names(app: &App, staff: &domain::Staff, query: DocumentQuery) -> (Vec<String>, u64) {
    let list = documents::list(&app.d, staff, &query).await.unwrap();
    (list.items.into_iter().map(|document| document.name).collect(), list.total)
}

async fn inbox() -> (App, House, domain::Staff, Vec<DocumentId>) {
    let app = app().await;
    let house = app.house("Pharmacie des Lilas").await;
    let staff = app.pharmacist(&house).await;
    let mut ids = Vec::new();
    for name in ["bilan.pdf", "Élan.pdf", "carte.pdf", "Ordonnance.pdf"] {
        ids.push(app.document(&house, &staff, name, &files::pdf(name, 0)).await.0);
        app.advance(SignedDuration::from_mins(1));
    }
    (app, house, staff, ids)
}

#[tokio::test]
async fn the_inbox_is_sorted_filtered_searched_and_paged_with_its_total() {
    let (app, _, staff, ids) = inbox().await;
    let query = DocumentQuery::default;
    let newest = ["Ordonnance.pdf", "carte.pdf", "Élan.pdf", "bilan.pdf"].map(str::to_owned);
    assert_eq!(names(&app, &staff, query()).await, (newest.to_vec(), 4));
    let mut oldest = newest.to_vec();
    oldest.reverse();
    assert_eq!(names(&app, &staff, DocumentQuery { sort: DocumentSort::Oldest, ..query() }).await.0, oldest);
    let by_name = names(&app, &staff, DocumentQuery { sort: DocumentSort::Name, ..query() }).await.0;
    assert_eq!(by_name[..3], ["bilan.pdf", "carte.pdf", "Ordonnance.pdf"]);

    documents::change_retention(
        &app.d,
        &staff,
        ids[2],
        &model::documents::RetentionChange::Shorten { days: 2.try_into().unwrap() },
    )
    .await
    .unwrap();
    documents::open(&app.d, &staff, ids[0]).await.unwrap();
    let hold = model::documents::RetentionChange::Hold { reason: "contrôle".parse().unwrap() };
    documents::change_retention(&app.d, &staff, ids[0], &hold).await.unwrap();
    let expiring = names(&app, &staff, DocumentQuery { sort: DocumentSort::ExpiresFirst, ..query() }).await.0;
    assert_eq!((expiring[0].as_str(), expiring[3].as_str()), ("carte.pdf", "bilan.pdf"));

    let page = names(&app, &staff, DocumentQuery { page: Page::new(2, 3), ..query() }).await;
    assert_eq!(page, (vec!["bilan.pdf".to_owned()], 4));

    for (search, found) in
        [("elan", 1), ("ÉLAN", 1), ("ordonnance mars", 4), ("ordonnance bilan", 1), ("rien", 0), ("%", 0)]
    {
        let search = Some(search.parse().unwrap());
        assert_eq!(
            names(&app, &staff, DocumentQuery { search: search.clone(), ..query() }).await.1,
            found,
            "{search:?}"
        );
    }
    let one = documents::list(&app.d, &staff, &query()).await.unwrap().items.remove(0);
    let by_code = DocumentQuery { code: Some(one.code), ..query() };
    assert_eq!(names(&app, &staff, by_code).await, (vec![one.name.clone()], 1));
    let by_reference = DocumentQuery { search: Some(one.reference.parse().unwrap()), ..query() };
    assert_eq!(names(&app, &staff, by_reference).await.1, 1);

    documents::mark_done(&app.d, &staff, ids[1], true).await.unwrap();
    documents::open(&app.d, &staff, ids[3]).await.unwrap();
    for (filter, total) in [
        (DocumentFilter::New, 2),
        (DocumentFilter::Seen, 2),
        (DocumentFilter::Done, 1),
        (DocumentFilter::All, 4),
    ] {
        assert_eq!(names(&app, &staff, DocumentQuery { filter, ..query() }).await.1, total, "{filter:?}");
    }
    for (from, to, total) in [("2000-01-01", "2000-12-31", 0), ("2000-01-01", "2999-12-31", 4)] {
        let dated = DocumentQuery { from: Some(from.into()), to: Some(to.into()), ..query() };
        assert_eq!(names(&app, &staff, dated).await.1, total);
    }
}

#[tokio::test]
async fn every_sort_gives_every_document_once_over_the_pages() {
    let (app, house, staff, _) = inbox().await;
    // Equal moments, equal names: only the id tells them apart.
    let code = app.code(&staff).await;
    let visitor = app.visitor(&house, &code).await;
    for _ in 0..3 {
        app.deposit(&visitor, "pareil.png", files::PNG).await.unwrap();
    }
    for sort in [DocumentSort::Newest, DocumentSort::Oldest, DocumentSort::Name, DocumentSort::ExpiresFirst] {
        let mut seen = std::collections::BTreeSet::new();
        for page in 1..=4 {
            let query = DocumentQuery { sort, page: Page::new(page, 2), ..DocumentQuery::default() };
            let list = documents::list(&app.d, &staff, &query).await.unwrap();
            assert_eq!(list.total, 7);
            seen.extend(list.items.into_iter().map(|document| document.id));
        }
        assert_eq!(seen.len(), 7, "{sort:?}");
    }
}

#[tokio::test]
async fn the_first_opening_is_what_the_receipt_calls_seen() {
    let app = app().await;
    let house = app.house("Pharmacie des Lilas").await;
    let (staff, other) = (app.pharmacist(&house).await, app.pharmacist(&house).await);
    let (id, visitor) = app.document(&house, &staff, "a.png", files::PNG).await;
    let token = documents::receipt_token(&app.d, &visitor);
    let receipt = async || documents::receipt(&app.d, house.id, &token).await.unwrap().unwrap();
    assert!(receipt().await.unseen);
    assert_eq!(documents::unseen(&app.d, &staff).await.unwrap(), 1);

    app.advance(SignedDuration::from_mins(5));
    let opened = documents::open(&app.d, &staff, id).await.unwrap();
    let seen = opened.view.summary.seen.unwrap();
    assert_eq!(documents::unseen(&app.d, &staff).await.unwrap(), 0);
    app.advance(SignedDuration::from_mins(5));
    let again = documents::open(&app.d, &other, id).await.unwrap();
    assert_eq!(again.view.summary.seen.unwrap(), seen);
    assert_eq!(receipt().await.items[0].seen_at.unwrap(), seen.at);
    assert!(!receipt().await.unseen);
    let audited = "audit WHERE action = 'documents.open' AND object_id IS NOT NULL";
    assert_eq!(app.count(&format!("SELECT count(*) FROM {}.{audited}", house.schema())).await, 2);

    // New again for the staff; the receipt keeps its word.
    documents::mark_unseen(&app.d, &staff, id).await.unwrap();
    assert_eq!(documents::unseen(&app.d, &staff).await.unwrap(), 1);
    assert_eq!(receipt().await.items[0].seen_at.unwrap(), seen.at);
    assert!(matches!(documents::withdraw(&app.d, &visitor).await, Err(documents::WithdrawError::Seen)));
}

#[tokio::test]
async fn neighbours_in_the_viewer_follow_the_inbox() {
    let (app, _, staff, ids) = inbox().await;
    let opened = documents::open(&app.d, &staff, ids[1]).await.unwrap().view;
    assert_eq!((opened.newer, opened.older), (Some(ids[2]), Some(ids[0])));
    documents::delete(&app.d, &staff, ids[2]).await.unwrap();
    let opened = documents::open(&app.d, &staff, ids[1]).await.unwrap().view;
    assert_eq!(opened.newer, Some(ids[3]));
    assert_eq!(documents::open(&app.d, &staff, ids[3]).await.unwrap().view.newer, None);
}

#[tokio::test]
async fn another_establishments_document_is_not_there() {
    let (app, _, staff, ids) = inbox().await;
    let stranger = app.pharmacist(&app.house("SSIAD du Canal").await).await;
    let (d, id) = (&app.d, ids[0]);
    assert!(matches!(documents::open(d, &stranger, id).await, Err(Refused::NotFound)));
    assert!(matches!(documents::download(d, &stranger, id).await.map(drop), Err(Refused::NotFound)));
    assert!(matches!(documents::delete(d, &stranger, id).await, Err(Refused::NotFound)));
    assert!(matches!(documents::mark_done(d, &stranger, id, true).await, Err(Refused::NotFound)));
    let ticket = documents::open(d, &staff, id).await.unwrap().ticket;
    assert!(matches!(
        documents::page(d, &stranger, id, &ticket, PageRequest::new(1)).await,
        Err(PageError::NotFound)
    ));
    assert_eq!(names(&app, &stranger, DocumentQuery::default()).await, (vec![], 0));
}

#[tokio::test]
async fn a_bulk_act_is_done_to_all_or_to_none() {
    let (app, house, staff, ids) = inbox().await;
    let done = format!("SELECT count(*) FROM {}.documents WHERE done_at IS NOT NULL", house.schema());
    let with_a_stranger = [ids[0], DocumentId(Uuid::from_u128(1))];
    for act in [BulkAct::Done, BulkAct::Delete] {
        assert!(matches!(
            documents::bulk(&app.d, &staff, &chosen(&with_a_stranger), act).await,
            Err(Refused::NotFound)
        ));
    }
    assert_eq!((app.count(&done).await, names(&app, &staff, DocumentQuery::default()).await.1), (0, 4));
    assert_eq!(
        documents::bulk(&app.d, &staff, &chosen(&[ids[0], ids[1], ids[0]]), BulkAct::Done).await.unwrap(),
        2
    );
    assert_eq!(app.count(&done).await, 2);
    documents::bulk(&app.d, &staff, &chosen(&ids[..2]), BulkAct::Reopen).await.unwrap();
    assert_eq!(app.count(&done).await, 0);
    let more = (0..=Selection::MAX).map(|n| DocumentId(Uuid::from_u128(n as u128))).collect::<Vec<_>>();
    assert!(Selection::try_from(more).is_err(), "refused, not cut short");
}

#[tokio::test]
async fn a_ticket_is_good_for_one_session_one_document_one_hour() {
    // Without a program to start, a good ticket ends in an incident: what matters is that it got so far.
    let app = app_with(Node { viewer: None, ..Node::default() }).await;
    let house = app.house("Pharmacie des Lilas").await;
    let staff = app.pharmacist(&house).await;
    let (id, _) = app.document(&house, &staff, "a.png", files::PNG).await;
    let (another, _) = app.document(&house, &staff, "b.png", files::PNG).await;
    let ticket = documents::open(&app.d, &staff, id).await.unwrap().ticket;
    let page = async |staff: &domain::Staff, id, ticket: &str| {
        documents::page(&app.d, staff, id, ticket, PageRequest::new(1)).await.map(drop)
    };
    assert!(matches!(page(&staff, id, &ticket).await, Err(PageError::Fault(_))));
    assert!(matches!(page(&staff, another, &ticket).await, Err(PageError::NotFound)));
    let session = domain::Staff { session: SessionId(Uuid::from_u128(99)), ..staff.clone() };
    assert!(matches!(page(&session, id, &ticket).await, Err(PageError::NotFound)));
    let (until, mac) = ticket.split_once('.').unwrap();
    let longer = format!("{}.{mac}", until.parse::<i64>().unwrap() + 3600);
    for forged in [longer.as_str(), "", ".", "9999999999.", mac] {
        assert!(matches!(page(&staff, id, forged).await, Err(PageError::NotFound)), "{forged}");
    }
    app.advance(SignedDuration::from_mins(61));
    assert!(matches!(page(&staff, id, &ticket).await, Err(PageError::NotFound)));
    let fresh = documents::open(&app.d, &staff, id).await.unwrap().ticket;
    documents::delete(&app.d, &staff, id).await.unwrap();
    assert!(matches!(page(&staff, id, &fresh).await, Err(PageError::NotFound)));
}

#[tokio::test]
async fn the_check_turns_received_into_checked_or_unreadable() {
    for (says, state, pages) in [
        (Node::default().viewer, DocumentState::Checked, Some(2)),
        (Some(r#"{"Refused":"Damaged"}"#), DocumentState::Unreadable, None),
    ] {
        let app = app_with(Node { viewer: says, ..Node::default() }).await;
        let house = app.house("Pharmacie des Lilas").await;
        let staff = app.pharmacist(&house).await;
        let (id, visitor) = app.document(&house, &staff, "a.png", files::PNG).await;
        app.jobs().await;
        let summary = documents::open(&app.d, &staff, id).await.unwrap().view.summary;
        assert_eq!((summary.state, summary.pages), (state, pages));
        let receipt = documents::receipt(&app.d, house.id, &documents::receipt_token(&app.d, &visitor))
            .await
            .unwrap()
            .unwrap();
        assert_eq!(receipt.items[0].state, state);
    }
}
