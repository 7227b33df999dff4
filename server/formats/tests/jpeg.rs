//! What phones write is accepted, stripped and cut; what isn't a whole JPEG is refused.

mod support;
use formats::{Kind, Refusal};
use support::*;

#[test]
fn a_plain_jpeg_passes_byte_for_byte() {
    for walked in [walk(&jpeg()), walk_keeping(&jpeg())] {
        let (outcome, out) = walked.unwrap();
        assert_eq!(out, jpeg());
        assert_eq!((outcome.kind, outcome.stripped, outcome.trailing_dropped), (Kind::Jpeg, false, 0));
        assert_eq!((outcome.width, outcome.height), (Some(37), Some(23)));
    }
}

#[test]
fn position_device_and_comments_are_dropped_and_pixels_stay() {
    let odd = jpeg_with(&[
        exif(1),
        segment(0xE1, b"http://ns.adobe.com/xap/1.0/\0<x:xmpmeta>GPS</x:xmpmeta>"),
        segment(0xE3, b"Meta"),
        segment(0xED, b"Photoshop 3.0\08BIM GPS"),
        segment(0xFE, b"GPS comment"),
        segment(0xEF, b"GPS"),
    ]);
    let (outcome, out) = walk(&odd).unwrap();
    assert_eq!(out, jpeg());
    assert!(outcome.stripped);
    assert_eq!(pixels(&out), pixels(&odd));
}

#[test]
fn every_orientation_is_kept_and_nothing_else_of_exif() {
    for orientation in 2..=8 {
        let (outcome, out) = walk(&jpeg_with(&[exif(orientation)])).unwrap();
        assert_eq!(out, jpeg_with(&[minimal_exif(orientation)]));
        assert!(outcome.stripped);
        let (again, twice) = walk(&out).unwrap();
        assert_eq!((again.stripped, twice), (false, out));
    }
}

#[test]
fn only_the_first_exif_counts() {
    assert_eq!(walk(&jpeg_with(&[exif(1), exif(6)])).unwrap().1, jpeg());
    assert_eq!(walk(&jpeg_with(&[exif(6), exif(3)])).unwrap().1, jpeg_with(&[minimal_exif(6)]));
}

#[test]
fn unreadable_exif_is_dropped_not_refused() {
    for body in
        [&b"Exif\0\0"[..], b"Exif\0", b"Exif\0\0II*\0\xFF\xFF\xFF\xFF", b"Exif\0\0\0\0\0\0\0\0\0\0", b""]
    {
        assert_eq!(walk(&jpeg_with(&[segment(0xE1, body)])).unwrap().1, jpeg(), "{body:?}");
    }
}

#[test]
fn colour_profile_adobe_and_jfif_stay_the_jfif_thumbnail_goes() {
    let icc = segment(0xE2, b"ICC_PROFILE\0\x01\x01profile");
    let adobe = segment(0xEE, b"Adobe\0\x64\0\0\0\0\x01");
    let kept = jpeg_with(&[icc.clone(), adobe.clone()]);
    let (outcome, out) = walk(&kept).unwrap();
    assert_eq!((outcome.stripped, &out), (false, &kept));

    let thumbnail = segment(0xE0, b"JFIF\0\x01\x01\0\0\x48\0\x48\x01\x01rgb");
    let bare = segment(0xE0, b"JFIF\0\x01\x01\0\0\x48\0\x48\0\0");
    let jfxx = segment(0xE0, b"JFXX\0\x10thumbnail");
    assert_eq!(walk(&jpeg_with(&[thumbnail, jfxx])).unwrap().1, jpeg_with(&[bare]));
    let long = segment(0xEE, b"Adobe\0\x64\0\0\0\0\x01GPS");
    assert_eq!(walk(&jpeg_with(&[long])).unwrap().1, jpeg_with(&[adobe]));
}

#[test]
fn metadata_stays_when_asked_but_the_tail_never_does() {
    let kept = jpeg_with(&[exif(6), segment(0xFE, b"comment")]);
    let (outcome, out) = walk_keeping(&[&kept[..], b"tail"].concat()).unwrap();
    assert_eq!((outcome.stripped, outcome.trailing_dropped, out), (false, 4, kept));
}

#[test]
fn second_pictures_go_with_the_segments_that_point_at_them() {
    let gain_map = segment(0xE2, b"urn:iso:std:iso:ts:21496:-1\0\0\0\0\0");
    let odd = [jpeg_with(&[segment(0xE2, b"MPF\0MM\0*"), gain_map]), jpeg(), b"ftypmp42".to_vec()].concat();
    for walked in [walk(&odd), walk_keeping(&odd)] {
        let (outcome, out) = walked.unwrap();
        assert_eq!(out, jpeg());
        assert!(outcome.stripped);
        assert_eq!(outcome.trailing_dropped, jpeg().len() as u64 + 8);
    }
}

#[test]
fn a_thumbnail_inside_exif_does_not_end_the_picture() {
    let body = [b"Exif\0\0", &tiff(1)[..], &jpeg()[..]].concat();
    let odd = jpeg_with(&[segment(0xE1, &body)]);
    assert_eq!(walk(&odd).unwrap().1, jpeg());
    assert_eq!(walk_keeping(&odd).unwrap().1, odd);
}

#[test]
fn fill_and_padding_bytes_between_segments_are_tolerated_and_dropped() {
    let plain = jpeg();
    let odd = [&plain[..2], &[0xFF, 0xFF, 0xFF], &plain[2..20], &[0; 9], &plain[20..]].concat();
    let (outcome, out) = walk(&odd).unwrap();
    assert_eq!((outcome.stripped, out), (true, plain.clone()));
    let end = plain.len() - 2;
    let filled = [&plain[..end], &[0xFF, 0xFF], &plain[end..]].concat();
    assert_eq!(walk(&filled).unwrap().1, plain);
    let junk = [&plain[..20], &[0; 2000], &plain[20..]].concat();
    assert_eq!(walk(&junk), Err(Refusal::Damaged));
}

