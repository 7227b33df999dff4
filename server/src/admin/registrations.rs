//! `carelink admin list-registrations | approve-registration | decline-registration`.

use clap::Subcommand;
use domain::{Domain, registration};
use model::{identity::Email, ids::EstablishmentId, text::Reason};
use uuid::Uuid;

use super::OPERATOR;
use crate::start::StartError;

/// Commands about establishments that somebody registered.
#[derive(Debug, Subcommand)]
pub enum Registrations {
    /// List the registrations that wait for an answer, the oldest first.
    ListRegistrations,
    /// Create the establishment and mail its first administrator the way in. Make sure who they are.
    ApproveRegistration {
        /// As the list has it.
        #[arg(long)]
        id: Uuid,
    },
    /// Mail the way in once more to a first administrator who has not come in.
    InviteAgain {
        /// Id of the establishment, as the list has it.
        #[arg(long)]
        id: Uuid,
        /// Another address, where the first was mistyped.
        #[arg(long)]
        email: Option<Email>,
    },
    /// Turn a registration down: it is erased.
    DeclineRegistration {
        /// As the list has it.
        #[arg(long)]
        id: Uuid,
        /// Why; the person is told.
        #[arg(long)]
        reason: Reason,
    },
}

/// Runs a command and prints its answer.
///
/// # Errors
/// A sentence.
pub async fn run(d: &Domain, command: Registrations) -> Result<(), StartError> {
    match command {
        Registrations::ListRegistrations => {
            let found = registration::registrations(d, &OPERATOR)
                .await
                .map_err(|error| StartError::from(error.to_string()))?;
            if found.waiting.is_empty() {
                println!("no registration waits");
            }
            for one in found.waiting {
                let finess = one.finess.as_deref().unwrap_or("no FINESS");
                println!(
                    "{}  {}, {}  {}  {finess}  {} <{}>",
                    one.id,
                    one.name,
                    one.town,
                    one.kind.as_str(),
                    one.administrator,
                    one.email
                );
                if !one.alike.is_empty() {
                    println!("    may be there already: {}", one.alike.join(", "));
                }
                if one.approved {
                    println!("    its opening broke off: approve it again");
                }
            }
            for one in found.awaited {
                let over = if one.over { ", whose link is over" } else { "" };
                println!("{}  {}, {} is open and awaits <{}>{over}", one.id, one.name, one.town, one.email);
            }
        }
        Registrations::ApproveRegistration { id } => {
            registration::approve(d, &OPERATOR, EstablishmentId(id)).await?;
            println!("the establishment is open; its administrator gets the way in by mail");
        }
        Registrations::InviteAgain { id, email } => {
            registration::invite_again(d, &OPERATOR, EstablishmentId(id), email.as_ref()).await?;
            println!("the way in is mailed again; the earlier link is over");
        }
        Registrations::DeclineRegistration { id, reason } => {
            registration::decline(d, &OPERATOR, EstablishmentId(id), &reason).await?;
            println!("declined; the person is told why by mail");
        }
    }
    Ok(())
}
