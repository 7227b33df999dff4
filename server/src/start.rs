//! From a configuration to a running domain: folders, keys, PostgreSQL, migrations, parts.

use std::{fs, os::unix::fs::DirBuilderExt};

use domain::{
    Domain, Parts, Policy,
    clock::Clock,
    db::{self, Db, DbOptions},
    identity::{AccessTokens, Passwords},
    random::Random,
    vault::{Pepper, Vault},
};
use private_postgres::{Options, PrivatePostgres};

use crate::{
    config::{self, Config, secret},
    keys, store,
};

/// Anything that prevents a start, already worded.
pub type StartError = Box<dyn std::error::Error + Send + Sync>;

/// A running domain, and PostgreSQL where it is ours.
pub struct Started {
    /// The domain.
    pub domain: Domain,
    /// Our own PostgreSQL; stopped last.
    pub postgres: Option<PrivatePostgres>,
}

/// Starts everything but HTTP. `migrate` applies what is pending; `kept` connections stay open.
///
/// # Errors
/// A sentence that says what is missing.
pub async fn start(config: &Config, migrate: bool, kept: u32) -> Result<Started, StartError> {
    let fatal: Vec<_> = config::check(config).into_iter().filter(|finding| finding.fatal).collect();
    if let Some(first) = fatal.first() {
        return Err(first.text.clone().into());
    }
    let server = &config.server;
    // Others may pass through (PostgreSQL runs as another user), nobody may look.
    fs::DirBuilder::new().recursive(true).mode(0o711).create(&server.data_dir)?;
    let data_dir = server.data_dir.canonicalize()?;
    let random = Random::system();
    let keys = keys::load(&config.secrets, &data_dir, &random)?;

    let database = &config.database;
    let url = secret(database.url.as_ref(), database.url_file.as_ref())?;
    let owner_url = secret(database.owner_url.as_ref(), database.owner_url_file.as_ref())?;
    let (postgres, options) = if let Some(url) = url {
        (None, DbOptions { url, owner_url, max_connections: database.max_connections, min_connections: kept })
    } else {
        let mut options = Options::new(data_dir.clone());
        options.bin_dir.clone_from(&database.bin_dir);
        options.search_path = search_path();
        let postgres = PrivatePostgres::start(options).await?;
        if let Some(instead) = postgres.instead_of() {
            tracing::info!(folder = %postgres.folder().display(), instead_of = %instead.display(), "PostgreSQL's data lies elsewhere");
        }
        let options = DbOptions {
            url: postgres.app_url().expose().to_owned(),
            owner_url: Some(postgres.owner_url().expose().to_owned()),
            max_connections: database.max_connections,
            min_connections: kept,
        };
        (Some(postgres), options)
    };
    let db = Db::open(&options)?;
    if migrate && db.has_owner() {
        let report = db::migrate_all(&db).await?;
        for (establishment, error) in &report.failed {
            tracing::error!(%establishment, error, "this establishment could not be migrated and is not served");
        }
    }
    db.ping().await?;
    db.warm().await?;

    let store = store::open(&data_dir.join("documents"))?;
    let origin = server.origin();
    let domain = Domain::new(Parts {
        db,
        vault: Vault::new(&keys.master, keys.recovery.as_deref(), store)?,
        pepper: Pepper::new(keys.pepper),
        clock: Clock::system(),
        passwords: Passwords::new(&random, 2)?,
        random,
        viewer: viewer::Viewer::new("/proc/self/exe", config.viewer.at_once, config.viewer.limits()),
        tokens: AccessTokens::new(&origin, &keys.signing, keys.previous_signing.as_ref()),
        sessions: domain::identity::SessionCache::default(),
        settings: domain::establishments::SettingsCache::default(),
        events: domain::events::Events::default(),
        policy: Policy {
            public_url: origin,
            sessions: config.sessions.policy(),
            limits: config.limits.clone(),
        },
    });
    if domain::establishments::check_master_key(&domain).await.is_err() {
        return Err("the master key does not open the keys in the database: is it the one of this installation? (secrets.master_key, data_dir/keys/master.age-identity)".into());
    }
    Ok(Started { domain, postgres })
}

#[expect(clippy::disallowed_methods, reason = "PATH is where a system keeps its programs")]
fn search_path() -> Vec<std::path::PathBuf> {
    std::env::var_os("PATH").map(|path| std::env::split_paths(&path).collect()).unwrap_or_default()
}

impl Started {
    /// Stops what [`start`] started.
    pub async fn stop(self) {
        self.domain.db.close().await;
        if let Some(postgres) = self.postgres {
            postgres.stop().await;
        }
    }
}
