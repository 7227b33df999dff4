//! Documents as staff see them, and the receipt as the depositor sees it.

use serde::{Deserialize, Serialize};

use crate::{
    ids::{CodeId, DocumentId},
    list::Page,
    number::bounded,
    text::{Reason, Search},
    time::Moment,
};

/// Formats that a deposit accepts. One list serves the code, the pages and the documentation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum FileKind {
    /// ISO 32000.
    Pdf,
    /// ITU T.81.
    Jpeg,
    /// ISO/IEC 15948.
    Png,
}

impl FileKind {
    /// Every accepted kind.
    pub const ALL: [Self; 3] = [Self::Pdf, Self::Jpeg, Self::Png];

    /// IANA media type.
    pub const fn media_type(self) -> &'static str {
        match self {
            Self::Pdf => "application/pdf",
            Self::Jpeg => "image/jpeg",
            Self::Png => "image/png",
        }
    }

    /// Name in the database.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Pdf => "pdf",
            Self::Jpeg => "jpeg",
            Self::Png => "png",
        }
    }

    /// Reads the database's name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == name)
    }
}

/// What the disposable child process made of a document.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DocumentState {
    /// Stored; not looked at yet.
    Received,
    /// Its first page renders.
    Checked,
    /// It could not be rendered; the original can still be downloaded.
    Unreadable,
}

impl DocumentState {
    /// Name in the database.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Received => "received",
            Self::Checked => "checked",
            Self::Unreadable => "unreadable",
        }
    }

    /// Reads the database's name; an unknown one counts as not looked at.
    pub fn from_name(name: &str) -> Self {
        match name {
            "checked" => Self::Checked,
            "unreadable" => Self::Unreadable,
            _ => Self::Received,
        }
    }
}

/// A document in the inbox.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DocumentSummary {
    /// Id.
    pub id: DocumentId,
    /// Reference of its deposit, as printed on the receipt.
    pub reference: String,
    /// Name given by the depositor's device: data, never a path.
    pub name: String,
    /// Format.
    pub kind: FileKind,
    /// Bytes of the stored original.
    pub size: u64,
    /// State.
    pub state: DocumentState,
    /// Pages, once checked.
    pub pages: Option<u32>,
    /// Code under which it came.
    pub code: CodeId,
    /// What was asked.
    pub label: String,
    /// Arrived at.
    pub received_at: Moment,
    /// First opening by the establishment.
    pub seen: Option<Seen>,
    /// Whether staff filed it.
    pub done: bool,
    /// When it will be deleted; absent while held.
    pub delete_at: Option<Moment>,
    /// Why it is held.
    pub hold_reason: Option<String>,
}

/// Who opened a document first, and when.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Seen {
    /// Moment of the first opening.
    pub at: Moment,
    /// Display name.
    pub by: String,
}

/// A document opened in the viewer, with its neighbours in the inbox's order (newest first).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DocumentView {
    /// The document.
    pub summary: DocumentSummary,
    /// The next newer one.
    pub newer: Option<DocumentId>,
    /// The next older one.
    pub older: Option<DocumentId>,
}

/// A document that was just opened, and what lets this session fetch its pages for an hour:
/// `GET /api/v1/documents/{id}/pages/{n}?ticket=…`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OpenedDocument {
    /// The document and its neighbours.
    pub view: DocumentView,
    /// URL-safe.
    pub ticket: String,
}

/// Which documents a list shows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DocumentFilter {
    /// Not opened yet.
    New,
    /// Opened, not filed.
    Seen,
    /// Filed.
    Done,
    /// All.
    #[default]
    All,
}

/// Order of the list.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DocumentSort {
    /// Newest first.
    #[default]
    Newest,
    /// Oldest first.
    Oldest,
    /// By name.
    Name,
    /// Those deleted soonest first.
    ExpiresFirst,
}

/// What a list of documents asks for.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct DocumentQuery {
    /// Words looked for in label, reference and name.
    pub search: Option<Search>,
    /// State.
    #[serde(default)]
    pub filter: DocumentFilter,
    /// One code only.
    pub code: Option<CodeId>,
    /// First day (`YYYY-MM-DD`, the establishment's zone).
    pub from: Option<String>,
    /// Last day, included.
    pub to: Option<String>,
    /// Order.
    #[serde(default)]
    pub sort: DocumentSort,
    /// Page.
    #[serde(default)]
    pub page: Page,
}

/// An act on several documents at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BulkAct {
    /// File them.
    Done,
    /// Take them out of the filed ones.
    Reopen,
    /// Mark them unseen again (for the staff's list; the receipt keeps its first "seen").
    Unseen,
    /// Delete them.
    Delete,
}

bounded! {
    /// Days after which documents are deleted.
    RetentionDays: 1..=365, default 30;
    /// Largest accepted file, in mebibytes. The product's default is 10 MB; a laboratory may need more.
    MaxFileMebibytes: 1..=2_048, default 10;
}

/// Documents chosen for one act, each once: at most [`Selection::MAX`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Vec<DocumentId>", into = "Vec<DocumentId>")]
pub struct Selection(Vec<DocumentId>);

/// More documents than one act takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("more than {} documents", Selection::MAX)]
pub struct TooMany;

impl Selection {
    /// Most documents of one act: what a page of the list can show.
    pub const MAX: usize = Page::MAX_SIZE as usize;

    /// One document.
    pub fn one(id: DocumentId) -> Self {
        Self(vec![id])
    }
}

/// In the order of their ids: one order for everybody's locks.
impl AsRef<[DocumentId]> for Selection {
    fn as_ref(&self) -> &[DocumentId] {
        &self.0
    }
}

impl TryFrom<Vec<DocumentId>> for Selection {
    type Error = TooMany;
    fn try_from(mut ids: Vec<DocumentId>) -> Result<Self, TooMany> {
        ids.sort_unstable_by_key(|id| id.0);
        ids.dedup();
        if ids.len() <= Self::MAX { Ok(Self(ids)) } else { Err(TooMany) }
    }
}

impl From<Selection> for Vec<DocumentId> {
    fn from(selection: Selection) -> Self {
        selection.0
    }
}

/// Changes of a document's deletion date.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "change", rename_all = "snake_case")]
pub enum RetentionChange {
    /// Delete in so many days from now; only ever earlier than planned.
    Shorten {
        /// Days from now.
        days: RetentionDays,
    },
    /// Don't delete, for a reason; only once seen.
    Hold {
        /// Why.
        reason: Reason,
    },
    /// End the hold: the establishment's setting counts again from now.
    Release,
}
