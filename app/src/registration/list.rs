//! Registrations that wait, for the platform's administrators.

use leptos::prelude::*;
use leptos_meta::Title;
use model::registration::WaitingRegistration;

use super::{
    api,
    decide::{Acts, ApproveDialog, DeclineDialog},
    words::{finess_groups, kind_name},
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
    let found = Resource::new(move || version.get(), |_| api::waiting());
    let acts = Acts::new(version);
    view! {
        <Title text=tx!(i18n, registration.list_title) />
        <PageHeader title=tx!(i18n, registration.list_title) />
        <Transition fallback=move || view! { <Skeleton label=tx!(i18n, common.loading) rows=true lines=4 /> }>
            {move || found.get().map(|found| match found {
                Ok(all) if all.is_empty() => view! {
                    <EmptyState icon=Icon::Building title=tx!(i18n, registration.none_title) text=tx!(i18n, registration.none_text) />
                }.into_any(),
                Ok(all) => view! {
                    <div class="stack">
                    <p class="muted narrow">{tx!(i18n, registration.list_lead)}</p>
                    <section class="card card-flush requests" aria-label=tx!(i18n, registration.list_title)>
                        <ul class="items">
                            {all.into_iter().map(|one| view! { <li><Waiting one=one acts=acts /></li> }).collect_view()}
                        </ul>
                    </section>
                    </div>
                }.into_any(),
                Err(error) => view! { <Failure error=error /> }.into_any(),
            })}
        </Transition>
        <ApproveDialog acts=acts />
        <DeclineDialog acts=acts />
    }
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
                <small>{one.administrator} " · " {one.email}</small>
                <small>{tx!(i18n, registration.confirmed_at)} " " <When at=one.confirmed_at /></small>
                {alike}
            </div>
            <div class="item-end">
                <Button small=true label=Some(decline_label) busy=acts.busy on_click=move |_| acts.decline(no.clone())>
                    {tx!(i18n, registration.decline)}
                </Button>
                <Button small=true variant=Variant::Primary label=Some(approve_label) busy=acts.busy on_click=move |_| acts.approve(yes.clone())>
                    {tx!(i18n, registration.approve)}
                </Button>
            </div>
        </div>
    }
}
