//! Above the list: search, state, period, order. A real form: it works before the page is alive.

use std::time::Duration;

use leptos::{html, prelude::*};
use leptos_router::{NavigateOptions, hooks::use_navigate};
use model::{documents::DocumentQuery, list::Page, text::Search};

use super::filters::{Applied, Chips, Order};
use crate::{
    documents::{
        address::{self, LIST},
        preferences,
    },
    i18n::use_i18n,
    live::use_live,
    tx,
    ui::{Button, Field, Icon, Menu, Variant, use_shortcut},
};

/// Typing pauses so long before the list follows.
const PAUSE: Duration = Duration::from_millis(300);

/// Goes to another address of the list; `replace` where "back" should skip this one.
fn use_go() -> impl Fn(&DocumentQuery, bool) + Clone + 'static {
    let navigate = use_navigate();
    move |query: &DocumentQuery, replace: bool| {
        navigate(
            &address::write(query),
            NavigateOptions { replace, scroll: false, ..NavigateOptions::default() },
        );
    }
}

/// Search, filters, order, and whether the list is live.
#[component]
pub fn Toolbar(query: Memo<DocumentQuery>, code_label: RwSignal<Option<String>>) -> impl IntoView {
    let i18n = use_i18n();
    let go = use_go();
    let said = |day: &Option<String>| day.clone().unwrap_or_default();
    let (from, to) = query.with_untracked(|query| (said(&query.from), said(&query.to)));
    let (from, to) = (RwSignal::new(from), RwSignal::new(to));
    Effect::new(move |_| {
        let query = query.read();
        from.set(said(&query.from));
        to.set(said(&query.to));
    });
    let words = NodeRef::<html::Input>::new();
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let mut wanted = query.get_untracked();
        wanted.page = Page::new(1, wanted.page.size());
        wanted.search = words.get_untracked().and_then(|input| input.value().parse::<Search>().ok());
        let day = |text: String| address::day(&text).map(|_| text);
        wanted.from = day(from.get_untracked());
        wanted.to = day(to.get_untracked());
        go(&wanted, false);
    };
    let kept = move || {
        let query = query.get();
        let kept = [
            ("filter", address::filter_name(query.filter).map(str::to_owned)),
            ("code", query.code.map(|id| id.to_string())),
            ("sort", address::sort_name(query.sort).map(str::to_owned)),
            ("size", (query.page.size() != Page::DEFAULT_SIZE).then(|| query.page.size().to_string())),
        ];
        let inputs = kept.into_iter().filter_map(|(name, value)| Some((name, value?)));
        inputs.map(|(name, value)| view! { <input type="hidden" name=name value=value /> }).collect_view()
    };
    view! {
        <form class="toolbar" method="get" action=LIST role="search" on:submit=submit>
            {kept}
            <SearchBox query=query words=words />
            <Chips query=query />
            <Menu summary_class="chip" summary=view! {
                {Icon::Calendar.view()} <span>{tx!(i18n, documents.period)}</span>
            }.into_any()>
                <div class="form documents-period">
                    <Field name="from" kind="date" label=tx!(i18n, documents.from) bind=from />
                    <Field name="to" kind="date" label=tx!(i18n, documents.to) bind=to />
                    <Button kind="submit" variant=Variant::Primary>{tx!(i18n, documents.apply)}</Button>
                </div>
            </Menu>
            <Order query=query />
            <div class="toolbar-end"><Connection /></div>
        </form>
        <Applied query=query code_label=code_label />
    }
}

/// The list follows the typing after a short pause; Enter doesn't wait.
#[component]
fn SearchBox(query: Memo<DocumentQuery>, words: NodeRef<html::Input>) -> impl IntoView {
    let i18n = use_i18n();
    let go = use_go();
    let shortcuts = preferences::use_shortcuts();
    use_shortcut("/", shortcuts.into(), move || {
        if let Some(input) = words.get_untracked() {
            // Losing the focus is no reason to fail.
            drop(input.focus());
        }
    });
    let text = |query: &DocumentQuery| {
        query.search.as_ref().map(|text| text.as_str().to_owned()).unwrap_or_default()
    };
    let first = query.with_untracked(text);
    // What the address says when it follows the typing: then the field is not touched.
    let sent = StoredValue::new(first.clone());
    Effect::new(move |_| {
        let said = query.with(text);
        if said != sent.get_value() {
            sent.set_value(said.clone());
            if let Some(input) = words.get_untracked() {
                input.set_value(&said);
            }
        }
    });
    let strokes = StoredValue::new(0_u32);
    let typed = move |_| {
        let stroke = strokes.get_value() + 1;
        strokes.set_value(stroke);
        let go = go.clone();
        let follow = move || {
            // The page may be gone, or more was typed.
            if strokes.try_get_value() != Some(stroke) {
                return;
            }
            let Some(input) = words.get_untracked() else { return };
            let search = input.value().parse::<Search>().ok();
            let mut wanted = query.get_untracked();
            if wanted.search != search {
                sent.set_value(search.as_ref().map(|text| text.as_str().to_owned()).unwrap_or_default());
                wanted.search = search;
                wanted.page = Page::new(1, wanted.page.size());
                go(&wanted, true);
            }
        };
        set_timeout(follow, PAUSE);
    };
    view! {
        <div class="search">
            {Icon::Search.view()}
            <input
                node_ref=words
                class="input"
                type="search"
                name="q"
                value=first
                maxlength=Search::MAX.to_string()
                autocomplete="off"
                placeholder=tx!(i18n, documents.search_placeholder)
                aria-label=tx!(i18n, documents.search_label)
                on:input=typed
            />
            <kbd aria-hidden="true">"/"</kbd>
        </div>
    }
}

/// Whether the list updates by itself.
#[component]
fn Connection() -> impl IntoView {
    let i18n = use_i18n();
    let on = use_live().connected;
    let words = move || {
        if on.get() {
            view! { {Icon::Wifi.view()} <span>{tx!(i18n, documents.live_on)}</span> }.into_any()
        } else {
            view! { {Icon::WifiOff.view()} <span>{tx!(i18n, documents.live_off)}</span> }.into_any()
        }
    };
    let help = move || (!on.get()).then(|| tx!(i18n, documents.live_off_help));
    view! { <span class="live" class:live-off=move || !on.get() title=help>{words}</span> }
}
