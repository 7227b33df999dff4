//! An establishment as one folder: schema, control rows, wrapped key and payloads. Exported, deleted, imported.
//!
//! Rows travel as PostgreSQL's own COPY text, one file a table; payloads as they lie, encrypted. The private key stays
//! wrapped to the master key: an export is readable only where that key is.

use std::path::Path as FilePath;

use futures_util::{StreamExt, TryStreamExt};
use model::ids::EstablishmentId;
use object_store::{ObjectStoreExt, path::Path};
use serde::{Deserialize, Serialize};
use sqlx::{AssertSqlSafe, Connection, Executor};
use tokio::{fs, io::AsyncWriteExt};

use crate::{
    Domain, Fault, PlatformAdmin,
    audit::{self, PlatformAct},
    db::{self, Db},
};

/// Tables of an establishment in an order that foreign keys allow.
const TABLES: [&str; 7] = ["staff", "settings", "audit", "codes", "deposits", "deposit_items", "documents"];

/// Why an establishment was not moved.
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
}

/// Writes an establishment into an empty or new folder.
///
/// # Errors
/// See [`TransferError`].
pub async fn export(
    d: &Domain,
    who: &PlatformAdmin,
    id: EstablishmentId,
    folder: &FilePath,
) -> Result<(), TransferError> {
    let row = sqlx::query!(
        r#"SELECT to_jsonb(e) AS "establishment!",
             (SELECT coalesce(jsonb_agg(to_jsonb(u)), '[]') FROM control.users u
              WHERE u.id IN (SELECT user_id FROM control.memberships WHERE establishment_id = e.id)) AS "users!",
             (SELECT coalesce(jsonb_agg(to_jsonb(m)), '[]') FROM control.memberships m WHERE m.establishment_id = e.id) AS "memberships!"
           FROM control.establishments e WHERE e.id = $1"#,
        id.0
    )
    .fetch_optional(&d.db.pool)
    .await?
    .ok_or(TransferError::NotFound)?;
    fs::create_dir_all(folder.join("blobs")).await?;
    let manifest = Manifest {
        schema_version: db::latest_tenant_version(),
        establishment: row.establishment,
        users: row.users,
        memberships: row.memberships,
    };
    fs::write(folder.join("establishment.json"), serde_json::to_vec_pretty(&manifest).map_err(Fault::from)?)
        .await?;
    let mut tx = db::TenantTx::begin(&d.db, id).await?;
    // What points comes before what is pointed at, or a row of this moment would point at one that is missing.
    for table in TABLES.into_iter().rev() {
        let mut file = fs::File::create(folder.join(format!("{table}.copy"))).await?;
        let mut rows = tx.copy_out_raw(&format!("COPY {table} TO STDOUT")).await?;
        while let Some(chunk) = rows.try_next().await? {
            file.write_all(&chunk).await?;
        }
        drop(rows);
        file.sync_all().await?;
    }
    tx.commit().await?;
    let prefix = id.0.simple().to_string();
    let mut blobs = d.vault.store().list(Some(&Path::from(prefix)));
    while let Some(meta) = blobs.try_next().await.map_err(Fault::from)? {
        let mut file =
            fs::File::create(folder.join("blobs").join(meta.location.filename().unwrap_or("blob"))).await?;
        let mut content = d.vault.store().get(&meta.location).await.map_err(Fault::from)?.into_stream();
        while let Some(chunk) = content.next().await {
            file.write_all(&chunk.map_err(Fault::from)?).await?;
        }
        file.sync_all().await?;
    }
    record(d, who, "establishments.export").await
}

/// Deletes an establishment with everything that it has, for good.
///
/// # Errors
/// See [`TransferError`].
pub async fn delete(d: &Domain, who: &PlatformAdmin, id: EstablishmentId) -> Result<(), TransferError> {
    let found = sqlx::query!("UPDATE control.establishments SET status = 'deleting' WHERE id = $1", id.0)
        .execute(&d.db.pool)
        .await?;
    if found.rows_affected() == 0 {
        return Err(TransferError::NotFound);
    }
    db::drop_schema(&d.db, id).await?;
    let far = crate::clock::days(d.now(), 1);
    for blob in d.vault.blobs(id, far).await? {
        d.vault.erase(&blob).await?;
    }
    let mut owner = d.db.owner().await?;
    sqlx::query!("DELETE FROM control.establishments WHERE id = $1", id.0).execute(&mut owner).await?;
    owner.close().await?;
    d.vault.forget(id);
    record(d, who, "establishments.delete").await
}

