//! Recovery codes: for the day when the telephone is lost. Ten at once, each good once; only their keyed hashes are kept.

use jiff_sqlx::ToSqlx;
use model::{factors::RecoveryCode, ids::UserId};
use sqlx::PgConnection;

use super::{FactorError, act, must_be_fresh, still_here};
use crate::{
    Domain, Fault, Origin, audit,
    identity::{
        authenticate::Identified,
        notices::{self, What},
        session::Device,
    },
    vault::Purpose,
};

fn hash(d: &Domain, user: UserId, code: &RecoveryCode) -> Vec<u8> {
    d.pepper.hash(Purpose::RecoveryCode, &[user.0.as_bytes(), code.as_ref().as_bytes()]).to_vec()
}

/// The first set; nothing where there is one already.
pub(super) async fn issue_first(
    d: &Domain,
    tx: &mut PgConnection,
    user: UserId,
) -> Result<Option<Vec<String>>, Fault> {
    let there = sqlx::query_scalar!(
        r#"SELECT EXISTS (SELECT FROM control.recovery_codes WHERE user_id = $1) AS "there!""#,
        user.0
    )
    .fetch_one(&mut *tx)
    .await?;
    if there { Ok(None) } else { Ok(Some(issue(d, tx, user).await?)) }
}

async fn issue(d: &Domain, tx: &mut PgConnection, user: UserId) -> Result<Vec<String>, Fault> {
    let codes: Vec<RecoveryCode> = (0..RecoveryCode::SET)
        .map(|_| Ok(RecoveryCode::of(d.random.bytes()?)))
        .collect::<Result<_, Fault>>()?;
    let hashes: Vec<Vec<u8>> = codes.iter().map(|code| hash(d, user, code)).collect();
    sqlx::query!("DELETE FROM control.recovery_codes WHERE user_id = $1", user.0).execute(&mut *tx).await?;
    sqlx::query!(
        "INSERT INTO control.recovery_codes (user_id, code_hash) SELECT $1, hash FROM unnest($2::bytea[]) AS hash",
        user.0,
        &hashes
    )
    .execute(tx)
    .await?;
    Ok(codes.iter().map(RecoveryCode::grouped).collect())
}

/// A new set; the old ones are no longer good.
///
/// # Errors
/// See [`FactorError`].
pub async fn renew_recovery_codes(
    d: &Domain,
    who: &Identified,
    origin: Origin,
) -> Result<Vec<String>, FactorError> {
    must_be_fresh(d, who)?;
    super::local_account(d, who.user).await?;
    let mut tx = d.db.pool.begin().await?;
    still_here(&mut tx, who).await?;
    let codes = issue(d, &mut tx, who.user).await?;
    audit::platform(d, &mut tx, act(who, origin, "identity.renew_recovery_codes")).await?;
    notices::tell(d, &mut tx, who.user, What::CodesRenewed, origin, None).await?;
    tx.commit().await?;
    Ok(codes)
}

/// Whether the code is one of the person's and unused: then it is used, and the person told. Codes lie in drawers: whoever finds
/// the paper comes in with it, and nothing else shows.
pub(super) async fn use_code(
    d: &Domain,
    user: UserId,
    origin: Origin,
    device: Device<'_>,
    typed: &str,
) -> Result<bool, Fault> {
    let Ok(code) = typed.parse::<RecoveryCode>() else { return Ok(false) };
    let mut tx = d.db.pool.begin().await?;
    let taken = sqlx::query!(
        "UPDATE control.recovery_codes SET used_at = $3 WHERE user_id = $1 AND code_hash = $2 AND used_at IS NULL",
        user.0,
        hash(d, user, &code),
        d.now().to_sqlx() as _
    )
    .execute(&mut *tx)
    .await?;
    if taken.rows_affected() == 0 {
        return Ok(false);
    }
    notices::tell(d, &mut tx, user, What::CodeUsed, origin, device.user_agent).await?;
    tx.commit().await?;
    Ok(true)
}
