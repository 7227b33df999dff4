//! Reading an establishment from a folder.

use std::path::Path as FilePath;

use futures_util::StreamExt;
use jiff_sqlx::ToSqlx;
use model::ids::{DocumentId, EstablishmentId};
use sqlx::{AssertSqlSafe, Connection, Executor, PgConnection};
use tokio::fs;

use super::{Manifest, PEOPLE, TABLES, TransferError, delete, record};
use crate::{
    Domain, Fault, PlatformAdmin,
    db::{self, Db, TenantTx},
    documents,
    jobs::{self, Work},
};

/// An establishment that is back.
#[derive(Debug)]
pub struct Imported {
    /// Its id, the same as before.
    pub id: EstablishmentId,
    /// Documents that were erased while the export was written: their rows came without a payload, and were left out.
    pub erased: u64,
    /// People who could not be made members again: their address belongs to another account here.
    pub left_out: Vec<String>,
}

/// Reads an establishment from a folder that [`super::export`] wrote.
///
/// # Errors
/// See [`TransferError`].
pub async fn import(d: &Domain, who: &PlatformAdmin, folder: &FilePath) -> Result<Imported, TransferError> {
    let bytes = fs::read(folder.join("establishment.json")).await?;
    let manifest: Manifest = serde_json::from_slice(&bytes).map_err(Fault::from)?;
    let ours = db::latest_tenant_version();
    if manifest.schema_version != ours {
        return Err(TransferError::Version { found: manifest.schema_version, ours });
    }
    let text = |key: &str| manifest.establishment[key].as_str();
    let id: EstablishmentId = text("id")
        .and_then(|text| text.parse().ok())
        .ok_or_else(|| Fault::Data("establishment.json has no id".into()))?;
    let wrapped = text("wrapped_identity")
        .and_then(bytea)
        .ok_or_else(|| Fault::Data("establishment.json has no key".into()))?;
    d.vault.identity(id, &wrapped).map_err(|_| TransferError::ForeignKey)?;
    let mut owner = d.db.owner().await?;
    // The role's name carries the database, which may be another one here. A fallback was opened there, not here, and older
    // exports know nothing of either.
    let inserted = sqlx::query!(
        "INSERT INTO control.establishments
         SELECT (jsonb_populate_record(NULL::control.establishments,
                 jsonb_build_object('psc_only', false) || $1 || jsonb_build_object('db_role', $2::text, 'status', 'creating',
                     'fallback_since', NULL, 'fallback_until', NULL, 'fallback_reason', NULL))).*
         ON CONFLICT DO NOTHING",
        manifest.establishment,
        d.db.role_of(id)
    )
    .execute(&mut owner)
    .await?;
    if inserted.rows_affected() == 0 {
        d.vault.forget(id);
        return Err(TransferError::Exists);
    }
    let filled = fill(d, &mut owner, id, &manifest, folder).await;
    owner.close().await?;
    match filled {
        Ok((left_out, erased)) => {
            record(d, who, id, "establishments.import").await?;
            Ok(Imported { id, erased, left_out })
        }
        Err(error) => {
            delete::remove(d, id).await?;
            Err(error)
        }
    }
}

async fn fill(
    d: &Domain,
    owner: &mut PgConnection,
    id: EstablishmentId,
    manifest: &Manifest,
    folder: &FilePath,
) -> Result<(Vec<String>, u64), TransferError> {
    // Its own people, and nobody else's; rights over this platform don't travel.
    let came = sqlx::query_scalar!(
        r#"INSERT INTO control.users
           SELECT u.* FROM jsonb_array_elements($1) AS one,
               jsonb_populate_record(NULL::control.users, one || '{"platform_administrator": false}') AS u
           WHERE EXISTS (SELECT FROM jsonb_populate_recordset(NULL::control.memberships, $2) m
                         WHERE m.user_id = u.id AND m.establishment_id = $3)
             -- Somebody whose identity has an account here already would be a second one that nobody can enter.
             AND NOT EXISTS (SELECT FROM jsonb_populate_recordset(NULL::control.psc_identities, $4) i
                             JOIN control.psc_identities here USING (issuer, subject_name_id)
                             WHERE i.user_id = u.id AND here.user_id <> u.id)
           ON CONFLICT DO NOTHING RETURNING id"#,
        manifest.users,
        manifest.memberships,
        id.0,
        manifest.people.get("psc_identities").cloned().unwrap_or_else(|| serde_json::json!([]))
    )
    .fetch_all(&mut *owner)
    .await?;
    people(owner, manifest, &came).await?;
    sqlx::query!(
        "INSERT INTO control.memberships SELECT m.* FROM jsonb_populate_recordset(NULL::control.memberships, $1) m
         WHERE m.establishment_id = $2 AND EXISTS (SELECT FROM control.users u WHERE u.id = m.user_id)
         ON CONFLICT DO NOTHING",
        manifest.memberships,
        id.0
    )
    .execute(&mut *owner)
    .await?;
    let left_out = sqlx::query_scalar!(
        r#"SELECT coalesce(u.email, u.given_name || ' ' || u.family_name) AS "name!" FROM jsonb_populate_recordset(NULL::control.users, $1) u
           WHERE NOT EXISTS (SELECT FROM control.users here WHERE here.id = u.id) ORDER BY 1"#,
        manifest.users
    )
    .fetch_all(&mut *owner)
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
    let came = payloads(d, id, folder).await?;
    let erased = leave_out(d, id, &came).await?;
    plan(d, id).await?;
    sqlx::query!("UPDATE control.establishments SET status = 'active' WHERE id = $1", id.0)
        .execute(&mut *owner)
        .await?;
    Ok((left_out, erased))
}

