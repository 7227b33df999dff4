//! Kinds of establishments in words.

use model::{
    establishments::EstablishmentKind,
    roles::{Permission, Role},
};

use crate::{I18n, shell::role_name, tx, ui::Choice};

/// What an establishment is.
pub(super) fn kind_name(i18n: I18n, kind: EstablishmentKind) -> String {
    match kind {
        EstablishmentKind::Pharmacy => tx!(i18n, registration.kind_pharmacy),
        EstablishmentKind::HomeCare => tx!(i18n, registration.kind_home_care),
        EstablishmentKind::Hospital => tx!(i18n, registration.kind_hospital),
        EstablishmentKind::Practice => tx!(i18n, registration.kind_practice),
        EstablishmentKind::Other => tx!(i18n, registration.kind_other),
    }
}

/// All of them, to choose from.
pub(super) fn kinds(i18n: I18n) -> Vec<Choice> {
    EstablishmentKind::ALL.map(|kind| Choice::new(kind.as_str(), kind_name(i18n, kind))).to_vec()
}

/// What somebody may do beside administering, to choose from.
pub(super) fn roles(i18n: I18n) -> Vec<Choice> {
    let none = Choice::new("", tx!(i18n, registration.role_none));
    // Of care: researchers see no patient's document.
    let others = Role::ALL.into_iter().filter(|role| role.permissions().contains(&Permission::ListDocuments));
    std::iter::once(none)
        .chain(others.map(|role| Choice::new(role.as_str(), role_name(i18n, role))))
        .collect()
}

/// The first administrator's name, and what else they do there.
pub(super) fn administrator(i18n: I18n, name: &str, role: Option<Role>) -> String {
    role.map_or_else(|| name.to_owned(), |role| format!("{name} ({})", role_name(i18n, role)))
}

/// Digits in the groups in which people read them: "29 000 001 7".
pub(super) fn finess_groups(finess: &str) -> String {
    match (finess.get(..2), finess.get(2..5), finess.get(5..8), finess.get(8..)) {
        (Some(a), Some(b), Some(c), Some(d)) => format!("{a} {b} {c} {d}"),
        _ => finess.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::finess_groups;

    #[test]
    fn a_number_is_read_in_groups() {
        assert_eq!(finess_groups("2A0000017"), "2A 000 001 7");
        assert_eq!(finess_groups("é"), "é");
    }
}
