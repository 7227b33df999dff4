//! Which factors a person has.

use model::{
    factors::{Factors, PasskeySummary},
    identity::FactorsAtHand,
    ids::{PasskeyId, UserId},
};

use crate::{Domain, Fault, clock::moment, establishments, identity::authenticate::Identified};

/// What somebody can show now.
pub(in crate::identity) async fn at_hand(d: &Domain, user: UserId) -> Result<FactorsAtHand, Fault> {
    let row = sqlx::query!(
        r#"SELECT EXISTS (SELECT FROM control.totp WHERE user_id = $1) AS "totp!",
               EXISTS (SELECT FROM control.passkeys WHERE user_id = $1) AS "passkey!",
               (SELECT count(*) FROM control.recovery_codes WHERE user_id = $1 AND used_at IS NULL) AS "recovery!""#,
        user.0
    )
    .fetch_one(&d.db.pool)
    .await?;
    Ok(FactorsAtHand {
        totp: row.totp,
        passkey: row.passkey,
        recovery: u32::try_from(row.recovery).unwrap_or_default(),
    })
}

/// One's own factors.
///
/// # Errors
/// An incident.
pub async fn factors(d: &Domain, who: &Identified) -> Result<Factors, Fault> {
    let zone = match who.establishment {
        Some(id) => establishments::zone(d, id).await?,
        None => establishments::default_zone(),
    };
    let totp = sqlx::query_scalar!("SELECT created_at FROM control.totp WHERE user_id = $1", who.user.0)
        .fetch_optional(&d.db.pool)
        .await?;
    let passkeys = sqlx::query!(
        "SELECT id, name, created_at, last_used_at FROM control.passkeys WHERE user_id = $1 ORDER BY id",
        who.user.0
    )
    .fetch_all(&d.db.pool)
    .await?;
    Ok(Factors {
        totp_since: totp.map(|at| moment(at.to_jiff(), &zone)),
        passkeys: passkeys
            .into_iter()
            .map(|row| PasskeySummary {
                id: PasskeyId(row.id),
                name: row.name,
                created_at: moment(row.created_at.to_jiff(), &zone),
                last_used_at: row.last_used_at.map(|at| moment(at.to_jiff(), &zone)),
            })
            .collect(),
        recovery_left: at_hand(d, who.user).await?.recovery,
    })
}
