//! Nobody asks for a second connection while holding one: as many at once as there are connections would wait for each
//! other. One connection shows it.

use domain::{audit, codes, documents, establishments, jobs, members, statistics};
use model::{
    audit::AuditQuery,
    codes::CodeScope,
    documents::{BulkAct, DocumentQuery},
    list::Page,
};
use tokio::io::AsyncReadExt;

use crate::support::{Node, app_with, chosen, files};

#[tokio::test]
async fn one_connection_is_enough_for_every_use_case() {
    let app = app_with(Node { connections: 1, ..Node::default() }).await;
    let house = app.house("Pharmacie des Lilas").await;
    let staff = app.pharmacist(&house).await;
    let (id, _) = app.document(&house, &staff, "a.png", files::PNG).await;
    jobs::run_due(&app.d).await.unwrap();

    // A node that has just begun knows no key and no settings yet.
    let d = app.node(Node { connections: 1, ..Node::default() });
    let mut content = documents::download(&d, &staff, id).await.unwrap().content;
    content.read_to_end(&mut Vec::new()).await.unwrap();
    documents::open(&d, &staff, id).await.unwrap();
    documents::list(&d, &staff, &DocumentQuery::default()).await.unwrap();
    documents::unseen(&d, &staff).await.unwrap();
    documents::bulk(&d, &staff, &chosen(&[id]), BulkAct::Done).await.unwrap();
    codes::list(&d, &staff, CodeScope::All, None, Page::default()).await.unwrap();
    statistics::overview(&d, &staff).await.unwrap();
    let admin = app.admin(&house).await;
    audit::list(&d, &admin, &AuditQuery::default()).await.unwrap();
    establishments::read_settings(&d, &admin).await.unwrap();
    members::list(&d, &admin, None, Page::default()).await.unwrap();
    documents::delete(&d, &staff, id).await.unwrap();
    jobs::run_due(&d).await.unwrap();
}
