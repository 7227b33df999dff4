//! Establishments: who receives documents.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

use crate::{
    documents::{MaxFileMebibytes, RetentionDays},
    ids::EstablishmentId,
    number::bounded,
    serde_by_parsing,
    text::{Address, Contact, Note, Phone},
};

pub use crate::identifiers::{BadFiness, Finess};

/// The part of an address that names an establishment: `/d/pharmacie-des-lilas`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Slug(String);

/// The text is no slug: 2 to 60 of `a–z`, `0–9` and single inner dashes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a slug")]
pub struct BadSlug;

impl AsRef<str> for Slug {
    fn as_ref(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Slug {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl FromStr for Slug {
    type Err = BadSlug;
    fn from_str(raw: &str) -> Result<Self, BadSlug> {
        let fits = (2..=60).contains(&raw.len())
            && raw.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
            && !raw.starts_with('-')
            && !raw.ends_with('-')
            && !raw.contains("--");
        if fits { Ok(Self(raw.to_owned())) } else { Err(BadSlug) }
    }
}
serde_by_parsing!(Slug);

impl Slug {
    /// Makes a slug of a name: accents folded, everything else a dash.
    ///
    /// # Errors
    /// Nothing usable remains of the name.
    pub fn from_name(name: &str) -> Result<Self, BadSlug> {
        let mut slug = String::new();
        for c in name.to_lowercase().chars() {
            match c {
                'a'..='z' | '0'..='9' => slug.push(c),
                'à' | 'â' | 'ä' => slug.push('a'),
                'é' | 'è' | 'ê' | 'ë' => slug.push('e'),
                'î' | 'ï' => slug.push('i'),
                'ô' | 'ö' => slug.push('o'),
                'ù' | 'û' | 'ü' => slug.push('u'),
                'ç' => slug.push('c'),
                'œ' => slug.push_str("oe"),
                _ if !slug.is_empty() && !slug.ends_with('-') => slug.push('-'),
                _ => {}
            }
        }
        slug.truncate(60);
        slug.trim_end_matches('-').parse()
    }
}

/// What an establishment is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EstablishmentKind {
    /// A pharmacy (officine).
    Pharmacy,
    /// A service that cares for people at home (SSIAD, SAD, HAD).
    HomeCare,
    /// A hospital or clinic.
    Hospital,
    /// A practice, alone or of several.
    Practice,
    /// Something else.
    #[default]
    Other,
}

/// The text names no kind of establishment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a kind of establishment: pharmacy, home_care, hospital, practice or other")]
pub struct BadKind;

impl EstablishmentKind {
    /// Every kind.
    pub const ALL: [Self; 5] = [Self::Pharmacy, Self::HomeCare, Self::Hospital, Self::Practice, Self::Other];

    /// Name in the database.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Pharmacy => "pharmacy",
            Self::HomeCare => "home_care",
            Self::Hospital => "hospital",
            Self::Practice => "practice",
            Self::Other => "other",
        }
    }

    /// Whether each of this kind is in the national register FINESS. Practices of one professional are not.
    pub const fn has_finess(self) -> bool {
        matches!(self, Self::Pharmacy | Self::HomeCare | Self::Hospital)
    }
}

impl FromStr for EstablishmentKind {
    type Err = BadKind;
    fn from_str(raw: &str) -> Result<Self, BadKind> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == raw).ok_or(BadKind)
    }
}

/// An establishment as anybody may know it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EstablishmentCard {
    /// Id.
    pub id: EstablishmentId,
    /// Part of its address.
    pub slug: Slug,
    /// Name.
    pub name: String,
    /// Town.
    pub town: String,
}

