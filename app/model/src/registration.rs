//! Registering an establishment: what somebody gives who wants it on this server.

use serde::{Deserialize, Serialize};

use crate::{
    establishments::{EstablishmentKind, Finess},
    identity::Email,
    ids::EstablishmentId,
    roles::Role,
    text::{EstablishmentName, PersonName, Town},
    time::{Language, Moment},
};

/// Who may register an establishment.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum RegistrationMode {
    /// Anybody; it opens as soon as the mailbox has answered.
    Open,
    /// Anybody; an administrator of the platform lets it in.
    #[default]
    Approval,
    /// Nobody: the operator creates establishments.
    Closed,
}

/// An establishment and its first administrator. Its kind and its FINESS number go together, see [`Registration::new`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Given")]
pub struct Registration {
    name: EstablishmentName,
    town: Town,
    kind: EstablishmentKind,
    finess: Option<Finess>,
    /// Given name of the first administrator.
    pub given_name: PersonName,
    /// Family name.
    pub family_name: PersonName,
    /// Their address.
    pub email: Email,
    /// What they do there beside administering: one role of care, or none.
    pub role: Option<Role>,
    /// Language of the mails to them.
    pub language: Language,
}

/// The fields, each right by itself.
#[derive(Clone, Debug, Deserialize)]
pub struct Given {
    /// Name of the establishment.
    pub name: EstablishmentName,
    /// Town.
    pub town: Town,
    /// Kind.
    pub kind: EstablishmentKind,
    /// FINESS number of the site.
    #[serde(default)]
    pub finess: Option<Finess>,
    /// Given name of the first administrator.
    pub given_name: PersonName,
    /// Family name.
    pub family_name: PersonName,
    /// Their address.
    pub email: Email,
    /// What they do there beside administering.
    #[serde(default)]
    pub role: Option<Role>,
    /// Language of the mails to them.
    #[serde(default)]
    pub language: Language,
}

/// Why an establishment can't be registered so.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RegistrationProblem {
    /// Establishments of this kind have a FINESS number.
    #[error("establishments of this kind have a FINESS number")]
    FinessMissing,
    /// A name or town that mail programs would show as a link: a stranger's words must not be one.
    #[error("a name or a town is no address of a page")]
    Link,
}

/// Whether mail programs may make a link of a part of the text: `https://…`, `www.…`, `a@b`, or letters right after a full stop.
pub fn looks_like_a_link(text: &str) -> bool {
    let text = text.to_lowercase();
    let domain = |word: &str| {
        word.split('.').skip(1).any(|label| label.chars().take_while(|c| c.is_alphanumeric()).count() > 1)
    };
    text.contains("://") || text.contains('@') || text.split_whitespace().any(domain)
}

impl Registration {
    /// Puts the fields together.
    ///
    /// # Errors
    /// See [`RegistrationProblem`].
    pub fn new(given: Given) -> Result<Self, RegistrationProblem> {
        if given.finess.is_none() && given.kind.has_finess() {
            return Err(RegistrationProblem::FinessMissing);
        }
        if looks_like_a_link(given.name.as_str()) || looks_like_a_link(given.town.as_str()) {
            return Err(RegistrationProblem::Link);
        }
        let Given { name, town, kind, finess, given_name, family_name, email, role, language } = given;
        let role = role.filter(|role| *role != Role::Administrator);
        Ok(Self { name, town, kind, finess, given_name, family_name, email, role, language })
    }

    /// Name of the establishment.
    pub fn name(&self) -> &EstablishmentName {
        &self.name
    }

    /// Town.
    pub fn town(&self) -> &Town {
        &self.town
    }

    /// Kind.
    pub fn kind(&self) -> EstablishmentKind {
        self.kind
    }

    /// FINESS number of the site.
    pub fn finess(&self) -> Option<&Finess> {
        self.finess.as_ref()
    }
}

impl TryFrom<Given> for Registration {
    type Error = RegistrationProblem;
    fn try_from(given: Given) -> Result<Self, RegistrationProblem> {
        Self::new(given)
    }
}

