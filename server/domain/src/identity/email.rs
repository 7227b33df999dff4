//! Another e-mail address: a link goes to the old one and to the new one, and nothing changes before both were opened and
//! confirmed. Whoever sits at an open counter, or reads one of the two mailboxes, can't do it alone.
//!
//! Asking does the same whether the new address is somebody's account or not; only the mail that goes there differs.

use jiff_sqlx::ToSqlx;
use model::{
    account::{EmailChange, EmailConfirmed},
    identity::Email,
    ids::UserId,
    time::Language,
};
use serde::{Deserialize, Serialize};
use sqlx::PgConnection;

use super::{
    authenticate::Identified,
    ceremony::{self, Kind},
    factors,
    notices::{self, What},
    sign_in,
};
use crate::{
    Domain, Fault, Origin,
    audit::{self, PlatformAct},
    clock::{self, moment},
    establishments,
    fault::fault_from,
    jobs::{self, Work},
    limits::{self, Limited, TooMany},
    mail::{Draft, Letter, Link, Words},
};

/// Why nothing changed.
#[derive(Debug, thiserror::Error)]
pub enum EmailChangeError {
    /// A second factor must be shown again first.
    #[error("a fresh factor is needed")]
    StepUp,
    /// It is the address already.
    #[error("the same address")]
    Same,
    /// The link is not ours, was used, or is over.
    #[error("the link is over")]
    Expired,
    /// Too many mails.
    #[error("too many")]
    TooMany(TooMany),
    /// An incident.
    #[error(transparent)]
    Fault(#[from] Fault),
}
fault_from!(EmailChangeError);

impl From<Limited> for EmailChangeError {
    fn from(limited: Limited) -> Self {
        match limited {
            Limited::TooMany(wait) => Self::TooMany(wait),
            Limited::Fault(fault) => Self::Fault(fault),
        }
    }
}

/// Which mailbox confirms.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Side {
    /// The address of before.
    Old,
    /// The one that is wanted.
    New,
}

impl Side {
    const fn kind(self) -> Kind {
        match self {
            Self::Old => Kind::EmailOld,
            Self::New => Kind::EmailNew,
        }
    }
}

/// A mail that asks one side to confirm.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Confirm {
    user: UserId,
    side: Side,
}

/// Asks for another address; an earlier wish ends.
///
/// # Errors
/// See [`EmailChangeError`].
pub async fn ask_email_change(
    d: &Domain,
    who: &Identified,
    origin: Origin,
    new: &Email,
) -> Result<(), EmailChangeError> {
    if !factors::may(d, who).await? {
        return Err(EmailChangeError::StepUp);
    }
    let now = d.now();
    let old = sqlx::query_scalar!("SELECT email FROM control.users WHERE id = $1", who.user.0)
        .fetch_one(&d.db.pool)
        .await?;
    if old.as_deref() == Some(new.as_ref()) {
        return Err(EmailChangeError::Same);
    }
    limits::mail(d, origin.address, new).await?;
    let mut tx = d.db.pool.begin().await?;
    if !sign_in::lock_open(&mut tx, who).await? {
        return Err(EmailChangeError::Expired);
    }
    drop_links(&mut tx, who.user).await?;
    sqlx::query!(
        "INSERT INTO control.email_changes (user_id, new_email, asked_at, expires_at) VALUES ($1, $2, $3, $4)
         ON CONFLICT (user_id) DO UPDATE SET new_email = $2, asked_at = $3, expires_at = $4,
             old_confirmed_at = NULL, new_confirmed_at = NULL",
        who.user.0,
        new.as_ref(),
        now.to_sqlx() as _,
        clock::minutes(now, Kind::EmailNew.minutes()).to_sqlx() as _
    )
    .execute(&mut *tx)
    .await?;
    for side in [Side::Old, Side::New] {
        if side == Side::New || old.is_some() {
            let letter = Letter::ConfirmEmail(Confirm { user: who.user, side });
            jobs::enqueue_own(d, &mut tx, Work::Mail { letter }).await?;
        }
    }
    audit::platform(d, &mut tx, act(who, origin, "identity.ask_email_change")).await?;
    tx.commit().await?;
    Ok(())
}

