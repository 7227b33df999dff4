//! Opening a document: marks it seen, and lets this session look at its pages for a while; or hands out the original.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use jiff_sqlx::ToSqlx;
use model::{
    documents::{DocumentView, FileKind, OpenedDocument},
    ids::DocumentId,
    roles::Permission,
};
use subtle::ConstantTimeEq;
use tokio::io::AsyncRead;
use viewer::{PageRequest, Verdict};

use super::list::{Row, summary};
use crate::{
    Domain, Fault, Refused, Staff,
    audit::{self, Act},
    clock,
    db::TenantTx,
    establishments, events,
    fault::fault_from,
    vault::Purpose,
};

/// Pages of an opened document can be fetched for so long.
const TICKET_MINUTES: i64 = 60;

/// Lets one session fetch the pages of one document: the opening was audited, the pages need not be again.
fn ticket(d: &Domain, who: &Staff, id: DocumentId, until: i64) -> String {
    let mac = d
        .pepper
        .hash(Purpose::PageTicket, &[who.session.0.as_bytes(), id.0.as_bytes(), &until.to_be_bytes()]);
    format!("{until}.{}", URL_SAFE_NO_PAD.encode(&mac[..16]))
}

fn is_valid(d: &Domain, who: &Staff, id: DocumentId, given: &str) -> bool {
    let until = given.split_once('.').and_then(|(until, _)| until.parse::<i64>().ok()).unwrap_or_default();
    until > d.now().as_second() && bool::from(ticket(d, who, id, until).as_bytes().ct_eq(given.as_bytes()))
}

/// Opens a document in the viewer. The first opening is what the receipt calls "seen".
///
/// # Errors
/// [`Refused::Forbidden`] without [`Permission::OpenDocuments`]; [`Refused::NotFound`]; an incident.
pub async fn open(d: &Domain, who: &Staff, id: DocumentId) -> Result<OpenedDocument, Refused> {
    who.require(d, Permission::OpenDocuments, "documents.open").await?;
    let zone = establishments::zone(d, who.establishment).await?;
    let mut tx = TenantTx::begin(&d.db, who.establishment).await?;
    see(d, &mut tx, who, id).await?;
    let row = sqlx::query_as!(
        Row,
        r#"SELECT doc.id, p.reference, doc.name, doc.kind, doc.size, doc.state, doc.pages, doc.code_id, c.label,
               doc.received_at, doc.seen_at, s.display_name AS "seen_by?", doc.unread, doc.done_at, doc.delete_at,
               doc.hold_reason
           FROM documents doc JOIN deposits p ON p.id = doc.deposit_id JOIN codes c ON c.id = doc.code_id
           LEFT JOIN staff s ON s.id = doc.seen_by WHERE doc.id = $1"#,
        id.0
    )
    .fetch_one(&mut *tx)
    .await?;
    let near = sqlx::query!(
        r#"SELECT
             (SELECT n.id FROM documents n WHERE n.deleting_since IS NULL AND (n.received_at, n.id) > (doc.received_at, doc.id)
              ORDER BY n.received_at, n.id LIMIT 1) AS newer,
             (SELECT o.id FROM documents o WHERE o.deleting_since IS NULL AND (o.received_at, o.id) < (doc.received_at, doc.id)
              ORDER BY o.received_at DESC, o.id DESC LIMIT 1) AS older
           FROM documents doc WHERE doc.id = $1"#,
        id.0
    )
    .fetch_one(&mut *tx)
    .await?;
    audit::by_staff(d, &mut tx, who, Act::on("documents.open", "document", id.0)).await?;
    tx.commit().await?;
    let view = DocumentView {
        summary: summary(row, &zone)?,
        newer: near.newer.map(DocumentId),
        older: near.older.map(DocumentId),
    };
    let until = clock::minutes(d.now(), TICKET_MINUTES).as_second();
    Ok(OpenedDocument { view, ticket: ticket(d, who, id, until) })
}

/// Marks a document seen, under its row's lock (a withdrawal waits, or has won).
async fn see(d: &Domain, tx: &mut TenantTx, who: &Staff, id: DocumentId) -> Result<(), Refused> {
    let row = sqlx::query!(
        "SELECT item_id, seen_at, unread FROM documents WHERE id = $1 AND deleting_since IS NULL FOR UPDATE",
        id.0
    )
    .fetch_optional(&mut **tx)
    .await?
    .ok_or(Refused::NotFound)?;
    if row.seen_at.is_none() {
        let now = d.now();
        sqlx::query!(
            "UPDATE documents SET seen_at = $2, seen_by = $3, unread = false WHERE id = $1",
            id.0,
            now.to_sqlx() as _,
            who.user.0
        )
        .execute(&mut **tx)
        .await?;
        sqlx::query!("UPDATE deposit_items SET seen_at = $2 WHERE id = $1", row.item_id, now.to_sqlx() as _)
            .execute(&mut **tx)
            .await?;
    } else if row.unread {
        sqlx::query!("UPDATE documents SET unread = false WHERE id = $1", id.0).execute(&mut **tx).await?;
    }
    if row.unread {
        events::publish(d, tx, "documents.changed", Some(id.0)).await?;
    }
    Ok(())
}

