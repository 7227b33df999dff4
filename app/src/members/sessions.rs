//! Where somebody is signed in, for an administrator, and the end of it.

use leptos::prelude::*;
use model::{ids::SessionId, text::Reason};

use super::{api, change::Acts};
use crate::{
    i18n::use_i18n,
    identity::{SessionItem, device_name},
    shell::{Failure, error_text, use_language},
    tx,
    ui::{Button, Choice, Dialog, Field, Notice, Select, Skeleton, Tone, Variant, focus_first_error},
};

/// The person's open sessions in this establishment, and a form that ends them all, with the reason.
#[component]
pub(super) fn SessionsDialog(acts: Acts) -> impl IntoView {
    let i18n = use_i18n();
    let (reason, tried) = (RwSignal::new(String::new()), RwSignal::new(false));
    // The id of the one that is to end; empty for all.
    let which = RwSignal::new(String::new());
    let language = use_language();
    let whom = move || acts.sessions.get().then(|| acts.chosen.get()).flatten().map(|member| member.user);
    let found = LocalResource::new(move || async move {
        match whom() {
            Some(user) => Some(api::sessions(user).await),
            None => None,
        }
    });
    let missing = tx!(i18n, members.sessions_reason_missing);
    let error = Signal::derive(move || {
        (tried.get() && reason.read().parse::<Reason>().is_err()).then(|| missing.clone())
    });
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        tried.set(true);
        let Some(member) = acts.chosen.get_untracked() else { return };
        let Ok(why) = reason.get_untracked().parse::<Reason>() else { return focus_first_error("sessions") };
        let one = which.get_untracked().parse::<SessionId>().ok();
        let done = match one {
            Some(_) => tx!(i18n, members.session_ended, name = acts.name()),
            None => tx!(i18n, members.sessions_ended, name = acts.name()),
        };
        acts.run(acts.sessions, done, move || {
            let why = why.clone();
            async move { api::end_sessions(member.user, one, why).await.map(drop) }
        });
    };
    // Somebody else's sessions are another matter.
    Effect::new(move |_| {
        if acts.sessions.get() {
            reason.set(String::new());
            which.set(String::new());
            tried.set(false);
        }
    });
    view! {
        <Dialog
            id="sessions"
            open=acts.sessions
            title=Signal::derive(move || tx!(i18n, members.sessions_title, name = acts.name()))
            close_label=tx!(i18n, common.close)
            wide=true
        >
            <form class="form" method="post" novalidate on:submit=submit>
                {move || acts.error.get().map(|error| view! {
                    <Notice tone=Tone::Danger title=tx!(i18n, members.sessions_failed)>
                        <p>{error_text(i18n, &error)}</p>
                    </Notice>
                })}
                // What a request owned may be gone already when a browser has left: then there is nothing to draw.
                {move || match found.try_get().flatten().flatten() {
                    None if !acts.sessions.try_get().unwrap_or_default() => ().into_any(),
                    None => view! { <Skeleton label=tx!(i18n, common.loading) lines=2 /> }.into_any(),
                    Some(Err(error)) => view! { <Failure error=error /> }.into_any(),
                    Some(Ok(all)) if all.is_empty() => {
                        view! { <p class="muted">{tx!(i18n, members.sessions_none)}</p> }.into_any()
                    }
                    Some(Ok(all)) => {
                        let choices = all.iter().map(|session| {
                            let active = session.last_active_at.date_time(language);
                            let device = device_name(i18n, &session.device);
                            Choice::new(session.id.to_string(), tx!(i18n, members.session_one, device = device, active = active))
                        });
                        let all_of_them = Choice::new("", tx!(i18n, members.session_all, n = all.len()));
                        let choices: Vec<_> = std::iter::once(all_of_them).chain(choices).collect();
                        let several = choices.len() > 2;
                        let items = all.into_iter().map(|session| {
                            view! { <li><SessionItem session=session /></li> }
                        });
                        view! {
                            <ul class="items">{items.collect_view()}</ul>
                            {several.then(|| view! {
                                <Select name="which" label=tx!(i18n, members.session_which) choices=choices bind=which />
                            })}
                            <Field name="reason" label=tx!(i18n, members.sessions_reason)
                                hint=tx!(i18n, members.sessions_reason_hint) bind=reason error=error required=true
                                autocomplete="off" />
                            <div class="dialog-actions">
                                <Button on_click=move |_| acts.sessions.set(false)>{tx!(i18n, common.cancel)}</Button>
                                <Button variant=Variant::Danger kind="submit" busy=acts.busy>
                                    {move || if which.read().is_empty() {
                                        tx!(i18n, members.sessions_end)
                                    } else {
                                        tx!(i18n, members.session_end)
                                    }}
                                </Button>
                            </div>
                        }
                        .into_any()
                    }
                }}
            </form>
        </Dialog>
    }
}
