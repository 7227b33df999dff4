//! Passkeys (Web Authentication Level 3): made on a person's own device, checked with its PIN or biometrics, bound to this
//! service's name. One is a second factor, or a whole sign-in by itself.

use jiff_sqlx::ToSqlx;
use model::{
    factors::{PasskeyChallenge, PasskeySetup},
    ids::{PasskeyId, UserId},
    text::FactorName,
};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use webauthn_rs::prelude::{
    AuthenticationResult, DiscoverableAuthentication, Passkey, PasskeyAuthentication, PasskeyRegistration,
    PublicKeyCredential, RegisterPublicKeyCredential, Url, Webauthn, WebauthnBuilder,
};

use super::{
    FactorError, act, end_password_only, keep_one, may_change, must_be_fresh, recovery, still_here, still_may,
};
use crate::{
    Domain, Fault, Origin,
    audit::{self, PlatformAct},
    identity::{
        authenticate::Identified,
        ceremony::{self, Kind},
        notices::{self, What},
        session::{self, Device, Issued},
    },
};

/// Passkeys of one person.
const MOST: i64 = 10;
/// Most of a browser's answer that is read.
const LONGEST: usize = 64 * 1024;

/// The library, set up for this service's name. Without a name (an address of digits) there are no passkeys.
pub struct Passkeys(Option<Webauthn>);

impl Passkeys {
    /// For an origin: `https://carelink.example.fr`.
    pub fn of(origin: &str) -> Self {
        let webauthn = Url::parse(origin).ok().and_then(|url| {
            let name = url.domain()?.to_owned();
            WebauthnBuilder::new(&name, &url).ok()?.rp_name("CareLink").build().ok()
        });
        Self(webauthn)
    }

    /// Whether there can be any.
    pub const fn possible(&self) -> bool {
        self.0.is_some()
    }

    fn get(&self) -> Result<&Webauthn, FactorError> {
        self.0.as_ref().ok_or(FactorError::NotFound)
    }
}

fn library(error: impl std::fmt::Display) -> Fault {
    Fault::Data(format!("webauthn: {error}"))
}

/// Reads what a browser answered.
fn read<T: DeserializeOwned>(answer: &str) -> Option<T> {
    if answer.len() > LONGEST { None } else { serde_json::from_str(answer).ok() }
}

struct Stored {
    id: uuid::Uuid,
    passkey: Passkey,
}

async fn stored(d: &Domain, user: UserId) -> Result<Vec<Stored>, Fault> {
    let rows =
        sqlx::query!("SELECT id, passkey FROM control.passkeys WHERE user_id = $1 ORDER BY id", user.0)
            .fetch_all(&d.db.pool)
            .await?;
    rows.into_iter()
        .map(|row| Ok(Stored { id: row.id, passkey: serde_json::from_value(row.passkey)? }))
        .collect()
}

/// Begins to make one.
///
/// # Errors
/// [`FactorError::StepUp`], [`FactorError::NoPassword`], [`FactorError::NotFound`] where there can be none; an incident.
pub async fn begin_passkey(d: &Domain, who: &Identified) -> Result<PasskeySetup, FactorError> {
    may_change(d, who).await?;
    let webauthn = d.passkeys.get()?;
    let account = super::local_account(d, who.user).await?;
    let known = stored(d, who.user).await?.into_iter().map(|one| one.passkey.cred_id().clone()).collect();
    let (challenge, state) =
        webauthn.start_passkey_registration(who.user.0, &account, &who.name, Some(known)).map_err(library)?;
    let mut options = serde_json::to_value(challenge).map_err(Fault::from)?["publicKey"].take();
    // One that its device can find by itself signs in without an address being typed; a key without room for it still serves as
    // second factor.
    options["authenticatorSelection"]["residentKey"] = "preferred".into();
    let ticket = ceremony::begin(d, &d.db.pool, Kind::Passkey, Some(who.user), None, &state).await?;
    Ok(PasskeySetup { ticket, options: options.to_string() })
}

