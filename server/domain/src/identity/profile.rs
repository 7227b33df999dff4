//! What people say of themselves: their name, where Pro Santé Connect does not, and the language of pages and mails.

use model::{
    account::{Account, MailChoice, MailTopic, Profile},
    time::Language,
};

use super::{authenticate::Identified, email::email_change, psc, sign_in};
use crate::{
    Domain, Fault, Origin,
    audit::{self, Oneself, PlatformAct},
    establishments,
    fault::fault_from,
    members::{self, News},
};

/// Why nothing changed.
#[derive(Debug, thiserror::Error)]
pub enum ProfileError {
    /// The name is Pro Santé Connect's.
    #[error("the name comes from Pro Santé Connect")]
    NotYours,
    /// The session ended meanwhile.
    #[error("the session is over")]
    Over,
    /// An incident.
    #[error(transparent)]
    Fault(#[from] Fault),
}
fault_from!(ProfileError);

/// One's own account.
///
/// # Errors
/// An incident.
pub async fn own_account(d: &Domain, who: &Identified) -> Result<Account, Fault> {
    let row = sqlx::query!(
        r#"SELECT given_name, family_name, language, email,
               EXISTS (SELECT FROM control.psc_identities WHERE user_id = u.id AND issuer = $2) AS "professional!",
               EXISTS (SELECT FROM control.memberships m WHERE m.user_id = u.id AND m.disabled_at IS NULL
                       AND 'administrator' = ANY (m.roles)) AS "administers!", platform_administrator, unwanted_mails
           FROM control.users u WHERE id = $1"#,
        who.user.0,
        psc::issuer(d)
    )
    .fetch_one(&d.db.pool)
    .await?;
    Ok(Account {
        given_name: row.given_name,
        family_name: row.family_name,
        name_is_given: row.professional,
        language: Language::from_tag(&row.language).unwrap_or_default(),
        email: row.email,
        change: email_change(d, who).await?,
        mails: topics(row.administers, row.platform_administrator)
            .map(|topic| {
                let unwanted = row.unwanted_mails.iter().any(|name| name == topic.as_str());
                MailChoice { topic, wanted: !unwanted }
            })
            .collect(),
    })
}

/// Kinds of mails that concern somebody.
fn topics(administers: bool, platform: bool) -> impl Iterator<Item = MailTopic> {
    let all = [
        (MailTopic::AccessRequests, administers),
        (MailTopic::Guessing, administers),
        (MailTopic::Registrations, platform),
    ];
    all.into_iter().filter_map(|(topic, concerns)| concerns.then_some(topic))
}

/// Chooses whether to get a kind of mails.
///
/// # Errors
/// An incident.
pub async fn choose_mails(
    d: &Domain,
    who: &Identified,
    origin: Origin,
    choice: MailChoice,
) -> Result<(), Fault> {
    let mut tx = d.db.pool.begin().await?;
    sqlx::query!(
        "UPDATE control.users SET unwanted_mails = array_remove(unwanted_mails, $2)
             || CASE WHEN $3 THEN '{}'::text[] ELSE ARRAY[$2] END WHERE id = $1",
        who.user.0,
        choice.topic.as_str(),
        choice.wanted
    )
    .execute(&mut *tx)
    .await?;
    let detail = format!("{}: {}", choice.topic.as_str(), if choice.wanted { "yes" } else { "no" });
    let act = PlatformAct {
        actor: Some(who.user),
        session: Some(who.session),
        origin: Some(origin),
        detail: Some(&detail),
        ..PlatformAct::done("identity.choose_mails")
    };
    audit::platform(d, &mut tx, act).await?;
    Ok(tx.commit().await?)
}

/// Changes one's own name and language. Roles are nobody's own.
///
/// # Errors
/// See [`ProfileError`].
pub async fn change_profile(
    d: &Domain,
    who: &Identified,
    origin: Origin,
    new: &Profile,
) -> Result<(), ProfileError> {
    let mut tx = d.db.pool.begin().await?;
    if !sign_in::lock_open(&mut tx, who).await? {
        return Err(ProfileError::Over);
    }
    let old = sqlx::query!(
        r#"SELECT given_name, family_name, language, coalesce(email, '') AS "email!",
               EXISTS (SELECT FROM control.psc_identities WHERE user_id = u.id AND issuer = $2) AS "professional!"
           FROM control.users u WHERE id = $1"#,
        who.user.0,
        psc::issuer(d)
    )
    .fetch_one(&mut *tx)
    .await?;
    let name = new.name.as_ref();
    let (given, family) = name.map_or((old.given_name.as_str(), old.family_name.as_str()), |name| {
        (name.given_name.as_str(), name.family_name.as_str())
    });
    let renamed = old.given_name != given || old.family_name != family;
    if renamed && old.professional {
        return Err(ProfileError::NotYours);
    }
    sqlx::query!(
        "UPDATE control.users SET given_name = $2, family_name = $3, language = $4, search_text = $5 WHERE id = $1",
        who.user.0,
        given,
        family,
        new.language.tag(),
        establishments::fold(&format!("{given} {family} {}", old.email)),
    )
    .execute(&mut *tx)
    .await?;
    let full = format!("{given} {family}");
    let name = renamed.then(|| format!("{} {} → {full}", old.given_name, old.family_name));
    let language = (old.language != new.language.tag()).then(|| "language".to_owned());
    let changed = name.into_iter().chain(language).collect::<Vec<_>>().join(", ");
    let detail = if changed.is_empty() { "nothing" } else { &changed };
    let act = PlatformAct {
        actor: Some(who.user),
        session: Some(who.session),
        origin: Some(origin),
        detail: Some(detail),
        ..PlatformAct::done("identity.change_profile")
    };
    audit::platform(d, &mut tx, act).await?;
    tx.commit().await?;
    if renamed {
        // A break between leaves the old name in a list until the next change; from what to what stands in the platform's row.
        let oneself = Oneself { user: who.user, session: Some(who.session), origin };
        members::tell_places(d, oneself, News { name: Some(&full), ..News::default() }).await;
    }
    d.sessions.forget_user(who.user);
    Ok(())
}
