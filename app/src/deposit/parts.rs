//! What several pages share.

use leptos::prelude::*;

use super::texts::Common;
use super::views::{Establishment, Moment, Shell};

/// The icons: drawn here, so that they cost no request. All are decoration beside a text.
#[derive(Clone, Copy)]
pub(super) enum Icon {
    Brand,
    Camera,
    Sheet,
    Check,
    Clock,
    Eye,
    Bin,
    Alert,
    Lock,
    Phone,
    Place,
}

/// An icon, hidden from assistive technology.
pub(super) fn icon(icon: Icon) -> AnyView {
    let path = match icon {
        Icon::Brand => "M7 3h7l5 5v13H7zM14 3v5h5M10 15l2.2 2.2L16.5 13",
        Icon::Camera => "M4 8h3.5L9 5.5h6L16.5 8H20v11H4zM12 16.5a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7z",
        Icon::Sheet => "M6 3h8l4 4v14H6zM14 3v4h4M9 12h6M9 16h6",
        Icon::Check => "M5 12.5l4.5 4.5L19 7.5",
        Icon::Clock => "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18zM12 7v5l3.5 2",
        Icon::Eye => {
            "M2.5 12S6 5.5 12 5.5 21.5 12 21.5 12 18 18.5 12 18.5 2.5 12 2.5 12zM12 15a3 3 0 1 0 0-6 3 3 0 0 0 0 6z"
        }
        Icon::Bin => "M5 7h14M10 7V4h4v3M7 7l1 13h8l1-13M10.5 11v5M13.5 11v5",
        Icon::Alert => "M12 3.5L22 20H2zM12 10v4.5M12 17v.5",
        Icon::Lock => "M6 11h12v9H6zM8.5 11V8a3.5 3.5 0 0 1 7 0v3",
        Icon::Phone => {
            "M6 3.5h3.5l1.5 4.5-2 1.5a11 11 0 0 0 5.5 5.5l1.5-2 4.5 1.5V18a2.5 2.5 0 0 1-2.5 2.5A15 15 0 0 1 3.5 6 2.5 2.5 0 0 1 6 3.5z"
        }
        Icon::Place => {
            "M12 21.5s7-6.5 7-11.5a7 7 0 0 0-14 0c0 5 7 11.5 7 11.5zM12 12.5a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5z"
        }
    };
    view! { <svg class="icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false"><path d=path></path></svg> }
        .into_any()
}

/// The first field of every form that changes something.
pub(super) fn csrf(shell: &Shell) -> impl IntoView + use<> {
    shell.csrf.clone().map(|token| view! { <input type="hidden" name="csrf" value=token/> })
}

/// A moment, for people and machines.
pub(super) fn time(moment: &Moment) -> impl IntoView + use<> {
    view! { <time datetime=moment.iso.clone()>{moment.text.clone()}</time> }
}

/// The summary of what went wrong: announced, focused where the browser can, first thing on the page.
pub(super) fn alert(title: &'static str, body: impl IntoView) -> AnyView {
    view! {
        <div class="alert" id="problem" role="alert" tabindex="-1" autofocus>
            {icon(Icon::Alert)}
            <div><h2>{title}</h2>{body.into_view()}</div>
        </div>
    }
    .into_any()
}

/// Address and telephone of an establishment.
pub(super) fn whereabouts(t: &Common, e: &Establishment) -> AnyView {
    let call = t.call;
    let address = (!e.address.is_empty()).then(|| {
        view! { <li>{icon(Icon::Place)}<span><span class="off">{t.address}" "</span>{e.address.join(", ")}</span></li> }
    });
    let phone = e.phone.clone().map(|phone| {
        let dialled: String = phone
            .char_indices()
            .filter(|(i, c)| c.is_ascii_digit() || (*i == 0 && *c == '+'))
            .map(|(_, c)| c)
            .collect();
        let label = call(&phone);
        view! { <li>{icon(Icon::Phone)}<a href=format!("tel:{dialled}") aria-label=label>{phone}</a></li> }
    });
    let note = e
        .opening_note
        .clone()
        .map(|note| view! { <li>{icon(Icon::Clock)}<span class="said">{note}</span></li> });
    view! { <ul class="facts">{address}{phone}{note}</ul> }.into_any()
}

/// The largest file in words. It is set in mebibytes, and said as the number that was set, in the unit that phones show: a
/// little less than what is accepted, never more.
pub(super) fn limit(t: &Common, bytes: u64) -> String {
    format!("{}\u{a0}{}", bytes / 1_048_576, t.megabytes)
}

/// A waiting time in words, rounded up.
pub(super) fn wait(t: &Common, seconds: u64) -> String {
    let up_to = |unit: u64| u32::try_from(seconds.div_ceil(unit).max(1)).unwrap_or(u32::MAX);
    match seconds {
        0..90 => (t.seconds)(up_to(1)),
        90..5_400 => (t.minutes)(up_to(60)),
        _ => (t.hours)(up_to(3_600)),
    }
}
