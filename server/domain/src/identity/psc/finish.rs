//! Back from Pro Santé Connect: the transaction, the code, the identity, and the session.

use std::sync::Arc;

use openidconnect::{AuthorizationCode, OAuth2TokenResponse, PkceCodeVerifier, core::CoreTokenType};

use super::{
    PscError,
    arrive::{Visit, arrive},
    begin::{Intent, Transaction},
    client::{Tokens, client, token_error},
    link,
    provider::{Provider, Psc},
    session::{Kept, PscSession},
    userinfo::userinfo,
    verify::{Proved, verify},
};
use crate::{
    Domain, Fault, Origin,
    audit::{self, PlatformAct},
    identity::{
        authenticate::Identified,
        ceremony::{self, Kind},
        session::{Device, Issued},
    },
};

/// Parameters of the return (OpenID Connect Core 3.1.2.5, RFC 9207), each at most once.
#[derive(Clone, Debug, Default)]
pub struct Callback {
    /// Authorization code.
    pub code: Option<String>,
    /// Our state.
    pub state: Option<String>,
    /// Who answers.
    pub iss: Option<String>,
    /// Why not.
    pub error: Option<String>,
}

/// Somebody came back as who they are.
pub struct Finished {
    /// A new session.
    pub issued: Issued,
    /// What they had gone for.
    pub intent: Intent,
    /// A page of ours.
    pub return_to: String,
}

/// Somebody came back as who they are: with a session, or with something to confirm first.
pub enum Came {
    /// In.
    In(Finished),
    /// The account that is to be linked has another name: [`super::confirm_link`] wants this token.
    Asks(String),
}

/// Somebody came back as nobody.
#[derive(Debug)]
pub struct Turned {
    /// Why.
    pub why: PscError,
    /// What they had gone for, where the transaction was theirs.
    pub intent: Option<Intent>,
    /// A page of ours, likewise.
    pub return_to: Option<String>,
}

/// Most of a parameter that we read.
const LONGEST: usize = 4096;

/// Finishes. Whatever goes wrong is recorded, and opens nothing.
///
/// # Errors
/// See [`Turned`].
pub async fn finish(
    d: &Domain,
    origin: Origin,
    device: Device<'_>,
    browser: Option<&str>,
    who: Option<&Identified>,
    callback: &Callback,
) -> Result<Came, Turned> {
    let (mut intent, mut return_to) = (None, None);
    let done = async {
        let psc = d.psc.as_ref().ok_or(PscError::Off)?;
        let transaction = transaction(d, browser, callback).await?;
        intent = Some(transaction.intent);
        return_to = Some(transaction.return_to.clone());
        let provider = psc.provider(d).await?;
        let code = code(psc, &provider, callback)?;
        let tokens = exchange(psc, &provider, code, &transaction.verifier).await?;
        let proved = verify(d, psc, Arc::clone(&provider), &tokens, &transaction.nonce).await?;
        if proved.authenticated_at + d.policy.sessions.absolute <= d.now() {
            return Err(PscError::TooOld);
        }
        let access = tokens.access_token().secret();
        let info = userinfo(d, psc, provider, access, &proved.sub).await?;
        if info.exercises.is_empty() {
            return Err(PscError::NotProfessional);
        }
        let session = kept(d, &psc.settings.issuer, &proved, &tokens)?;
        let visit = Visit { origin, device, who, question: None };
        if let Some(token) = link::ask_first(d, &visit, &transaction, &proved, &session, &info).await? {
            return Ok(Came::Asks(token));
        }
        let issued = arrive(d, &visit, &transaction, &proved, session, &info).await?;
        Ok(Came::In(Finished { issued, intent: transaction.intent, return_to: transaction.return_to }))
    }
    .await;
    match done {
        Ok(came) => Ok(came),
        Err(why) => Err(turned(d, origin, who, why, intent, return_to).await),
    }
}

