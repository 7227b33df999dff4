//! What the establishments of somebody are told of their account. Their schemas share no transaction with `control`, where
//! the account is: these rows follow the act.

use model::ids::{EstablishmentId, UserId};
use sqlx::PgExecutor;

use crate::{
    Domain, Fault,
    audit::{self, Act},
    db::TenantTx,
};

/// Where somebody belongs, suspended or not, and whose schema can be written.
pub(crate) async fn active_in(db: impl PgExecutor<'_>, user: UserId) -> Result<Vec<EstablishmentId>, Fault> {
    let places = sqlx::query_scalar!(
        "SELECT m.establishment_id FROM control.memberships m JOIN control.establishments e ON e.id = m.establishment_id
         WHERE m.user_id = $1 AND e.status = 'active' AND e.schema_version >= $2",
        user.0,
        crate::db::latest_tenant_version()
    )
    .fetch_all(db)
    .await?;
    Ok(places.into_iter().map(EstablishmentId).collect())
}

/// Records what somebody's account became, in the log of one of their establishments.
pub(crate) async fn record(
    d: &Domain,
    establishment: EstablishmentId,
    user: UserId,
    action: &str,
) -> Result<(), Fault> {
    let mut tx = TenantTx::begin(&d.db, establishment).await?;
    audit::by_system(d, &mut tx, Act::on(action, "user", user.0)).await?;
    tx.commit().await
}
