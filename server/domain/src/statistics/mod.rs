//! Figures of the staff's home page.

use jiff_sqlx::ToSqlx;
use model::{roles::Permission, statistics::Overview};

use crate::{Domain, Refused, Staff, clock, codes, db::TenantTx, documents, establishments};

const DAYS: i64 = 30;
const SOON_DAYS: i64 = 3;
/// Codes that end within so many days are listed as ending soon.
const WEEK: i64 = 7;
const SHOWN: i64 = 5;

/// What the home page shows. Who may not list documents or codes sees none of them.
///
/// # Errors
/// An incident.
pub async fn overview(d: &Domain, who: &Staff) -> Result<Overview, Refused> {
    let may_list = who.roles.allow(Permission::ListDocuments);
    let may_codes = who.roles.allow(Permission::Codes);
    let none =
        Overview { unseen: 0, active_codes: 0, expiring: 0, newest: vec![], ending: vec![], days: vec![] };
    if !may_list && !may_codes {
        return Ok(none);
    }
    let zone = establishments::zone(d, who.establishment).await?;
    let zone_name = zone.iana_name().unwrap_or("UTC").to_owned();
    let now = d.now();
    let mut tx = TenantTx::begin(&d.db, who.establishment).await?;
    let counts = sqlx::query!(
        r#"SELECT
             (SELECT unread FROM inbox) AS "unseen!",
             (SELECT count(*) FROM documents WHERE delete_at <= $2 AND hold_reason IS NULL AND deleting_since IS NULL) AS "expiring!",
             (SELECT count(*) FROM codes WHERE revoked_at IS NULL AND expires_at > $1 AND uses < max_deposits) AS "active!""#,
        now.to_sqlx() as _,
        clock::days(now, SOON_DAYS).to_sqlx() as _,
    )
    .fetch_one(&mut *tx)
    .await?;
    // Items outlive documents: the chart doesn't shrink when retention passes.
    let days = sqlx::query!(
        r#"SELECT to_char(day, 'YYYY-MM-DD') AS "day!", count(i.id) AS "n!"
           FROM generate_series(date_trunc('day', $1::timestamptz AT TIME ZONE $2) - make_interval(days => 29),
                    date_trunc('day', $1::timestamptz AT TIME ZONE $2), interval '1 day') AS day
           LEFT JOIN deposit_items i ON i.received_at >= $3 AND date_trunc('day', i.received_at AT TIME ZONE $2) = day
           GROUP BY day ORDER BY day"#,
        now.to_sqlx() as _,
        zone_name,
        clock::days(now, -DAYS - 1).to_sqlx() as _,
    )
    .fetch_all(&mut *tx)
    .await?;
    let newest = sqlx::query_as!(
        documents::Row,
        r#"SELECT doc.id, p.reference, doc.name, doc.kind, doc.size, doc.state, doc.pages, doc.code_id, c.label,
               doc.received_at, doc.seen_at, s.display_name AS "seen_by?", doc.unread, doc.done_at, doc.delete_at,
               doc.hold_reason
           FROM documents doc JOIN deposits p ON p.id = doc.deposit_id JOIN codes c ON c.id = doc.code_id
           LEFT JOIN staff s ON s.id = doc.seen_by
           WHERE doc.deleting_since IS NULL ORDER BY doc.received_at DESC, doc.id DESC LIMIT $1"#,
        SHOWN
    )
    .fetch_all(&mut *tx)
    .await?;
    let ending = sqlx::query_as!(
        codes::Row,
        r#"SELECT c.id, c.label, c.note, c.uses, c.max_deposits, c.max_files, s.display_name AS author, c.created_at,
               c.expires_at, c.revoked_at, c.last_used_at,
               (SELECT count(*) FROM documents d WHERE d.code_id = c.id AND d.deleting_since IS NULL) AS "documents!"
           FROM codes c JOIN staff s ON s.id = c.author_id
           WHERE c.revoked_at IS NULL AND c.expires_at > $1 AND c.uses < c.max_deposits
           ORDER BY c.expires_at, c.id LIMIT $2"#,
        now.to_sqlx() as _,
        SHOWN
    )
    .fetch_all(&mut *tx)
    .await?;
    tx.commit().await?;
    let number = |n: i64| u64::try_from(n).unwrap_or_default();
    Ok(Overview {
        unseen: if may_list { number(counts.unseen) } else { 0 },
        active_codes: if may_codes { number(counts.active) } else { 0 },
        expiring: if may_list { number(counts.expiring) } else { 0 },
        newest: if may_list {
            newest.into_iter().map(|row| documents::summary(row, &zone)).collect::<Result<_, _>>()?
        } else {
            vec![]
        },
        ending: if may_codes {
            // In their order: what ends later than in a week is not soon.
            let soon = clock::days(now, WEEK);
            ending
                .into_iter()
                .take_while(|row| row.expires_at.to_jiff() <= soon)
                .map(|row| codes::summary(row, now, &zone))
                .collect()
        } else {
            vec![]
        },
        days: if may_list { days.into_iter().map(|row| (row.day, number(row.n))).collect() } else { vec![] },
    })
}
