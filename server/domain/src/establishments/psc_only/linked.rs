//! Who of an establishment's administrators Pro Santé Connect recognises: one must be left, where it is the only way in.

use model::ids::{EstablishmentId, UserId};
use sqlx::PgConnection;

use crate::{Domain, Fault};

/// Whether Pro Santé Connect recognises an administrator of the establishment, somebody left aside. Locks its people, as
/// `members::change` does: whoever takes the last one away meanwhile waits.
pub(super) async fn has_linked_administrator(
    d: &Domain,
    tx: &mut PgConnection,
    id: EstablishmentId,
    but: Option<UserId>,
) -> Result<bool, Fault> {
    let Some(psc) = &d.psc else { return Ok(false) };
    sqlx::query!(
        "SELECT FROM control.memberships WHERE establishment_id = $1 ORDER BY user_id FOR UPDATE",
        id.0
    )
    .execute(&mut *tx)
    .await?;
    let found = sqlx::query_scalar!(
        r#"SELECT EXISTS (SELECT FROM control.memberships m JOIN control.users u ON u.id = m.user_id AND u.disabled_at IS NULL
               JOIN control.psc_identities i ON i.user_id = u.id AND i.issuer = $2
               WHERE m.establishment_id = $1 AND m.disabled_at IS NULL AND 'administrator' = ANY (m.roles)
                 AND m.user_id IS DISTINCT FROM $3) AS "found!""#,
        id.0,
        psc.settings.issuer,
        but.map(|user| user.0)
    )
    .fetch_one(tx)
    .await?;
    Ok(found)
}

/// Whether the establishment lets people in with Pro Santé Connect only, and nobody but this one of its administrators is
/// recognised by it: they must stay one, or nobody could come in and undo it.
pub(crate) async fn hangs_on(
    d: &Domain,
    tx: &mut PgConnection,
    id: EstablishmentId,
    user: UserId,
) -> Result<bool, Fault> {
    // First the lock: what is read after it stays so.
    let another = has_linked_administrator(d, tx, id, Some(user)).await?;
    if another {
        return Ok(false);
    }
    let any = has_linked_administrator(d, tx, id, None).await?;
    let on = sqlx::query_scalar!("SELECT psc_only FROM control.establishments WHERE id = $1", id.0)
        .fetch_one(tx)
        .await?;
    Ok(on && any)
}
