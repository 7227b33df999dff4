//! Writing an establishment into a folder.

use std::{collections::BTreeMap, path::Path as FilePath};

use futures_util::{StreamExt, TryStreamExt};
use model::ids::EstablishmentId;
use object_store::{ObjectStoreExt, path::Path};
use sqlx::AssertSqlSafe;
use tokio::{fs, io::AsyncWriteExt};

use super::{Manifest, PEOPLE, TABLES, TransferError, record};
use crate::{
    Domain, Fault, PlatformAdmin,
    db::{Kind, TenantTx},
};

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
        r#"SELECT schema_version, to_jsonb(e) AS "establishment!",
             (SELECT coalesce(jsonb_agg(to_jsonb(u)), '[]') FROM control.users u
              WHERE u.id IN (SELECT user_id FROM control.memberships WHERE establishment_id = e.id)) AS "users!",
             (SELECT coalesce(jsonb_agg(to_jsonb(m)), '[]') FROM control.memberships m WHERE m.establishment_id = e.id) AS "memberships!"
           FROM control.establishments e WHERE e.id = $1"#,
        id.0
    )
    .fetch_optional(&d.db.pool)
    .await?
    .ok_or(TransferError::NotFound)?;
    let blobs = folder.join("blobs");
    fs::DirBuilder::new().recursive(true).mode(0o700).create(&blobs).await?;
    let manifest = Manifest {
        schema_version: row.schema_version,
        establishment: row.establishment,
        users: row.users,
        memberships: row.memberships,
        people: people(d, id).await?,
    };
    let mut file = create(&folder.join("establishment.json")).await?;
    file.write_all(&serde_json::to_vec_pretty(&manifest).map_err(Fault::from)?).await?;
    file.sync_all().await?;
    // One moment for all tables. Payloads follow: of a document that is erased meanwhile the row alone travels, which the
    // import leaves out.
    let mut tx = TenantTx::begin_as(&d.db, id, Kind::Snapshot).await?;
    for table in TABLES {
        let mut file = create(&folder.join(format!("{table}.copy"))).await?;
        let mut rows = tx.copy_out_raw(&format!("COPY {table} TO STDOUT")).await?;
        while let Some(chunk) = rows.try_next().await? {
            file.write_all(&chunk).await?;
        }
        drop(rows);
        file.sync_all().await?;
    }
    tx.commit().await?;
    let prefix = id.0.simple().to_string();
    let mut payloads = d.vault.store().list(Some(&Path::from(prefix)));
    while let Some(meta) = payloads.try_next().await.map_err(Fault::from)? {
        let mut file = create(&blobs.join(meta.location.filename().unwrap_or("blob"))).await?;
        let mut content = d.vault.store().get(&meta.location).await.map_err(Fault::from)?.into_stream();
        while let Some(chunk) = content.next().await {
            file.write_all(&chunk.map_err(Fault::from)?).await?;
        }
        file.sync_all().await?;
    }
    record(d, who, id, "establishments.export").await
}

/// How its people show who they are. The names of the tables are ours.
async fn people(
    d: &Domain,
    id: EstablishmentId,
) -> Result<BTreeMap<String, serde_json::Value>, TransferError> {
    let mut found = BTreeMap::new();
    for table in PEOPLE {
        let sql = format!(
            "SELECT coalesce(jsonb_agg(to_jsonb(p)), '[]') FROM control.{table} p
             WHERE p.user_id IN (SELECT user_id FROM control.memberships WHERE establishment_id = $1)"
        );
        let rows: serde_json::Value =
            sqlx::query_scalar(AssertSqlSafe(sql)).bind(id.0).fetch_one(&d.db.pool).await?;
        found.insert(table.to_owned(), rows);
    }
    Ok(found)
}

/// A file that only its owner reads: password hashes and names of patients' documents lie in it.
async fn create(path: &FilePath) -> Result<fs::File, std::io::Error> {
    fs::OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(path).await
}
