//! What an act changed, in words. A row holds names of the program and values, each act in a shape of its own
//! (`domain`, where the act is done); what this version doesn't know is shown as it is recorded.

use super::words::{roles, short_id};
use crate::{I18n, tx};

/// The detail of a row of this act. Names of people, numbers and reasons stay.
pub(super) fn detail(i18n: I18n, action: &str, text: &str) -> String {
    let words = match action {
        "settings.change" => Some(settings(i18n, text)),
        "settings.psc_only" => Some(from_to(text, |state| match state {
            "on" => tx!(i18n, audit.detail_psc_only),
            "off" => tx!(i18n, audit.detail_local_too),
            other => other.to_owned(),
        })),
        "settings.open_fallback" => {
            text.strip_suffix(" h").map(|hours| tx!(i18n, audit.detail_for_hours, hours = hours.to_owned()))
        }
        "settings.close_fallback" => {
            text.strip_suffix(" h").and_then(|time| time.split_once(':')).map(|(hours, minutes)| {
                tx!(i18n, audit.detail_after, hours = hours.to_owned(), minutes = minutes.to_owned())
            })
        }
        "settings.room" => {
            text.strip_suffix(" MiB").map(|room| tx!(i18n, audit.detail_mebibytes, n = room.to_owned()))
        }
        "documents.forget" => text
            .strip_suffix(" codes")
            .and_then(|counts| counts.split_once(" deposits, "))
            .map(|(deposits, codes)| {
                tx!(i18n, audit.detail_forgot, deposits = deposits.to_owned(), codes = codes.to_owned())
            }),
        "members.end_sessions" => {
            text.strip_suffix(" sessions").map(|n| tx!(i18n, audit.detail_sessions, n = n.to_owned()))
        }
        "members.invite" | "members.accept" | "members.change_roles" => {
            Some(from_to(text, |names| role_names(i18n, names)))
        }
        "members.accept_invitation" => invited(i18n, text),
        // `members.rename` holds two names, and names of people are never translated: somebody may be called "Nurse".
        _ => None,
    };
    words.unwrap_or_else(|| text.to_owned())
}

/// Both sides of an arrow, or what stands alone.
fn from_to(text: &str, word: impl Fn(&str) -> String) -> String {
    text.split(" → ").map(word).collect::<Vec<_>>().join(" → ")
}

/// Roles, which a row separates by blanks.
fn role_names(i18n: I18n, names: &str) -> String {
    let names: Vec<String> = names.split(' ').map(str::to_owned).collect();
    roles(i18n, &names)
}

/// `invited by NAME (ID), ROLES`; the name is absent in older rows and of who is not known, who is the platform instead where an
/// establishment was opened. The roles come last and hold no comma, whatever the name does.
fn invited(i18n: I18n, text: &str) -> Option<String> {
    let (by, names) = text.strip_prefix("invited by ")?.rsplit_once(", ")?;
    let by = match by.rsplit_once(" (") {
        Some((name, _)) if by.ends_with(')') => tx!(i18n, audit.detail_invited_by, name = name.to_owned()),
        _ if by == "the platform" => tx!(i18n, audit.detail_invited_by_platform),
        _ => tx!(i18n, audit.detail_invited_by, name = short_id(by).to_owned()),
    };
    Some(format!("{by} · {}", role_names(i18n, names)))
}

/// `retention_days 30 → 60, phone`: settings by their labels; of texts that are shown to patients only the name is recorded.
fn settings(i18n: I18n, text: &str) -> String {
    let value = |word: &str| match word {
        "public_interest" => tx!(i18n, settings.basis_public),
        "legitimate_interest" => tx!(i18n, settings.basis_legitimate),
        "legal_obligation" => tx!(i18n, settings.basis_obligation),
        "true" => tx!(i18n, audit.yes),
        "false" => tx!(i18n, audit.no),
        other => other.to_owned(),
    };
    let part = |part: &str| {
        let (name, change) = part.split_once(' ').unwrap_or((part, ""));
        let label = match name {
            "retention_days" => tx!(i18n, settings.retention),
            "max_file_mebibytes" => tx!(i18n, settings.max_file),
            "time_zone" => tx!(i18n, settings.time_zone),
            "drop_metadata" => tx!(i18n, settings.drop_metadata),
            "legal_basis" => tx!(i18n, settings.legal_basis),
            "address" => tx!(i18n, settings.address),
            "phone" => tx!(i18n, settings.phone),
            "opening_note" => tx!(i18n, settings.opening_note),
            "privacy_contact" => tx!(i18n, settings.privacy_contact),
            unknown => unknown.to_owned(),
        };
        if change.is_empty() {
            return label;
        }
        tx!(i18n, audit.detail_setting, name = label, change = from_to(change, value))
    };
    text.split(", ").map(part).collect::<Vec<_>>().join(" · ")
}

