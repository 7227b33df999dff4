//! The people of an establishment.

use serde::{Deserialize, Serialize};

use crate::{
    establishments::EstablishmentCard,
    identifiers::Rpps,
    identity::{Email, Password},
    ids::{InvitationId, UserId},
    psc::Practice,
    roles::Roles,
    text::PersonName,
    time::{Language, Moment},
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
    /// Whether the Pro Santé Connect that this server knows recognises them.
    pub linked: bool,
    /// RPPS number, where that identity holds one.
    pub rpps: Option<Rpps>,
    /// Roles here.
    pub roles: Roles,
    /// Whether the person may work here.
    pub active: bool,
    /// Since when.
    pub member_since: Moment,
    /// Last sign-in, anywhere.
    pub last_sign_in: Option<Moment>,
}

/// An account to make.
#[derive(Clone, Debug)]
pub struct NewMember {
    /// Given name.
    pub given_name: PersonName,
    /// Family name.
    pub family_name: PersonName,
    /// E-mail, unique on the platform.
    pub email: Email,
    /// Roles in the establishment, where there is one.
    pub roles: Roles,
    /// First password.
    pub password: Option<Password>,
}

/// Somebody to invite.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Invite {
    /// Where the invitation goes.
    pub email: Email,
    /// At least one role.
    pub roles: Roles,
    /// Language of the mail.
    #[serde(default)]
    pub language: Language,
}

/// An invitation that nobody has accepted yet, as administrators see it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Invitation {
    /// Which one.
    pub id: InvitationId,
    /// Where it went.
    pub email: String,
    /// Roles that it gives.
    pub roles: Roles,
    /// When it was made.
    pub invited_at: Moment,
    /// Its link is no longer good.
    pub over: bool,
}

/// An invitation, as whoever holds its link sees it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct InvitationOffer {
    /// Where to.
    pub establishment: EstablishmentCard,
    /// The invited address.
    pub email: String,
    /// Roles that it gives.
    pub roles: Roles,
    /// Who invites.
    pub by: Option<String>,
    /// The address has an account already.
    pub has_account: bool,
    /// Given name, where the invitation knows it.
    pub given_name: Option<String>,
    /// Family name, likewise.
    pub family_name: Option<String>,
}

/// What somebody gives who makes an account for the address that was invited.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct NewAccount {
    /// Given name.
    pub given_name: PersonName,
    /// Family name.
    pub family_name: PersonName,
    /// Password.
    pub password: Password,
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
    /// When it was asked, or answered.
    pub at: Moment,
    /// What it says.
    pub answer: Answer,
}

/// An establishment's answer to who asked to be let in. Who was let in asks no more.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Answer {
    /// None yet.
    None,
    /// Its administrators said no. One may ask again.
    Declined,
}
