//! Badges: a state in one or two words, always with an icon, so that colour never speaks alone.

use leptos::prelude::*;

use super::icon::Icon;

/// What a state, a notice or a toast means. Colour and default icon follow.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Tone {
    /// Nothing to say.
    #[default]
    Neutral,
    /// Good to know.
    Info,
    /// Done, well.
    Success,
    /// Soon a problem.
    Warning,
    /// A problem.
    Danger,
}

impl Tone {
    pub(super) const fn class(self) -> &'static str {
        match self {
            Self::Neutral => "tone-neutral",
            Self::Info => "tone-info",
            Self::Success => "tone-success",
            Self::Warning => "tone-warning",
            Self::Danger => "tone-danger",
        }
    }

    pub(super) const fn icon(self) -> Icon {
        match self {
            Self::Neutral => Icon::Minus,
            Self::Info => Icon::Info,
            Self::Success => Icon::CircleCheck,
            Self::Warning => Icon::Warning,
            Self::Danger => Icon::CircleAlert,
        }
    }
}

/// A state as a small pill: `<Badge tone=Tone::Success text="Vu"/>`.
#[component]
pub fn Badge(
    /// Colour, and icon unless `icon` is given.
    #[prop(optional)]
    tone: Tone,
    /// Another icon than the tone's.
    #[prop(optional, into)]
    icon: Option<Icon>,
    /// One or two words.
    #[prop(into)]
    text: Signal<String>,
) -> impl IntoView {
    view! {
        <span class=format!("badge {}", tone.class())>
            {icon.unwrap_or(tone.icon()).view()} <span>{move || text.get()}</span>
        </span>
    }
    .into_any()
}

/// A notice inside a page: icon, bold first line, then what to do. `Danger` is announced at once.
#[component]
pub fn Notice(
    /// Colour, icon and urgency.
    #[prop(optional)]
    tone: Tone,
    /// The first line, in bold.
    #[prop(optional, into)]
    title: Signal<Option<String>>,
    /// What happened and what to do.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    let role = if tone == Tone::Danger { "alert" } else { "status" };
    view! {
        <div class=format!("notice {}", tone.class()) role=role>
            {tone.icon().view()}
            <div class="notice-body">
                {move || title.get().map(|title| view! { <p class="notice-title">{title}</p> })}
                {children.map(|text| text())}
            </div>
        </div>
    }
    .into_any()
}
