//! Reading the audit, for administrators.

use jiff::Timestamp;
use jiff_sqlx::ToSqlx;
use model::{
    audit::{AuditEntry, AuditQuery},
    list::Paged,
};
use uuid::Uuid;

use crate::{
    Admin, Domain, Fault, Refused, audit,
    clock::moment,
    db::TenantTx,
    establishments::{self, day_range},
};

/// One page of entries, newest first, and the total. Reading the audit is itself an act, each page of it.
///
/// # Errors
/// An incident.
pub async fn list(d: &Domain, who: &Admin, query: &AuditQuery) -> Result<Paged<AuditEntry>, Refused> {
    let staff = who.staff();
    let zone = establishments::zone(d, staff.establishment).await?;
    let mut tx = TenantTx::begin(&d.db, staff.establishment).await?;
    let (found, total) = page(&mut tx, &zone, query, query.page.limit(), query.page.offset()).await?;
    audit::by_staff(d, &mut tx, staff, audit::Act { action: "audit.read", ..audit::Act::default() }).await?;
    tx.commit().await?;
    let items = found
        .into_iter()
        .map(|row| AuditEntry {
            id: row.id,
            at: moment(row.at, &zone),
            actor: row.actor,
            roles: row.roles,
            action: row.action,
            object_kind: row.object_kind,
            object_id: row.object_id.map(|id| id.to_string()),
            object_name: row.object_name,
            outcome: row.outcome,
            reason: row.reason,
            detail: row.detail,
            address: row.address,
        })
        .collect();
    Ok(Paged { items, total, page: query.page })
}

/// A row as it lies in the audit.
pub(super) struct Found {
    pub id: i64,
    pub at: Timestamp,
    pub actor: String,
    pub roles: Vec<String>,
    pub session: Option<Uuid>,
    pub action: String,
    pub object_kind: Option<String>,
    pub object_id: Option<Uuid>,
    pub object_name: Option<String>,
    pub outcome: String,
    pub reason: Option<String>,
    pub detail: Option<String>,
    pub address: Option<String>,
    pub request: Option<Uuid>,
}

/// Rows that match, and how many there are in all.
pub(super) async fn page(
    tx: &mut TenantTx,
    zone: &jiff::tz::TimeZone,
    query: &AuditQuery,
    limit: i64,
    offset: i64,
) -> Result<(Vec<Found>, u64), Fault> {
    let (from, to) = day_range(zone, query.from.as_deref(), query.to.as_deref());
    let capability = query.capability.as_deref().map(|name| format!("{name}."));
    let search = query.search.as_ref().map(|text| establishments::fold(text.as_str()));
    let rows = sqlx::query!(
        r#"SELECT a.id, a.at, a.actor_kind, s.display_name AS "display_name?", a.roles, a.action, a.object_kind,
               a.object_id, nullif(o.display_name, '') AS object_name, a.outcome, a.reason, host(a.address) AS address,
               a.session_id, a.request_id, a.detail
           FROM audit a LEFT JOIN staff s ON s.id = a.actor_id
               LEFT JOIN staff o ON o.id = a.object_id AND a.object_kind = 'user'
           WHERE a.at >= $1 AND a.at < $2
             AND ($3::text IS NULL OR starts_with(a.action, $3))
             AND ($4::text IS NULL OR strpos(coalesce(s.search_text, a.actor_kind), $4) > 0
                  OR strpos(o.search_text, $4) > 0 OR strpos(a.action, $4) > 0 OR a.object_id::text = $4)
           ORDER BY a.at DESC, a.id DESC LIMIT $5 OFFSET $6"#,
        from.to_sqlx() as _,
        to.to_sqlx() as _,
        capability,
        search,
        limit,
        offset,
    )
    .fetch_all(&mut **tx)
    .await?;
    // Counted apart: a page past the end has no row to carry the total.
    let total = sqlx::query_scalar!(
        r#"SELECT count(*) AS "n!" FROM audit a LEFT JOIN staff s ON s.id = a.actor_id
               LEFT JOIN staff o ON o.id = a.object_id AND a.object_kind = 'user'
           WHERE a.at >= $1 AND a.at < $2
             AND ($3::text IS NULL OR starts_with(a.action, $3))
             AND ($4::text IS NULL OR strpos(coalesce(s.search_text, a.actor_kind), $4) > 0
                  OR strpos(o.search_text, $4) > 0 OR strpos(a.action, $4) > 0 OR a.object_id::text = $4)"#,
        from.to_sqlx() as _,
        to.to_sqlx() as _,
        capability,
        search,
    )
    .fetch_one(&mut **tx)
    .await?;
    let found = rows
        .into_iter()
        .map(|row| Found {
            id: row.id,
            at: row.at.to_jiff(),
            actor: row.display_name.unwrap_or(row.actor_kind),
            roles: row.roles,
            session: row.session_id,
            action: row.action,
            object_kind: row.object_kind,
            object_id: row.object_id,
            object_name: row.object_name,
            outcome: row.outcome,
            reason: row.reason,
            detail: row.detail,
            address: row.address,
            request: row.request_id,
        })
        .collect();
    Ok((found, u64::try_from(total).unwrap_or_default()))
}
