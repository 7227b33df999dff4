//! What the establishments of somebody are told of their account. Their schemas share no transaction with `control`, where
//! the account is: these rows follow the act.

use model::ids::{EstablishmentId, UserId};

use super::add::change_name;
use crate::{
    Domain, Fault,
    audit::{self, Act, Oneself},
    db::TenantTx,
};

/// What there is to tell.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct News<'a> {
    /// The person's name. A list that has it already is left alone.
    pub name: Option<&'a str>,
    /// What they did.
    pub action: Option<&'a str>,
}

/// Tells each of them. The act is done: a list or a log that does not follow is an incident, and no reason to fail, nor to leave
/// the others out.
pub(crate) async fn tell_places(d: &Domain, who: Oneself, news: News<'_>) {
    let request = who.origin.request;
    let places = match places_of(d, who.user).await {
        Ok(places) => places,
        Err(error) => {
            tracing::error!(%error, %request, "incident: lists and logs of establishments are out of date");
            return;
        }
    };
    for place in places {
        if let Err(error) = tell(d, place, who, news).await {
            tracing::error!(%error, establishment = %place, %request, "incident: a list or a log of an establishment is out of date");
        }
    }
}

/// Where somebody belongs, even where they are disabled, or the establishment is suspended: it goes on one day with the same list
/// and log. A schema that an upgrade has left behind can't be written; its list follows when the person comes with Pro Santé
/// Connect the next time.
async fn places_of(d: &Domain, user: UserId) -> Result<Vec<EstablishmentId>, Fault> {
    let places = sqlx::query_scalar!(
        "SELECT m.establishment_id FROM control.memberships m JOIN control.establishments e ON e.id = m.establishment_id
         WHERE m.user_id = $1 AND e.status IN ('active', 'suspended') AND e.schema_version >= $2",
        user.0,
        crate::db::latest_tenant_version()
    )
    .fetch_all(&d.db.pool)
    .await?;
    Ok(places.into_iter().map(EstablishmentId).collect())
}

async fn tell(d: &Domain, place: EstablishmentId, who: Oneself, news: News<'_>) -> Result<(), Fault> {
    let mut tx = TenantTx::begin(&d.db, place).await?;
    if let Some(name) = news.name {
        change_name(d, &mut tx, who.user, name, Some(who)).await?;
    }
    if let Some(action) = news.action {
        audit::by_oneself(d, &mut tx, who, Act::on(action, "user", who.user.0)).await?;
    }
    tx.commit().await
}
