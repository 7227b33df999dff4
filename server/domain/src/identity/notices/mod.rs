//! What people are told by mail of their own access: whoever it was, the owner learns it, and can undo it with one link.

mod browsers;
mod not_me;
mod words;

pub(crate) use browsers::KNOWN_DAYS;
pub(super) use browsers::recognise;
use jiff::Timestamp;
use model::{
    identity::Email,
    ids::UserId,
    sessions::{Device, Network},
    time::Language,
};
pub use not_me::{NotMeError, not_me};
use serde::{Deserialize, Serialize};
use sqlx::PgConnection;

use super::ceremony::{self, Kind};
use crate::{
    Domain, Fault, Origin,
    clock::moment,
    establishments,
    jobs::{self, Work},
    mail::{Draft, Letter, Words},
};

/// What happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum What {
    /// A sign-in with a browser that is not known.
    NewBrowser,
    /// One's own password was changed.
    PasswordChanged,
    /// A new password was set with a mailed link.
    PasswordReset,
    /// The operator set a new password, and took every factor away.
    PasswordGiven,
    /// An authenticator application was set up.
    TotpAdded,
    /// It was taken away.
    TotpRemoved,
    /// A passkey was made.
    PasskeyAdded,
    /// One was taken away.
    PasskeyRemoved,
    /// Recovery codes were renewed.
    CodesRenewed,
    /// One of them was used.
    CodeUsed,
    /// Pro Santé Connect was linked.
    Linked,
    /// It was unlinked.
    Unlinked,
    /// The address was changed: told to the one of before.
    EmailChanged,
    /// A token of a session was used twice: it was copied.
    Theft,
}

/// A notice to be written: whom it concerns, what, when and from where.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Happened {
    user: UserId,
    what: What,
    at: Timestamp,
    device: Device,
    /// Empty where it was not the person's own doing, but the operator's.
    network: String,
    /// Another address than the person's own one: the one of before.
    #[serde(default)]
    to: Option<Email>,
}

/// Tells the person, in the transaction of the act.
pub(super) async fn tell(
    d: &Domain,
    tx: &mut PgConnection,
    user: UserId,
    what: What,
    origin: Origin,
    user_agent: Option<&str>,
) -> Result<(), Fault> {
    let happened = Happened {
        user,
        what,
        at: d.now(),
        device: user_agent.map(Device::read).unwrap_or_default(),
        network: Network::of(origin.address, None).prefix,
        to: None,
    };
    jobs::enqueue_own(d, tx, Work::Mail { letter: Letter::Notice(happened) }).await
}

/// Tells the person what the operator did: from where is nothing to them.
pub(crate) async fn tell_of_operator(
    d: &Domain,
    tx: &mut PgConnection,
    user: UserId,
    what: What,
) -> Result<(), Fault> {
    let (device, network) = (Device::default(), String::new());
    let happened = Happened { user, what, at: d.now(), device, network, to: None };
    jobs::enqueue_own(d, tx, Work::Mail { letter: Letter::Notice(happened) }).await
}

/// The same as [`tell`], to an address that is no longer the person's.
pub(super) async fn tell_at(
    d: &Domain,
    tx: &mut PgConnection,
    user: UserId,
    what: What,
    origin: Origin,
    to: Email,
) -> Result<(), Fault> {
    let network = Network::of(origin.address, None).prefix;
    let happened = Happened { user, what, at: d.now(), device: Device::default(), network, to: Some(to) };
    jobs::enqueue_own(d, tx, Work::Mail { letter: Letter::Notice(happened) }).await
}

/// Writes the notice. Somebody without an address is not written to.
pub(crate) async fn draft(d: &Domain, happened: &Happened) -> Result<Option<Draft>, Fault> {
    let at = moment(happened.at, &establishments::default_zone());
    let words = |language: Language| words::of(language, happened, at);
    let Some(mut draft) = Draft::to(d, happened.user, words).await? else { return Ok(None) };
    if let Some(to) = &happened.to {
        draft.to = to.clone();
    }
    let link = not_me_link(d, happened.user, happened.to.as_ref()).await?;
    draft.words = Words { not_me: Some(link), ..draft.words };
    Ok(Some(draft))
}

/// A link that says "this wasn't me". `former` is the address that it gives back, where that was changed.
pub(super) async fn not_me_link(d: &Domain, user: UserId, former: Option<&Email>) -> Result<String, Fault> {
    let token = ceremony::begin(d, &d.db.pool, Kind::NotMe, Some(user), None, &former).await?;
    Ok(format!("{}/portal/not-me?t={token}", d.policy.public_url))
}
