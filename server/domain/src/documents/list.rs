//! The inbox.

use jiff::tz::TimeZone;
use jiff_sqlx::ToSqlx;
use model::{
    documents::{DocumentFilter, DocumentQuery, DocumentSort, DocumentState, DocumentSummary, FileKind, Seen},
    ids::{CodeId, DocumentId},
    list::Paged,
    roles::Permission,
};

use crate::{
    Domain, Fault, Refused, Staff,
    clock::moment,
    db::TenantTx,
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

/// One page of documents and the total.
///
/// # Errors
/// [`Refused::Forbidden`] without [`Permission::ListDocuments`]; an incident.
pub async fn list(d: &Domain, who: &Staff, query: &DocumentQuery) -> Result<Paged<DocumentSummary>, Refused> {
    who.require(d, Permission::ListDocuments, "documents.list").await?;
    let zone = establishments::zone(d, who.establishment).await?;
    let (from, to) = day_range(&zone, query.from.as_deref(), query.to.as_deref());
    let words: Vec<String> = query
        .search
        .as_ref()
        .map(|text| establishments::fold(text.as_str()).split_whitespace().map(str::to_owned).collect())
        .unwrap_or_default();
    let filter = match query.filter {
        DocumentFilter::New => "new",
        DocumentFilter::Seen => "seen",
        DocumentFilter::Done => "done",
        DocumentFilter::All => "all",
    };
    let sort = match query.sort {
        DocumentSort::Newest => "newest",
        DocumentSort::Oldest => "oldest",
        DocumentSort::Name => "name",
        DocumentSort::ExpiresFirst => "expires",
    };
    let mut tx = TenantTx::begin(&d.db, who.establishment).await?;
    let total = sqlx::query_scalar!(
        r#"SELECT count(*) AS "n!" FROM documents doc
           WHERE doc.deleting_since IS NULL AND doc.received_at >= $1 AND doc.received_at < $2
             AND ($3::uuid IS NULL OR doc.code_id = $3)
             AND CASE $4 WHEN 'new' THEN doc.unread WHEN 'seen' THEN NOT doc.unread AND doc.done_at IS NULL
                 WHEN 'done' THEN doc.done_at IS NOT NULL ELSE true END
             AND (cardinality($5::text[]) = 0
                  OR (SELECT bool_and(strpos(doc.search_text, word) > 0) FROM unnest($5::text[]) AS word))"#,
        from.to_sqlx() as _,
        to.to_sqlx() as _,
        query.code.map(|code| code.0),
        filter,
        &words,
    )
    .fetch_one(&mut *tx)
    .await?;
    let rows = sqlx::query_as!(
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
           ORDER BY CASE WHEN $6 = 'oldest' THEN doc.received_at END, CASE WHEN $6 = 'name' THEN lower(doc.name) END,
               CASE WHEN $6 = 'expires' THEN CASE WHEN doc.hold_reason IS NULL THEN doc.delete_at END END,
               doc.received_at DESC, doc.id DESC
           LIMIT $7 OFFSET $8"#,
        from.to_sqlx() as _,
        to.to_sqlx() as _,
        query.code.map(|code| code.0),
        filter,
        &words,
        sort,
        query.page.limit(),
        query.page.offset(),
    )
    .fetch_all(&mut *tx)
    .await?;
    tx.commit().await?;
    let items = rows.into_iter().map(|row| summary(row, &zone)).collect::<Result<_, _>>()?;
    Ok(Paged { items, total: u64::try_from(total).unwrap_or_default(), page: query.page })
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
    let n = sqlx::query_scalar!(
        r#"SELECT count(*) AS "n!" FROM documents WHERE unread AND deleting_since IS NULL"#
    )
    .fetch_one(&mut *tx)
    .await?;
    tx.commit().await?;
    Ok(u64::try_from(n).unwrap_or_default())
}
