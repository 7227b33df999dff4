//! Job: can the first page be drawn? The document goes from *received* to *checked* or *unreadable*.

use model::ids::{DocumentId, EstablishmentId};
use viewer::Verdict;

use super::open::{stored, viewer_kind};
use crate::{Domain, Fault, db::TenantTx, establishments, events};

/// Tries after which a document that takes too long counts as unreadable.
const SLOW: i32 = 3;

/// Checks one document. Gone meanwhile: nothing to do.
pub(crate) async fn check(
    d: &Domain,
    establishment: EstablishmentId,
    id: DocumentId,
    attempt: i32,
) -> Result<(), Fault> {
    let mut tx = TenantTx::begin(&d.db, establishment).await?;
    let found = stored(&mut tx, id).await?;
    tx.commit().await?;
    let Some(document) = found else { return Ok(()) };
    let identity = establishments::keys(d, establishment).await?;
    let content = d.vault.read(&identity, document.header, &document.blob).await?;
    let probed = d.viewer.probe(viewer_kind(document.kind), content).await;
    let (state, pages) = match probed.map_err(|incident| Fault::Viewer(incident.to_string()))? {
        Ok(probe) => ("checked", i32::try_from(probe.pages).ok()),
        // A busy machine is slow too: the document is judged when it was slow several times.
        Err(Verdict::TimedOut) if attempt < SLOW => return Err(Fault::Viewer("took too long".into())),
        Err(_verdict) => ("unreadable", None),
    };
    let mut tx = TenantTx::begin(&d.db, establishment).await?;
    let changed = sqlx::query_scalar!(
        "UPDATE documents SET state = $2, pages = $3 WHERE id = $1 RETURNING item_id",
        id.0,
        state,
        pages
    )
    .fetch_optional(&mut *tx)
    .await?;
    if let Some(item) = changed {
        sqlx::query!("UPDATE deposit_items SET state = $2 WHERE id = $1", item, state)
            .execute(&mut *tx)
            .await?;
        events::publish(d, &mut tx, "documents.changed", Some(id.0)).await?;
    }
    tx.commit().await
}
