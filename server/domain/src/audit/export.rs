//! The audit as CSV (RFC 4180), safe to open in a spreadsheet.

use model::audit::{AuditEntry, AuditQuery};

use super::{list::page, write};
use crate::{Admin, Domain, Refused, db::TenantTx, establishments};

/// Most rows of one export: more than that is asked for by dates.
const MAX_ROWS: i64 = 50_000;

/// Exports what the query matches, newest first.
///
/// # Errors
/// An incident.
pub async fn export(d: &Domain, who: &Admin, query: &AuditQuery) -> Result<String, Refused> {
    let staff = who.staff();
    let zone = establishments::zone(d, staff.establishment).await?;
    let mut tx = TenantTx::begin(&d.db, staff.establishment).await?;
    let (entries, _) = page(&mut tx, &zone, query, MAX_ROWS, 0).await?;
    write::by_staff(d, &mut tx, staff, write::Act { action: "audit.export", ..write::Act::default() })
        .await?;
    tx.commit().await?;
    let mut csv = String::from("id,at,actor,roles,action,object_kind,object_id,outcome,reason,address\r\n");
    for entry in &entries {
        row(&mut csv, entry);
    }
    Ok(csv)
}

fn row(csv: &mut String, entry: &AuditEntry) {
    let at = entry.at.datetime_attribute();
    let (id, roles) = (entry.id.to_string(), entry.roles.join(" "));
    let none = String::new();
    let fields = [
        &id,
        &at,
        &entry.actor,
        &roles,
        &entry.action,
        entry.object_kind.as_ref().unwrap_or(&none),
        entry.object_id.as_ref().unwrap_or(&none),
        &entry.outcome,
        entry.reason.as_ref().unwrap_or(&none),
        entry.address.as_ref().unwrap_or(&none),
    ];
    for (i, text) in fields.into_iter().enumerate() {
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
