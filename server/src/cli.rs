//! The command line.

use std::{path::PathBuf, process::ExitCode, time::Duration};

use clap::{Parser, Subcommand};
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

use crate::{
    admin::{self, Admin, Jobs},
    config::{self, Config, Mode},
    demo, listen, log, router,
    start::{self, StartError},
};

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
    /// Establishments and people.
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
    let done = match runtime {
        Ok(runtime) => runtime.block_on(run(cli.command.unwrap_or(Command::Serve), config)),
        Err(error) => return complain(&error),
    };
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
    match command {
        Command::Serve => serve(config).await,
        Command::Migrate => {
            let started = start::start(&config, true, 0).await?;
            println!("migrations are applied");
            started.stop().await;
            Ok(())
        }
        Command::Demo { password } => {
            let started = start::start(&config, config.database.migrate, 0).await?;
            let password = password.or_else(|| config.demo.password.clone());
            let made = demo::make(&started.domain, &config.server.data_dir, password.as_deref()).await;
            started.stop().await;
            println!("{}", made?);
            Ok(())
        }
        Command::Admin(command) => {
            let started = start::start(&config, config.database.migrate, 0).await?;
            let done = admin::run(&started.domain, command).await;
            started.stop().await;
            done
        }
        Command::Jobs(command) => {
            let started = start::start(&config, config.database.migrate, 0).await?;
            let done = admin::run_jobs(&started.domain, command).await;
            started.stop().await;
            done
        }
        Command::Config(ConfigCommand::Check) => check(&config),
        Command::Config(ConfigCommand::Dump) => {
            println!("{}", toml::to_string_pretty(&without_secrets(config))?);
            Ok(())
        }
    }
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

fn without_secrets(mut config: Config) -> Config {
    let hide = |value: &mut Option<String>| {
        if value.is_some() {
            *value = Some("(hidden)".to_owned());
        }
    };
    for value in [
        &mut config.database.url,
        &mut config.database.owner_url,
        &mut config.secrets.master_key,
        &mut config.secrets.pepper,
        &mut config.secrets.signing_key,
        &mut config.secrets.previous_signing_key,
        &mut config.demo.password,
    ] {
        hide(value);
    }
    config
}

async fn serve(config: Config) -> Result<(), StartError> {
    let stop = CancellationToken::new();
    let signals = signals()?;
    // Bound first: a port in use is told before PostgreSQL starts.
    let listener = TcpListener::bind(config.server.listen)
        .await
        .map_err(|error| format!("{}: {error} (server.listen)", config.server.listen))?;
    let started = start::start(&config, config.database.migrate, config.database.max_connections).await?;
    let work = CancellationToken::new();
    let jobs = tokio::spawn(domain::jobs::run(started.domain.clone(), work.clone()));
    let events = tokio::spawn(domain::events::run(started.domain.clone(), work.clone()));
    if config.server.mode == Mode::Demonstration {
        let made =
            demo::make(&started.domain, &config.server.data_dir, config.demo.password.as_deref()).await?;
        println!("{made}");
    }
    println!("CareLink serves {}  (data: {})", config.server.origin(), config.server.data_dir.display());
    let router = router::build(&config, started.domain.clone(), &stop)?;
    tokio::spawn({
        let stop = stop.clone();
        async move {
            signals.await;
            stop.cancel();
        }
    });
    listen::serve(listener, router, stop, Duration::from_secs(config.server.drain_seconds)).await;
    work.cancel();
    let _ = tokio::join!(jobs, events);
    started.stop().await;
    Ok(())
}

/// Completes at the first SIGINT or SIGTERM.
fn signals() -> std::io::Result<impl Future<Output = ()>> {
    use tokio::signal::unix::{SignalKind, signal};
    let (mut interrupt, mut terminate) = (signal(SignalKind::interrupt())?, signal(SignalKind::terminate())?);
    Ok(async move {
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
        }
    })
}
