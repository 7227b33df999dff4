//! The people of an establishment.

use serde::{Deserialize, Serialize};

use crate::{
    identity::{Email, Password},
    ids::UserId,
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
    /// E-mail.
    pub email: String,
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