/// Reads an establishment from a folder that [`export`] wrote.
///
/// # Errors
/// See [`TransferError`].
pub async fn import(
    d: &Domain,
    who: &PlatformAdmin,
    folder: &FilePath,
) -> Result<EstablishmentId, TransferError> {
    let bytes = fs::read(folder.join("establishment.json")).await?;
    let manifest: Manifest = serde_json::from_slice(&bytes).map_err(Fault::from)?;
    let ours = db::latest_tenant_version();
    if manifest.schema_version != ours {
        return Err(TransferError::Version { found: manifest.schema_version, ours });
    }
    let id: EstablishmentId = manifest.establishment["id"]
        .as_str()
        .and_then(|text| text.parse().ok())
        .ok_or_else(|| Fault::Data("establishment.json has no id".into()))?;
    let mut owner = d.db.owner().await?;
    // The role's name carries the database, which may be another one here.
    let inserted = sqlx::query!(
        "INSERT INTO control.establishments
         SELECT (jsonb_populate_record(NULL::control.establishments,
                 $1 || jsonb_build_object('db_role', $2::text, 'status', 'creating'))).*
         ON CONFLICT DO NOTHING",
        manifest.establishment,
        d.db.role_of(id)
    )
    .execute(&mut owner)
    .await?;
    if inserted.rows_affected() == 0 {
        return Err(TransferError::Exists);
    }
    sqlx::query!(
        "INSERT INTO control.users SELECT * FROM jsonb_populate_recordset(NULL::control.users, $1) ON CONFLICT DO NOTHING",
        manifest.users
    )
    .execute(&mut owner)
    .await?;
    sqlx::query!(
        "INSERT INTO control.memberships SELECT m.* FROM jsonb_populate_recordset(NULL::control.memberships, $1) m
         WHERE EXISTS (SELECT FROM control.users u WHERE u.id = m.user_id) ON CONFLICT DO NOTHING",
        manifest.memberships
    )
    .execute(&mut owner)
    .await?;
    db::new_schema(&d.db, id).await?;
    let schema = Db::schema_of(id);
    owner.execute(AssertSqlSafe(format!("DELETE FROM \"{schema}\".settings"))).await?;
    for table in TABLES {
        let file = fs::File::open(folder.join(format!("{table}.copy"))).await?;
        let mut copy = owner.copy_in_raw(&format!("COPY \"{schema}\".{table} FROM STDIN")).await?;
        copy.read_from(file).await?;
        copy.finish().await?;
    }
    owner
        .execute(AssertSqlSafe(format!(
            "SELECT setval(pg_get_serial_sequence('\"{schema}\".audit', 'id'), coalesce((SELECT max(id) FROM \"{schema}\".audit), 0) + 1)"
        )))
        .await?;
    let mut blobs = fs::read_dir(folder.join("blobs")).await?;
    while let Some(entry) = blobs.next_entry().await? {
        let blob = format!("{}/{}", id.0.simple(), entry.file_name().to_string_lossy());
        let mut upload = d.vault.upload(&blob).await?;
        let mut file = tokio_util::io::ReaderStream::new(fs::File::open(entry.path()).await?);
        while let Some(chunk) = file.next().await {
            upload.write(&chunk?).await?;
        }
        upload.finish().await?;
    }
    sqlx::query!("UPDATE control.establishments SET status = 'active' WHERE id = $1", id.0)
        .execute(&mut owner)
        .await?;
    owner.close().await?;
    record(d, who, "establishments.import").await?;
    Ok(id)
}

async fn record(d: &Domain, who: &PlatformAdmin, action: &str) -> Result<(), TransferError> {
    let mut tx = d.db.pool.begin().await?;
    let act =
        PlatformAct { actor: who.user, session: None, action, outcome: "done", reason: None, origin: None };
    audit::platform(d, &mut tx, act).await?;
    tx.commit().await?;
    Ok(())
}
