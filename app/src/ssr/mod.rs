//! Native glue: who calls, with which rights, and how a use case's answer becomes a status.

pub mod cookies;
mod errors;

use std::sync::Arc;

use domain::{
    Admin, Domain, Fault, Origin, PlatformAdmin, Refused, Staff,
    identity::{
        Device, Identified, Issued, SignedIn,
        factors::{self, FactorError},
    },
};
pub use errors::{Fail, fail};
use http::{HeaderMap, request::Parts};
use leptos::prelude::*;
use model::{
    factors::{Enrolled, PasskeyChallenge, Renewed},
    identity::{Me, Resumed, SignInOutcome, SignInWays, Tokens, Transport},
    ids::EstablishmentId,
    registration::RegistrationMode,
    time::Language,
};

use crate::error::{ApiError, ErrorKind};

/// Carries the response's nonce from the document to the layer that writes the Content-Security-Policy; never sent.
pub const NONCE_HEADER: http::HeaderName = http::HeaderName::from_static("x-nonce");

/// How long a sign-in waits for its second factor, in seconds.
pub const FACTOR_SECONDS: i64 = 600;

/// What the layers found out about a request. One per request, in its extensions.
#[derive(Clone)]
pub struct Caller {
    /// The signed-in person, if any.
    pub identified: Option<Arc<Identified>>,
    /// Address and request id.
    pub origin: Origin,
    /// Language of the answer.
    pub language: Language,
    /// Token against cross-site requests for pages rendered now.
    pub csrf: String,
    /// Makes such a token for another session: of the same person, under its new name.
    pub csrf_for: fn(&Domain, &str) -> String,
    /// Whether cookies are `__Host-` (https) or plain.
    pub secure: bool,
    /// How the caller holds its tokens.
    pub transport: Transport,
    /// The browser.
    pub user_agent: Option<String>,
    /// What the browser is known again by; a new one where it brought none.
    pub known_as: String,
    /// Establishment that the page was rendered for, where it said so.
    pub page_establishment: Option<EstablishmentId>,
    /// Whether the server runs with demonstration data.
    pub demonstration: bool,
}

impl Caller {
    /// The signed-in person as staff of the session's establishment.
    ///
    /// # Errors
    /// Nobody is signed in, or somebody who works nowhere (yet).
    pub fn staff(&self) -> Result<Staff, ErrorKind> {
        let who = self.identified.as_ref().ok_or(ErrorKind::NotSignedIn)?;
        who.staff(self.origin).ok_or_else(|| nobodys_staff(who))
    }

    /// What the caller's sessions are used with.
    pub fn device(&self) -> Device<'_> {
        Device {
            transport: self.transport,
            user_agent: self.user_agent.as_deref(),
            known_as: Some(&self.known_as),
        }
    }
}

