//! The inbox.

use jiff::tz::TimeZone;
use jiff_sqlx::ToSqlx;
use model::{
    documents::{
        DocumentFilter, DocumentQuery, DocumentSort, DocumentState, DocumentSummary, FileKind, Seen,
    },
    ids::{CodeId, DocumentId},
    list::{Page, Paged},
    roles::Permission,
};

use uuid::Uuid;

use crate::{
    Domain, Fault, Refused, Staff,
    clock::moment,
    db::{Kind, TenantTx},
    establishments::{self, day_range},
};

/// A document's row, as every query of documents selects it.
pub(crate) struct Row {
    pub id: uuid::Uuid,
    pub reference: String,
    pub name: String,
    pub kind: String,
    pub size: i64,
    pub state: String,
    pub pages: Option<i32>,
    pub code_id: uuid::Uuid,
    pub label: String,
    pub received_at: jiff_sqlx::Timestamp,
    pub seen_at: Option<jiff_sqlx::Timestamp>,
    pub seen_by: Option<String>,
    pub unread: bool,
    pub done_at: Option<jiff_sqlx::Timestamp>,
    pub delete_at: jiff_sqlx::Timestamp,
    pub hold_reason: Option<String>,
}

/// The row as lists show it. `seen` follows the staff's mark: a document marked unseen again reads as new.
pub(crate) fn summary(row: Row, zone: &TimeZone) -> Result<DocumentSummary, Fault> {
    let seen = row
        .seen_at
        .filter(|_| !row.unread)
        .map(|at| Seen { at: moment(at.to_jiff(), zone), by: row.seen_by.unwrap_or_default() });
    Ok(DocumentSummary {
        id: DocumentId(row.id),
        reference: row.reference,
        name: row.name,
        kind: FileKind::from_name(&row.kind).ok_or_else(|| Fault::Data("file kind".into()))?,
        size: u64::try_from(row.size).unwrap_or_default(),
        state: DocumentState::from_name(&row.state),
        pages: row.pages.and_then(|n| u32::try_from(n).ok()),
        code: CodeId(row.code_id),
        label: row.label,
        received_at: moment(row.received_at.to_jiff(), zone),
        seen,
        done: row.done_at.is_some(),
        delete_at: row.hold_reason.is_none().then(|| moment(row.delete_at.to_jiff(), zone)),
        hold_reason: row.hold_reason,
    })
}

/// What a query looks for, as SQL takes it.
struct Wanted {
    from: jiff_sqlx::Timestamp,
    to: jiff_sqlx::Timestamp,
    code: Option<Uuid>,
    filter: &'static str,
    words: Vec<String>,
}

/// One page of documents and the total.
///
/// # Errors
/// [`Refused::Forbidden`] without [`Permission::ListDocuments`]; an incident.
pub async fn list(d: &Domain, who: &Staff, query: &DocumentQuery) -> Result<Paged<DocumentSummary>, Refused> {
    who.require(d, Permission::ListDocuments, "documents.list").await?;
    let zone = establishments::zone(d, who.establishment).await?;
    let (from, to) = day_range(&zone, query.from.as_deref(), query.to.as_deref());
    let words = query.search.as_ref().map(|text| establishments::fold(text.as_str()));
    let wanted = Wanted {
        from: from.to_sqlx(),
        to: to.to_sqlx(),
        code: query.code.map(|code| code.0),
        filter: match query.filter {
            DocumentFilter::New => "new",
            DocumentFilter::Seen => "seen",
            DocumentFilter::Done => "done",
            DocumentFilter::All => "all",
        },
        words: words.iter().flat_map(|words| words.split_whitespace()).map(str::to_owned).collect(),
    };
    let narrowed =
        query.from.is_some() || query.to.is_some() || wanted.code.is_some() || !wanted.words.is_empty();
    let usual = !narrowed && query.sort == DocumentSort::Newest;
    let kind = if usual { Kind::KeptPlans } else { Kind::Ordinary };
    let mut tx = TenantTx::begin_as(&d.db, who.establishment, kind).await?;
    let total =
        if narrowed { count(&mut tx, &wanted).await? } else { count_all(&mut tx, query.filter).await? };
    let rows = if usual {
        newest(&mut tx, query.filter, query.page).await?
    } else {
        rows(&mut tx, &wanted, query.sort, query.page).await?
    };
    tx.commit().await?;
    let items = rows.into_iter().map(|row| summary(row, &zone)).collect::<Result<_, _>>()?;
    Ok(Paged { items, total: u64::try_from(total).unwrap_or_default(), page: query.page })
}

/// A page of a filter alone, newest first: what every visit begins with. A statement for each filter, each read from
/// its own index; the looked-up columns are subqueries because joins took PostgreSQL longer to plan than to run.
async fn newest(tx: &mut TenantTx, filter: DocumentFilter, page: Page) -> Result<Vec<Row>, Fault> {
    macro_rules! those {
        ($condition:literal) => {
            sqlx::query_as!(
                Row,
                r#"SELECT doc.id, (SELECT p.reference FROM deposits p WHERE p.id = doc.deposit_id) AS "reference!",
                       doc.name, doc.kind, doc.size, doc.state, doc.pages, doc.code_id,
                       (SELECT c.label FROM codes c WHERE c.id = doc.code_id) AS "label!", doc.received_at, doc.seen_at,
                       (SELECT s.display_name FROM staff s WHERE s.id = doc.seen_by) AS seen_by, doc.unread,
                       doc.done_at, doc.delete_at, doc.hold_reason
                   FROM documents doc WHERE doc.deleting_since IS NULL"# + $condition + " ORDER BY doc.received_at DESC, doc.id DESC LIMIT $1 OFFSET $2",
                page.limit(),
                page.offset(),
            )
            .fetch_all(&mut **tx)
            .await?
        };
    }
    Ok(match filter {
        DocumentFilter::New => those!(" AND doc.unread"),
        DocumentFilter::Seen => those!(" AND NOT doc.unread AND doc.done_at IS NULL"),
        DocumentFilter::Done => those!(" AND doc.done_at IS NOT NULL"),
        DocumentFilter::All => those!(""),
    })
}

