//! Showing a code again: an act, for the value opens a deposit.

use jiff_sqlx::ToSqlx;
use model::{
    codes::{CodeState, CodeView},
    ids::CodeId,
    roles::Permission,
};

use super::{
    list::{Row, summary},
    secret::Sealed,
};
use crate::{
    Domain, Fault, Refused, Staff,
    audit::{self, Act},
    clock::moment,
    db::TenantTx,
    establishments,
};

/// Shows a code with its value while it is active.
///
/// # Errors
/// [`Refused::Forbidden`] without [`Permission::Codes`]; [`Refused::NotFound`]; an incident.
pub async fn show(d: &Domain, who: &Staff, id: CodeId) -> Result<CodeView, Refused> {
    who.require(d, Permission::Codes, "codes.show").await?;
    read(d, who, id, Some("codes.show")).await
}

/// The code with its value, without an audit row of its own: for the use cases that changed it just now.
pub(super) async fn view(d: &Domain, who: &Staff, id: CodeId) -> Result<CodeView, Refused> {
    read(d, who, id, None).await
}

async fn read(d: &Domain, who: &Staff, id: CodeId, act: Option<&str>) -> Result<CodeView, Refused> {
    let zone = establishments::zone(d, who.establishment).await?;
    let now = d.now();
    let mut tx = TenantTx::begin(&d.db, who.establishment).await?;
    let row = sqlx::query!(
        r#"SELECT c.id, c.label, c.note, c.uses, c.max_deposits, c.max_files, s.display_name AS author, c.created_at,
               c.expires_at, c.revoked_at, c.last_used_at, c.sealed,
               (SELECT count(*) FROM documents d WHERE d.code_id = c.id AND d.deleting_since IS NULL) AS "documents!"
           FROM codes c JOIN staff s ON s.id = c.author_id WHERE c.id = $1 AND c.created_at <= $2"#,
        id.0,
        now.to_sqlx() as _,
    )
    .fetch_optional(&mut *tx)
    .await?
    .ok_or(Refused::NotFound)?;
    let sealed = row.sealed;
    let summary = summary(
        Row {
            id: row.id,
            label: row.label,
            note: row.note,
            uses: row.uses,
            max_deposits: row.max_deposits,
            max_files: row.max_files,
            author: row.author,
            created_at: row.created_at,
            expires_at: row.expires_at,
            revoked_at: row.revoked_at,
            last_used_at: row.last_used_at,
            documents: row.documents,
        },
        now,
        &zone,
    );
    let sealed = sealed.filter(|_| summary.state == CodeState::Active);
    if let (Some(act), Some(_)) = (act, &sealed) {
        audit::by_staff(d, &mut tx, who, Act::on(act, "code", id.0)).await?;
    }
    tx.commit().await?;
    let secret = match sealed {
        Some(sealed) => {
            let identity = establishments::keys(d, who.establishment).await?;
            let slug = sqlx::query_scalar!(
                "SELECT slug FROM control.establishments WHERE id = $1",
                who.establishment.0
            )
            .fetch_one(&d.db.pool)
            .await?;
            let slug = slug.parse().map_err(|_| Fault::Data("slug".into()))?;
            Some(Sealed::open(&identity, &sealed)?.view(d, &slug))
        }
        None => None,
    };
    Ok(CodeView { summary, secret, now: moment(now, &zone) })
}
