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

/// How PostgreSQL plans the statements of a transaction that it has prepared before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Plans {
    /// As it finds best; where values decide (optional conditions), it plans with them, each time.
    Fitted,
    /// Without looking at values, and kept by the connection: for plain statements that are called often and have one good
    /// plan. PostgreSQL plans again whenever `search_path` is another than the plan's: at each change of establishment on
    /// that connection.
    Kept,
}

impl TenantTx {
    /// Begins: role, search path and a check of the schema's own id, in one round trip.
    ///
    /// SET takes no binds: this is the one place where SQL is formatted, from a typed id and checked names alone.
    ///
    /// # Errors
    /// PostgreSQL refuses, or the schema answers with another id.
    pub async fn begin(db: &Db, establishment: EstablishmentId) -> Result<Self, Fault> {
        Self::begin_with(db, establishment, Plans::Fitted).await
    }

    /// The same, with a choice of how statements are planned.
    ///
    /// # Errors
    /// As [`TenantTx::begin`].
    pub async fn begin_with(db: &Db, establishment: EstablishmentId, plans: Plans) -> Result<Self, Fault> {
        let plans = match plans {
            Plans::Fitted => "",
            Plans::Kept => "SET LOCAL plan_cache_mode = force_generic_plan; ",
        };
        let batch = format!(
            "BEGIN; SET LOCAL ROLE \"{role}\"; SET LOCAL search_path = \"{schema}\", pg_temp; {plans}\
             SELECT 1 / count(*) FROM identity WHERE establishment_id = '{id}'",
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
