//! Finding an establishment: by part of its name or town, or by its slug.

use age::x25519::Identity;
use model::{
    establishments::{EstablishmentCard, Settings, Slug},
    ids::EstablishmentId,
    text::Search,
};
use uuid::Uuid;

use super::settings;
use crate::{Domain, Fault, db};

/// Most results of a search: beyond it, one more word helps more than a second page.
const MOST: i64 = 20;

/// An establishment as a patient sees it.
#[derive(Clone, Debug)]
pub struct Public {
    /// Name, town, slug.
    pub card: EstablishmentCard,
    /// Address, phone, opening note, limits.
    pub settings: Settings,
}

/// Reads a card from its columns.
pub(crate) fn card(id: Uuid, slug: &str, name: String, town: String) -> Result<EstablishmentCard, Fault> {
    let slug = slug.parse().map_err(|_| Fault::Data("slug".into()))?;
    Ok(EstablishmentCard { id: EstablishmentId(id), slug, name, town })
}

/// Lower case without accents, so that "epicea" finds "Épicéa".
pub(crate) fn fold(text: &str) -> String {
    text.to_lowercase()
        .chars()
        .flat_map(|c| {
            let plain = match c {
                'à' | 'â' | 'ä' | 'á' => "a",
                'é' | 'è' | 'ê' | 'ë' => "e",
                'î' | 'ï' | 'í' => "i",
                'ô' | 'ö' | 'ó' => "o",
                'ù' | 'û' | 'ü' | 'ú' => "u",
                'ç' => "c",
                'œ' => "oe",
                'æ' => "ae",
                '’' => "'",
                other => return vec![other],
            };
            plain.chars().collect()
        })
        .collect()
}

/// Establishments whose name or town holds every word, by name. At most twenty.
///
/// # Errors
/// An incident.
pub async fn search(d: &Domain, words: &Search) -> Result<Vec<EstablishmentCard>, Fault> {
    let words: Vec<String> = fold(words.as_str()).split_whitespace().map(str::to_owned).collect();
    let rows = sqlx::query!(
        "SELECT id, slug, name, town FROM control.establishments
         WHERE status = 'active' AND (SELECT bool_and(strpos(search_text, word) > 0) FROM unnest($1::text[]) AS word)
         ORDER BY name, id LIMIT $2",
        &words,
        MOST,
    )
    .fetch_all(&d.db.pool)
    .await?;
    rows.into_iter().map(|row| card(row.id, &row.slug, row.name, row.town)).collect()
}

/// An active establishment with what patients may know of it.
///
/// # Errors
/// An incident. An unknown one is `None`.
pub async fn by_slug(d: &Domain, slug: &Slug) -> Result<Option<Public>, Fault> {
    let row = sqlx::query!(
        "SELECT id, slug, name, town FROM control.establishments
         WHERE slug = $1 AND status = 'active' AND schema_version >= $2",
        slug.as_ref(),
        // One whose upgrade failed is not served: its tables are not those that this program knows.
        db::latest_tenant_version()
    )
    .fetch_optional(&d.db.pool)
    .await?;
    let Some(row) = row else { return Ok(None) };
    let card = card(row.id, &row.slug, row.name, row.town)?;
    let settings = settings::current(d, card.id).await?;
    Ok(Some(Public { card, settings }))
}

/// The public half of an establishment's key.
pub(crate) async fn recipient(d: &Domain, id: EstablishmentId) -> Result<String, Fault> {
    Ok(sqlx::query_scalar!("SELECT recipient FROM control.establishments WHERE id = $1", id.0)
        .fetch_one(&d.db.pool)
        .await?)
}

/// Whether this master key opens what the database holds. A wrong one is told at start, not at the first document.
///
/// # Errors
/// It doesn't, or the database doesn't answer.
pub async fn check_master_key(d: &Domain) -> Result<(), Fault> {
    let row = sqlx::query!(
        "SELECT id, wrapped_identity FROM control.establishments ORDER BY created_at DESC LIMIT 1"
    )
    .fetch_optional(&d.db.pool)
    .await?;
    match row {
        Some(row) => d.vault.identity(EstablishmentId(row.id), &row.wrapped_identity).map(drop),
        None => Ok(()),
    }
}

/// The private half, unwrapped.
pub(crate) async fn keys(d: &Domain, id: EstablishmentId) -> Result<Identity, Fault> {
    if let Some(identity) = d.vault.opened(id) {
        return Ok(identity);
    }
    let wrapped =
        sqlx::query_scalar!("SELECT wrapped_identity FROM control.establishments WHERE id = $1", id.0)
            .fetch_one(&d.db.pool)
            .await?;
    d.vault.identity(id, &wrapped)
}
