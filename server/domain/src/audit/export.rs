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

/// What the file says itself, in its reader's language. What was recorded stays as it is.
#[derive(Clone, Copy, Debug)]
pub struct Words {
    /// Over the columns, in the order of the fields: id, time, actor, roles, session, action, kind, id and name of the
    /// object, outcome, reason, detail, address, request.
    pub head: [&'static str; 14],
    /// That there are `{n}` older rows.
    pub missing: &'static str,
}

/// Exports what the query matches, newest first: times in UTC (RFC 3339), and in UTF-8 with the mark by which
/// spreadsheets know it. Where there is more than one export takes, its last line says so.
///
/// # Errors
/// An incident.
pub async fn export(d: &Domain, who: &Admin, query: &AuditQuery, words: &Words) -> Result<String, Refused> {
    let staff = who.staff();
    let zone = establishments::zone(d, staff.establishment).await?;
    let mut tx = TenantTx::begin(&d.db, staff.establishment).await?;
    let (found, total) = page(&mut tx, &zone, query, MAX_ROWS, 0).await?;
    write::by_staff(d, &mut tx, staff, write::Act { action: "audit.export", ..write::Act::default() })
        .await?;
    tx.commit().await?;
    let mut csv = String::from("\u{feff}");
    line(&mut csv, &words.head.map(str::to_owned));
    for row in &found {
        line(&mut csv, &fields(row));
    }
    if let Some(note) = note(words, total, found.len() as u64) {
        line(&mut csv, &[note]);
    }
    Ok(csv)
}

/// That not all is here.
fn note(words: &Words, total: u64, here: u64) -> Option<String> {
    let missing = total.checked_sub(here).filter(|missing| *missing > 0)?;
    Some(words.missing.replace("{n}", &missing.to_string()))
}

fn fields(row: &Found) -> [String; 14] {
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
        row.object_name.clone().unwrap_or_default(),
        row.outcome.clone(),
        row.reason.clone().unwrap_or_default(),
        row.detail.clone().unwrap_or_default(),
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
    use super::{Words, field, note};

    #[test]
    fn what_is_missing_is_said_in_the_readers_words() {
        let words = Words { head: [""; 14], missing: "{n} de plus" };
        assert_eq!(note(&words, 50_007, 50_000).as_deref(), Some("7 de plus"));
        assert_eq!(note(&words, 3, 3), None);
    }

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
