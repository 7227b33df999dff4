//! What each notice says.

use model::time::{Language, Moment};

use super::{Happened, What};
use crate::mail::{Words, colon};

pub(super) fn of(language: Language, happened: &Happened, at: Moment) -> Words {
    let (subject, first) = match language {
        Language::Fr => french(happened.what),
        Language::En => english(happened.what),
    };
    Words {
        subject: format!("CareLink{}{subject}", colon(language)),
        paragraphs: vec![first.to_owned(), circumstances(language, happened, at)],
        action: None,
        after: vec![otherwise(language, happened.what).to_owned()],
        not_me: None,
    }
}

const fn french(what: What) -> (&'static str, &'static str) {
    match what {
        What::NewBrowser => (
            "connexion depuis un nouveau navigateur",
            "Votre compte CareLink vient d’être ouvert depuis un navigateur que nous ne connaissions pas.",
        ),
        What::PasswordChanged => (
            "votre mot de passe a été changé",
            "Le mot de passe de votre compte CareLink vient d’être changé.",
        ),
        What::PasswordReset => (
            "votre mot de passe a été réinitialisé",
            "Un nouveau mot de passe vient d’être choisi pour votre compte CareLink, avec un lien envoyé à cette adresse.",
        ),
        What::PasswordGiven => (
            "votre mot de passe a été remplacé",
            "La personne qui exploite CareLink vient de donner un nouveau mot de passe à votre compte, et d’en retirer application d’authentification, clés d’accès et codes de secours. Vos sessions sont fermées.",
        ),
        What::TotpAdded => (
            "une application d’authentification a été ajoutée",
            "Une application d’authentification vient d’être ajoutée à votre compte CareLink.",
        ),
        What::TotpRemoved => (
            "une application d’authentification a été retirée",
            "L’application d’authentification vient d’être retirée de votre compte CareLink.",
        ),
        What::PasskeyAdded => (
            "une clé d’accès a été ajoutée",
            "Une clé d’accès vient d’être ajoutée à votre compte CareLink. Elle permet de se connecter sans mot de passe.",
        ),
        What::PasskeyRemoved => (
            "une clé d’accès a été retirée",
            "Une clé d’accès vient d’être retirée de votre compte CareLink.",
        ),
        What::CodesRenewed => (
            "vos codes de secours ont été renouvelés",
            "De nouveaux codes de secours viennent d’être créés pour votre compte CareLink. Les anciens ne servent plus.",
        ),
        What::CodeUsed => (
            "un code de secours a servi",
            "Un de vos codes de secours vient de servir pour votre compte CareLink. Il ne servira plus\u{a0}; les autres restent valables.",
        ),
        What::Linked => (
            "Pro Santé Connect a été lié à votre compte",
            "Une identité Pro Santé Connect vient d’être liée à votre compte CareLink. Elle permet de s’y connecter.",
        ),
        What::Unlinked => (
            "Pro Santé Connect n’est plus lié à votre compte",
            "L’identité Pro Santé Connect de votre compte CareLink vient d’en être détachée. Elle ne permet plus de s’y connecter.",
        ),
        What::EmailChanged => (
            "l’adresse de votre compte a été changée",
            "L’adresse e-mail de votre compte CareLink vient d’être changée. Cette adresse-ci ne recevra plus rien.",
        ),
        What::Theft => (
            "une de vos sessions a été fermée par sécurité",
            "Une de vos sessions CareLink a été présentée deux fois, comme si quelqu’un l’avait copiée. Elle a été fermée aussitôt.",
        ),
    }
}

const fn english(what: What) -> (&'static str, &'static str) {
    match what {
        What::NewBrowser => (
            "sign-in from a new browser",
            "Your CareLink account has just been opened from a browser that we did not know.",
        ),
        What::PasswordChanged => {
            ("your password was changed", "The password of your CareLink account has just been changed.")
        }
        What::PasswordReset => (
            "your password was reset",
            "A new password has just been chosen for your CareLink account, with a link sent to this address.",
        ),
        What::PasswordGiven => (
            "your password was replaced",
            "Whoever runs CareLink has just given your account a new password, and taken its authenticator application, passkeys and recovery codes away. Your sessions are closed.",
        ),
        What::TotpAdded => (
            "an authenticator application was added",
            "An authenticator application has just been added to your CareLink account.",
        ),
        What::TotpRemoved => (
            "an authenticator application was removed",
            "The authenticator application has just been removed from your CareLink account.",
        ),
        What::PasskeyAdded => (
            "a passkey was added",
            "A passkey has just been added to your CareLink account. It signs in without a password.",
        ),
        What::PasskeyRemoved => {
            ("a passkey was removed", "A passkey has just been removed from your CareLink account.")
        }
        What::CodesRenewed => (
            "your recovery codes were renewed",
            "New recovery codes have just been made for your CareLink account. The old ones are no longer good.",
        ),
        What::CodeUsed => (
            "a recovery code was used",
            "One of your recovery codes has just been used for your CareLink account. It is no longer good; the others are.",
        ),
        What::Linked => (
            "Pro Santé Connect was linked to your account",
            "A Pro Santé Connect identity has just been linked to your CareLink account. It can sign in to it.",
        ),
        What::Unlinked => (
            "Pro Santé Connect is no longer linked to your account",
            "The Pro Santé Connect identity of your CareLink account has just been unlinked. It can no longer sign in to it.",
        ),
        What::EmailChanged => (
            "the address of your account was changed",
            "The e-mail address of your CareLink account has just been changed. This address will get nothing more.",
        ),
        What::Theft => (
            "one of your sessions was closed for safety",
            "One of your CareLink sessions was presented twice, as if somebody had copied it. It was closed at once.",
        ),
    }
}

fn circumstances(language: Language, happened: &Happened, at: Moment) -> String {
    let Happened { device, network, .. } = happened;
    let date = at.date_time(language);
    let device = match (&device.browser, &device.system) {
        (Some(browser), Some(system)) => Some(format!("{browser}, {system}")),
        (Some(one), None) | (None, Some(one)) => Some(one.clone()),
        (None, None) => None,
    };
    let (when, with, from) = match language {
        Language::Fr => ("Quand\u{a0}: ", "Appareil\u{a0}: ", "Réseau\u{a0}: "),
        Language::En => ("When: ", "Device: ", "Network: "),
    };
    let zone = match language {
        Language::Fr => " (heure de Paris)",
        Language::En => " (Paris time)",
    };
    let mut parts = vec![format!("{when}{date}{zone}")];
    parts.extend(device.map(|device| format!("{with}{device}")));
    if !network.is_empty() {
        parts.push(format!("{from}{network}"));
    }
    parts.join(". ") + "."
}

const fn otherwise(language: Language, what: What) -> &'static str {
    match (language, what) {
        (Language::Fr, What::Theft) => {
            "Reconnectez-vous normalement. Si cela se reproduit, prévenez le responsable informatique de votre établissement."
        }
        (Language::En, What::Theft) => {
            "Sign in again as usual. If it happens again, tell whoever looks after computers in your establishment."
        }
        (Language::Fr, What::PasswordGiven) => "Si vous l’aviez demandé, il n’y a rien à faire.",
        (Language::En, What::PasswordGiven) => "If you had asked for it, there is nothing to do.",
        (Language::Fr, _) => "Si c’était vous, il n’y a rien à faire.",
        (Language::En, _) => "If it was you, there is nothing to do.",
    }
}
