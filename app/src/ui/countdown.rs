//! The time left until an instant. The server's text is the first render; the browser ticks from there with
//! the server's clock, so that a wrong clock on a desk shows the right time left.

use std::time::Duration;

use leptos::prelude::*;

/// The time left, cut for display.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Remaining {
    /// Whole days.
    pub days: u64,
    /// Hours, 0 to 23.
    pub hours: u64,
    /// Minutes, 0 to 59.
    pub minutes: u64,
    /// Seconds, 0 to 59.
    pub seconds: u64,
}

impl Remaining {
    /// From `now` to `until`, both milliseconds since 1970 (UTC). `None` once it is over.
    pub fn between(now: i64, until: i64) -> Option<Self> {
        let left = u64::try_from(until.saturating_sub(now)).ok().filter(|left| *left > 0)?;
        // A second that has begun counts: "00:00:01" until the end.
        let left = left.div_ceil(1000);
        let (days, hours) = (left / 86_400, left / 3600 % 24);
        Some(Self { days, hours, minutes: left / 60 % 60, seconds: left % 60 })
    }

    /// `23:59:08` under a day, `2 j 4 h` or `2 j` above (`day` and `hour` are the units' letters).
    pub fn clock(self, day: &str, hour: &str) -> String {
        let Self { days, hours, minutes, seconds } = self;
        // Non-breaking spaces.
        match (days, hours) {
            (0, _) => format!("{hours:02}:{minutes:02}:{seconds:02}"),
            (_, 0) => format!("{days}\u{a0}{day}"),
            _ => format!("{days}\u{a0}{day} {hours}\u{a0}{hour}"),
        }
    }
}

/// The time left, each second. Not announced: a screen reader reads it when it comes to it.
#[component]
pub fn Countdown(
    /// The instant, in milliseconds since 1970 (UTC).
    #[prop(into)]
    until_ms: Signal<i64>,
    /// The server's time when it made this page, in the same unit; it travels with the data.
    #[prop(into)]
    now_ms: Signal<i64>,
    /// Writes it; `None` is "it is over". Usually `Remaining::clock` with the language's letters.
    format: impl Fn(Option<Remaining>) -> String + Send + Sync + 'static,
    /// Called once when it is over, in the browser only.
    #[prop(optional, into)]
    on_end: Option<Callback<()>>,
) -> impl IntoView {
    let elapsed = RwSignal::new(0_i64);
    let remaining =
        Memo::new(move |_| Remaining::between(now_ms.get().saturating_add(elapsed.get()), until_ms.get()));
    Effect::new(move |_| {
        // New figures from the server start the clock again.
        now_ms.track();
        let start = browser_ms();
        elapsed.set(0);
        let timer = set_interval_with_handle(
            move || {
                let _ = elapsed.try_set(browser_ms() - start);
            },
            Duration::from_secs(1),
        );
        on_cleanup(move || {
            if let Ok(timer) = timer {
                timer.clear();
            }
        });
    });
    Effect::new(move |ended: Option<bool>| {
        let over = remaining.with(Option::is_none);
        if over
            && ended == Some(false)
            && let Some(on_end) = on_end
        {
            on_end.run(());
        }
        over
    });
    let urgent =
        move || remaining.get().is_none_or(|left| left.days == 0 && left.hours == 0 && left.minutes < 10);
    view! {
        <span class="countdown" class:countdown-soon=urgent role="timer">
            {move || format(remaining.get())}
        </span>
    }
    .into_any()
}

#[expect(clippy::cast_possible_truncation, reason = "milliseconds since 1970 are whole and fit")]
fn browser_ms() -> i64 {
    js_sys::Date::now() as i64
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(left_ms: i64) -> Option<String> {
        Remaining::between(1_000_000, 1_000_000 + left_ms).map(|left| left.clock("j", "h"))
    }

    #[test]
    fn under_a_day_it_is_a_clock() {
        assert_eq!(text(86_399_000).as_deref(), Some("23:59:59"));
        assert_eq!(text(61_000).as_deref(), Some("00:01:01"));
    }

    #[test]
    fn above_a_day_it_counts_days_and_hours_and_no_hour_is_not_said() {
        assert_eq!(text(86_400_000).as_deref(), Some("1\u{a0}j"));
        assert_eq!(text((2 * 24 + 4) * 3_600_000).as_deref(), Some("2\u{a0}j 4\u{a0}h"));
    }

    #[test]
    fn it_never_shows_zero_before_the_end_and_never_goes_below() {
        assert_eq!(text(1).as_deref(), Some("00:00:01"));
        assert_eq!(text(0), None);
        assert_eq!(text(-5_000), None);
        assert_eq!(Remaining::between(i64::MAX, i64::MIN), None);
    }

    #[cfg(feature = "ssr")]
    #[test]
    fn the_server_writes_the_first_text() {
        let html = Owner::new().with(|| {
            let format =
                |left: Option<Remaining>| left.map_or("terminé".into(), |left| left.clock("j", "h"));
            view! { <Countdown until_ms=3_600_000_i64 now_ms=0_i64 format=format/> }.to_html()
        });
        assert!(html.contains("01:00:00") && html.contains(r#"role="timer""#), "{html}");
    }
}
