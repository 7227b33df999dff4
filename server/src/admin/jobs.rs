//! `carelink jobs …`: work that gave up.

use clap::Subcommand;
use domain::{Domain, jobs};

use super::OPERATOR;
use crate::start::StartError;

/// Commands about jobs.
#[derive(Debug, Subcommand)]
pub enum Jobs {
    /// List the jobs that gave up after all their tries (the oldest hundred).
    Dead,
    /// Try dead jobs again.
    Retry {
        /// Number of the job; all of them unless given.
        id: Option<i64>,
    },
    /// Let a dead job go, undone.
    Discard {
        /// Number of the job.
        id: i64,
    },
}

/// Runs a command and prints its answer.
///
/// # Errors
/// A sentence.
pub async fn run(d: &Domain, command: Jobs) -> Result<(), StartError> {
    match command {
        Jobs::Dead => {
            let dead = jobs::dead(d, &OPERATOR).await?;
            if dead.is_empty() {
                println!("no job has given up");
            }
            for job in dead {
                let place = job.establishment.map_or_else(|| "platform".to_owned(), |id| id.to_string());
                println!(
                    "{}  {}  {}  {}  {} tries  {}",
                    job.id, job.created_at, place, job.kind, job.attempts, job.error
                );
            }
        }
        Jobs::Retry { id } => match jobs::retry(d, &OPERATOR, id).await? {
            0 => return Err("no such dead job".into()),
            n => println!("{n} will be tried again"),
        },
        Jobs::Discard { id } => {
            if !jobs::discard(d, &OPERATOR, id).await? {
                return Err("no such dead job".into());
            }
            println!("job {id} is gone");
        }
    }
    Ok(())
}
