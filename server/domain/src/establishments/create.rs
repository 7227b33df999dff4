//! Creating an establishment: its row, its keys, its role and schema. Resumable: a second call finishes the first.

use jiff_sqlx::ToSqlx;
use model::{
    establishments::{EstablishmentCard, EstablishmentKind, Finess, Slug},
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
    /// What it is.
    pub kind: EstablishmentKind,
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
    let existing =
        sqlx::query!(
            // One that is being opened for somebody who registered it is not the operator's to finish.
            r#"SELECT id, status = 'creating' AND NOT EXISTS (SELECT FROM control.registrations r WHERE r.id = e.id)
                   AS "unfinished!" FROM control.establishments e WHERE slug = $1"#,
            slug.as_ref()
        )
            .fetch_optional(&d.db.pool)
            .await?;
    let id = match existing {
        Some(row) if row.unfinished => EstablishmentId(row.id),
        Some(_) => return Err(CreateError::SlugTaken),
        None => {
            let id = EstablishmentId(d.random.uuid(d.now())?);
            if !insert(d, id, &slug, new).await? {
                return Err(CreateError::SlugTaken);
            }
            id
        }
    };
    finish(d, who, id).await?;
    Ok(EstablishmentCard { id, slug, name: new.name.to_string(), town: new.town.to_string() })
}

/// Creates the establishment with this id, or goes on where its creation broke off. Its slug is the first free one that can be
/// made of its name.
pub(crate) async fn create_as(
    d: &Domain,
    who: &PlatformAdmin,
    id: EstablishmentId,
    new: &NewEstablishment,
) -> Result<(), CreateError> {
    let there = async || -> Result<bool, Fault> {
        let row = sqlx::query_scalar!(
            r#"SELECT EXISTS (SELECT FROM control.establishments WHERE id = $1) AS "there!""#,
            id.0
        );
        Ok(row.fetch_one(&d.db.pool).await?)
    };
    if !there().await? {
        let mut free = false;
        for slug in slugs(new) {
            free = insert(d, id, &slug, new).await?;
            // Or somebody else is creating this very one.
            if free || there().await? {
                free = true;
                break;
            }
        }
        if !free {
            return Err(CreateError::NoSlug);
        }
    }
    finish(d, who, id).await
}

/// Slugs for an establishment, the best first: its name, with its town, with a number.
fn slugs(new: &NewEstablishment) -> Vec<Slug> {
    let name = Slug::from_name(new.name.as_str())
        .map_or_else(|_| new.kind.as_str().to_owned(), |slug| slug.to_string());
    let with =
        |end: &str| Slug::from_name(&format!("{} {end}", name.get(..name.len().min(50)).unwrap_or(&name)));
    let numbered = (2..=50).map(|n| with(&n.to_string()));
    let mut slugs: Vec<Slug> =
        [Slug::from_name(&name), with(new.town.as_str())].into_iter().chain(numbered).flatten().collect();
    // A town that says nothing adds nothing.
    slugs.dedup();
    slugs
}

/// Inserts the row, with its keys. `false` where its slug or its id is taken.
async fn insert(d: &Domain, id: EstablishmentId, slug: &Slug, new: &NewEstablishment) -> Result<bool, Fault> {
    let keys = d.vault.new_key_pair()?;
    let mut owner = d.db.owner().await?;
    let inserted = sqlx::query!(
        "INSERT INTO control.establishments (id, slug, name, town, kind, finess, db_role, recipient,
             wrapped_identity, search_text, created_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) ON CONFLICT DO NOTHING",
        id.0,
        slug.as_ref(),
        new.name.as_str(),
        new.town.as_str(),
        new.kind.as_str(),
        new.finess.as_ref().map(AsRef::as_ref),
        d.db.role_of(id),
        keys.recipient,
        keys.wrapped_identity,
        fold(&format!("{} {}", new.name, new.town)),
        d.now().to_sqlx() as _,
    )
    .execute(&mut owner)
    .await?;
    Ok(inserted.rows_affected() == 1)
}

/// Schema and role, then it is open. Done twice, it is done once.
async fn finish(d: &Domain, who: &PlatformAdmin, id: EstablishmentId) -> Result<(), CreateError> {
    db::new_schema(&d.db, id).await?;
    let mut tx = d.db.pool.begin().await?;
    let opened = sqlx::query!(
        "UPDATE control.establishments SET status = 'active' WHERE id = $1 AND status = 'creating'",
        id.0
    )
    .execute(&mut *tx)
    .await?;
    if opened.rows_affected() == 1 {
        audit::platform(d, &mut tx, PlatformAct::by_platform(who, "establishments.create", id)).await?;
    }
    tx.commit().await?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_is_a_slug_for_every_name() {
        let of = |name: &str, town: &str| {
            let new = NewEstablishment {
                name: name.parse().unwrap(),
                town: town.parse().unwrap(),
                slug: None,
                kind: EstablishmentKind::Pharmacy,
                finess: None,
            };
            slugs(&new).iter().map(ToString::to_string).collect::<Vec<_>>()
        };
        let usual = of("Pharmacie de la Gare", "Saint-Étienne");
        assert_eq!(
            usual[..3],
            ["pharmacie-de-la-gare", "pharmacie-de-la-gare-saint-etienne", "pharmacie-de-la-gare-2"]
        );
        assert_eq!(of("!!!", "?")[..2], ["pharmacy", "pharmacy-2"], "neither says anything");
        assert!(of(&"é".repeat(120), &"x".repeat(80)).len() > 40, "however long");
    }
}
