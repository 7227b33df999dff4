//! Signing in with a passkey alone: the device says whose it is, and its PIN or biometrics that they are there.

use model::{identity::Method, roles::Roles};

use super::{
    account,
    door::{self, Door},
    factors, notices,
    session::{Device, NewSession, Proof},
    sign_in::{SignInError, SignedIn, open_audited, refused, unchanged},
};
use crate::{Domain, Origin};

/// Signs in. Somebody of several establishments gets a session in none, and chooses then.
///
/// # Errors
/// [`SignInError::WrongFactor`] for whatever doesn't hold, a disabled account's included; for others see [`SignInError`].
pub async fn sign_in_with_passkey(
    d: &Domain,
    origin: Origin,
    device: Device<'_>,
    ticket: &str,
    credential: &str,
) -> Result<SignedIn, SignInError> {
    let Some(user) = factors::owner(d, ticket, credential).await? else {
        refused(d, origin, None, "identity.passkey_sign_in").await?;
        return Err(SignInError::WrongFactor);
    };
    let places = account::memberships(&d.db.pool, user).await?;
    let chosen = places.first().filter(|_| places.len() == 1);
    let place = chosen.map(|(card, _)| card.id);
    let now = d.now();
    let proof = Proof {
        method: Method::Passkey,
        amr: ["hwk", "user", "mfa"].map(str::to_owned).to_vec(),
        authenticated_at: now,
        factor_at: Some(now),
        ..Proof::password(now)
    };
    let none = Roles::default();
    let new = NewSession {
        user,
        establishment: place,
        roles: chosen.map_or(&none, |(_, roles)| roles),
        origin,
        device,
        proof: &proof,
    };
    let door = door::door(d, place, proof.method).await?;
    let mut tx = d.db.pool.begin().await?;
    // Whatever the password is, there must be one: "this wasn't me" takes it away, and shuts this way in with it until its owner
    // has chosen another. And the account must be usable, and stay so until the session is there.
    if !unchanged(&mut tx, user, |password| password.is_some()).await? {
        drop(tx);
        refused(d, origin, Some(user), "identity.passkey_sign_in").await?;
        return Err(SignInError::WrongFactor);
    }
    if door == Door::Closed {
        drop(tx);
        return Err(door::refuse(d, origin, user, place, "identity.passkey_sign_in").await?);
    }
    notices::recognise(d, &mut tx, user, origin, device).await?;
    let issued =
        open_audited(d, &mut tx, new, "identity.passkey_sign_in", door.detail(None).as_deref()).await?;
    tx.commit().await?;
    let me = account::me_of(d, issued.session).await?.ok_or(SignInError::Expired)?;
    Ok(SignedIn::Open(Box::new(me), issued))
}
