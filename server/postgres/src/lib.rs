//! A private `PostgreSQL` under `CareLink`'s data folder, so that a newcomer needs no database of his own.
//!
//! [`PrivatePostgres::start`] creates the cluster on first use, ends what a killed predecessor left, runs the
//! server as an unprivileged user, and starts it again should it die. It listens on a Unix socket alone, and
//! two logins may use it: the owner, who migrates, and the run-time login, who owns nothing.

mod account;
mod binaries;
mod bootstrap;
mod cluster;
mod error;
mod folder;
mod log;
mod options;
mod process;
mod secret;
mod settings;
mod socket;
mod supervise;
mod survivors;
mod verifier;

use std::future::pending;
use std::path::Path;
use std::sync::Arc;

use tokio::sync::{oneshot, watch};
use tokio::task::{JoinHandle, spawn_blocking};

use crate::cluster::Cluster;
pub use crate::error::StartError;
pub use crate::options::Options;
pub use crate::secret::Secret;
pub use crate::supervise::State;

/// A running server. Call [`PrivatePostgres::stop`] at the end: dropping it cuts the server off, which loses
/// nothing that was committed but costs the next start a recovery.
#[must_use = "the server ends when this is dropped"]
#[derive(Debug)]
pub struct PrivatePostgres {
    cluster: Arc<Cluster>,
    state: watch::Receiver<State>,
    stop: Option<oneshot::Sender<()>>,
    task: JoinHandle<()>,
}

impl PrivatePostgres {
    /// Starts the server and returns once both its socket and the owner's login work. Needs a Tokio runtime
    /// with I/O and time, in which the watch goes on.
    pub async fn start(options: Options) -> Result<Self, StartError> {
        Self::start_unless(options, pending()).await
    }

    /// The same, given up in order when `stop` completes first: a server that is recovering from a crash is shut
    /// down, and [`StartError::Stopped`] told once it is gone.
    pub async fn start_unless(
        options: Options,
        stop: impl Future<Output = ()> + Send,
    ) -> Result<Self, StartError> {
        let prepared = spawn_blocking(move || Cluster::prepare(&options)).await;
        let cluster = prepared.map_err(|error| StartError::Step {
            step: "preparing the database",
            output: error.to_string(),
        })??;
        let cluster = Arc::new(cluster);
        let child = process::launch(&cluster, true, stop).await?;
        let pid = child.id().unwrap_or_default();
        tracing::info!(
            pid, version = cluster.binaries.major, user = %cluster.place.account.name,
            folder = %cluster.place.home.display(), "PostgreSQL is ready"
        );
        let (tell, state) = watch::channel(State::Running { pid });
        let (stop, stopped) = oneshot::channel();
        let task = tokio::spawn(supervise::supervise(Arc::clone(&cluster), child, tell, stopped));
        Ok(Self { cluster, state, stop: Some(stop), task })
    }

    /// The address for migrations: owns the database, may create roles (CREATEROLE) and grant them.
    pub fn owner_url(&self) -> Secret {
        self.url(bootstrap::OWNER, &self.cluster.owner)
    }

    /// The address for the running server: owns nothing, and NOINHERIT.
    pub fn app_url(&self) -> Secret {
        self.url(bootstrap::APP, &self.cluster.app)
    }

    fn url(&self, user: &str, password: &Secret) -> Secret {
        secret::url(user, password, &self.cluster.options.database, &self.cluster.socket)
    }

    /// The folder that holds the cluster, its passwords and its log.
    pub fn folder(&self) -> &Path {
        &self.cluster.place.home
    }

    /// The folder that [`PrivatePostgres::folder`] replaces, because the user who runs `PostgreSQL` could not
    /// reach it: worth telling the operator. `None` when the cluster is where it was asked for.
    pub fn instead_of(&self) -> Option<&Path> {
        self.cluster.place.instead_of.as_deref()
    }

    /// The folder of the Unix socket (port 5432).
    pub fn socket_folder(&self) -> &Path {
        &self.cluster.socket
    }

    /// The major version, 15 or more.
    pub fn version(&self) -> u32 {
        self.cluster.binaries.major
    }

    /// What the server is doing, now and from now on.
    pub fn watch(&self) -> watch::Receiver<State> {
        self.state.clone()
    }

    /// Shuts the server down in order; returns when all its processes are gone and the folder is free.
    pub async fn stop(mut self) {
        if let Some(stop) = self.stop.take() {
            let _ = stop.send(());
        }
        let _ = (&mut self.task).await;
    }
}

impl Drop for PrivatePostgres {
    /// The last resort; blocks for as long as an immediate shutdown takes (milliseconds, at worst ten seconds).
    /// The folder is free a moment later, when the watch has gone too.
    fn drop(&mut self) {
        if let Some(stop) = self.stop.take() {
            // So that the watch doesn't take the end for an accident.
            let _ = stop.send(());
            self.cluster.survivors().end(None);
        }
        self.task.abort();
    }
}
