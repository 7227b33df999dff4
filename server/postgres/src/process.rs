//! One life of the server: spawned, ready, shut down.

use std::process::Stdio;
use std::time::Duration;

use rustix::process::{Pid, Signal, kill_process};
use tokio::process::{Child, Command};
use tokio::time::{Instant, sleep, timeout};

use crate::bootstrap::OWNER;
use crate::cluster::Cluster;
use crate::error::{OnPath, StartError};
use crate::log::Log;

/// After SIGQUIT the postmaster gives its children five seconds, then kills them.
const IMMEDIATE: Duration = Duration::from_secs(8);
/// A signal that had no effect is sent again.
const AGAIN: Duration = Duration::from_secs(1);
/// How often a login that should work is tried, 200 ms apart.
const LOGINS: u32 = 10;

/// Starts the server and waits until it accepts connections, or until `stop`. `prove` also logs in once, as the owner.
pub(crate) async fn launch(
    cluster: &Cluster,
    prove: bool,
    stop: impl Future<Output = ()>,
) -> Result<Child, StartError> {
    let log = Log::open(&cluster.place.home)?;
    let output = |file: &std::fs::File| file.try_clone().map(Stdio::from).on("open", &log.path);
    let mut server = cluster.server(None, &cluster.data);
    server.stdout(output(&log.file)?).stderr(output(&log.file)?);
    // A start that is given up, or a runtime that ends, must not leave a server behind.
    let child = Command::from(server).kill_on_drop(true).spawn();
    let mut child = child.on("run", &cluster.binaries.program("postgres"))?;

    let (start, limit) = (Instant::now(), cluster.options.start_limit);
    let mut why = String::new();
    let asked = tokio::select! {
        () = stop => true,
        status = child.wait() => {
            let status = status.map_or_else(|error| error.to_string(), |status| status.to_string());
            return Err(StartError::Ended { status, tail: log.tail(), log: log.path });
        }
        ready = timeout(limit, ready(cluster, prove, &mut why)) => {
            if ready == Ok(true) {
                return Ok(child);
            }
            false
        }
    };
    if asked {
        shut_down(&mut child, cluster.options.stop_limit).await;
        return Err(StartError::Stopped);
    }
    let error = StartError::NotReady { after: start.elapsed(), why, tail: log.tail(), log: log.path };
    shut_down(&mut child, Duration::ZERO).await;
    Err(error)
}

/// `false` if the server is up and does not let the owner in.
async fn ready(cluster: &Cluster, prove: bool, why: &mut String) -> bool {
    let mut pause = Duration::from_millis(20);
    while let Err(said) = ask(cluster, "pg_isready", &[]).await {
        *why = said;
        sleep(pause).await;
        pause = (pause * 2).min(Duration::from_millis(200));
    }
    if !prove {
        return true;
    }
    for _ in 0..LOGINS {
        match ask(cluster, "psql", &["-X", "-c", "SELECT 1"]).await {
            Ok(()) => return true,
            Err(said) => *why = said,
        }
        sleep(Duration::from_millis(200)).await;
    }
    false
}

async fn ask(cluster: &Cluster, program: &str, arguments: &[&str]) -> Result<(), String> {
    let mut command = cluster.place.account.command(&cluster.binaries.program(program));
    command.args(arguments).env("PGHOST", &cluster.socket).env("PGCONNECT_TIMEOUT", "5");
    command.env("PGUSER", OWNER).env("PGDATABASE", &cluster.options.database);
    // In the environment, which only its user and root can read; arguments are everybody's.
    command.env("PGPASSWORD", cluster.owner.expose());
    let output =
        Command::from(command).kill_on_drop(true).output().await.map_err(|error| error.to_string())?;
    if output.status.success() {
        return Ok(());
    }
    Err(String::from_utf8_lossy(&[output.stdout, output.stderr].concat()).trim().to_owned())
}

/// Fast shutdown (connections are cut, everything is written); past the limit an immediate one, which the next
/// start recovers from; past that the kernel's.
pub(crate) async fn shut_down(child: &mut Child, limit: Duration) {
    let start = Instant::now();
    for (signal, limit) in [(Signal::INT, limit), (Signal::QUIT, IMMEDIATE)] {
        if limit.is_zero() {
            continue;
        }
        // No id: it was waited for and is gone.
        let Some(pid) = child.id().and_then(|id| i32::try_from(id).ok()).and_then(Pid::from_raw) else {
            return;
        };
        let until = Instant::now() + limit;
        while Instant::now() < until {
            // More than once: a server that is only just being started may still ignore it (SIGINT is ignored where a
            // shell started us in the background, until the server's own handlers are there).
            let _ = kill_process(pid, signal);
            let left = until.saturating_duration_since(Instant::now());
            if timeout(left.min(AGAIN), child.wait()).await.is_ok() {
                tracing::info!(pid = %pid, ?signal, elapsed = ?start.elapsed(), "PostgreSQL stopped");
                return;
            }
        }
        tracing::warn!(pid = %pid, ?signal, "PostgreSQL did not stop in time");
    }
    let _ = child.kill().await;
}
