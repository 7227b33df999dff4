//! Where and how an activity is exercised: sectors, modes, genres, categories.
//!
//! Sectors are those that CareLink's establishments meet; the whole table has about seventy.

use super::{Term, find, term};

/// Sectors of activity, MOS/NOS `TRE_R02` (OID 1.2.250.1.71.4.2.4).
pub static SECTORS: &[Term] = &[
    term("SA01", "Établissement public de santé", "Public hospital"),
    term("SA04", "Établissement privé de santé", "Private hospital"),
    term("SA05", "Centre de santé", "Health centre"),
    term("SA07", "Cabinet individuel", "Sole practice"),
    term("SA08", "Cabinet de groupe", "Group practice"),
    term("SA09", "Exercice en société", "Practice as a company"),
    term("SA16", "Établissement pour personnes handicapées", "Service for people with disabilities"),
    term("SA17", "Établissement pour personnes âgées", "Service for elderly people"),
    term("SA18", "Aide à la famille", "Family support"),
    term("SA25", "Laboratoire de biologie médicale", "Medical laboratory"),
    term("SA33", "Pharmacie d'officine", "Community pharmacy"),
    term("SA39", "Pharmacie mutualiste", "Mutual society pharmacy"),
    term("SA41", "Autre établissement social ou médico-social", "Other social or medico-social service"),
    term("SA51", "Structure de coopération avec autorisation de soins", "Cooperation licensed to give care"),
    term("SA52", "Maison ou pôle de santé", "Multi-professional health centre"),
    term(
        "SA57",
        "Structure de coopération pour la coordination des soins",
        "Cooperation that coordinates care",
    ),
    term("SA63", "Coordination et orientation (CPTS)", "Coordination and guidance (CPTS)"),
];

/// Modes of exercise, MOS/NOS `TRE_R23`.
pub(super) static MODES: &[Term] = &[
    term("L", "Libéral", "Self-employed"),
    term("S", "Salarié", "Employed"),
    term("B", "Bénévole", "Volunteer"),
];

/// Genres of activity, MOS/NOS `TRE_R22`, shortened.
pub(super) static GENRES: &[Term] = &[
    term("GENR01", "Soin ou pharmacie", "Care or pharmacy"),
    term("GENR02", "Soin ou pharmacie en tant que remplaçant", "Care or pharmacy as a locum"),
    term("GENR03", "Remplacement dans une activité de soins", "Replacement in an activity of care"),
    term("GENR04", "Activité non soignante", "Activity without care"),
    term("GENR06", "Délégation pour continuité de service", "Delegation for continuity of service"),
    term("GENR08", "Coordination et orientation", "Coordination and guidance"),
    term("GENR09", "Fonctions administratives ou d'appui", "Administration or support"),
    term("GENR10", "Accompagnement à la vie sociale et éducative", "Social and educational support"),
    term("GENR11", "Accompagnement au soin", "Support in care"),
    term("GENR12", "Encadrement et organisation de l'accompagnement", "Management of support"),
    term("GENR13", "Activité médico-administrative", "Medical administration"),
    term("GENR99", "Autre activité", "Other activity"),
];

/// Professional categories, MOS/NOS `TRE_R09`.
pub(super) static CATEGORIES: &[Term] = &[
    term("C", "Civil", "Civilian"),
    term("M", "Militaire", "Military"),
    term("E", "Étudiant", "Student"),
    term("F", "Fonctionnaire", "Civil servant"),
];

/// The sector of a code `SAxx` (`TRE_R02`).
pub fn sector(code: &str) -> Option<&'static Term> {
    find(SECTORS, code)
}

/// The mode of exercise of a code (`TRE_R23`).
pub fn exercise_mode(code: &str) -> Option<&'static Term> {
    find(MODES, code)
}

/// The genre of activity of a code `GENRxx` (`TRE_R22`).
pub fn activity_genre(code: &str) -> Option<&'static Term> {
    find(GENRES, code)
}

/// The professional category of a code (`TRE_R09`).
pub fn professional_category(code: &str) -> Option<&'static Term> {
    find(CATEGORIES, code)
}
