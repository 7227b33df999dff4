//! What a mail says, before it has a form.

use model::time::Language;

/// Something to press, and where it leads.
#[derive(Clone, Debug)]
pub(crate) struct Link {
    /// What it does.
    pub label: &'static str,
    /// Whole address.
    pub to: String,
}

/// A mail's content.
#[derive(Clone, Debug)]
pub(crate) struct Words {
    /// One line.
    pub subject: String,
    /// What happened, and what can be done.
    pub paragraphs: Vec<String>,
    /// The one thing to do, if any.
    pub action: Option<Link>,
    /// What stands after it: how long it holds, what to do otherwise.
    pub after: Vec<String>,
    /// Where "this wasn't me" leads.
    pub not_me: Option<String>,
}

/// "Hello", with the person's own name where it is theirs for certain.
pub(super) fn greeting(language: Language, name: Option<&str>) -> String {
    let hello = match language {
        Language::Fr => "Bonjour",
        Language::En => "Hello",
    };
    name.map_or_else(|| format!("{hello},"), |name| format!("{hello} {name},"))
}

/// What leads to "this wasn't me": the question, and the label of the link.
pub(super) const fn not_me(language: Language) -> (&'static str, &'static str) {
    match language {
        Language::Fr => ("Ce n’était pas vous\u{a0}?", "Ce n’était pas moi\u{a0}: protéger mon compte"),
        Language::En => ("This wasn’t you?", "This wasn’t me: protect my account"),
    }
}

/// The last lines of every mail.
pub(super) const fn footer(language: Language) -> &'static str {
    match language {
        Language::Fr => {
            "Message automatique de CareLink\u{a0}: inutile d’y répondre. CareLink ne demande jamais de mot de passe ni de code par e-mail ou par téléphone."
        }
        Language::En => {
            "Automatic message from CareLink: there is no need to answer. CareLink never asks for a password or a code by e-mail or by telephone."
        }
    }
}

/// A colon and what stands around it.
pub(crate) const fn colon(language: Language) -> &'static str {
    match language {
        Language::Fr => "\u{a0}: ",
        Language::En => ": ",
    }
}
