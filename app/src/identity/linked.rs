//! The identity of Pro Santé Connect that opens one's own account, on the account page: linking one, and taking it off.

use leptos::prelude::*;
use model::{
    identity::{Me, SignInWays},
    psc::LinkedIdentity,
};

use super::{api, go, guarded::Guarded, psc::PscButton};
use crate::{
    error::ApiError,
    i18n::use_i18n,
    shell::{Failed, Failure, When},
    tx,
    ui::{Button, Confirm, Icon, Notice, Skeleton, Tone, use_toasts},
};

/// The section.
#[component]
pub(super) fn LinkedSection(
    /// Goes up when open sessions may have ended.
    sessions: RwSignal<u32>,
) -> impl IntoView {
    let i18n = use_i18n();
    let version = RwSignal::new(0_u32);
    let found = Resource::new(move || version.get(), |_| api::psc_identity());
    // Read here and not below: what is asked for inside of what another answer draws is not there when the page comes alive.
    let ways = Resource::new(|| (), |()| api::ways());
    view! {
        <section class="card narrow factors" aria-labelledby="psc-identity">
            <h2 id="psc-identity">{tx!(i18n, identity.method_psc)}</h2>
            <Transition fallback=move || view! { <Skeleton label=tx!(i18n, common.loading) lines=2 /> }>
                {move || found.get().zip(ways.get()).map(|(found, ways)| match (found, ways) {
                    (Ok(Some(linked)), _) => view! { <Linked linked=linked version=version sessions=sessions /> }.into_any(),
                    (Ok(None), Ok(ways)) => view! { <NotLinked ways=ways /> }.into_any(),
                    (Err(error), _) | (_, Err(error)) => view! { <Failure error=error /> }.into_any(),
                })}
            </Transition>
        </section>
    }
}

#[component]
fn NotLinked(ways: SignInWays) -> impl IntoView {
    let i18n = use_i18n();
    if ways.psc {
        view! {
            <p class="muted">{tx!(i18n, identity.link_text)}</p>
            <PscButton purpose="link" back="/portal/account" simulated=ways.simulated />
        }
        .into_any()
    } else {
        view! { <p class="muted">{tx!(i18n, identity.link_off)}</p> }.into_any()
    }
}

#[component]
fn Linked(linked: LinkedIdentity, version: RwSignal<u32>, sessions: RwSignal<u32>) -> impl IntoView {
    let i18n = use_i18n();
    let toasts = use_toasts();
    let guarded = Guarded::new();
    let has_password = expect_context::<Me>().has_password;
    let asking = RwSignal::new(false);
    let error = RwSignal::new(None::<ApiError>);
    let unlink = move |()| {
        guarded.run(api::unlink_psc, move |gone| match gone {
            Ok(true) => go("/portal/sign-in?ended=unlinked"),
            Ok(false) => {
                asking.set(false);
                toasts.success(tx!(i18n, identity.unlinked));
                version.update(|n| *n += 1);
                sessions.update(|n| *n += 1);
            }
            Err(failed) => error.set(Some(failed)),
        });
    };
    let act = if linked.removable {
        view! {
            <span class="item-end">
                <Button small=true on_click=move |_| {
                    error.set(None);
                    asking.set(true);
                }>{tx!(i18n, identity.unlink)}</Button>
            </span>
        }
        .into_any()
    } else {
        ().into_any()
    };
    let needed_by = (!linked.needed_by.is_empty()).then(|| linked.needed_by.join(", "));
    view! {
        <ul class="items">
            <li class="item">
                {Icon::ShieldCheck.view()}
                <span class="item-text">
                    <strong>{tx!(i18n, identity.linked)}</strong>
                    <small>
                        {tx!(i18n, identity.linked_since)} " " <When at=linked.since date=true /> ", "
                        {tx!(i18n, identity.linked_used)} " " <When at=linked.last_used_at date=true />
                    </small>
                </span>
                {act}
            </li>
        </ul>
        {(!linked.removable).then(|| view! {
            <p class="muted">{if has_password { tx!(i18n, common.error_only_way) } else { tx!(i18n, identity.linked_alone) }}</p>
        })}
        <Confirm
            id="unlink-psc"
            open=asking
            title=tx!(i18n, identity.unlink_title)
            confirm_text=tx!(i18n, identity.unlink)
            cancel_text=tx!(i18n, common.cancel)
            danger=true
            busy=guarded.busy
            on_confirm=unlink
        >
            <Failed error=error />
            <p>{tx!(i18n, identity.unlink_text)}</p>
            <p>{tx!(i18n, identity.unlink_sessions)}</p>
            {needed_by.map(|names| view! {
                <Notice tone=Tone::Warning><p>{tx!(i18n, identity.unlink_needed, names = names)}</p></Notice>
            })}
        </Confirm>
    }
}
