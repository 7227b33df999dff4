//! Honest PDFs pass byte for byte, odd ones too; encrypted, cut and disguised ones don't.

#![expect(clippy::unwrap_used, reason = "a test helper that fails fails its test")]

mod support;
use formats::{Kind, Refusal};
use support::*;

fn passes(file: &[u8]) {
    let (outcome, out) = walk(file).unwrap();
    assert_eq!((outcome.kind, outcome.stripped, outcome.trailing_dropped), (Kind::Pdf, false, 0));
    assert_eq!((outcome.width, outcome.height), (None, None));
    assert_eq!(out, file);
}

fn refused(file: &[u8]) -> Refusal {
    walk(file).map(|_| ()).unwrap_err()
}

fn then(file: &[u8], more: &[u8]) -> Vec<u8> {
    [file, more].concat()
}

#[test]
fn a_plain_pdf_passes() {
    passes(&pdf());
    passes(pdf().trim_ascii_end());
}

#[test]
fn stray_bytes_before_the_header_pass() {
    for preface in
        [&b"\n\n"[..], b"\xEF\xBB\xBF", b"\0\0\0", b"\xEF\xBB\xBF\r\n ", b"xx 3 < 4 ", &[b' '; 1019]]
    {
        passes(&then(preface, &pdf()));
    }
    assert_eq!(refused(&then(&[b' '; 1020], &pdf())), Refusal::UnknownType);
}

#[test]
fn blanks_after_the_end_pass_however_many() {
    passes(&then(&pdf(), b"\r\n \t\0\x0C"));
    passes(&then(&pdf(), &vec![0; 100_000]));
    passes(&then(&pdf(), b"%%EOF\n"));
}

#[test]
fn revisions_pass_and_linearized_files_too() {
    let update = b"\n9 0 obj\n<< /A 1 >>\nendobj\nxref\n9 1\n0000000500 00000 n \ntrailer\n<< /Prev 9 >>\nstartxref\n500\n%%EOF\n";
    passes(&then(&pdf(), update));
    passes(&then(&then(&pdf(), update), update));
    let first = b"%PDF-1.5\n1 0 obj\n<< /Linearized 1 /L 9999 >>\nendobj\nxref\n0 1\n0000000000 65535 f \ntrailer\n<< /Size 9 >>\nstartxref\n0\n%%EOF\n";
    let rest = b"2 0 obj\n<<>>\nendobj\nxref\n0 1\n0000000000 65535 f\ntrailer\n<< /Size 2 >>\nstartxref\n55\n%%EOF\n";
    passes(&then(first, rest));
    // Only the first section came through.
    assert_eq!(refused(first), Refusal::Damaged);
}

fn xref_stream(more: &str) -> Vec<u8> {
    format!("%PDF-1.5\n1 0 obj\n<<>>\nendobj\n2 0 obj\n<< /Length 4 {more} >>\nstream\r\n\x01\x02\x03\x04\r\nendstream\nendobj\nstartxref\n29\n%%EOF").into_bytes()
}

#[test]
fn cross_reference_streams_pass() {
    passes(&xref_stream("/Type /XRef /W [1 2 1] /Root 1 0 R"));
}

#[test]
fn encryption_is_found_wherever_it_can_be_declared() {
    for trailer in [
        "/Encrypt 5 0 R",
        "/Encrypt << /Filter /Standard /V 4 >>",
        "/Encr#79pt 5 0 R",
        "/ID[<00><00>]/Encrypt 5 0 R",
        "/Info << /Encrypt null >> /Encrypt 5 0 R",
        "/A (x) /B /C /D 1 /E [1 2] /Encrypt%c\n5 0 R",
    ] {
        assert_eq!(refused(&pdf_of(&[CATALOG, PAGES], trailer)), Refusal::Encrypted, "{trailer}");
    }
    assert_eq!(refused(&xref_stream("/Type /XRef /Encrypt 5 0 R")), Refusal::Encrypted);
    assert_eq!(refused(&xref_stream("/Encrypt 5 0 R /Type/XRef")), Refusal::Encrypted);
}

