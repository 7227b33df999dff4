//! `auth/*`.

#[cfg(feature = "ssr")]
use domain::identity::{Device, factors::NewPasskey};
use leptos::{
    prelude::*,
    server_fn::codec::{GetUrl, Json},
    wasm_bindgen::JsCast,
};
use model::{
    account::{Account, EmailConfirmed, MailChoice, Profile},
    factors::{Enrolled, FactorAnswer, Factors, PasskeyChallenge, PasskeySetup, Renewed, TotpSetup},
    identity::{Credentials, Email, Me, Password, Resumed, SignInOutcome, SignInWays, Tokens, Transport},
    ids::{EstablishmentId, PasskeyId, SessionId},
    psc::{LinkOffer, LinkedIdentity, Practice},
    sessions::SessionSummary,
    text::FactorName,
};
use web_sys::HtmlInputElement;

#[cfg(feature = "ssr")]
use crate::ssr::{self, fail};
use crate::{api::Browser, error::ApiError};

/// Keeps the token that goes with a session's new name: the page's own is of the old one.
pub(super) fn keep(csrf: Option<&str>) {
    let selector = format!("meta[name='{}']", crate::api::CSRF_META);
    if let (Some(token), Ok(Some(meta))) = (csrf, document().query_selector(&selector)) {
        // Without it the next request is refused and says that the page is to be read again.
        let _ = meta.set_attribute("content", token);
        // Forms that are there already carry it, too.
        let Ok(fields) = document().query_selector_all("input[name='csrf']") else { return };
        for field in (0..fields.length()).filter_map(|n| fields.get(n)?.dyn_into::<HtmlInputElement>().ok()) {
            field.set_value(token);
        }
    }
}

/// Signs in with e-mail and password.
#[server(prefix = "/api/v1", endpoint = "auth/login", input = Json, client = Browser)]
pub async fn login(with: Credentials) -> Result<SignInOutcome, ApiError> {
    let (d, caller) = (ssr::domain()?, ssr::caller()?);
    let signed_in = domain::identity::sign_in(&d, caller.origin, caller.device(), &with).await;
    ssr::signed_in(signed_in.map_err(fail)?, with.transport, &caller)
}

/// Exchanges a refresh token (clients that hold their own tokens; browsers are served by a layer).
#[server(prefix = "/api/v1", endpoint = "auth/refresh", input = Json, client = Browser)]
pub async fn refresh(refresh_token: String) -> Result<Tokens, ApiError> {
    let (d, caller) = (ssr::domain()?, ssr::caller()?);
    domain::identity::refresh(&d, &refresh_token, caller.origin, true).await.map(ssr::tokens).map_err(fail)
}

/// Goes on with a second factor. Browsers keep the ticket in a cookie.
#[server(prefix = "/api/v1", endpoint = "auth/factor", input = Json, client = Browser)]
pub async fn show_factor(ticket: Option<String>, answer: FactorAnswer) -> Result<SignInOutcome, ApiError> {
    let (d, c) = (ssr::domain()?, ssr::caller()?);
    let (device, ticket) = ssr::ticket(&c, ticket);
    let shown = domain::identity::show_factor(&d, c.origin, device, &ticket, &answer).await;
    ssr::signed_in(shown.map_err(fail)?, device.transport, &c)
}

/// How people can sign in here.
#[server(prefix = "/api/v1", endpoint = "auth/ways", input = GetUrl, client = Browser)]
pub async fn ways() -> Result<SignInWays, ApiError> {
    ssr::ways().await
}

/// Chooses which of one's exercises and activities the session is about.
#[server(prefix = "/api/v1", endpoint = "auth/practice", input = Json, client = Browser)]
pub async fn choose_practice(index: u16) -> Result<Practice, ApiError> {
    let (d, who, c) = ssr::proved()?;
    ssr::unit(async move { domain::identity::choose_practice(&d, &who, c.origin, index).await })
        .await
        .map_err(fail)
}

/// One's own second factors.
#[server(name = ReadFactors, prefix = "/api/v1", endpoint = "auth/factors", input = GetUrl, client = Browser)]
pub async fn factors() -> Result<Factors, ApiError> {
    let (d, who, _) = ssr::identified()?;
    ssr::unit(async move { domain::identity::factors::factors(&d, &who).await }).await.map_err(fail)
}

/// The identity of Pro Santé Connect that opens one's own account, if any.
#[server(prefix = "/api/v1", endpoint = "auth/psc_identity", input = GetUrl, client = Browser)]
pub async fn psc_identity() -> Result<Option<LinkedIdentity>, ApiError> {
    let (d, who, _) = ssr::proved()?;
    ssr::unit(async move { domain::identity::psc::linked_identity(&d, &who).await }).await.map_err(fail)
}

