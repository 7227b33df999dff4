//! What must hold of every page, in both languages.

use super::sample;
use super::texts::Lang;
use super::views::*;
use super::wire::Refused;

fn every_page(mut check: impl FnMut(Lang, &str, &str)) {
    for lang in Lang::ALL {
        for (name, html) in sample::pages(lang) {
            check(lang, name, &html);
        }
    }
}

/// The tags of a page, text between them left out; quoted values may hold `>`.
fn tags(html: &str) -> Vec<&str> {
    let (mut found, mut start, mut quoted) = (Vec::new(), None, false);
    for (i, c) in html.char_indices() {
        match (c, start) {
            ('<', None) => start = Some(i),
            ('"', Some(_)) => quoted = !quoted,
            ('>', Some(from)) if !quoted => {
                found.push(&html[from..=i]);
                start = None;
            }
            _ => {}
        }
    }
    found
}

fn attribute<'a>(tag: &'a str, name: &str) -> Option<&'a str> {
    tag.split_once(&format!(" {name}=\"")).and_then(|(_, rest)| rest.split('"').next())
}

#[test]
fn every_page_is_a_whole_document_in_its_language() {
    every_page(|lang, name, html| {
        assert!(html.starts_with(&format!("<!DOCTYPE html><html lang=\"{}\">", lang.code())), "{name}");
        for needed in
            ["<meta charset=\"utf-8\">", "name=\"viewport\"", "<title>", "</main>", "</footer>", "</html>"]
        {
            assert!(html.contains(needed), "{name} lacks {needed}");
        }
        assert_eq!(html.matches("<h1>").count(), 1, "{name}: one h1");
        assert!(!html.contains("<!>"), "{name}: hydration marks");
        assert!(html.contains(&format!("hreflang=\"{}\"", lang.other().code())), "{name}: language switch");
    });
}

#[test]
fn elements_are_closed_in_order() {
    const VOID: [&str; 5] = ["meta", "link", "input", "br", "path"];
    every_page(|_, name, html| {
        let mut open: Vec<&str> = Vec::new();
        for tag in tags(html).into_iter().skip(1) {
            let word = tag.trim_matches(['<', '>', '/']).split([' ', '/']).next().unwrap();
            if tag.starts_with("</") {
                if word != "path" {
                    assert_eq!(open.pop(), Some(word), "{name}: {tag}");
                }
            } else if !VOID.contains(&word) {
                open.push(word);
            }
        }
        assert!(open.is_empty(), "{name}: {open:?}");
    });
}

#[test]
fn no_page_carries_inline_style_or_handler() {
    every_page(|_, name, html| {
        for tag in tags(html) {
            let mut outside = String::new();
            for (i, part) in tag.split('"').enumerate() {
                if i % 2 == 0 {
                    outside.push_str(part);
                }
            }
            for word in outside.split_whitespace() {
                assert!(!word.starts_with("style="), "{name}: {tag}");
                assert!(!(word.starts_with("on") && word.contains('=')), "{name}: {tag}");
            }
            assert!(!tag.contains("javascript:"), "{name}: {tag}");
        }
        for script in html.split("<script").skip(1) {
            let inert = script.starts_with(" type=\"application/json\"");
            assert!(
                inert || script.starts_with(" src=\"/deposit.js\" defer></script>"),
                "{name}: executable script"
            );
        }
    });
}

#[test]
fn hostile_texts_stay_texts() {
    let mut page = sample::deposit();
    page.label = sample::HOSTILE.into();
    page.note = Some(sample::HOSTILE.into());
    page.establishment.name = sample::HOSTILE.into();
    page.establishment.slug = "x".into();
    page.privacy.controller = sample::HOSTILE.into();
    for lang in Lang::ALL {
        let html = super::deposit(&sample::shell(lang), &page);
        assert!(!html.contains("<img"));
        assert!(html.contains("&lt;img src=x"));
        let title = html.split("<title>").nth(1).and_then(|rest| rest.split("</title>").next()).unwrap();
        assert!(!title.contains('<'), "{title}");
        let code = EnterCode {
            establishment: sample::establishment(),
            typed: sample::HOSTILE.into(),
            problem: None,
        };
        let html = super::enter_code(&sample::shell(lang), &code);
        assert!(!html.contains("<img") && !html.contains("\" onfocus"));
    }
}

#[test]
fn every_reference_points_to_an_element() {
    every_page(|_, name, html| {
        let ids: Vec<&str> = tags(html).into_iter().filter_map(|tag| attribute(tag, "id")).collect();
        for (i, id) in ids.iter().enumerate() {
            assert!(!ids[..i].contains(id), "{name}: id {id} twice");
        }
        for tag in tags(html) {
            for key in ["for", "aria-describedby", "aria-labelledby"] {
                for id in attribute(tag, key).unwrap_or_default().split_whitespace() {
                    assert!(ids.contains(&id), "{name}: {key}={id}");
                }
            }
            if let Some(id) = attribute(tag, "href").and_then(|href| href.strip_prefix('#')) {
                assert!(ids.contains(&id), "{name}: #{id}");
            }
        }
    });
}

