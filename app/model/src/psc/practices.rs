//! The choice of a person who works in several places: Pro Santé Connect knows no profiles, so we ask.

use serde::{Deserialize, Serialize};

use super::userinfo::{Activity, Exercise, UserInfo};
use crate::{professions::suggested_role, roles::Role};

/// One profession in one place: what a session is about. Codes as in [`Exercise`] and [`Activity`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Practice {
    /// Place among the practices of the same answer, from 0. Another answer may count differently.
    pub index: u16,
    /// Profession (`TRE_G15`, R94, R95, R291).
    pub profession: Option<String>,
    /// Category (`TRE_R09`); `E` is a student.
    pub category: Option<String>,
    /// Role (`TRE_R85`).
    pub role: Option<String>,
    /// Genre of activity (`TRE_R22`).
    pub genre: Option<String>,
    /// Mode of exercise (`TRE_R23`).
    pub mode: Option<String>,
    /// Sector of activity (`TRE_R02`).
    pub sector: Option<String>,
    /// Name of the structure: company name, else trade name.
    pub structure: Option<String>,
    /// Its technical identifier.
    pub structure_id: Option<String>,
    /// FINESS of the site, as the provider says it.
    pub finess: Option<String>,
    /// Where it is: `75012 PARIS`.
    pub place: Option<String>,
}

impl Practice {
    fn of(index: u16, exercise: &Exercise, activity: &Activity) -> Self {
        Self {
            index,
            profession: exercise.profession_code.clone(),
            category: exercise.category.clone(),
            role: activity.role.clone(),
            genre: activity.genre.clone(),
            mode: activity.mode.clone(),
            sector: activity.sector.clone(),
            structure: activity.company_name.clone().or_else(|| activity.trade_name.clone()),
            structure_id: activity.structure_id.clone(),
            finess: activity.finess_site.clone(),
            place: place(activity),
        }
    }

    /// The role to offer an administrator ([`suggested_role`]); none for students, who share the codes of graduates.
    pub fn suggested_role(&self) -> Option<Role> {
        let code = |field: &Option<String>| field.clone().unwrap_or_default();
        if self.category.as_deref() == Some("E") {
            return None;
        }
        suggested_role(&code(&self.profession), &code(&self.role), &code(&self.genre))
    }
}

/// The postal line, with the postal code before it if it has none of its own (a CEDEX has another one).
fn place(activity: &Activity) -> Option<String> {
    match (&activity.postal_code, &activity.postal_line) {
        (Some(code), Some(line)) if !line.starts_with(|c: char| c.is_ascii_digit()) => {
            Some(super::lenient::clean(&format!("{code} {line}")))
        }
        (code, line) => line.clone().or_else(|| code.clone()),
    }
}

/// Every practice of a person, in the provider's order: one for each exercise and activity, one for an exercise without
/// activities.
pub fn practices(info: &UserInfo) -> Vec<Practice> {
    let nowhere = [Activity::default()];
    let pairs = info.exercises.iter().flat_map(|exercise| {
        let activities = if exercise.activities.is_empty() { &nowhere[..] } else { &exercise.activities };
        activities.iter().map(move |activity| (exercise, activity))
    });
    (0..=u16::MAX)
        .zip(pairs)
        .map(|(index, (exercise, activity))| Practice::of(index, exercise, activity))
        .collect()
}
