//! Adding a passkey: a name, then the browser's own window.

use leptos::prelude::*;
use model::text::FactorName;

use super::{
    api,
    guarded::Guarded,
    passkey::{create, told},
    totp_form::{RecoveryCodes, tell},
};
use crate::{
    error::{ApiError, ErrorKind},
    i18n::use_i18n,
    shell::Failed,
    tx,
    ui::{Button, Field, Icon, Variant, focus_field},
};

/// The whole way; `on_codes` when the recovery codes are shown, `on_done` when they are kept, or at once where there are none.
#[component]
pub(super) fn PasskeyForm(
    on_done: Callback<()>,
    #[prop(optional)] on_codes: Option<Callback<()>>,
    #[prop(optional)] on_cancel: Option<Callback<()>>,
) -> impl IntoView {
    let i18n = use_i18n();
    let (name, codes) = (RwSignal::new(String::new()), RwSignal::new(None::<Vec<String>>));
    let (error, guarded) = (RwSignal::new(None::<ApiError>), Guarded::new());
    let (tried, wrong) = (RwSignal::new(false), tx!(i18n, identity.passkey_name_wrong));
    let name_error = Signal::derive(move || {
        (tried.get() && name.read().parse::<FactorName>().is_err()).then(|| wrong.clone())
    });
    tell(codes, on_codes);
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        error.set(None);
        tried.set(true);
        let Ok(called) = name.get_untracked().parse::<FactorName>() else { return focus_field("passkey") };
        guarded.run(
            move || make(called.clone()),
            move |made| match made {
                Ok(Some(new)) => codes.set(Some(new)),
                Ok(None) => on_done.run(()),
                Err(failed) => error.set(Some(failed)),
            },
        );
    };
    view! {
        <Failed error=error />
        {move || match codes.get() {
            Some(codes) => view! { <RecoveryCodes codes=codes on_kept=on_done /> }.into_any(),
            None => view! {
                <form class="form" method="post" on:submit=submit>
                    <p>{tx!(i18n, identity.passkey_what)}</p>
                    <Field name="passkey" label=tx!(i18n, identity.passkey_name) hint=tx!(i18n, identity.passkey_name_hint) bind=name error=name_error
                        required=true maxlength=60_u32 autocomplete="off" />
                    <div class="form-actions">
                        {on_cancel.map(|cancel| view! {
                            <Button on_click=move |_| cancel.run(())>{tx!(i18n, common.cancel)}</Button>
                        })}
                        <Button variant=Variant::Primary kind="submit" icon=Icon::KeyRound busy=guarded.busy>
                            {tx!(i18n, identity.passkey_make)}
                        </Button>
                    </div>
                </form>
            }.into_any(),
        }}
    }
}

async fn make(name: FactorName) -> Result<Option<Vec<String>>, ApiError> {
    let setup = api::begin_passkey().await?;
    let credential = create(&setup.options).await.map_err(|why| told(&why))?;
    let enrolled = api::confirm_passkey(setup.ticket, name, credential).await;
    let enrolled = enrolled.map_err(|failed| failed.of_factor(ErrorKind::PasskeyNotMade))?;
    api::keep(enrolled.session.csrf.as_deref());
    Ok(enrolled.recovery_codes)
}
