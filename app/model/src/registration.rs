//! Registering an establishment: what somebody gives who wants it on this server.

use serde::{Deserialize, Serialize};

use crate::{
    establishments::{EstablishmentKind, Finess},
    identity::Email,
    ids::EstablishmentId,
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
    /// Language of the mails to them.
    #[serde(default)]
    pub language: Language,
}

/// Establishments of this kind have a FINESS number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("establishments of this kind have a FINESS number")]
pub struct FinessMissing;

impl Registration {
    /// Puts the fields together.
    ///
    /// # Errors
    /// [`FinessMissing`].
    pub fn new(given: Given) -> Result<Self, FinessMissing> {
        if given.finess.is_none() && given.kind.has_finess() {
            return Err(FinessMissing);
        }
        let Given { name, town, kind, finess, given_name, family_name, email, language } = given;
        Ok(Self { name, town, kind, finess, given_name, family_name, email, language })
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
    type Error = FinessMissing;
    fn try_from(given: Given) -> Result<Self, FinessMissing> {
        Self::new(given)
    }
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
    /// Their address, which has answered.
    pub email: String,
    /// When it did.
    pub confirmed_at: Moment,
    /// Establishments that are there already with this FINESS number, or this name and town.
    pub alike: Vec<String>,
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
        assert_eq!(read("practice", None).unwrap().email.as_ref(), "noa@exemple.fr");
    }
}