/// Ends it with the browser's answer. As with an application, the session goes on under a new name.
///
/// # Errors
/// See [`FactorError`].
pub async fn confirm_passkey(
    d: &Domain,
    who: &Identified,
    origin: Origin,
    device: Device<'_>,
    made: &NewPasskey<'_>,
) -> Result<(Option<Vec<String>>, Issued), FactorError> {
    may_change(d, who).await?;
    let webauthn = d.passkeys.get()?;
    let begun =
        ceremony::take::<PasskeyRegistration>(d, &d.db.pool, Kind::Passkey, made.ticket, None).await?;
    let (_, state) = begun.filter(|(user, _)| *user == Some(who.user)).ok_or(FactorError::Expired)?;
    let answer: RegisterPublicKeyCredential = read(made.credential).ok_or(FactorError::Wrong)?;
    let passkey = webauthn.finish_passkey_registration(&answer, &state).map_err(|_| FactorError::Wrong)?;
    let mut tx = d.db.pool.begin().await?;
    let renewed = session::renew(d, &mut tx, who, origin, device, |proof| {
        proof.factor_at = Some(d.now());
        proof.add("hwk");
    });
    let issued = renewed.await?.ok_or(FactorError::Expired)?;
    still_may(&mut tx, who).await?;
    let inserted = sqlx::query!(
        "INSERT INTO control.passkeys (id, user_id, credential_id, passkey, name, created_at)
         SELECT $1, $2, $3, $4, $5, $6 WHERE (SELECT count(*) FROM control.passkeys WHERE user_id = $2) < $7
         ON CONFLICT (credential_id) DO NOTHING",
        d.random.uuid(d.now())?,
        who.user.0,
        passkey.cred_id().as_slice(),
        serde_json::to_value(&passkey).map_err(Fault::from)?,
        made.name.as_str(),
        d.now().to_sqlx() as _,
        MOST
    )
    .execute(&mut *tx)
    .await?;
    if inserted.rows_affected() == 0 {
        return Err(FactorError::Wrong);
    }
    let codes = recovery::issue_first(d, &mut tx, who.user).await?;
    end_password_only(d, &mut tx, who, issued.session).await?;
    audit::platform(d, &mut tx, act(who, origin, "identity.add_passkey")).await?;
    notices::tell(d, &mut tx, who.user, What::PasskeyAdded, origin, device.user_agent).await?;
    tx.commit().await?;
    d.sessions.forget_user(who.user);
    Ok((codes, issued))
}

/// What a browser made.
pub struct NewPasskey<'a> {
    /// Of [`begin_passkey`].
    pub ticket: &'a str,
    /// How its owner calls it.
    pub name: &'a FactorName,
    /// The browser's answer, as JSON.
    pub credential: &'a str,
}

/// Takes one away.
///
/// # Errors
/// See [`FactorError`].
pub async fn remove_passkey(
    d: &Domain,
    who: &Identified,
    origin: Origin,
    id: PasskeyId,
) -> Result<(), FactorError> {
    must_be_fresh(d, who)?;
    let mut tx = d.db.pool.begin().await?;
    still_here(&mut tx, who).await?;
    let gone = sqlx::query!("DELETE FROM control.passkeys WHERE id = $1 AND user_id = $2", id.0, who.user.0)
        .execute(&mut *tx)
        .await?;
    if gone.rows_affected() == 0 {
        return Err(FactorError::NotFound);
    }
    keep_one(d, &mut tx, who.user).await?;
    let removed =
        PlatformAct { object: Some(("passkey", id.0)), ..act(who, origin, "identity.remove_passkey") };
    audit::platform(d, &mut tx, removed).await?;
    notices::tell(d, &mut tx, who.user, What::PasskeyRemoved, origin, None).await?;
    tx.commit().await?;
    Ok(())
}

/// What waits for an answer: of somebody who is known, or of whoever the device says.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Waiting {
    Of(Box<PasskeyAuthentication>),
    Anybody(Box<DiscoverableAuthentication>),
}

async fn wait(
    d: &Domain,
    user: Option<UserId>,
    mut options: serde_json::Value,
    waiting: &Waiting,
) -> Result<PasskeyChallenge, FactorError> {
    let ticket = ceremony::begin(d, &d.db.pool, Kind::PasskeyAnswer, user, None, waiting).await?;
    Ok(PasskeyChallenge { ticket, options: options["publicKey"].take().to_string() })
}

/// Asks for one of a person's passkeys: to show a factor again.
///
/// # Errors
/// [`FactorError::NotFound`] where there is none; an incident.
pub async fn challenge_own(d: &Domain, who: &Identified) -> Result<PasskeyChallenge, FactorError> {
    challenge_of(d, who.user).await
}

