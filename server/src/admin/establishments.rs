//! `carelink admin list-establishments | create-establishment | …`.

use std::path::PathBuf;

use clap::Subcommand;
use domain::{
    Domain,
    establishments::{self, NewEstablishment, PscOnlyError},
};
use model::{
    establishments::{EstablishmentKind, Finess, RoomMebibytes, Slug},
    psc_only::FallbackHours,
    text::{EstablishmentName, Reason, Town},
};

use super::{OPERATOR, find};
use crate::start::StartError;

/// Commands about establishments.
#[derive(Debug, Subcommand)]
pub enum Establishments {
    /// List every establishment with its status.
    ListEstablishments,
    /// Create an establishment.
    CreateEstablishment {
        /// Name shown to patients.
        #[arg(long)]
        name: EstablishmentName,
        /// Town.
        #[arg(long)]
        town: Town,
        /// Part of its address; made of the name unless given.
        #[arg(long)]
        slug: Option<Slug>,
        /// Kind.
        #[arg(long, default_value = "other")]
        kind: EstablishmentKind,
        /// FINESS number of the site.
        #[arg(long)]
        finess: Option<Finess>,
    },
    /// Write an establishment (schema, control rows, wrapped key, documents) into a folder.
    ExportEstablishment {
        /// Slug.
        #[arg(long)]
        slug: String,
        /// Folder; made if missing.
        #[arg(long)]
        folder: PathBuf,
    },
    /// Read an establishment from such a folder.
    ImportEstablishment {
        /// Folder.
        #[arg(long)]
        folder: PathBuf,
    },
    /// Close an establishment to its staff and to patients; nothing of it is deleted, and retention goes on.
    SuspendEstablishment {
        /// Slug.
        #[arg(long)]
        slug: String,
        /// Why, for the audit.
        #[arg(long)]
        reason: Reason,
    },
    /// Open a suspended establishment again.
    ResumeEstablishment {
        /// Slug.
        #[arg(long)]
        slug: String,
    },
    /// Delete an establishment with all its data, for good. Export it first.
    DeleteEstablishment {
        /// Slug.
        #[arg(long)]
        slug: String,
        /// The slug once more: there is no way back.
        #[arg(long)]
        confirm: String,
    },
    /// Let an establishment that accepts Pro Santé Connect only take local accounts again.
    LiftPscOnly {
        /// Slug.
        #[arg(long)]
        slug: String,
        /// Why, for the audit.
        #[arg(long)]
        reason: Reason,
    },
    /// Let local accounts into such an establishment for some hours, when no administrator of it is signed in.
    OpenFallback {
        /// Slug.
        #[arg(long)]
        slug: String,
        /// Hours, 1 to 24.
        #[arg(long)]
        hours: FallbackHours,
        /// Why, for the audit.
        #[arg(long)]
        reason: Reason,
    },
    /// End that before its time, and the sessions opened under it.
    CloseFallback {
        /// Slug.
        #[arg(long)]
        slug: String,
    },
    /// Set the room of an establishment's documents together.
    SetRoom {
        /// Slug.
        #[arg(long)]
        slug: String,
        /// Mebibytes (51200 when an establishment is created).
        #[arg(long)]
        mebibytes: RoomMebibytes,
    },
}

/// Runs a command and prints its answer.
///
/// # Errors
/// A sentence.
pub async fn run(d: &Domain, command: Establishments) -> Result<(), StartError> {
    match command {
        Establishments::ListEstablishments => {
            let all = establishments::list(d, &OPERATOR).await?;
            if all.is_empty() {
                println!("no establishment yet");
            }
            for place in all {
                let card = place.card;
                println!(
                    "{}  {}  {} ({})  schema {}  since {}",
                    card.slug, place.status, card.name, card.town, place.schema_version, place.created_at
                );
            }
        }
        Establishments::CreateEstablishment { name, town, slug, kind, finess } => {
            let new = NewEstablishment { name, town, slug, kind, finess };
            let card = establishments::create(d, &OPERATOR, &new).await?;
            println!("{} is ready: {}/d/{}", card.name, d.policy.public_url, card.slug);
        }
        Establishments::ExportEstablishment { slug, folder } => {
            establishments::export(d, &OPERATOR, find(d, &slug).await?, &folder).await?;
            println!("{slug} is in {}", folder.display());
        }
        Establishments::ImportEstablishment { folder } => {
            let establishments::Imported { id, erased, left_out } =
                establishments::import(d, &OPERATOR, &folder).await?;
            if erased > 0 {
                println!(
                    "{erased} documents had been deleted while the export was written, and are left out"
                );
            }
            for email in left_out {
                println!("{email} belongs to another account here and is no member any more");
            }
            println!("establishment {id} is back");
        }
        Establishments::SuspendEstablishment { slug, reason } => {
            if !establishments::suspend(d, &OPERATOR, find(d, &slug).await?, &reason).await? {
                return Err(format!("{slug} is not active").into());
            }
            println!("{slug} is closed; resume-establishment opens it again");
        }
        Establishments::ResumeEstablishment { slug } => {
            if !establishments::resume(d, &OPERATOR, find(d, &slug).await?).await? {
                return Err(format!("{slug} is not suspended").into());
            }
            println!("{slug} is open: {}/d/{slug}", d.policy.public_url);
        }
        Establishments::DeleteEstablishment { slug, confirm } => {
            if slug != confirm {
                return Err("--confirm must repeat the slug: nothing was deleted".into());
            }
            establishments::delete(d, &OPERATOR, find(d, &slug).await?).await?;
            println!("{slug} is gone");
        }
        Establishments::LiftPscOnly { slug, reason } => {
            let lifted = establishments::lift_psc_only(d, &OPERATOR, find(d, &slug).await?, &reason).await;
            or_say(lifted, format!("{slug} accepts local accounts already"))?;
            println!("{slug} accepts local accounts again");
        }
        Establishments::OpenFallback { slug, hours, reason } => {
            let place = find(d, &slug).await?;
            let opened = establishments::operator_opens_fallback(d, &OPERATOR, place, hours, &reason).await;
            let until = or_say(opened, format!("{slug} accepts local accounts already"))?;
            println!("{slug} accepts local accounts until {until}; close-fallback ends that sooner");
        }
        Establishments::CloseFallback { slug } => {
            let closed = establishments::operator_closes_fallback(d, &OPERATOR, find(d, &slug).await?).await;
            or_say(closed, format!("{slug} has no fallback open"))?;
            println!("{slug} accepts Pro Santé Connect only");
        }
        Establishments::SetRoom { slug, mebibytes } => {
            establishments::give_room(d, &OPERATOR, find(d, &slug).await?, mebibytes).await?;
            println!("{slug} has {} MiB of room", mebibytes.get());
        }
    }
    Ok(())
}

/// A sentence of its own where there was nothing to change.
fn or_say<T>(done: Result<T, PscOnlyError>, nothing: String) -> Result<T, StartError> {
    match done {
        Err(PscOnlyError::Changed) => Err(nothing.into()),
        other => Ok(other?),
    }
}
