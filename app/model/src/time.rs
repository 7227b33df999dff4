//! Moments as pages show them.
//!
//! The server puts a moment into the establishment's time zone; the browser only words it. Both sides then
//! print the same text, whatever the device's zone, which hydration needs.

use serde::{Deserialize, Serialize};

/// A moment and its reading on the establishment's clock.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Moment {
    /// Milliseconds since the Unix epoch, UTC.
    pub unix_ms: i64,
    /// Civil year in the establishment's zone.
    pub year: i16,
    /// 1…12.
    pub month: u8,
    /// 1…31.
    pub day: u8,
    /// 0…23.
    pub hour: u8,
    /// 0…59.
    pub minute: u8,
}

/// French and English, the two languages of the product.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Language {
    /// The default: users are in France.
    #[default]
    Fr,
    /// Complete as well.
    En,
}

impl Language {
    /// BCP 47 tag.
    pub const fn tag(self) -> &'static str {
        match self {
            Self::Fr => "fr",
            Self::En => "en",
        }
    }

    /// Reads a BCP 47 tag by its first two letters.
    pub fn from_tag(tag: &str) -> Option<Self> {
        match tag.get(..2)?.to_ascii_lowercase().as_str() {
            "fr" => Some(Self::Fr),
            "en" => Some(Self::En),
            _ => None,
        }
    }
}

const MONTHS_FR: [&str; 12] =
    ["janv.", "févr.", "mars", "avr.", "mai", "juin", "juil.", "août", "sept.", "oct.", "nov.", "déc."];
const MONTHS_EN: [&str; 12] =
    ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

impl Moment {
    /// "20 nov. 2026" / "20 Nov 2026".
    pub fn date(&self, language: Language) -> String {
        let index = usize::from(self.month.clamp(1, 12)) - 1;
        let month = match language {
            Language::Fr => MONTHS_FR[index],
            Language::En => MONTHS_EN[index],
        };
        format!("{} {month} {}", self.day, self.year)
    }

    /// "20 nov. 2026 à 14:05" / "20 Nov 2026, 14:05".
    pub fn date_time(&self, language: Language) -> String {
        let joint = match language {
            Language::Fr => " à ",
            Language::En => ", ",
        };
        format!("{}{joint}{}", self.date(language), self.clock())
    }

    /// "14:05".
    pub fn clock(&self) -> String {
        format!("{:02}:{:02}", self.hour, self.minute)
    }

    /// `2026-11-20T14:05`, for the `datetime` attribute of a `<time>` element (local, without offset).
    pub fn datetime_attribute(&self) -> String {
        format!("{:04}-{:02}-{:02}T{:02}:{:02}", self.year, self.month, self.day, self.hour, self.minute)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moment_reads_in_both_languages() {
        let m = Moment { unix_ms: 0, year: 2026, month: 11, day: 5, hour: 9, minute: 4 };
        assert_eq!(m.date_time(Language::Fr), "5 nov. 2026 à 09:04");
        assert_eq!(m.date_time(Language::En), "5 Nov 2026, 09:04");
        assert_eq!(m.datetime_attribute(), "2026-11-05T09:04");
    }
}
