//! Hostile and broken documents end in a verdict, within the limits, and never in an incident.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::{Duration, Instant};

use crate::made::{self, encode, page, pdf_with, stream, text_pdf, viewer};
use flate2::{Compress, Compression, FlushCompress};
use image::{ImageFormat, RgbImage};
use tokio::io::{AsyncRead, ReadBuf};
use viewer::{Incident, Kind, Limits, PageRequest, Verdict, Viewer};

async fn verdict(limits: Limits, kind: Kind, document: &[u8]) -> Verdict {
    let probe = viewer(limits.clone()).probe(kind, document).await.unwrap();
    let page = viewer(limits).page(kind, document, PageRequest::new(1)).await.unwrap();
    let (probe, page) = (probe.unwrap_err(), page.unwrap_err());
    assert_eq!(probe, page);
    page
}

async fn deed(name: &str) -> Verdict {
    let limits = Limits { cpu: Duration::from_secs(1), ..Limits::default() };
    verdict(limits, Kind::Png, format!("deed: {name}").as_bytes()).await
}

#[tokio::test]
async fn in_the_sandbox_there_are_no_files_no_network_no_processes_and_no_threads() {
    for name in [
        "open a file",
        "write a file",
        "open a socket",
        "listen",
        "run a program",
        "start a thread",
        "sleep",
        "kill the parent",
    ] {
        assert_eq!(deed(name).await, Verdict::Crashed, "{name}");
    }
    assert_eq!(deed("nothing").await, Verdict::NoSuchPage, "what a deed that succeeds looks like");
}

#[tokio::test]
async fn every_way_to_die_is_a_verdict() {
    for (name, expected) in [
        ("panic", Verdict::Crashed),
        ("recurse", Verdict::Crashed),
        ("lie", Verdict::Crashed),
        ("shout", Verdict::NoSuchPage),
        ("eat memory", Verdict::TooLarge),
        ("spin", Verdict::TimedOut),
        ("chatter", Verdict::TooLarge),
    ] {
        assert_eq!(deed(name).await, expected, "{name}");
    }
}

#[tokio::test]
async fn an_endless_page_is_ended_by_the_clock() {
    let limits = Limits { wall: Duration::from_millis(300), ..Limits::default() };
    let start = Instant::now();
    assert_eq!(verdict(limits, Kind::Png, b"deed: spin").await, Verdict::TimedOut);
    assert!(start.elapsed() < Duration::from_secs(5));
}

#[tokio::test]
async fn damaged_documents_are_unreadable() {
    let pdf = text_pdf();
    let png = encode(&RgbImage::new(300, 300).into(), ImageFormat::Png);
    let jpeg = encode(&RgbImage::new(300, 300).into(), ImageFormat::Jpeg);
    for (kind, document) in [
        (Kind::Pdf, &pdf[..pdf.len() / 2]),
        (Kind::Pdf, &pdf[..pdf.len() - 8]),
        (Kind::Pdf, b"%PDF-1.4\n%%EOF"),
        (Kind::Pdf, b""),
        (Kind::Pdf, &png),
        (Kind::Png, &png[..png.len() / 2]),
        (Kind::Png, &jpeg),
        (Kind::Png, b""),
        (Kind::Jpeg, &jpeg[..100]),
        (Kind::Jpeg, &pdf),
        (Kind::Jpeg, b""),
    ] {
        assert_eq!(verdict(Limits::default(), kind, document).await, Verdict::Unreadable, "{kind:?}");
    }
}

#[tokio::test]
async fn documents_beyond_a_limit_are_too_large() {
    let long = pdf_with("Helvetica", b"", 4);
    let few_pages = Limits { pages: 3, ..Limits::default() };
    assert_eq!(verdict(few_pages, Kind::Pdf, &long).await, Verdict::TooLarge);
    let few_bytes = Limits { input: 100, ..Limits::default() };
    assert_eq!(verdict(few_bytes, Kind::Pdf, &vec![b' '; 1 << 20]).await, Verdict::TooLarge);
    let wide = encode(&RgbImage::new(300, 300).into(), ImageFormat::Png);
    let few_pixels = Limits { pixels: 300 * 299, ..Limits::default() };
    assert_eq!(verdict(few_pixels, Kind::Png, &wide).await, Verdict::TooLarge);
}

fn png_chunk(name: [u8; 4], data: &[u8]) -> Vec<u8> {
    let named = [&name[..], data].concat();
    let mut crc = flate2::Crc::new();
    crc.update(&named);
    let length = u32::try_from(data.len()).unwrap().to_be_bytes();
    [&length[..], &named, &crc.sum().to_be_bytes()].concat()
}

