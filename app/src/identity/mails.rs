//! Which mails somebody wants. Those about the safety of their account are no choice.

use leptos::{prelude::*, task::spawn_local};
use model::account::{Account, MailChoice, MailTopic};

use super::api;
use crate::{
    I18n,
    i18n::use_i18n,
    shell::error_text,
    tx,
    ui::{Checkbox, use_toasts},
};

fn topic_name(i18n: I18n, topic: MailTopic) -> String {
    match topic {
        MailTopic::AccessRequests => tx!(i18n, identity.mails_access_requests),
        MailTopic::Guessing => tx!(i18n, identity.mails_guessing),
        MailTopic::Registrations => tx!(i18n, identity.mails_registrations),
    }
}

/// The card: a switch for each kind that concerns the person.
#[component]
pub(super) fn MailsCard(account: Account) -> impl IntoView {
    let i18n = use_i18n();
    let none = account.mails.is_empty();
    let reached = account.email.is_some();
    view! {
        <section class="card narrow stack-tight" aria-labelledby="account-mails">
            <h2 id="account-mails">{tx!(i18n, identity.mails_title)}</h2>
            <p class="muted">{if reached {
                tx!(i18n, identity.mails_always)
            } else {
                tx!(i18n, identity.mails_no_address)
            }}</p>
            {account.mails.into_iter().map(|choice| view! { <Topic choice=choice /> }).collect_view()}
            {(none && reached).then(|| view! { <p class="muted">{tx!(i18n, identity.mails_none)}</p> })}
        </section>
    }
}

#[component]
fn Topic(choice: MailChoice) -> impl IntoView {
    let (i18n, toasts) = (use_i18n(), use_toasts());
    let wanted = RwSignal::new(choice.wanted);
    let (kept, sending) = (RwSignal::new(choice.wanted), RwSignal::new(false));
    Effect::new(move |_| {
        let now = wanted.get();
        if now == kept.get_untracked() || sending.get_untracked() {
            return;
        }
        sending.set(true);
        spawn_local(async move {
            // One after the other, until what is kept is what is shown, or the page has gone.
            let other = move |now: &bool| kept.try_get_untracked() != Some(*now);
            while let Some(now) = wanted.try_get_untracked().filter(other) {
                match api::choose_mails(MailChoice { wanted: now, ..choice }).await {
                    Ok(()) => {
                        kept.try_set(now);
                        toasts.success(tx!(i18n, identity.mails_saved));
                    }
                    // It shows what is so.
                    Err(failed) => {
                        if let Some(kept) = kept.try_get_untracked() {
                            wanted.try_set(kept);
                        }
                        toasts.failure(error_text(i18n, &failed));
                    }
                }
            }
            sending.try_set(false);
        });
    });
    view! {
        <Checkbox name=format!("mails-{}", choice.topic.as_str()) label=topic_name(i18n, choice.topic) bind=wanted switch=true />
    }
}
