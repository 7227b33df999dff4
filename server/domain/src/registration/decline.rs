//! An administrator of the platform turns a registration down: it is forgotten, and the address is told why.

use model::{identity::Email, ids::EstablishmentId, text::Reason, time::Language};
use serde::{Deserialize, Serialize};

use super::open::RegistrationError;
use crate::{
    Domain, Fault, PlatformAdmin,
    audit::{self, PlatformAct},
    jobs::{self, Work},
    mail::{Draft, Letter, Words, colon},
};

/// A registration that was turned down: all that is left of it.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Declined {
    to: Email,
    language: Language,
    /// Name and town.
    place: String,
    reason: Reason,
}

/// Turns a registration down, for a reason that the address is told.
///
/// # Errors
/// [`RegistrationError::NotFound`], also when its opening has begun; an incident.
pub async fn decline(
    d: &Domain,
    who: &PlatformAdmin,
    id: EstablishmentId,
    reason: &Reason,
) -> Result<(), RegistrationError> {
    who.must_be_fresh(d)?;
    let mut tx = d.db.pool.begin().await?;
    let row = sqlx::query!(
        "DELETE FROM control.registrations WHERE id = $1 AND confirmed_at IS NOT NULL AND approved_at IS NULL
         RETURNING name, town, email, language",
        id.0
    )
    .fetch_optional(&mut *tx)
    .await?
    .ok_or(RegistrationError::NotFound)?;
    let declined = Declined {
        to: row.email.parse().map_err(|_| Fault::Data("a registration's address".into()))?,
        language: Language::from_tag(&row.language).unwrap_or_default(),
        place: format!("{} ({})", row.name, row.town),
        reason: reason.clone(),
    };
    jobs::enqueue_own(d, &mut tx, Work::Mail { letter: Letter::RegistrationDeclined(declined) }).await?;
    let act = PlatformAct {
        reason: Some(reason.as_ref()),
        ..PlatformAct::by_platform(who, "registration.decline", id)
    };
    audit::platform(d, &mut tx, act).await?;
    tx.commit().await?;
    Ok(())
}

/// Writes the mail.
pub(crate) fn draft(declined: &Declined) -> Draft {
    let Declined { to, language, place, reason } = declined;
    let (subject, first, why) = match language {
        Language::Fr => (
            "CareLink\u{a0}: inscription non retenue".to_owned(),
            format!(
                "L’inscription de {place} sur CareLink n’a pas été retenue. Rien n’a été créé, et ce que vous aviez indiqué est effacé."
            ),
            "Motif",
        ),
        Language::En => (
            "CareLink: registration not accepted".to_owned(),
            format!(
                "The registration of {place} on CareLink was not accepted. Nothing was created, and what you had given is erased."
            ),
            "Reason",
        ),
    };
    Draft {
        to: to.clone(),
        language: *language,
        name: None,
        words: Words {
            subject,
            paragraphs: vec![first, format!("{why}{}{reason}", colon(*language))],
            action: None,
            after: vec![],
            not_me: None,
        },
    }
}
