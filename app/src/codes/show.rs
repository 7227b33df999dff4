//! One code: shown large to be read aloud, copied or scanned while it is active; afterwards, why it ended.

use leptos::prelude::*;
use leptos_meta::Title;
use model::{codes::CodeState, identity::Me, roles::Permission};

use super::{
    ended::{Ended, Revoke},
    extend::Extend,
    hand_over,
    list_query::PATH,
    received::Received,
    show_code::{Code, Scan},
    shown::Shown,
    words::{StateBadge, uses},
};
use crate::{
    i18n::use_i18n,
    shell::{Failure, When, use_language},
    tx,
    ui::{Back, Button, Icon, LinkButton, PageHeader, Skeleton, Variant},
};

/// The code of the address, its documents, and what can be done with it.
#[component]
pub fn ShowPage() -> impl IntoView {
    let i18n = use_i18n();
    let language = use_language();
    let me = expect_context::<Me>();
    let shown = Shown::of_address();
    shown.follow();
    let (summary, secret, state) = (shown.summary(), shown.secret(), shown.state());
    let (extending, revoking) = (RwSignal::new(false), RwSignal::new(false));
    let active = Memo::new(move |_| state.get() == Some(CodeState::Active));
    let lists = me.may(Permission::ListDocuments);

    let title = Signal::derive(move || {
        summary
            .with(|code| code.as_ref().map_or_else(|| tx!(i18n, codes.show_title), |code| code.label.clone()))
    });
    let subtitle = Signal::derive(move || {
        summary.with(|code| {
            code.as_ref().map(|code| {
                let at = code.created_at.date_time(language);
                tx!(i18n, codes.created_by, author = code.author.clone(), at = at)
            })
        })
    });
    let back = Back { href: PATH.to_owned(), text: tx!(i18n, codes.title) };
    let sheet = move || shown.id.get().map_or_else(|| PATH.to_owned(), |id| format!("{PATH}/{id}/sheet"));
    let hand_to_sheet = move |_| {
        if let Some(view) = shown.view.get_untracked() {
            hand_over::put(view);
        }
    };
    let actions = move || {
        active.get().then(|| {
            view! {
                <Button variant=Variant::Ghost icon=Icon::Ban on_click=move |_| revoking.set(true)>
                    {tx!(i18n, codes.revoke)}
                </Button>
                <Button icon=Icon::CalendarClock on_click=move |_| extending.set(true)>
                    {tx!(i18n, codes.extend)}
                </Button>
                <LinkButton href=Signal::derive(sheet) variant=Variant::Primary icon=Icon::Printer
                    on_click=hand_to_sheet>
                    {tx!(i18n, codes.sheet)}
                </LinkButton>
            }
        })
    };
    let ended = Memo::new(move |_| state.get().filter(|state| *state != CodeState::Active));
    let waiting = Memo::new(move |_| shown.view.with(Option::is_none) && shown.error.with(Option::is_none));
    let known = Memo::new(move |_| summary.with(Option::is_some));
    view! {
        <Title text=tx!(i18n, codes.show_title) />
        <PageHeader title=title subtitle=subtitle back=Some(back)>{actions}</PageHeader>
        {move || shown.error.get().map(|error| view! {
            <div class="stack narrow">
                <Failure error=error />
                <div class="row">
                    <Button icon=Icon::RefreshCw on_click=move |_| shown.show()>{tx!(i18n, common.retry)}</Button>
                </div>
            </div>
        })}
        {move || waiting.get().then(|| view! {
            <div class="card"><Skeleton label=tx!(i18n, common.loading) lines=5 /></div>
        })}
        {move || known.get().then(|| view! {
            <div class="code-page">
                <div class="stack">
                    // A change of state is told to who can't see it.
                    <div class="stack" aria-live="polite">
                        {move || secret.get().map(|secret| view! { <Code secret=secret shown=shown /> })}
                        {move || ended.get().map(|state| view! { <Ended state=state shown=shown /> })}
                    </div>
                    {lists.then(|| view! { <Received shown=shown /> })}
                </div>
                <aside class="stack">
                    {move || secret.get().map(|secret| view! { <Scan secret=secret /> })}
                    <Details shown=shown />
                </aside>
            </div>
        })}
        <Extend shown=shown open=extending />
        <Revoke shown=shown open=revoking />
    }
}

/// What was asked, and how far it is.
#[component]
fn Details(shown: Shown) -> impl IntoView {
    let i18n = use_i18n();
    let language = use_language();
    let summary = shown.summary();
    let facts = move || {
        let code = summary.get()?;
        let files = if code.max_files == 1 {
            tx!(i18n, codes.files_one)
        } else {
            tx!(i18n, codes.files_many, count = code.max_files)
        };
        let uses = uses(i18n, language, &code);
        Some(view! {
            <dl class="facts">
                <dt>{tx!(i18n, codes.detail_state)}</dt>
                <dd><StateBadge state=code.state /></dd>
                {code.note.map(|note| view! {
                    <dt>{tx!(i18n, codes.detail_note)}</dt>
                    <dd class="code-note">{note}</dd>
                })}
                <dt>{tx!(i18n, codes.detail_uses)}</dt>
                <dd>{uses}</dd>
                <dt>{tx!(i18n, codes.detail_files)}</dt>
                <dd>{files}</dd>
                <dt>{tx!(i18n, codes.detail_expires)}</dt>
                <dd><When at=code.expires_at /></dd>
                {code.last_used_at.map(|at| view! {
                    <dt>{tx!(i18n, codes.detail_last)}</dt>
                    <dd><When at=at /></dd>
                })}
            </dl>
        })
    };
    view! {
        <section class="card code-details">
            <div class="card-head"><h2>{tx!(i18n, codes.details)}</h2></div>
            {facts}
        </section>
    }
}
