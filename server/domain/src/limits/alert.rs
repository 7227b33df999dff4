//! What the platform's administrators are told when many accounts fail at once.

use jiff::Timestamp;
use jiff_sqlx::ToSqlx;
use model::{ids::UserId, time::Language};
use serde::{Deserialize, Serialize};
use sqlx::PgConnection;

use crate::{
    Domain, Fault, clock, establishments,
    jobs::{self, Work},
    mail::{Draft, Letter, Words},
};

/// Many accounts fail: one of the platform's administrators is written to.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Stuffing {
    user: UserId,
    accounts: u32,
    at: Timestamp,
}

/// Tells each of them, in the transaction that records it; once in an hour, however long it goes on. It is no choice: whoever
/// attacks would turn it off first.
pub(super) async fn tell(d: &Domain, tx: &mut PgConnection, accounts: u32) -> Result<(), Fault> {
    let (at, before) = (d.now(), clock::minutes(d.now(), -60));
    let administrators = sqlx::query_scalar!(
        "SELECT id FROM control.users WHERE platform_administrator AND disabled_at IS NULL AND email IS NOT NULL
           AND NOT EXISTS (SELECT FROM control.audit WHERE action = 'identity.stuffing' AND at > $1)",
        before.to_sqlx() as _
    )
    .fetch_all(&mut *tx)
    .await?;
    for user in administrators.into_iter().map(UserId) {
        let letter = Letter::Stuffing(Stuffing { user, accounts, at });
        jobs::enqueue_own(d, &mut *tx, Work::Mail { letter }).await?;
    }
    Ok(())
}

/// Writes the mail.
pub(crate) async fn draft(d: &Domain, stuffing: &Stuffing) -> Result<Option<Draft>, Fault> {
    let delay = d.policy.limits.stuffing_delay_seconds;
    let at = clock::moment(stuffing.at, &establishments::default_zone());
    Draft::to(d, stuffing.user, |language| {
        let (accounts, at) = (stuffing.accounts, at.date_time(language));
        let (subject, paragraphs) = match language {
            Language::Fr => (
                "CareLink\u{a0}: de nombreuses connexions échouent",
                [
                    format!(
                        "Le {at}, {accounts} comptes différents avaient reçu un mauvais mot de passe en dix minutes\u{a0}: quelqu’un essaie sans doute une liste de mots de passe volés."
                    ),
                    format!(
                        "Les connexions par mot de passe attendent désormais {delay}\u{a0}secondes, pour tout le monde, tant que cela dure. Celles par Pro Santé Connect ou par clé d’accès n’attendent pas."
                    ),
                    "Les comptes qui ont un deuxième facteur restent protégés. Le journal du serveur et celui du relais placé devant disent de quelles adresses viennent les essais\u{a0}: elles peuvent y être bloquées.".to_owned(),
                ],
            ),
            Language::En => (
                "CareLink: many sign-ins fail",
                [
                    format!(
                        "On {at}, {accounts} different accounts had been given a wrong password within ten minutes: somebody probably tries out a list of stolen passwords."
                    ),
                    format!(
                        "Sign-ins with a password wait {delay} seconds from now on, everybody’s, for as long as it lasts. Those with Pro Santé Connect or a passkey don’t wait."
                    ),
                    "Accounts with a second factor stay protected. The logs of the server and of the proxy before it say from which addresses the attempts come: they can be blocked there.".to_owned(),
                ],
            ),
        };
        Words { subject: subject.to_owned(), paragraphs: paragraphs.into(), action: None, after: vec![], not_me: None }
    })
    .await
}
