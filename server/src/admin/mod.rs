//! `carelink admin …` and `carelink jobs …`: what whoever runs the server does from its command line.

mod establishments;
mod jobs;
mod people;
mod registrations;

use clap::Subcommand;
use domain::{Domain, PlatformAdmin, establishments as places};
pub use establishments::Establishments;
pub use jobs::{Jobs, run as run_jobs};
use model::ids::EstablishmentId;
pub use people::People;
pub use registrations::Registrations;

use crate::start::StartError;

/// Who types commands on the machine itself: no account.
const OPERATOR: PlatformAdmin = PlatformAdmin::operator();

/// Commands of the administrator.
#[derive(Debug, Subcommand)]
pub enum Admin {
    /// Establishments.
    #[command(flatten)]
    Establishments(Establishments),
    /// People.
    #[command(flatten)]
    People(People),
    /// Registrations.
    #[command(flatten)]
    Registrations(Registrations),
}

/// Runs a command and prints its answer.
///
/// # Errors
/// A sentence.
pub async fn run(d: &Domain, command: Admin) -> Result<(), StartError> {
    match command {
        Admin::Establishments(command) => establishments::run(d, command).await,
        Admin::People(command) => people::run(d, command).await,
        Admin::Registrations(command) => registrations::run(d, command).await,
    }
}

/// The id behind a slug, whatever the establishment's status.
async fn find(d: &Domain, slug: &str) -> Result<EstablishmentId, StartError> {
    let found = places::id_of(d, &OPERATOR, &slug.parse()?).await?;
    Ok(found.ok_or_else(|| format!("no establishment {slug}"))?)
}
