//! Who asks to be let in, and the administrator's answer.

use leptos::{prelude::*, task::spawn_local};
use model::{members::AccessRequest, psc::Practice, roles::Role, time::Language};

use super::{
    api,
    role_boxes::{RoleBoxes, RolesField},
};
use crate::{
    error::{ApiError, ErrorKind},
    i18n::use_i18n,
    identity::Guarded,
    live::use_live,
    shell::{When, error_text, use_language},
    tx,
    ui::{Button, Confirm, Dialog, Icon, Notice, Tone, Variant, focus_first_error, use_toasts},
};

/// What somebody is and where, as Pro Santé Connect has it: "Infirmier", "SSIAD du Canal, 75012 PARIS".
pub fn practice_name(language: Language, practice: &Practice) -> (String, String) {
    use model::professions::{exercise_mode, profession, professional_role};
    let word = |fr: &'static str, en: &'static str| match language {
        Language::Fr => fr.to_owned(),
        Language::En => en.to_owned(),
    };
    let role =
        practice.role.as_deref().and_then(professional_role).map(|term| word(term.label_fr, term.label_en));
    let code = practice.profession.as_deref().unwrap_or_default();
    // Profession 99 says nothing: the role does.
    let title = role
        .filter(|_| code == "99")
        .or_else(|| profession(code).map(|known| word(known.label_fr, known.label_en)))
        .unwrap_or_else(|| code.to_owned());
    let mode =
        practice.mode.as_deref().and_then(exercise_mode).map(|term| word(term.label_fr, term.label_en));
    let place = [practice.structure.clone(), practice.place.clone(), mode];
    (title, place.into_iter().flatten().collect::<Vec<_>>().join(", "))
}

/// The card above the list of people; nothing when nobody asks.
#[component]
pub(super) fn Requests(version: RwSignal<u32>) -> impl IntoView {
    let i18n = use_i18n();
    let live = use_live();
    let asked = Resource::new(move || (version.get(), live.waiting.get()), |_| api::requests());
    let (chosen, open) = (RwSignal::new(None::<AccessRequest>), RwSignal::new(false));
    let busy = RwSignal::new(false);
    let toasts = use_toasts();
    let declining = RwSignal::new(false);
    let decline = Callback::new(move |()| {
        let Some(request) = chosen.get_untracked() else { return };
        busy.set(true);
        spawn_local(async move {
            let done = api::decline(request.user).await;
            busy.set(false);
            declining.set(false);
            match done {
                Ok(()) => drop(toasts.success(tx!(i18n, members.declined, name = request.name))),
                Err(error) => drop(toasts.failure(error_text(i18n, &error))),
            }
            version.update(|n| *n += 1);
        });
    });
    let ask = move |dialog: RwSignal<bool>| {
        Callback::new(move |request: AccessRequest| {
            chosen.set(Some(request));
            dialog.set(true);
        })
    };
    let (accept, ask_decline) = (ask(open), ask(declining));
    view! {
        <Transition fallback=|| ()>
            {move || asked.get().and_then(Result::ok).filter(|all| !all.is_empty()).map(|all| view! {
                <section class="card card-flush requests" aria-labelledby="requests">
                    <div class="card-head">
                        <h2 id="requests">{tx!(i18n, members.requests_title)}</h2>
                        <p class="muted">{tx!(i18n, members.requests_lead)}</p>
                    </div>
                    <ul class="items">
                        {all.into_iter().map(|request| view! {
                            <li><Request request=request busy=busy on_accept=accept on_decline=ask_decline /></li>
                        }).collect_view()}
                    </ul>
                </section>
            })}
        </Transition>
        <AcceptDialog open=open chosen=chosen version=version />
        <Confirm
            id="decline"
            open=declining
            title=Signal::derive(move || tx!(i18n, members.decline_title, name = name_of(chosen)))
            confirm_text=tx!(i18n, members.decline)
            cancel_text=tx!(i18n, common.cancel)
            danger=true
            busy=busy
            on_confirm=decline
        >
            <p>{tx!(i18n, members.decline_text)}</p>
        </Confirm>
    }
}

fn name_of(chosen: RwSignal<Option<AccessRequest>>) -> String {
    chosen.with(|chosen| chosen.as_ref().map(|request| request.name.clone())).unwrap_or_default()
}

