//! Requests for access, and what became of them: an answer is told where it is waited for, and read by who comes back later.

use leptos::prelude::*;
use model::{
    establishments::EstablishmentCard,
    ids::EstablishmentId,
    members::{Answer, AskedAccess},
};

use super::choose::ASK_EVERY;
use crate::{
    api::in_background,
    error::ApiError,
    i18n::use_i18n,
    shell::When,
    tx,
    ui::{Badge, Button, Icon, Notice, Tone, Variant},
};

type Requests = Resource<Result<Vec<AskedAccess>, ApiError>>;

/// Those that wait, and those that were declined.
#[component]
pub(super) fn Asked(
    asked: Requests,
    version: RwSignal<u32>,
    busy: RwSignal<bool>,
    on_withdraw: Callback<EstablishmentId>,
) -> impl IntoView {
    let i18n = use_i18n();
    let declined = listen(asked, version);
    view! {
        <div role="status">
            {move || declined.get().into_iter().map(|place| view! {
                <Notice tone=Tone::Warning>{tx!(i18n, identity.ask_declined_told, name = place.name)}</Notice>
            }).collect_view()}
        </div>
        <Transition>
            {move || asked.get().and_then(Result::ok).filter(|all| !all.is_empty()).map(|all| {
                let any = |answer: Answer| all.iter().any(|one| one.answer == answer);
                view! {
                    {any(Answer::None).then(|| view! { <p class="muted">{tx!(i18n, identity.ask_answer)}</p> })}
                    {any(Answer::Declined).then(|| view! { <p class="muted">{tx!(i18n, identity.ask_declined_lead)}</p> })}
                    <ul class="items asked">
                        {all.into_iter().map(|one| view! { <One one=one busy=busy on_withdraw=on_withdraw /> }).collect_view()}
                    </ul>
                }
            })}
        </Transition>
    }
}

#[component]
fn One(one: AskedAccess, busy: RwSignal<bool>, on_withdraw: Callback<EstablishmentId>) -> impl IntoView {
    let i18n = use_i18n();
    let EstablishmentCard { id, name, .. } = one.establishment;
    let (since, end) = match one.answer {
        Answer::None => {
            let label = tx!(i18n, identity.ask_withdraw_of, name = name.clone());
            (
                tx!(i18n, identity.asked_at),
                view! {
                    <Badge tone=Tone::Warning icon=Icon::Clock text=tx!(i18n, identity.ask_waiting) />
                    <Button variant=Variant::Ghost small=true label=Some(label) busy=busy on_click=move |_| on_withdraw.run(id)>
                        {tx!(i18n, identity.ask_withdraw)}
                    </Button>
                }
                .into_any(),
            )
        }
        Answer::Declined => (
            tx!(i18n, identity.ask_declined_at),
            view! { <Badge tone=Tone::Neutral icon=Icon::Close text=tx!(i18n, identity.ask_declined) /> }
                .into_any(),
        ),
    };
    view! {
        <li class="item">
            <span class="item-text">
                <strong>{name}</strong>
                <small>{since} " " <When at=one.at /></small>
            </span>
            <span class="item-end">{end}</span>
        </li>
    }
}

/// Reads the requests again from time to time while one waits, and gives the establishments that declined meanwhile: those are said
/// aloud, the others only stand there.
fn listen(asked: Requests, version: RwSignal<u32>) -> RwSignal<Vec<EstablishmentCard>> {
    let waiting = StoredValue::new(Vec::<EstablishmentId>::new());
    let declined = RwSignal::new(Vec::<EstablishmentCard>::new());
    Effect::new(move |_| {
        let Some(Ok(now)) = asked.get() else { return };
        let with =
            |answer: Answer| now.iter().filter(move |one| one.answer == answer).map(|one| &one.establishment);
        let before = waiting.get_value();
        let new =
            with(Answer::Declined).filter(|place| before.contains(&place.id)).cloned().collect::<Vec<_>>();
        waiting.set_value(with(Answer::None).map(|place| place.id).collect());
        declined.update(|all| {
            // Who asks once more waits for another answer.
            all.retain(|old| with(Answer::Declined).any(|place| place.id == old.id));
            all.extend(new);
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
    declined
}
