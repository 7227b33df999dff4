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

/// Watches for activity in this tab. What a person does without a request (reading, typing) keeps the session too.
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
    for event in ["pointerdown", "keydown"] {
        let handle = window_event_listener_untyped(event, move |_| {
            if open.get_untracked() {
                return;
            }
            last.set_value(now());
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
        let left = (last.get_value() + idle_ms).min(ends_at) - now();
        if left <= 0.0 {
            expired();
        } else if left <= warning_ms {
            open.set(true);
        }
    };
    if let Ok(interval) = set_interval_with_handle(tick, Duration::from_secs(5)) {
        on_cleanup(move || interval.clear());
    }
}
