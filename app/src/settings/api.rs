//! `settings` and `settings/change`.

use leptos::{
    prelude::*,
    server_fn::codec::{GetUrl, Json},
};
use model::establishments::{self, Settings};

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
