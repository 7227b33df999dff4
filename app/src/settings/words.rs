//! Problems and time zones in words.

use model::establishments::{LegalBasis, TimeZoneName};

use super::draft::Problem;
use crate::{I18n, tx, ui::Choice};

/// What is wrong with a field and what to do.
pub(super) fn problem_text(i18n: I18n, problem: Problem) -> String {
    match problem {
        Problem::TooLong(max) => tx!(i18n, settings.too_long, max = max),
        Problem::ForbiddenCharacter => tx!(i18n, settings.bad_character),
        Problem::Range(limits) => tx!(i18n, settings.range, min = limits.min, max = limits.max),
        Problem::TimeZone => tx!(i18n, settings.bad_zone),
    }
}

fn zone_text(i18n: I18n, zone: &str) -> String {
    match zone {
        "Europe/Paris" => tx!(i18n, settings.zone_paris),
        "America/Guadeloupe" => tx!(i18n, settings.zone_guadeloupe),
        "America/Martinique" => tx!(i18n, settings.zone_martinique),
        "America/Cayenne" => tx!(i18n, settings.zone_cayenne),
        "America/Miquelon" => tx!(i18n, settings.zone_miquelon),
        "Indian/Reunion" => tx!(i18n, settings.zone_reunion),
        "Indian/Mayotte" => tx!(i18n, settings.zone_mayotte),
        "Pacific/Noumea" => tx!(i18n, settings.zone_noumea),
        "Pacific/Tahiti" => tx!(i18n, settings.zone_tahiti),
        "Pacific/Wallis" => tx!(i18n, settings.zone_wallis),
        "America/St_Barthelemy" => tx!(i18n, settings.zone_barthelemy),
        "America/Marigot" => tx!(i18n, settings.zone_marigot),
        unknown => unknown.to_owned(),
    }
}

/// The time zones in which French establishments live.
pub(super) fn zones(i18n: I18n) -> Vec<Choice> {
    TimeZoneName::FRENCH.into_iter().map(|zone| Choice::new(zone, zone_text(i18n, zone))).collect()
}

/// What the processing can rest on.
pub(super) fn bases(i18n: I18n) -> Vec<Choice> {
    let text = |basis| match basis {
        LegalBasis::PublicInterest => tx!(i18n, settings.basis_public),
        LegalBasis::LegitimateInterest => tx!(i18n, settings.basis_legitimate),
        LegalBasis::LegalObligation => tx!(i18n, settings.basis_obligation),
    };
    LegalBasis::ALL.into_iter().map(|basis| Choice::new(basis.as_str(), text(basis))).collect()
}
