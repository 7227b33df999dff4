//! Four figures that matter, each a way to what it counts.

use leptos::prelude::*;
use model::statistics::Overview;

use super::page::Sight;
use crate::{
    i18n::use_i18n,
    tx,
    ui::{Icon, Stat, Tone},
};

/// Tiles above everything else.
#[component]
pub(super) fn Figures(overview: Overview, sight: Sight) -> impl IntoView {
    let i18n = use_i18n();
    let Overview { unseen, active_codes, expiring, days, .. } = overview;
    let received: u64 = days.into_iter().map(|(_, count)| count).sum();
    let alert = |count: u64, tone: Tone| if count > 0 { tone } else { Tone::Neutral };
    view! {
        <div class="stats">
            {sight.documents.then(|| view! {
                <Stat label=tx!(i18n, home.unseen) value=unseen.to_string() hint=tx!(i18n, home.unseen_hint)
                    icon=Icon::Inbox tone=alert(unseen, Tone::Info) href="/portal/documents?filter=new" />
            })}
            {sight.codes.then(|| view! {
                <Stat label=tx!(i18n, home.active) value=active_codes.to_string()
                    hint=tx!(i18n, home.active_hint) icon=Icon::Qr href="/portal/codes" />
            })}
            {sight.documents.then(|| view! {
                <Stat label=tx!(i18n, home.expiring) value=expiring.to_string()
                    hint=tx!(i18n, home.expiring_hint) icon=Icon::Timer tone=alert(expiring, Tone::Warning)
                    href="/portal/documents?sort=expires" />
                <Stat label=tx!(i18n, home.received) value=received.to_string() hint=tx!(i18n, home.received_hint)
                    icon=Icon::Activity tone=Tone::Success />
            })}
        </div>
    }
}
