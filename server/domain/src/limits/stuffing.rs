//! Lists of stolen passwords are tried on many accounts, once each, from many addresses: no counter of one account or address
//! sees that. What shows is the number of different accounts that fail.

use std::time::Duration;

use jiff::SignedDuration;
use jiff_sqlx::ToSqlx;

use super::{
    Limited, alert,
    attempt::take,
    bucket::{Bucket, Rule},
};
use crate::{
    Domain, Fault, Origin,
    audit::{self, PlatformAct},
    vault::Purpose,
};

const WINDOW: SignedDuration = SignedDuration::from_mins(10);
const ALL: &str = "failing accounts";

/// Counts, and never closes.
fn counting() -> Rule {
    Rule::pausing(u32::MAX, WINDOW)
}

async fn count(d: &Domain, kind: &'static str, of: &[u8]) -> Result<u32, Fault> {
    match take(d, &[Bucket::new(kind, of, counting())]).await {
        Ok(attempt) => Ok(attempt.in_establishment),
        Err(Limited::Fault(fault)) => Err(fault),
        // Two at once on one row: one of them counts.
        Err(Limited::TooMany(_)) => Ok(0),
    }
}

/// A password was wrong on this account, which may or may not exist. The one that makes them too many tells the operator.
///
/// # Errors
/// An incident.
pub async fn failed_account(d: &Domain, account: &str, origin: Origin) -> Result<(), Fault> {
    if count(d, "failing account", account.to_lowercase().as_bytes()).await? != 1 {
        return Ok(());
    }
    let accounts = count(d, ALL, b"").await?;
    if accounts != d.policy.limits.stuffing_accounts {
        return Ok(());
    }
    tracing::warn!(accounts, "many accounts fail to sign in: local sign-ins are slowed");
    let detail = format!("{accounts} accounts in ten minutes");
    let mut tx = d.db.pool.begin().await?;
    alert::tell(d, &mut tx, accounts).await?;
    let act = PlatformAct {
        outcome: "refused",
        detail: Some(&detail),
        origin: Some(origin),
        ..PlatformAct::done("identity.stuffing")
    };
    audit::platform(d, &mut tx, act).await?;
    tx.commit().await?;
    Ok(())
}

/// How long every local sign-in waits now. Who comes through Pro Santé Connect waits for nobody.
///
/// # Errors
/// An incident.
pub async fn slowed(d: &Domain) -> Result<Duration, Fault> {
    let most = d.policy.limits.stuffing_accounts;
    let bucket = d.pepper.hash(Purpose::Limit, &[ALL.as_bytes(), b""]).to_vec();
    let failing = sqlx::query_scalar!(
        "SELECT count FROM control.attempts WHERE bucket = $1 AND window_ends_at > $2",
        bucket,
        d.now().to_sqlx() as _
    )
    .fetch_optional(&d.db.pool)
    .await?;
    let many = failing.is_some_and(|failing| u32::try_from(failing).is_ok_and(|failing| failing >= most));
    let seconds = if many { d.policy.limits.stuffing_delay_seconds } else { 0 };
    Ok(Duration::from_secs(seconds.into()))
}
