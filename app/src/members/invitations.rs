//! Invitations that nobody has accepted yet: sent again, or taken back.

use leptos::prelude::*;
use model::members::Invitation;

use super::api;
use crate::{
    error::ApiError,
    i18n::use_i18n,
    identity::Guarded,
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
    let guarded = Guarded::new();
    // The list is read again whatever the end: somebody may have accepted meanwhile.
    let told = move |done: Result<(), ApiError>, said: &str| {
        match done {
            Ok(()) => toasts.success(said.to_owned()),
            Err(failed) => toasts.failure(error_text(i18n, &failed)),
        };
        version.update(|n| *n += 1);
    };
    let again = Callback::new(move |invitation: Invitation| {
        let said = tx!(i18n, members.invited, email = invitation.email);
        guarded.run(move || api::invite_again(invitation.id), move |done| told(done, &said));
    });
    let withdraw = Callback::new(move |invitation: Invitation| {
        let said = tx!(i18n, members.invitation_withdrawn, email = invitation.email);
        guarded.run(move || api::withdraw_invitation(invitation.id), move |done| told(done, &said));
    });
    view! {
        <Transition fallback=|| ()>
            {move || {
                let all = open.get().and_then(Result::ok).filter(|all| !all.is_empty())?;
                let acts = Acts { again, withdraw, busy: guarded.busy };
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
