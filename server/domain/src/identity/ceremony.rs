//! What is begun in one request and finished in another, once: whoever holds the token finishes it, from the same browser
//! where it matters, before it expires. The database knows only the token's keyed hash.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use jiff_sqlx::ToSqlx;
use model::ids::UserId;
use serde::{Serialize, de::DeserializeOwned};
use sqlx::PgExecutor;

use crate::{Domain, Fault, clock, vault::Purpose};

/// What was begun.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// A way to Pro Santé Connect and back.
    Psc,
    /// An identity that waits to be linked to an account of another name.
    PscLink,
    /// A sign-in that waits for its second factor.
    Factor,
    /// An authenticator application that is being set up.
    Totp,
    /// A passkey that is being made.
    Passkey,
    /// A passkey that is asked for.
    PasskeyAnswer,
    /// A mailed link to a new password.
    Reset,
    /// The old address confirms a new one.
    EmailOld,
    /// The new address confirms itself.
    EmailNew,
    /// "This wasn't me", in every mail about somebody's access.
    NotMe,
}

impl Kind {
    const fn as_str(self) -> &'static str {
        match self {
            Self::Psc => "psc",
            Self::PscLink => "psc_link",
            Self::Factor => "factor",
            Self::Totp => "totp",
            Self::Passkey => "passkey",
            Self::PasskeyAnswer => "passkey_answer",
            Self::Reset => "reset",
            Self::EmailOld => "email_old",
            Self::EmailNew => "email_new",
            Self::NotMe => "not_me",
        }
    }

    /// How long it may take, in minutes.
    pub const fn minutes(self) -> i64 {
        match self {
            Self::Psc | Self::PscLink | Self::Factor => 10,
            Self::Totp | Self::Reset => 30,
            Self::EmailOld | Self::EmailNew => 24 * 60,
            Self::NotMe => 7 * 24 * 60,
            Self::Passkey | Self::PasskeyAnswer => 5,
        }
    }
}

/// Wrong answers that a ceremony forgives.
const MOST_ATTEMPTS: i32 = 5;

fn hash(d: &Domain, kind: Kind, text: &str) -> Vec<u8> {
    d.pepper.hash(Purpose::Ceremony, &[kind.as_str().as_bytes(), text.as_bytes()]).to_vec()
}

fn bound(d: &Domain, browser: Option<&str>) -> Option<Vec<u8>> {
    browser.map(|browser| d.pepper.hash(Purpose::Ceremony, &[b"browser", browser.as_bytes()]).to_vec())
}

/// 128 random bits that can stand in an address or a cookie.
pub(crate) fn token(d: &Domain) -> Result<String, Fault> {
    Ok(URL_SAFE_NO_PAD.encode(d.random.bytes::<16>()?))
}

/// Begins one, and gives its token.
pub(super) async fn begin<T: Serialize>(
    d: &Domain,
    db: impl PgExecutor<'_>,
    kind: Kind,
    user: Option<UserId>,
    browser: Option<&str>,
    data: &T,
) -> Result<String, Fault> {
    let token = token(d)?;
    sqlx::query!(
        "INSERT INTO control.ceremonies (id_hash, kind, user_id, bound_to, data, expires_at)
         VALUES ($1, $2, $3, $4, $5, $6)",
        hash(d, kind, &token),
        kind.as_str(),
        user.map(|user| user.0),
        bound(d, browser),
        serde_json::to_value(data)?,
        clock::minutes(d.now(), kind.minutes()).to_sqlx() as _,
    )
    .execute(db)
    .await?;
    Ok(token)
}

/// Takes it away: whoever comes second finds nothing. Another browser finds nothing either, and spoils nothing.
pub(super) async fn take<T: DeserializeOwned>(
    d: &Domain,
    db: impl PgExecutor<'_>,
    kind: Kind,
    token: &str,
    browser: Option<&str>,
) -> Result<Option<(Option<UserId>, T)>, Fault> {
    let row = sqlx::query!(
        "DELETE FROM control.ceremonies
         WHERE id_hash = $1 AND bound_to IS NOT DISTINCT FROM $2 AND expires_at > $3 RETURNING user_id, data",
        hash(d, kind, token),
        bound(d, browser),
        d.now().to_sqlx() as _
    )
    .fetch_optional(db)
    .await?;
    row.map(|row| Ok((row.user_id.map(UserId), serde_json::from_value(row.data)?))).transpose()
}

/// Reads what was begun in any browser, and leaves it.
pub(super) async fn read<T: DeserializeOwned>(
    d: &Domain,
    db: impl PgExecutor<'_>,
    kind: Kind,
    token: &str,
) -> Result<Option<T>, Fault> {
    let data = sqlx::query_scalar!(
        "SELECT data FROM control.ceremonies WHERE id_hash = $1 AND bound_to IS NULL AND expires_at > $2",
        hash(d, kind, token),
        d.now().to_sqlx() as _
    )
    .fetch_optional(db)
    .await?;
    Ok(data.map(serde_json::from_value).transpose()?)
}

/// Whose it is, without an answer.
pub(super) async fn whose(
    d: &Domain,
    db: impl PgExecutor<'_>,
    kind: Kind,
    token: &str,
) -> Result<Option<UserId>, Fault> {
    let user = sqlx::query_scalar!(
        "SELECT user_id FROM control.ceremonies WHERE id_hash = $1 AND expires_at > $2 AND attempts < $3",
        hash(d, kind, token),
        d.now().to_sqlx() as _,
        MOST_ATTEMPTS
    )
    .fetch_optional(db)
    .await?;
    Ok(user.flatten().map(UserId))
}

/// Reads it for one more answer, which may be wrong; after too many it is gone.
pub(super) async fn attempt<T: DeserializeOwned>(
    d: &Domain,
    db: impl PgExecutor<'_>,
    kind: Kind,
    token: &str,
    browser: Option<&str>,
) -> Result<Option<(Option<UserId>, T)>, Fault> {
    let row = sqlx::query!(
        "UPDATE control.ceremonies SET attempts = attempts + 1
         WHERE id_hash = $1 AND bound_to IS NOT DISTINCT FROM $2 AND expires_at > $3 AND attempts < $4
         RETURNING user_id, data",
        hash(d, kind, token),
        bound(d, browser),
        d.now().to_sqlx() as _,
        MOST_ATTEMPTS
    )
    .fetch_optional(db)
    .await?;
    row.map(|row| Ok((row.user_id.map(UserId), serde_json::from_value(row.data)?))).transpose()
}

/// Ends it. Whoever is second is told so.
pub(super) async fn forget(
    d: &Domain,
    db: impl PgExecutor<'_>,
    kind: Kind,
    token: &str,
) -> Result<bool, Fault> {
    let gone = sqlx::query!("DELETE FROM control.ceremonies WHERE id_hash = $1", hash(d, kind, token))
        .execute(db)
        .await?;
    Ok(gone.rows_affected() == 1)
}

/// Ends whatever somebody has begun, and whatever was mailed to them: links to a password, another address, sign-ins that wait.
/// "This wasn't me" stays good.
pub(super) async fn end_all(tx: &mut sqlx::PgConnection, user: UserId) -> Result<(), Fault> {
    sqlx::query!("DELETE FROM control.ceremonies WHERE user_id = $1 AND kind <> 'not_me'", user.0)
        .execute(&mut *tx)
        .await?;
    sqlx::query!("DELETE FROM control.email_changes WHERE user_id = $1", user.0).execute(tx).await?;
    Ok(())
}