/// Three scans, restart markers, stuffed bytes: structure only, no decoder looks at it.
fn progressive(scans: usize) -> Vec<u8> {
    let mut file = vec![0xFF, 0xD8];
    file.extend(segment(0xC2, &[8, 0, 16, 0, 16, 1, 1, 0x11, 0]));
    for _ in 0..scans {
        file.extend(segment(0xC4, &[0; 17]));
        file.extend(segment(0xDA, &[1, 1, 0, 0, 63, 0]));
        file.extend(b"\x12\xFF\x00\x34\xFF\xD0\x56\xFF\xD7\xFF\x00");
    }
    file.extend([0xFF, 0xD9]);
    file
}

#[test]
fn progressive_scans_with_restarts_and_stuffing_pass() {
    assert_eq!(walk(&progressive(3)).unwrap().1, progressive(3));
    assert_eq!(walk(&progressive(501)), Err(Refusal::Damaged));
}

fn with_frame(marker: u8, frame: &[u8]) -> Vec<u8> {
    let scan = segment(0xDA, &[1, 1, 0, 0, 63, 0]);
    [&[0xFF, 0xD8][..], &segment(marker, frame), &scan, b"data\xFF\xD9"].concat()
}

#[test]
fn dimensions_are_checked_before_any_data() {
    let sized = |w: u16, h: u16| {
        let ([h1, h0], [w1, w0]) = (h.to_be_bytes(), w.to_be_bytes());
        walk(&with_frame(0xC0, &[8, h1, h0, w1, w0, 1, 1, 0x11, 0])).map(|(outcome, _)| outcome.height)
    };
    assert_eq!(sized(10_000, 10_000), Ok(Some(10_000)));
    assert_eq!(sized(10_001, 10_000), Err(Refusal::TooManyPixels));
    assert_eq!(sized(65_535, 65_535), Err(Refusal::TooManyPixels));
    assert_eq!(sized(0, 5), Err(Refusal::Damaged));
    assert_eq!(sized(5, 0), Err(Refusal::Damaged));
}

#[test]
fn frames_that_are_unsound_or_that_no_viewer_shows_are_refused() {
    let good = [8, 0, 4, 0, 4, 1, 1, 0x11, 0];
    assert!(walk(&with_frame(0xC1, &good)).is_ok());
    for marker in [0xC3, 0xC5, 0xC9, 0xCF, 0xF7] {
        assert_eq!(walk(&with_frame(marker, &good)), Err(Refusal::UnknownType), "{marker:X}");
    }
    for bad in [
        &good[..8],
        &[8, 0, 4, 0, 4, 2, 1, 0x11, 0],
        &[9, 0, 4, 0, 4, 1, 1, 0x11, 0],
        &[8, 0, 4, 0, 4, 0],
        &[],
    ] {
        assert_eq!(walk(&with_frame(0xC0, bad)), Err(Refusal::Damaged), "{bad:?}");
    }
}

#[test]
fn order_is_checked() {
    let (soi, eoi) = ([0xFF, 0xD8], [0xFF, 0xD9]);
    let frame = segment(0xC0, &[8, 0, 4, 0, 4, 1, 1, 0x11, 0]);
    let scan = segment(0xDA, &[1, 1, 0, 0, 63, 0]);
    let file = |parts: &[&[u8]]| walk(&[&soi, parts.concat().as_slice(), &eoi].concat());
    assert!(file(&[&frame, &scan, b"data"]).is_ok());
    for (rule, parts) in [
        ("no scan", vec![&frame[..]]),
        ("no frame", vec![&scan[..], b"data"]),
        ("empty scan", vec![&frame[..], &scan]),
        ("two frames", vec![&frame[..], &frame, &scan, b"data"]),
        ("a second beginning", vec![&frame[..], &scan, b"data", &soi]),
        ("a second beginning, disguised", vec![&frame[..], &scan, b"data", &soi, &[0, 4, 1, 1]]),
        ("a reserved marker", vec![&[0xFF, 0x02][..], &frame, &scan, b"data"]),
        ("a length below 2", vec![&[0xFF, 0xFE, 0, 1][..], &frame, &scan, b"data"]),
        ("a scan of five", vec![&frame[..], &segment(0xDA, &[5, 1, 0, 0, 63, 0]), b"data"]),
        ("a short scan", vec![&frame[..], &segment(0xDA, &[1, 1, 0, 0, 63]), b"data"]),
    ] {
        assert_eq!(file(&parts).map(|_| ()), Err(Refusal::Damaged), "{rule}");
    }
}

#[test]
fn a_scan_without_a_frame_is_refused_at_once() {
    let mut walk = formats::Walk::new(formats::Options::default());
    let start = [&[0xFF, 0xD8][..], &segment(0xDA, &[1, 1, 0, 0, 63, 0])].concat();
    assert_eq!(walk.push(&start, &mut Vec::new()), Err(Refusal::Damaged));
}

#[test]
fn a_stored_image_never_carries_a_pdf_header() {
    let odd = jpeg_with(&[segment(0xFE, b"%PDF-1.4 1 0 obj")]);
    assert_eq!(walk(&odd).unwrap().1, jpeg());
    assert_eq!(walk_keeping(&odd).map(|_| ()), Err(Refusal::ForeignContent));
    let icc = jpeg_with(&[segment(0xE2, b"ICC_PROFILE\0\x01\x01%PDF-1.4")]);
    assert_eq!(walk(&icc).map(|_| ()), Err(Refusal::ForeignContent));
}
