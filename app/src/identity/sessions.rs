//! One's own open sessions: where one is signed in, and the end of what one doesn't recognise.

use leptos::{prelude::*, task::spawn_local};
use model::{
    identity::{Me, Method, Transport},
    ids::SessionId,
    sessions::{Device, SessionSummary},
};

use super::api;
use crate::{
    I18n,
    error::ApiError,
    i18n::use_i18n,
    shell::{Failure, When, error_text, use_language},
    tx,
    ui::{Badge, Button, Icon, Skeleton, Tone, Variant, use_toasts},
};

/// The list, with a button for each other session and one for all of them.
#[component]
pub(super) fn OpenSessions(
    /// Changes when something else has ended sessions.
    version: RwSignal<u32>,
) -> impl IntoView {
    let i18n = use_i18n();
    // Nobody is told to change a password that there isn't.
    let lead = if expect_context::<Me>().has_password {
        tx!(i18n, identity.sessions_lead)
    } else {
        tx!(i18n, identity.sessions_lead_psc)
    };
    let toasts = use_toasts();
    let found = Resource::new(move || version.get(), |_| api::sessions());
    let busy = RwSignal::new(false);
    let done = move |result: Result<(), ApiError>, text: String| {
        busy.set(false);
        match result {
            Ok(()) => drop(toasts.success(text)),
            Err(error) => drop(toasts.failure(error_text(i18n, &error))),
        }
        version.update(|n| *n += 1);
    };
    let end = move |session: SessionId| {
        busy.set(true);
        spawn_local(async move {
            let result = api::end_session(session).await;
            done(result, tx!(i18n, identity.session_closed));
        });
    };
    let end_others = move |_| {
        busy.set(true);
        spawn_local(async move {
            let result = api::end_other_sessions().await.map(drop);
            done(result, tx!(i18n, identity.sessions_closed));
        });
    };
    let language = use_language();
    let list = move |all: Vec<SessionSummary>| {
        let others = all.iter().filter(|session| !session.current).count();
        let items = all.into_iter().map(|session| {
            let device = device_name(i18n, &session.device);
            let since = session.signed_in_at.date_time(language);
            let label = tx!(i18n, identity.session_close_of, device = device, since = since);
            let id = session.id;
            let button = (!session.current).then(|| {
                view! {
                    <Button small=true label=Some(label) busy=busy on_click=move |_| end(id)>
                        {tx!(i18n, identity.session_close)}
                    </Button>
                }
            });
            view! { <li><SessionItem session=session>{button}</SessionItem></li> }
        });
        view! {
            <ul class="items">{items.collect_view()}</ul>
            {(others > 1).then(|| view! {
                <div class="card-foot">
                    <Button variant=Variant::Secondary icon=Icon::LogOut busy=busy on_click=end_others>
                        {tx!(i18n, identity.sessions_close_others)}
                    </Button>
                </div>
            })}
        }
    };
    view! {
        <section class="card card-flush narrow" aria-labelledby="open-sessions">
            <div class="card-head">
                <h2 id="open-sessions">{tx!(i18n, identity.sessions_title)}</h2>
                <p class="muted">{lead}</p>
            </div>
            <Transition fallback=move || view! { <Skeleton label=tx!(i18n, common.loading) lines=2 /> }>
                {move || found.get().map(|found| match found {
                    Ok(all) => list(all).into_any(),
                    Err(error) => view! { <Failure error=error /> }.into_any(),
                })}
            </Transition>
        </section>
    }
}

/// A session in a list: device, network, times, and what can be done to it.
#[component]
pub fn SessionItem(session: SessionSummary, #[prop(optional)] children: Option<Children>) -> impl IntoView {
    let i18n = use_i18n();
    let icon = match (session.transport, session.device.phone) {
        (Transport::Bearer, _) => Icon::Settings,
        (_, true) => Icon::Smartphone,
        (_, false) => Icon::Monitor,
    };
    let network = if session.network.here {
        tx!(i18n, identity.session_network_here)
    } else {
        tx!(i18n, identity.session_network, network = session.network.prefix)
    };
    let facts =
        [Some(method_name(i18n, session.method)), Some(network), session.establishment].into_iter().flatten();
    view! {
        <div class="item session">
            {icon.view()}
            <div class="item-text">
                <strong>{device_name(i18n, &session.device)}</strong>
                <small>{facts.collect::<Vec<_>>().join(", ")}</small>
                <small>
                    {tx!(i18n, identity.session_since)} " " <When at=session.signed_in_at /> ", "
                    {tx!(i18n, identity.session_active)} " " <When at=session.last_active_at />
                </small>
            </div>
            <div class="item-end">
                {session.current.then(|| view! {
                    <Badge tone=Tone::Success icon=Icon::Check text=tx!(i18n, identity.session_current) />
                })}
                {children.map(|children| children())}
            </div>
        </div>
    }
}

/// How a session was opened.
fn method_name(i18n: I18n, method: Method) -> String {
    match method {
        Method::Password => tx!(i18n, identity.method_password),
        Method::Passkey => tx!(i18n, identity.method_passkey),
        Method::Psc => tx!(i18n, identity.method_psc),
    }
}

/// "Firefox, Windows", or that it is unknown.
pub fn device_name(i18n: I18n, device: &Device) -> String {
    let known: Vec<&str> =
        [&device.browser, &device.system].into_iter().flatten().map(String::as_str).collect();
    if known.is_empty() { tx!(i18n, identity.session_unknown) } else { known.join(", ") }
}
