//! French.

use super::information::fr::INFORMATION;
use super::refusals::Refusals;
use super::{Code, Common, Deposit, Home, Message, Notice, Receipt, Script, Texts, Withdraw};

pub(super) const TEXTS: Texts = Texts {
    common: Common {
        skip: "Aller au contenu",
        tagline: "Dépôt de documents",
        other_language: "English",
        footer: "Informations sur le service",
        legal: "Mentions légales",
        privacy: "Données personnelles",
        accessibility: "Accessibilité\u{a0}: non conforme, pas encore auditée",
        error_prefix: "Erreur\u{a0}: ",
        problem: "Il y a un problème",
        address: "Adresse",
        call: |number| format!("Appeler le {number}"),
        seconds: |n| if n > 1 { format!("{n}\u{a0}secondes") } else { format!("{n}\u{a0}seconde") },
        minutes: |n| if n > 1 { format!("{n}\u{a0}minutes") } else { format!("{n}\u{a0}minute") },
        hours: |n| if n > 1 { format!("{n}\u{a0}heures") } else { format!("{n}\u{a0}heure") },
        decimal: ",",
        kilobytes: "ko",
        megabytes: "Mo",
    },
    home: Home {
        title: "Remettre un document à un établissement de santé",
        intro: "Votre pharmacie, votre service de soins ou votre médecin vous a donné un code\u{a0}? Trouvez son nom ici, puis envoyez votre document. Sans compte et sans application.",
        label: "Nom ou ville de l’établissement",
        hint: "Par exemple\u{a0}: «\u{a0}pharmacie des Lilas\u{a0}» ou «\u{a0}Saint-Denis\u{a0}»",
        submit: "Rechercher",
        results: |n| {
            if n > 1 {
                format!("{n}\u{a0}établissements trouvés")
            } else {
                "1\u{a0}établissement trouvé".into()
            }
        },
        none: |q| format!("Aucun établissement trouvé pour «\u{a0}{q}\u{a0}»"),
        none_advice: "Vérifiez l’orthographe, ou essayez avec la ville seule. Si vous avez reçu un lien ou un QR code, ouvrez-le\u{a0}: il mène directement au bon endroit.",
        more: "D’autres établissements correspondent. Ajoutez la ville ou un autre mot du nom pour les voir.",
        too_short: |n| format!("Tapez au moins {n}\u{a0}lettres du nom ou de la ville."),
        steps_title: "Comment cela se passe",
        steps: [
            "Vous trouvez l’établissement et tapez le code qu’il vous a donné.",
            "Vous prenez une photo du document ou choisissez un fichier.",
            "Vous suivez son arrivée et sa lecture sur votre reçu.",
        ],
        staff: "Vous travaillez dans un établissement\u{a0}?",
        staff_link: "Espace des professionnels",
    },
    code: Code {
        title: "Tapez votre code",
        for_establishment: "Pour remettre un document à",
        label: "Code à six caractères",
        hint: "L’établissement vous l’a donné. Majuscules ou minuscules, avec ou sans tiret.",
        pattern_title: "Six lettres ou chiffres",
        submit: "Continuer",
        without_title: "Vous n’avez pas de code\u{a0}?",
        without: "Demandez-le à l’établissement. Si vous avez reçu un lien ou un QR code, ouvrez-le\u{a0}: il remplace le code.",
        elsewhere: "Ce n’est pas le bon établissement\u{a0}? En chercher un autre",
        missing: "Tapez le code que l’établissement vous a donné.",
        malformed: "Un code comporte six lettres ou chiffres. Vérifiez ce que vous avez tapé.",
        wrong: "Ce code n’est pas valable. Vérifiez chaque caractère\u{a0}; s’il est bien recopié, demandez un nouveau code à l’établissement.",
        too_many: |wait| {
            format!(
                "Trop d’essais. Attendez {wait}, puis réessayez. Le lien ou le QR code de l’établissement fonctionne sans attendre."
            )
        },
        no_cookie: "Votre navigateur refuse les cookies, et celui de ce dépôt est nécessaire. Autorisez les cookies pour ce site, puis tapez de nouveau le code.",
    },
    deposit: Deposit {
        title: "Envoyer un document",
        recipient: "Votre document est destiné à",
        asked: "Ce qui vous est demandé",
        form_title: "Votre document",
        label: "Choisissez un ou plusieurs fichiers",
        label_one: "Choisissez un fichier",
        camera: "Prendre une photo",
        choose: "Choisir un fichier",
        to_send: "À envoyer",
        several: "Un document de plusieurs pages peut être envoyé en plusieurs photos.",
        limits: |size, left| {
            if left > 1 {
                format!("{size} au plus par fichier. Jusqu’à {left}\u{a0}fichiers.")
            } else {
                format!("{size} au plus. Un seul fichier possible.")
            }
        },
        formats: "Photo (JPEG ou PNG) ou document PDF.",
        submit: "Envoyer",
        wait: "L’envoi peut durer quelques minutes\u{a0}: attendez que la page change.",
        full: |n| {
            if n > 1 {
                format!("Ce dépôt est complet\u{a0}: {n}\u{a0}fichiers au plus.")
            } else {
                "Ce dépôt est complet\u{a0}: un seul fichier était demandé.".into()
            }
        },
        received_title: "Déjà arrivés",
        just_received: |n| {
            if n > 1 {
                format!("{n}\u{a0}documents sont bien arrivés.")
            } else {
                "Votre document est bien arrivé.".into()
            }
        },
        item: |n| format!("Document\u{a0}{n}"),
        state_received: "Reçu",
        state_checked: "Reçu et lisible",
        state_unreadable: "Reçu, mais illisible",
        finish_title: "Avez-vous tout envoyé\u{a0}?",
        finish_text: "Terminez pour obtenir votre reçu.",
        finish_more: "Sinon, ajoutez d’autres documents ci-dessus.",
        other_code: "Ce n’est pas votre demande\u{a0}? Saisir un autre code",
        finish: "Terminer et voir mon reçu",
        follow: "Voir mon reçu",
        fate_title: "Ce que devient votre document",
        fate_encrypted: "Il est chiffré dès son arrivée.",
        fate_read_by: |name| {
            format!("Seuls les professionnels habilités de {name} y ont accès dans ce service.")
        },
        fate_deleted: |days, on| {
            if days > 1 {
                format!(
                    "Il est supprimé d’ici automatiquement au bout de {days}\u{a0}jours, le {on} s’il est envoyé aujourd’hui."
                )
            } else {
                format!(
                    "Il est supprimé d’ici automatiquement au bout d’un jour, le {on} s’il est envoyé aujourd’hui."
                )
            }
        },
        fate_receipt: "Votre reçu dit s’il est arrivé, s’il a été vu et quand il est supprimé. Vous pouvez le retirer tant que personne ne l’a ouvert.",
        file_problem: |n, sentence| format!("Fichier\u{a0}{n}\u{a0}: {sentence}"),
        none_stored: "Rien de ce qui est signalé ici n’a été enregistré.",
    },
    notice: Notice {
        title: "Vos données personnelles",
        controller: "Responsable du traitement",
        purpose: "Finalité",
        purpose_text: "Recevoir le document qui vous est demandé pour votre prise en charge.",
        basis: "Base légale",
        public_interest: "Mission d’intérêt public (RGPD, article 6.1.e).",
        legitimate_interest: "Intérêt légitime à assurer votre prise en charge (RGPD, article 6.1.f).",
        legal_obligation: "Obligation légale (RGPD, article 6.1.c).",
        health_basis: "Les données de santé sont traitées pour votre prise en charge (article 9.2.h) par des personnes soumises au secret professionnel.",
        recipients: "Destinataires",
        recipients_text: |name| {
            format!(
                "Les professionnels habilités de {name}. L’exploitant et l’hébergeur du service agissent pour son compte."
            )
        },
        host: "Hébergement",
        duration: "Durée",
        duration_text: |n| {
            if n > 1 {
                format!(
                    "Le document est supprimé de ce service au bout de {n}\u{a0}jours, sauf motif de conservation enregistré. L’établissement peut en verser une copie dans votre dossier."
                )
            } else {
                "Le document est supprimé de ce service au bout d’un jour, sauf motif de conservation enregistré. L’établissement peut en verser une copie dans votre dossier.".into()
            }
        },
        receipt_duration: |n| {
            format!("Le reçu, qui ne contient pas le document, est supprimé au bout de {n}\u{a0}jours.")
        },
        rights: "Vos droits",
        rights_text: "Accès, rectification, limitation et, selon les cas, effacement ou opposition. Rien n’oblige à utiliser ce service\u{a0}: vous pouvez remettre le document autrement.",
        contact: "Contact",
        complaint: "Vous pouvez aussi adresser une réclamation à la CNIL (www.cnil.fr).",
    },
    refusals: Refusals {
        no_file: "Aucun fichier n’a été choisi. Choisissez un fichier, puis envoyez.",
        unknown_type: "Ce type de fichier n’est pas accepté. Envoyez une photo (JPEG ou PNG) ou un PDF.",
        type_mismatch: "Le contenu de ce fichier ne correspond pas à son type. Prenez plutôt une photo du document.",
        damaged: "Ce fichier est incomplet ou abîmé. Ouvrez-le pour vérifier, ou prenez une nouvelle photo.",
        encrypted: "Ce PDF est protégé par un mot de passe. Envoyez une version sans mot de passe, ou une photo.",
        empty: "Ce fichier est vide. Choisissez-en un autre.",
        too_large: |limit| {
            format!(
                "Ce fichier est trop lourd\u{a0}: {limit} au plus. Prenez plutôt une photo, ou réduisez-le."
            )
        },
        too_many: |n| {
            if n > 1 {
                format!(
                    "Ce dépôt ne peut pas contenir plus de {n}\u{a0}fichiers. Terminez-le, puis demandez un nouveau code pour la suite."
                )
            } else {
                "Ce dépôt ne peut contenir qu’un seul fichier. Terminez-le, puis demandez un nouveau code pour la suite.".into()
            }
        },
        no_room: "L’établissement n’a plus de place pour recevoir ce fichier. Appelez-le pour convenir d’un autre moyen.",
        code_no_longer_valid: "Ce dépôt est terminé ou son code n’est plus valable. Demandez un nouveau code à l’établissement.",
        interrupted: "L’envoi a été coupé et le fichier n’est pas arrivé. Vérifiez le réseau, puis envoyez-le de nouveau.",
        too_many_attempts: |wait| {
            format!("Trop de demandes en peu de temps. Attendez {wait}, puis réessayez.")
        },
        session_expired: "Cette page n’est plus à jour. Rechargez-la, puis envoyez de nouveau le fichier.",
        too_many_pixels: "Cette image a trop de points pour être affichée. Envoyez-la en plus petit.",
        unavailable: "Le service ne répond pas pour le moment et le fichier n’est pas arrivé. Réessayez dans quelques minutes.",
    },
    receipt: Receipt {
        title: "Reçu de votre dépôt",
        sent_title: "C’est envoyé",
        sent: |name| {
            format!("{name} a bien reçu votre dépôt. Gardez cette page\u{a0}: elle dit ce qu’il devient.")
        },
        withdrawn: "Votre dépôt est retiré. L’établissement ne peut plus l’ouvrir.",
        reference: "Référence",
        recipient: "Destinataire",
        deposited: "Déposé le",
        files: |n| if n > 1 { format!("Vos {n}\u{a0}documents") } else { "Votre document".into() },
        as_of: |time| format!("État au {time}."),
        keep: "Ajoutez cette page à vos favoris ou imprimez-la pour la retrouver. Elle ne montre ni le document ni son nom.",
        reload: "Actualiser",
        item: |n| format!("Document\u{a0}{n}"),
        received: "Reçu",
        checked: "Vérifié\u{a0}: lisible",
        check_pending: "Vérification en cours",
        unreadable: "Illisible",
        unreadable_advice: "L’établissement ne pourra peut-être pas le lire. Demandez-lui un nouveau code pour le renvoyer.",
        seen: "Vu par l’établissement",
        not_seen: "Pas encore vu par l’établissement",
        seen_never: "Jamais ouvert par l’établissement",
        planned: "Suppression prévue",
        on_hold: "Conservé plus longtemps par l’établissement, pour un motif enregistré",
        deleted: "Supprimé",
        by_retention: "à la date prévue",
        by_establishment: "par l’établissement",
        by_withdrawal: "parce que vous l’avez retiré",
        badge_received: "Reçu",
        badge_checked: "Reçu et lisible",
        badge_unreadable: "Illisible",
        badge_seen: "Vu",
        badge_deleted: "Supprimé",
        withdraw_title: "Vous avez changé d’avis\u{a0}?",
        withdraw_text: "Tant que l’établissement n’a rien ouvert, vous pouvez retirer ce dépôt depuis cet appareil.",
        withdraw: "Retirer ce dépôt",
        another: "Remettre un autre document à cet établissement",
    },
    withdraw: Withdraw {
        title: "Retirer ce dépôt\u{a0}?",
        text: |n, name| {
            if n > 1 {
                format!(
                    "Vos {n}\u{a0}documents seront supprimés définitivement. {name} ne pourra plus les ouvrir."
                )
            } else {
                format!("Votre document sera supprimé définitivement. {name} ne pourra plus l’ouvrir.")
            }
        },
        reference: "Référence",
        then: "Votre code pourra servir de nouveau s’il est encore valable.",
        confirm: "Oui, retirer et supprimer",
        cancel: "Non, revenir au reçu",
    },
    message: Message {
        not_found: "Cette page n’existe pas",
        not_found_text: "L’adresse est peut-être incomplète, ou ce qu’elle montrait a été supprimé. Vérifiez-la, ou cherchez l’établissement par son nom.",
        too_many: "Trop de demandes",
        too_many_text: |wait| {
            format!("Trop de demandes sont venues de votre connexion. Attendez {wait}, puis réessayez.")
        },
        code_gone: "Ce dépôt n’est plus ouvert",
        code_gone_text: "Son code n’est plus valable, le délai est dépassé, ou l’adresse est incomplète. Ce qui était arrivé reste arrivé. Pour envoyer autre chose, demandez un nouveau code à l’établissement.",
        session: "Votre session est terminée",
        session_text: "Par sécurité, cette page ne reste pas ouverte indéfiniment. Recommencez avec votre code, votre lien ou votre QR code.",
        signed_out_text: "Identifiez-vous de nouveau pour continuer. Rien n’a été fait.",
        other_establishment: "Un autre onglet travaille dans un autre établissement",
        other_establishment_text: "La page d’où vient cette demande n’est plus à jour. Rien n’a été fait. Rechargez-la avant de continuer.",
        refused: "Demande refusée",
        refused_text: "Cette demande n’est pas venue de la page attendue, ou la page était trop ancienne. Ouvrez de nouveau la page, puis recommencez.",
        forbidden_text: "Vos rôles dans cet établissement ne permettent pas cette action. Demandez à son administrateur.",
        gone: "Introuvable",
        gone_text: "Cet élément n’existe pas, ou n’existe plus. Rien n’a été fait.",
        cannot_withdraw: "Ce dépôt ne peut pas être retiré ici",
        cannot_withdraw_text: "Un dépôt se retire depuis l’appareil qui l’a envoyé, tant que l’établissement ne l’a pas ouvert. Appelez l’établissement pour le faire supprimer.",
        failure: "Le service a rencontré un problème",
        failure_text: "Ce n’est pas de votre fait. Réessayez dans quelques minutes. Si cela continue, appelez l’établissement et donnez-lui ce numéro.",
        request_id: "Numéro de la demande",
        go_home: "Chercher un établissement",
        go_back: "Recommencer",
        to_receipt: "Revenir au reçu",
        sign_in: "Se connecter",
        go_on: "Continuer",
    },
    script: Script {
        send_one: "Envoyer le document",
        send_many: "Envoyer les {n} documents",
        sending: "Envoi en cours…",
        remove: "Retirer",
        removed: "{name} retiré",
        added_one: "Un document prêt à envoyer",
        added_many: "{n} documents prêts à envoyer",
        waiting: "Prêt à envoyer, {size}",
        preparing: "Préparation…",
        progress: "{n}\u{a0}% envoyés, {done} sur {size}",
        announce: "{name}\u{a0}: {n}\u{a0}%",
        almost: "Envoyé, vérification de l’arrivée…",
        received: "Reçu par l’établissement",
        retry_in: "Le réseau a coupé. Nouvel essai dans {n}\u{a0}s.",
        offline: "Pas de réseau. L’envoi reprendra dès son retour.",
        stopped: "Le réseau ne répond pas. Rien n’est perdu\u{a0}: réessayez quand vous voulez.",
        retry: "Réessayer maintenant",
        unknown_type: "Ce type de fichier n’est pas accepté. Choisissez une photo (JPEG ou PNG) ou un PDF.",
        empty: "Ce fichier est vide. Choisissez-en un autre.",
        too_large: "Ce fichier est trop lourd\u{a0}: {size}, pour {limit} au plus. Prenez plutôt le document en photo.",
        too_large_photo: "Cette photo est trop lourde\u{a0}: {size}, pour {limit} au plus. Réduisez-la ici\u{a0}: le texte restera lisible.",
        reduce: "Réduire la photo",
        reduced: "Photo réduite à {size}",
        reduce_failed: "Cette photo n’a pas pu être réduite. Prenez-en une nouvelle.",
        no_room: "Il ne reste plus de place\u{a0}: rien n’a été ajouté.",
        too_many_one: "Il ne reste de la place que pour un fichier\u{a0}: les suivants n’ont pas été ajoutés.",
        too_many: "Il ne reste de la place que pour {n} fichiers\u{a0}: les suivants n’ont pas été ajoutés.",
        duplicate: "Ce fichier est déjà dans la liste.",
        blocked: "Un fichier de la liste ne peut pas être envoyé tel quel. Réduisez-le ou retirez-le, puis envoyez.",
        refused: "Ce fichier a été refusé. Retirez-le, ou prenez une photo du document.",
        closing: "Tout est arrivé. Votre reçu s’ouvre…",
        close_failed: "Tout est arrivé, mais le reçu ne s’ouvre pas. Touchez «\u{a0}Terminer\u{a0}» pour réessayer.",
        some_refused: "Certains fichiers n’ont pas été acceptés. Lisez pourquoi ci-dessous, ou terminez avec ce qui est arrivé.",
        state_changed: "L’état du dépôt a changé. {name}",
        leave: "L’envoi n’est pas terminé.",
    },
    information: INFORMATION,
};
