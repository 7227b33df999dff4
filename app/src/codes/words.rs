//! Words about codes that several pages share.

use leptos::prelude::*;
use model::{
    codes::{CodeState, CodeSummary},
    time::Language,
};

use crate::{
    I18n,
    i18n::use_i18n,
    shell::code_state,
    tx,
    ui::{Badge, Choice, Icon, Tone},
};

/// Whether a count takes the plural: from 2 in French, always but for 1 in English.
pub(crate) const fn plural(count: u64, language: Language) -> bool {
    match language {
        Language::Fr => count > 1,
        Language::En => count != 1,
    }
}

/// "1 dépôt sur 3".
pub(super) fn uses(i18n: I18n, language: Language, code: &CodeSummary) -> String {
    if plural(code.uses.into(), language) {
        tx!(i18n, codes.uses_many, uses = code.uses, max = code.max_deposits)
    } else {
        tx!(i18n, codes.uses_one, uses = code.uses, max = code.max_deposits)
    }
}

/// "1 sur 3".
pub(crate) fn uses_of(i18n: I18n, code: &CodeSummary) -> String {
    tx!(i18n, codes.uses, uses = code.uses, max = code.max_deposits)
}

/// How long a code may live, in minutes, as the forms offer it.
pub(super) fn validities(i18n: I18n) -> Vec<Choice> {
    vec![
        Choice::new("15", tx!(i18n, codes.validity_15)),
        Choice::new("60", tx!(i18n, codes.validity_60)),
        Choice::new("1440", tx!(i18n, codes.validity_1440)),
        Choice::new("10080", tx!(i18n, codes.validity_10080)),
        Choice::new("43200", tx!(i18n, codes.validity_43200)),
    ]
}

/// A code's state as a badge.
#[component]
pub(super) fn StateBadge(state: CodeState) -> impl IntoView {
    let (tone, icon) = match state {
        CodeState::Active => (Tone::Success, Icon::CircleCheck),
        CodeState::Exhausted => (Tone::Info, Icon::Inbox),
        CodeState::Expired => (Tone::Neutral, Icon::Clock),
        CodeState::Revoked => (Tone::Neutral, Icon::Ban),
    };
    view! { <Badge tone=tone icon=icon text=code_state(use_i18n(), state) /> }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_language_has_its_plural() {
        assert_eq!([0, 1, 2].map(|n| plural(n, Language::Fr)), [false, false, true]);
        assert_eq!([0, 1, 2].map(|n| plural(n, Language::En)), [true, false, true]);
    }
}
