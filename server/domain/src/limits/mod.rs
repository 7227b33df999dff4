//! Rate limits, as named methods that read like the policy.
//!
//! An attempt is counted first, in a transaction of its own, and given back when it turns out right: a thousand guesses
//! sent at once are a thousand attempts. Counters lie in PostgreSQL, so that they hold for every node together.

mod alert;
mod attempt;
mod bucket;
mod stuffing;

use std::net::IpAddr;

pub(crate) use alert::{Stuffing, draft as stuffing_draft};
pub use attempt::Attempt;
use attempt::take;
use bucket::{Bucket, Rule, network};
use jiff::SignedDuration;
use model::{
    identity::Email,
    ids::{EstablishmentId, UserId},
};
pub use stuffing::{failed_account, slowed};

use serde::{Deserialize, Serialize};

use crate::{Domain, Fault};

/// Numbers of the limits; every one can be set.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(default)]
pub struct LimitPolicy {
    /// Wrong codes of one address that cost nothing but the attempt.
    pub code_free: u32,
    /// Wrong codes of one address in an hour after which it must use the link or wait.
    pub code_per_address: u32,
    /// The same for its neighbourhood (IPv4 /24, IPv6 /48).
    pub code_per_network: u32,
    /// Wrong codes in one establishment and hour after which typing pauses there.
    pub code_per_establishment: u32,
    /// Wrong codes on the whole platform and hour.
    pub code_global: u32,
    /// Wrong codes in an establishment and hour after which its staff are told.
    pub code_alert: u32,
    /// Wrong passwords of one account that cost nothing but the attempt.
    pub sign_in_free: u32,
    /// Wrong passwords of one account in a day (CNIL 2022-100: 25 at most).
    pub sign_in_per_account: u32,
    /// Wrong passwords of one address in an hour.
    pub sign_in_per_address: u32,
    /// Accounts with a wrong password in ten minutes from which on every local sign-in is slowed and the operator told.
    pub stuffing_accounts: u32,
    /// By so many seconds.
    pub stuffing_delay_seconds: u32,
    /// Files that one address may begin to send in an hour.
    pub uploads_per_address: u32,
    /// Mails in an hour to one address, for whoever asks: a new password, another address, an invitation.
    pub mails_to_address: u32,
    /// Mails in an hour that one network address has sent to addresses of its choice.
    pub mails_per_address: u32,
    /// Establishments registered in a day, on the whole platform.
    pub registrations_per_day: u32,
    /// Exports of one person in an hour.
    pub exports_per_user: u32,
    /// Requests a minute of one anonymous client to whatever else is anonymous.
    pub anonymous_per_minute: u32,
}

impl Default for LimitPolicy {
    fn default() -> Self {
        Self {
            code_free: 5,
            code_per_address: 20,
            code_per_network: 60,
            code_per_establishment: 100,
            code_global: 2_000,
            code_alert: 20,
            sign_in_free: 5,
            sign_in_per_account: 25,
            sign_in_per_address: 50,
            stuffing_accounts: 50,
            stuffing_delay_seconds: 3,
            uploads_per_address: 200,
            mails_to_address: 5,
            mails_per_address: 20,
            registrations_per_day: 100,
            exports_per_user: 20,
            anonymous_per_minute: 60,
        }
    }
}

/// Too many attempts; another one is counted from then on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TooMany {
    /// Whole seconds to wait, at least one.
    pub retry_after: u64,
}

