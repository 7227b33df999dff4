//! The people of an establishment.

use serde::{Deserialize, Serialize};

use crate::{
    establishments::EstablishmentCard,
    identifiers::Rpps,
    identity::{Email, Password},
    ids::UserId,
    psc::Practice,
    roles::Roles,
    text::PersonName,
    time::Moment,
};

/// A person in the list of an establishment's people.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Member {
    /// Person.
    pub user: UserId,
    /// Given name.
    pub given_name: String,
    /// Family name.
    pub family_name: String,
    /// E-mail. Somebody who came through Pro Santé Connect may have none.
    pub email: Option<String>,
    /// Roles here.
    pub roles: Roles,
    /// Whether the person may work here.
    pub active: bool,
    /// Since when.
    pub member_since: Moment,
    /// Last sign-in, anywhere.
    pub last_sign_in: Option<Moment>,
}

/// A person to add. Invitations by mail come later: the administrator hands over a first password.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct NewMember {
    /// Given name.
    pub given_name: PersonName,
    /// Family name.
    pub family_name: PersonName,
    /// E-mail, unique on the platform.
    pub email: Email,
    /// At least one role.
    pub roles: Roles,
    /// First password; a person who already has an account keeps theirs.
    pub password: Option<Password>,
}

/// Somebody who asks to be let in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AccessRequest {
    /// Person.
    pub user: UserId,
    /// Given and family name, as Pro Santé Connect has them.
    pub name: String,
    /// RPPS number, where the identity holds one.
    pub rpps: Option<Rpps>,
    /// Exercises and activities, as Pro Santé Connect has them.
    pub practices: Vec<Practice>,
    /// What they say.
    pub message: Option<String>,
    /// When they asked.
    pub asked_at: Moment,
}

/// An establishment that somebody has asked, as they see it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AskedAccess {
    /// Which one.
    pub establishment: EstablishmentCard,
    /// When.
    pub asked_at: Moment,
}
