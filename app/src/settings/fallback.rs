//! The dialog that opens the local fallback: for how long, and why.

use leptos::prelude::*;
use model::{psc_only::FallbackHours, text::Reason};

use super::psc_only::{Doing, Refusal};
use crate::{
    i18n::use_i18n,
    tx,
    ui::{Button, Dialog, Field, Variant, focus_first_error},
};

fn hours_of(typed: &str) -> Option<FallbackHours> {
    typed.trim().parse::<u32>().ok().and_then(|hours| hours.try_into().ok())
}

/// Asks for hours and reason, and hands them over when both are right.
#[component]
pub(super) fn FallbackDialog(
    open: RwSignal<bool>,
    doing: Doing,
    #[prop(into)] on_open: Callback<(FallbackHours, Reason)>,
) -> impl IntoView {
    let i18n = use_i18n();
    let hours = RwSignal::new(FallbackHours::default().get().to_string());
    let (reason, tried) = (RwSignal::new(String::new()), RwSignal::new(false));
    let bad_hours = tx!(i18n, settings.range, min = FallbackHours::MIN, max = FallbackHours::MAX);
    let hours_error =
        Signal::derive(move || (tried.get() && hours_of(&hours.read()).is_none()).then(|| bad_hours.clone()));
    let missing = tx!(i18n, settings.fallback_reason_missing);
    let reason_error = Signal::derive(move || {
        (tried.get() && reason.read().parse::<Reason>().is_err()).then(|| missing.clone())
    });
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        tried.set(true);
        match (hours_of(&hours.get_untracked()), reason.get_untracked().parse::<Reason>()) {
            (Some(hours), Ok(reason)) => on_open.run((hours, reason)),
            _ => focus_first_error("fallback"),
        }
    };
    view! {
        <Dialog
            id="fallback"
            open=open
            title=tx!(i18n, settings.fallback_open_title)
            close_label=tx!(i18n, common.close)
        >
            <form class="form" method="post" novalidate on:submit=submit>
                <Refusal doing=doing />
                <p>{tx!(i18n, settings.fallback_open_text)}</p>
                <Field name="hours" label=tx!(i18n, settings.fallback_hours) inputmode="numeric" width="short" required=true
                    hint=tx!(i18n, settings.fallback_hours_hint, min = FallbackHours::MIN, max = FallbackHours::MAX)
                    bind=hours error=hours_error autocomplete="off" />
                <Field name="fallback-reason" label=tx!(i18n, settings.fallback_reason)
                    hint=tx!(i18n, settings.fallback_reason_hint) bind=reason error=reason_error required=true
                    maxlength=u32::try_from(Reason::MAX).unwrap_or(u32::MAX) autocomplete="off" />
                <div class="dialog-actions">
                    <Button on_click=move |_| open.set(false)>{tx!(i18n, common.cancel)}</Button>
                    <Button variant=Variant::Primary kind="submit" busy=doing.busy()>
                        {tx!(i18n, settings.fallback_open_it)}
                    </Button>
                </div>
            </form>
        </Dialog>
    }
}

#[cfg(test)]
mod tests {
    use super::{FallbackHours, hours_of};

    #[test]
    fn a_fallback_lasts_a_day_at_most() {
        assert_eq!(hours_of(" 24 ").map(FallbackHours::get), Some(24));
        for wrong in ["", "0", "25", "-1", "deux", "1,5"] {
            assert_eq!(hours_of(wrong), None, "{wrong}");
        }
    }
}
