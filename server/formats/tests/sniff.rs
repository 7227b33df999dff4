//! What is neither PDF, JPEG nor PNG is named so, as early as its beginning allows.

mod support;
use formats::{Kind, Options, Refusal, Walk};
use support::*;

#[test]
fn nothing_is_empty() {
    assert_eq!(walk(b""), Err(Refusal::Empty));
}

#[test]
fn a_few_bytes_are_damaged_or_unknown() {
    for start in [&b"\xFF"[..], b"\xFF\xD8", b"\x89PN", b"\x89PNG\r\n\x1A", b"%PDF", b"%"] {
        assert_eq!(walk(start), Err(Refusal::Damaged), "{start:?}");
    }
    for start in [&b"a"[..], b" ", b"\0", b"PK", b"hello"] {
        assert_eq!(walk(start), Err(Refusal::UnknownType), "{start:?}");
    }
    for start in [&b"\xFF\xD8\xFF"[..], b"\x89PNG\r\n\x1A\n", b"%PDF-", b"%PDF-1.7\n"] {
        assert_eq!(walk(start), Err(Refusal::Damaged), "{start:?}");
    }
}

#[test]
fn other_formats_are_unknown() {
    for start in [
        &b"GIF89a\x01\0"[..],
        b"BM\x46\0\0\0",
        b"RIFF\x24\0\0\0WEBPVP8 ",
        b"\0\0\0\x18ftypheic",
        b"II*\0\x08\0\0\0",
        b"MM\0*\0\0\0\x08",
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        b"PK\x03\x04\x14\0",
        b"MZ\x90\0",
        b"#!/bin/sh\n",
        b"<html></html>",
        b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1",
        b"{\\rtf1}",
        b"plain text",
    ] {
        assert_eq!(walk(start), Err(Refusal::UnknownType), "{start:?}");
        assert_eq!(walk(&[start, &[0; 5000]].concat()), Err(Refusal::UnknownType), "{start:?}");
    }
}

#[test]
fn the_type_is_known_from_the_first_bytes_and_a_refusal_is_final() {
    let mut walk = Walk::new(Options::default());
    let mut out = Vec::new();
    assert_eq!(walk.kind(), None);
    walk.push(b"\xFF\xD8", &mut out).unwrap();
    assert_eq!(walk.kind(), None);
    walk.push(b"\xFF", &mut out).unwrap();
    assert_eq!(walk.kind(), Some(Kind::Jpeg));

    let mut walk = Walk::new(Options::default());
    assert_eq!(walk.push(&[b'x'; 1024], &mut out), Err(Refusal::UnknownType));
    assert_eq!(walk.push(&jpeg(), &mut out), Err(Refusal::UnknownType));
    assert_eq!(walk.finish(&mut out), Err(Refusal::UnknownType));
}
