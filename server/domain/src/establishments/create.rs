//! Creating an establishment: its row, its keys, its role and schema. Resumable: a second call finishes the first.

use jiff_sqlx::ToSqlx;
use model::{
    establishments::{EstablishmentCard, Finess, Slug},
    ids::EstablishmentId,
    text::{EstablishmentName, Town},
};

use super::find::fold;
use crate::{
    Domain, Fault, PlatformAdmin,
    audit::{self, PlatformAct},
    db,
    fault::fault_from,
};

/// What an establishment is made of.
#[derive(Clone, Debug)]
pub struct NewEstablishment {
    /// Name.
    pub name: EstablishmentName,
    /// Town.
    pub town: Town,
    /// Part of its address; made of the name unless given.
    pub slug: Option<Slug>,
    /// `pharmacy`, `home_care`, `hospital`, `practice` or `other`.
    pub kind: String,
    /// FINESS number of the site.
    pub finess: Option<Finess>,
}

/// Why it was not created.
#[derive(Debug, thiserror::Error)]
pub enum CreateError {
    /// Another establishment has that slug.
    #[error("another establishment has this address already")]
    SlugTaken,
    /// No slug can be made of the name: give one.
    #[error("no address can be made of this name")]
    NoSlug,
    /// An incident.
    #[error(transparent)]
    Fault(#[from] Fault),
}
fault_from!(CreateError);

/// Creates an establishment, ready to be used.
///
/// # Errors
/// See [`CreateError`].
pub async fn create(
    d: &Domain,
    who: &PlatformAdmin,
    new: &NewEstablishment,
) -> Result<EstablishmentCard, CreateError> {
    let slug = match &new.slug {
        Some(slug) => slug.clone(),
        None => Slug::from_name(new.name.as_str()).map_err(|_| CreateError::NoSlug)?,
    };
    let now = d.now();
    let existing =
        sqlx::query!("SELECT id, status FROM control.establishments WHERE slug = $1", slug.as_ref())
            .fetch_optional(&d.db.pool)
            .await?;
    let id = match existing {
        Some(row) if row.status == "creating" => EstablishmentId(row.id),
        Some(_) => return Err(CreateError::SlugTaken),
        None => {
            let id = EstablishmentId(d.random.uuid(now)?);
            let keys = d.vault.new_key_pair()?;
            let mut owner = d.db.owner().await?;
            sqlx::query!(
                "INSERT INTO control.establishments (id, slug, name, town, kind, finess, db_role, recipient,
                     wrapped_identity, search_text, created_at)
                 VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
                id.0,
                slug.as_ref(),
                new.name.as_str(),
                new.town.as_str(),
                new.kind,
                new.finess.as_ref().map(AsRef::as_ref),
                d.db.role_of(id),
                keys.recipient,
                keys.wrapped_identity,
                fold(&format!("{} {}", new.name, new.town)),
                now.to_sqlx() as _,
            )
            .execute(&mut owner)
            .await?;
            id
        }
    };
    db::new_schema(&d.db, id).await?;
    let mut tx = d.db.pool.begin().await?;
    sqlx::query!("UPDATE control.establishments SET status = 'active' WHERE id = $1", id.0)
        .execute(&mut *tx)
        .await?;
    let act = PlatformAct {
        actor: who.user,
        establishment: Some(id),
        ..PlatformAct::done("establishments.create")
    };
    audit::platform(d, &mut tx, act).await?;
    tx.commit().await?;
    Ok(EstablishmentCard { id, slug, name: new.name.to_string(), town: new.town.to_string() })
}
