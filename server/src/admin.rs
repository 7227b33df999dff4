//! `carelink admin …`: establishments and people, from the command line of whoever runs the server.

use std::path::PathBuf;

use clap::Subcommand;
use domain::{
    Domain, PlatformAdmin,
    establishments::{self, NewEstablishment},
    members,
};
use model::{
    establishments::{Finess, Slug},
    identity::{Email, Password},
    members::NewMember,
    roles::Role,
    text::{EstablishmentName, PersonName, Town},
};

use crate::start::StartError;

/// Commands of the administrator.
#[derive(Debug, Subcommand)]
pub enum Admin {
    /// Create an establishment.
    CreateEstablishment {
        /// Name shown to patients.
        #[arg(long)]
        name: String,
        /// Town.
        #[arg(long)]
        town: String,
        /// Part of its address; made of the name unless given.
        #[arg(long)]
        slug: Option<String>,
        /// Kind.
        #[arg(long, default_value = "other", value_parser = ["pharmacy", "home_care", "hospital", "practice", "other"])]
        kind: String,
        /// FINESS number of the site.
        #[arg(long)]
        finess: Option<String>,
    },
    /// Create an account; with an establishment and roles, a member of it.
    CreateUser {
        /// E-mail.
        #[arg(long)]
        email: String,
        /// Given name.
        #[arg(long)]
        given_name: String,
        /// Family name.
        #[arg(long)]
        family_name: String,
        /// First password; read from standard input unless given.
        #[arg(long)]
        password: Option<String>,
        /// Slug of the establishment.
        #[arg(long, requires = "role")]
        establishment: Option<String>,
        /// Role there; may be given several times.
        #[arg(long)]
        role: Vec<String>,
        /// May create establishments.
        #[arg(long)]
        platform_administrator: bool,
    },
    /// Set a person's password and end their sessions.
    ResetPassword {
        /// E-mail.
        #[arg(long)]
        email: String,
        /// New password; read from standard input unless given.
        #[arg(long)]
        password: Option<String>,
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
}

/// Runs a command and prints its answer.
///
/// # Errors
/// A sentence.
pub async fn run(d: &Domain, command: Admin) -> Result<(), StartError> {
    let who = PlatformAdmin { user: None };
    match command {
        Admin::CreateEstablishment { name, town, slug, kind, finess } => {
            let new = NewEstablishment {
                name: name.parse::<EstablishmentName>()?,
                town: town.parse::<Town>()?,
                slug: slug.map(|slug| slug.parse::<Slug>()).transpose()?,
                kind,
                finess: finess.map(|number| number.parse::<Finess>()).transpose()?,
            };
            let card = establishments::create(d, &who, &new).await?;
            println!("{} is ready: {}/d/{}", card.name, d.policy.public_url, card.slug);
        }
        Admin::CreateUser {
            email,
            given_name,
            family_name,
            password,
            establishment,
            role,
            platform_administrator,
        } => {
            let roles: Vec<Role> = role.iter().map(|name| name.parse()).collect::<Result<_, _>>()?;
            let new = NewMember {
                given_name: given_name.parse::<PersonName>()?,
                family_name: family_name.parse::<PersonName>()?,
                email: email.parse::<Email>()?,
                roles: roles.into(),
                password: Some(password_or_input(password)?),
            };
            let place = match establishment {
                Some(slug) => Some(find(d, &slug).await?),
                None => None,
            };
            members::create_user(d, &who, &new, place, platform_administrator).await?;
            println!("{email} can sign in at {}/portal", d.policy.public_url);
        }
        Admin::ResetPassword { email, password } => {
            let email: Email = email.parse()?;
            if !members::reset_password(d, &who, &email, &password_or_input(password)?).await? {
                return Err("nobody has this e-mail address".into());
            }
            println!("the password is set; open sessions have ended");
        }
        Admin::ExportEstablishment { slug, folder } => {
            establishments::export(d, &who, find(d, &slug).await?, &folder).await?;
            println!("{slug} is in {}", folder.display());
        }
        Admin::ImportEstablishment { folder } => {
            let id = establishments::import(d, &who, &folder).await?;
            println!("establishment {id} is back");
        }
    }
    Ok(())
}

async fn find(d: &Domain, slug: &str) -> Result<model::ids::EstablishmentId, StartError> {
    let found = establishments::by_slug(d, &slug.parse()?).await?;
    Ok(found.ok_or_else(|| format!("no establishment {slug}"))?.card.id)
}

fn password_or_input(given: Option<String>) -> Result<Password, StartError> {
    if let Some(given) = given {
        return Ok(Password::new(given));
    }
    eprintln!("password (one line on standard input):");
    let mut line = String::new();
    std::io::stdin().read_line(&mut line)?;
    Ok(Password::new(line.trim_end_matches(['\r', '\n'])))
}
