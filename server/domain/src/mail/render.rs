//! The form of a mail: plain text, and the same as HTML. Nothing is fetched when it is opened, and nothing counts who opens it.

use std::fmt::Write;

use model::{identity::Email, time::Language};

use super::{
    port::Mail,
    words::{Link, Words, colon, footer, greeting, not_me},
};

/// Puts the words into both forms.
pub(super) fn render(
    to: Email,
    language: Language,
    name: Option<&str>,
    words: &Words,
    public_url: &str,
) -> Mail {
    let (question, label) = not_me(language);
    let not_me = words.not_me.as_ref().map(|to| (question, Link { label, to: to.clone() }));
    let hello = greeting(language, name);
    Mail {
        to,
        subject: words.subject.clone(),
        text: text(words, &hello, not_me.as_ref(), (language, public_url)),
        html: html(words, &hello, not_me.as_ref(), footer(language), (language, public_url)),
        language: language.tag(),
    }
}

fn text(
    words: &Words,
    hello: &str,
    not_me: Option<&(&str, Link)>,
    (language, public_url): (Language, &str),
) -> String {
    let (colon, footer) = (colon(language).trim_end_matches(' '), footer(language));
    let mut parts = vec![hello.to_owned()];
    parts.extend(words.paragraphs.iter().cloned());
    parts.extend(words.action.as_ref().map(|link| format!("{}{colon}\n{}", link.label, link.to)));
    parts.extend(words.after.iter().cloned());
    parts.extend(not_me.map(|(question, link)| format!("{question}\n{}{colon}\n{}", link.label, link.to)));
    format!("{}\n\n-- \n{footer}\n{public_url}\n", parts.join("\n\n"))
}

/// Styles stand in the elements: mail programs drop style sheets.
fn html(
    words: &Words,
    hello: &str,
    not_me: Option<&(&str, Link)>,
    footer: &str,
    (language, public_url): (Language, &str),
) -> String {
    let mut body = String::new();
    let mut paragraph = |text: &str, style: &str| {
        // Writing to a String can't fail.
        let _ = write!(body, "<p style=\"margin:0 0 16px;{style}\">{text}</p>");
    };
    paragraph(&escape(hello), "");
    for text in &words.paragraphs {
        paragraph(&escape(text), "");
    }
    if let Some(link) = &words.action {
        let button = "display:inline-block;padding:12px 20px;border-radius:8px;background:#0b5c6b;color:#ffffff;text-decoration:none;font-weight:600";
        paragraph(&anchor(link, button), "");
        // For whoever can't press it, or wants to see where it leads.
        paragraph(&escape(&link.to), "font-size:13px;color:#4a5560;word-break:break-all");
    }
    for text in &words.after {
        paragraph(&escape(text), "");
    }
    if let Some((question, link)) = not_me {
        let asked = format!("<strong>{}</strong><br>{}", escape(question), anchor(link, "color:#0b5c6b"));
        paragraph(&asked, "padding:12px 16px;border-left:4px solid #b3261e;background:#fbf3f2");
    }
    let small = "font-size:13px;color:#4a5560;border-top:1px solid #d5dbe0;padding-top:16px";
    paragraph(&format!("{}<br>{}", escape(footer), escape(public_url)), small);
    format!(
        "<!doctype html><html lang=\"{}\"><head><meta charset=\"utf-8\"><title>{}</title></head><body style=\"margin:0;padding:24px;background:#ffffff;color:#1c2329;font:16px/1.5 system-ui,sans-serif\"><div style=\"max-width:560px;margin:0 auto\">{body}</div></body></html>",
        language.tag(),
        escape(&words.subject),
    )
}

fn anchor(link: &Link, style: &str) -> String {
    format!("<a href=\"{}\" style=\"{style}\">{}</a>", escape(&link.to), escape(link.label))
}

/// For text and for attribute values in double quotes (HTML, section 13.3).
fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rendered(name: &str) -> Mail {
        let words = Words {
            subject: "Sujet".into(),
            paragraphs: vec![format!("Pharmacie {name}")],
            action: Some(Link { label: "Choisir", to: "https://carelink.example/x?a=1&b=2".into() }),
            after: vec!["Trente minutes.".into()],
            not_me: Some("https://carelink.example/not-me?t=abc".into()),
        };
        render("a@exemple.fr".parse().unwrap(), Language::Fr, Some(name), &words, "https://carelink.example")
    }

    #[test]
    fn both_forms_say_the_same() {
        let mail = rendered("Camille");
        for part in
            ["Bonjour Camille,", "Pharmacie Camille", "Choisir", "Trente minutes.", "Ce n’était pas moi"]
        {
            assert!(mail.text.contains(part), "{part} in {}", mail.text);
            assert!(mail.html.contains(part), "{part} in {}", mail.html);
        }
        assert!(
            mail.text.contains("\nhttps://carelink.example/x?a=1&b=2\n"),
            "an address stands on its own line"
        );
        assert!(mail.html.contains("href=\"https://carelink.example/x?a=1&amp;b=2\""));
    }

    #[test]
    fn what_people_typed_is_text() {
        let mail = rendered("<img src=x onerror=alert(1)>\"&");
        assert!(!mail.html.contains("<img"), "{}", mail.html);
        assert!(mail.html.contains("&lt;img src=x onerror=alert(1)&gt;&quot;&amp;"));
    }

    #[test]
    fn opening_a_mail_fetches_nothing() {
        let html = rendered("Camille").html;
        for remote in ["src=", "url(", "<link", "<script", "@import"] {
            assert!(!html.contains(remote), "{remote}");
        }
    }
}
