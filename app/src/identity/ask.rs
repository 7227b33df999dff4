//! Somebody whom Pro Santé Connect identifies and whom no establishment knows yet: who can let them in, and asking for it.

use leptos::{prelude::*, task::spawn_local};
use model::{
    establishments::EstablishmentCard,
    ids::EstablishmentId,
    members::AskedAccess,
    text::{Reason, Search, TextProblem},
};

use super::{api as own, choose::ASK_EVERY};
use crate::{
    I18n,
    api::in_background,
    error::ApiError,
    i18n::use_i18n,
    members::api,
    shell::{When, error_text},
    tx,
    ui::{Badge, Button, Field, Icon, Notice, Tone, Variant, focus_field},
};

/// What goes with a request; blanks are no message.
fn message_of(typed: &str) -> Result<Option<Reason>, TextProblem> {
    match typed.parse::<Reason>() {
        Err(TextProblem::Empty) => Ok(None),
        other => other.map(Some),
    }
}

/// What has become of requests.
struct Answers {
    /// Establishments that declined.
    declined: RwSignal<Vec<String>>,
    /// Those whose request was withdrawn here.
    withdrawn: StoredValue<Vec<EstablishmentId>>,
}

/// Reads the requests again from time to time. What waited and is gone, though nobody here withdrew it, was declined. Who is let in
/// leaves this page.
fn listen(asked: Resource<Result<Vec<AskedAccess>, ApiError>>, version: RwSignal<u32>) -> Answers {
    let (waiting, withdrawn) = (StoredValue::new(Vec::<AskedAccess>::new()), StoredValue::new(Vec::new()));
    let declined = RwSignal::new(Vec::<String>::new());
    Effect::new(move |_| {
        let Some(Ok(now)) = asked.get() else { return };
        let before = waiting.try_update_value(|waiting| std::mem::replace(waiting, now.clone()));
        let gone = before.unwrap_or_default().into_iter().map(|old| old.establishment).filter(|old| {
            !now.iter().any(|one| one.establishment.id == old.id)
                && !withdrawn.with_value(|all| all.contains(&old.id))
        });
        let gone: Vec<EstablishmentCard> = gone.collect();
        if gone.is_empty() {
            return;
        }
        spawn_local(async move {
            // Those who were let in go on from here in a moment.
            let Ok(me) = own::me().await else { return };
            let gone = gone.into_iter().filter(|old| !me.others.iter().any(|place| place.id == old.id));
            declined.try_update(|all| all.extend(gone.map(|old| old.name)));
        });
    });
    let look = move || {
        if !document().hidden() && waiting.try_with_value(Vec::is_empty) == Some(false) {
            in_background(|| {
                version.try_update(|n| *n += 1);
            });
        }
    };
    Effect::new(move |_| {
        if let Ok(timer) = set_interval_with_handle(look, ASK_EVERY) {
            on_cleanup(move || timer.clear());
        }
    });
    Answers { declined, withdrawn }
}

fn told(i18n: I18n, declined: RwSignal<Vec<String>>) -> impl IntoView {
    view! {
        <div role="status">
            {move || declined.get().into_iter().map(|name| view! {
                <Notice tone=Tone::Warning>{tx!(i18n, identity.ask_gone, name = name)}</Notice>
            }).collect_view()}
        </div>
    }
}

/// Open requests, and a search for the establishment to ask.
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
    let Answers { declined, withdrawn } = listen(asked, version);
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
        withdrawn.update_value(|all| all.push(id));
        spawn_local(async move { done(api::withdraw(id).await) });
    });
    view! {
        {move || error.get().map(|failed| view! { <Notice tone=Tone::Danger>{error_text(i18n, &failed)}</Notice> })}
        {told(i18n, declined)}
        <Transition>
            {move || asked.get().and_then(Result::ok).filter(|all| !all.is_empty()).map(|all| {
                view! { <Waiting all=all busy=busy on_withdraw=withdraw /> }
            })}
        </Transition>
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

#[component]
fn Waiting(
    all: Vec<AskedAccess>,
    busy: RwSignal<bool>,
    on_withdraw: Callback<EstablishmentId>,
) -> impl IntoView {
    let i18n = use_i18n();
    view! {
        <p class="muted">{tx!(i18n, identity.ask_answer)}</p>
        <ul class="items asked">
            {all.into_iter().map(|asked| {
                let id = asked.establishment.id;
                let label = tx!(i18n, identity.ask_withdraw_of, name = asked.establishment.name.clone());
                view! {
                    <li class="item">
                        <span class="item-text">
                            <strong>{asked.establishment.name}</strong>
                            <small>{tx!(i18n, identity.asked_at)} " " <When at=asked.asked_at /></small>
                        </span>
                        <span class="item-end">
                            <Badge tone=Tone::Warning icon=Icon::Clock text=tx!(i18n, identity.ask_waiting) />
                            <Button variant=Variant::Ghost small=true label=Some(label) busy=busy on_click=move |_| on_withdraw.run(id)>
                                {tx!(i18n, identity.ask_withdraw)}
                            </Button>
                        </span>
                    </li>
                }
            }).collect_view()}
        </ul>
    }
}
