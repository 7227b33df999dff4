//! Original file names are data: shown to people and given back on download, never a path. Two jobs: make a
//! stranger's name harmless to look at, and put any name into a header (RFC 6266, RFC 8187).

use std::fmt::Write as _;

/// Longest name kept, in characters.
const MAX_CHARS: usize = 200;
/// Longest extension that survives shortening, in characters, without its dot.
const MAX_EXTENSION: usize = 10;
const NAMELESS: &str = "document";

/// A name fit for display: the last component of whatever path came (`/` and `\`), without control characters
/// or invisible ones that reorder or hide text (`fdp.exe` must not read `exe.pdf`), blanks collapsed, no dot or
/// blank at either end, at most 200 characters with the extension kept, never empty (`document`).
/// Applying it twice changes nothing.
#[must_use]
pub fn display_name(raw: &str) -> String {
    let last = raw.split(['/', '\\']).map(clean).rfind(|component| !component.is_empty());
    match last {
        Some(name) => shorten(&name),
        None => NAMELESS.to_owned(),
    }
}

/// The value of `Content-Disposition` for a download under this name: `attachment`, an ASCII fallback and the
/// real name in RFC 8187 encoding. Always visible ASCII and spaces, for any input; [`display_name`] is applied.
#[must_use]
pub fn content_disposition(name: &str) -> String {
    let name = display_name(name);
    let mut value = format!("attachment; filename=\"{}\"; filename*=UTF-8''", fallback(&name));
    for byte in name.bytes() {
        // `attr-char` of RFC 8187 §3.2.1; everything else is percent-encoded.
        if byte.is_ascii_alphanumeric() || b"!#$&+-.^_`|~".contains(&byte) {
            value.push(char::from(byte));
        } else {
            let _ = write!(value, "%{byte:02X}"); // Writing to a `String` can't fail.
        }
    }
    value
}

fn clean(component: &str) -> String {
    let mut name = String::new();
    let visible = component.chars().filter(|&c| c.is_whitespace() || !hidden(c));
    for c in visible.map(|c| if c.is_whitespace() { ' ' } else { c }) {
        if c != ' ' || !name.ends_with(' ') {
            name.push(c);
        }
    }
    name.trim_matches([' ', '.']).to_owned()
}

/// Control, bidirectional and zero-width characters, tags. ZWNJ and ZWJ stay: Persian, Indic and emoji need them.
fn hidden(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{61C}' | '\u{180E}' | '\u{200B}' | '\u{200E}' | '\u{200F}' | '\u{202A}'..='\u{202E}'
            | '\u{2060}'..='\u{206F}' | '\u{FEFF}' | '\u{FFF9}'..='\u{FFFB}' | '\u{E0000}'..='\u{E007F}')
}

fn shorten(name: &str) -> String {
    let total = name.chars().count();
    if total <= MAX_CHARS {
        return name.to_owned();
    }
    let extension = extension(name);
    let kept = MAX_CHARS - extension.chars().count();
    let stem: String = name.chars().take(kept).collect();
    format!("{}{extension}", stem.trim_end_matches([' ', '.']))
}

/// The extension with its dot, or nothing.
fn extension(name: &str) -> &str {
    let Some(dot) = name.rfind('.') else { return "" };
    let letters = &name[dot + 1..];
    let short = (1..=MAX_EXTENSION).contains(&letters.len());
    if short && letters.bytes().all(|b| b.is_ascii_alphanumeric()) { &name[dot..] } else { "" }
}

