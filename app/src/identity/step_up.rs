//! "Is it still you?": a factor is shown again before something that matters, and what was asked for is done.

use leptos::{prelude::*, task::spawn_local};
use model::{
    factors::{FactorAnswer, Renewed},
    identity::{Me, Method},
};

use super::{api, passkey, psc};
use crate::{
    error::{ApiError, ErrorKind},
    i18n::use_i18n,
    shell::error_text,
    tx,
    ui::{Button, Dialog, Field, Icon, LinkButton, Notice, Tone, Variant},
};

/// Opens the dialog; one for the portal.
#[derive(Clone, Copy)]
pub struct StepUp {
    open: RwSignal<bool>,
    then: StoredValue<Option<Callback<()>>>,
}

impl StepUp {
    /// Provides it to the pages below.
    pub fn provide() -> Self {
        let hub = Self { open: RwSignal::new(false), then: StoredValue::new(None) };
        provide_context(hub);
        hub
    }

    /// Asks for a factor, then does what was to be done.
    pub fn ask(self, then: Callback<()>) {
        self.then.set_value(Some(then));
        self.open.set(true);
    }
}

/// The dialog. Who came through Pro Santé Connect goes there and comes back to this page.
#[component]
pub fn StepUpDialog(hub: StepUp) -> impl IntoView {
    let i18n = use_i18n();
    let me = expect_context::<Me>();
    let content = if me.method == Method::Psc {
        view! { <Elsewhere hub=hub /> }.into_any()
    } else {
        view! { <Here hub=hub /> }.into_any()
    };
    view! {
        <Dialog id="step-up" open=hub.open title=tx!(i18n, identity.step_up_title) close_label=tx!(i18n, common.close)>
            {content}
        </Dialog>
    }
}

#[component]
fn Elsewhere(hub: StepUp) -> impl IntoView {
    let i18n = use_i18n();
    // Known in the browser only, and there before anybody opens the dialog.
    let href = RwSignal::new(psc::href("step_up", "/portal"));
    Effect::new(move |_| {
        if hub.open.get() {
            let location = window().location();
            let here = format!(
                "{}{}",
                location.pathname().unwrap_or_default(),
                location.search().unwrap_or_default()
            );
            href.set(psc::href("step_up", &here));
        }
    });
    view! {
        <p>{tx!(i18n, identity.step_up_psc)}</p>
        <div class="dialog-actions">
            <Button on:click=move |_| hub.open.set(false)>{tx!(i18n, common.cancel)}</Button>
            {move || view! {
                <LinkButton variant=Variant::Primary href=href.get() attr:rel="external">{tx!(i18n, identity.step_up_go)}</LinkButton>
            }}
        </div>
    }
}

#[component]
fn Here(hub: StepUp) -> impl IntoView {
    let i18n = use_i18n();
    let (code, recovery) = (RwSignal::new(String::new()), RwSignal::new(false));
    let (error, busy) = (RwSignal::new(None::<ApiError>), RwSignal::new(false));
    let shown = move |shown: Result<Renewed, ApiError>| {
        busy.set(false);
        code.set(String::new());
        match shown {
            Ok(renewed) => {
                error.set(None);
                api::keep(renewed.csrf.as_deref());
                hub.open.set(false);
                if let Some(then) = hub.then.get_value() {
                    then.run(());
                }
            }
            Err(failed) if failed.kind == ErrorKind::NotFound => error.set(Some(ErrorKind::NoPasskey.into())),
            Err(failed) => error.set(Some(failed)),
        }
    };
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        busy.set(true);
        let typed = code.get_untracked();
        let answer =
            if recovery.get_untracked() { FactorAnswer::Recovery(typed) } else { FactorAnswer::Totp(typed) };
        spawn_local(async move { shown(api::step_up(answer).await) });
    };
    let with_passkey = move |_| {
        busy.set(true);
        spawn_local(async move {
            shown(match passkey::answer().await {
                Ok(answer) => api::step_up(answer).await,
                Err(failed) => Err(failed),
            });
        });
    };
    view! {
        <form class="form" method="post" on:submit=submit>
            <p>{tx!(i18n, identity.step_up_text)}</p>
            {move || error.get().map(|failed| view! { <Notice tone=Tone::Danger>{error_text(i18n, &failed)}</Notice> })}
            <Field name="step-up" label=Signal::derive(move || if recovery.get() {
                    tx!(i18n, identity.factor_recovery)
                } else {
                    tx!(i18n, identity.factor_code)
                }) bind=code required=true autocomplete="one-time-code" />
            <Button variant=Variant::Ghost small=true on:click=move |_| recovery.update(|on| *on = !*on)>
                {move || if recovery.get() {
                    tx!(i18n, identity.factor_use_code)
                } else {
                    tx!(i18n, identity.factor_use_recovery)
                }}
            </Button>
            <div class="dialog-actions">
                <Button on:click=move |_| hub.open.set(false)>{tx!(i18n, common.cancel)}</Button>
                <Button icon=Icon::KeyRound busy=busy on:click=with_passkey>{tx!(i18n, identity.passkey_use)}</Button>
                <Button variant=Variant::Primary kind="submit" busy=busy>{tx!(i18n, identity.factor_confirm)}</Button>
            </div>
        </form>
    }
}
