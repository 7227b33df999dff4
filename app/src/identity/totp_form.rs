//! Setting up an authenticator application: the QR code, the secret for who types it, the first code; then the recovery codes,
//! shown once.

use leptos::prelude::*;
use model::factors::TotpSetup;

use super::{api, guarded::Guarded};
use crate::{
    error::{ApiError, ErrorKind},
    i18n::use_i18n,
    shell::{Failed, error_text},
    tx,
    ui::{Button, CopyButton, Field, Icon, Qr, Variant, focus_field},
};

/// The whole way. `on_codes` is called when the recovery codes are shown; `on_done` when the person says that they are kept, or at
/// once where there are none.
#[component]
pub(super) fn TotpForm(
    on_done: Callback<()>,
    #[prop(optional)] on_codes: Option<Callback<()>>,
    #[prop(optional)] on_cancel: Option<Callback<()>>,
) -> impl IntoView {
    let i18n = use_i18n();
    let (setup, codes) = (RwSignal::new(None::<TotpSetup>), RwSignal::new(None::<Vec<String>>));
    let (error, guarded) = (RwSignal::new(None::<ApiError>), Guarded::new());
    tell(codes, on_codes);
    let begin = move |_| {
        guarded.run(api::begin_totp, move |begun| match begun {
            Ok(begun) => {
                error.set(None);
                setup.set(Some(begun));
            }
            Err(failed) => error.set(Some(failed)),
        });
    };
    let cancel = move || {
        on_cancel.map(|cancel| {
            view! { <Button on_click=move |_| cancel.run(())>{tx!(i18n, common.cancel)}</Button> }
        })
    };
    view! {
        <Failed error=error />
        {move || match (codes.get(), setup.get()) {
            (Some(new), _) => view! { <RecoveryCodes codes=new on_kept=on_done /> }.into_any(),
            (None, Some(to_confirm)) => view! {
                <Confirm setup=to_confirm codes=codes error=error on_done=on_done on_over=Callback::new(move |()| setup.set(None)) />
                <div class="form-actions">{cancel()}</div>
            }.into_any(),
            (None, None) => view! {
                <div class="form">
                    <p>{tx!(i18n, identity.totp_what)}</p>
                    <div class="form-actions">
                        {cancel()}
                        <Button variant=Variant::Primary icon=Icon::Smartphone busy=guarded.busy on_click=begin>
                            {tx!(i18n, identity.totp_begin)}
                        </Button>
                    </div>
                </div>
            }.into_any(),
        }}
    }
}

#[component]
fn Confirm(
    setup: TotpSetup,
    codes: RwSignal<Option<Vec<String>>>,
    error: RwSignal<Option<ApiError>>,
    on_done: Callback<()>,
    on_over: Callback<()>,
) -> impl IntoView {
    let i18n = use_i18n();
    let (code, guarded) = (RwSignal::new(String::new()), Guarded::new());
    let (wrong, wrong_text) = (RwSignal::new(false), error_text(i18n, &ErrorKind::WrongFactor.into()));
    let code_error =
        Signal::derive(move || (wrong.get() && code.read().is_empty()).then(|| wrong_text.clone()));
    let ticket = setup.ticket;
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        wrong.set(false);
        let (ticket, typed) = (ticket.clone(), code.get_untracked());
        // Scanning takes its time: the factor of now may be one of before by then.
        guarded.run(
            move || api::confirm_totp(ticket.clone(), typed.clone()),
            move |confirmed| match confirmed {
                Ok(enrolled) => {
                    error.set(None);
                    api::keep(enrolled.session.csrf.as_deref());
                    match enrolled.recovery_codes {
                        Some(new) => codes.set(Some(new)),
                        None => on_done.run(()),
                    }
                }
                Err(failed) => {
                    code.set(String::new());
                    match failed.kind {
                        // At the field: what stands above the QR code is above a phone's screen.
                        ErrorKind::WrongFactor => {
                            error.set(None);
                            wrong.set(true);
                            focus_field("totp");
                        }
                        // This QR code leads nowhere any more.
                        ErrorKind::BeginAgain => {
                            error.set(Some(failed));
                            on_over.run(());
                        }
                        _ => error.set(Some(failed)),
                    }
                }
            },
        );
    };
    let groups = setup.secret.as_bytes().chunks(4).map(|group| String::from_utf8_lossy(group).into_owned());
    let secret = groups.collect::<Vec<_>>().join(" ");
    // The button that led here is gone. Not to the field: a phone's keyboard would cover the QR code.
    let what = NodeRef::<leptos::html::P>::new();
    Effect::new(move |_| {
        if let Some(what) = what.get() {
            // Without the focus the text is still there.
            request_animation_frame(move || drop(what.focus()));
        }
    });
    view! {
        <form class="form" method="post" on:submit=submit>
            <p node_ref=what tabindex="-1">{tx!(i18n, identity.totp_scan)}</p>
            <div class="totp-qr"><Qr text=setup.uri label=tx!(i18n, identity.totp_qr) /></div>
            <details class="totp-type">
                <summary>{tx!(i18n, identity.totp_type)}</summary>
                <p class="totp-secret"><code>{secret}</code></p>
                <CopyButton text=setup.secret label=tx!(i18n, common.copy) copied=tx!(i18n, common.copied) />
            </details>
            <Field name="totp" label=tx!(i18n, identity.totp_first) hint=tx!(i18n, identity.factor_code_hint) bind=code
                error=code_error required=true inputmode="numeric" autocomplete="one-time-code" />
            <div class="form-actions">
                <Button variant=Variant::Primary kind="submit" busy=guarded.busy>{tx!(i18n, identity.totp_confirm)}</Button>
            </div>
        </form>
    }
}

/// Tells the page around a form that the recovery codes stand there now.
pub(super) fn tell(codes: RwSignal<Option<Vec<String>>>, on_codes: Option<Callback<()>>) {
    Effect::new(move |_| {
        if let (true, Some(on_codes)) = (codes.with(Option::is_some), on_codes) {
            on_codes.run(());
        }
    });
}

/// The recovery codes, shown once.
#[component]
pub(super) fn RecoveryCodes(codes: Vec<String>, on_kept: Callback<()>) -> impl IntoView {
    let i18n = use_i18n();
    let text = codes.join("\n");
    // The form that stood here was longer: without this they would lie above the screen of a phone, and they are shown once.
    let title = NodeRef::<leptos::html::H2>::new();
    Effect::new(move |_| {
        if let Some(title) = title.get() {
            request_animation_frame(move || {
                // Without the focus the codes are still there.
                drop(title.focus());
                title.scroll_into_view();
            });
        }
    });
    view! {
        <div class="form" role="group" aria-labelledby="recovery-title">
            <h2 id="recovery-title" node_ref=title tabindex="-1">{tx!(i18n, identity.recovery_title)}</h2>
            <p>{tx!(i18n, identity.recovery_text)}</p>
            <ul class="recovery-codes">
                {codes.into_iter().map(|code| view! { <li><code>{code}</code></li> }).collect_view()}
            </ul>
            <div class="form-actions">
                <CopyButton text=text label=tx!(i18n, common.copy) copied=tx!(i18n, common.copied) />
                <Button variant=Variant::Primary on_click=move |_| on_kept.run(())>{tx!(i18n, identity.recovery_kept)}</Button>
            </div>
        </div>
    }
}
