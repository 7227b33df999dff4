//! An establishment as one folder: schema, control rows, wrapped key and payloads. Exported, deleted, imported.
//!
//! Rows travel as PostgreSQL's own COPY text, one file a table; payloads as they lie, encrypted. The private key stays
//! wrapped to the master key: an export is readable only where that key is. Names and password hashes are readable to
//! whoever reads the folder: it is made for its owner alone.

mod delete;
mod export;
mod import;

pub use delete::delete;
pub use export::export;
pub use import::{Imported, import};
use std::collections::BTreeMap;

use model::ids::EstablishmentId;
use serde::{Deserialize, Serialize};

use crate::{
    Domain, Fault, PlatformAdmin,
    audit::{self, PlatformAct},
};

/// Tables of an establishment in an order that foreign keys allow.
const TABLES: [&str; 7] = ["staff", "settings", "audit", "codes", "deposits", "deposit_items", "documents"];

/// Why an establishment was not moved. Nothing of it is left half done.
#[derive(Debug, thiserror::Error)]
pub enum TransferError {
    /// No such establishment.
    #[error("no such establishment")]
    NotFound,
    /// It exists here already.
    #[error("the establishment exists here already")]
    Exists,
    /// The folder was written by another version.
    #[error("exported by schema version {found}, this program has {ours}")]
    Version {
        /// Of the export.
        found: i64,
        /// Of this program.
        ours: i64,
    },
    /// The master key of this installation does not open the establishment's key.
    #[error("the master key of this installation does not open the establishment's key")]
    ForeignKey,
    /// An incident.
    #[error(transparent)]
    Fault(#[from] Fault),
}
crate::fault::fault_from!(TransferError);

impl From<std::io::Error> for TransferError {
    fn from(error: std::io::Error) -> Self {
        Self::Fault(error.into())
    }
}

/// The `control` half of an export.
#[derive(Serialize, Deserialize)]
struct Manifest {
    schema_version: i64,
    establishment: serde_json::Value,
    users: serde_json::Value,
    memberships: serde_json::Value,
    /// Rows of tables about these people, by table: how they show who they are.
    #[serde(default)]
    people: BTreeMap<String, serde_json::Value>,
}

/// Tables of `control` about people that travel with them. Recovery codes don't: their hashes are good under one pepper only.
const PEOPLE: [&str; 3] = ["psc_identities", "totp", "passkeys"];

async fn record(
    d: &Domain,
    who: &PlatformAdmin,
    id: EstablishmentId,
    action: &str,
) -> Result<(), TransferError> {
    let mut tx = d.db.pool.begin().await?;
    let act = PlatformAct::by_platform(who, action, id);
    audit::platform(d, &mut tx, act).await?;
    tx.commit().await?;
    Ok(())
}