#[test]
fn the_word_encrypt_elsewhere_is_just_a_word() {
    for trailer in [
        "/Title (/Encrypt 5 0 R)",
        "/Info << /Encrypt 5 0 R >>",
        "/Info << /Encrypt 5 0 R >> /Other /Name",
        "/Encrypt null",
        "/Name /Encrypt /Other 5 0 R",
        "/A [/Encrypt 5 0 R]",
        "% /Encrypt 5 0 R\n",
        "/A (\\) /Encrypt 5 0 R (()) )",
        "/Encryption 5 0 R",
    ] {
        passes(&pdf_of(
            &[CATALOG, PAGES, b"(trailer << /Encrypt 1 0 R >>)", b"<< /Encrypt 5 0 R >>"],
            trailer,
        ));
    }
    passes(&xref_stream("/Type /ObjStm /Encrypt 5 0 R"));
    passes(&pdf_with(&stream("29", b"trailer << /Encrypt 5 0 R >> ")));
    passes(&pdf_with(&stream("5 0 R", b"trailer << /Encrypt 5 0 R >> ")));
}

#[test]
fn a_stream_ends_where_it_says_or_else_where_it_ends() {
    let data = b"( [ << <h % \xFF\xFE( endstrea endstrendstrea";
    for length in [data.len().to_string(), "5 0 R".into(), "3".into(), "40".into(), "99".into(), "0".into()] {
        passes(&pdf_with(&stream(&length, data)));
        assert_eq!(walk(&pdf_with(&stream(&length, data))[..250]).map(|_| ()), Err(Refusal::Damaged));
    }
    for length in 0..40 {
        passes(&pdf_with(&stream(&length.to_string(), b"abc")));
    }
    passes(&pdf_with(&stream("99999 0 R", b"abc")));
    passes(&pdf_with(b"<< /Length 0 >>stream\nendstream"));
    passes(&pdf_with(b"<< /Length 5 0 R >> stream\nabcendstrendstream"));
    passes(&pdf_with(b"<< /Length 4 >> stream \r\nabcdendstream"));
    passes(&pdf_with(b"<< /Length 4 >> stream\rabcd\rendstream"));
    passes(&pdf_with(b"<< /Length 4 >> stream\rabcendstream"));
}

#[test]
fn a_pdf_attached_in_clear_is_an_attachment() {
    let inner = pdf_of(&[CATALOG, b"<< /Length 3 >> stream\nabc\nendstream"], "/Encrypt 5 0 R");
    let outer = pdf_with(&stream(&inner.len().to_string(), &inner));
    passes(&outer);
    // Cut right after the attachment's own end: still cut.
    let cut = memchr::memmem::find(&outer, b"%%EOF").unwrap() + 6;
    assert_eq!(refused(&outer[..cut]), Refusal::Damaged);
    // Without a direct length the first `endstream` counts; an unencrypted attachment passes all the same.
    let inner = pdf_of(&[CATALOG, b"<< /Length 3 >> stream\nabc\nendstream"], "");
    passes(&pdf_with(&stream("5 0 R", &inner)));
}

#[test]
fn one_wrong_length_does_not_spoil_the_next_stream() {
    let encrypted = pdf_of(&[b"<< /Length 3 >> stream\nabc\nendstream"], "/Encrypt 5 0 R");
    let attached = stream(&encrypted.len().to_string(), &encrypted);
    let wrong = stream("40", b"abc");
    passes(&pdf_of(&[CATALOG, PAGES, &attached, &wrong, PAGE], ""));
    passes(&pdf_of(&[CATALOG, PAGES, &wrong, &attached, PAGE], ""));
}

#[test]
fn careless_generators_pass() {
    passes(&pdf_of(&[CATALOG, PAGES, b"<< /Title (Scan :( ) >>", b"<< >>"], ""));
    passes(&pdf_of(&[CATALOG, b"<< /Title (Scan :) ) >>"], ""));
    passes(&pdf_of(&[CATALOG, b"<< /A <zz> /B >"], ""));
    passes(&pdf_of(&[CATALOG, b"stream"], ""));
    passes(b"%PDF-1.3\r1 0 obj<</A 1>>endobj\rxref\r0 1\rtrailer<<>>startxref 31%%EOF");
}

#[test]
fn every_cut_is_noticed() {
    for file in [pdf(), xref_stream("/Type /XRef")] {
        for end in 1..file.trim_ascii_end().len() {
            let refusal = refused(&file[..end]);
            assert_eq!(refusal, Refusal::Damaged, "{end}");
        }
    }
}

