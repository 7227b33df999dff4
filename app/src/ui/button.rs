//! Buttons and links that look like buttons.

use leptos::{ev::MouseEvent, prelude::*};

use super::icon::Icon;

/// How much a button asks for attention. One `Primary` on a page, no more.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Variant {
    /// The one act that the page is for.
    Primary,
    /// Any other act.
    #[default]
    Secondary,
    /// An act that stays quiet: toolbars, rows of a table.
    Ghost,
    /// An act that destroys.
    Danger,
}

impl Variant {
    pub(super) const fn class(self) -> &'static str {
        match self {
            Self::Primary => "button button-primary",
            Self::Secondary => "button",
            Self::Ghost => "button button-ghost",
            Self::Danger => "button button-danger",
        }
    }
}

/// The kit's classes, then those that the page asks for.
pub(super) fn join(ours: &str, mut more: String) -> String {
    if !more.is_empty() {
        more.insert(0, ' ');
    }
    more.insert_str(0, ours);
    more
}

fn classes(variant: Variant, small: bool, only_icon: bool, mut more: String) -> String {
    for (on, name) in [(only_icon, "button-icon"), (small, "button-small")] {
        if on {
            more = join(name, more);
        }
    }
    join(variant.class(), more)
}

/// A `<button>`. While `busy`, it shows a spinner, keeps its width and takes no click.
///
/// What a click does is a prop, never `on:click` of the component: a handler that is spread onto an erased view is not taken off
/// when the view is built again in place (tachys 0.2.19), and the one of before would act too, on what stood there before.
#[component]
pub fn Button(
    /// Look; `Secondary` unless told.
    #[prop(optional)]
    variant: Variant,
    /// `"button"` unless told; `"submit"` inside a form.
    #[prop(default = "button")]
    kind: &'static str,
    /// Drawn before the text.
    #[prop(optional, into)]
    icon: Option<Icon>,
    /// Accessible name and tooltip of a button that has only an icon.
    #[prop(optional, into)]
    label: Signal<Option<String>>,
    /// Its act is under way: it takes no click, and keeps the focus that it has.
    #[prop(optional, into)]
    busy: Signal<bool>,
    /// It can't be used now, and keeps the focus that it has: for buttons that switch themselves off.
    #[prop(optional, into)]
    off: Signal<bool>,
    /// It can't be used.
    #[prop(optional, into)]
    disabled: Signal<bool>,
    /// Lower, for rows and toolbars.
    #[prop(optional)]
    small: bool,
    /// More classes.
    #[prop(optional, into)]
    class: String,
    /// `name` sent with the form.
    #[prop(optional, into)]
    name: Option<String>,
    /// `value` sent with the form.
    #[prop(optional, into)]
    value: Option<String>,
    /// What a click does.
    #[prop(optional, into)]
    on_click: Option<Callback<MouseEvent>>,
    /// The text.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    let class = classes(variant, small, children.is_none(), class);
    view! {
        <button
            type=kind
            class=class
            name=name
            value=value
            disabled=move || disabled.get()
            aria-disabled=move || (busy.get() || off.get()).then_some("true")
            aria-busy=move || busy.get().then_some("true")
            on:click=move |event: MouseEvent| {
                if busy.get_untracked() || off.get_untracked() {
                    event.prevent_default();
                    event.stop_immediate_propagation();
                } else if let Some(act) = on_click {
                    act.run(event);
                }
            }
            aria-label=move || label.get()
            title=move || label.get()
        >
            {icon.map(Icon::view)}
            {children.map(|text| view! { <span class="button-text">{text()}</span> })}
        </button>
    }
    .into_any()
}

/// An `<a>` that looks like a button: for going somewhere, never for acting.
#[component]
pub fn LinkButton(
    /// Where it goes.
    #[prop(into)]
    href: Signal<String>,
    /// Look; `Secondary` unless told.
    #[prop(optional)]
    variant: Variant,
    /// Drawn before the text.
    #[prop(optional, into)]
    icon: Option<Icon>,
    /// Accessible name and tooltip of a link that has only an icon.
    #[prop(optional, into)]
    label: Signal<Option<String>>,
    /// Lower, for rows and toolbars.
    #[prop(optional)]
    small: bool,
    /// More classes.
    #[prop(optional, into)]
    class: String,
    /// What a click does before it leads there.
    #[prop(optional, into)]
    on_click: Option<Callback<MouseEvent>>,
    /// The text.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    let class = classes(variant, small, children.is_none(), class);
    view! {
        <a
            href=move || href.get()
            class=class
            aria-label=move || label.get()
            title=move || label.get()
            on:click=move |event: MouseEvent| {
                if let Some(act) = on_click {
                    act.run(event);
                }
            }
        >
            {icon.map(Icon::view)}
            {children.map(|text| view! { <span class="button-text">{text()}</span> })}
        </a>
    }
    .into_any()
}

#[cfg(all(test, feature = "ssr"))]
mod tests {
    use super::*;

    #[test]
    fn a_busy_button_takes_no_click_and_keeps_its_name() {
        let html = Owner::new().with(|| {
            view! { <Button variant=Variant::Primary busy=true class="button-wide">"Envoyer"</Button> }
                .to_html()
        });
        assert!(html.contains(r#"class="button button-primary button-wide""#), "{html}");
        assert!(html.contains(r#"aria-disabled="true""#) && html.contains(r#"aria-busy="true""#), "{html}");
        assert!(html.contains("Envoyer"), "{html}");
    }
}
