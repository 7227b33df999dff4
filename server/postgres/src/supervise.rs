//! The watch over the server: one that dies unasked is started again.

use std::future::pending;
use std::sync::Arc;
use std::time::Duration;

use tokio::process::Child;
use tokio::sync::{oneshot, watch};
use tokio::time::{Instant, sleep};

use crate::cluster::Cluster;
use crate::process::{launch, shut_down};

const FIRST_PAUSE: Duration = Duration::from_millis(100);
const LONGEST_PAUSE: Duration = Duration::from_secs(30);
/// A server that has lived this long did not die of its start: the pauses begin anew.
const SETTLED: Duration = Duration::from_mins(1);

/// What the server is doing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum State {
    /// It accepts connections.
    Running {
        /// The postmaster's process id.
        pid: u32,
    },
    /// It died unasked and is being started again.
    Restarting {
        /// How many times in a row, from 1.
        attempt: u32,
        /// How it ended, or why the last attempt failed.
        why: String,
    },
    /// It was asked to stop and has stopped.
    Stopped,
}

/// Runs until it is asked to stop, or until nobody can ask any more.
pub(crate) async fn supervise(
    cluster: Arc<Cluster>,
    mut child: Child,
    state: watch::Sender<State>,
    mut stop: oneshot::Receiver<()>,
) {
    let mut attempt = 0;
    loop {
        let since = Instant::now();
        let status = tokio::select! {
            status = child.wait() => status,
            _ = &mut stop => {
                shut_down(&mut child, cluster.options.stop_limit).await;
                break;
            }
        };
        if since.elapsed() > SETTLED {
            attempt = 0;
        }
        let why = status.map_or_else(|error| error.to_string(), |status| status.to_string());
        let restarted = tokio::select! {
            child = restart(&cluster, &state, &mut attempt, why) => child,
            // A start under way is dropped, and its process with it.
            _ = &mut stop => break,
        };
        child = restarted;
        state.send_replace(State::Running { pid: child.id().unwrap_or_default() });
    }
    clear(&cluster).await;
    state.send_replace(State::Stopped);
}

async fn restart(
    cluster: &Arc<Cluster>,
    state: &watch::Sender<State>,
    attempt: &mut u32,
    mut why: String,
) -> Child {
    loop {
        *attempt += 1;
        let pause = pause(*attempt);
        tracing::error!(attempt = *attempt, %why, ?pause, "PostgreSQL died: starts it again");
        state.send_replace(State::Restarting { attempt: *attempt, why });
        sleep(pause).await;
        clear(cluster).await;
        match launch(cluster, false, pending()).await {
            Ok(child) => {
                tracing::info!(attempt = *attempt, pid = child.id(), "PostgreSQL runs again");
                return child;
            }
            Err(error) => why = error.to_string(),
        }
    }
}

async fn clear(cluster: &Arc<Cluster>) {
    let cluster = Arc::clone(cluster);
    let _ = tokio::task::spawn_blocking(move || cluster.clear()).await;
}

fn pause(attempt: u32) -> Duration {
    FIRST_PAUSE.saturating_mul(2_u32.saturating_pow(attempt.saturating_sub(1))).min(LONGEST_PAUSE)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_grow_and_stay_bounded() {
        assert_eq!(pause(1), FIRST_PAUSE);
        assert_eq!(pause(2), FIRST_PAUSE * 2);
        assert_eq!(pause(100), LONGEST_PAUSE);
    }
}