/// A document on its way out.
pub struct Download {
    /// Original name.
    pub name: String,
    /// Format.
    pub kind: FileKind,
    /// Bytes.
    pub size: u64,
    /// Content in clear.
    pub content: Box<dyn AsyncRead + Send + Unpin>,
}

/// Hands out the original; audited, and the first time it counts as seen.
///
/// # Errors
/// [`Refused::Forbidden`] without [`Permission::OpenDocuments`]; [`Refused::NotFound`]; an incident.
pub async fn download(d: &Domain, who: &Staff, id: DocumentId) -> Result<Download, Refused> {
    who.require(d, Permission::OpenDocuments, "documents.download").await?;
    // Opened before the act, for what can't be read was not downloaded; and outside of it, for it locks the
    // establishment's totals, and a store may take its time.
    let identity = establishments::keys(d, who.establishment).await?;
    let mut tx = TenantTx::begin(&d.db, who.establishment).await?;
    let stored = stored(&mut tx, id).await?.ok_or(Refused::NotFound)?;
    tx.commit().await?;
    let content = d.vault.read(&identity, stored.header, &stored.blob).await?;
    let mut tx = TenantTx::begin(&d.db, who.establishment).await?;
    see(d, &mut tx, who, id).await?;
    audit::by_staff(d, &mut tx, who, Act::on("documents.download", "document", id.0)).await?;
    tx.commit().await?;
    Ok(Download { name: stored.name, kind: stored.kind, size: stored.size, content: Box::new(content) })
}

pub(super) struct StoredDocument {
    pub name: String,
    pub kind: FileKind,
    pub size: u64,
    pub header: Vec<u8>,
    pub blob: String,
}

pub(super) async fn stored(tx: &mut TenantTx, id: DocumentId) -> Result<Option<StoredDocument>, Fault> {
    let row = sqlx::query!(
        "SELECT name, kind, size, header, blob FROM documents WHERE id = $1 AND deleting_since IS NULL",
        id.0
    )
    .fetch_optional(&mut **tx)
    .await?;
    row.map(|row| {
        Ok(StoredDocument {
            name: row.name,
            kind: FileKind::from_name(&row.kind).ok_or_else(|| Fault::Data("file kind".into()))?,
            size: u64::try_from(row.size).unwrap_or_default(),
            header: row.header,
            blob: row.blob,
        })
    })
    .transpose()
}

/// A page as a picture.
pub type PagePicture = viewer::PageImage;

/// Why a page has no picture.
#[derive(Debug, thiserror::Error)]
pub enum PageError {
    /// The person's roles don't allow it (any more), whatever the ticket.
    #[error("forbidden")]
    Forbidden,
    /// No ticket, another session's, expired, or no such document.
    #[error("not found")]
    NotFound,
    /// The child process gave up.
    #[error("not renderable: {0:?}")]
    Unreadable(Verdict),
    /// An incident.
    #[error(transparent)]
    Fault(#[from] Fault),
}
fault_from!(PageError);

impl From<Refused> for PageError {
    fn from(refused: Refused) -> Self {
        match refused {
            Refused::Forbidden => Self::Forbidden,
            Refused::NotFound => Self::NotFound,
            Refused::Fault(fault) => Self::Fault(fault),
        }
    }
}

/// Draws one page (from 1) in the disposable child process. It is part of an opening that was audited; a refusal for want
/// of a role is one of opening.
///
/// # Errors
/// See [`PageError`].
pub async fn page(
    d: &Domain,
    who: &Staff,
    id: DocumentId,
    given: &str,
    request: PageRequest,
) -> Result<PagePicture, PageError> {
    who.require(d, Permission::OpenDocuments, "documents.open").await?;
    if !is_valid(d, who, id, given) {
        return Err(PageError::NotFound);
    }
    let mut tx = TenantTx::begin(&d.db, who.establishment).await?;
    let stored = stored(&mut tx, id).await?.ok_or(PageError::NotFound)?;
    tx.commit().await?;
    let identity = establishments::keys(d, who.establishment).await?;
    let content = d.vault.read(&identity, stored.header, &stored.blob).await?;
    let drawn = d.viewer.page(viewer_kind(stored.kind), content, request).await;
    drawn.map_err(|incident| Fault::Viewer(incident.to_string()))?.map_err(PageError::Unreadable)
}

pub(super) fn viewer_kind(kind: FileKind) -> viewer::Kind {
    match kind {
        FileKind::Pdf => viewer::Kind::Pdf,
        FileKind::Jpeg => viewer::Kind::Jpeg,
        FileKind::Png => viewer::Kind::Png,
    }
}
