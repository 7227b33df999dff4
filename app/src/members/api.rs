//! `members` and `members/*`.

use leptos::{
    prelude::*,
    server_fn::codec::{GetUrl, Json},
};
use model::{
    establishments::EstablishmentCard,
    ids::{EstablishmentId, InvitationId, SessionId, UserId},
    list::{Page, Paged},
    members::{AccessRequest, AskedAccess, Invitation, InvitationOffer, Invite, Member, NewAccount},
    roles::Roles,
    sessions::SessionSummary,
    text::{Reason, Search},
};

#[cfg(feature = "ssr")]
use crate::ssr::{self, fail};
use crate::{api::Browser, error::ApiError};

/// Lists the establishment's people.
#[server(prefix = "/api/v1", endpoint = "members", input = GetUrl, client = Browser)]
pub async fn list(search: Option<Search>, page: Page) -> Result<Paged<Member>, ApiError> {
    let (d, who) = ssr::admin("members.list").await?;
    ssr::unit(async move { domain::members::list(&d, &who, search.as_ref(), page).await }).await.map_err(fail)
}

/// Invites somebody by mail.
#[server(name = SendInvitation, prefix = "/api/v1", endpoint = "members/invite", input = Json, client = Browser)]
pub async fn invite(new: Invite) -> Result<InvitationId, ApiError> {
    let (d, who) = ssr::admin("members.invite").await?;
    ssr::unit(async move { domain::members::invite(&d, &who, &new).await }).await.map_err(fail)
}

/// Invitations that nobody has accepted yet.
#[server(prefix = "/api/v1", endpoint = "members/invitations", input = GetUrl, client = Browser)]
pub async fn invitations() -> Result<Vec<Invitation>, ApiError> {
    let (d, who) = ssr::admin("members.invitations").await?;
    ssr::unit(async move { domain::members::invitations(&d, &who).await }).await.map_err(fail)
}

/// Sends an invitation again, with a new link.
#[server(prefix = "/api/v1", endpoint = "members/invitations/again", input = Json, client = Browser)]
pub async fn invite_again(id: InvitationId) -> Result<(), ApiError> {
    let (d, who) = ssr::admin("members.invite_again").await?;
    ssr::unit(async move { domain::members::invite_again(&d, &who, id).await }).await.map_err(fail)
}

/// Takes an invitation back.
#[server(prefix = "/api/v1", endpoint = "members/invitations/withdraw", input = Json, client = Browser)]
pub async fn withdraw_invitation(id: InvitationId) -> Result<(), ApiError> {
    let (d, who) = ssr::admin("members.withdraw_invitation").await?;
    ssr::unit(async move { domain::members::withdraw_invitation(&d, &who, id).await }).await.map_err(fail)
}

/// What an invitation's link is about, for whoever holds it.
#[server(name = ReadInvitation, prefix = "/api/v1", endpoint = "members/invitation", input = GetUrl, client = Browser)]
pub async fn invitation(token: String) -> Result<InvitationOffer, ApiError> {
    let d = ssr::domain()?;
    ssr::unit(async move { domain::members::invitation(&d, &token).await }).await.map_err(fail)
}

/// Makes an account for the invited address.
#[server(prefix = "/api/v1", endpoint = "members/invitation/account", input = Json, client = Browser)]
pub async fn accept_with_account(token: String, new: NewAccount) -> Result<(), ApiError> {
    let (d, c) = (ssr::domain()?, ssr::caller()?);
    ssr::unit(async move { domain::members::accept_with_account(&d, c.origin, &token, &new).await })
        .await
        .map_err(fail)
}

/// Comes in with the account of the session.
#[server(prefix = "/api/v1", endpoint = "members/invitation/accept", input = Json, client = Browser)]
pub async fn accept_invitation(token: String) -> Result<EstablishmentId, ApiError> {
    let (d, who, c) = ssr::proved()?;
    ssr::unit(async move { domain::members::accept_invitation(&d, &who, c.origin, &token).await })
        .await
        .map_err(fail)
}

/// Replaces a person's roles.
#[server(prefix = "/api/v1", endpoint = "members/roles", input = Json, client = Browser)]
pub async fn change_roles(user: UserId, roles: Roles) -> Result<(), ApiError> {
    let (d, who) = ssr::admin("members.change_roles").await?;
    ssr::unit(async move { domain::members::change_roles(&d, &who, user, &roles).await }).await.map_err(fail)
}

/// Ends a person's access.
#[server(prefix = "/api/v1", endpoint = "members/disable", input = Json, client = Browser)]
pub async fn disable(user: UserId) -> Result<(), ApiError> {
    let (d, who) = ssr::admin("members.disable").await?;
    ssr::unit(async move { domain::members::disable(&d, &who, user).await }).await.map_err(fail)
}

