//! Inviting somebody by mail. The administrator learns nothing of the address: not whether anybody has an account with it.
//!
//! What is done once the link was opened stands in `invited.rs`.

use jiff_sqlx::ToSqlx;
use model::{
    identity::Email,
    ids::{EstablishmentId, InvitationId, UserId},
    members::{Invitation, Invite},
    roles::{Role, Roles},
    time::Language,
};
use sqlx::PgConnection;

use crate::{
    Admin, Domain, Fault, Refused, Staff, StepUp,
    audit::{self, Act, PlatformAct},
    clock::{self, moment},
    db::TenantTx,
    establishments,
    fault::fault_from,
    jobs::{self, Work},
    limits::{self, Limited, TooMany},
    mail::{Draft, Letter, Link, Words},
    vault::Purpose,
};

/// How long an invitation is good, from the last time it was sent.
pub(crate) const DAYS: i64 = 7;
/// Invitations of one establishment that are open at once; more than a page shows.
const MOST: i64 = 200;

/// Why nobody was invited.
#[derive(Debug, thiserror::Error)]
pub enum InviteError {
    /// Somebody with this address belongs already.
    #[error("already a member")]
    AlreadyMember,
    /// No role was given.
    #[error("at least one role is needed")]
    NoRole,
    /// No such invitation (any more).
    #[error("not found")]
    NotFound,
    /// Too many mails to the address or of the establishment, or too many invitations are open.
    #[error("too many")]
    TooMany(TooMany),
    /// A second factor must be shown again first.
    #[error(transparent)]
    StepUp(#[from] StepUp),
    /// An incident.
    #[error(transparent)]
    Fault(#[from] Fault),
}
fault_from!(InviteError);

impl From<Limited> for InviteError {
    fn from(limited: Limited) -> Self {
        match limited {
            Limited::TooMany(wait) => Self::TooMany(wait),
            Limited::Fault(fault) => Self::Fault(fault),
        }
    }
}

/// Invites somebody, or the same person again with other roles: the earlier link ends.
///
/// # Errors
/// See [`InviteError`].
pub async fn invite(d: &Domain, who: &Admin, new: &Invite) -> Result<InvitationId, InviteError> {
    if new.roles.is_empty() {
        return Err(InviteError::NoRole);
    }
    let staff = who.staff();
    staff.must_be_fresh(d)?;
    let member = sqlx::query_scalar!(
        r#"SELECT EXISTS (SELECT FROM control.memberships m JOIN control.users u ON u.id = m.user_id
                          WHERE m.establishment_id = $1 AND u.email = $2) AS "member!""#,
        staff.establishment.0,
        new.email.as_ref()
    )
    .fetch_one(&d.db.pool)
    .await?;
    if member {
        return Err(InviteError::AlreadyMember);
    }
    limits::invite(d, staff.establishment, &new.email).await?;
    let now = d.now();
    let mut tx = d.db.pool.begin().await?;
    let id = sqlx::query_scalar!(
        "INSERT INTO control.invitations AS i (id, establishment_id, email, roles, language, invited_by, invited_at, expires_at)
         SELECT $1, $2, $3, $4, $5, $6, $7, $8
         WHERE (SELECT count(*) FROM control.invitations WHERE establishment_id = $2 AND email <> $3 AND expires_at > $7) < $9
         ON CONFLICT (establishment_id, email) DO UPDATE
             SET roles = $4, language = $5, invited_by = $6, invited_at = $7, expires_at = $8, token_hash = NULL,
                 by_platform = false, given_name = NULL, family_name = NULL
         RETURNING id",
        d.random.uuid(now)?,
        staff.establishment.0,
        new.email.as_ref(),
        &new.roles.names(),
        new.language.tag(),
        staff.user.0,
        now.to_sqlx() as _,
        clock::days(now, DAYS).to_sqlx() as _,
        MOST
    )
    .fetch_optional(&mut *tx)
    .await?
    .map(InvitationId)
    .ok_or(InviteError::TooMany(TooMany { retry_after: 86_400 }))?;
    let detail = new.roles.names().join(" ");
    let act = PlatformAct { detail: Some(&detail), ..act(staff, "members.invite", id) };
    audit::platform(d, &mut tx, act).await?;
    jobs::enqueue_own(d, &mut tx, Work::Mail { letter: Letter::Invitation { id } }).await?;
    tx.commit().await?;
    tell(d, staff, Act::on("members.invite", "invitation", id.0).changing(&detail)).await?;
    Ok(id)
}

/// Sends an invitation again, with a new link; the earlier one ends.
///
/// # Errors
/// See [`InviteError`].
pub async fn invite_again(d: &Domain, who: &Admin, id: InvitationId) -> Result<(), InviteError> {
    let staff = who.staff();
    staff.must_be_fresh(d)?;
    let email = sqlx::query_scalar!(
        "SELECT email FROM control.invitations WHERE id = $1 AND establishment_id = $2",
        id.0,
        staff.establishment.0
    )
    .fetch_optional(&d.db.pool)
    .await?
    .and_then(|email| email.parse::<Email>().ok())
    .ok_or(InviteError::NotFound)?;
    limits::invite(d, staff.establishment, &email).await?;
    let mut tx = d.db.pool.begin().await?;
    let renewed = sqlx::query!(
        "UPDATE control.invitations SET token_hash = NULL, expires_at = $3, invited_by = $4, by_platform = false
         WHERE id = $1 AND establishment_id = $2",
        id.0,
        staff.establishment.0,
        clock::days(d.now(), DAYS).to_sqlx() as _,
        staff.user.0
    )
    .execute(&mut *tx)
    .await?;
    if renewed.rows_affected() == 0 {
        return Err(InviteError::NotFound);
    }
    audit::platform(d, &mut tx, act(staff, "members.invite_again", id)).await?;
    jobs::enqueue_own(d, &mut tx, Work::Mail { letter: Letter::Invitation { id } }).await?;
    tx.commit().await?;
    tell(d, staff, Act::on("members.invite_again", "invitation", id.0)).await?;
    Ok(())
}

/// Takes an invitation back: its link ends.
///
/// # Errors
/// See [`InviteError`].
pub async fn withdraw_invitation(d: &Domain, who: &Admin, id: InvitationId) -> Result<(), InviteError> {
    let staff = who.staff();
    let mut tx = d.db.pool.begin().await?;
    let gone = sqlx::query!(
        "DELETE FROM control.invitations WHERE id = $1 AND establishment_id = $2",
        id.0,
        staff.establishment.0
    )
    .execute(&mut *tx)
    .await?;
    if gone.rows_affected() == 0 {
        return Err(InviteError::NotFound);
    }
    audit::platform(d, &mut tx, act(staff, "members.withdraw_invitation", id)).await?;
    tx.commit().await?;
    tell(d, staff, Act::on("members.withdraw_invitation", "invitation", id.0)).await?;
    Ok(())
}

/// Open invitations, the latest first; those whose link has ended stand there for a month, to be sent again.
///
/// # Errors
/// An incident.
pub async fn invitations(d: &Domain, who: &Admin) -> Result<Vec<Invitation>, Refused> {
    let staff = who.staff();
    let zone = establishments::zone(d, staff.establishment).await?;
    let now = d.now();
    let rows = sqlx::query!(
        "SELECT id, email, roles, invited_at, expires_at FROM control.invitations
         WHERE establishment_id = $1 ORDER BY invited_at DESC, id DESC LIMIT $2",
        staff.establishment.0,
        MOST
    )
    .fetch_all(&d.db.pool)
    .await?;
    let invitations = rows.into_iter().map(|row| Invitation {
        id: InvitationId(row.id),
        email: row.email,
        roles: Roles::from_names(&row.roles),
        invited_at: moment(row.invited_at.to_jiff(), &zone),
        over: row.expires_at.to_jiff() <= now,
    });
    Ok(invitations.collect())
}

/// Keyed hash of a link's token.
pub(crate) fn hash(d: &Domain, token: &str) -> Vec<u8> {
    d.pepper.hash(Purpose::Ceremony, &[b"invitation", token.as_bytes()]).to_vec()
}

/// Writes the mail, and makes its link.
pub(crate) async fn draft(d: &Domain, id: InvitationId) -> Result<Option<Draft>, Fault> {
    let token = crate::identity::new_token(d)?;
    let row = sqlx::query!(
        r#"UPDATE control.invitations i SET token_hash = $2 FROM control.establishments e
           WHERE i.id = $1 AND e.id = i.establishment_id AND e.status = 'active' AND i.expires_at > $3
           RETURNING i.email, i.language, i.by_platform, e.name, e.town,
               (SELECT given_name || ' ' || family_name FROM control.users u WHERE u.id = i.invited_by) AS "by?""#,
        id.0,
        hash(d, &token),
        d.now().to_sqlx() as _
    )
    .fetch_optional(&d.db.pool)
    .await?;
    let Some(row) = row else { return Ok(None) };
    let Ok(to) = row.email.parse() else { return Ok(None) };
    let language = Language::from_tag(&row.language).unwrap_or_default();
    let link = format!("{}/portal/invitation?t={token}", d.policy.public_url);
    let place = format!("{} ({})", row.name, row.town);
    Ok(Some(Draft {
        to,
        language,
        name: None,
        words: if row.by_platform {
            first_words(language, &place, link)
        } else {
            words(language, &place, row.by.as_deref(), link)
        },
    }))
}

fn words(language: Language, place: &str, by: Option<&str>, to: String) -> Words {
    let (subject, first, label, after) = match language {
        Language::Fr => (
            format!("Invitation à rejoindre {place} sur CareLink"),
            match by {
                Some(by) => format!(
                    "{by} vous invite à rejoindre {place} sur CareLink, qui sert à demander des documents aux patients et à les recevoir en sécurité."
                ),
                None => format!(
                    "Vous êtes invité à rejoindre {place} sur CareLink, qui sert à demander des documents aux patients et à les recevoir en sécurité."
                ),
            },
            "Accepter l’invitation",
            [
                "Le lien est pour vous seul, pendant 7 jours. Vous pourrez créer un compte, ou entrer avec Pro Santé Connect ou le compte que vous avez déjà.",
                "Vous ne connaissez pas cet établissement\u{a0}? Ne faites rien.",
            ],
        ),
        Language::En => (
            format!("Invitation to join {place} on CareLink"),
            match by {
                Some(by) => format!(
                    "{by} invites you to join {place} on CareLink, which is used to ask patients for documents and to receive them safely."
                ),
                None => format!(
                    "You are invited to join {place} on CareLink, which is used to ask patients for documents and to receive them safely."
                ),
            },
            "Accept the invitation",
            [
                "The link is for you alone, for 7 days. You can make an account, or come in with Pro Santé Connect or the account that you have already.",
                "You don’t know this establishment? Do nothing.",
            ],
        ),
    };
    Words {
        subject,
        paragraphs: vec![first],
        action: Some(Link { label, to }),
        after: after.map(str::to_owned).to_vec(),
        not_me: None,
    }
}

/// To the first administrator, whom the platform invites.
fn first_words(language: Language, place: &str, to: String) -> Words {
    let (subject, first, label, after) = match language {
        Language::Fr => (
            format!("{place} est ouvert sur CareLink"),
            format!(
                "L’inscription de {place} sur CareLink est acceptée. Vous en êtes le premier administrateur\u{a0}: ouvrez ce lien pour entrer."
            ),
            "Ouvrir mon établissement",
            "Le lien est pour vous seul, pendant 7 jours. Vous pourrez créer un compte, ou entrer avec Pro Santé Connect ou le compte que vous avez déjà.",
        ),
        Language::En => (
            format!("{place} is open on CareLink"),
            format!(
                "The registration of {place} on CareLink is accepted. You are its first administrator: open this link to come in."
            ),
            "Open my establishment",
            "The link is for you alone, for 7 days. You can make an account, or come in with Pro Santé Connect or the account that you have already.",
        ),
    };
    Words {
        subject,
        paragraphs: vec![first],
        action: Some(Link { label, to }),
        after: vec![after.to_owned()],
        not_me: None,
    }
}

/// Invites the first administrator of an establishment that was registered, in the transaction that opens it. With the hash of a
/// link that they hold already (see [`hash`]) no mail goes.
pub(crate) async fn invite_first(
    d: &Domain,
    tx: &mut PgConnection,
    to: EstablishmentId,
    who: &FirstAdministrator<'_>,
    link: Option<Vec<u8>>,
) -> Result<(), Fault> {
    let now = d.now();
    let id = InvitationId(d.random.uuid(now)?);
    let mailed = link.is_none();
    sqlx::query!(
        "INSERT INTO control.invitations (id, establishment_id, email, roles, language, invited_at, expires_at, token_hash,
             by_platform, given_name, family_name)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, true, $9, $10)",
        id.0,
        to.0,
        who.email,
        &Roles::from([Some(Role::Administrator), who.role].into_iter().flatten().collect::<Vec<_>>()).names(),
        who.language.tag(),
        now.to_sqlx() as _,
        clock::days(now, DAYS).to_sqlx() as _,
        link,
        who.given_name,
        who.family_name
    )
    .execute(&mut *tx)
    .await?;
    if mailed {
        jobs::enqueue_own(d, tx, Work::Mail { letter: Letter::Invitation { id } }).await?;
    }
    Ok(())
}

/// Who is to be the first administrator of an establishment.
pub(crate) struct FirstAdministrator<'a> {
    pub email: &'a str,
    pub given_name: &'a str,
    pub family_name: &'a str,
    pub language: Language,
    /// What they do there beside administering.
    pub role: Option<Role>,
}

fn act<'a>(staff: &Staff, action: &'a str, id: InvitationId) -> PlatformAct<'a> {
    let by = PlatformAct::by_staff(staff, action, UserId(id.0));
    PlatformAct { object: Some(("invitation", id.0)), ..by }
}

/// The establishment's own audit follows: the two share no transaction.
async fn tell(d: &Domain, staff: &Staff, act: Act<'_>) -> Result<(), Fault> {
    let mut tx = TenantTx::begin(&d.db, staff.establishment).await?;
    audit::by_staff(d, &mut tx, staff, act).await?;
    tx.commit().await
}
