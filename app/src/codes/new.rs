//! The form of a new code. The usual one: a word, Enter.

use leptos::{prelude::*, task::spawn_local};
use leptos_meta::Title;
use leptos_router::{NavigateOptions, hooks::use_navigate};

use super::{
    api,
    form::{Form, focus, focus_first},
    hand_over,
    list_query::PATH,
    words::validities,
};
use crate::{
    I18n,
    error::ApiError,
    i18n::use_i18n,
    shell::error_text,
    tx,
    ui::{Back, Button, Field, Icon, LinkButton, Notice, PageHeader, RadioGroup, TextArea, Tone, Variant},
};

/// Asks for label, note, validity and limits; generates the code and shows it.
#[component]
pub fn NewPage() -> impl IntoView {
    let i18n = use_i18n();
    let navigate = use_navigate();
    let form = Form::new(hand_over::request().unwrap_or_default());
    // Nobody is told off for a field that they have not left yet: problems show from the first try on.
    let tried = RwSignal::new(false);
    let (error, busy) = (RwSignal::new(None::<ApiError>), RwSignal::new(false));
    Effect::new(|_| request_animation_frame(|| focus_first("field-label")));

    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        if busy.get_untracked() {
            return;
        }
        tried.set(true);
        error.set(None);
        let new = match form.parse() {
            Ok(new) => new,
            Err(first_wrong) => return focus(first_wrong),
        };
        busy.set(true);
        let navigate = navigate.clone();
        spawn_local(async move {
            let done = api::generate(new).await;
            if busy.try_set(false).is_some() {
                return;
            }
            match done {
                Ok(view) => {
                    let address = format!("{PATH}/{}", view.summary.id);
                    hand_over::put(view);
                    // Going back from the code leads to the list, not to a form that would make another one.
                    navigate(&address, NavigateOptions { replace: true, ..NavigateOptions::default() });
                }
                Err(failed) => error.set(Some(failed)),
            }
        });
    };
    let when_tried = move |problem: fn(Form, I18n) -> Option<String>| {
        Signal::derive(move || tried.get().then(|| problem(form, i18n)).flatten())
    };
    let wrong = Memo::new(move |_| {
        tried.get()
            && [Form::label_problem, Form::note_problem, Form::deposits_problem, Form::files_problem]
                .iter()
                .any(|problem| problem(form, i18n).is_some())
    });
    let refusal = move || {
        let text = match error.get() {
            Some(failed) => error_text(i18n, &failed),
            None if wrong.get() => tx!(i18n, codes.refused_text),
            None => return None,
        };
        Some(view! { <Notice tone=Tone::Danger title=tx!(i18n, codes.refused_title)><p>{text}</p></Notice> })
    };
    let back = Back { href: PATH.to_owned(), text: tx!(i18n, codes.title) };

    view! {
        <Title text=tx!(i18n, codes.new_title) />
        <PageHeader title=tx!(i18n, codes.new_title) subtitle=tx!(i18n, codes.new_lead) back=Some(back) />
        <form class="card form narrow" method="post" novalidate=true on:submit=submit>
            {refusal}
            <div class="code-ask">
                <Field name="label" label=tx!(i18n, codes.label) hint=tx!(i18n, codes.label_hint) bind=form.label
                    error=when_tried(Form::label_problem) required=true autofocus=true autocomplete="off" />
                <Suggestions label=form.label />
            </div>
            <TextArea name="note" label=tx!(i18n, codes.note) hint=tx!(i18n, codes.note_hint) bind=form.note rows=2
                optional_text=tx!(i18n, common.optional) error=when_tried(Form::note_problem) />
            <RadioGroup name="validity" label=tx!(i18n, codes.validity) choices=validities(i18n) bind=form.validity />
            <div class="form-row">
                <Field name="deposits" label=tx!(i18n, codes.deposits) hint=tx!(i18n, codes.deposits_hint) kind="number"
                    bind=form.deposits min="1" max="50" required=true error=when_tried(Form::deposits_problem) />
                <Field name="files" label=tx!(i18n, codes.files) hint=tx!(i18n, codes.files_hint) kind="number"
                    bind=form.files min="1" max="20" required=true error=when_tried(Form::files_problem) />
            </div>
            <div class="form-actions">
                <Button kind="submit" variant=Variant::Primary icon=Icon::Qr busy=busy>
                    {tx!(i18n, codes.generate)}
                </Button>
                <LinkButton href=PATH variant=Variant::Ghost>{tx!(i18n, common.cancel)}</LinkButton>
            </div>
        </form>
    }
}

/// Requests that are made every day, one press each; Enter then generates the code.
#[component]
fn Suggestions(label: RwSignal<String>) -> impl IntoView {
    let i18n = use_i18n();
    let usual = [
        tx!(i18n, codes.suggest_prescription),
        tx!(i18n, codes.suggest_cards),
        tx!(i18n, codes.suggest_results),
        tx!(i18n, codes.suggest_letter),
    ];
    view! {
        <div class="chips" role="group" aria-label=tx!(i18n, codes.suggestions)>
            {usual.into_iter().map(|text| {
                let chosen = text.clone();
                view! {
                    <button class="chip" type="button" on:click=move |_| {
                        label.set(chosen.clone());
                        focus("field-label");
                    }>{text}</button>
                }
            }).collect_view()}
        </div>
    }
}
