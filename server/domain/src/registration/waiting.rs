//! Registrations that wait for the platform's administrators, and telling them.

use jiff_sqlx::ToSqlx;
use model::{
    account::MailTopic,
    ids::{EstablishmentId, UserId},
    registration::{AwaitedAdministrator, Registrations, WaitingRegistration},
    time::Language,
};
use serde::{Deserialize, Serialize};
use sqlx::PgConnection;

use crate::{
    Domain, Fault, PlatformAdmin, Refused,
    clock::{self, moment},
    establishments,
    jobs::{self, Work},
    mail::{Draft, Letter, Link, Words},
    members,
};

/// Most that are shown: whoever has so many answers some before they look at others.
const MOST: i64 = 100;

/// How many registrations wait for an answer.
///
/// # Errors
/// An incident.
pub async fn registrations_waiting(d: &Domain, _who: &PlatformAdmin) -> Result<u32, Refused> {
    let n = sqlx::query_scalar!(
        r#"SELECT count(*) AS "n!" FROM control.registrations
           WHERE confirmed_at IS NOT NULL AND (expires_at > $1 OR approved_at IS NOT NULL)"#,
        d.now().to_sqlx() as _
    )
    .fetch_one(&d.db.pool)
    .await?;
    Ok(u32::try_from(n).unwrap_or(u32::MAX))
}

/// Registrations that wait, the oldest first, a hundred at most; and establishments whose first administrator is awaited.
///
/// # Errors
/// An incident.
pub async fn registrations(d: &Domain, _who: &PlatformAdmin) -> Result<Registrations, Refused> {
    let now = d.now();
    let rows = sqlx::query!(
        r#"SELECT r.id, r.name, r.town, r.kind, r.finess, r.given_name || ' ' || r.family_name AS "administrator!", r.email, r.role,
               r.confirmed_at AS "confirmed_at!", r.approved_at IS NOT NULL AS "approved!",
               ARRAY(SELECT e.name || ' (' || e.town || ')' FROM control.establishments e
                     WHERE e.id <> r.id AND (e.finess = r.finess OR regexp_replace(e.search_text, '[^a-z0-9]+', '', 'g')
                         = regexp_replace(r.search_text, '[^a-z0-9]+', '', 'g'))
                     UNION ALL
                     SELECT o.name || ' (' || o.town || ')' FROM control.registrations o
                     WHERE o.id <> r.id AND o.confirmed_at IS NOT NULL
                         AND (o.finess = r.finess OR regexp_replace(o.search_text, '[^a-z0-9]+', '', 'g')
                         = regexp_replace(r.search_text, '[^a-z0-9]+', '', 'g'))
                     LIMIT 5) AS "alike!"
           FROM control.registrations r
           WHERE r.confirmed_at IS NOT NULL AND (r.expires_at > $1 OR r.approved_at IS NOT NULL)
           ORDER BY r.confirmed_at, r.id LIMIT $2"#,
        now.to_sqlx() as _,
        MOST
    )
    .fetch_all(&d.db.pool)
    .await?;
    let zone = establishments::default_zone();
    let waiting = rows.into_iter().map(|row| WaitingRegistration {
        id: EstablishmentId(row.id),
        name: row.name,
        town: row.town,
        kind: row.kind.parse().unwrap_or_default(),
        finess: row.finess,
        administrator: row.administrator,
        role: row.role.and_then(|role| role.parse().ok()),
        email: row.email,
        confirmed_at: moment(row.confirmed_at.to_jiff(), &zone),
        alike: row.alike,
        approved: row.approved,
    });
    let awaited = sqlx::query!(
        "SELECT e.id, e.name, e.town, i.email, i.invited_at, i.expires_at FROM control.invitations i
         JOIN control.establishments e ON e.id = i.establishment_id AND e.status = 'active'
         WHERE i.by_platform ORDER BY i.invited_at, e.id LIMIT $1",
        MOST
    )
    .fetch_all(&d.db.pool)
    .await?;
    let awaited = awaited.into_iter().map(|row| AwaitedAdministrator {
        id: EstablishmentId(row.id),
        name: row.name,
        town: row.town,
        email: row.email,
        invited_at: moment(row.invited_at.to_jiff(), &zone),
        over: row.expires_at.to_jiff() <= now,
    });
    Ok(Registrations { waiting: waiting.collect(), awaited: awaited.collect() })
}

/// One more waits: somebody who may decide is written to.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Waiting {
    user: UserId,
    id: EstablishmentId,
}

/// Tells the platform's administrators, those who want it, in the transaction that makes it wait. They hear of the first one in
/// an hour, and see the others beside it.
pub(super) async fn tell(d: &Domain, tx: &mut PgConnection, id: EstablishmentId) -> Result<(), Fault> {
    let told = sqlx::query_scalar!(
        r#"SELECT EXISTS (SELECT FROM control.registrations WHERE id <> $1 AND approved_at IS NULL AND confirmed_at > $2) AS "told!""#,
        id.0,
        clock::minutes(d.now(), -60).to_sqlx() as _
    )
    .fetch_one(&mut *tx)
    .await?;
    if told {
        return Ok(());
    }
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

/// Writes the mail, unless somebody has decided meanwhile, or the person decides no more.
pub(crate) async fn draft(d: &Domain, waiting: &Waiting) -> Result<Option<Draft>, Fault> {
    let still = sqlx::query_scalar!(
        r#"SELECT EXISTS (SELECT FROM control.registrations WHERE id = $1 AND expires_at > $3)
               AND EXISTS (SELECT FROM control.users WHERE id = $2 AND platform_administrator
                           AND NOT ($4 = ANY (unwanted_mails))) AS "still!""#,
        waiting.id.0,
        waiting.user.0,
        d.now().to_sqlx() as _,
        MailTopic::Registrations.as_str()
    )
    .fetch_one(&d.db.pool)
    .await?;
    if !still {
        return Ok(None);
    }
    let to = format!("{}/portal/registrations", d.policy.public_url);
    Draft::to(d, waiting.user, |language| words(language, to)).await
}

/// Nothing of what a stranger typed stands in it.
fn words(language: Language, to: String) -> Words {
    let (subject, first, label) = match language {
        Language::Fr => (
            "CareLink\u{a0}: une inscription attend votre réponse",
            "Un établissement demande à rejoindre ce serveur CareLink. L’adresse de son premier administrateur est vérifiée\u{a0}; qui il est, c’est à vous de le vérifier.",
            "Voir les inscriptions",
        ),
        Language::En => (
            "CareLink: a registration waits for your answer",
            "An establishment asks to join this CareLink server. The address of its first administrator is verified; who they are is yours to verify.",
            "See the registrations",
        ),
    };
    Words {
        subject: subject.to_owned(),
        paragraphs: vec![first.to_owned()],
        action: Some(Link { label, to }),
        after: vec![members::how_to_stop(language).to_owned()],
        not_me: None,
    }
}
