//! What every test stands on: a server of its own, with people, codes and depositors.

mod client;
mod objects;
mod people;
mod wire;

use std::sync::Arc;

use axum::Router;
pub use client::{Browser, Call, Reply, encode};
use domain::{
    Domain, Parts, Policy,
    clock::Clock,
    identity::{AccessTokens, Passwords, Psc, factors::Passkeys},
    random::Random,
    vault::{Pepper, Store, Vault},
};
use jiff::SignedDuration;
use object_store::local::LocalFileSystem;
pub use objects::Objects;
pub use people::{House, PASSWORD, fresh_email};
use server::{
    config::{Config, Mode, SecondFactor},
    router, store,
};
use sqlx::PgConnection;
use tempfile::TempDir;
use testing::Database;
use testing::psc::CLIENT;
pub use testing::{Postbox, files, psc::Provider, token_of};
use tokio_util::sync::CancellationToken;
use viewer::Viewer;
pub use wire::Wire;

/// Where people reach it, unless a test says otherwise.
pub const ORIGIN: &str = "https://carelink.example";

/// A built asset with a hash in its name; `/pkg/carelink.js` lies beside it without.
pub const SCRIPT: &str = "/pkg/carelink.1v5c-iWT3mpLoe36QHm6Uw.js";

/// A server on a database and a folder of its own, at a clock that the test moves.
pub struct App {
    pub d: Domain,
    pub router: Router,
    pub config: Config,
    /// The identity provider that it knows.
    pub psc: Provider,
    /// Where mails arrive.
    pub post: Postbox,
    clock: Clock,
    master: String,
    folder: TempDir,
    stop: CancellationToken,
    // Last: it is dropped when nothing uses it any more.
    database: Database,
}

impl Drop for App {
    fn drop(&mut self) {
        self.stop.cancel();
    }
}

/// A configuration of production whose limits no ordinary test meets.
pub fn config() -> Config {
    let mut config = Config::default();
    config.server.mode = Mode::Production;
    config.server.public_url = Some(ORIGIN.into());
    config.limits.anonymous_per_minute = 1_000_000;
    config.limits.uploads_per_address = 1_000_000;
    config.limits.mails_per_address = 1_000_000;
    // A password is enough for tests about something else; `factors` says otherwise.
    config.identity.second_factor = SecondFactor::Optional;
    config.psc.client_id = Some(CLIENT.into());
    config
}

/// The same over plain http, as on a laptop.
pub fn demonstration() -> Config {
    let mut config = config();
    config.server.mode = Mode::Demonstration;
    config.server.public_url = Some("http://localhost:3000".into());
    config
}

pub async fn app() -> App {
    app_with(config()).await
}

pub async fn app_with(mut config: Config) -> App {
    let database = Database::migrated().await;
    let folder = TempDir::new().unwrap();
    std::fs::create_dir_all(folder.path().join("blobs")).unwrap();
    std::fs::create_dir_all(folder.path().join("site/pkg")).unwrap();
    for name in [SCRIPT, "/pkg/carelink.js"] {
        std::fs::write(folder.path().join(format!("site{name}")), "export {}").unwrap();
    }
    std::fs::write(folder.path().join("site/arrive.wav"), "RIFF").unwrap();
    config.server.site_root = folder.path().join("site");
    let clock = Clock::standing_at(Clock::system().now());
    let master = Vault::new_master();
    let psc = Provider::new(&clock);
    let post = Postbox::default();
    let d = build(&config, &database, &clock, &master, (&psc, &post), open(&config, &folder));
    let stop = CancellationToken::new();
    let router = router::build(&config, d.clone(), &stop).unwrap();
    App { d, router, config, psc, post, clock, master, folder, stop, database }
}

fn open(config: &Config, folder: &TempDir) -> Store {
    match config.storage.bucket {
        Some(_) => store::open(&config.storage, folder.path()).unwrap(),
        None => Store {
            objects: Arc::new(
                LocalFileSystem::new_with_prefix(folder.path().join("blobs")).unwrap().with_fsync(false),
            ),
            part: 1 << 20,
        },
    }
}

fn build(
    config: &Config,
    database: &Database,
    clock: &Clock,
    master: &str,
    (psc, post): (&Provider, &Postbox),
    store: Store,
) -> Domain {
    let random = Random::seeded(1);
    let public_url = config.server.origin();
    Domain::new(Parts {
        db: database.open(5),
        vault: Vault::new(master, None, store).unwrap(),
        pepper: Pepper::new([7; 32]),
        clock: clock.clone(),
        viewer: Viewer::new(env!("CARGO_BIN_EXE_carelink"), 2, config.viewer.limits()),
        passwords: Passwords::cheap(&random).unwrap(),
        tokens: AccessTokens::new(&public_url, &[9; 32], None),
        sessions: domain::identity::SessionCache::default(),
        settings: domain::establishments::SettingsCache::default(),
        events: domain::events::Events::default(),
        passkeys: Passkeys::of(&public_url),
        psc: config.psc.client_id.is_some().then(|| Psc::new(psc.settings(), psc.fetch())),
        mailer: post.mailer(),
        policy: Policy {
            public_url,
            sessions: config.sessions.policy(),
            identity: config.identity.policy(config.server.mode),
            limits: config.limits.clone(),
        },
        random,
    })
}

impl App {
    /// Another node on the same database, folder, keys and clock.
    pub fn other_node(&self) -> Router {
        let d = self.node_on(open(&self.config, &self.folder));
        router::build(&self.config, d, &self.stop).unwrap()
    }

    /// Another node that reaches the documents in this way.
    pub fn node_on(&self, store: Store) -> Domain {
        build(&self.config, &self.database, &self.clock, &self.master, (&self.psc, &self.post), store)
    }

    pub fn minutes(&self, minutes: i64) {
        self.clock.advance(SignedDuration::from_mins(minutes));
    }

    pub fn seconds(&self, seconds: i64) {
        self.clock.advance(SignedDuration::from_secs(seconds));
    }

    pub async fn look(&self) -> PgConnection {
        self.database.look().await
    }

    /// Looks one number up.
    pub async fn count(&self, sql: &str) -> i64 {
        sqlx::query_scalar(sqlx::AssertSqlSafe(sql)).fetch_one(&mut self.look().await).await.unwrap()
    }

    /// Changes something that no use case changes.
    pub async fn alter(&self, sql: &str) {
        use sqlx::Executor;
        self.look().await.execute(sqlx::AssertSqlSafe(sql)).await.unwrap();
    }

    /// How many files the object store holds, half-written ones included.
    pub fn blobs(&self) -> usize {
        let (mut found, mut folders) = (0, vec![self.folder.path().join("blobs")]);
        while let Some(folder) = folders.pop() {
            for entry in std::fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() { folders.push(path) } else { found += 1 }
            }
        }
        found
    }
}
