//! Establishments: creating them, finding them, their settings, moving them to another machine.

mod create;
mod find;
mod operate;
mod psc_only;
mod settings;
mod transfer;

pub(crate) use create::create_as;
pub use create::{CreateError, NewEstablishment, create};
pub use find::{Public, by_slug, check_master_key, search};
pub(crate) use find::{card, fold, keys, recipient};
use jiff::{Timestamp, civil::Date, tz::TimeZone};
use model::establishments::TimeZoneName;
pub use operate::{Listed, give_room, id_of, list, resume, suspend};
pub(crate) use psc_only::{LeftOut, hangs_on, left_out_draft};
pub use psc_only::{
    PscOnlyError, change_psc_only, close_fallback, lift_psc_only, open_fallback, operator_closes_fallback,
    operator_opens_fallback, read_psc_only,
};
pub use settings::{SettingsCache, SettingsError, change_settings, current, read_room, read_settings};
pub(crate) use settings::{room, zone};
pub use transfer::{Imported, TransferError, delete, export, import};

/// The zone of a name that was checked to exist; UTC should the system's table lack it.
pub(crate) fn time_zone(name: &TimeZoneName) -> TimeZone {
    TimeZone::get(name.as_ref()).unwrap_or(TimeZone::UTC)
}

/// Where no establishment says which: the country's.
pub(crate) fn default_zone() -> TimeZone {
    TimeZone::get("Europe/Paris").unwrap_or(TimeZone::UTC)
}

/// The moments between which days lie (`YYYY-MM-DD`, the last included); a missing or malformed bound is open.
pub(crate) fn day_range(zone: &TimeZone, from: Option<&str>, to: Option<&str>) -> (Timestamp, Timestamp) {
    let start = |day: Date| day.to_zoned(zone.clone()).map(|at| at.timestamp()).ok();
    let first =
        from.and_then(|text| text.parse::<Date>().ok()).and_then(start).unwrap_or(Timestamp::UNIX_EPOCH);
    let last = to
        .and_then(|text| text.parse::<Date>().ok())
        .and_then(|day| day.tomorrow().ok())
        .and_then(start)
        .or_else(|| Timestamp::from_second(253_000_000_000).ok())
        .unwrap_or(Timestamp::MAX);
    (first, last)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_is_the_establishments_day() {
        let paris = TimeZone::get("Europe/Paris").unwrap();
        let (from, to) = day_range(&paris, Some("2026-03-29"), Some("2026-03-29"));
        // The day on which clocks go forward has 23 hours.
        assert_eq!(to.duration_since(from).as_hours(), 23);
        assert_eq!(day_range(&paris, Some("nonsense"), None).0, Timestamp::UNIX_EPOCH);
    }
}
