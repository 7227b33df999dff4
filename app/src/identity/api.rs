//! `auth/*`.

use leptos::{
    prelude::*,
    server_fn::codec::{GetUrl, Json},
};
use model::{
    identity::{Credentials, Me, Password, SignInOutcome, Tokens},
    ids::{EstablishmentId, SessionId},
    sessions::SessionSummary,
};

#[cfg(feature = "ssr")]
use crate::ssr::{self, fail};
use crate::{api::Browser, error::ApiError};

/// Signs in with e-mail and password.
#[server(prefix = "/api/v1", endpoint = "auth/login", input = Json, client = Browser)]
pub async fn login(with: Credentials) -> Result<SignInOutcome, ApiError> {
    let (d, caller) = (ssr::domain()?, ssr::caller()?);
    let signed_in = domain::identity::sign_in(&d, caller.origin, caller.user_agent.as_deref(), &with).await;
    ssr::signed_in(signed_in.map_err(fail)?, with.transport, caller.secure)
}

/// Exchanges a refresh token (clients that hold their own tokens; browsers are served by a layer).
#[server(prefix = "/api/v1", endpoint = "auth/refresh", input = Json, client = Browser)]
pub async fn refresh(refresh_token: String) -> Result<Tokens, ApiError> {
    let (d, caller) = (ssr::domain()?, ssr::caller()?);
    domain::identity::refresh(&d, &refresh_token, caller.origin, true).await.map(ssr::tokens).map_err(fail)
}

/// Ends the session.
#[server(prefix = "/api/v1", endpoint = "auth/logout", input = Json, client = Browser)]
pub async fn logout() -> Result<(), ApiError> {
    let (d, who, caller) = ssr::identified()?;
    ssr::cookies::add(ssr::cookies::clear_lines(caller.secure));
    ssr::unit(async move { domain::identity::sign_out(&d, &who, caller.origin).await }).await.map_err(fail)
}

/// Who is signed in.
#[server(name = ReadMe, prefix = "/api/v1", endpoint = "auth/me", input = GetUrl, client = Browser)]
pub async fn me() -> Result<Me, ApiError> {
    let (d, who, _) = ssr::identified()?;
    let me = ssr::unit(async move { domain::identity::me(&d, &who).await }).await;
    me.map_err(fail)?.ok_or_else(|| fail(crate::error::ErrorKind::NotSignedIn))
}

/// Goes on in another establishment of the same person.
#[server(prefix = "/api/v1", endpoint = "auth/switch", input = Json, client = Browser)]
pub async fn switch(establishment: EstablishmentId) -> Result<SignInOutcome, ApiError> {
    let (d, who, c) = ssr::identified()?;
    let agent = c.user_agent.as_deref();
    let (me, issued) = domain::identity::switch(&d, &who, c.origin, establishment, c.transport, agent)
        .await
        .map_err(fail)?;
    ssr::signed_in(domain::identity::SignedIn::Open(Box::new(me), issued), c.transport, c.secure)
}

/// One's own open sessions, the last used first.
#[server(prefix = "/api/v1", endpoint = "auth/sessions", input = GetUrl, client = Browser)]
pub async fn sessions() -> Result<Vec<SessionSummary>, ApiError> {
    let (d, who, caller) = ssr::identified()?;
    ssr::unit(async move { domain::identity::sessions(&d, &who, caller.origin).await }).await.map_err(fail)
}

/// Ends one of one's own sessions.
#[server(prefix = "/api/v1", endpoint = "auth/sessions/end", input = Json, client = Browser)]
pub async fn end_session(session: SessionId) -> Result<(), ApiError> {
    let (d, who, caller) = ssr::identified()?;
    ssr::unit(async move { domain::identity::end_session(&d, &who, caller.origin, session).await })
        .await
        .map_err(fail)
}

/// Ends every other session of one's own, and says how many there were.
#[server(prefix = "/api/v1", endpoint = "auth/sessions/end_others", input = Json, client = Browser)]
pub async fn end_other_sessions() -> Result<u64, ApiError> {
    let (d, who, caller) = ssr::identified()?;
    ssr::unit(async move { domain::identity::end_other_sessions(&d, &who, caller.origin).await })
        .await
        .map_err(fail)
}

/// Changes one's own password.
#[server(prefix = "/api/v1", endpoint = "auth/password", input = Json, client = Browser)]
pub async fn change_password(current: Password, new: Password) -> Result<(), ApiError> {
    let (d, who, caller) = ssr::identified()?;
    ssr::unit(async move { domain::identity::change_password(&d, &who, caller.origin, &current, &new).await })
        .await
        .map_err(fail)
}
