//! The three information pages: titles and paragraphs, as data.

/// Titles, field names and paragraphs of the information pages.
pub(crate) struct Information {
    pub legal_title: &'static str,
    pub publisher: &'static str,
    pub director: &'static str,
    pub host: &'static str,
    pub contact: &'static str,
    pub missing: &'static str,
    pub legal_sections: &'static [Section],
    pub accessibility_title: &'static str,
    pub accessibility_intro: fn(publisher: &str, service: &str) -> String,
    pub accessibility_sections: &'static [Section],
    pub accessibility_contact_title: &'static str,
    pub accessibility_contact: &'static str,
    pub statement_date: super::With,
    pub accessibility_remedy: Section,
    pub privacy_title: &'static str,
    pub privacy_sections: &'static [Section],
    pub dpo: &'static str,
}

/// A heading, its paragraphs and its list.
pub(crate) struct Section {
    pub title: &'static str,
    pub paragraphs: &'static [&'static str],
    pub items: &'static [&'static str],
}

pub(super) mod fr {
    use super::{Information, Section};

    pub(in super::super) const INFORMATION: Information = Information {
        legal_title: "Mentions légales",
        publisher: "Éditeur",
        director: "Responsable de la publication",
        host: "Hébergeur",
        contact: "Contact",
        missing: "Non renseigné par l’exploitant de ce service",
        legal_sections: &[
            Section {
                title: "Objet du service",
                paragraphs: &[
                    "Ce service permet à un établissement de santé ou d’accompagnement de recevoir un document d’un patient ou d’un proche qu’il a invité par un code, un lien ou un QR code.",
                    "Il ne remplace ni une consultation ni un appel d’urgence. En cas d’urgence, appelez le 15 ou le 112.",
                ],
                items: &[],
            },
            Section {
                title: "Cookies",
                paragraphs: &[
                    "Seuls des cookies nécessaires au service sont utilisés\u{a0}: le dépôt en cours et la langue choisie. Ni mesure d’audience, ni publicité, ni service extérieur.",
                ],
                items: &[],
            },
            Section {
                title: "Logiciel",
                paragraphs: &[
                    "Ce service fonctionne avec CareLink, logiciel libre (licence Apache\u{a0}2.0). Chaque établissement est responsable de ce qu’il y demande.",
                ],
                items: &[],
            },
        ],
        accessibility_title: "Déclaration d’accessibilité",
        accessibility_intro: |publisher, service| {
            let publisher = if publisher == service { "L’exploitant de ce service" } else { publisher };
            format!(
                "{publisher} souhaite rendre {service} accessible, conformément à l’article 47 de la loi n°\u{a0}2005-102 du 11\u{a0}février 2005. Cette déclaration porte sur les pages destinées aux patients."
            )
        },
        accessibility_sections: &[
            Section {
                title: "État de conformité",
                paragraphs: &[
                    "Non conforme au référentiel général d’amélioration de l’accessibilité (RGAA, version 4.1.2), parce qu’aucun audit n’a encore été réalisé. Tant qu’il ne l’est pas, aucun taux de conformité n’est annoncé.",
                ],
                items: &[],
            },
            Section {
                title: "Résultats des tests",
                paragraphs: &[
                    "Pas encore audité. Ce qui a été fait pendant le développement ne remplace pas un audit\u{a0}:",
                ],
                items: &[
                    "les pages fonctionnent entièrement sans JavaScript\u{a0};",
                    "toutes les actions sont possibles au clavier, avec un focus visible\u{a0};",
                    "chaque champ a une étiquette, et chaque erreur est liée à son champ\u{a0};",
                    "aucun état n’est indiqué par la couleur seule\u{a0};",
                    "le texte peut être agrandi à 200\u{a0}% et les pages tiennent dans 320\u{a0}pixels de large.",
                ],
            },
            Section {
                title: "Contenus non accessibles",
                paragraphs: &["Aucun n’est connu à ce jour. Faute d’audit, il peut en exister."],
                items: &[],
            },
            Section {
                title: "Technologies",
                paragraphs: &["HTML5, CSS, SVG, WAI-ARIA, JavaScript facultatif."],
                items: &[],
            },
        ],
        accessibility_contact_title: "Retour d’information et contact",
        accessibility_contact: "Si vous ne parvenez pas à utiliser ce service, dites-le-nous pour recevoir le même service par un autre moyen\u{a0}:",
        statement_date: |date| format!("Déclaration établie le {date}."),
        accessibility_remedy: Section {
            title: "Voies de recours",
            paragraphs: &[
                "Si vous avez signalé un défaut d’accessibilité et n’avez pas reçu de réponse satisfaisante, vous pouvez\u{a0}:",
            ],
            items: &[
                "écrire au Défenseur des droits (formulaire.defenseurdesdroits.fr)\u{a0};",
                "contacter son délégué dans votre région\u{a0};",
                "lui écrire sans timbre\u{a0}: Défenseur des droits, Libre réponse 71120, 75342 Paris CEDEX\u{a0}07.",
            ],
        },
        privacy_title: "Données personnelles",
        privacy_sections: &[
            Section {
                title: "Qui est responsable",
                paragraphs: &[
                    "L’établissement qui vous a donné un code est responsable du document que vous lui remettez. La page du dépôt dit son nom, la base légale, la durée de conservation et le contact pour exercer vos droits. L’exploitant de ce service agit pour son compte.",
                ],
                items: &[],
            },
            Section {
                title: "Ce qui est traité",
                paragraphs: &[],
                items: &[
                    "le document que vous envoyez et le nom de son fichier\u{a0};",
                    "les dates de réception, de lecture et de suppression, sur votre reçu\u{a0};",
                    "l’adresse de votre connexion, pour limiter les abus\u{a0};",
                    "des cookies nécessaires, sans mesure d’audience.",
                ],
            },
            Section {
                title: "Comment c’est protégé",
                paragraphs: &[
                    "La connexion et le document enregistré sont chiffrés. La position et le modèle d’appareil sont retirés des photos, sauf réglage contraire de l’établissement. Chaque ouverture est enregistrée. À la suppression, la clé du document est détruite\u{a0}; les sauvegardes expirent ensuite.",
                ],
                items: &[],
            },
            Section {
                title: "Vos droits",
                paragraphs: &[
                    "Accès, rectification, limitation et, selon les cas, effacement ou opposition\u{a0}: adressez-vous à l’établissement. Tant qu’il n’a pas ouvert votre dépôt, vous pouvez le retirer vous-même depuis votre reçu. Vous pouvez adresser une réclamation à la CNIL (www.cnil.fr).",
                ],
                items: &[],
            },
        ],
        dpo: "Délégué à la protection des données de l’exploitant",
    };
}

