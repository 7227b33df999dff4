//! One's own passkeys, on the account page.

use leptos::prelude::*;
use model::{factors::PasskeySummary, ids::PasskeyId};

use super::{api, guarded::Guarded, passkey_form::PasskeyForm};
use crate::{
    error::ApiError,
    i18n::use_i18n,
    shell::{Failed, When},
    tx,
    ui::{Button, Confirm, Icon, use_toasts},
};

/// The list, a button that adds one, and one on each that takes it away. `on_codes` when the recovery codes are shown.
#[component]
pub(super) fn Passkeys(
    all: Vec<PasskeySummary>,
    version: RwSignal<u32>,
    on_codes: Callback<()>,
) -> impl IntoView {
    let i18n = use_i18n();
    let toasts = use_toasts();
    let guarded = Guarded::new();
    let (adding, removing, busy) = (RwSignal::new(false), RwSignal::new(false), guarded.busy);
    let (chosen, error) = (RwSignal::new(None::<PasskeyId>), RwSignal::new(None::<ApiError>));
    let remove = move |()| {
        let Some(id) = chosen.get_untracked() else { return };
        guarded.run(
            move || api::remove_passkey(id),
            move |gone| {
                removing.set(false);
                match gone {
                    Ok(()) => {
                        error.set(None);
                        toasts.success(tx!(i18n, identity.passkey_removed));
                        version.update(|n| *n += 1);
                    }
                    Err(failed) => error.set(Some(failed)),
                }
            },
        );
    };
    let done = Callback::new(move |()| {
        adding.set(false);
        toasts.success(tx!(i18n, identity.passkey_added));
        version.update(|n| *n += 1);
    });
    let none = all.is_empty();
    let rows = all.into_iter().map(move |passkey| {
        let label = tx!(i18n, identity.passkey_remove_of, name = passkey.name.clone());
        view! {
            <li class="item">
                {Icon::KeyRound.view()}
                <span class="item-text">
                    <strong>{passkey.name}</strong>
                    <small>
                        {tx!(i18n, identity.passkey_created)} " " <When at=passkey.created_at date=true />
                        {passkey.last_used_at.map(|at| view! {
                            ", " {tx!(i18n, identity.passkey_used)} " " <When at=at date=true />
                        })}
                    </small>
                </span>
                <span class="item-end">
                    <Button small=true label=Some(label) busy=busy on_click=move |_| {
                        chosen.set(Some(passkey.id));
                        removing.set(true);
                    }>{tx!(i18n, identity.totp_remove)}</Button>
                </span>
            </li>
        }
    });
    view! {
        <Failed error=error />
        <h3>{tx!(i18n, identity.passkeys_title)}</h3>
        // While the first one's recovery codes stand there, the list is still the one of before.
        {move || (none && !adding.get()).then(|| view! { <p class="muted">{tx!(i18n, identity.passkeys_none)}</p> })}
        <ul class="items">{rows.collect_view()}</ul>
        {move || if adding.get() {
            view! { <PasskeyForm on_done=done on_codes=on_codes on_cancel=Callback::new(move |()| adding.set(false)) /> }.into_any()
        } else {
            view! {
                <div class="form-actions">
                    <Button icon=Icon::KeyRound on_click=move |_| adding.set(true)>{tx!(i18n, identity.passkey_add)}</Button>
                </div>
            }.into_any()
        }}
        <Confirm
            id="remove-passkey"
            open=removing
            title=tx!(i18n, identity.passkey_remove_title)
            confirm_text=tx!(i18n, identity.totp_remove)
            cancel_text=tx!(i18n, common.cancel)
            danger=true
            busy=busy
            on_confirm=remove
        >
            <p>{tx!(i18n, identity.passkey_remove_text)}</p>
        </Confirm>
    }
}
