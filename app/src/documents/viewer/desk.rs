//! The page on its desk, and the bar above it.

use leptos::prelude::*;
use model::{documents::DocumentSummary, ids::DocumentId};

use super::{
    look::{Look, Zoom},
    opened::Download,
    print::{Print, use_print},
};
use crate::{
    documents::address,
    i18n::use_i18n,
    tx,
    ui::{Button, Icon, LinkButton, Notice, Skeleton, Tone, Variant, use_shortcut},
};

/// What shows the picture of a page.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Picture {
    /// Nothing yet.
    First,
    /// The page before, until the next is there.
    Next,
    Shown,
    Failed,
}

/// Pages, zoom, rotation, print; by mouse and by keyboard.
#[component]
pub fn Desk(
    document: RwSignal<DocumentSummary>,
    ticket: String,
    look: RwSignal<Look>,
    shortcuts: RwSignal<bool>,
    newer: Option<DocumentId>,
    older: Option<DocumentId>,
    helping: RwSignal<bool>,
    again: Callback<()>,
) -> impl IntoView {
    let i18n = use_i18n();
    let id = document.read_untracked().id;
    // Not counted yet: there is at least one.
    let pages = Memo::new(move |_| document.read().pages.unwrap_or(1).max(1));
    let print = use_print();
    let (picture, attempt) = (RwSignal::new(Picture::First), RwSignal::new(0_u32));
    let ticket = StoredValue::new(ticket);
    let source = Memo::new(move |_| look.get().picture(id, &ticket.read_value(), attempt.get()));
    Effect::new(move |before: Option<()>| {
        source.track();
        if before.is_some() {
            picture.update(|now| {
                *now = if *now == Picture::Shown { Picture::Next } else { Picture::First };
            });
        }
    });
    keys(look, pages, shortcuts, print.start);
    let words = Signal::derive(move || {
        let (page, count) = (look.read().page, pages.get());
        if document.read().pages.is_some() {
            tx!(i18n, documents.page_of, page = page, count = count)
        } else {
            tx!(i18n, documents.page_alone, page = page)
        }
    });
    let label = document.read_untracked().label.clone();
    let alt = move || tx!(i18n, documents.page_alt, page = words.get(), label = label.clone());
    let failed = Memo::new(move |_| picture.get() == Picture::Failed);
    let waits = move || matches!(picture.get(), Picture::First | Picture::Next).then_some("true");
    view! {
        <section class=move || format!("viewer-frame {}", look.read().zoom.class())
            aria-label=tx!(i18n, documents.pages_region)>
            <div class="viewer-bar" role="group" aria-label=tx!(i18n, documents.display)>
                <Pages look=look pages=pages />
                <Size look=look />
                <div class="viewer-bar-group">
                    <Tool icon=Icon::RotateCw label=tx!(i18n, documents.rotate)
                        on_click=move |_| look.update(Look::rotate) />
                    <Tool icon=Icon::Printer label=tx!(i18n, documents.print)
                        on_click=move |_| print.start.run(()) />
                    <Tool class="viewer-keys" icon=Icon::Help label=tx!(i18n, documents.help) on_click=move |_| helping.set(true) />
                </div>
                <div class="viewer-bar-group">
                    <Neighbour to=newer icon=Icon::ArrowLeft label=tx!(i18n, documents.newer) />
                    <Neighbour to=older icon=Icon::ArrowRight label=tx!(i18n, documents.older) />
                </div>
            </div>
            <p class="visually-hidden" role="status">{move || words.get()}</p>
            <div class="viewer-desk" tabindex="0" role="region" aria-label=move || words.get() aria-busy=waits>
                <Show when=move || picture.get() == Picture::First>
                    <div class="viewer-wait"><Skeleton label=tx!(i18n, documents.page_loading) lines=6 /></div>
                </Show>
                <Show when=move || failed.get()>
                    <Notice tone=Tone::Danger title=Some(tx!(i18n, documents.page_failed))>
                        <p>{tx!(i18n, documents.page_failed_text)}</p>
                        <div class="row">
                            <Button icon=Icon::RefreshCw on_click=move |_| retry(attempt, again)>
                                {tx!(i18n, common.retry)}
                            </Button>
                            <Download id=id />
                        </div>
                    </Notice>
                </Show>
                <img
                    class="viewer-page"
                    src=move || source.get()
                    alt=alt
                    hidden=move || matches!(picture.get(), Picture::First | Picture::Failed)
                    on:load=move |_| picture.set(Picture::Shown)
                    on:error=move |_| picture.set(Picture::Failed)
                />
            </div>
            <Print print=print id=id ticket=ticket look=look pages=pages />
        </section>
    }
}

