//! A depositor's visit: it reserves a use of the code, holds files, and is closed.

use jiff::Timestamp;
use jiff_sqlx::ToSqlx;
use model::{codes::LinkToken, ids::DepositId};

use super::receive::ReceiveError;
use crate::{
    Depositor, Domain, Fault,
    audit::{self, Act},
    clock,
    db::TenantTx,
    vault::Purpose,
};

/// A use of the code is reserved for so long, renewed by progress.
pub(super) const RESERVED_MINUTES: i64 = 30;

/// References drawn before giving up: of a hundred million a year, one that is taken already is rare, two are not seen.
const REFERENCES: usize = 5;

/// What the database knows of a browser's capability.
pub(crate) fn capability_hash(d: &Domain, who: &Depositor) -> Vec<u8> {
    d.pepper.hash(Purpose::Capability, &[who.establishment.0.as_bytes(), &who.capability]).to_vec()
}

/// The receipt's token. It can be made again from the capability; the database only knows its hash.
pub fn receipt_token(d: &Domain, who: &Depositor) -> LinkToken {
    let hash = d.pepper.hash(Purpose::Receipt, &[who.establishment.0.as_bytes(), &who.capability]);
    let mut half = [0; 16];
    half.copy_from_slice(&hash[..16]);
    LinkToken::from_random(half)
}

/// What the database knows of a receipt's token.
pub(super) fn receipt_hash(
    d: &Domain,
    establishment: model::ids::EstablishmentId,
    token: &LinkToken,
) -> Vec<u8> {
    d.pepper.hash(Purpose::ReceiptLookup, &[establishment.0.as_bytes(), token.as_ref().as_bytes()]).to_vec()
}

/// A deposit that may take another file.
pub(super) struct Open {
    pub id: DepositId,
    pub files: u32,
    pub max_files: u32,
}

/// Finds this browser's deposit or begins it, under the code's lock: reservations are counted exactly.
pub(super) async fn begin(d: &Domain, tx: &mut TenantTx, who: &Depositor) -> Result<Open, ReceiveError> {
    let now = d.now();
    let code = sqlx::query!(
        "SELECT revoked_at, expires_at, uses, max_deposits, max_files FROM codes WHERE id = $1 FOR UPDATE",
        who.code.0
    )
    .fetch_optional(&mut **tx)
    .await?
    .filter(|code| code.revoked_at.is_none())
    .ok_or(ReceiveError::CodeNotValid)?;
    let capability = capability_hash(d, who);
    let max_files = u32::try_from(code.max_files).unwrap_or_default();
    let known = sqlx::query!(
        r#"SELECT id, committed_at, closed_at, withdrawn_at, reserved_until,
               (SELECT count(*) FROM deposit_items i WHERE i.deposit_id = p.id) AS "files!"
           FROM deposits p WHERE capability_hmac = $1"#,
        capability
    )
    .fetch_optional(&mut **tx)
    .await?;
    let reserved_until = clock::minutes(now, RESERVED_MINUTES);
    if let Some(known) = known {
        if known.closed_at.is_some() || known.withdrawn_at.is_some() {
            return Err(ReceiveError::CodeNotValid);
        }
        let id = DepositId(known.id);
        let reserved = known.reserved_until.to_jiff() > now;
        if !reserved && code.expires_at.to_jiff() <= now {
            return Err(ReceiveError::CodeNotValid);
        }
        if known.committed_at.is_none() && !reserved {
            // The reservation ran out: it is taken again only where nobody else took it meanwhile.
            free_use(tx, who, now, code.uses, code.max_deposits, Some(id)).await?;
        }
        renew(tx, id, reserved_until).await?;
        let files = u32::try_from(known.files).unwrap_or(u32::MAX);
        return Ok(Open { id, files, max_files });
    }
    let expires_at = code.expires_at.to_jiff();
    let in_time = expires_at > now
        || (who.opened_at < expires_at && now < clock::minutes(who.opened_at, RESERVED_MINUTES));
    if !in_time {
        return Err(ReceiveError::CodeNotValid);
    }
    free_use(tx, who, now, code.uses, code.max_deposits, None).await?;
    let id = DepositId(d.random.uuid(now)?);
    let token = receipt_token(d, who);
    for _ in 0..REFERENCES {
        let inserted = sqlx::query!(
            "INSERT INTO deposits (id, code_id, reference, capability_hmac, receipt_hmac, opened_at, reserved_until)
             VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (reference) DO NOTHING",
            id.0,
            who.code.0,
            reference(d, now)?,
            capability,
            receipt_hash(d, who.establishment, &token),
            now.to_sqlx() as _,
            reserved_until.to_sqlx() as _,
        )
        .execute(&mut **tx)
        .await?;
        if inserted.rows_affected() == 1 {
            return Ok(Open { id, files: 0, max_files });
        }
    }
    Err(Fault::Data("no free reference for a deposit".into()).into())
}

