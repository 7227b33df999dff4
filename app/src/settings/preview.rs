//! What patients will see of the settings, while they are typed.

use leptos::prelude::*;
use model::identity::Me;

use super::draft::Draft;
use crate::{
    i18n::use_i18n,
    shell::{file_size, use_language},
    tx,
    ui::Icon,
};

/// As patients read it: the number that was set (`deposit::texts` does the same).
const MEGABYTE: u64 = 1_000_000;

fn line(icon: Icon, text: String) -> impl IntoView {
    view! { <li>{icon.view()} <span class="preview-text">{text}</span></li> }
}

/// The establishment as the deposit page presents it. Values that don't fit show the last ones that did.
#[component]
pub(super) fn Preview(draft: Memo<Draft>) -> impl IntoView {
    let i18n = use_i18n();
    let language = use_language();
    let (name, town) =
        expect_context::<Me>().establishment.map(|card| (card.name, card.town)).unwrap_or_default();
    let whereabouts = move || {
        let draft = draft.read();
        let lines: Vec<_> =
            [(Icon::MapPin, &draft.address), (Icon::Phone, &draft.phone), (Icon::Clock, &draft.opening_note)]
                .into_iter()
                .filter(|(_, text)| !text.trim().is_empty())
                .map(|(icon, text)| line(icon, text.trim().to_owned()))
                .collect();
        if lines.is_empty() {
            view! { <p class="muted">{tx!(i18n, settings.preview_empty)}</p> }.into_any()
        } else {
            view! { <ul class="preview-lines">{lines}</ul> }.into_any()
        }
    };
    let numbers = Memo::new(move |before: Option<&(u64, u32)>| {
        let read = draft.read().read();
        let fits = read
            .ok()
            .map(|settings| (u64::from(settings.max_file.get()) * MEGABYTE, settings.retention.get()));
        fits.or_else(|| before.copied()).unwrap_or((0, 0))
    });
    let fate = move || {
        let (bytes, days) = numbers.get();
        let retention = if days > 1 {
            tx!(i18n, settings.preview_retention, days = days)
        } else {
            tx!(i18n, settings.preview_retention_day)
        };
        let limits = tx!(i18n, settings.preview_limits, size = file_size(bytes, language));
        let contact = draft.read().privacy_contact.trim().to_owned();
        let privacy = if contact.is_empty() {
            tx!(i18n, settings.preview_no_privacy)
        } else {
            tx!(i18n, settings.preview_privacy, contact = contact)
        };
        view! {
            <ul class="preview-lines">
                {line(Icon::FileText, limits)} {line(Icon::Timer, retention)} {line(Icon::ShieldCheck, privacy)}
            </ul>
        }
    };
    view! {
        <section class="card preview" aria-labelledby="preview-title">
            <h2 id="preview-title">{tx!(i18n, settings.preview)}</h2>
            <div class="preview-page">
                <p class="preview-name">
                    <strong>{name}</strong>
                    <small>{town}</small>
                </p>
                {whereabouts}
                <hr />
                {fate}
            </div>
        </section>
    }
}