/// A person's open sessions in the establishment.
#[server(prefix = "/api/v1", endpoint = "members/sessions", input = GetUrl, client = Browser)]
pub async fn sessions(user: UserId) -> Result<Vec<SessionSummary>, ApiError> {
    let (d, who) = ssr::admin("members.sessions").await?;
    ssr::unit(async move { domain::identity::sessions_of(&d, &who, user).await }).await.map_err(fail)
}

/// Ends a person's sessions in the establishment, or one of them, for a reason, and says how many there were.
#[server(prefix = "/api/v1", endpoint = "members/sessions/end", input = Json, client = Browser)]
pub async fn end_sessions(user: UserId, session: Option<SessionId>, reason: Reason) -> Result<u64, ApiError> {
    let (d, who) = ssr::admin("members.end_sessions").await?;
    ssr::unit(async move { domain::identity::end_sessions_of(&d, &who, user, session, &reason).await })
        .await
        .map_err(fail)
}

/// Gives a person's access back.
#[server(prefix = "/api/v1", endpoint = "members/enable", input = Json, client = Browser)]
pub async fn enable(user: UserId) -> Result<(), ApiError> {
    let (d, who) = ssr::admin("members.enable").await?;
    ssr::unit(async move { domain::members::enable(&d, &who, user).await }).await.map_err(fail)
}

/// Asks an establishment to be let in.
#[server(prefix = "/api/v1", endpoint = "members/ask", input = Json, client = Browser)]
pub async fn ask(establishment: EstablishmentId, message: Option<Reason>) -> Result<(), ApiError> {
    let (d, who, c) = ssr::proved()?;
    ssr::unit(async move { domain::members::ask(&d, &who, c.origin, establishment, message.as_ref()).await })
        .await
        .map_err(fail)
}

/// Takes one's request back.
#[server(prefix = "/api/v1", endpoint = "members/withdraw", input = Json, client = Browser)]
pub async fn withdraw(establishment: EstablishmentId) -> Result<(), ApiError> {
    let (d, who, c) = ssr::proved()?;
    ssr::unit(async move { domain::members::withdraw(&d, &who, c.origin, establishment).await })
        .await
        .map_err(fail)
}

/// Establishments that one has asked and that have not answered.
#[server(prefix = "/api/v1", endpoint = "members/asked", input = GetUrl, client = Browser)]
pub async fn asked() -> Result<Vec<AskedAccess>, ApiError> {
    let (d, who, _) = ssr::proved()?;
    ssr::unit(async move { domain::members::asked(&d, &who).await }).await.map_err(fail)
}

/// Establishments by part of their name or town, for who is signed in.
#[server(prefix = "/api/v1", endpoint = "establishments", input = GetUrl, client = Browser)]
pub async fn find_establishments(search: Search) -> Result<Vec<EstablishmentCard>, ApiError> {
    let (d, ..) = ssr::proved()?;
    ssr::unit(async move { domain::establishments::search(&d, &search).await }).await.map_err(fail)
}

/// Who asks to be let in.
#[server(prefix = "/api/v1", endpoint = "members/requests", input = GetUrl, client = Browser)]
pub async fn requests() -> Result<Vec<AccessRequest>, ApiError> {
    let (d, who) = ssr::admin("members.requests").await?;
    ssr::unit(async move { domain::members::requests(&d, &who).await }).await.map_err(fail)
}

/// How many people ask to be let in.
#[server(prefix = "/api/v1", endpoint = "members/requests/count", input = GetUrl, client = Browser)]
pub async fn requests_waiting() -> Result<u32, ApiError> {
    let (d, who) = ssr::admin("members.requests").await?;
    ssr::unit(async move { domain::members::requests_waiting(&d, &who).await }).await.map_err(fail)
}

/// Lets somebody in.
#[server(prefix = "/api/v1", endpoint = "members/accept", input = Json, client = Browser)]
pub async fn accept(user: UserId, roles: Roles) -> Result<(), ApiError> {
    let (d, who) = ssr::admin("members.accept").await?;
    ssr::unit(async move { domain::members::accept(&d, &who, user, &roles).await }).await.map_err(fail)
}

/// Says no to somebody who asks.
#[server(prefix = "/api/v1", endpoint = "members/decline", input = Json, client = Browser)]
pub async fn decline(user: UserId) -> Result<(), ApiError> {
    let (d, who) = ssr::admin("members.decline").await?;
    ssr::unit(async move { domain::members::decline(&d, &who, user).await }).await.map_err(fail)
}
