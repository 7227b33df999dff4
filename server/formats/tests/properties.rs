//! What holds for every file and every way of cutting it.

mod support;
use formats::Options;
use proptest::prelude::*;
use support::*;

fn honest() -> Vec<Vec<u8>> {
    let attached = pdf();
    vec![
        jpeg(),
        jpeg_with(&[exif(6), segment(0xFE, b"comment"), segment(0xE2, b"MPF\0")]),
        png(),
        png_with(&[chunk(*b"eXIf", &tiff(6)), chunk(*b"tEXt", b"text"), chunk(*b"acTL", b"")]),
        pdf(),
        [b"\xEF\xBB\xBF", &pdf_with(&stream(&attached.len().to_string(), &attached))[..]].concat(),
        pdf_with(&stream(&(attached.len() + 60).to_string(), &attached)),
        pdf_with(&stream("40", b"endstream endobj (")),
    ]
}

fn any_image() -> impl Strategy<Value = Vec<u8>> {
    proptest::sample::select(honest()[..4].to_vec())
}

fn any_honest() -> impl Strategy<Value = Vec<u8>> {
    proptest::sample::select(honest())
}

fn sizes() -> impl Strategy<Value = Vec<usize>> {
    prop::collection::vec(prop_oneof![1..4usize, 1..100usize, 500..1500usize], 1..20)
}

/// Pieces of all three formats, in any order.
fn fragments() -> impl Strategy<Value = Vec<u8>> {
    let pieces: Vec<&[u8]> = vec![
        b"%PDF-1.4\n",
        b"1 0 obj",
        b"<<",
        b">>",
        b"/Type/XRef",
        b"/Encrypt 5 0 R",
        b"/Length 20",
        b"stream\n",
        b"endstream",
        b"endst",
        b"endobj\n",
        b"trailer",
        b"startxref",
        b" 12 ",
        b"%%EOF",
        b"\n",
        b"(",
        b")",
        b"\\",
        b"<",
        b">",
        b"[",
        b"]",
        b"%",
        b"PK\x03\x04",
        b"\xFF\xD8",
        b"\xFF\xD9",
        b"\xFF",
        b"\xFF\xC0\0\x0B\x08\0\x04\0\x04\x01\x01\x11\0",
        b"\xFF\xDA\0\x08\x01\x01\0\0\x3F\0",
        b"\xFF\xE1\0\x08Exif\0\0",
        b"\x89PNG\r\n\x1A\n",
        b"\0\0\0\0IEND\xAE\x42\x60\x82",
        b"\0",
    ];
    let start =
        proptest::sample::select(vec![&b"%PDF-1.4\n"[..], b"\xFF\xD8\xFF", b"\x89PNG\r\n\x1A\n", b""]);
    (start, prop::collection::vec(proptest::sample::select(pieces), 0..60))
        .prop_map(|(start, pieces)| [start, &pieces.concat()].concat())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_cutting_gives_the_same(file in any_honest(), sizes in sizes(), drop_metadata: bool) {
        let options = Options { drop_metadata };
        let whole = walk_in(&file, &[file.len()], options);
        prop_assert!(whole.is_ok());
        prop_assert_eq!(walk_in(&file, &sizes, options), whole);
    }

    #[test]
    fn any_cutting_of_a_changed_file_gives_the_same(
        mut file in any_honest(),
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..6),
        sizes in sizes(),
    ) {
        for (at, byte) in changes {
            let at = at.index(file.len());
            file[at] = byte;
        }
        prop_assert_eq!(walk_in(&file, &sizes, Options::default()), walk(&file));
    }

    #[test]
    fn any_cutting_of_fragments_gives_the_same(file in fragments(), sizes in sizes()) {
        prop_assert_eq!(walk_in(&file, &sizes, Options::default()), walk(&file));
    }

    #[test]
    fn arbitrary_bytes_never_panic_and_are_never_accepted(bytes: Vec<u8>) {
        prop_assert!(walk(&bytes).is_err());
    }

    #[test]
    fn a_truncated_file_is_refused(file in any_honest(), at: prop::sample::Index) {
        let end = at.index(file.trim_ascii_end().len());
        prop_assert!(walk(&file[..end]).is_err(), "cut at {} of {}", end, file.len());
    }

    #[test]
    fn what_follows_an_image_is_dropped_exactly(file in any_image(), tail: Vec<u8>) {
        let (_, out) = walk(&file).unwrap();
        let (longer, same) = walk(&[&file[..], &tail].concat()).unwrap();
        prop_assert_eq!(same, out);
        prop_assert_eq!(longer.trailing_dropped, tail.len() as u64);
    }

    #[test]
    fn what_was_stored_walks_again_unchanged(file in any_honest(), drop_metadata: bool) {
        let (first, out) = walk_in(&file, &[4096], Options { drop_metadata }).unwrap();
        let (again, twice) = walk_in(&out, &[4096], Options { drop_metadata }).unwrap();
        prop_assert_eq!(twice, out);
        prop_assert_eq!((again.kind, again.stripped, again.trailing_dropped), (first.kind, false, 0));
    }
}

#[test]
fn every_truncation_of_every_image_is_refused() {
    for file in [jpeg(), png(), jpeg_with(&[exif(6)])] {
        for end in 0..file.len() {
            assert!(walk(&file[..end]).is_err(), "{end} of {}", file.len());
        }
    }
}
