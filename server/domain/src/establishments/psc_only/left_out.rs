//! The mail to people who have a local account only, when their establishment begins to accept Pro Santé Connect alone. A notice
//! about one's own access: nobody can refuse it.

use model::{
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

/// Whose way in is closed, and where.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct LeftOut {
    user: UserId,
    establishment: EstablishmentId,
}

/// Adds a mail to each of them to the transaction.
pub(super) async fn tell(d: &Domain, tx: &mut PgConnection, id: EstablishmentId) -> Result<(), Fault> {
    let Some(psc) = &d.psc else { return Ok(()) };
    let people = sqlx::query_scalar!(
        "SELECT u.id FROM control.memberships m JOIN control.users u ON u.id = m.user_id
         WHERE m.establishment_id = $1 AND m.disabled_at IS NULL AND u.disabled_at IS NULL AND u.email IS NOT NULL
             AND NOT EXISTS (SELECT FROM control.psc_identities i WHERE i.user_id = u.id AND i.issuer = $2)",
        id.0,
        psc.settings.issuer
    )
    .fetch_all(&mut *tx)
    .await?;
    let mail = |user| Work::Mail { letter: Letter::LeftOut(LeftOut { user, establishment: id }) };
    let mails: Vec<_> = people.into_iter().map(|user| mail(UserId(user))).collect();
    // At once: everybody's membership is locked meanwhile.
    jobs::enqueue_own_each(d, tx, &mails).await
}

/// Writes the mail, while the establishment stays so and the person belongs to it without being recognised.
pub(crate) async fn draft(d: &Domain, left_out: &LeftOut) -> Result<Option<Draft>, Fault> {
    let Some(psc) = &d.psc else { return Ok(None) };
    let place = sqlx::query_scalar!(
        r#"SELECT e.name || ' (' || e.town || ')' AS "place!" FROM control.establishments e
           JOIN control.memberships m ON m.establishment_id = e.id AND m.user_id = $2 AND m.disabled_at IS NULL
           WHERE e.id = $1 AND e.status = 'active' AND e.psc_only
             AND NOT EXISTS (SELECT FROM control.psc_identities i WHERE i.user_id = m.user_id AND i.issuer = $3)"#,
        left_out.establishment.0,
        left_out.user.0,
        psc.settings.issuer
    )
    .fetch_optional(&d.db.pool)
    .await?;
    let Some(place) = place else { return Ok(None) };
    let to = format!("{}/portal/sign-in", d.policy.public_url);
    Draft::to(d, left_out.user, |language| words(language, &place, to)).await
}

fn words(language: Language, place: &str, to: String) -> Words {
    let (subject, paragraphs, label) = match language {
        Language::Fr => (
            "CareLink\u{a0}: Pro Santé Connect est maintenant demandé",
            vec![
                format!("Pour ouvrir CareLink, {place} n’accepte plus que Pro Santé Connect. Votre mot de passe et vos clés d’accès n’y ouvrent plus rien, et vos sessions y sont fermées."),
                "Avec une carte CPS ou l’e-CPS\u{a0}: si votre compte ouvre aussi un autre établissement, entrez-y d’abord et reliez-la sur la page «\u{a0}Mon compte\u{a0}»\u{a0}; sinon, connectez-vous par Pro Santé Connect et demandez l’accès à l’établissement. Sans elles, adressez-vous à un administrateur de l’établissement.".to_owned(),
            ],
            "Se connecter",
        ),
        Language::En => (
            "CareLink: Pro Santé Connect is needed now",
            vec![
                format!("To open CareLink, {place} accepts Pro Santé Connect only. Your password and your passkeys open nothing there any more, and your sessions there are closed."),
                "With a CPS card or the e-CPS: if your account opens another establishment too, go in there first and link it on the page “My account”; otherwise sign in with Pro Santé Connect and ask the establishment to be let in. Without them, turn to an administrator of the establishment.".to_owned(),
            ],
            "Sign in",
        ),
    };
    Words {
        subject: subject.to_owned(),
        paragraphs,
        action: Some(Link { label, to }),
        after: vec![],
        not_me: None,
    }
}
