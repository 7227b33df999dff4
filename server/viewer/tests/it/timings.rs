//! How long a page takes, from starting the child to its end. Not a test of anything: run it by hand with
//! `cargo test -p viewer --release --test it timings -- --ignored --nocapture`.

use std::time::{Duration, Instant};

use image::RgbImage;
use image::codecs::jpeg::JpegEncoder;
use viewer::{Kind, Limits, PageRequest};

use crate::made::{pdf_with, text_pdf, viewer};

/// A photo of 12 million pixels, smooth with grain, about 5 MB.
fn photo() -> Vec<u8> {
    let mut state = 1_u32;
    let picture = RgbImage::from_fn(4032, 3024, |x, y| {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        let grain = (state >> 27) as u8;
        let slope = |v: u32| u8::try_from(v / 17 % 220).unwrap() + grain;
        image::Rgb([slope(x), slope(y), slope(x + y)])
    });
    let mut jpeg = Vec::new();
    picture.write_with_encoder(JpegEncoder::new_with_quality(&mut jpeg, 90)).unwrap();
    jpeg
}

async fn measure(name: &str, kind: Kind, document: &[u8]) {
    let viewer = viewer(Limits::default());
    let (mut page, mut probe) = (Duration::MAX, Duration::MAX);
    let mut shown = None;
    for _ in 0..10 {
        let start = Instant::now();
        shown = Some(viewer.page(kind, document, PageRequest::new(1)).await.unwrap().unwrap());
        page = page.min(start.elapsed());
        let start = Instant::now();
        viewer.probe(kind, document).await.unwrap().unwrap();
        probe = probe.min(start.elapsed());
    }
    let (bytes, shown) = (document.len(), shown.unwrap());
    println!(
        "{name}: {bytes} bytes -> {} {}x{}, {} bytes; page {page:?}, probe {probe:?}",
        shown.mime,
        shown.width,
        shown.height,
        shown.bytes.len()
    );
}

#[tokio::test]
#[ignore = "a measurement"]
async fn timings() {
    let lines =
        "(Le patient a ete vu en consultation ce jour pour un suivi de plaie.) Tj 0 -14 Td ".repeat(50);
    let full = pdf_with("Times-Roman", format!("BT /F 12 Tf 50 780 Td {lines} ET").as_bytes(), 1);
    measure("a line of PDF", Kind::Pdf, &text_pdf()).await;
    measure("a full page of PDF", Kind::Pdf, &full).await;
    measure("a photo", Kind::Jpeg, &photo()).await;
}
