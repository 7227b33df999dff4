//! A forgotten password: a link is mailed, and whoever holds it chooses another one. The second factor is asked for as before.
//!
//! Asking does the same whether the address is known or not: it adds a job. Only the job looks the address up.

use jiff::{SignedDuration, Timestamp};
use jiff_sqlx::ToSqlx;
use model::{
    identity::{Email, Password, PasswordProblem},
    ids::UserId,
    time::Language,
};
use serde::{Deserialize, Serialize};
use sqlx::PgConnection;

use super::{
    ceremony::{self, Kind},
    notices::{self, What},
    passwords, sign_in,
};
use crate::{
    Domain, Fault, Origin,
    audit::{self, PlatformAct},
    fault::fault_from,
    jobs::{self, Work},
    limits::{self, Limited},
    mail::{Draft, Letter, Link, Words},
};

/// A mail that could not be sent for so long is not sent any more: nobody waits for it.
const STALE: SignedDuration = SignedDuration::from_hours(1);

/// Somebody wants a new password for this address.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Asked {
    email: Email,
    at: Timestamp,
    /// The password is worthless already: "this wasn't me".
    #[serde(default)]
    protected: bool,
}

/// Asks for a link to a new password. The answer is the same for any address, and takes the same time.
///
/// # Errors
/// Too many mails to the address, or asked for from where the request came.
pub async fn ask_reset(d: &Domain, origin: Origin, email: &Email) -> Result<(), Limited> {
    limits::mail(d, origin.address, email).await?;
    let mut tx = d.db.pool.begin().await.map_err(Fault::from)?;
    let asked = Asked { email: email.clone(), at: d.now(), protected: false };
    jobs::enqueue_own(d, &mut tx, Work::Mail { letter: Letter::Reset(asked) }).await?;
    let act = PlatformAct { origin: Some(origin), ..PlatformAct::done("identity.ask_reset") };
    audit::platform(d, &mut tx, act).await?;
    tx.commit().await.map_err(Fault::from)?;
    Ok(())
}

/// Mails the link to somebody whose password was made worthless, at the address that the account has now.
pub(super) async fn offer(d: &Domain, tx: &mut PgConnection, user: UserId) -> Result<(), Fault> {
    let email = sqlx::query_scalar!("SELECT email FROM control.users WHERE id = $1", user.0)
        .fetch_one(&mut *tx)
        .await?;
    let Some(Ok(email)) = email.map(|email| email.parse()) else { return Ok(()) };
    let asked = Asked { email, at: d.now(), protected: true };
    jobs::enqueue_own(d, tx, Work::Mail { letter: Letter::Reset(asked) }).await
}

/// Writes the mail, where the address is of somebody who has, or had, a password.
pub(crate) async fn draft(d: &Domain, asked: &Asked) -> Result<Option<Draft>, Fault> {
    if d.now().duration_since(asked.at) > STALE {
        return Ok(None);
    }
    let user = sqlx::query_scalar!(
        "SELECT id FROM control.users WHERE email = $1 AND disabled_at IS NULL AND password_changed_at IS NOT NULL",
        asked.email.as_ref()
    )
    .fetch_optional(&d.db.pool)
    .await?;
    let Some(user) = user.map(UserId) else { return Ok(None) };
    let mut tx = d.db.pool.begin().await?;
    let token = ceremony::begin(d, &mut *tx, Kind::Reset, Some(user), None, &()).await?;
    let act = PlatformAct { object: Some(("user", user.0)), ..PlatformAct::done("identity.mail_reset") };
    audit::platform(d, &mut tx, act).await?;
    tx.commit().await?;
    let to = format!("{}/portal/reset?t={token}", d.policy.public_url);
    let not_me = notices::not_me_link(d, user, None).await?;
    let protected = asked.protected;
    Draft::to(d, user, |language| Words { not_me: Some(not_me), ..words(language, to, protected) }).await
}

/// What was asked for by nobody but "this wasn't me" says what that has done.
const fn protected_words(language: Language) -> (&'static str, &'static str) {
    match language {
        Language::Fr => (
            "Vous avez protégé votre compte CareLink\u{a0}: ses sessions sont fermées et l’ancien mot de passe ne sert plus. Pour en choisir un autre, ouvrez ce lien\u{a0}:",
            "Lien dépassé\u{a0}? Demandez-en un autre avec «\u{a0}Mot de passe oublié\u{a0}», sur la page de connexion.",
        ),
        Language::En => (
            "You protected your CareLink account: its sessions are closed, and the password of before is no longer good. To choose another one, open this link:",
            "Link over? Ask for another one with “Forgotten password”, on the sign-in page.",
        ),
    }
}

