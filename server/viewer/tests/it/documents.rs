//! Honest documents become the pictures their senders meant.

use crate::made::{self, encode, ink, page, pdf_with, pixels, text_pdf, viewer};
use image::{DynamicImage, ImageFormat, Luma, LumaA, Rgb, RgbImage, Rgba, RgbaImage};
use viewer::{Kind, Limits, PageRequest, Turn, Verdict};

#[tokio::test]
async fn text_on_a_page_of_pdf_is_ink_on_white_where_it_was_set() {
    let shown = page(Kind::Pdf, &text_pdf()).await.unwrap();
    assert_eq!((shown.pages, shown.mime, shown.complete), (1, "image/png", true));
    assert_eq!((shown.width, shown.height), (1413, 2000));
    let picture = pixels(&shown);
    assert_eq!(*picture.get_pixel(5, 5), Rgb([255; 3]));
    assert!(ink(&picture) > 2000);
    let upper = image::imageops::crop_imm(&picture, 0, 0, 1413, 500).to_image();
    assert_eq!(ink(&upper), ink(&picture), "y grows upwards in PDF");
}

#[tokio::test]
async fn the_fourteen_standard_fonts_need_not_be_embedded() {
    for font in [
        "Helvetica",
        "Helvetica-Bold",
        "Helvetica-Oblique",
        "Helvetica-BoldOblique",
        "Times-Roman",
        "Times-Bold",
        "Times-Italic",
        "Times-BoldItalic",
        "Courier",
        "Courier-Bold",
        "Courier-Oblique",
        "Courier-BoldOblique",
        "Symbol",
        "ZapfDingbats",
    ] {
        let shown =
            page(Kind::Pdf, &pdf_with(font, b"BT /F 40 Tf 50 700 Td (abcdef) Tj ET", 1)).await.unwrap();
        assert!(shown.complete && ink(&pixels(&shown)) > 1000, "{font}");
    }
}

#[tokio::test]
async fn pages_are_counted_and_only_those_that_exist_are_shown() {
    let three = pdf_with("Helvetica", b"BT /F 40 Tf 50 700 Td (a) Tj ET", 3);
    let probe = viewer(Limits::default()).probe(Kind::Pdf, &three[..]).await.unwrap().unwrap();
    assert_eq!((probe.pages, probe.complete), (3, true));
    for (number, expected) in
        [(0, Err(Verdict::NoSuchPage)), (1, Ok(3)), (3, Ok(3)), (4, Err(Verdict::NoSuchPage))]
    {
        let got =
            viewer(Limits::default()).page(Kind::Pdf, &three[..], PageRequest::new(number)).await.unwrap();
        assert_eq!(got.map(|p| p.pages), expected, "page {number}");
    }
}

#[tokio::test]
async fn a_page_is_turned_and_sized_as_asked() {
    let wanted = PageRequest { number: 1, max_side: 500, turn: Turn::Right };
    let shown = viewer(Limits::default()).page(Kind::Pdf, &text_pdf()[..], wanted).await.unwrap().unwrap();
    assert_eq!((shown.width, shown.height), (500, 353));
}

/// Four quarters: red, green / blue, black, 40 × 20.
fn quarters() -> RgbImage {
    RgbImage::from_fn(40, 20, |x, y| match (x < 20, y < 10) {
        (true, true) => Rgb([255, 0, 0]),
        (false, true) => Rgb([0, 255, 0]),
        (true, false) => Rgb([0, 0, 255]),
        (false, false) => Rgb([0, 0, 0]),
    })
}

/// The first letters of the colours of the quarters, row by row.
fn colours(picture: &RgbImage) -> String {
    let (w, h) = picture.dimensions();
    let spots = [(w / 4, h / 4), (3 * w / 4, h / 4), (w / 4, 3 * h / 4), (3 * w / 4, 3 * h / 4)];
    let name = |(x, y)| match picture.get_pixel(x, y).0.map(|c| c > 128) {
        [true, false, false] => 'r',
        [false, true, false] => 'g',
        [false, false, true] => 'b',
        [false, false, false] => 'k',
        _ => '?',
    };
    spots.into_iter().map(name).collect()
}

fn exif(orientation: u8) -> Vec<u8> {
    let entry = [0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, orientation, 0, 0];
    [b"MM\0\x2a\0\0\0\x08\0\x01".as_slice(), &entry, &[0; 4]].concat()
}

const ORIENTATIONS: [(u8, &str); 8] =
    [(1, "rgbk"), (2, "grkb"), (3, "kbgr"), (4, "bkrg"), (5, "rbgk"), (6, "brkg"), (7, "kgbr"), (8, "gkrb")];

