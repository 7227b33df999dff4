//! Time as an argument: the system's clock in production, one that tests move by hand.

use std::sync::{Arc, Mutex, PoisonError};

use jiff::{SignedDuration, Timestamp, tz::TimeZone};
use model::time::Moment;

/// Tells the time. Cloning shares the clock.
#[derive(Clone, Debug, Default)]
pub struct Clock(Option<Arc<Mutex<Timestamp>>>);

impl Clock {
    /// The system's clock.
    pub fn system() -> Self {
        Self(None)
    }

    /// A clock that stands still until [`Clock::advance`] moves it.
    pub fn standing_at(start: Timestamp) -> Self {
        Self(Some(Arc::new(Mutex::new(start))))
    }

    /// Now, to the microsecond (PostgreSQL's resolution, so that what is written reads back equal).
    #[expect(clippy::disallowed_methods, reason = "this is the one place that reads the system's clock")]
    pub fn now(&self) -> Timestamp {
        let now = match &self.0 {
            None => Timestamp::now(),
            Some(standing) => *standing.lock().unwrap_or_else(PoisonError::into_inner),
        };
        Timestamp::from_microsecond(now.as_microsecond()).unwrap_or(now)
    }

    /// Moves a standing clock; the system's clock ignores it.
    pub fn advance(&self, by: SignedDuration) {
        if let Some(standing) = &self.0 {
            let mut now = standing.lock().unwrap_or_else(PoisonError::into_inner);
            *now = now.checked_add(by).unwrap_or(*now);
        }
    }
}

/// A moment on an establishment's clock.
pub fn moment(at: Timestamp, zone: &TimeZone) -> Moment {
    let local = zone.to_datetime(at);
    let small = |n: i8| u8::try_from(n).unwrap_or_default();
    Moment {
        unix_ms: at.as_millisecond(),
        year: local.year(),
        month: small(local.month()),
        day: small(local.day()),
        hour: small(local.hour()),
        minute: small(local.minute()),
    }
}

/// `at` moved by whole minutes; stays where it is beyond the calendar's end.
pub fn minutes(at: Timestamp, minutes: i64) -> Timestamp {
    at.checked_add(SignedDuration::from_mins(minutes)).unwrap_or(at)
}

/// `at` moved by whole seconds.
pub fn seconds(at: Timestamp, seconds: i64) -> Timestamp {
    at.checked_add(SignedDuration::from_secs(seconds)).unwrap_or(at)
}

/// `at` moved by days of 24 hours.
pub fn days(at: Timestamp, days: i64) -> Timestamp {
    at.checked_add(SignedDuration::from_hours(days.saturating_mul(24))).unwrap_or(at)
}
