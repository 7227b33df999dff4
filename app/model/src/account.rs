//! One's own account, as its owner sees and changes it.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::{
    text::PersonName,
    time::{Language, Moment},
};

/// What people say of themselves.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Profile {
    /// Another name; absent where it stays, or is Pro Santé Connect's.
    pub name: Option<FullName>,
    /// Language of pages and mails.
    pub language: Language,
}

/// A person's name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FullName {
    /// Given name.
    pub given_name: PersonName,
    /// Family name.
    pub family_name: PersonName,
}

impl fmt::Display for FullName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.given_name.as_str(), self.family_name.as_str())
    }
}

/// One's own account, as its owner changes it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Account {
    /// Given name; empty where Pro Santé Connect gave none.
    pub given_name: String,
    /// Family name, likewise.
    pub family_name: String,
    /// Pro Santé Connect gives the name: it is changed there.
    pub name_is_given: bool,
    /// Language of pages and mails.
    pub language: Language,
    /// The address, where one is known.
    pub email: Option<String>,
    /// Another one that waits to be confirmed.
    pub change: Option<EmailChange>,
    /// Mails that concern the person and that they may do without.
    pub mails: Vec<MailChoice>,
}

/// A kind of mails that somebody may do without. Those about the safety of one's own account are none of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MailTopic {
    /// Somebody asks to be let into an establishment that the person administers.
    AccessRequests,
    /// Somebody tries out codes of such an establishment.
    Guessing,
    /// An establishment that was registered waits for the platform's administrators.
    Registrations,
}

impl MailTopic {
    /// Name in the database.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::AccessRequests => "access_requests",
            Self::Guessing => "guessing",
            Self::Registrations => "registrations",
        }
    }
}

/// Whether somebody wants a kind of mails.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MailChoice {
    /// Which kind.
    pub topic: MailTopic,
    /// They do.
    pub wanted: bool,
}

/// Another e-mail address that waits to be confirmed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EmailChange {
    /// The one that is wanted.
    pub email: String,
    /// The address of before has confirmed it, or there was none.
    pub old_confirmed: bool,
    /// The new one has.
    pub new_confirmed: bool,
    /// When the links end.
    pub until: Moment,
}

/// What the confirmation of one mailbox led to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EmailConfirmed {
    /// The other one is to confirm it too.
    Waiting,
    /// The address is changed.
    Changed,
}