/// Takes the wish back.
///
/// # Errors
/// An incident.
pub async fn cancel_email_change(d: &Domain, who: &Identified, origin: Origin) -> Result<(), Fault> {
    let mut tx = d.db.pool.begin().await?;
    sign_in::lock(&mut tx, who.user).await?;
    drop_links(&mut tx, who.user).await?;
    let gone = sqlx::query!("DELETE FROM control.email_changes WHERE user_id = $1", who.user.0)
        .execute(&mut *tx)
        .await?;
    if gone.rows_affected() == 1 {
        audit::platform(d, &mut tx, act(who, origin, "identity.cancel_email_change")).await?;
    }
    tx.commit().await?;
    Ok(())
}

/// What is waited for, if anything.
///
/// # Errors
/// An incident.
pub async fn email_change(d: &Domain, who: &Identified) -> Result<Option<EmailChange>, Fault> {
    let row = sqlx::query!(
        r#"SELECT c.new_email, c.expires_at, (c.old_confirmed_at IS NOT NULL OR u.email IS NULL) AS "old!",
               c.new_confirmed_at IS NOT NULL AS "new!"
           FROM control.email_changes c JOIN control.users u ON u.id = c.user_id WHERE c.user_id = $1 AND c.expires_at > $2"#,
        who.user.0,
        d.now().to_sqlx() as _
    )
    .fetch_optional(&d.db.pool)
    .await?;
    let zone = match who.establishment {
        Some(id) => establishments::zone(d, id).await?,
        None => establishments::default_zone(),
    };
    Ok(row.map(|row| EmailChange {
        email: row.new_email,
        old_confirmed: row.old,
        new_confirmed: row.new,
        until: moment(row.expires_at.to_jiff(), &zone),
    }))
}

/// The address that a link would confirm, without confirming anything: whoever opens it reads what they agree to.
///
/// # Errors
/// [`EmailChangeError::Expired`] where the link is over; an incident.
pub async fn check_email(d: &Domain, token: &str) -> Result<Email, EmailChangeError> {
    for side in [Side::Old, Side::New] {
        if let Some(named) = ceremony::read::<Option<Email>>(d, &d.db.pool, side.kind(), token).await? {
            return named.ok_or(EmailChangeError::Expired);
        }
    }
    Err(EmailChangeError::Expired)
}

