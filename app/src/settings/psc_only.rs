//! How people get in: Pro Santé Connect only, or local accounts too; and the local fallback while Pro Santé Connect is down.

use leptos::prelude::*;
use model::{
    identity::{Me, Method},
    psc_only::{Fallback, FallbackHours, PscOnly},
    text::Reason,
};

use super::{api, fallback::FallbackDialog};
use crate::{
    I18n,
    error::ApiError,
    i18n::use_i18n,
    identity::{Guarded, go},
    shell::{Failure, When, error_text},
    tx,
    ui::{Badge, Button, Confirm, Icon, Notice, Skeleton, ToastHub, Tone, use_toasts},
};

/// Where somebody goes whose own session ended with the change: it says why.
const ENDED: &str = "/portal/sign-in?failed=psc-only";

/// What is under way, and how it went. One for the card.
#[derive(Clone, Copy)]
pub(super) struct Doing {
    pub error: RwSignal<Option<ApiError>>,
    version: RwSignal<u32>,
    toasts: ToastHub,
    guarded: Guarded,
    /// Whether the administrator's own session is a local account's.
    local: bool,
}

impl Doing {
    /// Opens a dialog, without what went wrong in the one before.
    fn ask(self, dialog: RwSignal<bool>) {
        self.error.set(None);
        dialog.set(true);
    }

    /// Runs what a dialog confirms; closes it when that is done, shows the error in it otherwise. `ends` says whether local sessions end with it.
    pub(super) fn run<W>(
        self,
        dialog: RwSignal<bool>,
        ends: bool,
        done: String,
        work: impl Fn() -> W + Clone + Send + Sync + 'static,
    ) where
        W: Future<Output = Result<(), ApiError>> + 'static,
    {
        self.guarded.run(work, move |end| match end {
            Ok(()) if ends && self.local => go(ENDED),
            Ok(()) => {
                dialog.set(false);
                self.version.update(|n| *n += 1);
                self.toasts.success(done.clone());
            }
            Err(error) => self.error.set(Some(error)),
        });
    }

    /// Whether it is under way.
    pub(super) const fn busy(self) -> RwSignal<bool> {
        self.guarded.busy
    }
}

/// The card.
#[component]
pub(super) fn PscOnlyCard() -> impl IntoView {
    let i18n = use_i18n();
    let me = expect_context::<Me>();
    let version = RwSignal::new(0_u32);
    let found = Resource::new(move || version.get(), |_| api::psc_only());
    let doing = Doing {
        error: RwSignal::new(None),
        version,
        toasts: use_toasts(),
        guarded: Guarded::new(),
        local: me.method != Method::Psc,
    };
    view! {
        <section class="card narrow stack-tight" aria-labelledby="settings-sign-in">
            <h2 id="settings-sign-in">{tx!(i18n, settings.sign_in_title)}</h2>
            <Transition fallback=move || view! { <Skeleton label=tx!(i18n, common.loading) lines=3 /> }>
                {move || found.get().map(|found| match found {
                    Ok(now) => view! { <Now now=now doing=doing /> }.into_any(),
                    Err(error) => view! { <Failure error=error /> }.into_any(),
                })}
            </Transition>
        </section>
    }
}

#[component]
fn Now(now: PscOnly, doing: Doing) -> impl IntoView {
    let i18n = use_i18n();
    let switching = RwSignal::new(false);
    let on = now.on;
    let (tone, icon, state, text) = if on {
        let text = tx!(i18n, settings.psc_only_on_text);
        (Tone::Success, Icon::ShieldCheck, tx!(i18n, settings.psc_only_on), text)
    } else {
        (Tone::Neutral, Icon::LogIn, tx!(i18n, settings.psc_only_off), tx!(i18n, settings.psc_only_off_text))
    };
    let why_not = if on {
        None
    } else if !now.configured {
        Some(tx!(i18n, common.error_no_psc))
    } else if now.administrators == 0 {
        Some(tx!(i18n, common.error_no_linked_administrator))
    } else {
        None
    };
    let button = match why_not {
        Some(why) => view! { <p class="muted">{why}</p> }.into_any(),
        None => view! {
            <div class="form-actions">
                <Button on_click=move |_| doing.ask(switching)>
                    {if on { tx!(i18n, settings.psc_only_lift) } else { tx!(i18n, settings.psc_only_require) }}
                </Button>
            </div>
        }
        .into_any(),
    };
    view! {
        <p><Badge tone=tone icon=icon text=state /></p>
        <p>{text}</p>
        {button}
        {on.then(|| view! { <LocalFallback open=now.fallback doing=doing /> })}
        <Switch on=on left_out=LeftOut { count: now.local_only, names: now.left_out } open=switching doing=doing />
    }
}

/// Who would not come in any more.
struct LeftOut {
    count: u32,
    /// Of the first of them.
    names: Vec<String>,
}

