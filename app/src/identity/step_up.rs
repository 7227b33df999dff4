//! "Is it still you?": a factor is shown again before something that matters, and what was asked for is done.

use leptos::{prelude::*, task::spawn_local};
use model::{
    factors::{FactorAnswer, Factors, Renewed},
    identity::{Me, Method},
    ids::SessionId,
};

use super::{api, lock::Lock, passkey, psc, tabs};
use crate::{
    api::in_background,
    error::{ApiError, ErrorKind},
    i18n::use_i18n,
    shell::Failed,
    tx,
    ui::{Button, Dialog, Field, Icon, LinkButton, Variant},
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

    /// Whoever asked may not be who comes back.
    fn forget(self) {
        self.then.set_value(None);
        self.open.set(false);
    }

    /// It was shown. Who closed the dialog meanwhile no longer wants what it was for.
    fn done(self) {
        let wanted = self.open.get_untracked();
        self.open.set(false);
        let then = self.then.try_update_value(Option::take).flatten();
        if let Some(then) = then.filter(|_| wanted) {
            then.run(());
        }
    }
}

/// The dialog. Who came through Pro Santé Connect goes there in another window, while this page waits.
#[component]
pub fn StepUpDialog(hub: StepUp) -> impl IntoView {
    let i18n = use_i18n();
    let me = expect_context::<Me>();
    let shut = expect_context::<Lock>().is_shut();
    // What was asked for at a desk that was then left is not done by the next sign-in there.
    Effect::new(move |_| {
        if shut.get() {
            hub.forget();
        }
    });
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

/// Where the other window stands, as far as this page can know: once it is at another site, no page sees any more whether it is
/// open.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Window {
    /// There is none.
    None,
    /// It was opened from this session, and its answer is awaited.
    Open(SessionId),
    /// Somebody came back here, and the session was still this one.
    Without(SessionId),
}

#[component]
fn Elsewhere(hub: StepUp) -> impl IntoView {
    let i18n = use_i18n();
    let (lock, other) = (expect_context::<Lock>(), RwSignal::new(Window::None));
    let href = psc::href("step_up", "/portal/signed-in?for=step_up");
    let check = move || {
        let (Window::Open(from) | Window::Without(from)) = other.get_untracked() else { return };
        in_background(|| {
            spawn_local(async move {
                // A factor that was shown gives the session a new name.
                match lock.ask().await {
                    Some(me) if me.session != from && !lock.shut_now() => {
                        if other.try_set(Window::None).is_none() {
                            hub.done();
                        }
                    }
                    _ => drop(other.try_set(Window::Without(from))),
                }
            });
        });
    };
    Effect::new(move |_| {
        if !hub.open.get() {
            // Who closes the dialog no longer wants what it was for.
            other.set(Window::None);
            return;
        }
        tabs::on_told(&[tabs::BACK], check);
        tabs::on_return(check);
    });
    let said = move || match other.get() {
        Window::None => String::new(),
        Window::Open(_) => tx!(i18n, identity.step_up_waiting),
        Window::Without(_) => tx!(i18n, identity.step_up_missing),
    };
    view! {
        <p>{tx!(i18n, identity.step_up_psc)}</p>
        <p role="status">{said}</p>
        <div class="dialog-actions">
            <Button on_click=move |_| hub.open.set(false)>{tx!(i18n, common.cancel)}</Button>
            <LinkButton variant=Variant::Primary href=href attr:target="_blank" attr:rel="opener"
                on_click=move |_| other.set(Window::Open(lock.session()))>
                {tx!(i18n, identity.step_up_go)}
            </LinkButton>
        </div>
    }
}

#[component]
fn Here(hub: StepUp) -> impl IntoView {
    let i18n = use_i18n();
    let (code, recovery) = (RwSignal::new(String::new()), RwSignal::new(false));
    let (error, busy) = (RwSignal::new(None::<ApiError>), RwSignal::new(false));
    // What the person has, read when it is asked for; until it is known, all kinds are offered.
    let known = RwSignal::new(None::<Factors>);
    Effect::new(move |_| {
        if hub.open.get() {
            spawn_local(async move { drop(known.try_set(api::factors().await.ok())) });
        } else {
            // A code that was typed and not sent stays on no page.
            code.set(String::new());
            recovery.set(false);
            error.set(None);
        }
    });
    let has_totp =
        move || known.with(|known| known.as_ref().is_none_or(|factors| factors.totp_since.is_some()));
    let has_passkey =
        move || known.with(|known| known.as_ref().is_none_or(|factors| !factors.passkeys.is_empty()));
    let by_hand = move || has_totp() || recovery.get();
    let shown = move |shown: Result<Renewed, ApiError>| {
        busy.set(false);
        code.set(String::new());
        match shown {
            Ok(renewed) => {
                error.set(None);
                api::keep(renewed.csrf.as_deref());
                hub.done();
            }
            Err(failed) if failed.kind == ErrorKind::NotFound => error.set(Some(ErrorKind::NoPasskey.into())),
            Err(failed) => error.set(Some(failed)),
        }
    };
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        busy.set(true);
        let typed = code.get_untracked();
        let (answer, wrong) = if recovery.get_untracked() {
            (FactorAnswer::Recovery(typed), ErrorKind::WrongRecovery)
        } else {
            (FactorAnswer::Totp(typed), ErrorKind::WrongFactor)
        };
        spawn_local(async move {
            shown(api::step_up(answer).await.map_err(|failed| failed.of_factor(wrong)));
        });
    };
    let with_passkey = move |_| {
        busy.set(true);
        spawn_local(async move {
            let answered = match passkey::answer().await {
                Ok(answer) => api::step_up(answer).await,
                Err(failed) => Err(failed),
            };
            shown(answered.map_err(|failed| failed.of_factor(ErrorKind::WrongPasskey)));
        });
    };
    view! {
        <form class="form" method="post" on:submit=submit>
            <p>{tx!(i18n, identity.step_up_text)}</p>
            <Failed error=error />
            {move || if !by_hand() {
                ().into_any()
            } else if recovery.get() {
                view! {
                    <Field name="step-up" label=tx!(i18n, identity.factor_recovery) bind=code required=true autofocus=true
                        autocomplete="off" />
                }.into_any()
            } else {
                view! {
                    <Field name="step-up" label=tx!(i18n, identity.factor_code) bind=code required=true autofocus=true inputmode="numeric"
                        autocomplete="one-time-code" />
                }.into_any()
            }}
            <Button variant=Variant::Ghost small=true on_click=move |_| recovery.update(|on| *on = !*on)>
                {move || match (recovery.get(), has_totp()) {
                    (true, true) => tx!(i18n, identity.factor_use_code),
                    (true, false) => tx!(i18n, identity.step_up_passkey),
                    (false, _) => tx!(i18n, identity.factor_use_recovery),
                }}
            </Button>
            <div class="dialog-actions">
                <Button on_click=move |_| hub.open.set(false)>{tx!(i18n, common.cancel)}</Button>
                {move || has_passkey().then(|| view! {
                    <Button icon=Icon::KeyRound busy=busy on_click=with_passkey>{tx!(i18n, identity.passkey_use)}</Button>
                })}
                {move || by_hand().then(|| view! {
                    <Button variant=Variant::Primary kind="submit" busy=busy>{tx!(i18n, identity.factor_confirm)}</Button>
                })}
            </div>
        </form>
    }
}
