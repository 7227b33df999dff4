//! From a configuration to a running domain: folders, keys, PostgreSQL, migrations, parts.

use std::{fs, os::unix::fs::DirBuilderExt, path::Path, time::Duration};

use domain::{
    Domain, Parts, Policy,
    clock::Clock,
    db::{self, Db, DbOptions},
    identity::{AccessTokens, Passwords, Psc, factors::Passkeys},
    random::Random,
    vault::{Pepper, Vault},
};
use private_postgres::{Options, PrivatePostgres};
use tokio::time::timeout;
use tokio_util::sync::CancellationToken;

use crate::{
    config::{self, Config, secret},
    fetch,
    keys::{self, Keys},
    mail, store,
};

/// Connections are waited for so long at the end; then PostgreSQL cuts them, or sees them go.
const CLOSING: Duration = Duration::from_secs(10);

/// Anything that prevents a start, already worded.
pub type StartError = Box<dyn std::error::Error + Send + Sync>;

/// A running domain, and PostgreSQL where it is ours.
pub struct Started {
    /// The domain.
    pub domain: Domain,
    /// Our own PostgreSQL; stopped last.
    pub postgres: Option<PrivatePostgres>,
}

/// The program was asked to stop before it had started.
#[derive(Debug, thiserror::Error)]
#[error("stopped before the start was over")]
pub struct Stopped;

/// Starts everything but HTTP, or stops what has started of it once `stop` is cancelled. `migrate` applies what is
/// pending; `kept` connections stay open.
///
/// # Errors
/// A sentence that says what is missing, or [`Stopped`].
pub async fn start(
    config: &Config,
    migrate: bool,
    kept: u32,
    stop: &CancellationToken,
) -> Result<Started, StartError> {
    let fatal: Vec<_> = config::check(config).into_iter().filter(|finding| finding.fatal).collect();
    if let Some(first) = fatal.first() {
        return Err(first.text.clone().into());
    }
    // Others may pass through (PostgreSQL runs as another user), nobody may look.
    fs::DirBuilder::new().recursive(true).mode(0o711).create(&config.server.data_dir)?;
    let data_dir = config.server.data_dir.canonicalize()?;
    let random = Random::system();
    let keys = keys::load(&config.secrets, &data_dir, &random)?;
    let (postgres, options) = postgres(config, &data_dir, kept, stop).await?;
    let domain = tokio::select! {
        domain = domain(config, &data_dir, &keys, random, &options, migrate) => domain,
        // Migrations are transactions: what is not over has not been.
        () = stop.cancelled() => Err(Stopped.into()),
    };
    match domain {
        Ok(domain) => Ok(Started { domain, postgres }),
        Err(error) => {
            if let Some(postgres) = postgres {
                postgres.stop().await;
            }
            Err(error)
        }
    }
}

/// The PostgreSQL of the configuration, or our own.
async fn postgres(
    config: &Config,
    data_dir: &Path,
    kept: u32,
    stop: &CancellationToken,
) -> Result<(Option<PrivatePostgres>, DbOptions), StartError> {
    let database = &config.database;
    let (max_connections, min_connections) = (database.max_connections, kept);
    let owner_url = secret(database.owner_url.as_ref(), database.owner_url_file.as_ref())?;
    if let Some(url) = secret(database.url.as_ref(), database.url_file.as_ref())? {
        return Ok((None, DbOptions { url, owner_url, max_connections, min_connections }));
    }
    let mut options = Options::new(data_dir.to_owned());
    options.bin_dir.clone_from(&database.bin_dir);
    options.search_path = search_path();
    let started = PrivatePostgres::start_unless(options, stop.cancelled()).await;
    let postgres = started.map_err(|error| match error {
        private_postgres::StartError::Stopped => StartError::from(Stopped),
        error => error.into(),
    })?;
    if let Some(instead) = postgres.instead_of() {
        tracing::info!(folder = %postgres.folder().display(), instead_of = %instead.display(), "PostgreSQL's data lies elsewhere");
    }
    let (url, owner_url) = (postgres.app_url().expose().to_owned(), postgres.owner_url().expose().to_owned());
    Ok((Some(postgres), DbOptions { url, owner_url: Some(owner_url), max_connections, min_connections }))
}

async fn domain(
    config: &Config,
    data_dir: &Path,
    keys: &Keys,
    random: Random,
    options: &DbOptions,
    migrate: bool,
) -> Result<Domain, StartError> {
    let db = Db::open(options)?;
    if migrate && db.has_owner() {
        let report = db::migrate_all(&db).await?;
        for (establishment, error) in &report.failed {
            tracing::error!(%establishment, error, "this establishment could not be migrated and is not served");
        }
    }
    db.ping().await?;
    db.warm().await?;

    let store = store::open(&config.storage, data_dir)?;
    let origin = config.server.origin();
    let psc = match config::Psc::settings(config)? {
        Some(settings) => Some(Psc::new(settings, fetch::client(config.psc.certificate_file.as_deref())?)),
        None => None,
    };
    let domain = Domain::new(Parts {
        db,
        vault: Vault::new(&keys.master, keys.recovery.as_deref(), store)?,
        pepper: Pepper::new(keys.pepper),
        clock: Clock::system(),
        passwords: Passwords::new(&random, 2)?,
        mailer: mail::mailer(config, data_dir, &random)?,
        random,
        viewer: viewer::Viewer::new("/proc/self/exe", config.viewer.at_once, config.viewer.limits()),
        tokens: AccessTokens::new(&origin, &keys.signing, keys.previous_signing.as_ref()),
        sessions: domain::identity::SessionCache::default(),
        settings: domain::establishments::SettingsCache::default(),
        events: domain::events::Events::default(),
        passkeys: Passkeys::of(&origin),
        psc,
        policy: Policy {
            public_url: origin,
            identity: config.identity.policy(config.server.mode),
            sessions: config.sessions.policy(),
            limits: config.limits.clone(),
        },
    });
    if domain::establishments::check_master_key(&domain).await.is_err() {
        return Err("the master key does not open the keys in the database: is it the one of this installation? (secrets.master_key, data_dir/keys/master.age-identity)".into());
    }
    Ok(domain)
}

#[expect(clippy::disallowed_methods, reason = "PATH is where a system keeps its programs")]
fn search_path() -> Vec<std::path::PathBuf> {
    std::env::var_os("PATH").map(|path| std::env::split_paths(&path).collect()).unwrap_or_default()
}

impl Started {
    /// Stops what [`start`] started.
    pub async fn stop(self) {
        if timeout(CLOSING, self.domain.db.close()).await.is_err() {
            tracing::warn!("stopping with work of the database still under way");
        }
        if let Some(postgres) = self.postgres {
            postgres.stop().await;
        }
    }
}
