//! Text fields: label, hint, control, error. The texts are tied to the control for screen readers, and what
//! was typed before the page came alive is kept.

use leptos::{html, prelude::*};

/// The texts around a control, and the ids that tie them to it.
#[derive(Clone)]
pub(super) struct Frame {
    pub id: String,
    pub label: Signal<String>,
    pub hint: Signal<Option<String>>,
    pub error: Signal<Option<String>>,
    /// Said after the label when the field may stay empty ("facultatif").
    pub optional: Signal<Option<String>>,
}

impl Frame {
    /// Value of `aria-describedby`: the hint's and the error's ids, when they are there.
    pub fn described_by(&self) -> impl Fn() -> Option<String> + Send + Sync + Clone + use<> {
        let (id, hint, error) = (self.id.clone(), self.hint, self.error);
        move || describe(&id, hint.with(Option::is_some), error.with(Option::is_some))
    }

    pub fn view(self, control: impl IntoView + 'static) -> AnyView {
        let Self { id, label, hint, error, optional } = self;
        let (hint_id, error_id) = (format!("{id}-hint"), format!("{id}-error"));
        view! {
            <div class="field" class:field-wrong=move || error.with(Option::is_some)>
                <label class="field-label" for=id>
                    {move || label.get()}
                    // The blank is for whoever hears it.
                    {move || optional.get().map(|text| view! { " " <span class="field-optional">{text}</span> })}
                </label>
                {hint_view(hint_id, hint)}
                {control}
                {error_view(error_id, error)}
            </div>
        }
        .into_any()
    }
}

pub(super) fn describe(id: &str, hint: bool, error: bool) -> Option<String> {
    match (hint, error) {
        (false, false) => None,
        (true, false) => Some(format!("{id}-hint")),
        (false, true) => Some(format!("{id}-error")),
        (true, true) => Some(format!("{id}-hint {id}-error")),
    }
}

pub(super) fn hint_view(id: String, hint: Signal<Option<String>>) -> impl IntoView {
    move || hint.get().map(|text| view! { <p class="field-hint" id=id.clone()>{text}</p> })
}

pub(super) fn error_view(id: String, error: Signal<Option<String>>) -> impl IntoView {
    move || {
        error.get().map(|text| {
            view! {
                <p class="field-error" id=id.clone()>
                    {super::icon::Icon::CircleAlert.view()}
                    <span>{text}</span>
                </p>
            }
        })
    }
}

/// Keeps a control and a signal equal, both ways. The control wins the first time: someone may have typed
/// before hydration. `read` gives (what it holds, what it held at first).
macro_rules! bind_control {
    ($node:ident, $bind:ident, $initial:expr) => {
        if let Some(bind) = $bind {
            Effect::new(move |first: Option<bool>| {
                let Some(control) = $node.get() else { return first.unwrap_or(true) };
                let wanted = bind.get();
                let held = control.value();
                if held != wanted {
                    if first.unwrap_or(true) && held != $initial(&control) {
                        bind.set(held);
                    } else {
                        control.set_value(&wanted);
                    }
                }
                false
            });
        }
    };
}
pub(super) use bind_control;

/// A one-line `<input>`.
#[component]
pub fn Field(
    /// `name` in the form; also makes the id.
    #[prop(into)]
    name: String,
    /// Above the field, always visible.
    #[prop(into)]
    label: Signal<String>,
    /// `type`: `text` unless told.
    #[prop(default = "text")]
    kind: &'static str,
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
    /// Shown but not changed.
    #[prop(optional, into)]
    readonly: Signal<bool>,
    /// `autocomplete`, as HTML names it (`username`, `one-time-code`…).
    #[prop(optional, into)]
    autocomplete: Option<String>,
    /// `inputmode`, for the phone's keyboard.
    #[prop(optional, into)]
    inputmode: Option<String>,
    /// Most characters.
    #[prop(optional, into)]
    maxlength: Option<u32>,
    /// `pattern`: what the browser demands of the whole text, where it checks the form itself.
    #[prop(optional, into)]
    pattern: Option<String>,
    /// `title`: says what `pattern` wants, in the browser's own message.
    #[prop(optional, into)]
    title: Option<String>,
    /// `min` of a number or a date.
    #[prop(optional, into)]
    min: Option<String>,
    /// `max` of a number or a date.
    #[prop(optional, into)]
    max: Option<String>,
    /// Drawn as `field-<size>`: `short`, `medium`, or full width.
    #[prop(optional, into)]
    width: Option<&'static str>,
    /// Focused when the page opens.
    #[prop(optional)]
    autofocus: bool,
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
    let node = NodeRef::<html::Input>::new();
    bind_control!(node, bind, |input: &leptos::web_sys::HtmlInputElement| input.default_value());
    // The attribute counts when a page opens; a field that comes later is focused here.
    if autofocus {
        Effect::new(move |_| {
            if let Some(input) = node.get() {
                // Without the focus nothing is lost.
                drop(input.focus());
            }
        });
    }
    let initial = bind.map(|signal| signal.get_untracked()).or(value);
    let control = view! {
        <input
            node_ref=node
            id=frame.id.clone()
            class=format!("input {}", width.map(|width| format!("input-{width}")).unwrap_or_default())
            type=kind
            name=name
            value=initial
            required=required
            autofocus=autofocus
            readonly=move || readonly.get()
            autocomplete=autocomplete
            inputmode=inputmode
            maxlength=maxlength.map(|most| most.to_string())
            pattern=pattern
            title=title
            min=min
            max=max
            aria-invalid=move || error.with(Option::is_some).then_some("true")
            aria-describedby=frame.described_by()
            on:input=move |event| {
                if let Some(bind) = bind {
                    bind.set(event_target_value(&event));
                }
            }
        />
    };
    frame.view(control)
}
