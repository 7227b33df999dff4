//! Somebody whom Pro Santé Connect identifies and whom no establishment knows yet: who can let them in, and asking for it.

use leptos::{prelude::*, task::spawn_local};
use model::{
    establishments::EstablishmentCard,
    ids::EstablishmentId,
    text::{Reason, Search, TextProblem},
};

use super::asked::Asked;
use crate::{
    error::ApiError,
    i18n::use_i18n,
    members::api,
    shell::Failed,
    tx,
    ui::{Button, Field, focus_field},
};

/// What goes with a request; blanks are no message.
fn message_of(typed: &str) -> Result<Option<Reason>, TextProblem> {
    match typed.parse::<Reason>() {
        Err(TextProblem::Empty) => Ok(None),
        other => other.map(Some),
    }
}

/// What became of requests, and a search for the establishment to ask.
#[component]
pub(super) fn AskAccess() -> impl IntoView {
    let i18n = use_i18n();
    let version = RwSignal::new(0_u32);
    let asked = Resource::new_blocking(move || version.get(), |_| api::asked());
    let (words, message) = (RwSignal::new(String::new()), RwSignal::new(String::new()));
    let (no_words, no_message) = (RwSignal::new(false), RwSignal::new(false));
    let (words_text, message_text) =
        (tx!(i18n, identity.ask_search_wrong), tx!(i18n, identity.ask_message_wrong));
    let words_error = Signal::derive(move || {
        (no_words.get() && words.read().parse::<Search>().is_err()).then(|| words_text.clone())
    });
    let message_error = Signal::derive(move || {
        (no_message.get() && message_of(&message.read()).is_err()).then(|| message_text.clone())
    });
    let (error, busy) = (RwSignal::new(None::<ApiError>), RwSignal::new(false));
    let found = RwSignal::new(None::<Vec<EstablishmentCard>>);
    let done = move |result: Result<(), ApiError>| {
        busy.set(false);
        match result {
            Ok(()) => {
                error.set(None);
                found.set(None);
                version.update(|n| *n += 1);
            }
            Err(failed) => error.set(Some(failed)),
        }
    };
    let search = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let Ok(wanted) = words.read_untracked().parse::<Search>() else {
            no_words.set(true);
            return focus_field("establishment");
        };
        no_words.set(false);
        busy.set(true);
        spawn_local(async move {
            let result = api::find_establishments(wanted).await;
            busy.set(false);
            match result {
                Ok(cards) => {
                    error.set(None);
                    found.set(Some(cards));
                }
                Err(failed) => error.set(Some(failed)),
            }
        });
    };
    let ask = Callback::new(move |id: EstablishmentId| {
        let Ok(said) = message_of(&message.read_untracked()) else {
            no_message.set(true);
            return focus_field("message");
        };
        no_message.set(false);
        busy.set(true);
        spawn_local(async move { done(api::ask(id, said).await) });
    });
    let withdraw = Callback::new(move |id: EstablishmentId| {
        busy.set(true);
        spawn_local(async move { done(api::withdraw(id).await) });
    });
    view! {
        <Failed error=error />
        <Asked asked=asked version=version busy=busy on_withdraw=withdraw />
        <form class="form" method="post" on:submit=search>
            <Field name="establishment" label=tx!(i18n, identity.ask_search) hint=tx!(i18n, identity.ask_search_hint)
                kind="search" bind=words error=words_error required=true
                maxlength=u32::try_from(Search::MAX).unwrap_or(u32::MAX) autocomplete="off" />
            <Button kind="submit" busy=busy class="button-wide">{tx!(i18n, common.search)}</Button>
        </form>
        <div aria-live="polite">
            {move || found.get().map(|cards| if cards.is_empty() {
                view! { <p class="muted">{tx!(i18n, identity.ask_none)}</p> }.into_any()
            } else {
                view! {
                    <div class="form">
                        <Field name="message" label=tx!(i18n, identity.ask_message) hint=tx!(i18n, identity.ask_message_hint)
                            bind=message error=message_error maxlength=u32::try_from(Reason::MAX).unwrap_or(u32::MAX)
                            optional_text=Some(tx!(i18n, common.optional)) autocomplete="off" />
                        <div class="signin-choices">
                            {cards.into_iter().map(|card| view! {
                                <button class="item" type="button" disabled=move || busy.get()
                                    on:click=move |_| ask.run(card.id)>
                                    <span class="item-text"><strong>{card.name}</strong><small>{card.town}</small></span>
                                    <span class="item-end">{tx!(i18n, identity.ask)}</span>
                                </button>
                            }).collect_view()}
                        </div>
                    </div>
                }.into_any()
            })}
        </div>
    }
}