#[component]
fn Request(
    request: AccessRequest,
    busy: RwSignal<bool>,
    on_accept: Callback<AccessRequest>,
    on_decline: Callback<AccessRequest>,
) -> impl IntoView {
    let i18n = use_i18n();
    let language = use_language();
    let practices = request.practices.iter().map(|practice| {
        let (title, place) = practice_name(language, practice);
        view! { <small>{title} {(!place.is_empty()).then_some(" · ")} {place}</small> }
    });
    let (yes, no) = (request.clone(), request.clone());
    let accept_label = tx!(i18n, members.accept_of, name = request.name.clone());
    let decline_label = tx!(i18n, members.decline_of, name = request.name.clone());
    view! {
        <div class="item">
            {Icon::User.view()}
            <div class="item-text">
                <strong>{request.name}</strong>
                {practices.collect_view()}
                {request.rpps.map(|rpps| view! { <small>"RPPS " {rpps.as_ref().to_owned()}</small> })}
                {request.message.map(|text| view! { <small>"« " {text} " »"</small> })}
                <small>{tx!(i18n, members.asked_at)} " " <When at=request.asked_at /></small>
            </div>
            <div class="item-end">
                <Button small=true label=Some(decline_label) busy=busy on_click=move |_| on_decline.run(no.clone())>
                    {tx!(i18n, members.decline)}
                </Button>
                <Button small=true variant=Variant::Primary label=Some(accept_label) busy=busy on_click=move |_| on_accept.run(yes.clone())>
                    {tx!(i18n, members.accept)}
                </Button>
            </div>
        </div>
    }
}

#[component]
fn AcceptDialog(
    open: RwSignal<bool>,
    chosen: RwSignal<Option<AccessRequest>>,
    version: RwSignal<u32>,
) -> impl IntoView {
    let i18n = use_i18n();
    let (boxes, toasts) = (RoleBoxes::new(), use_toasts());
    let (error, guarded) = (RwSignal::new(None::<ApiError>), Guarded::new());
    Effect::new(move |_| {
        if let Some(request) = chosen.get() {
            error.set(None);
            // Offered, not given: what somebody may do here is this establishment's to say.
            let offered: Vec<Role> = request.practices.iter().filter_map(Practice::suggested_role).collect();
            boxes.set(&offered.into());
        }
    });
    let accept = move || {
        let Some(request) = chosen.get_untracked() else { return };
        let roles = boxes.get_untracked();
        if roles.is_empty() {
            error.set(Some(ErrorKind::NoRole.into()));
            return focus_first_error("accept");
        }
        let said = tx!(i18n, members.accepted, name = request.name);
        guarded.run(
            move || api::accept(request.user, roles.clone()),
            move |done| match done {
                Ok(()) => {
                    open.set(false);
                    toasts.success(said.clone());
                    version.update(|n| *n += 1);
                }
                Err(failed) => error.set(Some(failed)),
            },
        );
    };
    let no_role = |error: &ApiError| error.kind == ErrorKind::NoRole;
    let roles_error = Signal::derive(move || {
        let error = error.get().filter(no_role)?;
        boxes.get().is_empty().then(|| error_text(i18n, &error))
    });
    view! {
        <Dialog
            id="accept"
            open=open
            title=Signal::derive(move || tx!(i18n, members.accept_title, name = name_of(chosen)))
            close_label=tx!(i18n, common.close)
            wide=true
        >
            <form class="form" method="post" novalidate on:submit=move |event| {
                event.prevent_default();
                accept();
            }>
                {move || error.get().filter(|error| !no_role(error)).map(|error| view! {
                    <Notice tone=Tone::Danger><p>{error_text(i18n, &error)}</p></Notice>
                })}
                <p class="muted">{tx!(i18n, members.accept_lead)}</p>
                <RolesField name="accept-roles" boxes=boxes error=roles_error />
                <div class="dialog-actions">
                    <Button on_click=move |_| open.set(false)>{tx!(i18n, common.cancel)}</Button>
                    <Button variant=Variant::Primary kind="submit" busy=guarded.busy>{tx!(i18n, members.accept)}</Button>
                </div>
            </form>
        </Dialog>
    }
}
