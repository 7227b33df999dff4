//! Second factors of local accounts: an authenticator application, passkeys, recovery codes.

mod list;
mod passkeys;
mod recovery;
mod step_up;
mod totp;

use jiff::SignedDuration;
pub(super) use list::at_hand;
pub use list::factors;
pub use passkeys::{
    NewPasskey, Passkeys, begin_passkey, challenge_anybody, challenge_own, confirm_passkey, remove_passkey,
};
pub(super) use passkeys::{challenge_of, owner};
pub use recovery::renew_recovery_codes;
pub use step_up::step_up;
pub use totp::{begin_totp, confirm_totp, remove_totp};

use jiff_sqlx::ToSqlx;
use model::{
    factors::FactorAnswer,
    ids::{SessionId, UserId},
};
use sqlx::PgConnection;

use super::{authenticate::Identified, session::Device, sign_in};
use crate::{
    Domain, Fault, Origin,
    audit::PlatformAct,
    fault::fault_from,
    limits::{Limited, TooMany},
};

/// A factor that was shown longer ago must be shown again before something that matters.
pub(crate) const FRESH: SignedDuration = SignedDuration::from_mins(10);

/// Why a factor was not set up, changed or shown.
#[derive(Debug, thiserror::Error)]
pub enum FactorError {
    /// It must be shown again first.
    #[error("a fresh factor is needed")]
    StepUp,
    /// The answer is wrong, or was used before.
    #[error("wrong answer")]
    Wrong,
    /// Too many wrong ones.
    #[error("too many attempts")]
    TooMany(TooMany),
    /// What was begun is over, or was never begun here.
    #[error("begin again")]
    Expired,
    /// No such factor.
    #[error("not found")]
    NotFound,
    /// The last factor of an account that needs one.
    #[error("the last factor")]
    Last,
    /// Somebody of Pro Santé Connect alone has no password that a factor would add to.
    #[error("no local account")]
    NoPassword,
    /// An incident.
    #[error(transparent)]
    Fault(#[from] Fault),
}
fault_from!(FactorError);

impl From<Limited> for FactorError {
    fn from(limited: Limited) -> Self {
        match limited {
            Limited::TooMany(wait) => Self::TooMany(wait),
            Limited::Fault(fault) => Self::Fault(fault),
        }
    }
}

impl Identified {
    /// Whether something beyond a password was shown within ten minutes.
    pub fn is_fresh(&self, d: &Domain) -> bool {
        self.factor_at.is_some_and(|at| d.now().duration_since(at) <= FRESH)
    }
}

/// Whether somebody may change how they come in: with a fresh factor, or without any yet.
pub(super) async fn may(d: &Domain, who: &Identified) -> Result<bool, Fault> {
    Ok(who.is_fresh(d) || (who.factor_at.is_none() && !at_hand(d, who.user).await?.any()))
}

/// Passes who may change factors.
async fn may_change(d: &Domain, who: &Identified) -> Result<(), FactorError> {
    if may(d, who).await? { Ok(()) } else { Err(FactorError::StepUp) }
}

/// The address of an account with a password: a factor adds to that.
async fn local_account(d: &Domain, user: UserId) -> Result<String, FactorError> {
    let row = sqlx::query!("SELECT email, password_hash FROM control.users WHERE id = $1", user.0)
        .fetch_one(&d.db.pool)
        .await?;
    row.email.filter(|_| row.password_hash.is_some()).ok_or(FactorError::NoPassword)
}

/// Whether the answer is right, and by which method (RFC 8176). A right one is used up.
pub(super) async fn is_right(
    d: &Domain,
    user: UserId,
    origin: Origin,
    device: Device<'_>,
    answer: &FactorAnswer,
) -> Result<Option<&'static str>, Fault> {
    let (right, method) = match answer {
        FactorAnswer::Totp(typed) => (totp::use_code(d, user, typed).await?, "otp"),
        FactorAnswer::Recovery(typed) => (recovery::use_code(d, user, origin, device, typed).await?, "kba"),
        FactorAnswer::Passkey { ticket, credential } => {
            (passkeys::use_answer(d, user, ticket, credential).await?, "hwk")
        }
    };
    Ok(right.then_some(method))
}

/// The first factor ends what was opened with the password alone: whoever that was had nothing else. `renewed` is the session
/// that sets it up. Called after the person was locked ([`session::renew`]): of two first set-ups at once one is the first.
async fn end_password_only(
    d: &Domain,
    tx: &mut PgConnection,
    who: &Identified,
    renewed: SessionId,
) -> Result<(), Fault> {
    sqlx::query!(
        "UPDATE control.sessions SET revoked_at = $3, revoked_reason = 'password'
         WHERE user_id = $1 AND id <> $2 AND method = 'password' AND factor_at IS NULL AND revoked_at IS NULL",
        who.user.0,
        renewed.0,
        d.now().to_sqlx() as _
    )
    .execute(tx)
    .await?;
    Ok(())
}

/// Who begins without any factor must still be without one when the set-up ends.
async fn still_may(tx: &mut PgConnection, who: &Identified) -> Result<(), FactorError> {
    if who.factor_at.is_some() {
        return Ok(());
    }
    let any = sqlx::query_scalar!(
        r#"SELECT (EXISTS (SELECT FROM control.totp WHERE user_id = $1)
               OR EXISTS (SELECT FROM control.passkeys WHERE user_id = $1)) AS "any!""#,
        who.user.0
    )
    .fetch_one(tx)
    .await?;
    if any { Err(FactorError::StepUp) } else { Ok(()) }
}

/// Locks the person, and passes while their session is open: what has ended it meanwhile ("this wasn't me") took factors away, or
/// gives nobody new ones. Of two changes at once the second sees the first.
async fn still_here(tx: &mut PgConnection, who: &Identified) -> Result<(), FactorError> {
    if sign_in::lock_open(tx, who).await? { Ok(()) } else { Err(FactorError::Expired) }
}

/// Passes with a factor that was shown within ten minutes.
fn must_be_fresh(d: &Domain, who: &Identified) -> Result<(), FactorError> {
    if who.is_fresh(d) { Ok(()) } else { Err(FactorError::StepUp) }
}

/// An account that needs a second factor keeps one; recovery codes are no reason to have none, and go with the last.
async fn keep_one(d: &Domain, tx: &mut PgConnection, user: UserId) -> Result<(), FactorError> {
    let left = sqlx::query_scalar!(
        r#"SELECT (EXISTS (SELECT FROM control.totp WHERE user_id = $1)
               OR EXISTS (SELECT FROM control.passkeys WHERE user_id = $1)) AS "left!""#,
        user.0
    )
    .fetch_one(&mut *tx)
    .await?;
    if left {
        return Ok(());
    }
    if d.policy.identity.second_factor {
        return Err(FactorError::Last);
    }
    sqlx::query!("DELETE FROM control.recovery_codes WHERE user_id = $1", user.0).execute(tx).await?;
    Ok(())
}

/// An act of a person on their own account.
fn act<'a>(who: &Identified, origin: Origin, action: &'a str) -> PlatformAct<'a> {
    PlatformAct {
        actor: Some(who.user),
        session: Some(who.session),
        origin: Some(origin),
        ..PlatformAct::done(action)
    }
}