/// One of the two mailboxes confirms. The second one changes the address.
///
/// # Errors
/// See [`EmailChangeError`].
pub async fn confirm_email(
    d: &Domain,
    origin: Origin,
    token: &str,
) -> Result<EmailConfirmed, EmailChangeError> {
    let (user, side) = whose(d, token).await?.ok_or(EmailChangeError::Expired)?;
    let mut tx = d.db.pool.begin().await?;
    // First the person, then what is theirs: the same order everywhere, or two acts wait for each other.
    if sign_in::lock(&mut tx, user).await?.is_none() {
        return Err(EmailChangeError::Expired);
    }
    let link = ceremony::take::<Option<Email>>(d, &mut *tx, side.kind(), token, None).await?;
    let Some((_, Some(named))) = link else { return Err(EmailChangeError::Expired) };
    // A mail that was being written while the person asked for another address confirms the one that it named, or nothing.
    let row = sqlx::query!(
        r#"UPDATE control.email_changes c SET
               old_confirmed_at = CASE WHEN $2 THEN $3 ELSE old_confirmed_at END,
               new_confirmed_at = CASE WHEN $2 THEN new_confirmed_at ELSE $3 END
           FROM control.users u WHERE c.user_id = $1 AND u.id = c.user_id AND c.expires_at > $3 AND c.new_email = $4
           RETURNING c.new_email, u.email AS old_email,
               (c.new_confirmed_at IS NOT NULL AND (c.old_confirmed_at IS NOT NULL OR u.email IS NULL)) AS "both!""#,
        user.0,
        side == Side::Old,
        d.now().to_sqlx() as _,
        named.as_ref()
    )
    .fetch_optional(&mut *tx)
    .await?
    .ok_or(EmailChangeError::Expired)?;
    let by_mail =
        PlatformAct { object: Some(("user", user.0)), origin: Some(origin), ..PlatformAct::done("") };
    audit::platform(d, &mut tx, PlatformAct { action: "identity.confirm_email", ..by_mail }).await?;
    if !row.both {
        tx.commit().await?;
        return Ok(EmailConfirmed::Waiting);
    }
    // While the links were on their way somebody else may have taken the address.
    let changed = sqlx::query!(
        "UPDATE control.users u SET email = $2, email_verified_at = $3,
             search_text = CASE WHEN u.email IS NULL THEN u.search_text || ' ' || $2 ELSE replace(u.search_text, u.email, $2) END
         WHERE u.id = $1 AND NOT EXISTS (SELECT FROM control.users o WHERE o.email = $2)",
        user.0,
        row.new_email,
        d.now().to_sqlx() as _
    )
    .execute(&mut *tx)
    .await
    .map_err(taken_meanwhile)?;
    // Whatever was mailed to the address of before is no longer good, the other address least of all where it is taken.
    ceremony::end_all(&mut tx, user).await?;
    let outcome = if changed.rows_affected() == 1 { "done" } else { "refused" };
    audit::platform(d, &mut tx, PlatformAct { action: "identity.change_email", outcome, ..by_mail }).await?;
    if changed.rows_affected() == 0 {
        tx.commit().await?;
        return Err(EmailChangeError::Expired);
    }
    // To the address of before: it can say that it was not the person.
    if let Some(Ok(old)) = row.old_email.map(|email| email.parse()) {
        notices::tell_at(d, &mut tx, user, What::EmailChanged, origin, old).await?;
    }
    tx.commit().await?;
    d.sessions.forget_user(user);
    Ok(EmailConfirmed::Changed)
}

/// Whose the token is, and of which side.
async fn whose(d: &Domain, token: &str) -> Result<Option<(UserId, Side)>, Fault> {
    for side in [Side::Old, Side::New] {
        if let Some(user) = ceremony::whose(d, &d.db.pool, side.kind(), token).await? {
            return Ok(Some((user, side)));
        }
    }
    Ok(None)
}

/// Somebody else took the address in the same moment.
fn taken_meanwhile(error: sqlx::Error) -> EmailChangeError {
    match error.as_database_error() {
        Some(known) if known.is_unique_violation() => EmailChangeError::Expired,
        _ => EmailChangeError::Fault(error.into()),
    }
}

async fn drop_links(tx: &mut PgConnection, user: UserId) -> Result<(), Fault> {
    sqlx::query!(
        "DELETE FROM control.ceremonies WHERE user_id = $1 AND kind IN ('email_old', 'email_new')",
        user.0
    )
    .execute(tx)
    .await?;
    Ok(())
}

