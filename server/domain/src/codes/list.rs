//! The list of codes.

use jiff::{Timestamp, tz::TimeZone};
use jiff_sqlx::ToSqlx;
use model::{
    codes::{CodeScope, CodeState, CodeSummary},
    ids::CodeId,
    list::{Page, Paged},
    roles::Permission,
    text::Search,
};

use crate::{Domain, Refused, Staff, clock::moment, db::TenantTx, establishments};

/// A code's row, as every query of codes selects it.
pub(crate) struct Row {
    pub id: uuid::Uuid,
    pub label: String,
    pub note: Option<String>,
    pub uses: i32,
    pub max_deposits: i32,
    pub max_files: i32,
    pub author: String,
    pub created_at: jiff_sqlx::Timestamp,
    pub expires_at: jiff_sqlx::Timestamp,
    pub revoked_at: Option<jiff_sqlx::Timestamp>,
    pub last_used_at: Option<jiff_sqlx::Timestamp>,
    pub documents: i64,
}

/// Where a code stands.
pub(crate) fn state(row: &Row, now: Timestamp) -> CodeState {
    if row.revoked_at.is_some() {
        CodeState::Revoked
    } else if row.uses >= row.max_deposits {
        CodeState::Exhausted
    } else if row.expires_at.to_jiff() <= now {
        CodeState::Expired
    } else {
        CodeState::Active
    }
}

/// The row as lists show it.
pub(crate) fn summary(row: Row, now: Timestamp, zone: &TimeZone) -> CodeSummary {
    let state = state(&row, now);
    let number = |n: i32| u32::try_from(n).unwrap_or_default();
    CodeSummary {
        id: CodeId(row.id),
        label: row.label,
        note: row.note,
        state,
        uses: number(row.uses),
        max_deposits: number(row.max_deposits),
        max_files: number(row.max_files),
        author: row.author,
        created_at: moment(row.created_at.to_jiff(), zone),
        expires_at: moment(row.expires_at.to_jiff(), zone),
        last_used_at: row.last_used_at.map(|at| moment(at.to_jiff(), zone)),
        documents: u64::try_from(row.documents).unwrap_or_default(),
    }
}

/// One page of codes, newest first, and the total.
///
/// # Errors
/// [`Refused::Forbidden`] without [`Permission::Codes`]; an incident.
pub async fn list(
    d: &Domain,
    who: &Staff,
    scope: CodeScope,
    search: Option<&Search>,
    page: Page,
) -> Result<Paged<CodeSummary>, Refused> {
    who.require(d, Permission::Codes, "codes.list").await?;
    let zone = establishments::zone(d, who.establishment).await?;
    let now = d.now();
    let active = match scope {
        CodeScope::Active => Some(true),
        CodeScope::Past => Some(false),
        CodeScope::All => None,
    };
    let words = search.map(|text| establishments::fold(text.as_str()));
    let mut tx = TenantTx::begin(&d.db, who.establishment).await?;
    let rows = sqlx::query_as!(
        Row,
        r#"SELECT c.id, c.label, c.note, c.uses, c.max_deposits, c.max_files, s.display_name AS author, c.created_at,
               c.expires_at, c.revoked_at, c.last_used_at,
               (SELECT count(*) FROM documents d WHERE d.code_id = c.id AND d.deleting_since IS NULL) AS "documents!"
           FROM codes c JOIN staff s ON s.id = c.author_id
           WHERE ($1::boolean IS NULL
                  OR (c.revoked_at IS NULL AND c.uses < c.max_deposits AND c.expires_at > $2) = $1)
             AND ($3::text IS NULL OR strpos(c.search_text, $3) > 0 OR strpos(s.search_text, $3) > 0)
           ORDER BY c.created_at DESC, c.id DESC LIMIT $4 OFFSET $5"#,
        active,
        now.to_sqlx() as _,
        words,
        page.limit(),
        page.offset(),
    )
    .fetch_all(&mut *tx)
    .await?;
    let total = sqlx::query_scalar!(
        r#"SELECT count(*) AS "n!" FROM codes c JOIN staff s ON s.id = c.author_id
           WHERE ($1::boolean IS NULL
                  OR (c.revoked_at IS NULL AND c.uses < c.max_deposits AND c.expires_at > $2) = $1)
             AND ($3::text IS NULL OR strpos(c.search_text, $3) > 0 OR strpos(s.search_text, $3) > 0)"#,
        active,
        now.to_sqlx() as _,
        words,
    )
    .fetch_one(&mut *tx)
    .await?;
    tx.commit().await?;
    let items = rows.into_iter().map(|row| summary(row, now, &zone)).collect();
    Ok(Paged { items, total: u64::try_from(total).unwrap_or_default(), page })
}
