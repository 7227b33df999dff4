//! The mail to somebody who asked to be let in, where an address of theirs is known: Pro Santé Connect gives none.

use model::{
    ids::{EstablishmentId, UserId},
    time::Language,
};
use serde::{Deserialize, Serialize};

use crate::{
    Domain, Fault,
    mail::{Draft, Link, Words},
};

/// An answer to a request.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Answered {
    pub user: UserId,
    pub establishment: EstablishmentId,
    pub accepted: bool,
}

/// Writes the mail.
pub(crate) async fn draft(d: &Domain, answered: &Answered) -> Result<Option<Draft>, Fault> {
    let place = sqlx::query_scalar!(
        r#"SELECT name || ' (' || town || ')' AS "place!" FROM control.establishments WHERE id = $1 AND status = 'active'"#,
        answered.establishment.0
    )
    .fetch_optional(&d.db.pool)
    .await?;
    let Some(place) = place else { return Ok(None) };
    let to = format!("{}/portal", d.policy.public_url);
    Draft::to(d, answered.user, |language| words(language, &place, answered.accepted, to)).await
}

fn words(language: Language, place: &str, accepted: bool, to: String) -> Words {
    let (subject, first, label) = match (language, accepted) {
        (Language::Fr, true) => (
            "CareLink\u{a0}: votre demande d’accès est acceptée",
            format!("Vous faites maintenant partie de {place}."),
            "Ouvrir CareLink",
        ),
        (Language::Fr, false) => (
            "CareLink\u{a0}: votre demande d’accès n’est pas acceptée",
            format!(
                "{place} n’a pas accepté votre demande. Pour en parler, adressez-vous à l’établissement."
            ),
            "Ouvrir CareLink",
        ),
        (Language::En, true) => (
            "CareLink: your request for access is accepted",
            format!("You belong to {place} now."),
            "Open CareLink",
        ),
        (Language::En, false) => (
            "CareLink: your request for access is not accepted",
            format!("{place} did not accept your request. To talk about it, turn to the establishment."),
            "Open CareLink",
        ),
    };
    Words {
        subject: subject.to_owned(),
        paragraphs: vec![first],
        action: Some(Link { label, to }),
        after: vec![],
        not_me: None,
    }
}
