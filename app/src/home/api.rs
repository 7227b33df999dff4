//! `statistics/*`.

use leptos::{prelude::*, server_fn::codec::GetUrl};
use model::statistics::Overview;

#[cfg(feature = "ssr")]
use crate::ssr::{self, fail};
use crate::{api::Browser, error::ApiError};

/// Figures of the home page.
#[server(name = ReadOverview, prefix = "/api/v1", endpoint = "statistics/overview", input = GetUrl, client = Browser)]
pub async fn overview() -> Result<Overview, ApiError> {
    let (d, who) = ssr::staff()?;
    ssr::unit(async move { domain::statistics::overview(&d, &who).await }).await.map_err(fail)
}
