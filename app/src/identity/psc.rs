//! Pro Santé Connect on pages: the button, and what each failure says.

use leptos::prelude::*;
use leptos_router::{hooks::use_query_map, location::Url};

use crate::{
    I18n,
    i18n::use_i18n,
    tx,
    ui::{Notice, Tone},
};

/// Address that leads there.
pub(super) fn href(purpose: &str, back: &str) -> String {
    format!("/auth/psc?for={purpose}&return={}", Url::escape(back))
}

/// The button. A link, for it leaves to another site; its name is the one that ANS asks for.
#[expect(clippy::needless_pass_by_value, reason = "a component's properties are its own")]
#[component]
pub(crate) fn PscButton(
    /// What for: `sign_in`, `sign_in_again`, `link`, `step_up`.
    purpose: &'static str,
    /// Page to come back to.
    #[prop(into)]
    back: String,
    /// Whether it leads to the simulator.
    simulated: bool,
) -> impl IntoView {
    let i18n = use_i18n();
    let name = tx!(i18n, identity.psc_sign_in);
    let text = if simulated { format!("{name} {}", tx!(i18n, identity.psc_simulator)) } else { name };
    view! {
        <a class="button psc-button" rel="external" href=href(purpose, &back)>
            <span class="psc-mark" aria-hidden="true"></span>
            <span>{text}</span>
        </a>
    }
    .into_any()
}

/// How a visit there ended, where the address says so: what happened, what to do, and the number for whoever is asked for help.
#[component]
pub(super) fn PscProblem() -> impl IntoView {
    let i18n = use_i18n();
    let query = use_query_map();
    let said = move || {
        let query = query.read();
        let word = query.get("psc")?;
        let request = query.get("request").filter(|id| id.len() == 36);
        Some((problem(i18n, &word), tone(&word), request))
    };
    move || {
        said().map(|((title, text), tone, request)| {
            view! {
                <Notice tone=tone title=title>
                    <p>{text}</p>
                    {request.map(|id| view! { <p class="muted">{tx!(i18n, identity.psc_request, id = id)}</p> })}
                </Notice>
            }
        })
    }
}

/// Whether the session that is open there would end the same way again: the way out is to sign in there anew.
pub(super) fn leads_back(word: &str) -> bool {
    matches!(word, "too_old" | "level" | "not_professional" | "disabled")
}

fn tone(word: &str) -> Tone {
    match word {
        "linked" => Tone::Success,
        "cancelled" | "step_up" => Tone::Neutral,
        _ => Tone::Danger,
    }
}

/// Title and sentence of each end.
fn problem(i18n: I18n, word: &str) -> (String, String) {
    match word {
        "linked" => (tx!(i18n, identity.link_done_title), tx!(i18n, identity.link_done)),
        "cancelled" => (tx!(i18n, identity.psc_cancelled_title), tx!(i18n, identity.psc_cancelled)),
        "expired" => (tx!(i18n, identity.psc_expired_title), tx!(i18n, identity.psc_expired)),
        "login_required" => (tx!(i18n, identity.psc_expired_title), tx!(i18n, identity.psc_login_required)),
        "level" => (tx!(i18n, identity.psc_level_title), tx!(i18n, identity.psc_level)),
        "too_old" => (tx!(i18n, identity.psc_too_old_title), tx!(i18n, identity.psc_too_old)),
        "not_professional" => {
            (tx!(i18n, identity.psc_not_professional_title), tx!(i18n, identity.psc_not_professional))
        }
        "already_linked" => (tx!(i18n, identity.psc_linked_title), tx!(i18n, identity.psc_linked)),
        "disabled" => (tx!(i18n, identity.psc_disabled_title), tx!(i18n, identity.psc_disabled)),
        "step_up" => (tx!(i18n, identity.psc_step_up_title), tx!(i18n, identity.psc_step_up)),
        "unavailable" => (tx!(i18n, identity.psc_unavailable_title), tx!(i18n, identity.psc_unavailable)),
        "off" => (tx!(i18n, identity.psc_off_title), tx!(i18n, identity.psc_off)),
        "failure" => (tx!(i18n, identity.psc_failure_title), tx!(i18n, identity.psc_failure)),
        "refused" => (tx!(i18n, identity.psc_refused_title), tx!(i18n, identity.psc_refused)),
        _ => (tx!(i18n, identity.psc_rejected_title), tx!(i18n, identity.psc_rejected)),
    }
}
