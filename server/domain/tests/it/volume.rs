//! A hundred thousand documents: the inbox reads a page of them, not all.

use std::time::Instant;

use domain::documents;
use model::{
    documents::{DocumentFilter, DocumentQuery},
    list::Page,
};

use crate::support::{App, House, Node, app};

/// Fills an establishment with documents of one code, a minute apart.
async fn fill(app: &App, house: &House, documents: u32) {
    let staff = app.pharmacist(house).await;
    let (_, _) = app.document(house, &staff, "a.png", crate::support::files::PNG).await;
    let t = house.schema();
    app.alter(&format!(
        "INSERT INTO {t}.deposit_items (id, deposit_id, ordinal, idempotency_key, received_at)
         SELECT gen_random_uuid(), (SELECT id FROM {t}.deposits), n + 1, 'cle-' || n, now() - n * interval '1 minute'
         FROM generate_series(1, {documents}) n;
         INSERT INTO {t}.documents (id, item_id, deposit_id, code_id, name, kind, size, sha256, header, blob, state, received_at,
             unread, delete_at, search_text)
         SELECT gen_random_uuid(), i.id, i.deposit_id, (SELECT id FROM {t}.codes), 'IMG_' || i.ordinal || '.jpg', 'jpeg', 1, sha256('x'),
             decode(repeat('ab', 200), 'hex'), 'b/' || i.ordinal, 'checked', i.received_at, i.ordinal % 50 = 0,
             now() + interval '30 days', 'ordonnance du 12 mars 26-1234-5678 img_' || i.ordinal || '.jpg'
         FROM {t}.deposit_items i WHERE i.ordinal > 1",
    ))
    .await;
    app.alter(&format!("VACUUM ANALYZE {t}.documents")).await;
}

#[tokio::test]
async fn the_first_pages_of_a_long_inbox_are_read_by_the_index() {
    let app = app().await;
    let house = app.house("Pharmacie des Lilas").await;
    fill(&app, &house, 100_000).await;
    let staff = app.pharmacist(&house).await;
    let reads = format!(
        "SELECT seq_tup_read + idx_tup_fetch FROM pg_stat_user_tables WHERE schemaname = '{}' AND relname = 'documents'",
        house.schema()
    );
    let node = app.node(Node { connections: 1, ..Node::default() });
    let before = app.count(&reads).await;
    let mut times = Vec::new();
    for n in 0..60 {
        let filter = if n % 2 == 0 { DocumentFilter::All } else { DocumentFilter::New };
        let query = DocumentQuery { filter, page: Page::new(1 + n % 3, 25), ..DocumentQuery::default() };
        let started = Instant::now();
        let list = documents::list(&node, &staff, &query).await.unwrap();
        times.push(started.elapsed());
        assert_eq!((list.items.len(), list.total > 1_900), (25, true));
    }
    times.sort_unstable();
    println!("list of 100,000: median {:?}, worst {:?}", times[30], times[59]);
    // Counters are written when the connection ends.
    node.db.close().await;
    tokio::time::sleep(std::time::Duration::from_millis(300)).await;
    let read = app.count(&reads).await - before;
    println!("{read} rows read");
    assert!(read < 60 * 1_000, "{read} rows were fetched for 60 pages");
}
