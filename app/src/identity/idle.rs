//! Two minutes before the session ends: for want of activity a warning, and one click to stay; by its limit a word to save what
//! one does. When it has ended the page is locked (`lock`).

use std::time::Duration;

use leptos::{prelude::*, task::spawn_local};

use super::{
    api, leave,
    lock::Lock,
    tabs::{self, ACTIVE, TOLD},
};
use crate::{
    I18n,
    api::in_foreground,
    i18n::use_i18n,
    shell::error_text,
    tx,
    ui::{Button, Dialog, Variant, use_toasts},
};

/// Milliseconds, as all times here.
const WARNING: f64 = 120_000.0;
/// Activity is told to the server at most this often.
const TELL: f64 = 120_000.0;
/// What the server was told may be older there by so much (`ACTIVITY_STEP` of `domain::identity`).
const STEP: f64 = 60_000.0;

/// A session that goes on under another name ends when it would have; answers take some time.
const SAME: f64 = 60_000.0;

/// Of the dialog.
pub(super) const WARNING_ID: &str = "idle";

/// The later of what this tab knows and what another one says, but not the future (a clock that was set back).
pub(super) fn latest(now: f64, here: f64, elsewhere: Option<f64>) -> f64 {
    elsewhere.filter(|at| *at <= now).map_or(here, |at| at.max(here))
}

/// Why the session ends soon.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Soon {
    /// Nobody does anything.
    Idle,
    /// It will have lasted as long as it may, whatever anybody does.
    Limit,
}

/// What is to be done now.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Due {
    /// Tell the server of activity that it does not know of.
    tell: bool,
    /// Warn: the server may end the session in two minutes. Where both are near, staying is no way out.
    warn: Option<Soon>,
    /// The server has ended it, as far as this page knows.
    end: bool,
}

/// From when somebody was last there and when the server was last told, in any tab. What the server was not told does not
/// count: it would end the session all the same.
fn due(now: f64, active: f64, told: f64, idle: f64, ends_at: f64) -> Due {
    let soon = |end: f64| end - now <= WARNING;
    Due {
        tell: active > told && now - told >= TELL,
        warn: if soon(ends_at) { Some(Soon::Limit) } else { soon(told + idle - STEP).then_some(Soon::Idle) },
        end: (told + idle).min(ends_at) <= now,
    }
}

/// Tells the server that somebody is there.
fn tell(lock: Lock, telling: StoredValue<bool>) {
    if telling.get_value() {
        return;
    }
    telling.set_value(true);
    let now = js_sys::Date::now();
    spawn_local(async move {
        // The network may be gone: until it is back the server knows nothing, and the count goes on. Where nobody is signed in any
        // more this locks the page. It counts even where something that nobody asked for is read at the same moment.
        if in_foreground(api::me()).await.is_ok() {
            lock.told.try_set_value(now);
            tabs::tell(TOLD, now);
        }
        telling.try_set_value(false);
    });
}

/// Title, sentence and button.
fn words(i18n: I18n, soon: Soon) -> (String, String, String) {
    match soon {
        Soon::Idle => {
            (tx!(i18n, identity.idle_title), tx!(i18n, identity.idle_text), tx!(i18n, identity.idle_stay))
        }
        Soon::Limit => {
            (tx!(i18n, identity.limit_title), tx!(i18n, identity.limit_text), tx!(i18n, identity.limit_ok))
        }
    }
}

/// Watches for activity in this tab and in others. What a person does without a request (reading, typing) keeps the session too.
#[component]
pub fn IdleWarning(lock: Lock) -> impl IntoView {
    let i18n = use_i18n();
    let (open, soon) = (RwSignal::new(false), RwSignal::new(Soon::Idle));
    let telling = StoredValue::new(false);
    Effect::new(move |_| watch(open, soon, lock, telling));
    // Whoever presses the button is there, also where that won't keep the session.
    let there = move |_| {
        open.set(false);
        tell(lock, telling);
    };
    let toasts = use_toasts();
    let out = move |_| {
        open.set(false);
        leave(move |why| {
            toasts.failure(error_text(i18n, &why));
        });
    };
    let title = Signal::derive(move || words(i18n, soon.get()).0);
    view! {
        <Dialog id=WARNING_ID open=open title=title close_label=tx!(i18n, common.close)>
            <p>{move || words(i18n, soon.get()).1}</p>
            <div class="dialog-actions">
                {move || (soon.get() == Soon::Idle).then(|| view! {
                    <Button variant=Variant::Secondary on_click=out>{tx!(i18n, shell.sign_out)}</Button>
                })}
                <Button variant=Variant::Primary on_click=there>{move || words(i18n, soon.get()).2}</Button>
            </div>
        </Dialog>
    }
}

