//! Between the sign-in and the portal: which activity, which establishment, or how to be let into one.

use std::time::Duration;

use leptos::{prelude::*, task::spawn_local};
use leptos_router::hooks::use_query_map;
use model::{
    establishments::EstablishmentCard,
    identity::{Me, Method, SignInWays},
    ids::EstablishmentId,
    psc::Practice,
};

use super::{
    anteroom::Anteroom, api, ask::AskAccess, go, psc::PscButton, sign_in::destination, sign_out::SignOut,
    tabs,
};
use crate::{
    I18n,
    api::in_background,
    error::{ApiError, ErrorKind},
    i18n::use_i18n,
    members::practice_name,
    shell::{Failed, Failure, use_language},
    tx,
    ui::{Icon, Notice, Tone},
};

/// Asks what the portal has to know first.
#[component]
pub fn ChoosePage() -> impl IntoView {
    let i18n = use_i18n();
    let version = RwSignal::new(0_u32);
    let me = Resource::new_blocking(move || version.get(), |_| api::me());
    // On the way back from linking.
    let linked =
        use_query_map().read_untracked().get("return").is_some_and(|back| back.ends_with("psc=linked"));
    listen_for_an_answer(me, version);
    let out = move || {
        view! {
            <div class="signin-hint">
                <SignOut />
            </div>
        }
        .into_any()
    };
    view! {
        <Transition>
            // `Suspend`, for what is drawn asks for more (see `shell::frame`).
            {move || Suspend::new(async move { match me.await {
                Ok(me) => view! {
                    <Anteroom title=tx!(i18n, identity.choose_title, name = me.name.clone())
                        lead=lead(i18n, &me) below=ViewFn::from(out)>
                        {linked.then(|| view! { <Notice tone=Tone::Success>{tx!(i18n, identity.link_done)}</Notice> })}
                        <Step me=me version=version />
                    </Anteroom>
                }.into_any(),
                Err(error) => view! { <Failure error=error /> }.into_any(),
            }})}
        </Transition>
    }
}

/// So often a page that waits for an establishment's answer asks whether it has come, besides when somebody comes
/// back to it. There is no live connection without an establishment.
pub(super) const ASK_EVERY: Duration = Duration::from_secs(30);

/// Goes on by itself once somebody has been let in; what is typed meanwhile stays.
fn listen_for_an_answer(me: Resource<Result<Me, ApiError>>, version: RwSignal<u32>) {
    let waits = move || {
        me.with_untracked(
            |me| matches!(me, Some(Ok(me)) if me.establishment.is_none() && me.others.is_empty()),
        )
    };
    let ask = move || {
        if document().hidden() || !waits() {
            return;
        }
        in_background(|| {
            spawn_local(async move {
                match api::me().await {
                    Ok(me) if !me.others.is_empty() => drop(version.try_update(|n| *n += 1)),
                    // An answer may take longer than a session: whoever comes back signs in again, and is where they were.
                    Err(failed) if failed.kind == ErrorKind::NotSignedIn => {
                        go("/portal/sign-in?ended=1&return=/portal/choose");
                    }
                    _ => {}
                }
            });
        });
    };
    Effect::new(move |_| {
        tabs::on_return(ask);
        if let Ok(timer) = set_interval_with_handle(ask, ASK_EVERY) {
            on_cleanup(move || timer.clear());
        }
    });
}

fn needs_practice(me: &Me) -> bool {
    me.practice.is_none() && me.practices.len() > 1
}

fn lead(i18n: I18n, me: &Me) -> String {
    if needs_practice(me) {
        tx!(i18n, identity.choose_practice)
    } else if me.others.is_empty() {
        tx!(i18n, identity.nowhere_lead)
    } else {
        tx!(i18n, identity.choose_establishment)
    }
}

#[component]
fn Step(me: Me, version: RwSignal<u32>) -> impl IntoView {
    let i18n = use_i18n();
    let (error, busy) = (RwSignal::new(None::<ApiError>), RwSignal::new(false));
    // The way out of a door that only Pro Santé Connect opens.
    let way_out = RwSignal::new(None::<SignInWays>);
    let query = use_query_map();
    let to = move || destination(query.read_untracked().get("return"));
    let there = me.establishment.is_some();
    let practice = move |index: u16| {
        busy.set(true);
        spawn_local(async move {
            match api::choose_practice(index).await {
                Ok(_) if there => return go(&to()),
                Ok(_) => version.update(|n| *n += 1),
                Err(failed) => error.set(Some(failed)),
            }
            busy.set(false);
        });
    };
    let place = move |id: EstablishmentId| {
        busy.set(true);
        spawn_local(async move {
            match api::switch(id).await {
                Ok(_) => return go(&to()),
                Err(failed) => {
                    if failed.kind == ErrorKind::PscOnly {
                        way_out.set(api::ways().await.ok().filter(|ways| ways.psc));
                    }
                    error.set(Some(failed));
                }
            }
            busy.set(false);
        });
    };
    let choices = if needs_practice(&me) {
        view! { <Practices all=me.practices busy=busy on_choice=Callback::new(practice) /> }.into_any()
    } else if me.others.is_empty() && me.method == Method::Psc {
        view! { <AskAccess /> }.into_any()
    } else if me.others.is_empty() {
        view! { <Notice tone=Tone::Neutral>{tx!(i18n, common.error_no_establishment)}</Notice> }.into_any()
    } else {
        view! { <Places all=me.others busy=busy on_choice=Callback::new(place) /> }.into_any()
    };
    view! {
        <Failed error=error />
        {move || way_out.get().map(|ways| view! {
            <PscButton purpose="sign_in" back=to() simulated=ways.simulated />
        })}
        {choices}
    }
}

#[component]
fn Practices(all: Vec<Practice>, busy: RwSignal<bool>, on_choice: Callback<u16>) -> impl IntoView {
    let language = use_language();
    view! {
        <div class="signin-choices">
            {all.into_iter().map(|practice| {
                let (title, place) = practice_name(language, &practice);
                view! {
                    <button class="item" type="button" disabled=move || busy.get()
                        on:click=move |_| on_choice.run(practice.index)>
                        <span class="item-text"><strong>{title}</strong><small>{place}</small></span>
                        {Icon::ChevronRight.view()}
                    </button>
                }
            }).collect_view()}
        </div>
    }
}

#[component]
fn Places(
    all: Vec<EstablishmentCard>,
    busy: RwSignal<bool>,
    on_choice: Callback<EstablishmentId>,
) -> impl IntoView {
    view! {
        <div class="signin-choices">
            {all.into_iter().map(|card| view! {
                <button class="item" type="button" disabled=move || busy.get() on:click=move |_| on_choice.run(card.id)>
                    <span class="item-text"><strong>{card.name}</strong><small>{card.town}</small></span>
                    {Icon::ChevronRight.view()}
                </button>
            }).collect_view()}
        </div>
    }
}
