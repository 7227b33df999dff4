//! `carelink admin create-user | add-member | reset-password`.

use clap::Subcommand;
use domain::{
    Domain,
    members::{self, AddError},
};
use model::{
    identity::{Email, Password},
    members::NewMember,
    roles::Role,
    text::PersonName,
};

use super::{OPERATOR, find};
use crate::start::StartError;

/// Commands about people.
#[derive(Debug, Subcommand)]
pub enum People {
    /// Create an account; with an establishment and roles, a member of it.
    CreateUser {
        /// E-mail.
        #[arg(long)]
        email: Email,
        /// Given name.
        #[arg(long)]
        given_name: PersonName,
        /// Family name.
        #[arg(long)]
        family_name: PersonName,
        /// First password; read from standard input unless given.
        #[arg(long)]
        password: Option<String>,
        /// Slug of the establishment.
        #[arg(long, requires = "role")]
        establishment: Option<String>,
        /// Role there; may be given several times.
        #[arg(long)]
        role: Vec<Role>,
        /// Answers registrations in the portal; sees nothing of an establishment.
        #[arg(long)]
        platform_administrator: bool,
    },
    /// Make somebody who has an account a member of one more establishment. Make sure that the account is theirs.
    AddMember {
        /// E-mail of the account.
        #[arg(long)]
        email: Email,
        /// Slug of the establishment.
        #[arg(long)]
        establishment: String,
        /// Role there; may be given several times.
        #[arg(long, required = true)]
        role: Vec<Role>,
    },
    /// Set a person's password and end their sessions.
    ResetPassword {
        /// E-mail.
        #[arg(long)]
        email: Email,
        /// New password; read from standard input unless given.
        #[arg(long)]
        password: Option<String>,
    },
}

/// Runs a command and prints its answer.
///
/// # Errors
/// A sentence.
pub async fn run(d: &Domain, command: People) -> Result<(), StartError> {
    match command {
        People::CreateUser {
            email,
            given_name,
            family_name,
            password,
            establishment,
            role,
            platform_administrator,
        } => {
            let new = NewMember {
                given_name,
                family_name,
                email: email.clone(),
                roles: role.into(),
                password: Some(password_or_input(password).await?),
            };
            let place = match establishment {
                Some(slug) => Some(find(d, &slug).await?),
                None => None,
            };
            match members::create_user(d, &OPERATOR, &new, place, platform_administrator).await {
                Err(AddError::HasAccount) => {
                    return Err("this e-mail address has an account already, and nothing was changed: admin add-member makes its owner a member, admin reset-password sets its password".into());
                }
                other => other?,
            };
            println!("{} can sign in at {}/portal", email.as_ref(), d.policy.public_url);
        }
        People::AddMember { email, establishment, role } => {
            let place = find(d, &establishment).await?;
            let (_, name) = members::join(d, &OPERATOR, &email, place, &role.into()).await?;
            println!("{name} ({}) is a member of {establishment} now", email.as_ref());
        }
        People::ResetPassword { email, password } => {
            if !members::reset_password(d, &OPERATOR, &email, &password_or_input(password).await?).await? {
                return Err("nobody has this e-mail address".into());
            }
            println!("the password is set; open sessions have ended");
        }
    }
    Ok(())
}

async fn password_or_input(given: Option<String>) -> Result<Password, StartError> {
    if let Some(given) = given {
        return Ok(Password::new(given));
    }
    eprintln!("password (one line on standard input):");
    // Aside, or nobody could leave with Ctrl-C.
    let line = tokio::task::spawn_blocking(|| std::io::stdin().lines().next().transpose()).await??;
    Ok(Password::new(line.unwrap_or_default()))
}
