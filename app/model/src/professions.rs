//! Professions, roles and ways of working as the French directories code them (MOS/NOS of ANS), with their labels.
//!
//! A code says what somebody is registered as. It never gives a right: [`suggested_role`] only fills in a form that an
//! administrator confirms.

mod activities;
mod roles;

pub use activities::{SECTORS, activity_genre, exercise_mode, professional_category, sector};
pub use roles::{PROFESSIONAL_ROLES, professional_role};

use crate::roles::Role;

/// A profession of the nomenclature: MOS/NOS `TRE_G15` (health), `TRE_R94` (social), `TRE_R95` (titles), `TRE_R291` (others).
/// The four share one range of codes without overlap. Students have the same codes in `TRE_G16`; their category tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Profession {
    /// The code, two digits.
    pub code: &'static str,
    /// French label.
    pub label_fr: &'static str,
    /// English label; there is no official one.
    pub label_en: &'static str,
    /// Whether the national directory returns it (`JDV_J106`, RASS): its people carry an RPPS number, given by an order,
    /// by an ARS, or by their employer (99). People of the others appear as 99 with a role.
    pub registered: bool,
}

/// A term of a nomenclature.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Term {
    /// The code.
    pub code: &'static str,
    /// French label.
    pub label_fr: &'static str,
    /// English label; there is no official one.
    pub label_en: &'static str,
}

/// A role of MOS/NOS `TRE_R85`, which tells apart the people of profession 99 (and social workers, 41).
pub type ProfessionalRole = Term;

const fn listed(code: &'static str, label_fr: &'static str, label_en: &'static str) -> Profession {
    Profession { code, label_fr, label_en, registered: true }
}

const fn unlisted(code: &'static str, label_fr: &'static str, label_en: &'static str) -> Profession {
    Profession { code, label_fr, label_en, registered: false }
}

const fn term(code: &'static str, label_fr: &'static str, label_en: &'static str) -> Term {
    Term { code, label_fr, label_en }
}

fn find(table: &'static [Term], code: &str) -> Option<&'static Term> {
    table.iter().find(|term| term.code == code)
}

/// Every profession, by code.
pub static PROFESSIONS: &[Profession] = &[
    listed("10", "Médecin", "Physician"),
    listed("21", "Pharmacien", "Pharmacist"),
    listed("26", "Audioprothésiste", "Hearing aid specialist"),
    listed("28", "Opticien-lunetier", "Optician"),
    listed("31", "Assistant dentaire", "Dental assistant"),
    listed("32", "Physicien médical", "Medical physicist"),
    unlisted("35", "Aide-soignant", "Nursing assistant"),
    unlisted("36", "Ambulancier", "Ambulance driver"),
    unlisted("37", "Auxiliaire de puériculture", "Childcare assistant"),
    unlisted("38", "Préparateur en pharmacie hospitalière", "Hospital pharmacy technician"),
    unlisted("39", "Préparateur en pharmacie", "Pharmacy technician"),
    listed("40", "Chirurgien-dentiste", "Dentist"),
    listed("41", "Assistant de service social", "Social worker"),
    unlisted("42", "Auxiliaire de vie sociale", "Home support worker"),
    unlisted("43", "Technicien de l'intervention sociale et familiale", "Family support worker"),
    unlisted("44", "Conseiller en économie sociale et familiale", "Social and family economics adviser"),
    unlisted("45", "Médiateur familial", "Family mediator"),
    unlisted("46", "Assistant familial", "Foster carer"),
    unlisted("47", "Aide médico-psychologique", "Medical and psychological support worker"),
    unlisted("48", "Moniteur éducateur", "Youth and community worker"),
    unlisted("49", "Éducateur de jeunes enfants", "Early years educator"),
    listed("50", "Sage-femme", "Midwife"),
    unlisted("51", "Éducateur spécialisé", "Special needs educator"),
    unlisted("52", "Éducateur technique spécialisé", "Specialised technical instructor"),
    unlisted("53", "Accompagnant éducatif et social", "Educational and social carer"),
    listed("60", "Infirmier", "Nurse"),
    unlisted("69", "Infirmier psychiatrique", "Psychiatric nurse"),
    listed("70", "Masseur-kinésithérapeute", "Physiotherapist"),
    listed("71", "Ostéopathe", "Osteopath"),
    listed("72", "Psychothérapeute", "Psychotherapist"),
    listed("73", "Chiropracteur", "Chiropractor"),
    listed("80", "Pédicure-podologue", "Podiatrist"),
    listed("81", "Orthoprothésiste", "Prosthetist and orthotist"),
    listed("82", "Podo-orthésiste", "Orthopaedic shoemaker"),
    listed("83", "Orthopédiste-orthésiste", "Orthotist"),
    listed("84", "Oculariste", "Ocularist"),
    listed("85", "Épithésiste", "Anaplastologist"),
    listed("86", "Technicien de laboratoire médical", "Medical laboratory technician"),
    listed("91", "Orthophoniste", "Speech and language therapist"),
    listed("92", "Orthoptiste", "Orthoptist"),
    listed("93", "Psychologue", "Psychologist"),
    listed("94", "Ergothérapeute", "Occupational therapist"),
    listed("95", "Diététicien", "Dietitian"),
    listed("96", "Psychomotricien", "Psychomotor therapist"),
    unlisted("97", "Conseiller en génétique", "Genetic counsellor"),
    listed("98", "Manipulateur d'électroradiologie médicale", "Radiographer"),
    listed(
        "99",
        "Acteur du système de santé caractérisé par son rôle",
        "Health system worker described by a role",
    ),
];

/// The profession of a code.
pub fn profession(code: &str) -> Option<&'static Profession> {
    PROFESSIONS.iter().find(|profession| profession.code == code)
}