/// Runs a use case in a task of its own: a client's disconnect, or a page that is dropped, can't cancel it half-way.
///
/// # Errors
/// The use case's own, or an incident when the task ended abnormally.
pub async fn unit<T, E>(work: impl Future<Output = Result<T, E>> + Send + 'static) -> Result<T, E>
where
    T: Send + 'static,
    E: From<Fault> + Send + 'static,
{
    tokio::spawn(work).await.unwrap_or_else(|error| Err(Fault::Data(error.to_string()).into()))
}

fn parts() -> Result<Parts, ApiError> {
    use_context::<Parts>().ok_or_else(|| ErrorKind::Internal.into())
}

/// The caller of the current request.
///
/// # Errors
/// Outside of a request.
pub fn caller() -> Result<Caller, ApiError> {
    parts()?.extensions.get::<Caller>().cloned().ok_or_else(|| ErrorKind::Internal.into())
}

/// Headers of the current request.
pub fn headers() -> HeaderMap {
    parts().map(|parts| parts.headers).unwrap_or_default()
}

/// The domain.
///
/// # Errors
/// Outside of a request.
pub fn domain() -> Result<Domain, ApiError> {
    parts()?.extensions.get::<Domain>().cloned().ok_or_else(|| ErrorKind::Internal.into())
}

/// The domain and the signed-in person.
///
/// # Errors
/// Nobody is signed in.
pub fn identified() -> Result<(Domain, Arc<Identified>, Caller), ApiError> {
    let caller = caller()?;
    let who = caller.identified.clone().ok_or_else(|| fail(ErrorKind::NotSignedIn))?;
    Ok((domain()?, who, caller))
}

/// The same, and more than a password was shown where that does not suffice.
///
/// # Errors
/// Nobody is signed in, or somebody who has to set up a second factor first.
pub fn proved() -> Result<(Domain, Arc<Identified>, Caller), ApiError> {
    let (d, who, caller) = identified()?;
    if who.needs_factor { Err(fail(ErrorKind::FactorNeeded)) } else { Ok((d, who, caller)) }
}

/// The domain and the signed-in person as staff of the session's establishment.
///
/// # Errors
/// Nobody is signed in, in no establishment, or another tab has switched to another one.
pub fn staff() -> Result<(Domain, Staff), ApiError> {
    let (d, caller) = (domain()?, caller()?);
    let staff = caller.staff().map_err(fail)?;
    if caller.page_establishment.is_some_and(|page| page != staff.establishment) {
        return Err(fail(ErrorKind::OtherEstablishment));
    }
    Ok((d, staff))
}

/// Why somebody who is signed in works nowhere.
fn nobodys_staff(who: &Identified) -> ErrorKind {
    if who.needs_factor {
        ErrorKind::FactorNeeded
    } else if who.needs_practice {
        ErrorKind::PracticeNeeded
    } else {
        ErrorKind::Forbidden
    }
}

/// The domain and the signed-in person as an administrator; a refusal is audited under `action`.
///
/// # Errors
/// As [`staff`], or the person is no administrator.
pub async fn admin(action: &str) -> Result<(Domain, Admin), ApiError> {
    let (d, staff) = staff()?;
    let admin = Admin::of(&d, staff, action).await.map_err(fail)?;
    Ok((d, admin))
}

/// The domain and the signed-in person as an administrator of the platform; a refusal is audited under `action`.
///
/// # Errors
/// As [`proved`], or the person is none.
pub async fn platform(action: &str) -> Result<(Domain, PlatformAdmin), ApiError> {
    let (d, who, caller) = proved()?;
    match PlatformAdmin::of(&d, &who, caller.origin, action).await {
        Ok(admin) => Ok((d, admin)),
        Err(Refused::Fault(fault)) => Err(fail(fault)),
        Err(_) => Err(fail(ErrorKind::PlatformOnly)),
    }
}

/// The answer to a sign-in, with its tokens where the caller wants them: cookies or the body.
///
/// # Errors
/// None today; the signature is what server functions need.
pub fn signed_in(
    outcome: SignedIn,
    transport: Transport,
    caller: &Caller,
) -> Result<SignInOutcome, ApiError> {
    let secure = caller.secure;
    Ok(match outcome {
        SignedIn::Choose(establishments) => SignInOutcome::ChooseEstablishment { establishments },
        SignedIn::Factor(ticket, factors) => {
            let ticket = match transport {
                Transport::Bearer => Some(ticket),
                Transport::Cookie => {
                    let line = cookies::line(cookies::SIGN_IN, &ticket, secure, Some(FACTOR_SECONDS));
                    cookies::add([(http::header::SET_COOKIE, line)]);
                    None
                }
            };
            SignInOutcome::FactorRequired { ticket, factors }
        }
        SignedIn::Open(me, issued) => {
            let tokens = match transport {
                Transport::Bearer => Some(tokens(issued)),
                Transport::Cookie => {
                    cookies::add(cookies::sign_in_lines(&issued, &caller.known_as, secure));
                    None
                }
            };
            SignInOutcome::SignedIn { me, tokens }
        }
    })
}

/// How people can sign in here.
///
/// # Errors
/// Outside of a request.
#[expect(clippy::unused_async, reason = "server functions wait for what they answer")]
pub async fn ways() -> Result<SignInWays, ApiError> {
    let (d, demonstration) = (domain()?, caller()?.demonstration);
    Ok(SignInWays {
        psc: d.psc.is_some(),
        passkey: d.passkeys.possible(),
        simulated: d.psc.as_ref().is_some_and(|psc| psc.settings.simulated),
        relaxed: demonstration && !d.policy.identity.second_factor,
        registers: d.policy.identity.registration != RegistrationMode::Closed,
    })
}

/// What names a sign-in that waits for its second factor, and how its tokens are to be held: a ticket in the body is a program's,
/// one in the cookie a browser's.
pub fn ticket(caller: &Caller, given: Option<String>) -> (Device<'_>, String) {
    if let Some(ticket) = given {
        return (Device { transport: Transport::Bearer, ..caller.device() }, ticket);
    }
    let kept = cookies::read(&headers(), cookies::SIGN_IN, caller.secure).map(str::to_owned);
    (Device { transport: Transport::Cookie, ..caller.device() }, kept.unwrap_or_default())
}

/// Asks for a passkey of whoever it may be of.
///
/// # Errors
/// Nobody waits, or has one.
pub async fn challenge(
    d: &Domain,
    who: Option<&Identified>,
    anybody: bool,
    ticket: &str,
) -> Result<PasskeyChallenge, FactorError> {
    match who {
        _ if anybody => factors::challenge_anybody(d).await,
        Some(who) => factors::challenge_own(d, who).await,
        None => domain::identity::challenge_waiting(d, ticket).await,
    }
}

/// What setting up a factor gives.
pub fn enrolled((recovery_codes, issued): (Option<Vec<String>>, Issued), caller: &Caller) -> Enrolled {
    Enrolled { recovery_codes, session: renewed(issued, caller) }
}

/// A session under a new name: cookies and the page's token, or tokens for the body.
pub fn renewed(issued: Issued, caller: &Caller) -> Renewed {
    match caller.transport {
        Transport::Bearer => Renewed { tokens: Some(tokens(issued)), csrf: None },
        Transport::Cookie => {
            cookies::add(cookies::session_lines(&issued, caller.secure));
            let csrf = domain().ok().map(|d| (caller.csrf_for)(&d, &issued.session.to_string()));
            Renewed { tokens: None, csrf }
        }
    }
}

/// Who is signed in, for a page that goes on. Programs have no pages.
pub fn resumed(me: Me, caller: Caller) -> Resumed {
    Resumed { me, csrf: (caller.transport == Transport::Cookie).then_some(caller.csrf) }
}

/// Whether the caller's own session ended: then the browser forgets its tokens.
pub fn ended(ended: bool, secure: bool) -> bool {
    if ended {
        cookies::add(cookies::clear_lines(secure));
    }
    ended
}

/// Tokens for a body.
pub fn tokens(issued: Issued) -> Tokens {
    Tokens { access_token: issued.access, expires_in: 300, refresh_token: issued.refresh }
}
