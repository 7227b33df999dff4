//! `auth/register` and `registrations`.

use leptos::{
    prelude::*,
    server_fn::codec::{GetUrl, Json},
};
use model::{
    ids::EstablishmentId,
    registration::{Registration, RegistrationConfirmed, RegistrationLink, Registrations},
    text::Reason,
};

#[cfg(feature = "ssr")]
use crate::ssr::{self, fail};
use crate::{api::Browser, error::ApiError};

/// Registers an establishment, once its first administrator's mailbox has answered. The answer is the same for every address.
#[server(prefix = "/api/v1", endpoint = "auth/register", input = Json, client = Browser)]
pub async fn register(new: Registration) -> Result<(), ApiError> {
    let (d, c) = (ssr::domain()?, ssr::caller()?);
    ssr::unit(async move { domain::registration::register(&d, c.origin, &new).await }).await.map_err(fail)
}

/// What a mailed link is about, for whoever holds it.
#[server(name = ReadRegistration, prefix = "/api/v1", endpoint = "auth/register/offer", input = GetUrl, client = Browser)]
pub async fn registration(token: String) -> Result<RegistrationLink, ApiError> {
    let d = ssr::domain()?;
    ssr::unit(async move { domain::registration::registration(&d, &token).await }).await.map_err(fail)
}

/// Confirms it.
#[server(prefix = "/api/v1", endpoint = "auth/register/confirm", input = Json, client = Browser)]
pub async fn confirm(token: String) -> Result<RegistrationConfirmed, ApiError> {
    let (d, c) = (ssr::domain()?, ssr::caller()?);
    ssr::unit(async move { domain::registration::confirm(&d, c.origin, &token).await }).await.map_err(fail)
}

/// What the platform's administrators have to answer or to look after.
#[server(name = ReadRegistrations, prefix = "/api/v1", endpoint = "registrations", input = GetUrl, client = Browser)]
pub async fn registrations() -> Result<Registrations, ApiError> {
    let (d, who) = ssr::platform("registration.list").await?;
    ssr::unit(async move { domain::registration::registrations(&d, &who).await }).await.map_err(fail)
}

/// How many registrations wait for an answer.
#[server(name = CountRegistrations, prefix = "/api/v1", endpoint = "registrations/count", input = GetUrl, client = Browser)]
pub async fn waiting() -> Result<u32, ApiError> {
    let (d, who) = ssr::platform("registration.list").await?;
    ssr::unit(async move { domain::registration::registrations_waiting(&d, &who).await }).await.map_err(fail)
}

/// Mails the way in once more to a first administrator who has not come.
#[server(prefix = "/api/v1", endpoint = "registrations/invite_again", input = Json, client = Browser)]
pub async fn invite_again(id: EstablishmentId) -> Result<(), ApiError> {
    let (d, who) = ssr::platform("registration.invite_again").await?;
    ssr::unit(async move { domain::registration::invite_again(&d, &who, id, None).await }).await.map_err(fail)
}

/// Lets an establishment in.
#[server(prefix = "/api/v1", endpoint = "registrations/approve", input = Json, client = Browser)]
pub async fn approve(id: EstablishmentId) -> Result<(), ApiError> {
    let (d, who) = ssr::platform("registration.approve").await?;
    ssr::unit(async move { domain::registration::approve(&d, &who, id).await }).await.map_err(fail)
}

/// Turns one down; the person is told why.
#[server(prefix = "/api/v1", endpoint = "registrations/decline", input = Json, client = Browser)]
pub async fn decline(id: EstablishmentId, reason: Reason) -> Result<(), ApiError> {
    let (d, who) = ssr::platform("registration.decline").await?;
    ssr::unit(async move { domain::registration::decline(&d, &who, id, &reason).await }).await.map_err(fail)
}