/// Whether the code has a use left beside those made and those that other browsers hold.
pub(super) async fn free_use(
    tx: &mut TenantTx,
    who: &Depositor,
    now: Timestamp,
    uses: i32,
    max_deposits: i32,
    own: Option<DepositId>,
) -> Result<(), ReceiveError> {
    let reserved = sqlx::query_scalar!(
        r#"SELECT count(*) AS "n!" FROM deposits WHERE code_id = $1 AND committed_at IS NULL AND withdrawn_at IS NULL
               AND reserved_until > $2 AND id IS DISTINCT FROM $3"#,
        who.code.0,
        now.to_sqlx() as _,
        own.map(|id| id.0)
    )
    .fetch_one(&mut **tx)
    .await?;
    if i64::from(uses) + reserved < i64::from(max_deposits) {
        Ok(())
    } else {
        Err(ReceiveError::CodeNotValid)
    }
}

pub(super) async fn renew(tx: &mut TenantTx, id: DepositId, until: Timestamp) -> Result<(), Fault> {
    sqlx::query!("UPDATE deposits SET reserved_until = $2 WHERE id = $1", id.0, until.to_sqlx() as _)
        .execute(&mut **tx)
        .await?;
    Ok(())
}

/// `26-4821-7730`: easy to read out on the telephone, opens nothing.
fn reference(d: &Domain, now: Timestamp) -> Result<String, Fault> {
    let year = now.to_zoned(jiff::tz::TimeZone::UTC).year() % 100;
    let n = u64::from_be_bytes(d.random.bytes()?) % 100_000_000;
    Ok(format!("{year:02}-{:04}-{:04}", n / 10_000, n % 10_000))
}

/// The depositor says that this was all. `false` when nothing was sent under this capability.
///
/// # Errors
/// An incident.
pub async fn close(d: &Domain, who: &Depositor) -> Result<bool, Fault> {
    let mut tx = TenantTx::begin(&d.db, who.establishment).await?;
    let closed = sqlx::query_scalar!(
        "UPDATE deposits SET closed_at = $2
         WHERE capability_hmac = $1 AND committed_at IS NOT NULL AND closed_at IS NULL RETURNING id",
        capability_hash(d, who),
        d.now().to_sqlx() as _
    )
    .fetch_optional(&mut *tx)
    .await?;
    let known = if let Some(id) = closed {
        audit::by_depositor(d, &mut tx, who, Act::on("documents.close_deposit", "deposit", id)).await?;
        true
    } else {
        // Said twice is said once.
        sqlx::query_scalar!(
            r#"SELECT EXISTS (SELECT FROM deposits WHERE capability_hmac = $1 AND closed_at IS NOT NULL) AS "known!""#,
            capability_hash(d, who)
        )
        .fetch_one(&mut *tx)
        .await?
    };
    tx.commit().await?;
    Ok(known)
}