pub(super) mod en {
    use super::{Information, Section};

    pub(in super::super) const INFORMATION: Information = Information {
        legal_title: "Legal notice",
        publisher: "Publisher",
        director: "Responsible for publication",
        host: "Host",
        contact: "Contact",
        missing: "Not provided by the operator of this service",
        legal_sections: &[
            Section {
                title: "Purpose of the service",
                paragraphs: &[
                    "This service lets a health or care establishment receive a document from a patient or relative whom it has invited with a code, a link or a QR code.",
                    "It replaces neither a consultation nor an emergency call. In an emergency, call 15 or 112.",
                ],
                items: &[],
            },
            Section {
                title: "Cookies",
                paragraphs: &[
                    "Only cookies that the service needs are used: the current deposit and the chosen language. No audience measurement, no advertising, no outside service.",
                ],
                items: &[],
            },
            Section {
                title: "Software",
                paragraphs: &[
                    "This service runs on CareLink, free software (Apache 2.0 licence). Each establishment is responsible for what it asks for.",
                ],
                items: &[],
            },
        ],
        accessibility_title: "Accessibility statement",
        accessibility_intro: |publisher, service| {
            let publisher = if publisher == service { "The operator of this service" } else { publisher };
            format!(
                "{publisher} wishes to make {service} accessible, in accordance with article 47 of French law 2005-102 of 11 February 2005. This statement covers the pages meant for patients."
            )
        },
        accessibility_sections: &[
            Section {
                title: "Compliance status",
                paragraphs: &[
                    "Not compliant with the French accessibility framework (RGAA, version 4.1.2), because no audit has been made yet. Until then no compliance rate is claimed.",
                ],
                items: &[],
            },
            Section {
                title: "Test results",
                paragraphs: &["Not audited yet. What was done during development does not replace an audit:"],
                items: &[
                    "the pages work entirely without JavaScript;",
                    "every action is possible with a keyboard, with a visible focus;",
                    "each field has a label, and each error is tied to its field;",
                    "no state is shown by colour alone;",
                    "text can be enlarged to 200% and the pages fit in a width of 320 pixels.",
                ],
            },
            Section {
                title: "Content that is not accessible",
                paragraphs: &["None is known today. Without an audit, some may exist."],
                items: &[],
            },
            Section {
                title: "Technologies",
                paragraphs: &["HTML5, CSS, SVG, WAI-ARIA, optional JavaScript."],
                items: &[],
            },
        ],
        accessibility_contact_title: "Feedback and contact",
        accessibility_contact: "If you can’t use this service, tell us, to be served in another way:",
        statement_date: |date| format!("Statement made on {date}."),
        accessibility_remedy: Section {
            title: "Remedies",
            paragraphs: &[
                "If you have reported an accessibility defect and received no satisfactory answer, you can:",
            ],
            items: &[
                "write to the French Defender of Rights (formulaire.defenseurdesdroits.fr);",
                "contact their delegate in your region;",
                "write without a stamp to: Défenseur des droits, Libre réponse 71120, 75342 Paris CEDEX 07, France.",
            ],
        },
        privacy_title: "Personal data",
        privacy_sections: &[
            Section {
                title: "Who is responsible",
                paragraphs: &[
                    "The establishment that gave you a code is responsible for the document that you send to it. The deposit page gives its name, the legal basis, the retention period and the contact for your rights. The operator of this service acts on its behalf.",
                ],
                items: &[],
            },
            Section {
                title: "What is processed",
                paragraphs: &[],
                items: &[
                    "the document that you send and the name of its file;",
                    "the times of reception, reading and deletion, on your receipt;",
                    "the address of your connection, to limit abuse;",
                    "necessary cookies, without audience measurement.",
                ],
            },
            Section {
                title: "How it is protected",
                paragraphs: &[
                    "The connection and the stored document are encrypted. Position and device model are removed from photos, unless the establishment has chosen otherwise. Every opening is recorded. On deletion the document’s key is destroyed; backups expire afterwards.",
                ],
                items: &[],
            },
            Section {
                title: "Your rights",
                paragraphs: &[
                    "Access, correction, restriction and, depending on the case, deletion or objection: turn to the establishment. As long as it has not opened your deposit, you can withdraw it yourself from your receipt. You can complain to the French data protection authority, the CNIL (www.cnil.fr).",
                ],
                items: &[],
            },
        ],
        dpo: "The operator’s data protection officer",
    };
}
