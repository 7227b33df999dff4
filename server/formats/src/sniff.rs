//! The first bytes of a file: which walk to start, and what other formats look like. Only used to choose and
//! to refuse; acceptance is the walk's business.

use memchr::memmem;

use crate::{Kind, Refusal};

/// How much of a file may precede its PDF header, header included. ISO 32000-1 Annex H note 13: "within the
/// first 1024 bytes".
pub(crate) const HEAD: usize = 1024;

const JPEG: &[u8] = b"\xFF\xD8\xFF";
const PNG: &[u8] = b"\x89PNG\r\n\x1A\n";
pub(crate) const PDF: &[u8] = b"%PDF-";

/// What other formats start with.
const FOREIGN: &[&[u8]] = &[
    b"PK\x03\x04",
    b"PK\x05\x06",
    b"PK\x07\x08",
    b"Rar!",
    b"7z\xBC\xAF",
    b"\x1F\x8B",
    b"BZh",
    b"\xFD7zXZ",
    b"\x28\xB5\x2F\xFD",
    b"MSCF",
    b"!<arch>",
    b"\xD0\xCF\x11\xE0",
    b"MZ",
    b"\x7FELF",
    b"\xFE\xED\xFA\xCE",
    b"\xFE\xED\xFA\xCF",
    b"\xCE\xFA\xED\xFE",
    b"\xCF\xFA\xED\xFE",
    b"\xCA\xFE\xBA\xBE",
    b"\0asm",
    b"#!",
    b"%!PS",
    b"{\\rtf",
    b"GIF8",
    b"BM",
    b"RIFF",
    b"II*",
    b"MM\0*",
    JPEG,
    b"\x89PNG",
    b"SQLite format 3",
];

/// Decides from the first bytes (at most [`HEAD`] of them): `None` while undecided. Whether `head` came in one piece or many makes no
/// difference, because a decision once reached holds for every longer head.
pub(crate) fn decide(head: &[u8]) -> Option<Result<Kind, Refusal>> {
    if head.starts_with(JPEG) {
        return Some(Ok(Kind::Jpeg));
    }
    if head.starts_with(PNG) {
        return Some(Ok(Kind::Png));
    }
    match memmem::find(head, PDF) {
        Some(at) if foreign_before_pdf(&head[..at]) => Some(Err(Refusal::ForeignContent)),
        Some(_) => Some(Ok(Kind::Pdf)),
        None if head.len() >= HEAD => Some(Err(Refusal::UnknownType)),
        None => None,
    }
}

/// The verdict on a whole file that was too short for [`decide`].
pub(crate) fn too_short(head: &[u8]) -> Refusal {
    if head.is_empty() {
        Refusal::Empty
    } else if [JPEG, PNG, PDF].iter().any(|signature| signature.starts_with(head)) {
        Refusal::Damaged
    } else {
        Refusal::UnknownType
    }
}

/// Whether `bytes` start as another known format.
pub(crate) fn foreign(bytes: &[u8]) -> bool {
    FOREIGN.iter().any(|signature| bytes.starts_with(signature)) || markup(bytes)
}

/// `<` and what may open a tag, a comment, a doctype or a processing instruction.
fn markup(bytes: &[u8]) -> bool {
    matches!(bytes, [b'<', next, ..] if next.is_ascii_alphabetic() || b"!?/".contains(next))
}

/// Honest files have blanks, a byte-order mark or a few stray bytes before `%PDF-`; archives, scripts and pages
/// that carry a PDF have their own beginning there.
fn foreign_before_pdf(preface: &[u8]) -> bool {
    let text = preface.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(preface).trim_ascii_start();
    foreign(preface)
        || foreign(text)
        || preface.windows(2).any(markup)
        || memmem::find(preface, b"PK\x03\x04").is_some()
        || preface.get(4..8) == Some(b"ftyp")
        || preface.get(128..132) == Some(b"DICM")
        || preface.get(257..262) == Some(b"ustar")
}
