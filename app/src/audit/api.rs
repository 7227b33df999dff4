//! `audit`. The export is a route of the server: it answers a file.

use leptos::{prelude::*, server_fn::codec::Json};
use model::{
    audit::{AuditEntry, AuditQuery},
    list::Paged,
};

#[cfg(feature = "ssr")]
use crate::ssr::{self, fail};
use crate::{api::Browser, error::ApiError};

/// Lists the audit. By POST: reading it is an act.
#[server(prefix = "/api/v1", endpoint = "audit", input = Json, client = Browser)]
pub async fn list(query: AuditQuery) -> Result<Paged<AuditEntry>, ApiError> {
    let (d, who) = ssr::admin("audit.read").await?;
    ssr::unit(async move { domain::audit::list(&d, &who, &query).await }).await.map_err(fail)
}
