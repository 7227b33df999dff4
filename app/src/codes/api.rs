//! `codes/*`.

use leptos::{
    prelude::*,
    server_fn::codec::{GetUrl, Json},
};
use model::{
    codes::{CodeScope, CodeSummary, CodeView, NewCode, ValidityMinutes},
    ids::CodeId,
    list::{Page, Paged},
    text::Search,
};

#[cfg(feature = "ssr")]
use crate::ssr::{self, fail};
use crate::{api::Browser, error::ApiError};

/// Generates a code.
#[server(prefix = "/api/v1", endpoint = "codes/generate", input = Json, client = Browser)]
pub async fn generate(new: NewCode) -> Result<CodeView, ApiError> {
    let (d, who) = ssr::staff()?;
    ssr::unit(async move { domain::codes::generate(&d, &who, &new).await }).await.map_err(fail)
}

/// Lists codes, the active ones unless asked otherwise.
#[server(prefix = "/api/v1", endpoint = "codes/active", input = GetUrl, client = Browser)]
pub async fn active(
    scope: CodeScope,
    search: Option<Search>,
    page: Page,
) -> Result<Paged<CodeSummary>, ApiError> {
    let (d, who) = ssr::staff()?;
    ssr::unit(async move { domain::codes::list(&d, &who, scope, search.as_ref(), page).await })
        .await
        .map_err(fail)
}

/// Shows a code again, with its value while it is active.
#[server(prefix = "/api/v1", endpoint = "codes/show", input = Json, client = Browser)]
pub async fn show(id: CodeId) -> Result<CodeView, ApiError> {
    let (d, who) = ssr::staff()?;
    ssr::unit(async move { domain::codes::show(&d, &who, id).await }).await.map_err(fail)
}

/// Lets an active code live longer.
#[server(prefix = "/api/v1", endpoint = "codes/extend", input = Json, client = Browser)]
pub async fn extend(id: CodeId, validity: ValidityMinutes) -> Result<CodeView, ApiError> {
    let (d, who) = ssr::staff()?;
    ssr::unit(async move { domain::codes::extend(&d, &who, id, validity).await }).await.map_err(fail)
}

/// Ends a code.
#[server(prefix = "/api/v1", endpoint = "codes/revoke", input = Json, client = Browser)]
pub async fn revoke(id: CodeId) -> Result<(), ApiError> {
    let (d, who) = ssr::staff()?;
    ssr::unit(async move { domain::codes::revoke(&d, &who, id).await }).await.map_err(fail)
}