/// The identity that waits to be linked to one's own account, of another name.
#[server(name = ReadLinkOffer, prefix = "/api/v1", endpoint = "auth/psc_identity/offer", input = GetUrl, client = Browser)]
pub async fn link_offer(token: String) -> Result<Option<LinkOffer>, ApiError> {
    let (d, who, _) = ssr::proved()?;
    ssr::unit(async move { domain::identity::psc::link_offer(&d, &who, &token).await }).await.map_err(fail)
}

/// Takes it off the account, and says whether this session ended with it.
#[server(prefix = "/api/v1", endpoint = "auth/psc_identity/unlink", input = Json, client = Browser)]
pub async fn unlink_psc() -> Result<bool, ApiError> {
    let (d, who, c) = ssr::proved()?;
    let ended = ssr::unit(async move { domain::identity::psc::unlink(&d, &who, c.origin).await });
    ended.await.map(|ended| ssr::ended(ended, c.secure)).map_err(fail)
}

/// Begins to set up an authenticator application.
#[server(prefix = "/api/v1", endpoint = "auth/factors/totp/begin", input = Json, client = Browser)]
pub async fn begin_totp() -> Result<TotpSetup, ApiError> {
    let (d, who, _) = ssr::identified()?;
    ssr::unit(async move { domain::identity::factors::begin_totp(&d, &who).await }).await.map_err(fail)
}

/// Ends the set-up with a first code.
#[server(prefix = "/api/v1", endpoint = "auth/factors/totp/confirm", input = Json, client = Browser)]
pub async fn confirm_totp(ticket: String, code: String) -> Result<Enrolled, ApiError> {
    let (d, who, c) = ssr::identified()?;
    let caller = c.clone();
    let confirmed = ssr::unit(async move {
        domain::identity::factors::confirm_totp(&d, &who, c.origin, c.device(), &ticket, &code).await
    });
    confirmed.await.map(|confirmed| ssr::enrolled(confirmed, &caller)).map_err(fail)
}

/// Takes the authenticator application away.
#[server(prefix = "/api/v1", endpoint = "auth/factors/totp/remove", input = Json, client = Browser)]
pub async fn remove_totp() -> Result<(), ApiError> {
    let (d, who, c) = ssr::proved()?;
    ssr::unit(async move { domain::identity::factors::remove_totp(&d, &who, c.origin).await })
        .await
        .map_err(fail)
}

/// Begins to make a passkey.
#[server(prefix = "/api/v1", endpoint = "auth/factors/passkeys/begin", input = Json, client = Browser)]
pub async fn begin_passkey() -> Result<PasskeySetup, ApiError> {
    let (d, who, _) = ssr::identified()?;
    ssr::unit(async move { domain::identity::factors::begin_passkey(&d, &who).await }).await.map_err(fail)
}

/// Ends it with the browser's answer.
#[server(prefix = "/api/v1", endpoint = "auth/factors/passkeys/confirm", input = Json, client = Browser)]
pub async fn confirm_passkey(
    ticket: String,
    name: FactorName,
    credential: String,
) -> Result<Enrolled, ApiError> {
    let (d, who, c) = ssr::identified()?;
    let caller = c.clone();
    let made = ssr::unit(async move {
        let made = NewPasskey { ticket: &ticket, name: &name, credential: &credential };
        domain::identity::factors::confirm_passkey(&d, &who, c.origin, c.device(), &made).await
    });
    made.await.map(|made| ssr::enrolled(made, &caller)).map_err(fail)
}

/// Takes a passkey away.
#[server(prefix = "/api/v1", endpoint = "auth/factors/passkeys/remove", input = Json, client = Browser)]
pub async fn remove_passkey(id: PasskeyId) -> Result<(), ApiError> {
    let (d, who, c) = ssr::proved()?;
    ssr::unit(async move { domain::identity::factors::remove_passkey(&d, &who, c.origin, id).await })
        .await
        .map_err(fail)
}

/// Asks for a passkey: of who is signed in, else of who waits for a second factor (`ticket`, or the browser's cookie), or of anybody.
#[server(prefix = "/api/v1", endpoint = "auth/passkey/challenge", input = Json, client = Browser)]
pub async fn challenge_passkey(anybody: bool, ticket: Option<String>) -> Result<PasskeyChallenge, ApiError> {
    let (d, c) = (ssr::domain()?, ssr::caller()?);
    let ticket = ssr::ticket(&c, ticket).1;
    ssr::unit(async move { ssr::challenge(&d, c.identified.as_deref(), anybody, &ticket).await })
        .await
        .map_err(fail)
}

