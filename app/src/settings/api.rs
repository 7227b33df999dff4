//! `settings` and `settings/*`.

use leptos::{
    prelude::*,
    server_fn::codec::{GetUrl, Json},
};
use model::{
    establishments::{self, Settings},
    psc_only::{FallbackHours, PscOnly},
    text::Reason,
};

#[cfg(feature = "ssr")]
use crate::ssr::{self, fail};
use crate::{api::Browser, error::ApiError};

/// Reads the establishment's settings.
#[server(prefix = "/api/v1", endpoint = "settings", input = GetUrl, client = Browser)]
pub async fn read() -> Result<Settings, ApiError> {
    let (d, who) = ssr::admin("settings.read").await?;
    ssr::unit(async move { domain::establishments::read_settings(&d, &who).await }).await.map_err(fail)
}

/// How much of the establishment's room its documents take.
#[server(prefix = "/api/v1", endpoint = "settings/room", input = GetUrl, client = Browser)]
pub async fn room() -> Result<establishments::Room, ApiError> {
    let (d, who) = ssr::admin("settings.read").await?;
    ssr::unit(async move { domain::establishments::read_room(&d, &who).await }).await.map_err(fail)
}

/// Replaces them, and gives their new version. 409 `changed_meanwhile` where somebody else was quicker.
#[server(prefix = "/api/v1", endpoint = "settings/change", input = Json, client = Browser)]
pub async fn change(settings: Settings) -> Result<i64, ApiError> {
    let (d, who) = ssr::admin("settings.change").await?;
    ssr::unit(async move { domain::establishments::change_settings(&d, &who, &settings).await })
        .await
        .map_err(fail)
}

/// How the establishment lets people in.
#[server(name = ReadPscOnly, prefix = "/api/v1", endpoint = "settings/psc_only", input = GetUrl, client = Browser)]
pub async fn psc_only() -> Result<PscOnly, ApiError> {
    let (d, who) = ssr::admin("settings.read").await?;
    ssr::unit(async move { domain::establishments::read_psc_only(&d, &who).await }).await.map_err(fail)
}

/// Lets people in with Pro Santé Connect only, or with local accounts too.
#[server(prefix = "/api/v1", endpoint = "settings/psc_only/change", input = Json, client = Browser)]
pub async fn change_psc_only(on: bool) -> Result<(), ApiError> {
    let (d, who) = ssr::admin("settings.psc_only").await?;
    ssr::unit(async move { domain::establishments::change_psc_only(&d, &who, on).await }).await.map_err(fail)
}

/// Lets local accounts in all the same, for some hours.
#[server(prefix = "/api/v1", endpoint = "settings/fallback/open", input = Json, client = Browser)]
pub async fn open_fallback(hours: FallbackHours, reason: Reason) -> Result<(), ApiError> {
    let (d, who) = ssr::admin("settings.open_fallback").await?;
    ssr::unit(async move { domain::establishments::open_fallback(&d, &who, hours, &reason).await })
        .await
        .map_err(fail)
}

/// Ends that before its time.
#[server(prefix = "/api/v1", endpoint = "settings/fallback/close", input = Json, client = Browser)]
pub async fn close_fallback() -> Result<(), ApiError> {
    let (d, who) = ssr::admin("settings.close_fallback").await?;
    ssr::unit(async move { domain::establishments::close_fallback(&d, &who).await }).await.map_err(fail)
}
