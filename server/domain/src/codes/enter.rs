//! A patient presents a code: six characters that they type, or the token of a link.
//!
//! Unknown, expired, exhausted and revoked are one answer, found by one query. Nothing is consumed: link previews
//! fetch addresses too.

use jiff_sqlx::ToSqlx;
use model::{
    codes::{LinkToken, TransferCode},
    ids::{CodeId, EstablishmentId},
};

use super::secret::{token_hash, value_hash};
use crate::{
    Depositor, Domain, Fault, Origin, clock,
    db::TenantTx,
    events,
    fault::fault_from,
    limits::{self, Limited, TooMany},
    members,
};

/// A deposit opened in time may begin for so long, whatever happens to the code's expiry meanwhile.
const OPENED_MINUTES: i64 = 30;

/// As long as the wrong codes of an establishment are counted together.
const ALERT_MINUTES: i64 = 60;

/// Why a code opened nothing.
#[derive(Debug, thiserror::Error)]
pub enum EnterError {
    /// Unknown, expired, exhausted, revoked or no code at all.
    #[error("not a valid code")]
    NotValid,
    /// Too many wrong ones: the link or QR code still works.
    #[error("too many attempts")]
    TooMany(TooMany),
    /// An incident.
    #[error(transparent)]
    Fault(#[from] Fault),
}
fault_from!(EnterError);

impl From<Limited> for EnterError {
    fn from(limited: Limited) -> Self {
        match limited {
            Limited::TooMany(wait) => Self::TooMany(wait),
            Limited::Fault(fault) => Self::Fault(fault),
        }
    }
}

/// Typed characters, within one establishment. Every attempt is counted; a right one is given back.
///
/// # Errors
/// See [`EnterError`].
pub async fn enter(
    d: &Domain,
    origin: Origin,
    establishment: EstablishmentId,
    typed: &str,
) -> Result<Depositor, EnterError> {
    let attempt = limits::code_entry(d, origin.address, establishment).await?;
    // What can't be a code is looked up all the same: same time, same answer.
    let hash = match typed.parse::<TransferCode>() {
        Ok(value) => value_hash(d, establishment, &value),
        Err(_) => vec![0; 32],
    };
    if let Some(code) = find(d, establishment, &hash, &[]).await? {
        attempt.give_back(d).await?;
        return capability(d, origin, establishment, code);
    }
    // Not "equal": a right code that was counted for a moment may have taken that very number.
    if attempt.in_establishment >= d.policy.limits.code_alert {
        alert(d, establishment).await?;
    }
    Err(EnterError::NotValid)
}

/// Whether what a browser presents is the code that it holds already. Nothing is counted: it tells a depositor only
/// what they know.
///
/// # Errors
/// An incident.
pub async fn is_held(d: &Domain, who: &Depositor, presented: &Presented) -> Result<bool, Fault> {
    let (value, token) = match presented {
        Presented::Typed(value) => (value_hash(d, who.establishment, value), vec![]),
        Presented::Link(token) => (vec![], token_hash(d, who.establishment, token)),
    };
    let mut tx = TenantTx::begin(&d.db, who.establishment).await?;
    let held = sqlx::query_scalar!(
        r#"SELECT EXISTS (SELECT FROM codes WHERE id = $1 AND (value_hmac = $2 OR token_hmac = $3)) AS "held!""#,
        who.code.0,
        value,
        token
    )
    .fetch_one(&mut *tx)
    .await?;
    tx.commit().await?;
    Ok(held && request(d, who).await?.is_some())
}

/// What a patient shows.
#[derive(Clone, Debug)]
pub enum Presented {
    /// Six characters.
    Typed(TransferCode),
    /// The token of a link.
    Link(LinkToken),
}

/// The token of a link or QR code: 128 bits need no limit.
///
/// # Errors
/// [`EnterError::NotValid`] or an incident.
pub async fn follow(
    d: &Domain,
    origin: Origin,
    establishment: EstablishmentId,
    token: &LinkToken,
) -> Result<Depositor, EnterError> {
    let hash = token_hash(d, establishment, token);
    let code = find(d, establishment, &[], &hash).await?.ok_or(EnterError::NotValid)?;
    capability(d, origin, establishment, code)
}

fn capability(
    d: &Domain,
    origin: Origin,
    establishment: EstablishmentId,
    code: CodeId,
) -> Result<Depositor, EnterError> {
    Ok(Depositor { establishment, code, capability: d.random.bytes()?, opened_at: d.now(), origin })
}

async fn find(
    d: &Domain,
    establishment: EstablishmentId,
    value: &[u8],
    token: &[u8],
) -> Result<Option<CodeId>, Fault> {
    let mut tx = TenantTx::begin(&d.db, establishment).await?;
    let id = sqlx::query_scalar!(
        "SELECT c.id FROM codes c
         WHERE (c.value_hmac = $1 OR c.token_hmac = $2) AND c.revoked_at IS NULL AND c.expires_at > $3
           AND c.uses + (SELECT count(*) FROM deposits p WHERE p.code_id = c.id AND p.committed_at IS NULL
                         AND p.withdrawn_at IS NULL AND p.reserved_until > $3) < c.max_deposits",
        value,
        token,
        d.now().to_sqlx() as _,
    )
    .fetch_optional(&mut *tx)
    .await?;
    tx.commit().await?;
    Ok(id.map(CodeId))
}

/// Staff learn that somebody is trying codes, once an hour; the patients' link is not affected.
async fn alert(d: &Domain, establishment: EstablishmentId) -> Result<(), Fault> {
    let mut tx = TenantTx::begin(&d.db, establishment).await?;
    // One row of the establishment that every alert locks: of several at once, one tells.
    sqlx::query!("SELECT FROM settings FOR UPDATE").execute(&mut *tx).await?;
    let told = sqlx::query_scalar!(
        r#"SELECT EXISTS (SELECT FROM audit WHERE at > $1 AND action = 'codes.guessing') AS "told!""#,
        clock::minutes(d.now(), -ALERT_MINUTES).to_sqlx() as _
    )
    .fetch_one(&mut *tx)
    .await?;
    if told {
        return Ok(());
    }
    events::publish(d, &mut tx, "codes.guessing", None).await?;
    crate::audit::by_system(
        d,
        &mut tx,
        crate::audit::Act { action: "codes.guessing", ..crate::audit::Act::default() },
    )
    .await?;
    tx.commit().await?;
    // Who is not there to see it gets a mail; their addresses lie in `control`, which shares no transaction with the establishment.
    let mut tx = d.db.pool.begin().await?;
    members::tell_administrators(d, &mut tx, establishment, members::About::Guessing).await?;
    Ok(tx.commit().await?)
}

/// What is asked, for the deposit page.
#[derive(Clone, Debug)]
pub struct Request {
    /// What is asked.
    pub label: String,
    /// Note to the patient.
    pub note: Option<String>,
    /// Files accepted.
    pub max_files: u32,
}

/// What a depositor may know of the code that they presented. `None` once it lets them do nothing any more.
///
/// # Errors
/// An incident.
pub async fn request(d: &Domain, who: &Depositor) -> Result<Option<Request>, Fault> {
    let now = d.now();
    let capability = crate::documents::capability_hash(d, who);
    let mut tx = TenantTx::begin(&d.db, who.establishment).await?;
    let row = sqlx::query!(
        r#"SELECT c.label, c.note, c.max_files, c.revoked_at, c.expires_at, c.uses, c.max_deposits,
               p.id AS "deposit?", p.closed_at AS "closed_at?", p.withdrawn_at AS "withdrawn_at?",
               p.reserved_until AS "reserved_until?"
           FROM codes c LEFT JOIN deposits p ON p.code_id = c.id AND p.capability_hmac = $2
           WHERE c.id = $1"#,
        who.code.0,
        capability,
    )
    .fetch_optional(&mut *tx)
    .await?;
    tx.commit().await?;
    let Some(row) = row else { return Ok(None) };
    let begun = row.deposit.is_some();
    let reserved = row.reserved_until.is_some_and(|until| until.to_jiff() > now);
    let in_time = row.expires_at.to_jiff() > now
        || who.opened_at < row.expires_at.to_jiff() && now < clock::minutes(who.opened_at, OPENED_MINUTES);
    let open = row.revoked_at.is_none()
        && row.closed_at.is_none()
        && row.withdrawn_at.is_none()
        && if begun {
            reserved || row.expires_at.to_jiff() > now
        } else {
            in_time && row.uses < row.max_deposits
        };
    Ok(open.then(|| Request {
        label: row.label,
        note: row.note,
        max_files: u32::try_from(row.max_files).unwrap_or_default(),
    }))
}
