//! Whole PNGs pass with what decides colours; anything hidden, stale or broken doesn't.

mod support;
use formats::{Kind, Refusal};
use support::*;

#[test]
fn a_plain_png_passes_byte_for_byte() {
    for walked in [walk(&png()), walk_keeping(&png())] {
        let (outcome, out) = walked.unwrap();
        assert_eq!(out, png());
        assert_eq!((outcome.kind, outcome.stripped, outcome.trailing_dropped), (Kind::Png, false, 0));
        assert_eq!((outcome.width, outcome.height), (Some(37), Some(23)));
    }
}

#[test]
fn texts_times_and_unknown_chunks_are_dropped_and_pixels_stay() {
    let kinds = [b"tEXt", b"zTXt", b"iTXt", b"tIME", b"prVt", b"caBX", b"dSIG"];
    let odd = png_with(&kinds.map(|kind| chunk(*kind, b"GPS\0text")));
    let (outcome, out) = walk(&odd).unwrap();
    assert_eq!(out, png());
    assert!(outcome.stripped);
    assert_eq!(pixels(&out), pixels(&odd));
    let (kept, same) = walk_keeping(&odd).unwrap();
    assert_eq!((kept.stripped, same), (false, odd));
}

#[test]
fn what_decides_colours_stays() {
    let kinds =
        [b"iCCP", b"sRGB", b"gAMA", b"cHRM", b"pHYs", b"tRNS", b"bKGD", b"sBIT", b"hIST", b"sPLT", b"cICP"];
    let odd = png_with(&kinds.map(|kind| chunk(*kind, b"data")));
    let (outcome, out) = walk(&odd).unwrap();
    assert_eq!((outcome.stripped, out), (false, odd));
}

#[test]
fn of_exif_only_the_orientation_stays() {
    let minimal = |o| chunk(*b"eXIf", &minimal_exif(o)[10..]);
    assert_eq!(walk(&png_with(&[chunk(*b"eXIf", &tiff(6))])).unwrap().1, png_with(&[minimal(6)]));
    assert_eq!(walk(&png_with(&[chunk(*b"eXIf", &tiff(1))])).unwrap().1, png());
    assert_eq!(walk(&png_with(&[chunk(*b"eXIf", b"broken")])).unwrap().1, png());
    assert_eq!(walk(&png_with(&[chunk(*b"eXIf", &[tiff(6), vec![0; 70_000]].concat())])).unwrap().1, png());
    let two = png_with(&[chunk(*b"eXIf", &tiff(6)), chunk(*b"eXIf", &tiff(3))]);
    assert_eq!(walk(&two).unwrap().1, png_with(&[minimal(6)]));
    assert!(!walk(&png_with(&[minimal(6)])).unwrap().0.stripped);
}

#[test]
fn hidden_frames_are_dropped_always() {
    let odd = png_with(&[b"acTL", b"fcTL", b"fdAT"].map(|kind| chunk(*kind, b"frame")));
    for walked in [walk(&odd), walk_keeping(&odd)] {
        let (outcome, out) = walked.unwrap();
        assert_eq!((outcome.stripped, out), (true, png()));
    }
}

#[test]
fn the_leftovers_of_a_cropped_screenshot_are_dropped() {
    let odd = [png(), chunk(*b"IDAT", &[7; 999]), chunk(*b"IEND", b"")].concat();
    let (outcome, out) = walk(&odd).unwrap();
    assert_eq!(out, png());
    assert_eq!(outcome.trailing_dropped, 999 + 24);
}

#[test]
fn every_flipped_bit_is_noticed() {
    let plain = png();
    for at in 8..plain.len() {
        let mut broken = plain.clone();
        broken[at] ^= 0x20;
        assert!(walk(&broken).is_err(), "byte {at}");
    }
}

fn png_of(header: &[u8], chunks: &[Vec<u8>]) -> Vec<u8> {
    [&b"\x89PNG\r\n\x1A\n"[..], &chunk(*b"IHDR", header), &chunks.concat(), &chunk(*b"IEND", b"")].concat()
}