pub(in crate::identity) async fn challenge_of(
    d: &Domain,
    user: UserId,
) -> Result<PasskeyChallenge, FactorError> {
    let known: Vec<Passkey> = stored(d, user).await?.into_iter().map(|one| one.passkey).collect();
    if known.is_empty() {
        return Err(FactorError::NotFound);
    }
    let (challenge, state) = d.passkeys.get()?.start_passkey_authentication(&known).map_err(library)?;
    let options = serde_json::to_value(challenge).map_err(Fault::from)?;
    wait(d, Some(user), options, &Waiting::Of(Box::new(state))).await
}

/// Asks for a passkey of whoever is there.
///
/// # Errors
/// [`FactorError::NotFound`] where there can be none; an incident.
pub async fn challenge_anybody(d: &Domain) -> Result<PasskeyChallenge, FactorError> {
    let (challenge, state) = d.passkeys.get()?.start_discoverable_authentication().map_err(library)?;
    let options = serde_json::to_value(challenge).map_err(Fault::from)?;
    wait(d, None, options, &Waiting::Anybody(Box::new(state))).await
}

/// Whether the answer is of one of this person's passkeys.
pub(super) async fn use_answer(
    d: &Domain,
    user: UserId,
    ticket: &str,
    credential: &str,
) -> Result<bool, Fault> {
    let Ok(webauthn) = d.passkeys.get() else { return Ok(false) };
    let waiting = ceremony::take::<Waiting>(d, &d.db.pool, Kind::PasskeyAnswer, ticket, None).await?;
    let Some((Some(of), Waiting::Of(state))) = waiting else { return Ok(false) };
    let Some(answer) = read::<PublicKeyCredential>(credential).filter(|_| of == user) else {
        return Ok(false);
    };
    let Ok(result) = webauthn.finish_passkey_authentication(&answer, &state) else { return Ok(false) };
    let Some(one) = stored(d, user).await?.into_iter().find(|one| one.passkey.cred_id() == result.cred_id())
    else {
        return Ok(false);
    };
    used(d, one.id, &result).await
}

/// Whose passkey it is, where the answer holds. A passkey alone proves two things: the device, and its PIN or biometrics.
pub(in crate::identity) async fn owner(
    d: &Domain,
    ticket: &str,
    credential: &str,
) -> Result<Option<UserId>, Fault> {
    let Ok(webauthn) = d.passkeys.get() else { return Ok(None) };
    let waiting = ceremony::take::<Waiting>(d, &d.db.pool, Kind::PasskeyAnswer, ticket, None).await?;
    let Some((None, Waiting::Anybody(state))) = waiting else { return Ok(None) };
    let Some(answer) = read::<PublicKeyCredential>(credential) else { return Ok(None) };
    let Ok((said, id)) = webauthn.identify_discoverable_authentication(&answer) else { return Ok(None) };
    let (user, id) = (UserId(said), id.to_vec());
    let Some(one) =
        stored(d, user).await?.into_iter().find(|one| one.passkey.cred_id().as_slice() == id.as_slice())
    else {
        return Ok(None);
    };
    let result = webauthn.finish_discoverable_authentication_v2(&answer, *state, &one.passkey);
    let Some(result) = result.ok().filter(AuthenticationResult::user_verified) else { return Ok(None) };
    Ok(used(d, one.id, &result).await?.then_some(user))
}

/// Keeps the counter and the time. The row is read again under its lock. `false` when the passkey was removed meanwhile, or when
/// another answer has counted as far (`WebAuthn` Level 3, section 6.1.1: two devices hold the same key).
async fn used(d: &Domain, id: uuid::Uuid, result: &AuthenticationResult) -> Result<bool, Fault> {
    let mut tx = d.db.pool.begin().await?;
    let row = sqlx::query_scalar!("SELECT passkey FROM control.passkeys WHERE id = $1 FOR UPDATE", id)
        .fetch_optional(&mut *tx)
        .await?;
    let Some(row) = row else { return Ok(false) };
    let mut passkey: Passkey = serde_json::from_value(row)?;
    if passkey.update_credential(result) != Some(true) && result.counter() > 0 {
        return Ok(false);
    }
    sqlx::query!(
        "UPDATE control.passkeys SET passkey = $2, last_used_at = $3 WHERE id = $1",
        id,
        serde_json::to_value(&passkey)?,
        d.now().to_sqlx() as _
    )
    .execute(&mut *tx)
    .await?;
    tx.commit().await?;
    Ok(true)
}
