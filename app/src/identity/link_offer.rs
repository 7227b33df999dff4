//! Before an identity of another name is linked: both names, and the question whether it is the same person.

use std::time::Duration;

use leptos::{html, prelude::*};
use leptos_router::hooks::use_query_map;
use model::psc::{LinkOffer, Practice};

use super::{api, sign_in::api_token};
use crate::{
    i18n::use_i18n,
    members::practice_name,
    shell::{Failure, use_language},
    tx,
    ui::{Button, Icon, Notice, Tone, Variant},
};

/// An answer that has not come may be sent again after this.
const PATIENCE: Duration = Duration::from_secs(10);

/// The question, where the address of the page holds its token.
#[component]
pub(super) fn LinkQuestion() -> impl IntoView {
    let i18n = use_i18n();
    let token = use_query_map().read_untracked().get("link");
    let asked = token.clone();
    let offer = Resource::new_blocking(
        || (),
        move |()| {
            let asked = asked.clone();
            async move {
                match asked {
                    Some(token) => Some(api::link_offer(token).await),
                    None => None,
                }
            }
        },
    );
    view! {
        <Suspense fallback=|| ()>
            {move || offer.get().flatten().map(|offer| match (offer, token.clone()) {
                (Ok(Some(offer)), Some(token)) => view! { <Question offer=offer token=token /> }.into_any(),
                (Ok(_), _) => view! {
                    <Notice tone=Tone::Warning title=tx!(i18n, identity.psc_expired_title)>
                        <p>{tx!(i18n, identity.link_over)}</p>
                    </Notice>
                }.into_any(),
                (Err(error), _) => view! { <Failure error=error /> }.into_any(),
            })}
        </Suspense>
    }
}

#[component]
fn Question(offer: LinkOffer, token: String) -> impl IntoView {
    let (i18n, language) = (use_i18n(), use_language());
    let title = NodeRef::<html::H2>::new();
    // The page leads elsewhere otherwise, and this is what one came for.
    Effect::new(move |_| {
        if let Some(title) = title.get() {
            drop(title.focus());
        }
    });
    // An answer counts once: the second click of two would lead to a page that says that the question is over.
    let sent = RwSignal::new(false);
    let submit = move |event: leptos::ev::SubmitEvent| {
        if sent.get_untracked() {
            return event.prevent_default();
        }
        sent.set(true);
        let free = move || {
            sent.try_set(false);
        };
        set_timeout(free, PATIENCE);
    };
    let practice = |practice: &Practice| {
        let (title, place) = practice_name(language, practice);
        if place.is_empty() { title } else { format!("{title}, {place}") }
    };
    let practices = offer.practices.iter().map(practice).collect::<Vec<_>>();
    view! {
        <section class="card narrow stack-tight link-question" aria-labelledby="link-question">
            <h2 id="link-question" node_ref=title tabindex="-1">{tx!(i18n, identity.link_title)}</h2>
            <p>{tx!(i18n, identity.link_names)}</p>
            <ul class="items">
                <li class="item">
                    {Icon::User.view()}
                    <span class="item-text"><small>{tx!(i18n, identity.link_account)}</small> <strong>{offer.account}</strong></span>
                </li>
                <li class="item">
                    {Icon::ShieldCheck.view()}
                    <span class="item-text">
                        <small>{tx!(i18n, identity.method_psc)}</small>
                        <strong>{offer.identity}</strong>
                        {practices.into_iter().map(|text| view! { <small>{text}</small> }).collect_view()}
                    </span>
                </li>
            </ul>
            <p>{tx!(i18n, identity.link_effect)}</p>
            <form method="post" action="/auth/psc/link" on:submit=submit>
                <input type="hidden" name="csrf" value=api_token() />
                <input type="hidden" name="link" value=token />
                <div class="form-actions">
                    // Busy and never disabled: which button was pressed is a part of what is sent.
                    <Button kind="submit" name="answer" value="no" busy=sent>{tx!(i18n, identity.link_no)}</Button>
                    <Button variant=Variant::Primary kind="submit" busy=sent>{tx!(i18n, identity.link_yes)}</Button>
                </div>
            </form>
            <p class="muted">{tx!(i18n, identity.link_wrong)}</p>
        </section>
    }
}