#[test]
fn an_error_is_announced_and_tied_to_its_field() {
    for (page, field, error) in [
        ("code-wrong", "id=\"code\"", "code-error"),
        ("deposit-refused", "id=\"file\"", "file-error"),
        ("home-short", "id=\"q\"", "q-error"),
    ] {
        for lang in Lang::ALL {
            let pages = sample::pages(lang);
            let html = &pages.iter().find(|(name, _)| *name == page).unwrap().1;
            assert!(html.contains("role=\"alert\" tabindex=\"-1\" autofocus"), "{page}");
            let field = tags(html).into_iter().find(|tag| tag.contains(field)).unwrap();
            assert_eq!(attribute(field, "aria-invalid"), Some("true"), "{page}");
            assert!(attribute(field, "aria-describedby").unwrap().contains(error), "{page}");
            assert!(html.contains(&format!("<title>{}", lang.texts().common.error_prefix)), "{page}");
        }
    }
}

#[test]
fn forms_that_change_something_begin_with_the_csrf_token() {
    every_page(|_, name, html| {
        for form in html.split("<form").skip(1).filter(|form| form.contains("method=\"post\"")) {
            let after = form.split_once('>').unwrap().1;
            assert!(
                after.starts_with("<input type=\"hidden\" name=\"csrf\" value=\"csrf-token\">"),
                "{name}"
            );
        }
    });
}

#[test]
fn the_deposit_form_keeps_the_order_that_the_server_streams() {
    let html = super::deposit(&sample::shell(Lang::Fr), &sample::deposit());
    let at = |name: &str| html.find(&format!("name=\"{name}\"")).unwrap();
    assert!(at("csrf") < at("idempotency_key") && at("idempotency_key") < at("file"));
    assert_eq!(html.matches(" name=\"file\"").count(), 1);
    assert!(html.contains("enctype=\"multipart/form-data\""));
}

#[test]
fn the_receipt_names_no_content() {
    // A receipt has no field for a name or a label; this keeps the sample honest if one is ever added.
    for lang in Lang::ALL {
        let html = super::receipt(&sample::shell(lang), &sample::receipt());
        assert!(!html.contains("Ordonnance") && !html.contains(".jpg") && !html.contains(".pdf"));
    }
}

#[test]
fn a_receipt_whose_files_are_all_gone_is_final() {
    let mut page = sample::receipt();
    assert!(!super::receipt(&sample::shell(Lang::Fr), &page).contains("data-final"));
    page.files.retain(|file| matches!(file.end, FileEnd::Deleted { .. }));
    assert!(super::receipt(&sample::shell(Lang::Fr), &page).contains("data-final"));
}

#[test]
fn every_refusal_has_one_sentence_per_language_and_its_own_kind() {
    let mut kinds = Vec::new();
    for refusal in sample::refusals() {
        assert!(!kinds.contains(&refusal.kind()));
        kinds.push(refusal.kind());
        let [fr, en] = Lang::ALL.map(|lang| Refused::new(lang, refusal, "id".into()).message);
        assert_ne!(fr, en);
        assert!(fr.ends_with('.') && en.ends_with('.'), "{fr} {en}");
        assert!((400..600).contains(&refusal.status()));
    }
}

#[test]
fn limits_and_waits_are_said_in_words_and_never_promise_too_much() {
    let fr = &Lang::Fr.texts().common;
    // As the establishment set them: 10 and 100, never 104.
    assert_eq!(super::parts::limit(fr, 10_485_760), "10\u{a0}Mo");
    assert_eq!(super::parts::limit(fr, 104_857_600), "100\u{a0}Mo");
    for (seconds, words) in
        [(1, "1\u{a0}seconde"), (61, "61\u{a0}secondes"), (121, "3\u{a0}minutes"), (7_200, "2\u{a0}heures")]
    {
        assert_eq!(super::parts::wait(fr, seconds), words);
    }
}

#[test]
fn the_language_is_the_address_then_the_cookie_then_the_browser_then_french() {
    assert_eq!(Lang::choose(Some("en"), Some("fr"), Some("fr")), Lang::En);
    assert_eq!(Lang::choose(Some("xx"), Some("en"), None), Lang::En);
    assert_eq!(Lang::choose(None, None, Some("de, en-GB;q=0.8, fr;q=0.5")), Lang::En);
    assert_eq!(Lang::choose(None, None, Some("en;q=0, fr;q=0.1")), Lang::Fr);
    assert_eq!(Lang::choose(None, None, Some("de")), Lang::Fr);
    assert_eq!(Lang::choose(None, None, None), Lang::Fr);
}

/// Writes every page to the folder named by `DEPOSIT_PAGES` at build time, to look at them.
#[test]
fn pages_can_be_written_out() {
    let Some(folder) = option_env!("DEPOSIT_PAGES") else { return };
    every_page(|lang, name, html| {
        std::fs::write(format!("{folder}/{name}.{}.html", lang.code()), html).unwrap();
    });
}
