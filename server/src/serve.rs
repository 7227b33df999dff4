//! `carelink serve`, from its first moment to its last.

use std::time::Duration;

use domain::Domain;
use tokio::{net::TcpListener, task::JoinSet, time::timeout};
use tokio_util::sync::CancellationToken;

use crate::{
    config::{Config, Mode, Secret},
    demo, listen, router,
    start::{self, StartError, Stopped},
};

/// Work that has been told to end is waited for so long: a job that is given up is done again by whoever takes it next.
const GRACE: Duration = Duration::from_secs(10);

/// Serves until `stop`, which may come at any time: then whatever has started is stopped in order, PostgreSQL last.
///
/// # Errors
/// A sentence that says why it can't serve.
pub async fn serve(config: Config, stop: CancellationToken) -> Result<(), StartError> {
    // Bound first: a port in use is told before PostgreSQL starts.
    let listener = TcpListener::bind(config.server.listen)
        .await
        .map_err(|error| format!("{}: {error} (server.listen)", config.server.listen))?;
    let (migrate, kept) = (config.database.migrate, config.database.max_connections);
    let started = match start::start(&config, migrate, kept, &stop).await {
        Err(error) if error.is::<Stopped>() => {
            tracing::info!("{error}");
            return Ok(());
        }
        started => started?,
    };
    let work = CancellationToken::new();
    let mut tasks = JoinSet::new();
    tasks.spawn(domain::jobs::run(started.domain.clone(), work.clone()));
    tasks.spawn(domain::events::run(started.domain.clone(), work.clone()));
    let served = http(&config, &started.domain, listener, stop).await;
    work.cancel();
    finish(tasks, GRACE).await;
    started.stop().await;
    served
}

async fn http(
    config: &Config,
    domain: &Domain,
    listener: TcpListener,
    stop: CancellationToken,
) -> Result<(), StartError> {
    if config.server.mode == Mode::Demonstration {
        // Half of it would stay half for ever: it is made to its end.
        let password = config.demo.password.as_ref().map(Secret::expose);
        println!("{}", demo::make(domain, &config.server.data_dir, password).await?);
    }
    if stop.is_cancelled() {
        return Ok(());
    }
    let router = router::build(config, domain.clone(), &stop)?;
    println!("CareLink serves {}  (data: {})", config.server.origin(), config.server.data_dir.display());
    let patience =
        listen::Patience { connections: config.server.max_connections, ..listen::Patience::default() };
    let drain = Duration::from_secs(config.server.drain_seconds);
    listen::serve_with(patience, listener, router, stop, drain).await;
    Ok(())
}

/// Waits for tasks that have been told to end, then goes on without them.
pub async fn finish(mut tasks: JoinSet<()>, within: Duration) {
    let ended = async { while tasks.join_next().await.is_some() {} };
    if timeout(within, ended).await.is_err() {
        tracing::warn!("stopping with work still under way");
        tasks.abort_all();
    }
}