/// Signs in with a passkey alone.
#[server(prefix = "/api/v1", endpoint = "auth/passkey", input = Json, client = Browser)]
pub async fn sign_in_with_passkey(
    ticket: String,
    credential: String,
    transport: Transport,
) -> Result<SignInOutcome, ApiError> {
    let (d, c) = (ssr::domain()?, ssr::caller()?);
    let device = Device { transport, ..c.device() };
    let done = domain::identity::sign_in_with_passkey(&d, c.origin, device, &ticket, &credential).await;
    ssr::signed_in(done.map_err(fail)?, transport, &c)
}

/// New recovery codes; the old ones are no longer good.
#[server(prefix = "/api/v1", endpoint = "auth/factors/recovery/renew", input = Json, client = Browser)]
pub async fn renew_recovery_codes() -> Result<Vec<String>, ApiError> {
    let (d, who, c) = ssr::proved()?;
    ssr::unit(async move { domain::identity::factors::renew_recovery_codes(&d, &who, c.origin).await })
        .await
        .map_err(fail)
}

/// Shows a second factor again, before something that matters.
#[server(prefix = "/api/v1", endpoint = "auth/step_up", input = Json, client = Browser)]
pub async fn step_up(answer: FactorAnswer) -> Result<Renewed, ApiError> {
    let (d, who, c) = ssr::proved()?;
    let caller = c.clone();
    let shown = ssr::unit(async move {
        domain::identity::factors::step_up(&d, &who, c.origin, c.device(), &answer).await
    });
    shown.await.map(|issued| ssr::renewed(issued, &caller)).map_err(fail)
}

/// Ends the session. Gives where the browser ends the one at Pro Santé Connect too, where that opened this one.
#[server(prefix = "/api/v1", endpoint = "auth/logout", input = Json, client = Browser)]
pub async fn logout() -> Result<Option<String>, ApiError> {
    let (d, who, caller) = ssr::identified()?;
    ssr::cookies::add(ssr::cookies::sign_out_lines(caller.secure));
    ssr::unit(async move { domain::identity::sign_out(&d, &who, caller.origin).await }).await.map_err(fail)
}

/// Who is signed in.
#[server(name = ReadMe, prefix = "/api/v1", endpoint = "auth/me", input = GetUrl, client = Browser)]
pub async fn me() -> Result<Me, ApiError> {
    let (d, who, _) = ssr::identified()?;
    let me = ssr::unit(async move { domain::identity::me(&d, &who).await }).await;
    me.map_err(fail)?.ok_or_else(|| fail(crate::error::ErrorKind::NotSignedIn))
}

/// Who is signed in now, with the token of their session against cross-site requests, for a page that was made in an earlier
/// one. It gives no more than any page of the portal carries, to whoever may read answers of this origin.
#[server(name = ReadResumed, prefix = "/api/v1", endpoint = "auth/resume", input = GetUrl, client = Browser)]
pub async fn resume() -> Result<Resumed, ApiError> {
    let (d, who, c) = ssr::identified()?;
    let me = ssr::unit(async move { domain::identity::me(&d, &who).await }).await;
    me.map_err(fail)?.map(|me| ssr::resumed(me, c)).ok_or_else(|| fail(crate::error::ErrorKind::NotSignedIn))
}

/// Goes on in another establishment of the same person.
#[server(prefix = "/api/v1", endpoint = "auth/switch", input = Json, client = Browser)]
pub async fn switch(establishment: EstablishmentId) -> Result<SignInOutcome, ApiError> {
    let (d, who, c) = ssr::proved()?;
    let (me, issued) =
        domain::identity::switch(&d, &who, c.origin, establishment, c.device()).await.map_err(fail)?;
    ssr::signed_in(domain::identity::SignedIn::Open(Box::new(me), issued), c.transport, &c)
}

/// One's own open sessions, the last used first.
#[server(prefix = "/api/v1", endpoint = "auth/sessions", input = GetUrl, client = Browser)]
pub async fn sessions() -> Result<Vec<SessionSummary>, ApiError> {
    let (d, who, caller) = ssr::proved()?;
    ssr::unit(async move { domain::identity::sessions(&d, &who, caller.origin).await }).await.map_err(fail)
}

/// Ends one of one's own sessions.
#[server(prefix = "/api/v1", endpoint = "auth/sessions/end", input = Json, client = Browser)]
pub async fn end_session(session: SessionId) -> Result<(), ApiError> {
    let (d, who, caller) = ssr::proved()?;
    ssr::unit(async move { domain::identity::end_session(&d, &who, caller.origin, session).await })
        .await
        .map_err(fail)
}

/// Ends every other session of one's own, and says how many there were.
#[server(prefix = "/api/v1", endpoint = "auth/sessions/end_others", input = Json, client = Browser)]
pub async fn end_other_sessions() -> Result<u64, ApiError> {
    let (d, who, caller) = ssr::proved()?;
    ssr::unit(async move { domain::identity::end_other_sessions(&d, &who, caller.origin).await })
        .await
        .map_err(fail)
}

