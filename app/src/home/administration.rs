//! The home page of who sees no patient's document: what they administer, or whom to ask.

use leptos::prelude::*;
use model::{identity::Me, roles::Permission};

use crate::{
    i18n::use_i18n,
    tx,
    ui::{EmptyState, Icon},
};

/// Ways to people, settings and audit, as far as the person's roles go.
#[component]
pub(super) fn Administration() -> impl IntoView {
    let i18n = use_i18n();
    let me = expect_context::<Me>();
    let ways = [
        (
            me.may(Permission::People),
            "/portal/people",
            Icon::Users,
            tx!(i18n, home.people),
            tx!(i18n, home.people_text),
        ),
        (
            me.may(Permission::Settings),
            "/portal/settings",
            Icon::Settings,
            tx!(i18n, home.settings),
            tx!(i18n, home.settings_text),
        ),
        (
            me.may(Permission::Audit),
            "/portal/audit",
            Icon::History,
            tx!(i18n, home.audit),
            tx!(i18n, home.audit_text),
        ),
        (
            me.platform_administrator,
            "/portal/registrations",
            Icon::Building,
            tx!(i18n, home.registrations),
            tx!(i18n, home.registrations_text),
        ),
    ];
    let ways: Vec<_> = ways.into_iter().filter(|(may, ..)| *may).collect();
    if ways.is_empty() {
        return view! {
            <EmptyState icon=Icon::Info title=tx!(i18n, home.nothing_title) text=tx!(i18n, home.nothing_text) />
        }
        .into_any();
    }
    let lead = match me.establishment {
        Some(_) => tx!(i18n, home.administration_lead),
        None => tx!(i18n, home.platform_lead),
    };
    view! {
        <div class="stack narrow">
            <p class="muted">{lead}</p>
            <section class="card card-flush" aria-label=tx!(i18n, shell.administration)>
                <ul class="items">
                    {ways.into_iter().map(|(_, href, icon, title, text)| view! {
                        <li>
                            <a class="item" href=href>
                                <span class="document-kind">{icon.view()}</span>
                                <span class="item-text home-way"><strong>{title}</strong><small>{text}</small></span>
                                {Icon::ChevronRight.view()}
                            </a>
                        </li>
                    }).collect_view()}
                </ul>
            </section>
        </div>
    }
    .into_any()
}