#[test]
fn the_end_has_its_three_parts_and_an_object_went_before() {
    assert_eq!(refused(b"%PDF-1.4\nxref\ntrailer<<>>\nstartxref\n9\n%%EOF"), Refusal::Damaged);
    assert_eq!(refused(b"%PDF-1.4\n1 0 obj<<>>endobj\nstartxref\n%%EOF"), Refusal::Damaged);
    assert_eq!(refused(b"%PDF-1.4\n1 0 obj<<>>endobj\n9\n%%EOF"), Refusal::Damaged);
    assert_eq!(refused(b"%PDF-1.4\n1 0 obj<<>>endobj\nstartxref\nx\n%%EOF"), Refusal::Damaged);
    assert_eq!(refused(b"%PDF-1.4\n1 0 obj (startxref\n9\n%%EOF"), Refusal::Damaged);
    passes(b"%PDF-1.4\n1 0 obj<<>>endobj\nstartxref\n9\n%%EOF");
}

#[test]
fn another_format_before_the_header_is_refused() {
    for preface in [
        &b"PK\x03\x04\x14\0"[..],
        b"MZ\x90\0",
        b"\x7FELF\x02",
        b"#!/bin/sh\n",
        b"<html>",
        b"<?php ?>",
        b"<!DOCTYPE html>",
        b"\xEF\xBB\xBF <script>",
        b"\xEF\xBB\xBF\n#!/bin/sh\n",
        b"hello <b>",
        b"Rar!\x1A\x07",
        b"7z\xBC\xAF\x27\x1C",
        b"\x1F\x8B\x08",
        b"GIF89a",
        b"RIFF",
        b"%!PS\n",
        b"junk PK\x03\x04",
        b"\0\0\0\x18ftypheic",
    ] {
        assert_eq!(refused(&then(preface, &pdf())), Refusal::ForeignContent, "{preface:?}");
    }
    let mut tar = vec![0; 512];
    tar[257..262].copy_from_slice(b"ustar");
    assert_eq!(refused(&then(&tar, &pdf())), Refusal::ForeignContent);
    let mut dicom = vec![0; 132];
    dicom[128..].copy_from_slice(b"DICM");
    assert_eq!(refused(&then(&dicom, &pdf())), Refusal::ForeignContent);
}

#[test]
fn another_format_after_the_end_is_refused() {
    for tail in [
        &b"PK\x03\x04\x14\0rest"[..],
        b"MZ\x90\0",
        b"\x7FELF\x02",
        b"#!/bin/sh\n",
        b"<html>",
        b"<script>x</script>",
        b"<?php",
        b"</a>",
        b"Rar!\x1A\x07",
        b"7z\xBC\xAF\x27\x1C",
        b"\x1F\x8B\x08",
        b"GIF89a",
        b"\xFF\xD8\xFF\xE0",
    ] {
        for gap in [&b""[..], b"\n", b"\0\0"] {
            let file = [pdf().trim_ascii_end(), gap, tail].concat();
            assert_eq!(refused(&file), Refusal::ForeignContent, "{tail:?}");
            // A second, faked end doesn't help.
            let faked = then(&file, b"\nstartxref\n9\n%%EOF");
            assert_eq!(refused(&faked), Refusal::ForeignContent, "{tail:?}");
        }
    }
    for tail in [&b"junk"[..], b"(text)", b"/Name", b"<<>>", b"% comment\n", b"12", b"[", b"\xFF\xFE", b"{"] {
        assert_eq!(refused(&then(&pdf(), tail)), Refusal::Damaged, "{tail:?}");
    }
}

#[test]
fn junk_after_the_end_is_not_excused_by_another_end() {
    for tail in [&b"junk"[..], b"(text)", b"/Name", b"<<>>", b"[", b"{"] {
        let faked = [&pdf(), tail, b"\nstartxref\n9\n%%EOF"].concat();
        assert_eq!(refused(&faked), Refusal::Damaged, "{tail:?}");
    }
}

#[test]
fn another_format_between_objects_is_refused() {
    let between = |what: &[u8]| [b"%PDF-1.4\n", what, &pdf()[..]].concat();
    assert_eq!(refused(&between(b"<script>alert(1)</script>\n")), Refusal::ForeignContent);
    assert_eq!(refused(&between(b"PK\x03\x04\x14\0\n")), Refusal::ForeignContent);
    passes(&between(b"% a comment\n"));
}
