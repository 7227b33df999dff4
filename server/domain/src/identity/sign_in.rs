//! Signing in with e-mail and password, and changing establishment.

use model::{
    establishments::EstablishmentCard,
    identity::{Credentials, Email, FactorsAtHand, Me, Method, Password},
    ids::{EstablishmentId, UserId},
    roles::Roles,
};
use sqlx::PgConnection;

use super::{
    account,
    authenticate::Identified,
    door, factor_step, factors, notices, passwords,
    session::{self, Device, Issued, NewSession, Proof},
    sign_out,
};
use crate::{
    Domain, Fault, Origin,
    audit::{self, PlatformAct},
    fault::fault_from,
    limits::{self, Limited, TooMany},
};

/// A sign-in that got the password right.
pub enum SignedIn {
    /// A session is open.
    Open(Box<Me>, Issued),
    /// The person must say which establishment.
    Choose(Vec<EstablishmentCard>),
    /// The person must show a second factor, with this ticket ([`super::show_factor`]).
    Factor(String, FactorsAtHand),
}

/// Why nobody was signed in. Unknown account, wrong password and disabled person are one answer.
#[derive(Debug, thiserror::Error)]
pub enum SignInError {
    /// The pair is wrong.
    #[error("wrong e-mail or password")]
    Wrong,
    /// The second factor is wrong, or was used before.
    #[error("wrong second factor")]
    WrongFactor,
    /// The sign-in that waited for its second factor is over.
    #[error("begin again")]
    Expired,
    /// Too many attempts.
    #[error("too many attempts")]
    TooMany(TooMany),
    /// The password is right, but no establishment has this person.
    #[error("no establishment")]
    NoEstablishment,
    /// All was right, but the establishment lets people in with Pro Santé Connect only.
    #[error("Pro Santé Connect only")]
    PscOnly,
    /// An incident.
    #[error(transparent)]
    Fault(#[from] Fault),
}
fault_from!(SignInError);

impl From<Limited> for SignInError {
    fn from(limited: Limited) -> Self {
        match limited {
            Limited::TooMany(wait) => Self::TooMany(wait),
            Limited::Fault(fault) => Self::Fault(fault),
        }
    }
}

struct Account {
    user: UserId,
    password_hash: Option<String>,
    platform_administrator: bool,
    usable: bool,
}

/// Signs in.
///
/// # Errors
/// See [`SignInError`].
pub async fn sign_in(
    d: &Domain,
    origin: Origin,
    device: Device<'_>,
    with: &Credentials,
) -> Result<SignedIn, SignInError> {
    let attempt = limits::sign_in(d, origin.address, &with.email).await?;
    let delay = limits::slowed(d).await?;
    if !delay.is_zero() {
        tokio::time::sleep(delay).await;
    }
    let account = match with.email.parse::<Email>() {
        Ok(email) => find(d, &email).await?,
        Err(_) => None,
    };
    let too_long = with.password.expose().len() > Password::MAX_BYTES;
    let hash = account.as_ref().and_then(|account| account.password_hash.as_deref()).filter(|_| !too_long);
    let right = d.passwords.verify(&with.password, hash).await?;
    let tried = account.as_ref().map(|account| account.user);
    let Some(mut account) = account.filter(|account| right && account.usable) else {
        refused(d, origin, tried, "identity.sign_in").await?;
        limits::failed_account(d, &with.email, origin).await?;
        return Err(SignInError::Wrong);
    };
    attempt.give_back(d).await?;
    if let Some(hash) = account.password_hash.as_deref()
        && let Some(new) = passwords::upgrade(d, origin, account.user, &with.password, hash).await?
    {
        account.password_hash = Some(new);
    }
    let factors = factors::at_hand(d, account.user).await?;
    if factors.any() {
        let hash = account.password_hash.as_deref();
        let ticket = factor_step::wait(d, account.user, with.establishment, hash).await?;
        return Ok(SignedIn::Factor(ticket, factors));
    }

    let places = account::memberships(&d.db.pool, account.user).await?;
    let chosen = match (with.establishment, places.as_slice()) {
        (Some(wanted), _) => places.iter().find(|(card, _)| card.id == wanted),
        (None, [only]) => Some(only),
        (None, []) => None,
        (None, _) => return Ok(SignedIn::Choose(places.into_iter().map(|(card, _)| card).collect())),
    };
    let platform = account.platform_administrator && with.establishment.is_none();
    if chosen.is_none() && !platform {
        record(d, origin, Some(account.user), "identity.sign_in", "refused").await?;
        return Err(SignInError::NoEstablishment);
    }
    let place = chosen.map(|(card, _)| card.id);
    let door = door::enter(d, origin, account.user, place, Method::Password, "identity.sign_in").await?;
    let none = Roles::default();
    let new = NewSession {
        user: account.user,
        establishment: place,
        roles: chosen.map_or(&none, |(_, roles)| roles),
        origin,
        device: Device { transport: with.transport, ..device },
        proof: &Proof::password(d.now()),
    };
    let mut tx = d.db.pool.begin().await?;
    // The password was read some time ago: verifying takes its time, and others may be waiting for it too.
    if !unchanged(&mut tx, account.user, |hash| hash == account.password_hash.as_deref()).await? {
        drop(tx);
        refused(d, origin, tried, "identity.sign_in").await?;
        return Err(SignInError::Wrong);
    }
    notices::recognise(d, &mut tx, account.user, origin, new.device).await?;
    let issued = open_audited(d, &mut tx, new, "identity.sign_in", door.detail(None).as_deref()).await?;
    tx.commit().await?;
    let me = account::me_of(d, issued.session).await?.ok_or(SignInError::Wrong)?;
    Ok(SignedIn::Open(Box::new(me), issued))
}

/// Why somebody stays where they are.
#[derive(Debug, thiserror::Error)]
pub enum SwitchError {
    /// No such establishment of the person.
    #[error("not found")]
    NotFound,
    /// It lets people in with Pro Santé Connect only, and the session was opened otherwise.
    #[error("Pro Santé Connect only")]
    PscOnly,
    /// An incident.
    #[error(transparent)]
    Fault(#[from] Fault),
}
fault_from!(SwitchError);

/// Moves to another establishment of the same person: a new session, the old one ends. The clock of the
/// authentication goes on.
///
/// # Errors
/// See [`SwitchError`].
pub async fn switch(
    d: &Domain,
    who: &Identified,
    origin: Origin,
    to: EstablishmentId,
    device: Device<'_>,
) -> Result<(Me, Issued), SwitchError> {
    let places = account::memberships(&d.db.pool, who.user).await?;
    let (card, roles) = places.iter().find(|(card, _)| card.id == to).ok_or(SwitchError::NotFound)?;
    let door = match door::enter(d, origin, who.user, Some(to), who.method, "identity.switch").await {
        Ok(door) => door,
        Err(SignInError::Fault(fault)) => return Err(fault.into()),
        Err(_) => return Err(SwitchError::PscOnly),
    };
    let mut tx = d.db.pool.begin().await?;
    lock(&mut tx, who.user).await?;
    let proof = session::proof(&mut tx, who.session).await?.ok_or(SwitchError::NotFound)?;
    let new =
        NewSession { user: who.user, establishment: Some(card.id), roles, origin, device, proof: &proof };
    // One goes, one comes: a session that has ended meanwhile has no successor.
    if !sign_out::end(d, &mut tx, who.session, "switched").await? {
        return Err(SwitchError::NotFound);
    }
    let issued = open_audited(d, &mut tx, new, "identity.switch", door.detail(None).as_deref()).await?;
    tx.commit().await?;
    d.sessions.forget(who.session);
    let me = account::me_of(d, issued.session).await?.ok_or(SwitchError::NotFound)?;
    Ok((me, issued))
}

/// Keeps the person's row as it is until the transaction ends: what changes a password or disables somebody writes it
/// first and revokes sessions then, and so never misses one that is being opened.
pub(super) async fn lock(tx: &mut PgConnection, user: UserId) -> Result<Option<Option<String>>, Fault> {
    let row = sqlx::query_scalar!(
        "SELECT password_hash FROM control.users WHERE id = $1 AND disabled_at IS NULL FOR NO KEY UPDATE",
        user.0
    )
    .fetch_optional(tx)
    .await?;
    Ok(row)
}

/// The same for who acts with a session: whether it is still open, once the lock is held. What has ended it meanwhile (another
/// password, "this wasn't me") was meant for whatever it does.
pub(crate) async fn lock_open(tx: &mut PgConnection, who: &Identified) -> Result<bool, Fault> {
    Ok(lock(tx, who.user).await?.is_some() && session::proof(tx, who.session).await?.is_some())
}

/// Whether the person still has this password, and access.
pub(super) async fn unchanged(
    tx: &mut PgConnection,
    user: UserId,
    is_same: impl FnOnce(Option<&str>) -> bool,
) -> Result<bool, Fault> {
    Ok(lock(tx, user).await?.is_some_and(|now| is_same(now.as_deref())))
}

pub(super) async fn open_audited(
    d: &Domain,
    tx: &mut PgConnection,
    new: NewSession<'_>,
    action: &str,
    detail: Option<&str>,
) -> Result<Issued, Fault> {
    let (user, establishment, origin) = (new.user, new.establishment, new.origin);
    let issued = session::open(d, tx, new).await?;
    let act = PlatformAct {
        actor: Some(user),
        session: Some(issued.session),
        establishment,
        origin: Some(origin),
        detail,
        ..PlatformAct::done(action)
    };
    audit::platform(d, tx, act).await?;
    Ok(issued)
}

pub(super) async fn record(
    d: &Domain,
    origin: Origin,
    actor: Option<UserId>,
    action: &str,
    outcome: &str,
) -> Result<(), Fault> {
    let mut tx = d.db.pool.begin().await?;
    let act = PlatformAct { actor, outcome, origin: Some(origin), ..PlatformAct::done(action) };
    audit::platform(d, &mut tx, act).await?;
    tx.commit().await?;
    Ok(())
}

/// Somebody tried an account, and was not its owner as far as anybody can tell: its object, not its actor.
pub(super) async fn refused(
    d: &Domain,
    origin: Origin,
    tried: Option<UserId>,
    action: &str,
) -> Result<(), Fault> {
    let mut tx = d.db.pool.begin().await?;
    let object = tried.map(|user| ("user", user.0));
    let act = PlatformAct { object, outcome: "refused", origin: Some(origin), ..PlatformAct::done(action) };
    audit::platform(d, &mut tx, act).await?;
    tx.commit().await?;
    Ok(())
}

async fn find(d: &Domain, email: &Email) -> Result<Option<Account>, Fault> {
    let row = sqlx::query!(
        "SELECT id, password_hash, platform_administrator, disabled_at FROM control.users WHERE email = $1",
        email.as_ref()
    )
    .fetch_optional(&d.db.pool)
    .await?;
    Ok(row.map(|row| Account {
        user: UserId(row.id),
        password_hash: row.password_hash,
        platform_administrator: row.platform_administrator,
        usable: row.disabled_at.is_none(),
    }))
}
