//! Registrations that wait, for the platform's administrators.

use leptos::prelude::*;
use leptos_meta::Title;
use model::registration::{AwaitedAdministrator, Registrations, WaitingRegistration};

use super::{
    api,
    decide::{Acts, ApproveDialog, DeclineDialog},
    words::{administrator, finess_groups, kind_name},
};
use crate::{
    i18n::use_i18n,
    shell::{Failure, When},
    tx,
    ui::{Badge, Button, EmptyState, Icon, PageHeader, Skeleton, Tone, Variant},
};

/// The list, the oldest first.
#[component]
pub fn ListPage() -> impl IntoView {
    let i18n = use_i18n();
    let version = RwSignal::new(0_u32);
    let found = Resource::new(move || version.get(), |_| api::registrations());
    let acts = Acts::new(version);
    view! {
        <Title text=tx!(i18n, registration.list_title) />
        <PageHeader title=tx!(i18n, registration.list_title) />
        <Transition fallback=move || view! { <Skeleton label=tx!(i18n, common.loading) rows=true lines=4 /> }>
            {move || found.get().map(|found| match found {
                Ok(Registrations { waiting, awaited }) => view! {
                    <div class="stack">
                        <Answers waiting=waiting acts=acts />
                        <Absent awaited=awaited acts=acts />
                    </div>
                }.into_any(),
                Err(error) => view! { <Failure error=error /> }.into_any(),
            })}
        </Transition>
        <ApproveDialog acts=acts />
        <DeclineDialog acts=acts />
    }
}

/// Those that wait for an answer.
#[component]
fn Answers(waiting: Vec<WaitingRegistration>, acts: Acts) -> impl IntoView {
    let i18n = use_i18n();
    if waiting.is_empty() {
        return view! {
            <EmptyState icon=Icon::Building title=tx!(i18n, registration.none_title) text=tx!(i18n, registration.none_text) />
        }
        .into_any();
    }
    view! {
        <p class="muted narrow">{tx!(i18n, registration.list_lead)}</p>
        <section class="card card-flush requests" aria-label=tx!(i18n, registration.list_title)>
            <ul class="items">
                {waiting.into_iter().map(|one| view! { <li><Waiting one=one acts=acts /></li> }).collect_view()}
            </ul>
        </section>
    }
    .into_any()
}

/// Establishments that are open and whose first administrator has not come in.
#[component]
fn Absent(awaited: Vec<AwaitedAdministrator>, acts: Acts) -> impl IntoView {
    let i18n = use_i18n();
    (!awaited.is_empty()).then(|| {
        let items = awaited.into_iter().map(|one| {
            let label = tx!(i18n, registration.again_of, name = one.name.clone());
            let again = one.clone();
            view! {
                <li>
                    <div class="item">
                        {Icon::Mail.view()}
                        <div class="item-text">
                            <strong>{one.name} ", " {one.town}</strong>
                            <small>{one.email}</small>
                            <small>{tx!(i18n, registration.invited_at)} " " <When at=one.invited_at /></small>
                            {one.over.then(|| view! { <Badge tone=Tone::Warning icon=Icon::CircleAlert text=tx!(i18n, members.invitation_over) /> })}
                        </div>
                        <div class="item-end">
                            <Button small=true label=Some(label) busy=acts.guarded.busy on_click=move |_| acts.invite_again(again.clone())>
                                {tx!(i18n, members.invite_again)}
                            </Button>
                        </div>
                    </div>
                </li>
            }
        });
        view! {
            <section class="card card-flush requests" aria-labelledby="awaited">
                <div class="card-head">
                    <h2 id="awaited">{tx!(i18n, registration.awaited_title)}</h2>
                    <p class="muted">{tx!(i18n, registration.awaited_lead)}</p>
                </div>
                <ul class="items">{items.collect_view()}</ul>
            </section>
        }
    })
}

#[component]
fn Waiting(one: WaitingRegistration, acts: Acts) -> impl IntoView {
    let i18n = use_i18n();
    let (yes, no) = (one.clone(), one.clone());
    let approve_label = tx!(i18n, registration.approve_of, name = one.name.clone());
    let decline_label = tx!(i18n, registration.decline_of, name = one.name.clone());
    let number = one.finess.map(|finess| format!(" · FINESS {}", finess_groups(&finess)));
    let alike = (!one.alike.is_empty()).then(|| {
        let text = tx!(i18n, registration.alike, names = one.alike.join(", "));
        view! { <Badge tone=Tone::Warning icon=Icon::CircleAlert text=text /> }
    });
    view! {
        <div class="item">
            {Icon::Building.view()}
            <div class="item-text">
                <strong>{one.name} ", " {one.town}</strong>
                <small>{kind_name(i18n, one.kind)} {number}</small>
                <small>{administrator(i18n, &one.administrator, one.role)} " · " {one.email}</small>
                <small>{tx!(i18n, registration.confirmed_at)} " " <When at=one.confirmed_at /></small>
                {alike}
                {one.approved.then(|| view! { <Badge tone=Tone::Warning icon=Icon::CircleAlert text=tx!(i18n, registration.broken_off) /> })}
            </div>
            <div class="item-end">
                // What was accepted can't be declined any more.
                {(!one.approved).then(|| view! {
                    <Button small=true label=Some(decline_label) busy=acts.guarded.busy on_click=move |_| acts.decline(no.clone())>
                        {tx!(i18n, registration.decline)}
                    </Button>
                })}
                <Button small=true variant=Variant::Primary label=Some(approve_label) busy=acts.guarded.busy on_click=move |_| acts.approve(yes.clone())>
                    {tx!(i18n, registration.approve)}
                </Button>
            </div>
        </div>
    }
}
