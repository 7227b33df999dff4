//! Native glue: who calls, with which rights, and how a use case's answer becomes a status.

pub mod cookies;
mod errors;

use std::sync::Arc;

use domain::{
    Admin, Domain, Fault, Origin, Staff,
    identity::{Identified, Issued, SignedIn},
};
pub use errors::{Fail, fail};
use http::{HeaderMap, request::Parts};
use leptos::prelude::*;
use model::{
    identity::{SignInOutcome, Tokens, Transport},
    ids::EstablishmentId,
    time::Language,
};

use crate::error::{ApiError, ErrorKind};

/// Carries the response's nonce from the document to the layer that writes the Content-Security-Policy; never sent.
pub const NONCE_HEADER: http::HeaderName = http::HeaderName::from_static("x-nonce");

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
    /// Whether cookies are `__Host-` (https) or plain.
    pub secure: bool,
    /// How the caller holds its tokens.
    pub transport: Transport,
    /// The browser.
    pub user_agent: Option<String>,
    /// Establishment that the page was rendered for, where it said so.
    pub page_establishment: Option<EstablishmentId>,
    /// Whether the server runs with demonstration data.
    pub demonstration: bool,
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

/// The domain and the signed-in person as staff of the session's establishment.
///
/// # Errors
/// Nobody is signed in, in no establishment, or another tab has switched to another one.
pub fn staff() -> Result<(Domain, Staff), ApiError> {
    let (d, who, caller) = identified()?;
    let staff = who.staff(caller.origin).ok_or_else(|| fail(ErrorKind::Forbidden))?;
    if caller.page_establishment.is_some_and(|page| page != staff.establishment) {
        return Err(fail(ErrorKind::OtherEstablishment));
    }
    Ok((d, staff))
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

/// The answer to a sign-in, with its tokens where the caller wants them: cookies or the body.
///
/// # Errors
/// None today; the signature is what server functions need.
pub fn signed_in(outcome: SignedIn, transport: Transport, secure: bool) -> Result<SignInOutcome, ApiError> {
    Ok(match outcome {
        SignedIn::Choose(establishments) => SignInOutcome::ChooseEstablishment { establishments },
        SignedIn::Open(me, issued) => {
            let tokens = match transport {
                Transport::Bearer => Some(tokens(issued)),
                Transport::Cookie => {
                    cookies::add(cookies::session_lines(&issued, secure));
                    None
                }
            };
            SignInOutcome::SignedIn { me, tokens }
        }
    })
}

/// Tokens for a body.
pub fn tokens(issued: Issued) -> Tokens {
    Tokens { access_token: issued.access, expires_in: 300, refresh_token: issued.refresh }
}