/// What its administrators set.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Settings {
    /// Postal address, shown to patients.
    pub address: Option<Address>,
    /// Telephone, shown to patients.
    pub phone: Option<Phone>,
    /// Opening hours or another note, shown to patients.
    pub opening_note: Option<Note>,
    /// Contact for questions about personal data (RGPD art. 13).
    pub privacy_contact: Option<Contact>,
    /// Days until a document is deleted.
    pub retention: RetentionDays,
    /// Largest accepted file.
    pub max_file: MaxFileMebibytes,
    /// IANA time zone.
    pub time_zone: TimeZoneName,
    /// Whether position and device metadata of photos are dropped on intake.
    pub drop_metadata: bool,
    /// On what the privacy notice says that the processing rests.
    pub legal_basis: LegalBasis,
    /// Which state of the settings this is: it grows with each change, and only the newest can be changed.
    pub version: i64,
}

/// Legal basis of the processing (RGPD, article 6), chosen by the establishment; the health data itself rests on article
/// 9.2.h.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LegalBasis {
    /// 6.1.e: a task in the public interest (public establishments).
    PublicInterest,
    /// 6.1.f: the legitimate interest of caring for the patient (most private ones).
    #[default]
    LegitimateInterest,
    /// 6.1.c: a legal obligation.
    LegalObligation,
}

impl LegalBasis {
    /// Every basis.
    pub const ALL: [Self; 3] = [Self::LegitimateInterest, Self::PublicInterest, Self::LegalObligation];

    /// Name in the database.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::PublicInterest => "public_interest",
            Self::LegitimateInterest => "legitimate_interest",
            Self::LegalObligation => "legal_obligation",
        }
    }

    /// Reads the database's name; an unknown one counts as the default.
    pub fn from_name(name: &str) -> Self {
        Self::ALL.into_iter().find(|basis| basis.as_str() == name).unwrap_or_default()
    }
}

bounded! {
    /// Room of an establishment's documents together, in mebibytes: 1 MiB to 1 PiB.
    RoomMebibytes: 1 ..= 1_073_741_824, default 51_200;
}

/// How much of its room an establishment uses, in bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Room {
    /// By documents, those being deleted included.
    pub used: u64,
    /// Of all.
    pub total: u64,
}

/// IANA name of a time zone, in shape; the server checks that it exists.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct TimeZoneName(String);

/// Not the shape of an IANA time zone name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a time zone")]
pub struct BadTimeZone;

impl TimeZoneName {
    /// The zones in which French establishments live.
    pub const FRENCH: [&'static str; 12] = [
        "Europe/Paris",
        "America/Guadeloupe",
        "America/Martinique",
        "America/Cayenne",
        "America/Miquelon",
        "Indian/Reunion",
        "Indian/Mayotte",
        "Pacific/Noumea",
        "Pacific/Tahiti",
        "Pacific/Wallis",
        "America/St_Barthelemy",
        "America/Marigot",
    ];
}

impl Default for TimeZoneName {
    fn default() -> Self {
        Self("Europe/Paris".to_owned())
    }
}

impl AsRef<str> for TimeZoneName {
    fn as_ref(&self) -> &str {
        &self.0
    }
}

impl FromStr for TimeZoneName {
    type Err = BadTimeZone;
    fn from_str(raw: &str) -> Result<Self, BadTimeZone> {
        if Self::FRENCH.contains(&raw) { Ok(Self(raw.to_owned())) } else { Err(BadTimeZone) }
    }
}
serde_by_parsing!(TimeZoneName);

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_slug_comes_of_a_french_name() {
        assert_eq!(
            Slug::from_name("Pharmacie de l'Église — Œuvre n° 2").unwrap().as_ref(),
            "pharmacie-de-l-eglise-oeuvre-n-2"
        );
        assert_eq!(Slug::from_name("!!!"), Err(BadSlug));
    }

    proptest! {
        #[test]
        fn a_slug_made_of_a_name_reads_back(name in "\\PC{0,100}") {
            if let Ok(slug) = Slug::from_name(&name) {
                prop_assert_eq!(slug.as_ref().parse(), Ok(slug.clone()));
            }
        }
    }
}
