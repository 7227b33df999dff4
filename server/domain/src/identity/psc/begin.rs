//! On the way to Pro Santé Connect.

use model::ids::{SessionId, UserId};
use openidconnect::{
    AuthenticationContextClass, AuthenticationFlow, CsrfToken, Nonce, PkceCodeChallenge, PkceCodeVerifier,
    Scope,
    core::{CoreAuthPrompt, CoreResponseType},
};
use serde::{Deserialize, Serialize};

use super::{PscError, client::client};
use crate::{
    Domain,
    identity::{
        authenticate::Identified,
        ceremony::{self, Kind},
    },
};

/// The only level there is; anything else is refused.
pub(super) const LEVEL: &str = "eidas1";
/// All of the directory's data.
const SCOPE: &str = "scope_all";

/// What somebody goes there for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "for", rename_all = "snake_case")]
pub enum Intent {
    /// To sign in.
    SignIn,
    /// To sign in with proof of now, not with the session that is open there.
    SignInAgain,
    /// To be recognised there from now on, as the person who is signed in here.
    Link {
        /// Person.
        user: UserId,
        /// Session, which must still be alive then.
        session: SessionId,
    },
    /// To show again who they are, before something that matters.
    StepUp {
        /// Person.
        user: UserId,
        /// Session.
        session: SessionId,
    },
}

impl Intent {
    /// The act in the audit.
    pub(super) const fn action(self) -> &'static str {
        match self {
            Self::SignIn | Self::SignInAgain => "identity.psc_sign_in",
            Self::Link { .. } => "identity.psc_link",
            Self::StepUp { .. } => "identity.step_up",
        }
    }
}

/// What waits for the return.
#[derive(Clone, Serialize, Deserialize)]
pub(super) struct Transaction {
    pub nonce: String,
    pub verifier: String,
    pub intent: Intent,
    pub return_to: String,
    /// When it began (seconds): proof of now is not older.
    pub begun_at: i64,
}

/// Where to send the browser, and what it has to keep.
pub struct Begun {
    /// The provider's authorization endpoint with the whole request.
    pub address: String,
    /// Value of the cookie that binds the transaction to this browser.
    pub browser: String,
}

/// Begins. `browser` is the value that this browser keeps already, `return_to` a page of ours (the caller has checked it).
///
/// # Errors
/// [`PscError::StepUp`] to link without a factor of now; see [`PscError`].
pub async fn begin(
    d: &Domain,
    browser: Option<&str>,
    who: Option<&Identified>,
    intent: Intent,
    return_to: String,
) -> Result<Begun, PscError> {
    let psc = d.psc.as_ref().ok_or(PscError::Off)?;
    // Whoever finds a desk left open must not get a key to it.
    if matches!(intent, Intent::Link { .. }) && !who.is_some_and(|who| who.is_fresh(d)) {
        return Err(PscError::StepUp);
    }
    let provider = psc.alive(d).await?;
    let browser = match browser.filter(|value| (16..=64).contains(&value.len())) {
        Some(kept) => kept.to_owned(),
        None => ceremony::token(d)?,
    };
    let nonce = ceremony::token(d)?;
    // 256 bits in base64url: what RFC 7636 (section 4.1) recommends.
    let verifier = format!("{}{}", ceremony::token(d)?, ceremony::token(d)?);
    let transaction = Transaction {
        nonce: nonce.clone(),
        verifier: verifier.clone(),
        intent,
        return_to,
        begun_at: d.now().as_second(),
    };
    let state = ceremony::begin(d, &d.db.pool, Kind::Psc, None, Some(&browser), &transaction).await?;
    let client = client(&psc.settings, &provider)?;
    let challenge = PkceCodeChallenge::from_code_verifier_sha256(&PkceCodeVerifier::new(verifier));
    let mut request = client
        .authorize_url(
            AuthenticationFlow::<CoreResponseType>::AuthorizationCode,
            || CsrfToken::new(state),
            || Nonce::new(nonce),
        )
        .add_scope(Scope::new(SCOPE.to_owned()))
        .add_auth_context_value(AuthenticationContextClass::new(LEVEL.to_owned()))
        .set_pkce_challenge(challenge);
    if matches!(intent, Intent::SignInAgain | Intent::Link { .. } | Intent::StepUp { .. }) {
        request = request.add_prompt(CoreAuthPrompt::Login);
    }
    let (address, _, _) = request.url();
    Ok(Begun { address: address.into(), browser })
}
