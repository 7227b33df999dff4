//! Yes or no, and one of a few: checkbox, switch, radio group drawn as a segmented control.

use leptos::{html, prelude::*};

use super::{
    field::{describe, error_view, hint_view},
    select::Choice,
};

/// A checkbox, or a switch when `switch`. The label is beside it and can be clicked.
#[component]
pub fn Checkbox(
    /// `name` in the form; also makes the id.
    #[prop(into)]
    name: String,
    /// `value` sent when checked.
    #[prop(default = "true".into(), into)]
    value: String,
    /// Beside the box.
    #[prop(into)]
    label: Signal<String>,
    /// Help, under the label.
    #[prop(optional, into)]
    hint: Signal<Option<String>>,
    /// What is wrong and what to do.
    #[prop(optional, into)]
    error: Signal<Option<String>>,
    /// A signal kept equal to the box.
    #[prop(optional)]
    bind: Option<RwSignal<bool>>,
    /// Checked at first, when there is no `bind`.
    #[prop(optional)]
    checked: bool,
    /// Drawn as a switch: for what takes effect at once.
    #[prop(optional)]
    switch: bool,
    /// The label is only for screen readers (a box in a table's row).
    #[prop(optional)]
    quiet: bool,
    /// Id, when two boxes of one name stand on a page.
    #[prop(optional, into)]
    id: Option<String>,
) -> impl IntoView {
    let id = id.unwrap_or_else(|| format!("field-{name}"));
    let node = NodeRef::<html::Input>::new();
    let initial = bind.map_or(checked, |signal| signal.get_untracked());
    if let Some(bind) = bind {
        Effect::new(move |first: Option<bool>| {
            let Some(input) = node.get() else { return first.unwrap_or(true) };
            let (wanted, held) = (bind.get(), input.checked());
            if held != wanted {
                // Someone may have clicked before hydration: the box wins the first time.
                if first.unwrap_or(true) && held != input.default_checked() {
                    bind.set(held);
                } else {
                    input.set_checked(wanted);
                }
            }
            false
        });
    }
    let described = {
        let id = id.clone();
        move || describe(&id, hint.with(Option::is_some), error.with(Option::is_some))
    };
    view! {
        <div class="choice" class:choice-quiet=quiet>
            <input
                node_ref=node
                id=id.clone()
                type="checkbox"
                class=if switch { "switch" } else { "checkbox" }
                role=switch.then_some("switch")
                name=name
                value=value
                checked=initial
                aria-invalid=move || error.with(Option::is_some).then_some("true")
                aria-describedby=described
                on:change=move |event| {
                    if let Some(bind) = bind {
                        bind.set(event_target_checked(&event));
                    }
                }
            />
            <div class="choice-text">
                <label for=id.clone()>{move || label.get()}</label>
                {hint_view(format!("{id}-hint"), hint)}
                {error_view(format!("{id}-error"), error)}
            </div>
        </div>
    }
    .into_any()
}

/// One of a few choices, all visible: radio buttons drawn as a segmented control.
#[component]
pub fn RadioGroup(
    /// `name` in the form; also makes the ids.
    #[prop(into)]
    name: String,
    /// The `<legend>`.
    #[prop(into)]
    label: Signal<String>,
    /// What can be chosen: two to six.
    choices: Vec<Choice>,
    /// A signal kept equal to what is chosen.
    #[prop(optional)]
    bind: Option<RwSignal<String>>,
    /// What is chosen at first, when there is no `bind`.
    #[prop(optional, into)]
    value: Option<String>,
    /// Help, under the legend.
    #[prop(optional, into)]
    hint: Signal<Option<String>>,
    /// What is wrong and what to do.
    #[prop(optional, into)]
    error: Signal<Option<String>>,
    /// One under the other, for longer texts.
    #[prop(optional)]
    stacked: bool,
) -> impl IntoView {
    let initial = bind.map(|signal| signal.get_untracked()).or(value).unwrap_or_default();
    let group = format!("field-{name}");
    let described = {
        let id = group.clone();
        move || describe(&id, hint.with(Option::is_some), error.with(Option::is_some))
    };
    let prefix = group.clone();
    let radios = choices
        .into_iter()
        .enumerate()
        .map(move |(index, Choice { value, text })| {
            radio(format!("{prefix}-{index}"), name.clone(), value == initial, value, text, bind)
        })
        .collect_view();
    view! {
        <fieldset class="field" class:field-wrong=move || error.with(Option::is_some) aria-describedby=described>
            <legend class="field-label">{move || label.get()}</legend>
            {hint_view(format!("{group}-hint"), hint)}
            <div class=if stacked { "segments segments-stacked" } else { "segments" }>{radios}</div>
            {error_view(format!("{group}-error"), error)}
        </fieldset>
    }
    .into_any()
}

fn radio(
    id: String,
    name: String,
    checked: bool,
    value: String,
    text: String,
    bind: Option<RwSignal<String>>,
) -> impl IntoView {
    let node = NodeRef::<html::Input>::new();
    if let Some(bind) = bind {
        let own = value.clone();
        Effect::new(move |first: Option<bool>| {
            let Some(input) = node.get() else { return first.unwrap_or(true) };
            let wanted = bind.with(|value| *value == own);
            if first.unwrap_or(true) && input.checked() && !input.default_checked() {
                bind.set(own.clone());
            } else if !first.unwrap_or(true) && input.checked() != wanted {
                input.set_checked(wanted);
            }
            false
        });
    }
    let own = value.clone();
    view! {
        <span class="segment">
            <input
                node_ref=node
                id=id.clone()
                type="radio"
                name=name
                value=value
                checked=checked
                on:change=move |_| {
                    if let Some(bind) = bind {
                        bind.set(own.clone());
                    }
                }
            />
            <label for=id>{text}</label>
        </span>
    }
    .into_any()
}
