//! From a registration to an establishment.

use jiff_sqlx::ToSqlx;
use model::{establishments::EstablishmentKind, ids::EstablishmentId, roles::Role, time::Language};
use sqlx::{PgConnection, PgPool};

use crate::{
    Domain, Fault, PlatformAdmin, StepUp,
    audit::{self, PlatformAct},
    establishments::{self, CreateError, NewEstablishment},
    fault::fault_from,
    members::{self, FirstAdministrator},
    vault::Purpose,
};

/// Why a registration was not decided.
#[derive(Debug, thiserror::Error)]
pub enum RegistrationError {
    /// No such registration waits (any more).
    #[error("no such registration waits")]
    NotFound,
    /// A second factor must be shown again first.
    #[error(transparent)]
    StepUp(#[from] StepUp),
    /// This node may not create establishments: it has no owner login of the database.
    #[error("this node can't create establishments (database.owner_url)")]
    NoOwner,
    /// An incident.
    #[error(transparent)]
    Fault(#[from] Fault),
}
fault_from!(RegistrationError);

/// Keyed hash of a link's token.
pub(super) fn hash(d: &Domain, token: &str) -> Vec<u8> {
    d.pepper.hash(Purpose::Ceremony, &[b"registration", token.as_bytes()]).to_vec()
}

/// A registration whose mailbox has answered.
pub(super) struct Confirmed {
    pub id: EstablishmentId,
    pub new: NewEstablishment,
    pub given_name: String,
    pub family_name: String,
    pub email: String,
    pub language: Language,
    pub role: Option<Role>,
}

/// Reads one that waits, or whose opening broke off.
pub(super) async fn confirmed(
    d: &Domain,
    pool: &PgPool,
    id: EstablishmentId,
) -> Result<Option<Confirmed>, Fault> {
    let row = sqlx::query!(
        "SELECT name, town, kind, finess, given_name, family_name, email, language, role FROM control.registrations
         WHERE id = $1 AND confirmed_at IS NOT NULL AND (expires_at > $2 OR approved_at IS NOT NULL)",
        id.0,
        d.now().to_sqlx() as _
    )
    .fetch_optional(pool)
    .await?;
    let bad = |what: &str| Fault::Data(format!("a registration's {what}"));
    row.map(|row| {
        let finess = row.finess.as_deref().map(str::parse).transpose().map_err(|_| bad("FINESS number"))?;
        Ok(Confirmed {
            id,
            new: NewEstablishment {
                name: row.name.parse().map_err(|_| bad("name"))?,
                town: row.town.parse().map_err(|_| bad("town"))?,
                slug: None,
                kind: row.kind.parse::<EstablishmentKind>().map_err(|_| bad("kind"))?,
                finess,
            },
            given_name: row.given_name,
            family_name: row.family_name,
            email: row.email,
            language: Language::from_tag(&row.language).unwrap_or_default(),
            role: row.role.and_then(|role| role.parse().ok()),
        })
    })
    .transpose()
}

/// From now on it can't be turned down any more. `false` where there is nothing to open.
pub(super) async fn approved(d: &Domain, tx: &mut PgConnection, id: EstablishmentId) -> Result<bool, Fault> {
    let marked = sqlx::query!(
        "UPDATE control.registrations SET approved_at = coalesce(approved_at, $2) WHERE id = $1 AND confirmed_at IS NOT NULL",
        id.0,
        d.now().to_sqlx() as _
    )
    .execute(tx)
    .await?;
    Ok(marked.rows_affected() == 1)
}

/// Creates the establishment and invites its first administrator. What breaks off goes on when it is opened again. `link` is the
/// hash of the invitation's token, where the person holds that already. `false` where somebody else invited meanwhile.
pub(super) async fn open(
    d: &Domain,
    who: &PlatformAdmin,
    it: &Confirmed,
    link: Option<Vec<u8>>,
) -> Result<bool, RegistrationError> {
    establishments::create_as(d, who, it.id, &it.new).await.map_err(|error| match error {
        CreateError::Fault(fault) => fault,
        other => Fault::Data(other.to_string()),
    })?;
    let mut tx = d.db.pool.begin().await?;
    let gone =
        sqlx::query!("DELETE FROM control.registrations WHERE id = $1", it.id.0).execute(&mut *tx).await?;
    // Of two who open it, one invites.
    let invites = gone.rows_affected() == 1;
    if invites {
        let first = FirstAdministrator {
            email: &it.email,
            given_name: &it.given_name,
            family_name: &it.family_name,
            language: it.language,
            role: it.role,
        };
        members::invite_first(d, &mut tx, it.id, &first, link).await?;
        audit::platform(d, &mut tx, PlatformAct::by_platform(who, "registration.open", it.id)).await?;
    }
    tx.commit().await?;
    Ok(invites)
}
