//! The command line.

use std::{path::PathBuf, process::ExitCode, time::Duration};

use clap::{Parser, Subcommand};
use domain::Domain;
use tokio_util::sync::CancellationToken;

use crate::{
    admin::{self, Admin, Jobs},
    config::{self, Config, Secret},
    demo, log, serve,
    start::{self, StartError},
};

/// What still blocks a thread at the end (a prompt that nobody answers) is left behind after so long.
const LEFT_BEHIND: Duration = Duration::from_secs(1);

/// CareLink: documents from patients to establishments, encrypted and live.
#[derive(Debug, Parser)]
#[command(name = "carelink", version, about)]
struct Cli {
    /// Configuration file (TOML). `CARELINK_*` in the environment goes before it.
    #[arg(long, short, global = true)]
    config: Option<PathBuf>,
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Serve (default). Applies pending migrations first unless `database.migrate` is false.
    Serve,
    /// Apply pending migrations and stop.
    Migrate,
    /// Make demonstration data, as often as you like.
    Demo {
        /// Password of every made-up account; random unless given.
        #[arg(long)]
        password: Option<String>,
    },
    /// Establishments, people, registrations.
    #[command(subcommand)]
    Admin(Admin),
    /// Work that gave up.
    #[command(subcommand)]
    Jobs(Jobs),
    /// Configuration.
    #[command(subcommand)]
    Config(ConfigCommand),
}

#[derive(Debug, Subcommand)]
enum ConfigCommand {
    /// Say what will not work, and why.
    Check,
    /// Print the configuration in force, secrets left out.
    Dump,
}

/// Runs the program.
pub fn main() -> ExitCode {
    let cli = Cli::parse();
    let config = match config::load(cli.config.as_deref()) {
        Ok(config) => config,
        Err(error) => return complain(&error),
    };
    log::start(&config.server);
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(std::thread::available_parallelism().map_or(2, |n| n.get().max(2)))
        .enable_all()
        .build();
    let runtime = match runtime {
        Ok(runtime) => runtime,
        Err(error) => return complain(&error),
    };
    let done = runtime.block_on(run(cli.command.unwrap_or(Command::Serve), config));
    runtime.shutdown_timeout(LEFT_BEHIND);
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => complain(&*error),
    }
}

fn complain(error: &dyn std::error::Error) -> ExitCode {
    eprintln!("carelink: {error}");
    ExitCode::FAILURE
}

async fn run(command: Command, config: Config) -> Result<(), StartError> {
    let migrate = config.database.migrate;
    match command {
        Command::Serve => serve::serve(config, stop_at_signal()?).await,
        Command::Migrate => {
            started(&config, true, async |_| Ok(())).await?;
            println!("migrations are applied");
            Ok(())
        }
        Command::Demo { password } => {
            let password = password.as_deref().or(config.demo.password.as_ref().map(Secret::expose));
            let folder = &config.server.data_dir;
            let made = started(&config, migrate, async |d| demo::make(d, folder, password).await);
            println!("{}", made.await?);
            Ok(())
        }
        Command::Admin(command) => started(&config, migrate, async |d| admin::run(d, command).await).await,
        Command::Jobs(command) => {
            started(&config, migrate, async |d| admin::run_jobs(d, command).await).await
        }
        Command::Config(ConfigCommand::Check) => check(&config),
        Command::Config(ConfigCommand::Dump) => {
            println!("{}", config::dump(&config)?);
            Ok(())
        }
    }
}

/// Starts everything but HTTP, does one thing with it, and stops in order, whatever came of it. A signal ends any of it.
async fn started<T>(
    config: &Config,
    migrate: bool,
    act: impl AsyncFnOnce(&Domain) -> Result<T, StartError>,
) -> Result<T, StartError> {
    let stop = stop_at_signal()?;
    let started = start::start(config, migrate, 0, &stop).await?;
    let done = tokio::select! {
        done = act(&started.domain) => done,
        () = stop.cancelled() => Err("stopped before it was done".into()),
    };
    started.stop().await;
    done
}

fn check(config: &Config) -> Result<(), StartError> {
    let findings = config::check(config);
    for finding in &findings {
        println!("{}: {}", if finding.fatal { "error" } else { "warning" }, finding.text);
    }
    match findings.iter().filter(|finding| finding.fatal).count() {
        0 => {
            println!("the configuration can be served at {}", config.server.origin());
            Ok(())
        }
        n => Err(format!("{n} error(s)").into()),
    }
}

/// Cancelled at the first SIGINT or SIGTERM, whatever is going on then.
fn stop_at_signal() -> std::io::Result<CancellationToken> {
    use tokio::signal::unix::{SignalKind, signal};
    let (mut interrupt, mut terminate) = (signal(SignalKind::interrupt())?, signal(SignalKind::terminate())?);
    let stop = CancellationToken::new();
    let told = stop.clone();
    tokio::spawn(async move {
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
        }
        told.cancel();
    });
    Ok(stop)
}
