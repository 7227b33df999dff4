//! The page's head: how many documents are new (in the tab's title), the sound, the way to ask for one.

use leptos::prelude::*;
use leptos_meta::Title;
use model::{identity::Me, roles::Permission};

use super::super::{api, preferences};
use crate::{
    i18n::use_i18n,
    live::use_live,
    tx,
    ui::{Icon, LinkButton, PageHeader, Variant},
};

/// Title, sound, "ask for a document".
#[component]
pub fn Head() -> impl IntoView {
    let i18n = use_i18n();
    let live = use_live();
    let asks = expect_context::<Me>().may(Permission::Codes);
    let unseen = Resource::new(move || live.documents.get(), |_| api::unseen());
    let title = move |n: u64| {
        if n == 0 { tx!(i18n, documents.title) } else { tx!(i18n, documents.unseen_title, count = n) }
    };
    view! {
        <Transition>
            {move || unseen.get().map(|count| view! { <Title text=title(count.unwrap_or_default()) /> })}
        </Transition>
        <PageHeader title=tx!(i18n, documents.title)>
            <Sound />
            {asks.then(|| view! {
                <LinkButton href="/portal/codes/new" variant=Variant::Primary icon=Icon::Plus>
                    {tx!(i18n, documents.ask)}
                </LinkButton>
            })}
        </PageHeader>
    }
}

/// Turns the sound on or off, and plays it when a document arrives.
#[component]
fn Sound() -> impl IntoView {
    let i18n = use_i18n();
    let live = use_live();
    let on = preferences::use_sound();
    let sound = NodeRef::<leptos::html::Audio>::new();
    let play = move || {
        if let Some(sound) = sound.get_untracked()
            && let Ok(played) = sound.play()
        {
            // A browser may refuse to play before the first click: then there is no sound.
            leptos::task::spawn_local(
                async move { drop(wasm_bindgen_futures::JsFuture::from(played).await) },
            );
        }
    };
    Effect::new(move |heard: Option<u64>| {
        let (number, event) = live.last.get();
        let received = event.is_some_and(|event| event.kind == "documents.received");
        if received && heard.is_some_and(|heard| heard < number) && on.get_untracked() {
            play();
        }
        number
    });
    let toggle = move |_| {
        on.update(|on| *on = !*on);
        if on.get_untracked() {
            play();
        }
    };
    let icon = move || if on.get() { Icon::Volume.view() } else { Icon::Mute.view() };
    view! {
        <audio node_ref=sound src="/arrive.wav" preload="none"></audio>
        <button
            type="button"
            class="button button-icon"
            aria-label=tx!(i18n, documents.sound)
            title=tx!(i18n, documents.sound)
            aria-pressed=move || if on.get() { "true" } else { "false" }
            on:click=toggle
        >
            {icon}
        </button>
    }
}