#[cfg(all(test, feature = "ssr"))]
mod tests {
    use leptos::prelude::Owner;
    use leptos_i18n::context::{I18nContextOptions, UseLocalesOptions, init_i18n_context_with_options};

    use super::*;
    use crate::i18n::Locale;

    /// Texts need effects, effects an executor, and the library names its own in this way only.
    fn effects_may_run() {
        drop(leptos_axum::generate_route_list(|| ()));
    }

    /// The detail in French and in English, with blanks for no-break spaces.
    fn said(action: &str, text: &str) -> [String; 2] {
        Owner::new_root(None).with(|| {
            let header = UseLocalesOptions::default().ssr_lang_header_getter(|| None);
            let options = I18nContextOptions::default().enable_cookie(false).ssr_lang_header_getter(header);
            let i18n = init_i18n_context_with_options::<Locale>(options);
            [Locale::fr, Locale::en].map(|locale| {
                i18n.set_locale(locale);
                detail(i18n, action, text).replace('\u{a0}', " ")
            })
        })
    }

    #[tokio::test]
    async fn every_detail_that_an_act_records_is_said_in_both_languages() {
        effects_may_run();
        let cases = [
            (
                "settings.psc_only",
                "off → on",
                "comptes locaux aussi → Pro Santé Connect seulement",
                "local accounts too → Pro Santé Connect only",
            ),
            ("settings.open_fallback", "2 h", "pour 2 h", "for 2 h"),
            ("settings.close_fallback", "1:05 h", "après 1 h 05 min", "after 1 h 05 min"),
            ("settings.room", "2048 MiB", "2048 Mio", "2048 MiB"),
            (
                "settings.change",
                "retention_days 30 → 60, drop_metadata true → false, legal_basis legal_obligation → public_interest, phone",
                "Suppression automatique après (jours) : 30 → 60 · Retirer le lieu et l’appareil des photos : oui → non \
                 · Base légale du traitement : Obligation légale (6.1.c) → Mission d’intérêt public (6.1.e) · Téléphone",
                "Automatic deletion after (days): 30 → 60 · Drop place and device from photos: yes → no \
                 · Legal basis of the processing: Legal obligation (6.1.c) → Task in the public interest (6.1.e) · Telephone",
            ),
            ("documents.forget", "3 deposits, 2 codes", "dépôts : 3 · codes : 2", "deposits: 3 · codes: 2"),
            ("members.end_sessions", "3 sessions", "sessions fermées : 3", "sessions closed: 3"),
            ("members.invite", "nurse administrator", "Infirmier, Administrateur", "Nurse, Administrator"),
            ("members.accept", "pharmacist", "Pharmacien", "Pharmacist"),
            (
                "members.change_roles",
                "nurse administrator → nurse",
                "Infirmier, Administrateur → Infirmier",
                "Nurse, Administrator → Nurse",
            ),
            (
                "members.accept_invitation",
                "invited by Camille Démo, dite (X) (0198c2f3-7d10-7abc-8def-0123456789ab), nurse",
                "invitation de Camille Démo, dite (X) · Infirmier",
                "invited by Camille Démo, dite (X) · Nurse",
            ),
            (
                "members.accept_invitation",
                "invited by 0198c2f3-7d10-7abc-8def-0123456789ab, nurse",
                "invitation de 456789ab · Infirmier",
                "invited by 456789ab · Nurse",
            ),
            (
                "members.accept_invitation",
                "invited by the platform, administrator nurse",
                "invitation de la plateforme · Administrateur, Infirmier",
                "invited by the platform · Administrator, Nurse",
            ),
        ];
        for (action, text, fr, en) in cases {
            assert_eq!(said(action, text), [fr, en], "{action} {text}");
        }
    }

    #[tokio::test]
    async fn names_of_people_and_what_is_not_known_stay_as_they_are() {
        effects_may_run();
        for (action, text) in [
            ("members.rename", "true off → nurse on"),
            ("settings.open_fallback", "quelques heures"),
            ("members.accept_invitation", "somehow"),
            ("documents.of_a_later_version", "on → off"),
        ] {
            assert_eq!(said(action, text), [text, text], "{action}");
        }
    }
}
