//! How documents are worded and drawn, in the list and in the viewer.

use leptos::prelude::*;
use model::{
    documents::{DocumentState, DocumentSummary, FileKind},
    time::{Language, Moment},
};

use super::address;
use crate::{
    I18n,
    shell::{When, document_state},
    tx,
    ui::{Badge, Icon, Tone},
};

/// The drawing of a file.
pub const fn kind_icon(document: &DocumentSummary) -> Icon {
    match (document.state, document.kind) {
        (DocumentState::Unreadable, _) => Icon::FileX,
        (_, FileKind::Pdf) => Icon::FileText,
        (_, FileKind::Jpeg | FileKind::Png) => Icon::Image,
    }
}

/// What became of the file, and whether staff filed it.
pub fn state_badges(i18n: I18n, document: &DocumentSummary) -> impl IntoView + use<> {
    let (tone, icon) = match document.state {
        DocumentState::Received => (Tone::Neutral, Icon::Inbox),
        DocumentState::Checked => (Tone::Success, Icon::FileCheck),
        DocumentState::Unreadable => (Tone::Danger, Icon::FileX),
    };
    let done = document.done.then(
        || view! { <Badge tone=Tone::Success icon=Icon::CircleCheck text=tx!(i18n, documents.done) /> },
    );
    view! {
        <span class="row">
            <Badge tone=tone icon=icon text=document_state(i18n, document.state) />
            {done}
        </span>
    }
}

/// The planned deletion, or that there is none.
pub fn deletion(i18n: I18n, document: &DocumentSummary) -> AnyView {
    match document.delete_at {
        Some(at) => view! { <When at=at date=true /> }.into_any(),
        None => {
            view! { <Badge tone=Tone::Warning icon=Icon::Pin text=tx!(i18n, documents.held) /> }.into_any()
        }
    }
}

/// "3 pages".
pub fn pages_text(i18n: I18n, pages: u32) -> String {
    if pages == 1 { tx!(i18n, documents.pages_one) } else { tx!(i18n, documents.pages_many, count = pages) }
}

/// A day of an address, as people read it.
fn day_text(day: &str, language: Language) -> String {
    let Some((year, month, day)) = address::day(day) else { return String::new() };
    Moment { unix_ms: 0, year, month, day, hour: 0, minute: 0 }.date(language)
}

/// "Du 1 mars 2026 au 31 mars 2026"; nothing when neither end is said.
pub fn period_text(i18n: I18n, language: Language, from: Option<&str>, to: Option<&str>) -> Option<String> {
    let words = |day: &str| day_text(day, language);
    match (from.map(words), to.map(words)) {
        (Some(from), Some(to)) => Some(tx!(i18n, documents.period_between, from = from, to = to)),
        (Some(from), None) => Some(tx!(i18n, documents.period_since, from = from)),
        (None, Some(to)) => Some(tx!(i18n, documents.period_until, to = to)),
        (None, None) => None,
    }
}
