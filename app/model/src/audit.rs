//! The audit as administrators read it.

use serde::{Deserialize, Serialize};

use crate::{list::Page, text::Search, time::Moment};

/// One act.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuditEntry {
    /// Sequence number within the establishment.
    pub id: i64,
    /// When.
    pub at: Moment,
    /// Display name of who, or the kind of actor (`depositor`, `system`).
    pub actor: String,
    /// Roles held then.
    pub roles: Vec<String>,
    /// What: `documents.open`, `codes.generate`…
    pub action: String,
    /// Kind of object.
    pub object_kind: Option<String>,
    /// Id of the object.
    pub object_id: Option<String>,
    /// Display name of a person to whom it was done, as it is today; of nobody else, and of who is not known here.
    pub object_name: Option<String>,
    /// `done` or `refused`.
    pub outcome: String,
    /// Reason given.
    pub reason: Option<String>,
    /// What it changed, from what to what, by the names of the program (`retention_days 30 → 60`).
    pub detail: Option<String>,
    /// Address of the client.
    pub address: Option<String>,
}

/// Which entries a list shows.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuditQuery {
    /// Part of the name of who acted or of the person to whom it was done, part of an action, or an object's whole id.
    pub search: Option<Search>,
    /// One capability: `documents`, `codes`, `identity`, `members`, `settings`, `audit`.
    pub capability: Option<String>,
    /// First day (`YYYY-MM-DD`).
    pub from: Option<String>,
    /// Last day, included.
    pub to: Option<String>,
    /// Page.
    #[serde(default)]
    pub page: Page,
}
