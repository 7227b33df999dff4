//! Invitations that nobody has accepted yet: sent again, or taken back.

use leptos::{prelude::*, task::spawn_local};
use model::members::Invitation;

use super::api;
use crate::{
    error::{ApiError, ErrorKind},
    i18n::use_i18n,
    identity::StepUp,
    shell::{When, error_text, role_name},
    tx,
    ui::{Badge, Button, Icon, Tone, use_toasts},
};

/// What an administrator can do with one.
#[derive(Clone, Copy)]
struct Acts {
    again: Callback<Invitation>,
    withdraw: Callback<Invitation>,
    busy: RwSignal<bool>,
}

/// The card above the list of people; nothing when nobody is invited.
#[component]
pub(super) fn Invitations(version: RwSignal<u32>) -> impl IntoView {
    let i18n = use_i18n();
    let open = Resource::new(move || version.get(), |_| api::invitations());
    let toasts = use_toasts();
    let busy = RwSignal::new(false);
    let step_up = use_context::<StepUp>();
    let ended = move |done: Result<(), ApiError>, said: String, retry: Callback<()>| {
        busy.set(false);
        match (done, step_up) {
            (Ok(()), _) => drop(toasts.success(said)),
            (Err(failed), Some(step_up)) if failed.kind == ErrorKind::StepUpNeeded => step_up.ask(retry),
            (Err(failed), _) => drop(toasts.failure(error_text(i18n, &failed))),
        }
        version.update(|n| *n += 1);
    };
    let again = StoredValue::new(None::<Callback<Invitation>>);
    again.set_value(Some(Callback::new(move |invitation: Invitation| {
        busy.set(true);
        let retry = invitation.clone();
        let retry = Callback::new(move |()| {
            if let Some(again) = again.get_value() {
                again.run(retry.clone());
            }
        });
        spawn_local(async move {
            let done = api::invite_again(invitation.id).await;
            ended(done, tx!(i18n, members.invited, email = invitation.email), retry);
        });
    })));
    let withdraw = Callback::new(move |invitation: Invitation| {
        busy.set(true);
        spawn_local(async move {
            let done = api::withdraw_invitation(invitation.id).await;
            let said = tx!(i18n, members.invitation_withdrawn, email = invitation.email);
            ended(done, said, Callback::new(|()| ()));
        });
    });
    view! {
        <Transition fallback=|| ()>
            {move || {
                let all = open.get().and_then(Result::ok).filter(|all| !all.is_empty())?;
                let acts = Acts { again: again.get_value()?, withdraw, busy };
                Some(view! {
                    <section class="card card-flush requests" aria-labelledby="invitations">
                        <div class="card-head">
                            <h2 id="invitations">{tx!(i18n, members.invitations_title)}</h2>
                            <p class="muted">{tx!(i18n, members.invitations_lead)}</p>
                        </div>
                        <ul class="items">
                            {all.into_iter().map(|invitation| view! {
                                <li><Item invitation=invitation acts=acts /></li>
                            }).collect_view()}
                        </ul>
                    </section>
                })
            }}
        </Transition>
    }
}

#[component]
fn Item(invitation: Invitation, acts: Acts) -> impl IntoView {
    let i18n = use_i18n();
    let roles: Vec<String> = invitation.roles.iter().map(|role| role_name(i18n, role)).collect();
    let Acts { again, withdraw, busy } = acts;
    let again_label = tx!(i18n, members.invite_again_of, email = invitation.email.clone());
    let withdraw_label = tx!(i18n, members.invitation_withdraw_of, email = invitation.email.clone());
    let (one, other) = (invitation.clone(), invitation.clone());
    view! {
        <div class="item">
            {Icon::Mail.view()}
            <div class="item-text">
                <strong>{invitation.email}</strong>
                <small>{roles.join(", ")}</small>
                <small>{tx!(i18n, members.invited_at)} " " <When at=invitation.invited_at /></small>
            </div>
            <div class="item-end">
                {invitation.over.then(|| view! { <Badge tone=Tone::Warning text=tx!(i18n, members.invitation_over) /> })}
                <Button small=true label=Some(withdraw_label) busy=busy on_click=move |_| withdraw.run(other.clone())>
                    {tx!(i18n, members.invitation_withdraw)}
                </Button>
                <Button small=true label=Some(again_label) busy=busy on_click=move |_| again.run(one.clone())>
                    {tx!(i18n, members.invite_again)}
                </Button>
            </div>
        </div>
    }
}
