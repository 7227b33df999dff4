//! Generating a code.

use jiff_sqlx::ToSqlx;
use model::{
    codes::{CodeView, NewCode},
    ids::CodeId,
    roles::Permission,
};

use super::{
    secret::{Sealed, token_hash, value_hash},
    show,
};
use crate::{
    Domain, Fault, Refused, Staff,
    audit::{self, Act},
    clock,
    db::TenantTx,
    establishments, events,
};

/// Values drawn before giving up: a collision with one of the last 90 days is rare, five in a row never happen.
const DRAWS: usize = 5;

/// Generates a code and shows it.
///
/// # Errors
/// [`Refused::Forbidden`] without [`Permission::Codes`]; an incident.
pub async fn generate(d: &Domain, who: &Staff, new: &NewCode) -> Result<CodeView, Refused> {
    who.require(d, Permission::Codes, "codes.generate").await?;
    let recipient = establishments::recipient(d, who.establishment).await?;
    let now = d.now();
    let id = CodeId(d.random.uuid(now)?);
    let expires_at = clock::minutes(now, i64::from(new.validity.get()));
    let mut tx = TenantTx::begin(&d.db, who.establishment).await?;
    let mut sealed = None;
    for _ in 0..DRAWS {
        let drawn = Sealed::new(d)?;
        let inserted = sqlx::query!(
            "INSERT INTO codes (id, value_hmac, token_hmac, sealed, label, note, max_deposits, max_files, author_id,
                 created_at, expires_at, search_text)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) ON CONFLICT DO NOTHING",
            id.0,
            value_hash(d, who.establishment, &drawn.value),
            token_hash(d, who.establishment, &drawn.token),
            drawn.seal(&recipient)?,
            new.label.as_str(),
            new.note.as_ref().map(AsRef::as_ref),
            i32::try_from(new.max_deposits.get()).unwrap_or(1),
            i32::try_from(new.max_files.get()).unwrap_or(1),
            who.user.0,
            now.to_sqlx() as _,
            expires_at.to_sqlx() as _,
            establishments::fold(new.label.as_str()),
        )
        .execute(&mut *tx)
        .await?;
        if inserted.rows_affected() == 1 {
            sealed = Some(drawn);
            break;
        }
    }
    if sealed.is_none() {
        return Err(Fault::Data("no free code value".into()).into());
    }
    audit::by_staff(d, &mut tx, who, Act::on("codes.generate", "code", id.0)).await?;
    events::publish(d, &mut tx, "codes.changed", Some(id.0)).await?;
    tx.commit().await?;
    show::view(d, who, id).await
}