/// How they show who they are: of those who were made here now, and of nobody who was here before (the folder may have been
/// tampered with).
async fn people(
    owner: &mut PgConnection,
    manifest: &Manifest,
    came: &[uuid::Uuid],
) -> Result<(), TransferError> {
    for table in PEOPLE {
        let Some(rows) = manifest.people.get(table) else { continue };
        let sql = format!(
            "INSERT INTO control.{table} SELECT p.* FROM jsonb_populate_recordset(NULL::control.{table}, $1) p
             WHERE p.user_id = ANY ($2) ON CONFLICT DO NOTHING"
        );
        sqlx::query(AssertSqlSafe(sql)).bind(rows).bind(came).execute(&mut *owner).await?;
    }
    Ok(())
}

/// Writes the payloads into the store, and gives their names.
async fn payloads(d: &Domain, id: EstablishmentId, folder: &FilePath) -> Result<Vec<String>, TransferError> {
    let mut names = vec![];
    let mut blobs = fs::read_dir(folder.join("blobs")).await?;
    while let Some(entry) = blobs.next_entry().await? {
        let blob = format!("{}/{}", id.0.simple(), entry.file_name().to_string_lossy());
        let mut upload = d.vault.upload(&blob).await?;
        let mut file = tokio_util::io::ReaderStream::new(fs::File::open(entry.path()).await?);
        while let Some(chunk) = file.next().await {
            upload.write(&chunk?).await?;
        }
        upload.finish().await?;
        names.push(blob);
    }
    Ok(names)
}

/// Takes out the rows of documents whose payload is not there: they were erased while the export was written. Whatever
/// points elsewhere (the folder may have been tampered with) goes with them: a row decides which payload is erased.
async fn leave_out(d: &Domain, id: EstablishmentId, came: &[String]) -> Result<u64, TransferError> {
    let mut tx = TenantTx::begin(&d.db, id).await?;
    let items = sqlx::query_scalar!("DELETE FROM documents WHERE blob <> ALL ($1) RETURNING item_id", came)
        .fetch_all(&mut *tx)
        .await?;
    sqlx::query!(
        "UPDATE deposit_items SET deleted_at = $2, deletion = 'staff' WHERE id = ANY ($1)",
        &items,
        d.now().to_sqlx() as _
    )
    .execute(&mut *tx)
    .await?;
    tx.commit().await?;
    Ok(items.len() as u64)
}

/// Jobs don't travel: what was still to do is asked for again.
async fn plan(d: &Domain, id: EstablishmentId) -> Result<(), TransferError> {
    let mut tx = TenantTx::begin(&d.db, id).await?;
    let unfinished = sqlx::query!(
        r#"SELECT id, deleting_since FROM documents
           WHERE state = 'received' OR deleting_since IS NOT NULL"#
    )
    .fetch_all(&mut *tx)
    .await?;
    for row in unfinished {
        let document = DocumentId(row.id);
        let (work, run_at) = match row.deleting_since {
            Some(since) => (Work::Erase { document }, documents::erased_at(since.to_jiff())),
            None => (Work::Check { document }, d.now()),
        };
        jobs::enqueue(d, &mut tx, work, run_at).await?;
    }
    tx.commit().await?;
    Ok(())
}

/// PostgreSQL's text of a `bytea` (`\x` and hexadecimal digits), as JSON holds it.
fn bytea(text: &str) -> Option<Vec<u8>> {
    let digits = text.strip_prefix("\\x")?;
    let byte = |at: usize| digits.get(at..at + 2).and_then(|pair| u8::from_str_radix(pair, 16).ok());
    (0..digits.len()).step_by(2).map(byte).collect()
}

#[cfg(test)]
mod tests {
    use super::bytea;

    #[test]
    fn a_bytea_reads_back() {
        assert_eq!(bytea("\\x00ff1a"), Some(vec![0, 255, 26]));
        for bad in ["", "00", "\\x0", "\\xzz", "\\xé0"] {
            assert_eq!(bytea(bad), None, "{bad}");
        }
    }
}
