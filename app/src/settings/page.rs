//! The page: reads the settings, then shows the form.

use leptos::prelude::*;
use leptos_meta::Title;

use super::{api, draft::Draft, form::SettingsForm, psc_only::PscOnlyCard};
use crate::{
    i18n::use_i18n,
    shell::Failure,
    tx,
    ui::{PageHeader, Skeleton},
};

/// Settings of the establishment.
#[component]
pub fn SettingsPage() -> impl IntoView {
    let i18n = use_i18n();
    let settings = Resource::new(|| (), |()| api::read());
    let room = Resource::new(|| (), |()| api::room());
    view! {
        <Title text=tx!(i18n, settings.title) />
        <PageHeader title=tx!(i18n, settings.title) subtitle=tx!(i18n, settings.lead) />
        <div class="stack">
            <Suspense fallback=move || view! { <Skeleton label=tx!(i18n, common.loading) lines=10 /> }>
                {move || Suspend::new(async move {
                    match (settings.await, room.await) {
                        (Ok(settings), Ok(room)) => {
                            view! { <SettingsForm first=Draft::from(&settings) room=room /> }.into_any()
                        }
                        (Err(error), _) | (_, Err(error)) => view! { <Failure error=error /> }.into_any(),
                    }
                })}
            </Suspense>
            <PscOnlyCard />
        </div>
    }
}