/// Why an attempt was not let through.
#[derive(Debug, thiserror::Error)]
pub enum Limited {
    /// Too many.
    #[error("too many attempts, retry after {} s", .0.retry_after)]
    TooMany(TooMany),
    /// An incident.
    #[error(transparent)]
    Fault(#[from] Fault),
}

/// Somebody types a code of `establishment`: one counter for whatever could tell a valid code from another.
///
/// # Errors
/// The address, its network, the establishment or the platform has had too many wrong ones.
pub async fn code_entry(
    d: &Domain,
    address: IpAddr,
    establishment: EstablishmentId,
) -> Result<Attempt, Limited> {
    let p = &d.policy.limits;
    let hour = SignedDuration::from_hours(1);
    let id = establishment.0.into_bytes();
    take(
        d,
        &[
            Bucket::new("code establishment", &id, Rule::pausing(p.code_per_establishment, hour)),
            Bucket::new(
                "code address",
                &network(address, 32, 64),
                Rule::delaying(p.code_free, p.code_per_address, hour),
            ),
            Bucket::new("code network", &network(address, 24, 48), Rule::pausing(p.code_per_network, hour)),
            Bucket::new("code global", b"", Rule::pausing(p.code_global, hour)),
        ],
    )
    .await
}

/// Somebody tries a password on an account that may or may not exist.
///
/// # Errors
/// The account or the address has had too many wrong ones.
pub async fn sign_in(d: &Domain, address: IpAddr, account: &str) -> Result<Attempt, Limited> {
    let p = &d.policy.limits;
    let account =
        account.parse::<Email>().map_or_else(|_| account.to_lowercase(), |email| email.as_ref().to_owned());
    let day = SignedDuration::from_hours(24);
    take(
        d,
        &[
            Bucket::new(
                "sign-in account",
                account.as_bytes(),
                Rule::delaying(p.sign_in_free, p.sign_in_per_account, day),
            ),
            Bucket::new(
                "sign-in address",
                &network(address, 32, 64),
                Rule::pausing(p.sign_in_per_address, SignedDuration::from_hours(1)),
            ),
        ],
    )
    .await
}

/// The owner of an account has shown otherwise that it is theirs: what others tried out counts no longer.
///
/// # Errors
/// An incident.
pub async fn forgive_account(d: &Domain, account: &str) -> Result<(), Fault> {
    attempt::forget(d, "sign-in account", account.as_bytes()).await
}

/// Somebody has a mail sent to an address that need not be theirs. Never given back.
///
/// # Errors
/// Five an hour to one address, or twenty from one place.
pub async fn mail(d: &Domain, address: IpAddr, to: &Email) -> Result<(), Limited> {
    let (p, hour) = (&d.policy.limits, SignedDuration::from_hours(1));
    take(
        d,
        &[
            Bucket::new("mail to", to.as_ref().as_bytes(), Rule::pausing(p.mails_to_address, hour)),
            Bucket::new("mail from", &network(address, 32, 64), Rule::pausing(p.mails_per_address, hour)),
        ],
    )
    .await
    .map(drop)
}

/// Somebody registers an establishment: a mail goes, and perhaps a heap of them waits for the platform's administrators. Never
/// given back.
///
/// # Errors
/// As [`mail`], or too many on the whole platform today.
pub async fn register(d: &Domain, address: IpAddr, to: &Email) -> Result<(), Limited> {
    let (p, hour) = (&d.policy.limits, SignedDuration::from_hours(1));
    let all = Rule::pausing(p.registrations_per_day, SignedDuration::from_hours(24));
    take(
        d,
        &[
            Bucket::new("register", b"", all),
            Bucket::new("mail to", to.as_ref().as_bytes(), Rule::pausing(p.mails_to_address, hour)),
            Bucket::new("mail from", &network(address, 32, 64), Rule::pausing(p.mails_per_address, hour)),
        ],
    )
    .await
    .map(drop)
}

/// An establishment has an invitation sent. Never given back.
///
/// # Errors
/// Five an hour to one address, or two hundred a day of one establishment.
pub async fn invite(d: &Domain, establishment: EstablishmentId, to: &Email) -> Result<(), Limited> {
    let id = establishment.0.into_bytes();
    take(
        d,
        &[
            Bucket::new(
                "invite to",
                to.as_ref().as_bytes(),
                Rule::pausing(d.policy.limits.mails_to_address, SignedDuration::from_hours(1)),
            ),
            Bucket::new("invite from", &id, Rule::pausing(200, SignedDuration::from_hours(24))),
        ],
    )
    .await
    .map(drop)
}

/// Somebody asks an establishment to be let in. Never given back.
///
/// # Errors
/// Twenty times today already.
pub async fn ask(d: &Domain, user: UserId) -> Result<(), Limited> {
    let rule = Rule::pausing(20, SignedDuration::from_hours(24));
    take(d, &[Bucket::new("ask", user.0.as_bytes(), rule)]).await.map(drop)
}

/// Somebody shows a second factor: six digits can be tried out in a day by who may try as often as they like.
///
/// # Errors
/// The account has had too many wrong ones.
pub async fn factor(d: &Domain, user: UserId) -> Result<Attempt, Limited> {
    let p = &d.policy.limits;
    let rule = Rule::delaying(p.sign_in_free, p.sign_in_per_account, SignedDuration::from_hours(24));
    take(d, &[Bucket::new("factor", user.0.as_bytes(), rule)]).await
}

/// An address begins to send a file. Never given back: it bounds work, not guesses.
///
/// # Errors
/// Too many this hour.
pub async fn upload(d: &Domain, address: IpAddr) -> Result<(), Limited> {
    let rule = Rule::pausing(d.policy.limits.uploads_per_address, SignedDuration::from_hours(1));
    take(d, &[Bucket::new("upload", &network(address, 32, 64), rule)]).await.map(drop)
}

/// A person exports a list.
///
/// # Errors
/// Too many this hour.
pub async fn export(d: &Domain, user: UserId) -> Result<(), Limited> {
    let rule = Rule::pausing(d.policy.limits.exports_per_user, SignedDuration::from_hours(1));
    take(d, &[Bucket::new("export", user.0.as_bytes(), rule)]).await.map(drop)
}