async fn transaction(
    d: &Domain,
    browser: Option<&str>,
    callback: &Callback,
) -> Result<Transaction, PscError> {
    let (Some(browser), Some(state)) = (browser, callback.state.as_deref()) else {
        return Err(PscError::Expired);
    };
    // Taken away whatever follows: an answer is used once.
    let taken = ceremony::take(d, &d.db.pool, Kind::Psc, state, Some(browser)).await?;
    taken.map(|(_, transaction)| transaction).ok_or(PscError::Expired)
}

fn code<'c>(psc: &Psc, provider: &Provider, callback: &'c Callback) -> Result<&'c str, PscError> {
    match callback.iss.as_deref() {
        Some(iss) if iss == psc.settings.issuer => {}
        Some(_) => return Err(PscError::Rejected("an answer of another issuer".into())),
        None if provider.metadata.authorization_response_iss_parameter_supported => {
            return Err(PscError::Rejected("an answer without issuer".into()));
        }
        None => {}
    }
    match (callback.error.as_deref(), callback.code.as_deref()) {
        (None, Some(code)) if !code.is_empty() && code.len() <= LONGEST => Ok(code),
        (None, _) => Err(PscError::Rejected("no code".into())),
        (Some("access_denied"), _) => Err(PscError::Cancelled),
        (Some("login_required" | "interaction_required"), _) => Err(PscError::LoginRequired),
        (Some("temporarily_unavailable" | "server_error"), _) => {
            Err(PscError::Unavailable("the provider says so".into()))
        }
        (Some(error), _) => Err(PscError::Refused(error.chars().take(60).collect())),
    }
}

async fn exchange(psc: &Psc, provider: &Provider, code: &str, verifier: &str) -> Result<Tokens, PscError> {
    let fetch = psc.fetch.clone();
    let send = move |request| {
        let fetch = fetch.clone();
        async move { fetch.send(request).await }
    };
    let tokens = client(&psc.settings, provider)?
        .exchange_code(AuthorizationCode::new(code.to_owned()))
        .set_pkce_verifier(PkceCodeVerifier::new(verifier.to_owned()))
        .request_async(&send)
        .await
        .map_err(token_error)?;
    // A token of a kind that we don't know is not used (RFC 6749, section 7.1).
    if *tokens.token_type() == CoreTokenType::Bearer {
        Ok(tokens)
    } else {
        Err(PscError::Rejected("not a bearer token".into()))
    }
}

/// What the session keeps of the provider.
fn kept(d: &Domain, issuer: &str, proved: &Proved, tokens: &Tokens) -> Result<PscSession, Fault> {
    let kept = Kept {
        id_token: proved.id_token.clone(),
        refresh_token: tokens.refresh_token().map(|token| token.secret().clone()),
    };
    Ok(PscSession {
        issuer: issuer.to_owned(),
        sub: proved.sub.clone(),
        sid: proved.sid.clone(),
        tokens: kept.seal(d)?,
        checked_at: d.now(),
    })
}

/// Records that somebody came back as nobody. When even that fails, the incident is what is told.
pub(super) async fn turned(
    d: &Domain,
    origin: Origin,
    who: Option<&Identified>,
    why: PscError,
    intent: Option<Intent>,
    return_to: Option<String>,
) -> Turned {
    // Who changes their mind is nothing to look into.
    if matches!(why, PscError::Cancelled) {
        tracing::info!(request = %origin.request, "cancelled at Pro Santé Connect");
    } else {
        tracing::warn!(error = %why, request = %origin.request, "Pro Santé Connect let nobody in");
    }
    let recorded = async {
        let mut tx = d.db.pool.begin().await?;
        let act = PlatformAct {
            actor: who.map(|who| who.user),
            session: who.map(|who| who.session),
            outcome: "refused",
            reason: Some(why.word()),
            origin: Some(origin),
            ..PlatformAct::done(intent.map_or("identity.psc_sign_in", Intent::action))
        };
        audit::platform(d, &mut tx, act).await?;
        tx.commit().await?;
        Ok::<(), Fault>(())
    }
    .await;
    let why = match recorded {
        Ok(()) => why,
        Err(fault) => PscError::Fault(fault),
    };
    Turned { why, intent, return_to }
}