fn words(language: Language, to: String, protected: bool) -> Words {
    let (subject, first, label, after) = match language {
        Language::Fr => (
            "CareLink\u{a0}: choisir un nouveau mot de passe",
            "Un nouveau mot de passe a été demandé pour votre compte CareLink. Pour le choisir, ouvrez ce lien\u{a0}:",
            "Choisir un nouveau mot de passe",
            [
                "Le lien sert une seule fois, pendant 30 minutes. Votre second facteur (application, clé d’accès ou code de secours) vous sera demandé comme d’habitude.",
                "Si vous n’avez rien demandé, ne faites rien\u{a0}: votre mot de passe reste le même.",
            ],
        ),
        Language::En => (
            "CareLink: choose a new password",
            "A new password was asked for your CareLink account. To choose it, open this link:",
            "Choose a new password",
            [
                "The link is good once, for 30 minutes. Your second factor (application, passkey or recovery code) will be asked for as usual.",
                "If you did not ask for anything, do nothing: your password stays the same.",
            ],
        ),
    };
    let (first, last) = if protected { protected_words(language) } else { (first, after[1]) };
    Words {
        subject: subject.to_owned(),
        paragraphs: vec![first.to_owned()],
        action: Some(Link { label, to }),
        after: [after[0], last].map(str::to_owned).to_vec(),
        not_me: None,
    }
}

/// Why no new password was set.
#[derive(Debug, thiserror::Error)]
pub enum ResetError {
    /// The link is not ours, was used, or is older than half an hour.
    #[error("the link is over")]
    Expired,
    /// The new password breaks a rule. The link is still good.
    #[error("refused: {0}")]
    Refused(PasswordProblem),
    /// An incident.
    #[error(transparent)]
    Fault(#[from] Fault),
}
fault_from!(ResetError);

/// Whether the link of a mail is still good, before somebody types two passwords for nothing.
///
/// # Errors
/// See [`ResetError`].
pub async fn check_reset(d: &Domain, token: &str) -> Result<(), ResetError> {
    match ceremony::whose(d, &d.db.pool, Kind::Reset, token).await? {
        Some(_) => Ok(()),
        None => Err(ResetError::Expired),
    }
}

/// Sets the new password. Every session of the person ends, and so does whatever was begun with the old one; wrong passwords of
/// before are forgiven. Nobody is signed in by it.
///
/// # Errors
/// See [`ResetError`].
pub async fn reset(d: &Domain, origin: Origin, token: &str, new: &Password) -> Result<(), ResetError> {
    let user = ceremony::whose(d, &d.db.pool, Kind::Reset, token).await?.ok_or(ResetError::Expired)?;
    let row = sqlx::query!("SELECT email FROM control.users WHERE id = $1 AND disabled_at IS NULL", user.0)
        .fetch_optional(&d.db.pool)
        .await?
        .ok_or(ResetError::Expired)?;
    let email = row.email.unwrap_or_default();
    passwords::check_new(d, user, new).await?.map_err(ResetError::Refused)?;
    let hash = d.passwords.hash(&d.random, new).await?;
    let mut tx = d.db.pool.begin().await?;
    // First the person, then what is theirs: the same order everywhere, or two acts wait for each other.
    if sign_in::lock(&mut tx, user).await?.is_none()
        || ceremony::take::<()>(d, &mut *tx, Kind::Reset, token, None).await?.is_none()
    {
        return Err(ResetError::Expired);
    }
    replace_password(d, &mut tx, user, &hash).await?;
    // The link has shown that mails to the address reach the person.
    sqlx::query!(
        "UPDATE control.users SET email_verified_at = $2 WHERE id = $1",
        user.0,
        d.now().to_sqlx() as _
    )
    .execute(&mut *tx)
    .await?;
    let act = PlatformAct {
        object: Some(("user", user.0)),
        origin: Some(origin),
        ..PlatformAct::done("identity.reset_password")
    };
    audit::platform(d, &mut tx, act).await?;
    notices::tell(d, &mut tx, user, What::PasswordReset, origin, None).await?;
    tx.commit().await?;
    d.sessions.forget_user(user);
    limits::forgive_account(d, &email).await?;
    Ok(())
}

/// Another password in place of one that is forgotten or known to somebody else: every session of the person ends, and whatever was
/// begun with the old one or mailed to them.
pub(crate) async fn replace_password(
    d: &Domain,
    tx: &mut PgConnection,
    user: UserId,
    hash: &str,
) -> Result<(), Fault> {
    let now = d.now();
    sqlx::query!(
        "UPDATE control.users SET password_hash = $2, password_changed_at = $3 WHERE id = $1",
        user.0,
        hash,
        now.to_sqlx() as _
    )
    .execute(&mut *tx)
    .await?;
    sqlx::query!(
        "UPDATE control.sessions SET revoked_at = $2, revoked_reason = 'password' WHERE user_id = $1 AND revoked_at IS NULL",
        user.0,
        now.to_sqlx() as _
    )
    .execute(&mut *tx)
    .await?;
    ceremony::end_all(tx, user).await
}