/// For clients that don't know `filename*`. No `%`: RFC 6266 Appendix D warns that some decode it.
fn fallback(name: &str) -> String {
    let safe = |c: char| c.is_ascii_alphanumeric() || " -_.,()+=@".contains(c);
    let extension = extension(name);
    let stem = &name[..name.len() - extension.len()];
    if !stem.contains(|c: char| c.is_ascii_alphanumeric()) {
        return format!("{NAMELESS}{extension}");
    }
    name.chars().map(|c| if safe(c) { c } else { '_' }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_path_is_reduced_to_its_last_component() {
        assert_eq!(display_name("../../etc/passwd"), "passwd");
        assert_eq!(display_name(r"C:\Users\moi\Ordonnance.pdf"), "Ordonnance.pdf");
        assert_eq!(display_name("dir/scan.pdf/"), "scan.pdf");
    }

    #[test]
    fn nothing_usable_is_called_document() {
        for raw in ["", " ", "..", "/", "...", "\u{202E}", "\0\r\n", ". / ."] {
            assert_eq!(display_name(raw), "document", "{raw:?}");
        }
    }

    #[test]
    fn text_cannot_be_reordered_or_hidden() {
        assert_eq!(display_name("photo\u{202E}gpj.exe"), "photogpj.exe");
        assert_eq!(display_name("a\r\nSet-Cookie: b.pdf"), "a Set-Cookie: b.pdf");
        assert_eq!(display_name("photo.jpg\t \u{A0}      .exe"), "photo.jpg .exe");
        assert_eq!(display_name("a\u{200B}b\u{FEFF}.pdf"), "ab.pdf");
    }

    #[test]
    fn honest_names_are_left_alone() {
        for name in [
            "Ordonnance n°2 – Mme Élodie.pdf",
            "診断書.pdf",
            "تقرير.pdf",
            "می‌خواهم.jpg",
            "👩‍⚕️.png",
            "IMG_0001.HEIC",
        ] {
            assert_eq!(display_name(name), name);
        }
    }

    #[test]
    fn a_long_name_keeps_its_extension() {
        let long = display_name(&format!("{}.jpeg", "é".repeat(500)));
        assert_eq!(long.chars().count(), 200);
        assert!(long.ends_with("é.jpeg"));
        assert_eq!(display_name(&"x".repeat(500)).len(), 200);
    }

    #[test]
    fn the_header_carries_both_names() {
        assert_eq!(
            content_disposition("Résumé \"1\".pdf"),
            "attachment; filename=\"R_sum_ _1_.pdf\"; filename*=UTF-8''R%C3%A9sum%C3%A9%20%221%22.pdf"
        );
        assert_eq!(
            content_disposition("診断書.pdf"),
            "attachment; filename=\"document.pdf\"; filename*=UTF-8''%E8%A8%BA%E6%96%AD%E6%9B%B8.pdf"
        );
    }

    proptest! {
        #[test]
        fn a_display_name_is_bounded_visible_and_stable(raw in any::<String>()) {
            let name = display_name(&raw);
            prop_assert!(!name.is_empty() && name.chars().count() <= 200);
            prop_assert!(!name.contains(['/', '\\']) && !name.contains(hidden));
            prop_assert_eq!(display_name(&name), name);
        }

        #[test]
        fn long_names_are_stable_too(raw in "[ a.é]{150,300}\\.[a-z]{1,12}") {
            let name = display_name(&raw);
            prop_assert!(name.chars().count() <= 200);
            prop_assert_eq!(display_name(&name), name);
        }

        #[test]
        fn a_header_value_cannot_be_broken_out_of(raw in any::<String>()) {
            let value = content_disposition(&raw);
            prop_assert!(value.bytes().all(|b| (0x20..0x7F).contains(&b)));
            prop_assert!(http::HeaderValue::from_str(&value).is_ok());
            prop_assert_eq!(value.matches('"').count(), 2);
            prop_assert!(!value.contains('\\'));
            let (fallback, extended) = value.strip_prefix("attachment; filename=\"").unwrap()
                .split_once("\"; filename*=UTF-8''").unwrap();
            prop_assert!(!fallback.is_empty() && !fallback.contains(['%', '"', '/']));
            prop_assert!(extended.bytes().all(|b| b.is_ascii_alphanumeric() || b"!#$&+-.^_`|~%".contains(&b)));
            prop_assert_eq!(decode(extended), display_name(&raw));
        }
    }

    fn decode(extended: &str) -> String {
        let mut bytes = Vec::new();
        let mut rest = extended.bytes();
        while let Some(byte) = rest.next() {
            if byte == b'%' {
                let hex = [rest.next().unwrap(), rest.next().unwrap()];
                bytes.push(u8::from_str_radix(std::str::from_utf8(&hex).unwrap(), 16).unwrap());
            } else {
                bytes.push(byte);
            }
        }
        String::from_utf8(bytes).unwrap()
    }
}