#[test]
fn the_header_is_checked_before_any_data() {
    let data = [chunk(*b"IDAT", b"data")];
    let sized = |w: u32, h: u32, rest: [u8; 5]| {
        let header = [&w.to_be_bytes()[..], &h.to_be_bytes(), &rest].concat();
        walk(&png_of(&header, &data)).map(|(outcome, _)| outcome.width)
    };
    let rgb = [8, 2, 0, 0, 0];
    assert_eq!(sized(10_000, 10_000, rgb), Ok(Some(10_000)));
    assert_eq!(sized(10_001, 10_000, rgb), Err(Refusal::TooManyPixels));
    assert_eq!(sized(0x7FFF_FFFF, 0x7FFF_FFFF, rgb), Err(Refusal::TooManyPixels));
    assert_eq!(sized(0x8000_0000, 1, rgb), Err(Refusal::Damaged));
    for (w, h, rest) in [
        (0, 1, rgb),
        (1, 0, rgb),
        (1, 1, [4, 2, 0, 0, 0]),
        (1, 1, [8, 5, 0, 0, 0]),
        (1, 1, [16, 3, 0, 0, 0]),
        (1, 1, [8, 2, 1, 0, 0]),
        (1, 1, [8, 2, 0, 1, 0]),
        (1, 1, [8, 2, 0, 0, 2]),
    ] {
        assert_eq!(sized(w, h, rest), Err(Refusal::Damaged), "{w} {h} {rest:?}");
    }
    assert_eq!(sized(1, 1, [16, 6, 0, 0, 1]), Ok(Some(1)));
}

#[test]
fn order_is_checked() {
    let (rgb, indexed) = (b"\0\0\0\x04\0\0\0\x04\x08\x02\0\0\0", b"\0\0\0\x04\0\0\0\x04\x08\x03\0\0\0");
    let (idat, plte) = (chunk(*b"IDAT", b"data"), chunk(*b"PLTE", b"rgbrgb"));
    let text = chunk(*b"tEXt", b"text");
    let check = |header, chunks: &[&Vec<u8>]| {
        let chunks: Vec<_> = chunks.iter().map(|&chunk| chunk.clone()).collect();
        walk(&png_of(header, &chunks)).map(|_| ())
    };
    assert_eq!(check(rgb, &[&plte, &idat, &idat, &text]), Ok(()));
    assert_eq!(check(indexed, &[&plte, &idat]), Ok(()));
    for (rule, header, chunks) in [
        ("no data", rgb, vec![]),
        ("empty data", rgb, vec![&chunk(*b"IDAT", b"")]),
        ("data in two places", rgb, vec![&idat, &text, &idat]),
        ("a second header", rgb, vec![&chunk(*b"IHDR", rgb), &idat]),
        ("indexed without palette", indexed, vec![&idat]),
        ("palette after data", rgb, vec![&idat, &plte]),
        ("two palettes", rgb, vec![&plte, &plte, &idat]),
        ("palette not of threes", rgb, vec![&chunk(*b"PLTE", b"rgbr"), &idat]),
        ("palette too long", rgb, vec![&chunk(*b"PLTE", &[0; 771]), &idat]),
        ("unknown critical chunk", rgb, vec![&chunk(*b"HTML", b"x"), &idat]),
        ("a name that isn't letters", rgb, vec![&chunk(*b"tE<t", b"x"), &idat]),
    ] {
        assert_eq!(check(header, &chunks), Err(Refusal::Damaged), "{rule}");
    }
    let headless = [&png()[..8], &png()[AFTER_IHDR..]].concat();
    assert_eq!(walk(&headless), Err(Refusal::Damaged));
}

#[test]
fn a_chunk_longer_than_the_format_allows_is_refused_at_its_header() {
    let mut walk = formats::Walk::new(formats::Options::default());
    let start = [&png()[..AFTER_IHDR], b"\x80\0\0\0tEXt"].concat();
    assert_eq!(walk.push(&start, &mut Vec::new()), Err(Refusal::Damaged));
    assert_eq!(walk.push(b"more", &mut Vec::new()), Err(Refusal::Damaged));
}
