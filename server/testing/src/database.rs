//! One database a test, copied from a template that is made once for a set of migrations.

use std::{
    fmt::Write as _,
    path::Path,
    sync::atomic::{AtomicU32, Ordering},
    time::Duration,
};

use domain::db::{self, Db, DbOptions};
use sha2::{Digest, Sha256};
use sqlx::{AssertSqlSafe, Connection, Executor, PgConnection};
use tokio::sync::OnceCell;

const OWNER: &str = "carelink_owner";
const APP: &str = "carelink_app";
/// Any constant: template databases are made by one test program at a time.
const TEMPLATE_LOCK: i64 = 0x4341_5245_5445_5354;

static TEMPLATE: OnceCell<String> = OnceCell::const_new();
static MADE: AtomicU32 = AtomicU32::new(0);

/// A test's database. Dropped with its roles when the test ends.
pub struct Database(String);

#[expect(
    clippy::disallowed_methods,
    reason = "a test program has no configuration: `make check` tells it the address"
)]
fn administrator() -> String {
    std::env::var("CARELINK_TEST_DATABASE_URL").expect(
        "CARELINK_TEST_DATABASE_URL is not set: run `make check`, which starts a PostgreSQL for the tests",
    )
}

/// The administrator's address with another login and database.
fn address(user: &str, database: &str) -> String {
    let url = administrator();
    let (_, rest) = url.split_once('@').expect("postgres://user@host/database?…");
    let (host, rest) = rest.split_once('/').expect("postgres://user@host/database?…");
    let query = rest.split_once('?').map(|(_, query)| format!("?{query}")).unwrap_or_default();
    format!("postgres://{user}@{host}/{database}{query}")
}

async fn connect_administrator() -> PgConnection {
    PgConnection::connect(&administrator()).await.expect("PostgreSQL of CARELINK_TEST_DATABASE_URL")
}

/// The way to a database as a node has it: run-time login and owner.
fn options(database: &str, connections: u32) -> DbOptions {
    DbOptions {
        url: address(APP, database),
        owner_url: Some(address(OWNER, database)),
        max_connections: connections,
        min_connections: 0,
    }
}

/// What decides the template's contents: migrations and grants.
fn fingerprint() -> String {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut files = vec![here.join("../domain/src/db/grants.rs")];
    for kind in ["control", "queue"] {
        let folder = here.join("../../migrations").join(kind);
        files.extend(std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()));
    }
    files.sort();
    let mut hash = Sha256::new();
    for file in files {
        hash.update(std::fs::read(file).unwrap());
    }
    hash.finalize()[..6].iter().fold(String::new(), |mut text, byte| {
        write!(text, "{byte:02x}").unwrap();
        text
    })
}

async fn template() -> String {
    let name = format!("test_template_{}", fingerprint());
    let mut admin = connect_administrator().await;
    sqlx::query("SELECT pg_advisory_lock($1)").bind(TEMPLATE_LOCK).execute(&mut admin).await.unwrap();
    let ready: bool =
        sqlx::query_scalar("SELECT EXISTS (SELECT FROM pg_database WHERE datname = $1 AND datistemplate)")
            .bind(&name)
            .fetch_one(&mut admin)
            .await
            .unwrap();
    if !ready {
        admin.execute(AssertSqlSafe(format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)"))).await.unwrap();
        admin.execute(AssertSqlSafe(format!("CREATE DATABASE {name} OWNER {OWNER}"))).await.unwrap();
        let db = Db::open(&options(&name, 1)).unwrap();
        db::migrate_all(&db).await.expect("migrations of control and queue");
        db.close().await;
        admin.execute(AssertSqlSafe(format!("ALTER DATABASE {name} WITH IS_TEMPLATE true"))).await.unwrap();
    }
    admin.close().await.unwrap();
    name
}

impl Database {
    /// A copy of the template: `control` and `queue` are there, no establishment.
    pub async fn migrated() -> Self {
        let template = TEMPLATE.get_or_init(template).await;
        Self::create(&format!("TEMPLATE {template}")).await
    }

    /// Nothing in it at all.
    pub async fn empty() -> Self {
        Self::create("").await
    }

    async fn create(of: &str) -> Self {
        let name = format!("test_{:x}_{}", std::process::id(), MADE.fetch_add(1, Ordering::Relaxed));
        let mut admin = connect_administrator().await;
        admin.execute(AssertSqlSafe(format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)"))).await.unwrap();
        admin.execute(AssertSqlSafe(format!("CREATE DATABASE {name} OWNER {OWNER} {of}"))).await.unwrap();
        admin.close().await.unwrap();
        Self(name)
    }

    /// The way in as a node has it, with so many connections.
    pub fn open(&self, connections: u32) -> Db {
        Db::open(&options(&self.0, connections)).unwrap()
    }

    /// The same without the owner login: a node that only serves.
    pub fn serving(&self, connections: u32) -> Db {
        Db::open(&DbOptions { owner_url: None, ..options(&self.0, connections) }).unwrap()
    }

    /// Addresses of the run-time login and of the owner, as an operator configures them.
    pub fn urls(&self) -> (String, String) {
        (address(APP, &self.0), address(OWNER, &self.0))
    }

    /// A connection that sees everything: for looking at what a use case left behind.
    pub async fn look(&self) -> PgConnection {
        let url = administrator();
        let user = url.trim_start_matches("postgres://").split('@').next().unwrap().to_owned();
        PgConnection::connect(&address(&user, &self.0)).await.unwrap()
    }

    /// A connection of the owner login.
    pub async fn owner(&self) -> PgConnection {
        PgConnection::connect(&address(OWNER, &self.0)).await.unwrap()
    }
}

impl Drop for Database {
    /// In a thread of its own: a test's runtime is about to end, or is unwinding.
    fn drop(&mut self) {
        let name = self.0.clone();
        let cleaned = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
            runtime.block_on(async {
                tokio::time::timeout(Duration::from_secs(20), remove(&name))
                    .await
                    .map_err(std::io::Error::other)
            })
        })
        .join();
        if !matches!(cleaned, Ok(Ok(Ok(())))) {
            eprintln!("the database {} of a test was left behind", self.0);
        }
    }
}

async fn remove(name: &str) -> Result<(), sqlx::Error> {
    let mut admin = PgConnection::connect(&administrator()).await?;
    admin.execute(AssertSqlSafe(format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)"))).await?;
    let roles: Vec<String> =
        sqlx::query_scalar("SELECT rolname FROM pg_roles WHERE starts_with(rolname, $1)")
            .bind(format!("cl_{name}_"))
            .fetch_all(&mut admin)
            .await?;
    for role in roles {
        admin.execute(AssertSqlSafe(format!("DROP ROLE \"{role}\""))).await?;
    }
    admin.close().await
}
