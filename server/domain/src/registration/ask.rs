//! Asking for an establishment, and the mail that asks the address whether it was it.

use jiff_sqlx::ToSqlx;
use model::{
    ids::EstablishmentId,
    registration::{Registration, RegistrationMode},
    roles::Role,
    time::Language,
};

use super::open::hash;
use crate::{
    Domain, Fault, Origin,
    audit::{self, PlatformAct},
    clock, establishments,
    fault::fault_from,
    jobs::{self, Work},
    limits::{self, Limited, TooMany},
    mail::{Draft, Letter, Link, Words},
};

/// How long the link is good, in hours.
const HOURS: i64 = 24;

/// Why nothing was registered.
#[derive(Debug, thiserror::Error)]
pub enum RegisterError {
    /// Nobody registers establishments on this server.
    #[error("registration is closed")]
    Closed,
    /// Too many mails to the address, or asked for from where the request came.
    #[error("too many")]
    TooMany(TooMany),
    /// An incident.
    #[error(transparent)]
    Fault(#[from] Fault),
}
fault_from!(RegisterError);

impl From<Limited> for RegisterError {
    fn from(limited: Limited) -> Self {
        match limited {
            Limited::TooMany(wait) => Self::TooMany(wait),
            Limited::Fault(fault) => Self::Fault(fault),
        }
    }
}

/// Registers an establishment, as far as nobody has to believe anything yet: a link goes to the address. The answer is the same
/// for any address, and takes the same time.
///
/// # Errors
/// See [`RegisterError`].
pub async fn register(d: &Domain, origin: Origin, new: &Registration) -> Result<(), RegisterError> {
    if d.policy.identity.registration == RegistrationMode::Closed {
        return Err(RegisterError::Closed);
    }
    limits::register(d, origin.address, &new.email).await?;
    let now = d.now();
    let id = EstablishmentId(d.random.uuid(now)?);
    let mut tx = d.db.pool.begin().await?;
    sqlx::query!(
        "INSERT INTO control.registrations (id, name, town, kind, finess, given_name, family_name, email, language, asked_at,
             expires_at, search_text, role)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)",
        id.0,
        new.name().as_str(),
        new.town().as_str(),
        new.kind().as_str(),
        new.finess().map(AsRef::as_ref),
        new.given_name.as_str(),
        new.family_name.as_str(),
        new.email.as_ref(),
        new.language.tag(),
        now.to_sqlx() as _,
        clock::minutes(now, HOURS * 60).to_sqlx() as _,
        establishments::fold(&format!("{} {}", new.name(), new.town())),
        new.role.map(Role::as_str)
    )
    .execute(&mut *tx)
    .await?;
    jobs::enqueue_own(d, &mut tx, Work::Mail { letter: Letter::Registration { id } }).await?;
    let act = PlatformAct {
        establishment: Some(id),
        origin: Some(origin),
        ..PlatformAct::done("registration.ask")
    };
    audit::platform(d, &mut tx, act).await?;
    tx.commit().await?;
    Ok(())
}

/// Writes the mail, and makes its link.
pub(crate) async fn draft(d: &Domain, id: EstablishmentId) -> Result<Option<Draft>, Fault> {
    let token = crate::identity::new_token(d)?;
    let row = sqlx::query!(
        "UPDATE control.registrations SET token_hash = $2 WHERE id = $1 AND confirmed_at IS NULL AND expires_at > $3
         RETURNING email, language",
        id.0,
        hash(d, &token),
        d.now().to_sqlx() as _
    )
    .fetch_optional(&d.db.pool)
    .await?;
    let Some(row) = row else { return Ok(None) };
    let Ok(to) = row.email.parse() else { return Ok(None) };
    let language = Language::from_tag(&row.language).unwrap_or_default();
    let link = format!("{}/portal/registration?t={token}", d.policy.public_url);
    Ok(Some(Draft { to, language, name: None, words: words(language, link) }))
}

/// Nothing that was typed stands in it: anybody can have it sent to anybody, and it must not carry their words.
fn words(language: Language, to: String) -> Words {
    let (subject, first, label, after) = match language {
        Language::Fr => (
            "CareLink\u{a0}: confirmer l’inscription d’un établissement",
            "Un établissement vient d’être inscrit sur CareLink avec votre adresse comme celle de son premier administrateur. Pour voir ce qui a été indiqué et le confirmer, ouvrez ce lien\u{a0}:",
            "Voir et confirmer l’inscription",
            [
                "Le lien sert pendant 24 heures.",
                "Si vous n’avez rien demandé, ne faites rien\u{a0}: rien n’est créé sans votre confirmation.",
            ],
        ),
        Language::En => (
            "CareLink: confirm the registration of an establishment",
            "An establishment has just been registered on CareLink with your address as its first administrator’s. To see what was given and confirm it, open this link:",
            "See and confirm the registration",
            [
                "The link is good for 24 hours.",
                "If you did not ask for anything, do nothing: nothing is created unless you confirm it.",
            ],
        ),
    };
    Words {
        subject: subject.to_owned(),
        paragraphs: vec![first.to_owned()],
        action: Some(Link { label, to }),
        after: after.map(str::to_owned).to_vec(),
        not_me: None,
    }
}