/// Once more; the second time with a new opening, in case an hour has passed since the first.
fn retry(attempt: RwSignal<u32>, again: Callback<()>) {
    if attempt.get_untracked() == 0 { attempt.set(1) } else { again.run(()) }
}

fn keys(look: RwSignal<Look>, pages: Memo<u32>, shortcuts: RwSignal<bool>, print: Callback<()>) {
    let several = Signal::derive(move || shortcuts.get() && pages.get() > 1);
    let turn = move |by: i32| {
        let pages = pages.get_untracked();
        look.update(|look| look.turn_to(look.page.saturating_add_signed(by), pages));
    };
    for key in ["PageDown", "."] {
        use_shortcut(key, several, move || turn(1));
    }
    for key in ["PageUp", ","] {
        use_shortcut(key, several, move || turn(-1));
    }
    for key in ["+", "="] {
        use_shortcut(key, shortcuts.into(), move || look.update(|look| look.zoom = look.zoom.closer()));
    }
    use_shortcut("-", shortcuts.into(), move || look.update(|look| look.zoom = look.zoom.farther()));
    use_shortcut("0", shortcuts.into(), move || look.update(|look| look.zoom = Zoom::Fit));
    use_shortcut("r", shortcuts.into(), move || look.update(Look::rotate));
    use_shortcut("p", shortcuts.into(), move || print.run(()));
}

/// A button of the bar.
#[component]
fn Tool(
    icon: Icon,
    #[prop(into)] label: String,
    #[prop(optional, into)] off: Signal<bool>,
    #[prop(optional, into)] class: String,
    #[prop(optional, into)] on_click: Option<Callback<leptos::ev::MouseEvent>>,
) -> impl IntoView {
    let act = move |event| {
        if let Some(act) = on_click {
            act.run(event);
        }
    };
    view! { <Button variant=Variant::Ghost small=true icon=icon label=Some(label) off=off class=class on_click=act /> }
}

/// Which page of how many.
#[component]
fn Pages(look: RwSignal<Look>, pages: Memo<u32>) -> impl IntoView {
    let i18n = use_i18n();
    let at_first = Signal::derive(move || look.read().page <= 1);
    let at_last = Signal::derive(move || look.read().page >= pages.get());
    let turn = move |by: i32| {
        look.update(|look| look.turn_to(look.page.saturating_add_signed(by), pages.get_untracked()));
    };
    view! {
        <div class="viewer-bar-group">
            <Tool icon=Icon::ChevronLeft label=tx!(i18n, documents.page_previous) off=at_first
                on_click=move |_| turn(-1) />
            <span class="viewer-number">{move || format!("{} / {}", look.read().page, pages.get())}</span>
            <Tool icon=Icon::ChevronRight label=tx!(i18n, documents.page_next) off=at_last
                on_click=move |_| turn(1) />
        </div>
    }
}

/// How large.
#[component]
fn Size(look: RwSignal<Look>) -> impl IntoView {
    let i18n = use_i18n();
    let zoom = Memo::new(move |_| look.read().zoom);
    let words = move || match zoom.get() {
        Zoom::Percent(percent) => tx!(i18n, documents.zoom_percent, percent = percent),
        Zoom::Fit => tx!(i18n, documents.zoom_width),
    };
    let at_end = |step: fn(Zoom) -> Zoom| Signal::derive(move || step(zoom.get()) == zoom.get());
    view! {
        <div class="viewer-bar-group">
            <Tool icon=Icon::ZoomOut label=tx!(i18n, documents.zoom_out) off=at_end(Zoom::farther)
                on_click=move |_| look.update(|look| look.zoom = look.zoom.farther()) />
            <span class="viewer-number">{words}</span>
            <Tool icon=Icon::ZoomIn label=tx!(i18n, documents.zoom_in) off=at_end(Zoom::closer)
                on_click=move |_| look.update(|look| look.zoom = look.zoom.closer()) />
            <Tool icon=Icon::Maximize label=tx!(i18n, documents.zoom_fit)
                on_click=move |_| look.update(|look| look.zoom = Zoom::Fit) />
        </div>
    }
}

/// The document beside this one in the inbox, or a button that says there is none.
#[component]
fn Neighbour(to: Option<DocumentId>, icon: Icon, #[prop(into)] label: String) -> impl IntoView {
    match to {
        Some(id) => view! {
            <LinkButton href=address::of_document(id) variant=Variant::Ghost small=true icon=icon label=Some(label) />
        }
        .into_any(),
        None => view! { <Tool icon=icon label=label off=true /> }.into_any(),
    }
}
