//! Taking the identity of Pro Santé Connect off one's own account: from then on it opens another, new one.

use jiff_sqlx::ToSqlx;
use model::{
    ids::{EstablishmentId, UserId},
    psc::LinkedIdentity,
};
use sqlx::{PgConnection, PgExecutor};

use crate::{
    Domain, Fault, Origin,
    audit::{self, Oneself, PlatformAct},
    clock::moment,
    establishments,
    fault::fault_from,
    identity::{
        Identified,
        notices::{self, What},
        sign_in,
    },
    members::{self, News},
};

/// Why the identity stays.
#[derive(Debug, thiserror::Error)]
pub enum UnlinkError {
    /// A second factor must be shown again first.
    #[error("a fresh factor is needed")]
    StepUp,
    /// The account has none.
    #[error("not found")]
    NotFound,
    /// Nothing else opens the account: nobody could enter it any more.
    #[error("the only way in")]
    OnlyWay,
    /// An establishment that lets people in with Pro Santé Connect only would have no administrator left whom that recognises.
    #[error("last linked administrator")]
    NoLinkedAdministrator,
    /// An incident.
    #[error(transparent)]
    Fault(#[from] Fault),
}
fault_from!(UnlinkError);

/// The provider whose identities open accounts: one of another (the sandbox's, say) opens nothing here.
pub(in crate::identity) fn issuer(d: &Domain) -> Option<&str> {
    d.psc.as_ref().map(|psc| psc.settings.issuer.as_str())
}

/// The identity that opens one's own account, if any.
///
/// # Errors
/// An incident.
pub async fn linked_identity(d: &Domain, who: &Identified) -> Result<Option<LinkedIdentity>, Fault> {
    let row = sqlx::query!(
        "SELECT linked_at, last_sign_in_at FROM control.psc_identities WHERE user_id = $1 AND issuer = $2",
        who.user.0,
        issuer(d)
    )
    .fetch_optional(&d.db.pool)
    .await?;
    let Some(row) = row else { return Ok(None) };
    let zone = match who.establishment {
        Some(id) => establishments::zone(d, id).await?,
        None => establishments::default_zone(),
    };
    let needed_by = sqlx::query_scalar!(
        "SELECT e.name FROM control.memberships m
         JOIN control.establishments e ON e.id = m.establishment_id AND e.status = 'active' AND e.psc_only
         WHERE m.user_id = $1 AND m.disabled_at IS NULL ORDER BY e.name, e.id",
        who.user.0
    )
    .fetch_all(&d.db.pool)
    .await?;
    Ok(Some(LinkedIdentity {
        since: moment(row.linked_at.to_jiff(), &zone),
        last_used_at: moment(row.last_sign_in_at.to_jiff(), &zone),
        removable: has_another_way(d, &d.db.pool, who.user).await?,
        needed_by,
    }))
}

/// Unlinks it. Every session that Pro Santé Connect opened for the person ends; gives whether this one did.
///
/// # Errors
/// See [`UnlinkError`].
pub async fn unlink(d: &Domain, who: &Identified, origin: Origin) -> Result<bool, UnlinkError> {
    let relaxed = !d.policy.identity.second_factor && who.factor_at.is_none();
    if !who.is_fresh(d) && !relaxed {
        return Err(UnlinkError::StepUp);
    }
    let now = d.now();
    let mut tx = d.db.pool.begin().await?;
    // First the person: whoever signs in meanwhile waits, or their session is seen.
    if !sign_in::lock_open(&mut tx, who).await? {
        return Err(UnlinkError::NotFound);
    }
    // Then the people of where they administer: of two last ones who go at once, one stays.
    if is_needed(d, &mut tx, who.user).await? {
        return Err(UnlinkError::NoLinkedAdministrator);
    }
    let gone = sqlx::query!(
        "DELETE FROM control.psc_identities WHERE user_id = $1 AND issuer = $2",
        who.user.0,
        issuer(d)
    )
    .execute(&mut *tx)
    .await?;
    if gone.rows_affected() == 0 {
        return Err(UnlinkError::NotFound);
    }
    if !has_another_way(d, &mut *tx, who.user).await? {
        return Err(UnlinkError::OnlyWay);
    }
    let ended = sqlx::query_scalar!(
        "UPDATE control.sessions SET revoked_at = $2, revoked_reason = 'psc', psc_tokens = NULL
         WHERE user_id = $1 AND method = 'psc' AND revoked_at IS NULL RETURNING id",
        who.user.0,
        now.to_sqlx() as _
    )
    .fetch_all(&mut *tx)
    .await?;
    let detail = format!("{} sessions", ended.len());
    let act = PlatformAct {
        actor: Some(who.user),
        session: Some(who.session),
        origin: Some(origin),
        detail: Some(&detail),
        ..PlatformAct::done("identity.psc_unlink")
    };
    audit::platform(d, &mut tx, act).await?;
    notices::tell(d, &mut tx, who.user, What::Unlinked, origin, None).await?;
    tx.commit().await?;
    d.sessions.forget_user(who.user);
    let oneself = Oneself { user: who.user, session: Some(who.session), origin };
    let news = News { action: Some("members.psc_unlink"), ..News::default() };
    members::tell_places(d, oneself, news).await;
    Ok(ended.contains(&who.session.0))
}

/// A password with the second factor that it needs here, or a passkey, which lets nobody in without a password either
/// (`passkey_sign_in`).
async fn has_another_way(d: &Domain, db: impl PgExecutor<'_>, user: UserId) -> Result<bool, Fault> {
    let found = sqlx::query_scalar!(
        r#"SELECT (u.password_hash IS NOT NULL
               AND ((u.email IS NOT NULL AND ($2 OR EXISTS (SELECT FROM control.totp WHERE user_id = u.id)))
                    OR EXISTS (SELECT FROM control.passkeys WHERE user_id = u.id))) AS "found!"
           FROM control.users u WHERE u.id = $1"#,
        user.0,
        !d.policy.identity.second_factor
    )
    .fetch_one(db)
    .await?;
    Ok(found)
}

/// Whether an establishment that lets people in with Pro Santé Connect only hangs on the person's identity.
pub(in crate::identity) async fn is_needed(
    d: &Domain,
    tx: &mut PgConnection,
    user: UserId,
) -> Result<bool, Fault> {
    for place in administers(tx, user).await? {
        if establishments::hangs_on(d, tx, place, user).await? {
            return Ok(true);
        }
    }
    Ok(false)
}

async fn administers(tx: &mut PgConnection, user: UserId) -> Result<Vec<EstablishmentId>, Fault> {
    let places = sqlx::query_scalar!(
        "SELECT establishment_id FROM control.memberships
         WHERE user_id = $1 AND disabled_at IS NULL AND 'administrator' = ANY (roles) ORDER BY establishment_id",
        user.0
    )
    .fetch_all(tx)
    .await?;
    Ok(places.into_iter().map(EstablishmentId).collect())
}
