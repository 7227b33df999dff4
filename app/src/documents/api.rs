//! `documents` and `documents/*`. Upload, download and pages have an id or a body that server functions don't: they
//! are routes of the server.

use leptos::{
    prelude::*,
    server_fn::codec::{GetUrl, Json},
};
use model::{
    documents::{BulkAct, DocumentQuery, DocumentSummary, OpenedDocument, RetentionChange, Selection},
    ids::DocumentId,
    list::Paged,
};

#[cfg(feature = "ssr")]
use crate::ssr::{self, fail};
use crate::{api::Browser, error::ApiError};

/// Lists documents.
#[server(prefix = "/api/v1", endpoint = "documents", input = GetUrl, client = Browser)]
pub async fn list(query: DocumentQuery) -> Result<Paged<DocumentSummary>, ApiError> {
    let (d, who) = ssr::staff()?;
    ssr::unit(async move { domain::documents::list(&d, &who, &query).await }).await.map_err(fail)
}

/// How many documents nobody has opened.
#[server(prefix = "/api/v1", endpoint = "documents/unseen", input = GetUrl, client = Browser)]
pub async fn unseen() -> Result<u64, ApiError> {
    let (d, who) = ssr::staff()?;
    ssr::unit(async move { domain::documents::unseen(&d, &who).await }).await.map_err(fail)
}

/// Opens a document: the first time it counts as seen.
#[server(prefix = "/api/v1", endpoint = "documents/open", input = Json, client = Browser)]
pub async fn open(id: DocumentId) -> Result<OpenedDocument, ApiError> {
    let (d, who) = ssr::staff()?;
    ssr::unit(async move { domain::documents::open(&d, &who, id).await }).await.map_err(fail)
}

/// Deletes a document; ten seconds to take it back.
#[server(prefix = "/api/v1", endpoint = "documents/delete", input = Json, client = Browser)]
pub async fn delete(id: DocumentId) -> Result<(), ApiError> {
    let (d, who) = ssr::staff()?;
    ssr::unit(async move { domain::documents::delete(&d, &who, id).await }).await.map_err(fail)
}

/// Takes a deletion back.
#[server(prefix = "/api/v1", endpoint = "documents/undelete", input = Json, client = Browser)]
pub async fn undelete(id: DocumentId) -> Result<(), ApiError> {
    let (d, who) = ssr::staff()?;
    ssr::unit(async move { domain::documents::undo(&d, &who, id).await }).await.map_err(fail)
}

/// Does one act to many documents, or to none.
#[server(prefix = "/api/v1", endpoint = "documents/bulk", input = Json, client = Browser)]
pub async fn bulk(ids: Selection, act: BulkAct) -> Result<u64, ApiError> {
    let (d, who) = ssr::staff()?;
    ssr::unit(async move { domain::documents::bulk(&d, &who, &ids, act).await }).await.map_err(fail)
}

/// Shortens, holds or releases.
#[server(prefix = "/api/v1", endpoint = "documents/retention", input = Json, client = Browser)]
pub async fn retention(id: DocumentId, change: RetentionChange) -> Result<(), ApiError> {
    let (d, who) = ssr::staff()?;
    ssr::unit(async move { domain::documents::change_retention(&d, &who, id, &change).await })
        .await
        .map_err(fail)
}
