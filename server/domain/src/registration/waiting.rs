//! Registrations that wait for the platform's administrators, and telling them.

use jiff_sqlx::ToSqlx;
use model::{
    account::MailTopic,
    ids::{EstablishmentId, UserId},
    registration::WaitingRegistration,
    time::Language,
};
use serde::{Deserialize, Serialize};
use sqlx::PgConnection;

use crate::{
    Domain, Fault, PlatformAdmin, Refused,
    clock::moment,
    establishments,
    jobs::{self, Work},
    mail::{Draft, Letter, Link, Words},
    members,
};

/// Most that are shown: whoever has so many answers some before they look at others.
const MOST: i64 = 100;

/// Registrations that wait, the oldest first, a hundred at most.
///
/// # Errors
/// An incident.
pub async fn waiting(d: &Domain, _who: &PlatformAdmin) -> Result<Vec<WaitingRegistration>, Refused> {
    let rows = sqlx::query!(
        r#"SELECT r.id, r.name, r.town, r.kind, r.finess, r.given_name || ' ' || r.family_name AS "administrator!", r.email,
               r.confirmed_at AS "confirmed_at!",
               ARRAY(SELECT e.name || ' (' || e.town || ')' FROM control.establishments e
                     WHERE e.id <> r.id AND (e.finess = r.finess
                         OR (lower(e.name) = lower(r.name) AND lower(e.town) = lower(r.town)))
                     ORDER BY e.name LIMIT 5) AS "alike!"
           FROM control.registrations r WHERE r.confirmed_at IS NOT NULL AND r.expires_at > $1
           ORDER BY r.confirmed_at, r.id LIMIT $2"#,
        d.now().to_sqlx() as _,
        MOST
    )
    .fetch_all(&d.db.pool)
    .await?;
    let zone = establishments::default_zone();
    let found = rows.into_iter().map(|row| WaitingRegistration {
        id: EstablishmentId(row.id),
        name: row.name,
        town: row.town,
        kind: row.kind.parse().unwrap_or_default(),
        finess: row.finess,
        administrator: row.administrator,
        email: row.email,
        confirmed_at: moment(row.confirmed_at.to_jiff(), &zone),
        alike: row.alike,
    });
    Ok(found.collect())
}

/// One more waits: somebody who may decide is written to.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Waiting {
    user: UserId,
    id: EstablishmentId,
}

/// Tells the platform's administrators, those who want it, in the transaction that makes it wait.
pub(super) async fn tell(d: &Domain, tx: &mut PgConnection, id: EstablishmentId) -> Result<(), Fault> {
    let administrators = sqlx::query_scalar!(
        "SELECT id FROM control.users WHERE platform_administrator AND disabled_at IS NULL AND email IS NOT NULL
             AND NOT ($1 = ANY (unwanted_mails))",
        MailTopic::Registrations.as_str()
    )
    .fetch_all(&mut *tx)
    .await?;
    if administrators.is_empty() {
        tracing::warn!(
            "a registration waits, and no platform administrator is told: carelink admin list-registrations"
        );
    }
    for user in administrators.into_iter().map(UserId) {
        let letter = Letter::RegistrationWaiting(Waiting { user, id });
        jobs::enqueue_own(d, &mut *tx, Work::Mail { letter }).await?;
    }
    Ok(())
}

/// Writes the mail, unless somebody has decided meanwhile.
pub(crate) async fn draft(d: &Domain, waiting: &Waiting) -> Result<Option<Draft>, Fault> {
    let place = sqlx::query_scalar!(
        r#"SELECT name || ' (' || town || ')' AS "place!" FROM control.registrations WHERE id = $1 AND approved_at IS NULL"#,
        waiting.id.0
    )
    .fetch_optional(&d.db.pool)
    .await?;
    let Some(place) = place else { return Ok(None) };
    let to = format!("{}/portal/registrations", d.policy.public_url);
    Draft::to(d, waiting.user, |language| words(language, &place, to)).await
}

fn words(language: Language, place: &str, to: String) -> Words {
    let (subject, first, label) = match language {
        Language::Fr => (
            "CareLink\u{a0}: une inscription attend votre réponse",
            format!(
                "{place} demande à rejoindre ce serveur CareLink. L’adresse de son premier administrateur est vérifiée\u{a0}; qui il est, c’est à vous de le vérifier."
            ),
            "Voir les inscriptions",
        ),
        Language::En => (
            "CareLink: a registration waits for your answer",
            format!(
                "{place} asks to join this CareLink server. The address of its first administrator is verified; who they are is yours to verify."
            ),
            "See the registrations",
        ),
    };
    Words {
        subject: subject.to_owned(),
        paragraphs: vec![first],
        action: Some(Link { label, to }),
        after: vec![members::how_to_stop(language).to_owned()],
        not_me: None,
    }
}
