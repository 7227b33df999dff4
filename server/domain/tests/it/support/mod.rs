//! What every test stands on: an application of its own, with people, codes and depositors.

mod authenticator;
mod people;
mod professionals;
mod visits;

use std::{path::PathBuf, sync::Arc};

pub use authenticator::Authenticator;
use domain::{
    Domain, Parts, Policy,
    clock::Clock,
    identity::{AccessTokens, IdentityPolicy, Passwords, Psc, SessionPolicy, factors::Passkeys},
    limits::LimitPolicy,
    random::Random,
    vault::{Pepper, Store, Vault},
};
use jiff::SignedDuration;
use model::{documents::Selection, ids::DocumentId};
use object_store::local::LocalFileSystem;
pub use people::{DEVICE, House, PASSWORD, credentials, invite, new_member, origin};
pub use professionals::{NURSE, Visit, nurse_with_a_place};
use sqlx::PgConnection;
use tempfile::TempDir;
pub use testing::{
    Database, Postbox, files,
    psc::{self, Provider},
    token_of,
};
use viewer::{Limits, Viewer};
pub use visits::{body, new_code, token};

/// A node on a database and a folder of its own, at a clock that the test moves.
pub struct App {
    pub d: Domain,
    pub clock: Clock,
    pub master: String,
    pub folder: TempDir,
    /// The identity provider that its nodes know.
    pub psc: Provider,
    /// Where mails arrive.
    pub post: Postbox,
    // Last: it is dropped when nothing uses it any more.
    pub database: Database,
}

/// How a node differs from the others.
pub struct Node {
    pub seed: u64,
    pub connections: u32,
    pub policy: Policy,
    /// What the viewer's stub answers; without one there is no program to start.
    pub viewer: Option<&'static str>,
    /// Whether it knows Pro Santé Connect.
    pub psc: bool,
    /// Whether it has the owner login of the database.
    pub owner: bool,
    /// Whether its hashes of passwords cost what they do in production.
    pub costly: bool,
}

impl Default for Node {
    fn default() -> Self {
        let limits = LimitPolicy { uploads_per_address: 100_000, ..LimitPolicy::default() };
        let policy = Policy {
            public_url: "https://carelink.example".into(),
            sessions: SessionPolicy::default(),
            // A password is enough for tests about something else; `factors` says otherwise.
            identity: IdentityPolicy { second_factor: false, ..IdentityPolicy::default() },
            limits,
        };
        Self {
            seed: 1,
            connections: 5,
            policy,
            viewer: Some(READABLE),
            psc: true,
            owner: true,
            costly: false,
        }
    }
}

/// What the child says of a readable document of two pages.
const READABLE: &str = r#"{"Done":{"pages":2,"width":10,"height":10,"complete":true,"encoding":"Png"}}"#;

pub async fn app() -> App {
    app_with(Node::default()).await
}

pub async fn app_with(node: Node) -> App {
    app_on(Database::migrated().await, node)
}

pub fn app_on(database: Database, node: Node) -> App {
    let clock = Clock::standing_at(Clock::system().now());
    let master = Vault::new_master();
    let folder = TempDir::new().unwrap();
    std::fs::create_dir(folder.path().join("blobs")).unwrap();
    let psc = Provider::new(&clock);
    let post = Postbox::default();
    let d = build(&database, &clock, &master, &folder, (&psc, &post), node);
    App { d, clock, master, folder, psc, post, database }
}

fn build(
    database: &Database,
    clock: &Clock,
    master: &str,
    folder: &TempDir,
    (psc, post): (&Provider, &Postbox),
    node: Node,
) -> Domain {
    let random = Random::seeded(node.seed);
    let store = LocalFileSystem::new_with_prefix(folder.path().join("blobs")).unwrap().with_fsync(false);
    Domain::new(Parts {
        db: if node.owner { database.open(node.connections) } else { database.serving(node.connections) },
        vault: Vault::new(master, None, Store { objects: Arc::new(store), part: 1 << 20 }).unwrap(),
        pepper: Pepper::new([7; 32]),
        clock: clock.clone(),
        viewer: Viewer::new(stub(folder, node.viewer), 2, Limits::default()),
        passwords: if node.costly { Passwords::new(&random, 1) } else { Passwords::cheap(&random) }.unwrap(),
        tokens: AccessTokens::new(&node.policy.public_url, &[9; 32], None),
        sessions: domain::identity::SessionCache::default(),
        settings: domain::establishments::SettingsCache::default(),
        events: domain::events::Events::default(),
        passkeys: Passkeys::of(&node.policy.public_url),
        psc: node.psc.then(|| Psc::new(psc.settings(), psc.fetch())),
        mailer: post.mailer(),
        policy: node.policy,
        random,
    })
}

/// The child process is tested where it lives; here a script stands in for it.
fn stub(folder: &TempDir, says: Option<&str>) -> PathBuf {
    use std::os::unix::fs::PermissionsExt;
    let path = folder.path().join("viewer-stub");
    if let Some(says) = says {
        let script = format!("#!/bin/sh\nprintf '{}{says}\\n'\n/bin/cat >/dev/null\n", "ready\\n");
        // A child that is forked meanwhile keeps the file open for writing, and starting it fails ("text file busy"):
        // written apart and renamed by another process, it is never open here.
        let draft = folder.path().join("viewer-draft");
        std::fs::write(&draft, script).unwrap();
        std::fs::set_permissions(&draft, std::fs::Permissions::from_mode(0o755)).unwrap();
        std::fs::rename(draft, &path).unwrap();
    }
    path
}

impl App {
    /// Another node on the same database, folder, keys and clock.
    pub fn node(&self, node: Node) -> Domain {
        build(&self.database, &self.clock, &self.master, &self.folder, (&self.psc, &self.post), node)
    }

    pub fn advance(&self, by: SignedDuration) {
        self.clock.advance(by);
    }

    /// Does what is due, and then what periodic work left to do.
    pub async fn jobs(&self) {
        for _ in 0..2 {
            while domain::jobs::run_due(&self.d).await.unwrap() > 0 {}
        }
    }

    pub async fn look(&self) -> PgConnection {
        self.database.look().await
    }

    /// Looks one number up.
    pub async fn count(&self, sql: &str) -> i64 {
        let mut look = self.look().await;
        sqlx::query_scalar(sqlx::AssertSqlSafe(sql)).fetch_one(&mut look).await.unwrap()
    }

    /// Changes something that no use case changes.
    pub async fn alter(&self, sql: &str) {
        use sqlx::Executor;
        self.look().await.execute(sqlx::AssertSqlSafe(sql)).await.unwrap();
    }

    /// Every file that the object store holds, half-written ones included.
    pub fn blobs(&self) -> Vec<PathBuf> {
        let mut found = Vec::new();
        let mut folders = vec![self.folder.path().join("blobs")];
        while let Some(folder) = folders.pop() {
            for entry in std::fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() { folders.push(path) } else { found.push(path) }
            }
        }
        found
    }
}

/// Documents for one act.
pub fn chosen(ids: &[DocumentId]) -> Selection {
    Selection::try_from(ids.to_vec()).unwrap()
}