/// A zlib stream of `megabytes` of `byte`, which is about a thousand times shorter than that.
fn inflating(byte: u8, megabytes: usize) -> Vec<u8> {
    let mut block = Vec::with_capacity(1 << 16);
    let chunk = vec![byte; 1 << 20];
    Compress::new(Compression::best(), false).compress_vec(&chunk, &mut block, FlushCompress::Full).unwrap();
    [&[0x78, 0x9c], block.repeat(megabytes).as_slice(), &[3, 0, 0, 0, 0, 0]].concat()
}

fn png_bomb(side: u32, depth: u8, colour: u8) -> Vec<u8> {
    let side = side.to_be_bytes();
    let header = [&side[..], &side, &[depth, colour, 0, 0, 0]].concat();
    let data = inflating(0, 800);
    [
        b"\x89PNG\r\n\x1a\n".to_vec(),
        png_chunk(*b"IHDR", &header),
        png_chunk(*b"IDAT", &data),
        png_chunk(*b"IEND", &[]),
    ]
    .concat()
}

#[tokio::test]
async fn a_png_that_unpacks_into_gigabytes_is_too_large() {
    assert_eq!(verdict(Limits::default(), Kind::Png, &png_bomb(100_000, 8, 2)).await, Verdict::TooLarge);
    assert_eq!(verdict(Limits::default(), Kind::Png, &png_bomb(14_000, 16, 6)).await, Verdict::TooLarge);
    let frugal = Limits { memory: 256 << 20, ..Limits::default() };
    assert_eq!(verdict(frugal, Kind::Png, &png_bomb(9_000, 8, 2)).await, Verdict::TooLarge);
}

#[tokio::test]
async fn a_pdf_that_unpacks_into_gigabytes_ends_within_the_limits() {
    let mut objects = vec![
        b"<< /Type /Catalog /Pages 2 0 R >>".to_vec(),
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>".to_vec(),
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R >>".to_vec(),
    ];
    objects.push(stream("/Filter /FlateDecode", &inflating(b' ', 3000)));
    let start = Instant::now();
    let got = page(Kind::Pdf, &made::pdf(&objects)).await.map(|p| p.width);
    assert!(matches!(got, Err(Verdict::TooLarge | Verdict::TimedOut | Verdict::Unreadable)), "{got:?}");
    assert!(start.elapsed() < Duration::from_secs(16));
}

#[tokio::test]
async fn a_pdf_of_a_gigantic_page_or_of_loops_ends_within_the_limits() {
    let with = |page: &str, kids: &str| {
        made::pdf(&[
            b"<< /Type /Catalog /Pages 2 0 R >>".to_vec(),
            format!("<< /Type /Pages /Kids [{kids}] /Count 1 >>").into_bytes(),
            format!("<< /Type /Page /Parent 2 0 R {page} /Contents 4 0 R /Resources << /XObject << /X 4 0 R >> >> >>")
                .into_bytes(),
            stream("/Type /XObject /Subtype /Form /BBox [0 0 9 9] /Resources << /XObject << /X 4 0 R >> >>", b"/X Do /X Do"),
        ])
    };
    for document in [
        with("/MediaBox [0 0 1e30 1e30]", "3 0 R"),
        with("/MediaBox [0 0 1e-30 1e30]", "3 0 R"),
        with("/MediaBox [0 0 99999999 1]", "3 0 R"),
        with("/MediaBox [0 0 9 9] /Rotate 45 /UserUnit 1e9", "3 0 R"),
        with("/MediaBox [0 0 9 9]", "2 0 R"),
    ] {
        let got = page(Kind::Pdf, &document).await;
        if let Ok(shown) = got {
            assert!(shown.width <= 2001 && shown.height <= 2001);
        }
    }
}

/// A store that breaks while the document is read.
struct Failing;

impl AsyncRead for Failing {
    fn poll_read(self: Pin<&mut Self>, _: &mut Context<'_>, _: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Err(io::ErrorKind::ConnectionReset.into()))
    }
}

#[tokio::test]
async fn a_broken_server_is_an_incident_and_no_verdict_on_the_document() {
    let missing = Viewer::new("/nonexistent/carelink", 1, Limits::default());
    assert!(matches!(missing.probe(Kind::Png, &b""[..]).await, Err(Incident::Spawn { .. })));
    let stranger = Viewer::new("/bin/false", 1, Limits::default());
    assert!(matches!(stranger.probe(Kind::Png, &b""[..]).await, Err(Incident::NotReady { .. })));

    assert!(matches!(viewer(Limits::default()).probe(Kind::Png, Failing).await, Err(Incident::Input(_))));
    let impatient = Limits { feed: Duration::from_millis(100), ..Limits::default() };
    let (silent, stalled) = tokio::io::duplex(64);
    assert!(matches!(viewer(impatient).probe(Kind::Png, stalled).await, Err(Incident::Input(_))));
    drop(silent);
}
