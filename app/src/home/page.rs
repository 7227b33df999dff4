//! The page itself: who sees what.

use leptos::prelude::*;
use leptos_meta::Title;
use model::{identity::Me, roles::Permission, statistics::Overview};

use super::{
    administration::Administration,
    api,
    chart::Received,
    figures::Figures,
    lists::{Ending, Newest},
};
use crate::{
    codes::{QuickCode, Shortcuts},
    i18n::use_i18n,
    live::use_live,
    shell::Failure,
    tx,
    ui::{Icon, LinkButton, PageHeader, Skeleton, Variant},
};

/// What a person may see here.
#[derive(Clone, Copy)]
pub(super) struct Sight {
    pub documents: bool,
    pub codes: bool,
}

/// Figures and short lists for who cares for patients; for an administrator, the way to what they administer.
#[component]
pub fn HomePage() -> impl IntoView {
    let i18n = use_i18n();
    let me = expect_context::<Me>();
    let sight = Sight { documents: me.may(Permission::ListDocuments), codes: me.may(Permission::Codes) };
    let first_name = me.name.split_whitespace().next().unwrap_or_default().to_owned();
    let place = me.establishment.as_ref().map(|card| format!("{}, {}", card.name, card.town));
    let content = if sight.documents || sight.codes {
        view! { <Day sight=sight /> }.into_any()
    } else {
        view! { <Administration /> }.into_any()
    };
    view! {
        <Title text=tx!(i18n, home.title) />
        <PageHeader title=tx!(i18n, home.hello, name = first_name) subtitle=place>
            {sight.codes.then(|| view! {
                <QuickCode />
                <LinkButton href="/portal/codes/new" variant=Variant::Primary icon=Icon::Plus>
                    {tx!(i18n, codes.new)}
                </LinkButton>
            })}
        </PageHeader>
        {content}
    }
}

#[component]
fn Day(sight: Sight) -> impl IntoView {
    let i18n = use_i18n();
    let live = use_live();
    let overview = Resource::new(move || (live.documents.get(), live.codes.get()), |_| api::overview());
    view! {
        <Transition fallback=move || view! {
            <div class="card"><Skeleton label=tx!(i18n, common.loading) lines=6 /></div>
        }>
            // Not `Suspend`: see the list of codes.
            {move || overview.get().map(|overview| match overview {
                Ok(overview) => view! { <Glance overview=overview sight=sight /> }.into_any(),
                Err(error) => view! { <Failure error=error /> }.into_any(),
            })}
        </Transition>
        {sight.codes.then(|| view! { <Shortcuts /> })}
    }
}

#[component]
fn Glance(overview: Overview, sight: Sight) -> impl IntoView {
    let figures = view! { <Figures overview=overview.clone() sight=sight /> };
    let Overview { newest, ending, days, .. } = overview;
    view! {
        <div class="home">
            {figures}
            <div class="stack">
                {sight.documents.then(|| view! { <Newest documents=newest codes=sight.codes /> <Received days=days /> })}
            </div>
            <div class="stack">{sight.codes.then(|| view! { <Ending codes=ending /> })}</div>
        </div>
    }
}
