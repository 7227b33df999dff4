//! An authenticator application (RFC 6238): SHA-1, six digits, 30 seconds, the neighbouring steps too. These are the parameters
//! that every application knows. A code passes once.

use jiff_sqlx::ToSqlx;
use model::{
    factors::{OneTimeCode, TotpSetup},
    ids::UserId,
};
use serde::{Deserialize, Serialize};
use totp_rs::{Algorithm, Builder, Totp};

use super::{FactorError, end_password_only, may_change, recovery, still_here, still_may};
use crate::{
    Domain, Fault, Origin, audit,
    identity::{
        authenticate::Identified,
        ceremony::{self, Kind},
        notices::{self, What},
        session::{self, Device, Issued},
    },
};

const ISSUER: &str = "CareLink";

#[derive(Serialize, Deserialize)]
struct Pending {
    /// The secret, encrypted to the master key.
    secret: Vec<u8>,
}

fn totp(secret: &[u8], account: &str) -> Result<Totp, Fault> {
    Builder::new()
        .with_algorithm(Algorithm::SHA1)
        .with_digits(6)
        .with_skew(1)
        .with_step_duration(30)
        .with_secret(secret.to_vec())
        // A colon would end the issuer's part of the label.
        .with_account_name(account.replace(':', " "))
        .with_issuer(Some(ISSUER))
        .build()
        .map_err(|error| Fault::Data(format!("totp: {error}")))
}

/// Begins to set up an application: nothing is asked of the person's sign-ins before [`confirm_totp`].
///
/// # Errors
/// [`FactorError::StepUp`], [`FactorError::NoPassword`]; an incident.
pub async fn begin_totp(d: &Domain, who: &Identified) -> Result<TotpSetup, FactorError> {
    may_change(d, who).await?;
    let account = super::local_account(d, who.user).await?;
    let secret: [u8; 20] = d.random.bytes()?;
    let pending = Pending { secret: d.vault.wrap(&secret)? };
    let ticket = ceremony::begin(d, &d.db.pool, Kind::Totp, Some(who.user), None, &pending).await?;
    let totp = totp(&secret, &account)?;
    Ok(TotpSetup {
        ticket,
        secret: totp.secret().to_base32(),
        uri: totp.to_url().map_err(|e| Fault::Data(e.to_string()))?,
    })
}

/// Ends the set-up with a first right code. The session goes on under a new name, as one with a second factor; recovery codes
/// come with the first factor only.
///
/// # Errors
/// See [`FactorError`].
pub async fn confirm_totp(
    d: &Domain,
    who: &Identified,
    origin: Origin,
    device: Device<'_>,
    ticket: &str,
    typed: &str,
) -> Result<(Option<Vec<String>>, Issued), FactorError> {
    may_change(d, who).await?;
    let attempt = ceremony::attempt::<Pending>(d, &d.db.pool, Kind::Totp, ticket, None).await?;
    let (_, pending) = attempt.filter(|(user, _)| *user == Some(who.user)).ok_or(FactorError::Expired)?;
    let secret = d.vault.open_wrapped(&pending.secret)?;
    let step = step_of(d, &secret, typed)?.ok_or(FactorError::Wrong)?;
    let mut tx = d.db.pool.begin().await?;
    let renewed = session::renew(d, &mut tx, who, origin, device, |proof| {
        proof.factor_at = Some(d.now());
        proof.add("otp");
    });
    let issued = renewed.await?.ok_or(FactorError::Expired)?;
    still_may(&mut tx, who).await?;
    if !ceremony::forget(d, &mut *tx, Kind::Totp, ticket).await? {
        return Err(FactorError::Expired);
    }
    sqlx::query!(
        "INSERT INTO control.totp (user_id, secret, last_step, created_at) VALUES ($1, $2, $3, $4)
         ON CONFLICT (user_id) DO UPDATE SET secret = $2, last_step = $3, created_at = $4",
        who.user.0,
        &pending.secret,
        step,
        d.now().to_sqlx() as _
    )
    .execute(&mut *tx)
    .await?;
    let codes = recovery::issue_first(d, &mut tx, who.user).await?;
    end_password_only(d, &mut tx, who, issued.session).await?;
    audit::platform(d, &mut tx, super::act(who, origin, "identity.add_totp")).await?;
    notices::tell(d, &mut tx, who.user, What::TotpAdded, origin, device.user_agent).await?;
    tx.commit().await?;
    d.sessions.forget_user(who.user);
    Ok((codes, issued))
}

/// Takes the application away.
///
/// # Errors
/// See [`FactorError`].
pub async fn remove_totp(d: &Domain, who: &Identified, origin: Origin) -> Result<(), FactorError> {
    super::must_be_fresh(d, who)?;
    let mut tx = d.db.pool.begin().await?;
    still_here(&mut tx, who).await?;
    let gone =
        sqlx::query!("DELETE FROM control.totp WHERE user_id = $1", who.user.0).execute(&mut *tx).await?;
    if gone.rows_affected() == 0 {
        return Err(FactorError::NotFound);
    }
    super::keep_one(d, &mut tx, who.user).await?;
    audit::platform(d, &mut tx, super::act(who, origin, "identity.remove_totp")).await?;
    notices::tell(d, &mut tx, who.user, What::TotpRemoved, origin, None).await?;
    tx.commit().await?;
    Ok(())
}

/// Whether the code is right now and was not used: then it is.
pub(super) async fn use_code(d: &Domain, user: UserId, typed: &str) -> Result<bool, Fault> {
    let sealed = sqlx::query_scalar!("SELECT secret FROM control.totp WHERE user_id = $1", user.0)
        .fetch_optional(&d.db.pool)
        .await?;
    let Some(sealed) = sealed else { return Ok(false) };
    let Some(step) = step_of(d, &d.vault.open_wrapped(&sealed)?, typed)? else { return Ok(false) };
    // Of several requests with one code, one is right (RFC 6238, section 5.2).
    let taken = sqlx::query!(
        "UPDATE control.totp SET last_step = $2 WHERE user_id = $1 AND last_step < $2",
        user.0,
        step
    )
    .execute(&d.db.pool)
    .await?;
    Ok(taken.rows_affected() == 1)
}

/// The time step whose code this is.
fn step_of(d: &Domain, secret: &[u8], typed: &str) -> Result<Option<i64>, Fault> {
    let Ok(code) = typed.parse::<OneTimeCode>() else { return Ok(None) };
    let now = u64::try_from(d.now().as_second()).unwrap_or_default();
    let step = totp(secret, "-")?.check(code.as_ref(), now);
    Ok(step.and_then(|step| i64::try_from(step).ok()))
}