/// Changes one's own password.
#[server(prefix = "/api/v1", endpoint = "auth/password", input = Json, client = Browser)]
pub async fn change_password(current: Password, new: Password) -> Result<(), ApiError> {
    let (d, who, caller) = ssr::proved()?;
    ssr::unit(async move { domain::identity::change_password(&d, &who, caller.origin, &current, &new).await })
        .await
        .map_err(fail)
}

/// Asks for a link to a new password. The answer is the same for every address.
#[server(prefix = "/api/v1", endpoint = "auth/reset/ask", input = Json, client = Browser)]
pub async fn ask_reset(email: Email) -> Result<(), ApiError> {
    let (d, caller) = (ssr::domain()?, ssr::caller()?);
    ssr::unit(async move { domain::identity::ask_reset(&d, caller.origin, &email).await }).await.map_err(fail)
}

/// Whether a mailed link to another password is still good.
#[server(prefix = "/api/v1", endpoint = "auth/reset/check", input = GetUrl, client = Browser)]
pub async fn check_reset(token: String) -> Result<(), ApiError> {
    let d = ssr::domain()?;
    ssr::unit(async move { domain::identity::check_reset(&d, &token).await }).await.map_err(fail)
}

/// Sets another password with a mailed link.
#[server(prefix = "/api/v1", endpoint = "auth/reset", input = Json, client = Browser)]
pub async fn reset(token: String, new: Password) -> Result<(), ApiError> {
    let (d, caller) = (ssr::domain()?, ssr::caller()?);
    ssr::unit(async move { domain::identity::reset(&d, caller.origin, &token, &new).await })
        .await
        .map_err(fail)
}

/// "This wasn't me": ends every session and the password.
#[server(prefix = "/api/v1", endpoint = "auth/not_me", input = Json, client = Browser)]
pub async fn not_me(token: String) -> Result<(), ApiError> {
    let (d, caller) = (ssr::domain()?, ssr::caller()?);
    ssr::unit(async move { domain::identity::not_me(&d, caller.origin, &token).await }).await.map_err(fail)
}

/// One's own account: name, language, address.
#[server(name = ReadAccount, prefix = "/api/v1", endpoint = "auth/account", input = GetUrl, client = Browser)]
pub async fn own_account() -> Result<Account, ApiError> {
    let (d, who, _) = ssr::proved()?;
    ssr::unit(async move { domain::identity::own_account(&d, &who).await }).await.map_err(fail)
}

/// Changes one's own name and language.
#[server(prefix = "/api/v1", endpoint = "auth/account/change", input = Json, client = Browser)]
pub async fn change_profile(new: Profile) -> Result<(), ApiError> {
    let (d, who, c) = ssr::proved()?;
    ssr::unit(async move { domain::identity::change_profile(&d, &who, c.origin, &new).await })
        .await
        .map_err(fail)
}

/// Chooses whether to get a kind of mails.
#[server(prefix = "/api/v1", endpoint = "auth/account/mails", input = Json, client = Browser)]
pub async fn choose_mails(choice: MailChoice) -> Result<(), ApiError> {
    let (d, who, c) = ssr::proved()?;
    ssr::unit(async move { domain::identity::choose_mails(&d, &who, c.origin, choice).await })
        .await
        .map_err(fail)
}

/// Asks for another e-mail address.
#[server(prefix = "/api/v1", endpoint = "auth/email/ask", input = Json, client = Browser)]
pub async fn ask_email_change(email: Email) -> Result<(), ApiError> {
    let (d, who, c) = ssr::proved()?;
    ssr::unit(async move { domain::identity::ask_email_change(&d, &who, c.origin, &email).await })
        .await
        .map_err(fail)
}

/// Gives the other address up.
#[server(prefix = "/api/v1", endpoint = "auth/email/cancel", input = Json, client = Browser)]
pub async fn cancel_email_change() -> Result<(), ApiError> {
    let (d, who, c) = ssr::proved()?;
    ssr::unit(async move { domain::identity::cancel_email_change(&d, &who, c.origin).await })
        .await
        .map_err(fail)
}

/// The address that a mailed link would confirm.
#[server(prefix = "/api/v1", endpoint = "auth/email/check", input = GetUrl, client = Browser)]
pub async fn check_email(token: String) -> Result<Email, ApiError> {
    let d = ssr::domain()?;
    ssr::unit(async move { domain::identity::check_email(&d, &token).await }).await.map_err(fail)
}

/// One of the two mailboxes confirms another address.
#[server(prefix = "/api/v1", endpoint = "auth/email/confirm", input = Json, client = Browser)]
pub async fn confirm_email(token: String) -> Result<EmailConfirmed, ApiError> {
    let (d, c) = (ssr::domain()?, ssr::caller()?);
    ssr::unit(async move { domain::identity::confirm_email(&d, c.origin, &token).await }).await.map_err(fail)
}
