//! The settings as they are typed, and what is wrong with them.

use std::str::FromStr;

use model::{
    documents::{MaxFileMebibytes, RetentionDays},
    establishments::{LegalBasis, Settings},
    number::OutOfRange,
    text::TextProblem,
};

/// Every field as a text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Draft {
    pub address: String,
    pub phone: String,
    pub opening_note: String,
    pub privacy_contact: String,
    pub retention: String,
    pub max_file: String,
    pub time_zone: String,
    pub drop_metadata: bool,
    pub legal_basis: String,
    pub version: i64,
}

/// Why a field is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Problem {
    /// More characters than allowed.
    TooLong(usize),
    /// A control character or a disguise.
    ForbiddenCharacter,
    /// No whole number within the limits.
    Range(OutOfRange),
    /// Not in the list.
    TimeZone,
}

/// The problem of each field.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Problems {
    pub address: Option<Problem>,
    pub phone: Option<Problem>,
    pub opening_note: Option<Problem>,
    pub privacy_contact: Option<Problem>,
    pub retention: Option<Problem>,
    pub max_file: Option<Problem>,
    pub time_zone: Option<Problem>,
}

impl From<&Settings> for Draft {
    fn from(settings: &Settings) -> Self {
        fn text<T: AsRef<str>>(value: Option<&T>) -> String {
            value.map(|value| value.as_ref().to_owned()).unwrap_or_default()
        }
        Self {
            address: text(settings.address.as_ref()),
            phone: text(settings.phone.as_ref()),
            opening_note: text(settings.opening_note.as_ref()),
            privacy_contact: text(settings.privacy_contact.as_ref()),
            retention: settings.retention.get().to_string(),
            max_file: settings.max_file.get().to_string(),
            time_zone: settings.time_zone.as_ref().to_owned(),
            drop_metadata: settings.drop_metadata,
            legal_basis: settings.legal_basis.as_str().to_owned(),
            version: settings.version,
        }
    }
}

/// Blank means "not given".
fn optional<T: FromStr<Err = TextProblem>>(text: &str, problem: &mut Option<Problem>) -> Option<T> {
    match text.parse() {
        Ok(value) => return Some(value),
        Err(TextProblem::Empty) => {}
        Err(TextProblem::TooLong { max }) => *problem = Some(Problem::TooLong(max)),
        Err(TextProblem::ForbiddenCharacter) => *problem = Some(Problem::ForbiddenCharacter),
    }
    None
}

fn number<T>(text: &str, limits: OutOfRange, problem: &mut Option<Problem>) -> T
where
    T: TryFrom<u32, Error = OutOfRange> + Default,
{
    let value = text.trim().parse::<u32>().ok().and_then(|n| T::try_from(n).ok());
    value.unwrap_or_else(|| {
        *problem = Some(Problem::Range(limits));
        T::default()
    })
}

/// Limits of the retention, in days.
pub(super) const RETENTION: OutOfRange = OutOfRange { min: RetentionDays::MIN, max: RetentionDays::MAX };
/// Limits of a file's size, in mebibytes.
pub(super) const MAX_FILE: OutOfRange = OutOfRange { min: MaxFileMebibytes::MIN, max: MaxFileMebibytes::MAX };

impl Draft {
    /// The settings, or the problem of each field.
    pub fn read(&self) -> Result<Settings, Problems> {
        let mut problems = Problems::default();
        let time_zone = self.time_zone.parse().unwrap_or_else(|_| {
            problems.time_zone = Some(Problem::TimeZone);
            model::establishments::TimeZoneName::default()
        });
        let settings = Settings {
            address: optional(&self.address, &mut problems.address),
            phone: optional(&self.phone, &mut problems.phone),
            opening_note: optional(&self.opening_note, &mut problems.opening_note),
            privacy_contact: optional(&self.privacy_contact, &mut problems.privacy_contact),
            retention: number(&self.retention, RETENTION, &mut problems.retention),
            max_file: number(&self.max_file, MAX_FILE, &mut problems.max_file),
            time_zone,
            drop_metadata: self.drop_metadata,
            legal_basis: LegalBasis::from_name(&self.legal_basis),
            version: self.version,
        };
        if problems == Problems::default() { Ok(settings) } else { Err(problems) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn draft() -> Draft {
        Draft {
            address: "12 rue de Paris\n93260 Les Lilas".into(),
            retention: " 30 ".into(),
            max_file: "10".into(),
            time_zone: "Europe/Paris".into(),
            drop_metadata: true,
            ..Draft::default()
        }
    }

    #[test]
    fn blank_means_not_given() {
        let settings = Draft { phone: "   ".into(), ..draft() }.read().unwrap();
        assert_eq!(settings.phone, None);
        assert_eq!(settings.retention.get(), 30);
    }

    #[test]
    fn settings_shown_and_read_again_are_the_same() {
        let settings = draft().read().unwrap();
        assert_eq!(Draft::from(&settings).read(), Ok(settings));
    }

    #[test]
    fn each_problem_is_told_at_its_field() {
        let wrong = Draft {
            phone: "0".repeat(31),
            opening_note: "a\u{202e}b".into(),
            retention: "0".into(),
            max_file: "dix".into(),
            time_zone: "Mars/Olympus".into(),
            ..draft()
        };
        let problems = wrong.read().unwrap_err();
        assert_eq!(problems.address, None);
        assert_eq!(problems.phone, Some(Problem::TooLong(30)));
        assert_eq!(problems.opening_note, Some(Problem::ForbiddenCharacter));
        assert_eq!(problems.retention, Some(Problem::Range(OutOfRange { min: 1, max: 365 })));
        assert_eq!(problems.max_file, Some(Problem::Range(OutOfRange { min: 1, max: 2048 })));
        assert_eq!(problems.time_zone, Some(Problem::TimeZone));
    }
}