/// Writes the mail to one of the two.
pub(crate) async fn draft(d: &Domain, confirm: &Confirm) -> Result<Option<Draft>, Fault> {
    let row = sqlx::query!(
        r#"SELECT c.new_email, u.email, u.language, u.given_name, u.family_name,
               EXISTS (SELECT FROM control.users o WHERE o.email = c.new_email) AS "taken!"
           FROM control.email_changes c JOIN control.users u ON u.id = c.user_id AND u.disabled_at IS NULL
           WHERE c.user_id = $1 AND c.expires_at > $2"#,
        confirm.user.0,
        d.now().to_sqlx() as _
    )
    .fetch_optional(&d.db.pool)
    .await?;
    let Some(row) = row else { return Ok(None) };
    let language = Language::from_tag(&row.language).unwrap_or_default();
    let to = match confirm.side {
        Side::Old => row.email,
        Side::New => Some(row.new_email.clone()),
    };
    let Some(Ok(to)) = to.map(|email| email.parse::<Email>()) else { return Ok(None) };
    if confirm.side == Side::New && row.taken {
        return Ok(Some(Draft { to, language, name: None, words: taken(language) }));
    }
    let (kind, user) = (confirm.side.kind(), Some(confirm.user));
    let token = ceremony::begin(d, &d.db.pool, kind, user, None, &row.new_email).await?;
    let link = format!("{}/portal/email?t={token}", d.policy.public_url);
    // Nobody knows yet whose the new address is.
    let name = (confirm.side == Side::Old).then(|| format!("{} {}", row.given_name, row.family_name));
    let not_me = match confirm.side {
        Side::Old => Some(notices::not_me_link(d, confirm.user, None).await?),
        Side::New => None,
    };
    let words = Words { not_me, ..words(language, confirm.side, &row.new_email, link) };
    Ok(Some(Draft { to, language, name, words }))
}

fn words(language: Language, side: Side, new: &str, to: String) -> Words {
    let (subject, first, label, after) = match (language, side) {
        (Language::Fr, Side::Old) => (
            "CareLink\u{a0}: changer l’adresse de votre compte",
            format!(
                "Une nouvelle adresse a été demandée pour votre compte CareLink\u{a0}: {new}. Confirmez-le ici\u{a0}; l’autre adresse doit le confirmer aussi."
            ),
            "Confirmer le changement",
            "Vous n’avez rien demandé\u{a0}? Ne confirmez pas, et changez votre mot de passe\u{a0}: quelqu’un était dans votre compte.",
        ),
        (Language::En, Side::Old) => (
            "CareLink: changing the address of your account",
            format!(
                "A new address was asked for your CareLink account: {new}. Confirm it here; the other address has to confirm it too."
            ),
            "Confirm the change",
            "You did not ask for anything? Don’t confirm, and change your password: somebody was in your account.",
        ),
        (Language::Fr, Side::New) => (
            "CareLink\u{a0}: confirmer votre adresse",
            "Cette adresse a été donnée pour un compte CareLink. Si c’est le vôtre, confirmez-la ici."
                .to_owned(),
            "Confirmer cette adresse",
            "Vous n’avez pas de compte CareLink\u{a0}? Ne faites rien.",
        ),
        (Language::En, Side::New) => (
            "CareLink: confirm your address",
            "This address was given for a CareLink account. If it is yours, confirm it here.".to_owned(),
            "Confirm this address",
            "You have no CareLink account? Do nothing.",
        ),
    };
    Words {
        subject: subject.to_owned(),
        paragraphs: vec![first],
        action: Some(Link { label, to }),
        after: vec![after.to_owned()],
        not_me: None,
    }
}

/// To the owner of an account whose address somebody wants for theirs.
fn taken(language: Language) -> Words {
    let (subject, first) = match language {
        Language::Fr => (
            "CareLink\u{a0}: votre adresse a été donnée pour un autre compte",
            "Quelqu’un a voulu utiliser cette adresse pour son compte CareLink. Elle est déjà celle du vôtre\u{a0}: rien n’a changé, et il n’y a rien à faire.",
        ),
        Language::En => (
            "CareLink: your address was given for another account",
            "Somebody wanted to use this address for their CareLink account. It is already that of yours: nothing has changed, and there is nothing to do.",
        ),
    };
    Words {
        subject: subject.to_owned(),
        paragraphs: vec![first.to_owned()],
        action: None,
        after: vec![],
        not_me: None,
    }
}

fn act<'a>(who: &Identified, origin: Origin, action: &'a str) -> PlatformAct<'a> {
    PlatformAct {
        actor: Some(who.user),
        session: Some(who.session),
        origin: Some(origin),
        ..PlatformAct::done(action)
    }
}