#[tokio::test]
async fn a_jpeg_is_shown_upright_in_all_eight_orientations() {
    for (orientation, expected) in ORIENTATIONS {
        let plain = encode(&quarters().into(), ImageFormat::Jpeg);
        let app1 = [b"Exif\0\0".as_slice(), &exif(orientation)].concat();
        let length = u16::try_from(app1.len() + 2).unwrap().to_be_bytes();
        let jpeg = [&plain[..2], &[0xff, 0xe1], &length, &app1, &plain[2..]].concat();
        let shown = page(Kind::Jpeg, &jpeg).await.unwrap();
        assert_eq!(shown.mime, "image/jpeg");
        assert_eq!(shown.width < shown.height, orientation >= 5, "orientation {orientation}");
        assert_eq!(colours(&pixels(&shown)), expected, "orientation {orientation}");
        assert!(!shown.bytes.windows(4).any(|w| w == b"Exif"), "no metadata goes to the reader");
    }
}

#[tokio::test]
async fn a_png_is_shown_upright_too() {
    for (orientation, expected) in ORIENTATIONS {
        let mut png = Vec::new();
        let mut encoder = image::codecs::png::PngEncoder::new(&mut png);
        image::ImageEncoder::set_exif_metadata(&mut encoder, exif(orientation)).unwrap();
        quarters().write_with_encoder(encoder).unwrap();
        assert_eq!(
            colours(&pixels(&page(Kind::Png, &png).await.unwrap())),
            expected,
            "orientation {orientation}"
        );
    }
}

#[tokio::test]
async fn what_is_transparent_is_shown_on_white() {
    let mut rgba = RgbaImage::from_pixel(30, 30, Rgba([0, 0, 0, 0]));
    rgba.put_pixel(10, 10, Rgba([200, 0, 0, 255]));
    let shown = pixels(&page(Kind::Png, &encode(&rgba.into(), ImageFormat::Png)).await.unwrap());
    assert_eq!((shown.get_pixel(0, 0).0, shown.get_pixel(10, 10).0), ([255; 3], [200, 0, 0]));
}

#[tokio::test]
async fn every_depth_of_png_is_shown() {
    let pictures: [DynamicImage; 5] = [
        image::GrayImage::from_pixel(9, 9, Luma([0])).into(),
        image::GrayAlphaImage::from_pixel(9, 9, LumaA([0, 255])).into(),
        image::ImageBuffer::from_pixel(9, 9, Luma([0_u16])).into(),
        image::ImageBuffer::from_pixel(9, 9, LumaA([0_u16, 65_535])).into(),
        image::ImageBuffer::from_pixel(9, 9, Rgba([0_u16, 0, 0, 65_535])).into(),
    ];
    for picture in pictures {
        let shown = page(Kind::Png, &encode(&picture, ImageFormat::Png)).await.unwrap();
        assert_eq!(ink(&pixels(&shown)), 81, "{:?}", picture.color());
    }
}

#[tokio::test]
async fn a_photo_is_made_small_enough_and_never_larger() {
    for (width, height, expected) in [(40, 20, (40, 20)), (4032, 3024, (2000, 1500)), (2500, 10, (2000, 8))] {
        let jpeg = encode(&RgbImage::from_pixel(width, height, Rgb([90, 120, 40])).into(), ImageFormat::Jpeg);
        let shown = page(Kind::Jpeg, &jpeg).await.unwrap();
        assert_eq!((shown.width, shown.height), expected);
        let colour = pixels(&shown).get_pixel(3, 3).0;
        assert!(colour.iter().zip([90, 120, 40]).all(|(a, b)| a.abs_diff(b) < 4), "{colour:?}");
    }
}

#[tokio::test]
async fn a_page_that_lacks_a_picture_says_so() {
    let broken = made::stream(
        "/Type /XObject /Subtype /Image /Width 9 /Height 9 /BitsPerComponent 8 /ColorSpace /DeviceRGB \
         /Filter /DCTDecode",
        b"not a photo",
    );
    let page = b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 99 99] /Contents 4 0 R \
        /Resources << /XObject << /I 5 0 R >> >> >>";
    let document = made::pdf(&[
        b"<< /Type /Catalog /Pages 2 0 R >>".to_vec(),
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>".to_vec(),
        page.to_vec(),
        made::stream("", b"99 0 0 99 0 0 cm /I Do"),
        broken,
    ]);
    let probe = viewer(Limits::default()).probe(Kind::Pdf, &document[..]).await.unwrap().unwrap();
    assert!(!probe.complete);
}
