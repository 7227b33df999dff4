//! A choice in a drop-down list.

use leptos::{html, prelude::*};

use super::field::{Frame, bind_control};

/// One choice of a `Select` or a `RadioGroup`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Choice {
    /// Sent with the form.
    pub value: String,
    /// Shown.
    pub text: String,
}

impl Choice {
    /// A choice: what is sent, what is shown.
    pub fn new(value: impl Into<String>, text: impl Into<String>) -> Self {
        Self { value: value.into(), text: text.into() }
    }
}

/// A native `<select>` with the same texts around it as `Field`.
#[component]
pub fn Select(
    /// `name` in the form; also makes the id.
    #[prop(into)]
    name: String,
    /// Above the field, always visible.
    #[prop(into)]
    label: Signal<String>,
    /// What can be chosen.
    #[prop(into)]
    choices: Signal<Vec<Choice>>,
    /// A signal kept equal to what is chosen.
    #[prop(optional)]
    bind: Option<RwSignal<String>>,
    /// What is chosen at first, when there is no `bind`.
    #[prop(optional, into)]
    value: Option<String>,
    /// Help, before the field.
    #[prop(optional, into)]
    hint: Signal<Option<String>>,
    /// What is wrong and what to do, after the field.
    #[prop(optional, into)]
    error: Signal<Option<String>>,
    /// Said after the label when the field may stay empty.
    #[prop(optional, into)]
    optional_text: Signal<Option<String>>,
    /// One must be chosen.
    #[prop(optional)]
    required: bool,
    /// The label is only for screen readers (toolbars).
    #[prop(optional)]
    quiet: bool,
    /// Id, when two fields of one name stand on a page.
    #[prop(optional, into)]
    id: Option<String>,
) -> impl IntoView {
    let frame = Frame {
        id: id.unwrap_or_else(|| format!("field-{name}")),
        label,
        hint,
        error,
        optional: optional_text,
    };
    let node = NodeRef::<html::Select>::new();
    let initial = bind.map(|signal| signal.get_untracked()).or(value).unwrap_or_default();
    let rendered = initial.clone();
    bind_control!(node, bind, |_: &leptos::web_sys::HtmlSelectElement| rendered.clone());
    let options = move || {
        let chosen = &initial;
        choices
            .get()
            .into_iter()
            .map(|Choice { value, text }| {
                let selected = value == *chosen;
                view! { <option value=value selected=selected>{text}</option> }
            })
            .collect_view()
    };
    let control = view! {
        <span class="select">
            <select
                node_ref=node
                id=frame.id.clone()
                class="input"
                name=name
                required=required
                aria-invalid=move || error.with(Option::is_some).then_some("true")
                aria-describedby=frame.described_by()
                on:change=move |event| {
                    if let Some(bind) = bind {
                        bind.set(event_target_value(&event));
                    }
                }
            >
                {options}
            </select>
        </span>
    };
    view! { <div class="field-box" class:field-quiet=quiet>{frame.view(control)}</div> }.into_any()
}
