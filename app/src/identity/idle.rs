//! Two minutes before the session ends for want of activity: a warning, and one click to stay.

use std::time::Duration;

use leptos::{prelude::*, task::spawn_local};
use model::identity::Me;

use super::{api, go, leave};
use crate::{
    i18n::use_i18n,
    tx,
    ui::{Button, Dialog, Variant},
};

const WARNING: u64 = 120;
/// Activity is told to the server at most this often.
const TELL: f64 = 120_000.0;

/// Where the tabs of a browser tell each other when somebody was last there: milliseconds since the Unix epoch.
const SHARED: &str = "carelink-active";

fn storage() -> Option<web_sys::Storage> {
    window().local_storage().ok().flatten()
}

fn tell_other_tabs(now: f64) {
    // A browser may refuse to keep anything: then each tab counts for itself.
    let _ = storage().map(|storage| storage.set_item(SHARED, &now.to_string()));
}

fn told_by_other_tabs() -> Option<f64> {
    storage()?.get_item(SHARED).ok().flatten()?.parse().ok()
}

/// Milliseconds until the session ends: activity in any tab counts, but not the future (a clock that was set back).
fn left(now: f64, here: f64, elsewhere: Option<f64>, idle: f64, ends_at: f64) -> f64 {
    let last = elsewhere.filter(|at| *at <= now).map_or(here, |at| at.max(here));
    (last + idle).min(ends_at) - now
}

/// Watches for activity in this tab and in others. What a person does without a request (reading, typing) keeps the session too.
#[component]
pub fn IdleWarning() -> impl IntoView {
    let i18n = use_i18n();
    let me = expect_context::<Me>();
    let open = RwSignal::new(false);
    let idle = me.idle_seconds;
    let ends_at = me.ends_at.unix_ms;
    Effect::new(move |_| watch(open, idle, ends_at));
    let stay = move |_| {
        open.set(false);
        tell_other_tabs(js_sys::Date::now());
        spawn_local(async {
            if api::me().await.is_err() {
                expired();
            }
        });
    };
    view! {
        <Dialog id="idle" open=open title=tx!(i18n, identity.idle_title) close_label=tx!(i18n, common.close)>
            <p>{tx!(i18n, identity.idle_text)}</p>
            <div class="dialog-actions">
                <Button variant=Variant::Secondary on:click=move |_| leave()>{tx!(i18n, shell.sign_out)}</Button>
                <Button variant=Variant::Primary on:click=stay>{tx!(i18n, identity.idle_stay)}</Button>
            </div>
        </Dialog>
    }
}

/// To the sign-in page and back here afterwards.
pub fn expired() {
    let location = window().location();
    let here =
        format!("{}{}", location.pathname().unwrap_or_default(), location.search().unwrap_or_default());
    let back = js_sys::encode_uri_component(&here);
    go(&format!("/portal/sign-in?ended=1&return={back}"));
}

fn watch(open: RwSignal<bool>, idle: u64, ends_at: i64) {
    let now = js_sys::Date::now;
    let last = StoredValue::new(now());
    let told = StoredValue::new(now());
    tell_other_tabs(now());
    for event in ["pointerdown", "keydown"] {
        let handle = window_event_listener_untyped(event, move |_| {
            if open.get_untracked() {
                return;
            }
            last.set_value(now());
            tell_other_tabs(now());
            if now() - told.get_value() > TELL {
                told.set_value(now());
                spawn_local(async {
                    let _ = api::me().await;
                });
            }
        });
        on_cleanup(move || handle.remove());
    }
    #[expect(clippy::cast_precision_loss, reason = "seconds of a session fit a double")]
    let (idle_ms, ends_at) = (idle as f64 * 1000.0, ends_at as f64);
    #[expect(clippy::cast_precision_loss, reason = "a constant of 120 seconds")]
    let warning_ms = WARNING as f64 * 1000.0;
    let tick = move || {
        let left = left(now(), last.get_value(), told_by_other_tabs(), idle_ms, ends_at);
        if left <= 0.0 {
            expired();
        } else if open.get_untracked() != (left <= warning_ms) {
            // It goes again, too, when somebody is there in another tab.
            open.set(left <= warning_ms);
        }
    };
    if let Ok(interval) = set_interval_with_handle(tick, Duration::from_secs(5)) {
        on_cleanup(move || interval.clear());
    }
}

#[cfg(test)]
mod tests {
    use super::left;

    #[test]
    fn activity_in_another_tab_counts() {
        let minutes = |n: f64| n * 60_000.0;
        let (idle, ends) = (minutes(30.0), minutes(240.0));
        let at_29 = |here: f64, elsewhere: Option<f64>, expected: f64| {
            let left = left(minutes(29.0), minutes(here), elsewhere.map(minutes), idle, ends);
            (left - minutes(expected)).abs() < 1.0
        };
        assert!(at_29(0.0, None, 1.0));
        assert!(at_29(0.0, Some(20.0), 21.0));
        assert!(at_29(20.0, Some(0.0), 21.0), "an older one takes nothing away");
        assert!(at_29(0.0, Some(30.0), 1.0), "nobody was there in the future");
        let end = left(minutes(239.0), minutes(239.0), None, idle, ends);
        assert!((end - minutes(1.0)).abs() < 1.0, "four hours stay four hours");
    }
}