impl LeftOut {
    fn view(self, i18n: I18n) -> AnyView {
        if self.count == 0 {
            return ().into_any();
        }
        let others = usize::try_from(self.count).unwrap_or(usize::MAX).saturating_sub(self.names.len());
        let names = self.names.join(", ");
        let more =
            (others > 0).then(|| format!(" {}", tx!(i18n, settings.psc_only_left_out_more, n = others)));
        view! {
            <Notice tone=Tone::Warning title=tx!(i18n, settings.psc_only_left_out, n = self.count)>
                <p>{names}{more}</p>
                <p>{tx!(i18n, settings.psc_only_left_out_text)}</p>
            </Notice>
        }
        .into_any()
    }
}

/// Asks before the rule changes.
#[component]
fn Switch(on: bool, left_out: LeftOut, open: RwSignal<bool>, doing: Doing) -> impl IntoView {
    let i18n = use_i18n();
    let (title, confirm, done) = if on {
        let done = tx!(i18n, settings.psc_only_lifted);
        (tx!(i18n, settings.psc_only_lift_title), tx!(i18n, settings.psc_only_lift), done)
    } else {
        let done = tx!(i18n, settings.psc_only_required);
        (tx!(i18n, settings.psc_only_require_title), tx!(i18n, settings.psc_only_require), done)
    };
    let left_out = left_out.view(i18n);
    let go_on = move |()| doing.run(open, !on, done.clone(), move || api::change_psc_only(!on));
    view! {
        <Confirm
            id="psc-only"
            open=open
            title=title
            confirm_text=confirm
            cancel_text=tx!(i18n, common.cancel)
            danger=!on
            busy=doing.busy()
            on_confirm=go_on
        >
            <Refusal doing=doing />
            {if on {
                view! { <p>{tx!(i18n, settings.psc_only_lift_text)}</p> }.into_any()
            } else {
                view! {
                    <p>{tx!(i18n, settings.psc_only_require_text)}</p>
                    {doing.local.then(|| view! { <p>{tx!(i18n, settings.psc_only_own)}</p> })}
                    {left_out}
                }.into_any()
            }}
        </Confirm>
    }
}

/// Why the act of a dialog was not done.
#[component]
pub(super) fn Refusal(doing: Doing) -> impl IntoView {
    let i18n = use_i18n();
    move || {
        doing.error.get().map(|error| {
            view! {
                <Notice tone=Tone::Danger title=tx!(i18n, settings.psc_only_failed)><p>{error_text(i18n, &error)}</p></Notice>
            }
        })
    }
}

/// The fallback: closed, with the way to open it, or open, until when and why.
#[component]
fn LocalFallback(open: Option<Fallback>, doing: Doing) -> impl IntoView {
    let i18n = use_i18n();
    let (opening, closing) = (RwSignal::new(false), RwSignal::new(false));
    let state = match open {
        Some(fallback) => view! {
            <Notice tone=Tone::Warning title=tx!(i18n, settings.fallback_open)>
                <p>
                    {tx!(i18n, settings.fallback_since)} " " <When at=fallback.since /> ", "
                    {tx!(i18n, settings.fallback_until)} " " <When at=fallback.until />
                </p>
                <p>{tx!(i18n, settings.fallback_because, reason = fallback.reason)}</p>
            </Notice>
            <div class="form-actions">
                <Button on_click=move |_| doing.ask(closing)>{tx!(i18n, settings.fallback_close)}</Button>
            </div>
        }
        .into_any(),
        None => view! {
            <p class="muted">
                {tx!(i18n, settings.fallback_text, min = FallbackHours::MIN, max = FallbackHours::MAX)}
            </p>
            <div class="form-actions">
                <Button on_click=move |_| doing.ask(opening)>{tx!(i18n, settings.fallback_open_it)}</Button>
            </div>
        }
        .into_any(),
    };
    let closed = tx!(i18n, settings.fallback_closed);
    let close = move |()| doing.run(closing, true, closed.clone(), api::close_fallback);
    let open_now = move |(hours, reason): (FallbackHours, Reason)| {
        let done = tx!(i18n, settings.fallback_opened);
        doing.run(opening, false, done, move || api::open_fallback(hours, reason.clone()));
    };
    view! {
        <h3>{tx!(i18n, settings.fallback_title)}</h3>
        {state}
        <FallbackDialog open=opening doing=doing on_open=open_now />
        <Confirm
            id="close-fallback"
            open=closing
            title=tx!(i18n, settings.fallback_close_title)
            confirm_text=tx!(i18n, settings.fallback_close)
            cancel_text=tx!(i18n, common.cancel)
            busy=doing.busy()
            on_confirm=close
        >
            <Refusal doing=doing />
            <p>{tx!(i18n, settings.fallback_close_text)}</p>
            {doing.local.then(|| view! { <p>{tx!(i18n, settings.psc_only_own)}</p> })}
        </Confirm>
    }
}
