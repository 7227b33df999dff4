//! A field of several lines.

use leptos::{html, prelude::*};

use super::field::{Frame, bind_control};

/// A `<textarea>` with the same texts around it as `Field`.
#[component]
pub fn TextArea(
    /// `name` in the form; also makes the id.
    #[prop(into)]
    name: String,
    /// Above the field, always visible.
    #[prop(into)]
    label: Signal<String>,
    /// A signal kept equal to what is typed.
    #[prop(optional)]
    bind: Option<RwSignal<String>>,
    /// What it holds at first, when there is no `bind`.
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
    /// It must be filled.
    #[prop(optional)]
    required: bool,
    /// Lines shown at first.
    #[prop(default = 4)]
    rows: u32,
    /// Most characters.
    #[prop(optional, into)]
    maxlength: Option<u32>,
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
    let node = NodeRef::<html::Textarea>::new();
    bind_control!(node, bind, |area: &leptos::web_sys::HtmlTextAreaElement| area
        .default_value()
        .unwrap_or_default());
    let initial = bind.map(|signal| signal.get_untracked()).or(value).unwrap_or_default();
    let control = view! {
        <textarea
            node_ref=node
            id=frame.id.clone()
            class="input"
            name=name
            rows=rows.to_string()
            required=required
            maxlength=maxlength.map(|most| most.to_string())
            aria-invalid=move || error.with(Option::is_some).then_some("true")
            aria-describedby=frame.described_by()
            on:input=move |event| {
                if let Some(bind) = bind {
                    bind.set(event_target_value(&event));
                }
            }
        >
            {initial}
        </textarea>
    };
    frame.view(control)
}
