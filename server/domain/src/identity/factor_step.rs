//! The second step of a sign-in: the password was right, and a second factor is shown.

use model::{
    factors::{FactorAnswer, PasskeyChallenge},
    ids::{EstablishmentId, UserId},
    roles::Roles,
};
use serde::{Deserialize, Serialize};

use super::{
    account,
    ceremony::{self, Kind},
    door,
    factors::{self, FactorError},
    notices,
    session::{Device, NewSession, Proof},
    sign_in::{SignInError, SignedIn, open_audited, refused, unchanged},
};
use crate::{Domain, Fault, Origin, limits, vault};

/// A sign-in that waits for its second factor.
#[derive(Serialize, Deserialize)]
pub(super) struct Pending {
    establishment: Option<EstablishmentId>,
    /// SHA-256 of the password's hash: a password that is changed meanwhile ends the sign-in.
    password: Vec<u8>,
}

/// Begins to wait. The ticket alone opens nothing.
pub(super) async fn wait(
    d: &Domain,
    user: UserId,
    establishment: Option<EstablishmentId>,
    password_hash: Option<&str>,
) -> Result<String, Fault> {
    let password = vault::digest(password_hash.unwrap_or_default().as_bytes()).to_vec();
    let pending = Pending { establishment, password };
    ceremony::begin(d, &d.db.pool, Kind::Factor, Some(user), None, &pending).await
}

/// Asks for a passkey of whoever waits with this ticket.
///
/// # Errors
/// [`FactorError::Expired`] where nobody waits; for others see [`FactorError`].
pub async fn challenge_waiting(d: &Domain, ticket: &str) -> Result<PasskeyChallenge, FactorError> {
    let user = ceremony::whose(d, &d.db.pool, Kind::Factor, ticket).await?.ok_or(FactorError::Expired)?;
    factors::challenge_of(d, user).await
}

/// Goes on with a second factor. Somebody of several establishments who chose none gets a session in none, and chooses then.
///
/// # Errors
/// See [`SignInError`].
pub async fn show_factor(
    d: &Domain,
    origin: Origin,
    device: Device<'_>,
    ticket: &str,
    answer: &FactorAnswer,
) -> Result<SignedIn, SignInError> {
    let user = ceremony::whose(d, &d.db.pool, Kind::Factor, ticket).await?.ok_or(SignInError::Expired)?;
    // First the account's counter: an answer that is not even looked at costs the ticket nothing.
    let attempt = limits::factor(d, user).await?;
    let waiting = ceremony::attempt::<Pending>(d, &d.db.pool, Kind::Factor, ticket, None).await?;
    let Some((_, pending)) = waiting else { return Err(SignInError::Expired) };
    let Some(method) = factors::is_right(d, user, origin, device, answer).await? else {
        refused(d, origin, Some(user), "identity.show_factor").await?;
        return Err(SignInError::WrongFactor);
    };
    attempt.give_back(d).await?;
    let places = account::memberships(&d.db.pool, user).await?;
    let chosen = match (pending.establishment, places.as_slice()) {
        (Some(wanted), _) => places.iter().find(|(card, _)| card.id == wanted),
        (None, [only]) => Some(only),
        (None, _) => None,
    };
    let place = chosen.map(|(card, _)| card.id);
    let mut proof = Proof::password(d.now());
    let door = match door::enter(d, origin, user, place, proof.method, "identity.sign_in").await {
        Err(SignInError::PscOnly) => {
            // The sign-in is over: its way out is another one.
            ceremony::forget(d, &d.db.pool, Kind::Factor, ticket).await?;
            return Err(SignInError::PscOnly);
        }
        other => other?,
    };
    proof.factor_at = Some(d.now());
    proof.add(method);
    let none = Roles::default();
    let new = NewSession {
        user,
        establishment: place,
        roles: chosen.map_or(&none, |(_, roles)| roles),
        origin,
        device,
        proof: &proof,
    };
    let mut tx = d.db.pool.begin().await?;
    let same = |hash: Option<&str>| {
        vault::digest(hash.unwrap_or_default().as_bytes()).as_slice() == pending.password.as_slice()
    };
    // First the person, then what is theirs: the same order everywhere, or two acts wait for each other.
    if !unchanged(&mut tx, user, same).await? || !ceremony::forget(d, &mut *tx, Kind::Factor, ticket).await? {
        return Err(SignInError::Expired);
    }
    notices::recognise(d, &mut tx, user, origin, device).await?;
    let detail = door.detail(Some(method));
    let issued = open_audited(d, &mut tx, new, "identity.sign_in", detail.as_deref()).await?;
    tx.commit().await?;
    let me = account::me_of(d, issued.session).await?.ok_or(SignInError::Expired)?;
    Ok(SignedIn::Open(Box::new(me), issued))
}