/// The role to offer an administrator for somebody of this profession (`TRE_G15`…), professional role (`TRE_R85`) and genre
/// of activity (`TRE_R22`); empty where the directory says none. Only what is certain: everything else is for the
/// administrator to say. An activity without care (GENR04) suggests no role of care.
///
/// Students have their profession's code too: ask only for people whose category isn't `E`
/// ([`crate::psc::Practice::suggested_role`] does).
pub fn suggested_role(profession_code: &str, role_code: &str, genre: &str) -> Option<Role> {
    match (profession_code, role_code) {
        ("99", "331") => Some(Role::Secretary),
        _ if genre == "GENR04" => None,
        ("10", _) => Some(Role::Physician),
        ("21", _) => Some(Role::Pharmacist),
        ("60", _) => Some(Role::Nurse),
        ("35", _) | ("99", "313") => Some(Role::NursingAssistant),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn code_93_is_a_psychologist_and_no_nursing_assistant() {
        assert_eq!(profession("93").unwrap().label_fr, "Psychologue");
        assert_eq!(suggested_role("93", "", ""), None);
        assert_eq!(profession("35").unwrap().label_fr, "Aide-soignant");
    }

    #[test]
    fn no_code_appears_twice() {
        let distinct = |codes: Vec<&str>| codes.iter().collect::<HashSet<_>>().len() == codes.len();
        assert!(distinct(PROFESSIONS.iter().map(|p| p.code).collect()));
        for terms in
            [PROFESSIONAL_ROLES, SECTORS, activities::MODES, activities::GENRES, activities::CATEGORIES]
        {
            assert!(distinct(terms.iter().map(|t| t.code).collect()));
        }
    }

    #[test]
    fn nobody_without_a_number_of_their_own_counts_as_registered() {
        for code in ["35", "36", "37", "38", "39", "69", "97", "42", "53"] {
            assert!(!profession(code).unwrap().registered, "{code}");
        }
        for code in ["10", "21", "32", "41", "60", "73", "93", "98", "99"] {
            assert!(profession(code).unwrap().registered, "{code}");
        }
        assert_eq!(profession("11"), None);
    }

    #[test]
    fn only_what_is_certain_is_suggested() {
        for (profession, role, genre, expected) in [
            ("21", "", "GENR01", Some(Role::Pharmacist)),
            ("10", "", "", Some(Role::Physician)),
            ("60", "", "GENR01", Some(Role::Nurse)),
            ("60", "", "GENR08", Some(Role::Nurse)),
            ("99", "313", "GENR11", Some(Role::NursingAssistant)),
            ("35", "", "", Some(Role::NursingAssistant)),
            ("99", "331", "GENR13", Some(Role::Secretary)),
            ("60", "", "GENR04", None),
            ("99", "347", "GENR11", None),
            ("99", "", "", None),
            ("41", "313", "", None),
            ("69", "", "GENR01", None),
            ("", "313", "", None),
        ] {
            assert_eq!(suggested_role(profession, role, genre), expected, "{profession} {role} {genre}");
        }
    }

    #[test]
    fn codes_have_labels() {
        assert_eq!(professional_role("313").unwrap().label_fr, "Aide-soignant");
        assert_eq!(professional_role("372").unwrap().label_en, "Home help");
        assert_eq!(sector("SA17").unwrap().label_fr, "Établissement pour personnes âgées");
        assert_eq!(exercise_mode("S").unwrap().label_fr, "Salarié");
        assert_eq!(activity_genre("GENR11").unwrap().label_fr, "Accompagnement au soin");
        assert_eq!(professional_category("E").unwrap().label_fr, "Étudiant");
        assert_eq!(sector("SA99"), None);
    }
}
