//! The sidebar: where to go, how many documents are new, in which establishment.

use leptos::{prelude::*, task::spawn_local};
use leptos_router::components::A;
use model::{identity::Me, roles::Permission};

use crate::{
    I18n,
    api::in_background,
    documents,
    error::ApiError,
    i18n::use_i18n,
    identity::{self, OwnName, switch_to},
    live::use_live,
    members, registration,
    shell::error_text,
    tx,
    ui::{Icon, Menu, leaving, use_toasts},
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
    let waiting = Waiting::new(&me);
    let admin = administration(i18n, &me, waiting);
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
                            {section.into_iter().map(|(href, icon, text, mark)| view! {
                                <li>
                                    <A href=href attr:class="nav-link">
                                        {icon.view()} <span>{text}</span> {mark.map(|number| waiting_mark(i18n, number))}
                                    </A>
                                </li>
                            }).collect_view()}
                        </ul>
                    </div>
                    <Menu class="shell-more menu-up" summary_class="nav-link" summary=view! {
                        {Icon::Ellipsis.view()} <span>{tx!(i18n, shell.more)}</span> {waiting_mark(i18n, waiting.all())}
                    }.into_any()>
                        <ul class="menu-list">
                            {more.into_iter().map(|(href, icon, text, mark)| view! {
                                <li>
                                    <A href=href attr:class="menu-item">
                                        {icon.view()} <span>{text}</span> {mark.map(|number| waiting_mark(i18n, number))}
                                    </A>
                                </li>
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

/// A page of the administration: address, symbol, name, and what waits there.
type Entry = (&'static str, Icon, String, Option<Signal<u32>>);

/// Those that somebody may open.
fn administration(i18n: I18n, me: &Me, waiting: Waiting) -> Vec<Entry> {
    let (people, settings) = (tx!(i18n, shell.people), tx!(i18n, shell.settings));
    let (audit, registrations) = (tx!(i18n, shell.audit), tx!(i18n, shell.registrations));
    let all: [(bool, Entry); 4] = [
        (me.may(Permission::People), ("/portal/people", Icon::Users, people, Some(waiting.requests))),
        (me.may(Permission::Settings), ("/portal/settings", Icon::Settings, settings, None)),
        (me.may(Permission::Audit), ("/portal/audit", Icon::History, audit, None)),
        (
            me.platform_administrator,
            ("/portal/registrations", Icon::Building, registrations, Some(waiting.registrations)),
        ),
    ];
    all.into_iter().filter_map(|(may, entry)| may.then_some(entry)).collect()
}

/// What waits for an administrator's answer.
#[derive(Clone, Copy)]
struct Waiting {
    requests: Signal<u32>,
    registrations: Signal<u32>,
}

impl Waiting {
    fn new(me: &Me) -> Self {
        let waiting = use_live().waiting;
        let (requests, registrations) = (RwSignal::new(0), RwSignal::new(0));
        // Not with the page, whose answer would wait for it; and nothing is asked of who may not answer.
        if me.may(Permission::People) {
            count(waiting, requests, members::api::requests_waiting);
        }
        if me.platform_administrator {
            count(waiting, registrations, registration::api::waiting);
            Effect::new(move |_| read_now_and_then(waiting));
        }
        Self { requests: requests.into(), registrations: registrations.into() }
    }

    fn all(self) -> Signal<u32> {
        Signal::derive(move || self.requests.get() + self.registrations.get())
    }
}

/// Keeps a number up to date. What could not be read stays as it was.
fn count<F>(waiting: RwSignal<u64>, number: RwSignal<u32>, read: fn() -> F)
where
    F: Future<Output = Result<u32, ApiError>> + 'static,
{
    Effect::new(move |_| {
        waiting.track();
        spawn_local(async move {
            if let Ok(n) = read().await {
                number.try_set(n);
            }
        });
    });
}

/// Registrations belong to no establishment, and no socket tells of them.
fn read_now_and_then(waiting: RwSignal<u64>) {
    let read = move || {
        if !document().hidden() {
            in_background(|| {
                waiting.try_update(|n| *n += 1);
            });
        }
    };
    if let Ok(timer) = set_interval_with_handle(read, std::time::Duration::from_mins(1)) {
        on_cleanup(move || timer.clear());
    }
}

fn waiting_mark(i18n: I18n, number: Signal<u32>) -> impl IntoView {
    move || {
        Some(number.get()).filter(|n| *n > 0).map(|n| {
            let label = tx!(i18n, shell.waiting, count = n);
            view! { <span class="count" role="img" aria-label=label>{n}</span> }
        })
    }
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
                <li class="menu-label">{tx!(i18n, shell.switch)}</li>
                {me.others.into_iter().map(|card| view! {
                    <li>
                        <button class="menu-item" type="button" on:click=move |_| leaving(Callback::new(move |()| switch_to(i18n, toasts, card.id)))>
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
    let OwnName(name) = expect_context();
    let toasts = use_toasts();
    let out = Callback::new(move |()| {
        identity::leave(move |why| {
            toasts.failure(error_text(i18n, &why));
        });
    });
    let summary = view! {
        <span class="avatar" aria-hidden="true">{move || initials(&name.read())}</span>
        <span class="shell-switch-text"><strong>{name}</strong><small>{me.email.clone().unwrap_or_default()}</small></span>
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
                    <button class="menu-item" type="button" on:click=move |_| leaving(out)>
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
