//! The audit as CSV (RFC 4180), safe to open in a spreadsheet.

use model::audit::AuditQuery;
use uuid::Uuid;

use super::{
    list::{Found, page},
    write,
};
use crate::{Admin, Domain, Refused, db::TenantTx, establishments};

/// Most rows of one export: more than that is asked for by dates.
const MAX_ROWS: i64 = 50_000;

const HEAD: [&str; 12] = [
    "id",
    "at",
    "actor",
    "roles",
    "session",
    "action",
    "object_kind",
    "object_id",
    "outcome",
    "reason",
    "address",
    "request",
];

/// Exports what the query matches, newest first: times in UTC (RFC 3339), and in UTF-8 with the mark by which
/// spreadsheets know it. Where there is more than one export takes, its last line says so.
///
/// # Errors
/// An incident.
pub async fn export(d: &Domain, who: &Admin, query: &AuditQuery) -> Result<String, Refused> {
    let staff = who.staff();
    let zone = establishments::zone(d, staff.establishment).await?;
    let mut tx = TenantTx::begin(&d.db, staff.establishment).await?;
    let (found, total) = page(&mut tx, &zone, query, MAX_ROWS, 0).await?;
    write::by_staff(d, &mut tx, staff, write::Act { action: "audit.export", ..write::Act::default() })
        .await?;
    tx.commit().await?;
    let mut csv = String::from("\u{feff}");
    line(&mut csv, &HEAD.map(str::to_owned));
    for row in &found {
        line(&mut csv, &fields(row));
    }
    if total > found.len() as u64 {
        let rest = total - found.len() as u64;
        line(&mut csv, &[format!("{rest} older rows are missing here: export them by their dates")]);
    }
    Ok(csv)
}

fn fields(row: &Found) -> [String; 12] {
    let text = |id: Option<Uuid>| id.map(|id| id.to_string()).unwrap_or_default();
    [
        row.id.to_string(),
        row.at.to_string(),
        row.actor.clone(),
        row.roles.join(" "),
        text(row.session),
        row.action.clone(),
        row.object_kind.clone().unwrap_or_default(),
        text(row.object_id),
        row.outcome.clone(),
        row.reason.clone().unwrap_or_default(),
        row.address.clone().unwrap_or_default(),
        text(row.request),
    ]
}

fn line(csv: &mut String, fields: &[String]) {
    for (i, text) in fields.iter().enumerate() {
        if i > 0 {
            csv.push(',');
        }
        field(csv, text);
    }
    csv.push_str("\r\n");
}

/// A field that begins like a formula gets an apostrophe: spreadsheets would otherwise run it (OWASP, CSV injection).
fn field(csv: &mut String, text: &str) {
    csv.push('"');
    if text.starts_with(['=', '+', '-', '@', '\t', '\r']) {
        csv.push('\'');
    }
    csv.push_str(&text.replace('"', "\"\""));
    csv.push('"');
}

#[cfg(test)]
mod tests {
    use super::field;

    #[test]
    fn a_formula_or_a_quote_cannot_leave_its_cell() {
        let written = |text: &str| {
            let mut csv = String::new();
            field(&mut csv, text);
            csv
        };
        assert_eq!(written("=1+1"), "\"'=1+1\"");
        assert_eq!(written("a\"b"), "\"a\"\"b\"");
        assert_eq!(written("-2"), "\"'-2\"");
    }
}
