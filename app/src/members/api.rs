//! `members` and `members/*`.

use leptos::{
    prelude::*,
    server_fn::codec::{GetUrl, Json},
};
use model::{
    ids::UserId,
    list::{Page, Paged},
    members::{Member, NewMember},
    roles::Roles,
    text::Search,
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

/// Adds a person.
#[server(prefix = "/api/v1", endpoint = "members/add", input = Json, client = Browser)]
pub async fn add(new: NewMember) -> Result<UserId, ApiError> {
    let (d, who) = ssr::admin("members.add").await?;
    ssr::unit(async move { domain::members::add(&d, &who, &new).await }).await.map_err(fail)
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

/// Gives a person's access back.
#[server(prefix = "/api/v1", endpoint = "members/enable", input = Json, client = Browser)]
pub async fn enable(user: UserId) -> Result<(), ApiError> {
    let (d, who) = ssr::admin("members.enable").await?;
    ssr::unit(async move { domain::members::enable(&d, &who, user).await }).await.map_err(fail)
}
