//! The way to the data: `control` for the platform, [`TenantTx`] for one establishment, and nothing else.

mod create;
mod grants;
mod migrate;
mod tenant;

use std::str::FromStr;

pub use create::{drop_schema, new_schema};
pub use migrate::{latest_tenant_version, migrate_all, migrate_tenant, pending};
use model::ids::EstablishmentId;
use sqlx::{
    ConnectOptions, Executor, PgPool,
    postgres::{PgConnectOptions, PgPoolOptions},
};
pub use tenant::{Kind, TenantTx};

use crate::fault::Fault;

/// How to reach PostgreSQL.
#[derive(Clone)]
pub struct DbOptions {
    /// URL of the run-time login: owns nothing.
    pub url: String,
    /// URL of the owner login: migrates and creates. Absent on nodes that only serve.
    pub owner_url: Option<String>,
    /// Most connections of the run-time pool.
    pub max_connections: u32,
    /// Connections kept open. A node that serves keeps them all: a new one proves its password with 4,096 rounds of HMAC
    /// (another PostgreSQL than our own), which sqlx spreads over 819 turns of the scheduler; on a busy node each turn waits
    /// behind every page being drawn.
    pub min_connections: u32,
}

/// Pools and names. Cloning shares them.
#[derive(Clone, Debug)]
pub struct Db {
    /// Run-time login. Used with qualified `control.*` and `queue.*` names, or through [`TenantTx`].
    pub(crate) pool: PgPool,
    owner: Option<PgConnectOptions>,
    app_role: String,
    tag: String,
}

impl Db {
    /// Opens the pool; connects at first use.
    ///
    /// # Errors
    /// A URL doesn't parse or names a login that can't be quoted safely.
    pub fn open(options: &DbOptions) -> Result<Self, Fault> {
        let quiet = |url: &str| -> Result<PgConnectOptions, Fault> {
            Ok(PgConnectOptions::from_str(url)?
                .application_name("carelink")
                // The rollback on release warns when there is nothing to roll back.
                .options([("client_min_messages", "error")])
                .log_statements(tracing::log::LevelFilter::Trace))
        };
        let connect = quiet(&options.url)?;
        let app_role = plain_name(connect.get_username())?;
        let tag = plain_name(connect.get_database().unwrap_or("postgres"))?;
        let pool = PgPoolOptions::new()
            .max_connections(options.max_connections)
            .min_connections(options.min_connections)
            .acquire_timeout(std::time::Duration::from_secs(10))
            // A `begin` cancelled half-way (sqlx 0.9.0) would otherwise come back inside a transaction, with
            // an establishment's role still set.
            .after_release(|connection, _| {
                Box::pin(async move {
                    connection.execute("ROLLBACK").await?;
                    Ok(true)
                })
            })
            .connect_lazy_with(connect);
        let owner = options.owner_url.as_deref().map(quiet).transpose()?;
        Ok(Self { pool, owner, app_role, tag })
    }

    /// One connection of the owner login, for migrations and creation.
    pub(crate) async fn owner(&self) -> Result<sqlx::PgConnection, Fault> {
        let options = self
            .owner
            .as_ref()
            .ok_or_else(|| Fault::Data("no owner URL is configured (database.owner_url)".into()))?;
        Ok(options.connect().await?)
    }

    /// Whether this node may migrate and create.
    pub fn has_owner(&self) -> bool {
        self.owner.is_some()
    }

    /// The database role of an establishment. Roles are cluster-wide: the name carries the database too.
    pub fn role_of(&self, establishment: EstablishmentId) -> String {
        format!("cl_{}_{}", self.tag, establishment.0.simple())
    }

    /// The schema of an establishment.
    pub fn schema_of(establishment: EstablishmentId) -> String {
        format!("t_{}", establishment.0.simple())
    }

    /// Opens the connections that are kept open: at start, before anybody waits for one.
    ///
    /// # Errors
    /// PostgreSQL refuses one.
    pub async fn warm(&self) -> Result<(), Fault> {
        let kept = self.pool.options().get_min_connections();
        let mut open = Vec::new();
        while self.pool.size() < kept {
            open.push(self.pool.acquire().await?);
        }
        Ok(())
    }

    /// Answers when PostgreSQL does.
    ///
    /// # Errors
    /// It doesn't.
    pub async fn ping(&self) -> Result<(), Fault> {
        sqlx::query("SELECT 1").execute(&self.pool).await?;
        Ok(())
    }

    /// The pool itself, for LISTEN.
    pub fn pool(&self) -> &PgPool {
        &self.pool
    }

    /// Closes the pool.
    pub async fn close(&self) {
        self.pool.close().await;
    }
}

/// A login or database name that needs no escaping, and leaves room for an establishment's role in 63 bytes.
fn plain_name(name: &str) -> Result<String, Fault> {
    let plain = !name.is_empty()
        && name.len() <= 27
        && name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_');
    if plain {
        Ok(name.to_owned())
    } else {
        Err(Fault::Data(format!(
            "{name:?}: database and login names may hold a-z, 0-9 and _, 27 characters at most"
        )))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_role_name_fits_postgresql_and_needs_no_quoting() {
        assert!(plain_name("carelink").is_ok());
        for bad in ["", "Care", "a\"b", "a b", &"a".repeat(28)] {
            assert!(plain_name(bad).is_err(), "{bad}");
        }
        assert!("cl__".len() + 27 + 32 <= 63);
    }
}
