//! One establishment's transaction: the only way to its data.

use std::ops::{Deref, DerefMut};

use model::ids::EstablishmentId;
use sqlx::{AssertSqlSafe, PgConnection, Postgres, Transaction};

use super::Db;
use crate::fault::Fault;

/// A transaction that works with one establishment's rights in its schema, and has checked that it does.
///
/// Dropped without [`TenantTx::commit`], it rolls back.
#[derive(Debug)]
pub struct TenantTx {
    tx: Transaction<'static, Postgres>,
    establishment: EstablishmentId,
}

/// Kinds of transaction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// What nearly every use case wants.
    Ordinary,
    /// Plans of prepared statements are kept, and not made anew for each call (they are when the connection has served
    /// another establishment in between): for plain statements that are called often and have one good plan.
    KeptPlans,
    /// Every statement sees the data as of the first one.
    Snapshot,
}

impl Kind {
    const fn opening(self) -> &'static str {
        match self {
            Self::Ordinary => "BEGIN",
            Self::KeptPlans => "BEGIN; SET LOCAL plan_cache_mode = force_generic_plan",
            Self::Snapshot => "BEGIN ISOLATION LEVEL REPEATABLE READ",
        }
    }
}

impl TenantTx {
    /// Begins: role, search path and a check of the schema's own id, in one round trip.
    ///
    /// SET takes no binds: this is the one place where SQL is formatted, from a typed id and checked names alone.
    ///
    /// # Errors
    /// PostgreSQL refuses, or the schema answers with another id.
    pub async fn begin(db: &Db, establishment: EstablishmentId) -> Result<Self, Fault> {
        Self::begin_as(db, establishment, Kind::Ordinary).await
    }

    /// The same, as another kind.
    ///
    /// # Errors
    /// As [`TenantTx::begin`].
    pub async fn begin_as(db: &Db, establishment: EstablishmentId, kind: Kind) -> Result<Self, Fault> {
        let batch = format!(
            "{opening}; SET LOCAL ROLE \"{role}\"; SET LOCAL search_path = \"{schema}\", pg_temp; \
             SELECT 1 / count(*) FROM identity WHERE establishment_id = '{id}'",
            opening = kind.opening(),
            role = db.role_of(establishment),
            schema = Db::schema_of(establishment),
            id = establishment.0,
        );
        let tx = db.pool.begin_with(AssertSqlSafe(batch)).await?;
        Ok(Self { tx, establishment })
    }

    /// Whose transaction it is.
    pub fn establishment(&self) -> EstablishmentId {
        self.establishment
    }

    /// Makes everything done in it last.
    ///
    /// # Errors
    /// PostgreSQL refuses; nothing was done then.
    pub async fn commit(self) -> Result<(), Fault> {
        self.tx.commit().await?;
        Ok(())
    }
}

impl Deref for TenantTx {
    type Target = PgConnection;
    fn deref(&self) -> &PgConnection {
        &self.tx
    }
}

impl DerefMut for TenantTx {
    fn deref_mut(&mut self) -> &mut PgConnection {
        &mut self.tx
    }
}
