//! The words of the exported file.

use domain::audit::Words;
use leptos_i18n::td_string;
use model::time::Language;

use crate::i18n::Locale;

/// In a reader's language.
pub fn words(language: Language) -> Words {
    let locale = match language {
        Language::Fr => Locale::fr,
        Language::En => Locale::en,
    };
    let head = [
        td_string!(locale, audit.csv_id),
        td_string!(locale, audit.csv_at),
        td_string!(locale, audit.csv_actor),
        td_string!(locale, audit.csv_roles),
        td_string!(locale, audit.csv_session),
        td_string!(locale, audit.csv_action),
        td_string!(locale, audit.csv_object_kind),
        td_string!(locale, audit.csv_object_id),
        td_string!(locale, audit.csv_object_name),
        td_string!(locale, audit.csv_outcome),
        td_string!(locale, audit.csv_reason),
        td_string!(locale, audit.csv_detail),
        td_string!(locale, audit.csv_address),
        td_string!(locale, audit.csv_request),
    ];
    Words { head, missing: td_string!(locale, audit.csv_missing) }
}
