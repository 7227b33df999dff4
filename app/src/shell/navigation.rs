//! The sidebar: where to go, how many documents are new, in which establishment.

use leptos::prelude::*;
use leptos_router::components::A;
use model::{identity::Me, roles::Permission};

use crate::{
    documents,
    i18n::use_i18n,
    identity::{self, switch_to},
    live::use_live,
    tx,
    ui::{Icon, Menu, use_toasts},
};

/// Sidebar on a desk, top and bottom bars on a phone.
#[component]
pub fn Navigation(me: Me) -> impl IntoView {
    let i18n = use_i18n();
    let live = use_live();
    let lists = me.may(Permission::ListDocuments);
    let unseen = Resource::new(
        move || live.documents.get(),
        move |_| async move { if lists { documents::api::unseen().await.unwrap_or_default() } else { 0 } },
    );
    let count = move || {
        view! {
            <Transition>
                {move || unseen.get().filter(|n| *n > 0).map(|n| {
                    let label = tx!(i18n, shell.unseen, count = n);
                    view! { <span class="count" role="img" aria-label=label>{n}</span> }
                })}
            </Transition>
        }
    };
    let admin = [
        (me.may(Permission::People), "/portal/people", Icon::Users, tx!(i18n, shell.people)),
        (me.may(Permission::Settings), "/portal/settings", Icon::Settings, tx!(i18n, shell.settings)),
        (me.may(Permission::Audit), "/portal/audit", Icon::History, tx!(i18n, shell.audit)),
        (me.platform_administrator, "/portal/registrations", Icon::Building, tx!(i18n, shell.registrations)),
    ];
    let admin: Vec<_> = admin.into_iter().filter(|(may, ..)| *may).collect();
    let section = admin.clone();
    let more = admin.clone();
    let has_admin = !admin.is_empty();
    // On a phone everything has its place in the bar then, and nothing hides in a menu.
    let few = !lists && !me.may(Permission::Codes);
    view! {
        <header class="shell-side">
            <a class="brand" href="/portal">
                <span class="brand-mark">{Icon::ShieldCheck.view()}</span>
                <span class="brand-name">"CareLink"</span>
            </a>
            <Establishments me=me.clone() />
            <nav class="shell-nav" class:shell-nav-few=few aria-label=tx!(i18n, shell.navigation)>
                <ul>
                    <li>
                        <A href="/portal" exact=true attr:class="nav-link">
                            {Icon::Home.view()} <span>{tx!(i18n, shell.home)}</span>
                        </A>
                    </li>
                    {lists.then(|| view! {
                        <li>
                            <A href="/portal/documents" attr:class="nav-link">
                                {Icon::Inbox.view()} <span>{tx!(i18n, shell.documents)}</span> {count()}
                            </A>
                        </li>
                    })}
                    {me.may(Permission::Codes).then(|| view! {
                        <li>
                            <A href="/portal/codes" attr:class="nav-link">
                                {Icon::Qr.view()} <span>{tx!(i18n, shell.codes)}</span>
                            </A>
                        </li>
                    })}
                </ul>
                {has_admin.then(|| view! {
                    <div class="nav-section">
                        <p class="nav-group">{tx!(i18n, shell.administration)}</p>
                        <ul>
                            {section.into_iter().map(|(_, href, icon, text)| view! {
                                <li><A href=href attr:class="nav-link">{icon.view()} <span>{text}</span></A></li>
                            }).collect_view()}
                        </ul>
                    </div>
                    <Menu class="shell-more menu-up" summary_class="nav-link" summary=view! {
                        {Icon::Ellipsis.view()} <span>{tx!(i18n, shell.more)}</span>
                    }.into_any()>
                        <ul class="menu-list">
                            {more.into_iter().map(|(_, href, icon, text)| view! {
                                <li><A href=href attr:class="menu-item">{icon.view()} <span>{text}</span></A></li>
                            }).collect_view()}
                        </ul>
                    </Menu>
                })}
            </nav>
            <Person me=me />
        </header>
    }
    .into_any()
}

/// The first letters of the first two words that say something: "PL" for "Pharmacie des Lilas".
fn initials(name: &str) -> String {
    const SMALL: [&str; 8] = ["de", "des", "du", "la", "le", "les", "et", "à"];
    name.split([' ', '\'', '’', '-'])
        .filter(|word| !SMALL.contains(word))
        .filter_map(|word| word.chars().next())
        .filter(|letter| letter.is_alphanumeric())
        .take(2)
        .flat_map(char::to_uppercase)
        .collect()
}

#[component]
fn Establishments(me: Me) -> impl IntoView {
    let (i18n, toasts) = (use_i18n(), use_toasts());
    let here = me.establishment.clone();
    let (name, town) = match here {
        Some(card) => (card.name, card.town),
        None if me.platform_administrator => (tx!(i18n, shell.platform), String::new()),
        None => (tx!(i18n, shell.no_establishment), String::new()),
    };
    let label = tx!(i18n, shell.establishment);
    let summary = view! {
        <span class="avatar avatar-square" aria-hidden="true">{initials(&name)}</span>
        <span class="shell-switch-text"><strong>{name}</strong><small>{town}</small></span>
        {(!me.others.is_empty()).then(|| Icon::ChevronsUpDown.view())}
    };
    if me.others.is_empty() {
        return view! { <div class="shell-establishment"><div class="shell-switch">{summary}</div></div> }
            .into_any();
    }
    view! {
        <Menu class="shell-establishment" summary_class="shell-switch" label=label summary=summary.into_any()>
            <ul class="menu-list">
                <li class="menu-line">{tx!(i18n, shell.switch)}</li>
                {me.others.into_iter().map(|card| view! {
                    <li>
                        <button class="menu-item" type="button" on:click=move |_| switch_to(i18n, toasts, card.id)>
                            {Icon::Building.view()} <span>{card.name}</span>
                        </button>
                    </li>
                }).collect_view()}
            </ul>
        </Menu>
    }
    .into_any()
}

#[component]
fn Person(me: Me) -> impl IntoView {
    let i18n = use_i18n();
    let other = tx!(i18n, shell.other_language);
    let other_tag = tx!(i18n, shell.other_language_tag);
    let summary = view! {
        <span class="avatar" aria-hidden="true">{initials(&me.name)}</span>
        <span class="shell-switch-text"><strong>{me.name.clone()}</strong><small>{me.email.clone().unwrap_or_default()}</small></span>
    };
    view! {
        <Menu class="shell-user menu-up" summary_class="shell-switch" label=tx!(i18n, shell.person) summary=summary.into_any()>
            <ul class="menu-list">
                <li>
                    <A href="/portal/account" attr:class="menu-item">
                        {Icon::User.view()} <span>{tx!(i18n, shell.account)}</span>
                    </A>
                </li>
                <li>
                    <a class="menu-item" rel="external" href=format!("/language/{other_tag}") lang=other_tag.clone()>
                        {Icon::Languages.view()} <span>{other}</span>
                    </a>
                </li>
                <li>
                    <button class="menu-item" type="button" on:click=move |_| identity::leave()>
                        {Icon::LogOut.view()} <span>{tx!(i18n, shell.sign_out)}</span>
                    </button>
                </li>
            </ul>
        </Menu>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::initials;

    #[test]
    fn initials_leave_small_words_out() {
        assert_eq!(initials("Pharmacie des Lilas"), "PL");
        assert_eq!(initials("SSIAD du Canal"), "SC");
        assert_eq!(initials("Noa Modèle"), "NM");
        assert_eq!(initials("Pharmacie de la Gare"), "PG");
        assert_eq!(initials(""), "");
    }
}
