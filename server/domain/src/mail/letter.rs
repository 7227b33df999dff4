//! The kinds of mails, as jobs keep them, and sending one.

use model::{
    identity::Email,
    ids::{EstablishmentId, InvitationId, UserId},
    time::Language,
};
use serde::{Deserialize, Serialize};

use super::{render::render, words::Words};
use crate::{
    Domain, Fault, establishments,
    identity::{email, notices, reset},
    limits, members, registration,
};

/// A mail to be written. What it needs beyond these few words is looked up when it is sent.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(tag = "letter", rename_all = "snake_case")]
pub(crate) enum Letter {
    /// Somebody wants a new password for an address, which may be nobody's.
    Reset(reset::Asked),
    /// Something happened to a person's access.
    Notice(notices::Happened),
    /// One of two mailboxes is to confirm another address.
    ConfirmEmail(email::Confirm),
    /// An invitation into an establishment.
    Invitation {
        /// Which one.
        id: InvitationId,
    },
    /// A mailbox is to confirm that an establishment was registered.
    Registration {
        /// The establishment's future id.
        id: EstablishmentId,
    },
    /// Something waits for an administrator of an establishment.
    Administrator(members::Told),
    /// Somebody who asked to be let in is answered.
    Answered(members::Answered),
    /// An establishment lets somebody in no more without Pro Santé Connect.
    LeftOut(establishments::LeftOut),
    /// A registration waits for the platform's administrators.
    RegistrationWaiting(registration::Waiting),
    /// Many accounts fail to sign in: the platform's administrators are told.
    Stuffing(limits::Stuffing),
    /// A registration was turned down.
    RegistrationDeclined(registration::Declined),
}

/// A letter with its words, and to whom it goes.
pub(crate) struct Draft {
    /// Where to.
    pub to: Email,
    /// In which language.
    pub language: Language,
    /// The person's name, where the address is known to be theirs.
    pub name: Option<String>,
    /// What it says.
    pub words: Words,
}

impl Draft {
    /// To somebody with an account, in their language; `None` without a usable address.
    pub async fn to(
        d: &Domain,
        user: UserId,
        words: impl FnOnce(Language) -> Words,
    ) -> Result<Option<Self>, Fault> {
        let row = sqlx::query!(
            "SELECT email, given_name, family_name, language FROM control.users WHERE id = $1 AND disabled_at IS NULL",
            user.0
        )
        .fetch_optional(&d.db.pool)
        .await?;
        Ok(row.and_then(|row| {
            let language = Language::from_tag(&row.language).unwrap_or_default();
            Some(Self {
                to: row.email?.parse().ok()?,
                language,
                name: Some(format!("{} {}", row.given_name, row.family_name)),
                words: words(language),
            })
        }))
    }
}

/// Writes a letter and hands it over. There may be nobody to write to: then nothing is sent, and nobody learns that.
pub(crate) async fn send(d: &Domain, letter: &Letter) -> Result<(), Fault> {
    let draft = match letter {
        Letter::Reset(asked) => reset::draft(d, asked).await?,
        Letter::Notice(happened) => notices::draft(d, happened).await?,
        Letter::ConfirmEmail(confirm) => email::draft(d, confirm).await?,
        Letter::Invitation { id } => members::invitation_draft(d, *id).await?,
        Letter::Registration { id } => registration::draft(d, *id).await?,
        Letter::Administrator(told) => members::administrator_draft(d, told).await?,
        Letter::Answered(answered) => members::answered_draft(d, answered).await?,
        Letter::LeftOut(left_out) => establishments::left_out_draft(d, left_out).await?,
        Letter::RegistrationWaiting(waiting) => registration::draft_waiting(d, waiting).await?,
        Letter::Stuffing(stuffing) => limits::stuffing_draft(d, stuffing).await?,
        Letter::RegistrationDeclined(declined) => Some(registration::draft_declined(declined)),
    };
    let Some(draft) = draft else { return Ok(()) };
    let mail = render(draft.to, draft.language, draft.name.as_deref(), &draft.words, &d.policy.public_url);
    d.mailer.deliver(mail).await.map_err(|error| Fault::Mail(error.0))
}
