//! Mails to the administrators of an establishment about what waits for them there. Who doesn't want a kind gets none of it.

use model::{
    account::MailTopic,
    ids::{EstablishmentId, UserId},
    time::Language,
};
use serde::{Deserialize, Serialize};
use sqlx::PgConnection;

use crate::{
    Domain, Fault,
    jobs::{self, Work},
    mail::{Draft, Letter, Link, Words},
};

/// What an administrator is told.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Told {
    user: UserId,
    establishment: EstablishmentId,
    about: About,
}

/// What happened.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "about")]
pub(crate) enum About {
    /// Somebody asks to be let in.
    AccessRequest {
        /// Who.
        by: UserId,
    },
    /// Somebody tries out codes.
    Guessing,
}

impl About {
    const fn topic(self) -> MailTopic {
        match self {
            Self::AccessRequest { .. } => MailTopic::AccessRequests,
            Self::Guessing => MailTopic::Guessing,
        }
    }
}

/// Adds a mail to each administrator who wants it to a transaction of `control`.
pub(crate) async fn tell_administrators(
    d: &Domain,
    tx: &mut PgConnection,
    establishment: EstablishmentId,
    about: About,
) -> Result<(), Fault> {
    let administrators = sqlx::query_scalar!(
        "SELECT u.id FROM control.memberships m JOIN control.users u ON u.id = m.user_id
         WHERE m.establishment_id = $1 AND 'administrator' = ANY (m.roles) AND m.disabled_at IS NULL
             AND u.disabled_at IS NULL AND u.email IS NOT NULL AND NOT ($2 = ANY (u.unwanted_mails))",
        establishment.0,
        about.topic().as_str()
    )
    .fetch_all(&mut *tx)
    .await?;
    for user in administrators.into_iter().map(UserId) {
        let letter = Letter::Administrator(Told { user, establishment, about });
        jobs::enqueue_own(d, &mut *tx, Work::Mail { letter }).await?;
    }
    Ok(())
}

/// Writes the mail, to somebody who is still an administrator there, about what still waits.
pub(crate) async fn draft(d: &Domain, told: &Told) -> Result<Option<Draft>, Fault> {
    let by = match told.about {
        About::AccessRequest { by } => Some(by.0),
        About::Guessing => None,
    };
    let row = sqlx::query!(
        r#"SELECT e.name || ' (' || e.town || ')' AS "place!",
               (SELECT u.given_name || ' ' || u.family_name FROM control.access_requests r JOIN control.users u ON u.id = r.user_id
                WHERE r.establishment_id = e.id AND r.user_id = $3) AS "by?"
           FROM control.establishments e JOIN control.memberships m ON m.establishment_id = e.id
           WHERE e.id = $1 AND e.status = 'active' AND m.user_id = $2 AND m.disabled_at IS NULL
               AND 'administrator' = ANY (m.roles)"#,
        told.establishment.0,
        told.user.0,
        by
    )
    .fetch_optional(&d.db.pool)
    .await?;
    let Some(row) = row else { return Ok(None) };
    let public_url = &d.policy.public_url;
    match (told.about, row.by) {
        (About::AccessRequest { .. }, Some(by)) => {
            let to = format!("{public_url}/portal/people");
            Draft::to(d, told.user, |language| asked(language, by.trim(), &row.place, to)).await
        }
        // Taken back, or answered.
        (About::AccessRequest { .. }, None) => Ok(None),
        (About::Guessing, _) => {
            let to = format!("{public_url}/portal/audit");
            Draft::to(d, told.user, |language| guessed(language, &row.place, to)).await
        }
    }
}

fn asked(language: Language, by: &str, place: &str, to: String) -> Words {
    match language {
        Language::Fr => words(
            language,
            "CareLink\u{a0}: une demande d’accès attend votre réponse".to_owned(),
            format!(
                "{by} demande à rejoindre {place}. Pro Santé Connect dit qui c’est\u{a0}; si la personne travaille chez vous, c’est à vous de le dire."
            ),
            Link { label: "Voir la demande", to },
        ),
        Language::En => words(
            language,
            "CareLink: a request for access waits for your answer".to_owned(),
            format!(
                "{by} asks to join {place}. Pro Santé Connect says who they are; whether they work with you is yours to say."
            ),
            Link { label: "See the request", to },
        ),
    }
}

fn guessed(language: Language, place: &str, to: String) -> Words {
    match language {
        Language::Fr => words(
            language,
            format!("CareLink\u{a0}: des codes sont essayés pour {place}"),
            "Beaucoup de codes faux ont été saisis en une heure. Ces essais sont freinés, et les liens et QR codes des patients continuent de servir. Si cela dure, prévenez le responsable informatique.".to_owned(),
            Link { label: "Voir le journal", to },
        ),
        Language::En => words(
            language,
            format!("CareLink: codes are being tried out for {place}"),
            "Many wrong codes were typed within an hour. These tries are slowed down, and the patients’ links and QR codes go on working. If it lasts, tell whoever looks after computers.".to_owned(),
            Link { label: "See the log", to },
        ),
    }
}

fn words(language: Language, subject: String, first: String, action: Link) -> Words {
    Words {
        subject,
        paragraphs: vec![first],
        action: Some(action),
        after: vec![stop(language).to_owned()],
        not_me: None,
    }
}

/// How to stop getting such mails.
pub(crate) const fn stop(language: Language) -> &'static str {
    match language {
        Language::Fr => "Vous pouvez ne plus recevoir ces messages\u{a0}: Mon compte, Messages par e-mail.",
        Language::En => "You can stop getting these messages: My account, Mails.",
    }
}