/// Where a mailed link leads.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "state")]
pub enum RegistrationLink {
    /// To what was given, to be confirmed.
    Asked(RegistrationOffer),
    /// The establishment is open: the same token opens `/portal/invitation`.
    Open,
}

/// What whoever holds the mailed link confirms.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RegistrationOffer {
    /// Name of the establishment.
    pub name: String,
    /// Town.
    pub town: String,
    /// Kind.
    pub kind: EstablishmentKind,
    /// FINESS number.
    pub finess: Option<String>,
    /// Name of the first administrator.
    pub administrator: String,
    /// What they do there beside administering.
    pub role: Option<Role>,
    /// It was confirmed before, and waits.
    pub confirmed: bool,
}

/// What the confirmation led to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RegistrationConfirmed {
    /// An administrator of the platform looks at it.
    Waiting,
    /// The establishment is there: the same link opens `/portal/invitation` now.
    Open,
}

/// A registration that waits for the platform's administrators.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WaitingRegistration {
    /// The establishment's future id.
    pub id: EstablishmentId,
    /// Name of the establishment.
    pub name: String,
    /// Town.
    pub town: String,
    /// Kind.
    pub kind: EstablishmentKind,
    /// FINESS number.
    pub finess: Option<String>,
    /// Name of the first administrator.
    pub administrator: String,
    /// What they do there beside administering.
    pub role: Option<Role>,
    /// Their address, which has answered.
    pub email: String,
    /// When it did.
    pub confirmed_at: Moment,
    /// Establishments that are there already, or wait, with this FINESS number or the same letters in name and town.
    pub alike: Vec<String>,
    /// It was accepted, and its creation broke off: accepted again it goes on.
    pub approved: bool,
}

/// An establishment that was opened and whose first administrator has not come in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AwaitedAdministrator {
    /// Which establishment.
    pub id: EstablishmentId,
    /// Its name.
    pub name: String,
    /// Its town.
    pub town: String,
    /// Whom the invitation went to.
    pub email: String,
    /// When it was made.
    pub invited_at: Moment,
    /// Its link is no longer good.
    pub over: bool,
}

/// What the platform's administrators have to answer or to look after.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Registrations {
    /// Registrations that wait, the oldest first.
    pub waiting: Vec<WaitingRegistration>,
    /// Establishments whose first administrator is awaited, the oldest first.
    pub awaited: Vec<AwaitedAdministrator>,
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn read(kind: &str, finess: Option<&str>) -> Result<Registration, String> {
        let given = json!({
            "name": "Pharmacie du Port", "town": "Brest", "kind": kind, "finess": finess, "given_name": "Noa",
            "family_name": "Fictif", "email": "Noa@Exemple.fr", "language": "fr",
        });
        serde_json::from_value(given).map_err(|error| error.to_string())
    }

    #[test]
    fn a_kind_that_has_a_finess_number_gives_it_and_gives_it_right() {
        for kind in EstablishmentKind::ALL {
            let without = read(kind.as_str(), None);
            assert_eq!(without.is_err(), kind.has_finess(), "{kind:?}");
            assert!(read(kind.as_str(), Some("290000017")).is_ok(), "{kind:?}");
            assert!(read(kind.as_str(), Some("290000018")).is_err(), "a wrong check digit");
        }
        assert!(read("castle", None).is_err());
        for link in [
            "Compte expiré : https://evil.example",
            "www.evil.example",
            "evil.example",
            "a@b",
            "Voir EVIL.EXAMPLE/x",
        ] {
            assert!(looks_like_a_link(link), "{link}");
        }
        for name in [
            "Pharmacie de l’Église",
            "S.A.R.L. du Port",
            "Cabinet Dr. Fictif",
            "SSIAD n° 2",
            "H.A.D. Nord (3.2)",
        ] {
            assert!(!looks_like_a_link(name), "{name}");
        }
        assert_eq!(read("practice", None).unwrap().email.as_ref(), "noa@exemple.fr");
    }
}