/// A page of a narrowed list, in one of four orders. A statement for each, since only a plain order can be read from an index; the
/// conditions fold to those of the filter's own index when PostgreSQL plans with their values.
async fn rows(tx: &mut TenantTx, wanted: &Wanted, sort: DocumentSort, page: Page) -> Result<Vec<Row>, Fault> {
    macro_rules! in_order {
        ($order:literal) => {
            sqlx::query_as!(
                Row,
                r#"SELECT doc.id, p.reference, doc.name, doc.kind, doc.size, doc.state, doc.pages, doc.code_id, c.label,
                       doc.received_at, doc.seen_at, s.display_name AS "seen_by?", doc.unread, doc.done_at, doc.delete_at,
                       doc.hold_reason
                   FROM documents doc JOIN deposits p ON p.id = doc.deposit_id JOIN codes c ON c.id = doc.code_id
                   LEFT JOIN staff s ON s.id = doc.seen_by
                   WHERE doc.deleting_since IS NULL AND doc.received_at >= $1 AND doc.received_at < $2
                     AND ($3::uuid IS NULL OR doc.code_id = $3)
                     AND CASE $4 WHEN 'new' THEN doc.unread WHEN 'seen' THEN NOT doc.unread AND doc.done_at IS NULL
                         WHEN 'done' THEN doc.done_at IS NOT NULL ELSE true END
                     AND (cardinality($5::text[]) = 0
                          OR (SELECT bool_and(strpos(doc.search_text, word) > 0) FROM unnest($5::text[]) AS word))
                   ORDER BY "# + $order + " LIMIT $6 OFFSET $7",
                wanted.from as _,
                wanted.to as _,
                wanted.code,
                wanted.filter,
                &wanted.words,
                page.limit(),
                page.offset(),
            )
            .fetch_all(&mut **tx)
            .await?
        };
    }
    Ok(match sort {
        DocumentSort::Newest => in_order!("doc.received_at DESC, doc.id DESC"),
        DocumentSort::Oldest => in_order!("doc.received_at, doc.id"),
        DocumentSort::Name => in_order!("lower(doc.name), doc.received_at DESC, doc.id DESC"),
        // Held documents last: nothing is planned for them.
        DocumentSort::ExpiresFirst => {
            in_order!(
                "CASE WHEN doc.hold_reason IS NULL THEN doc.delete_at END, doc.received_at DESC, doc.id DESC"
            )
        }
    })
}

/// How many a narrowed query finds.
async fn count(tx: &mut TenantTx, wanted: &Wanted) -> Result<i64, Fault> {
    let n = sqlx::query_scalar!(
        r#"SELECT count(*) AS "n!" FROM documents doc
           WHERE doc.deleting_since IS NULL AND doc.received_at >= $1 AND doc.received_at < $2
             AND ($3::uuid IS NULL OR doc.code_id = $3)
             AND CASE $4 WHEN 'new' THEN doc.unread WHEN 'seen' THEN NOT doc.unread AND doc.done_at IS NULL
                 WHEN 'done' THEN doc.done_at IS NOT NULL ELSE true END
             AND (cardinality($5::text[]) = 0
                  OR (SELECT bool_and(strpos(doc.search_text, word) > 0) FROM unnest($5::text[]) AS word))"#,
        wanted.from as _,
        wanted.to as _,
        wanted.code,
        wanted.filter,
        &wanted.words,
    )
    .fetch_one(&mut **tx)
    .await?;
    Ok(n)
}

/// How many a filter alone finds: kept in one row, whatever their number.
async fn count_all(tx: &mut TenantTx, filter: DocumentFilter) -> Result<i64, Fault> {
    let inbox = sqlx::query!("SELECT listed, unread, seen, done FROM inbox").fetch_one(&mut **tx).await?;
    Ok(match filter {
        DocumentFilter::New => inbox.unread,
        DocumentFilter::Seen => inbox.seen,
        DocumentFilter::Done => inbox.done,
        DocumentFilter::All => inbox.listed,
    })
}

/// How many documents nobody has opened.
///
/// # Errors
/// [`Refused::Forbidden`] without [`Permission::ListDocuments`]; an incident.
pub async fn unseen(d: &Domain, who: &Staff) -> Result<u64, Refused> {
    if !who.roles.allow(Permission::ListDocuments) {
        // Asked for by every page's menu: not worth an audit row.
        return Err(Refused::Forbidden);
    }
    let mut tx = TenantTx::begin(&d.db, who.establishment).await?;
    let n = count_all(&mut tx, DocumentFilter::New).await?;
    tx.commit().await?;
    Ok(u64::try_from(n).unwrap_or_default())
}