fn watch(open: RwSignal<bool>, soon: RwSignal<Soon>, lock: Lock, telling: StoredValue<bool>) {
    let now = js_sys::Date::now;
    let active = StoredValue::new(now());
    // The limit that was told: a session has one, and the next session's is later.
    let said = StoredValue::new(0.0_f64);
    lock.came();
    tabs::tell(ACTIVE, now());
    tabs::tell(TOLD, now());
    for event in ["pointerdown", "keydown"] {
        let handle = window_event_listener_untyped(event, move |_| {
            // Every key would wake every tab.
            if !open.get_untracked() && (now() - active.get_value()).abs() >= 1000.0 {
                active.set_value(now());
                tabs::tell(ACTIVE, now());
            }
        });
        on_cleanup(move || handle.remove());
    }
    let tick = move || {
        if lock.shut_now() {
            lock.wait();
            return;
        }
        let now = now();
        let active = latest(now, active.get_value(), tabs::told(ACTIVE));
        let known = latest(now, lock.told.get_value(), tabs::told(TOLD));
        let (idle, ends_at) = lock.limits();
        let due = due(now, active, known, idle, ends_at);
        if due.end {
            open.set(false);
            // At once, with or without a network; then the server is asked, which may know better.
            lock.shut();
            lock.look();
            return;
        }
        if due.tell {
            tell(lock, telling);
        }
        match due.warn {
            // Once: nothing can be done about it, and who is saving needs the field that the dialog would take the focus from.
            Some(Soon::Limit) if said.get_value() + SAME >= ends_at => {}
            Some(Soon::Limit) => {
                said.set_value(ends_at);
                soon.set(Soon::Limit);
                open.set(true);
            }
            Some(Soon::Idle) if !open.get_untracked() => {
                soon.set(Soon::Idle);
                open.set(true);
            }
            // It goes again, too, when somebody is there in another tab.
            None if open.get_untracked() => open.set(false),
            _ => {}
        }
    };
    if let Ok(interval) = set_interval_with_handle(tick, Duration::from_secs(5)) {
        on_cleanup(move || interval.clear());
    }
    // Timers sleep with the computer, and hardly run in a tab that nobody sees: who comes back must not find the page open.
    tabs::on_return(tick);
}

#[cfg(test)]
mod tests {
    use super::{Due, STEP, Soon, TELL, WARNING, due, latest};

    const MINUTE: f64 = 60_000.0;
    const IDLE: f64 = 30.0 * MINUTE;
    const ENDS: f64 = 240.0 * MINUTE;
    const TICK: f64 = 5_000.0;

    #[test]
    fn what_another_tab_says_counts_unless_it_is_the_future() {
        let at_29 = |elsewhere: Option<f64>| latest(29.0, 5.0, elsewhere);
        assert!((at_29(None) - 5.0).abs() < 0.1);
        assert!((at_29(Some(20.0)) - 20.0).abs() < 0.1);
        assert!((at_29(Some(1.0)) - 5.0).abs() < 0.1, "an older one takes nothing away");
        assert!((at_29(Some(30.0)) - 5.0).abs() < 0.1, "nobody was there in the future");
    }

    /// Ticks of a tab in which somebody was there at these times; the server writes as seldom as it may. Gives the times of
    /// the first warning, of the server's end and of ours.
    fn left_alone_after(times: &[f64]) -> (f64, f64, f64) {
        let (mut told, mut written, mut warned) = (0.0, -STEP, None);
        let mut now = 0.0;
        loop {
            now += TICK;
            let active = times.iter().copied().filter(|at| *at <= now).fold(0.0, f64::max);
            let Due { tell, warn, end } = due(now, active, told, IDLE, ENDS);
            if end {
                return (warned.unwrap(), written + IDLE, now);
            }
            if warn.is_some() && warned.is_none() {
                warned = Some(now);
            }
            if tell {
                // As old as it may be there: another request was written a step before.
                (told, written) = (now, now - STEP);
            }
        }
    }

    #[test]
    fn the_warning_comes_two_minutes_before_the_server_can_end_the_session() {
        let typing: Vec<f64> = (0..40).map(|n| f64::from(n) * 13_000.0).collect();
        for times in [&[1.0][..], &[TELL - 1.0], &[TELL + 1.0, TELL + 90_000.0], &[20.0 * MINUTE], &typing] {
            let (warned, server_end, our_end) = left_alone_after(times);
            assert!(warned + WARNING - TICK <= server_end, "{times:?}: warned {warned}, ended {server_end}");
            let last = times.iter().copied().fold(0.0, f64::max);
            assert!(last + IDLE - STEP <= server_end, "{times:?}: the last activity is told, too");
            assert!(our_end >= server_end, "{times:?}: a session that is alive is not left");
        }
    }

    #[test]
    fn four_hours_stay_four_hours() {
        let now = ENDS - MINUTE;
        assert_eq!(due(now, now, now, IDLE, ENDS), Due { tell: false, warn: Some(Soon::Limit), end: false });
        assert!(due(ENDS, ENDS, ENDS, IDLE, ENDS).end);
        let before = ENDS - 2.1 * MINUTE;
        assert_eq!(due(before, before, before, IDLE, ENDS).warn, None);
    }

    #[test]
    fn nobody_is_asked_to_stay_where_the_limit_is_near() {
        let now = ENDS - MINUTE;
        let told = now - IDLE + WARNING;
        assert_eq!(due(now, told, told, IDLE, ENDS).warn, Some(Soon::Limit), "both are near");
        assert_eq!(due(now, told, told, IDLE, ENDS + IDLE).warn, Some(Soon::Idle));
    }
}
