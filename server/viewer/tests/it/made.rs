//! Documents made by hand, and a viewer that runs the test child.

use std::io::Cursor;

use image::{DynamicImage, ImageFormat, RgbImage};
use viewer::{Kind, Limits, PageImage, PageRequest, Verdict, Viewer};

pub fn viewer(limits: Limits) -> Viewer {
    Viewer::new(env!("CARGO_BIN_EXE_viewer-test-child"), 2, limits)
}

pub async fn page(kind: Kind, document: &[u8]) -> Result<PageImage, Verdict> {
    viewer(Limits::default()).page(kind, document, PageRequest::new(1)).await.unwrap()
}

pub fn pixels(page: &PageImage) -> RgbImage {
    let format = ImageFormat::from_mime_type(page.mime).unwrap();
    let picture = image::load_from_memory_with_format(&page.bytes, format).unwrap().into_rgb8();
    assert_eq!(picture.dimensions(), (page.width, page.height));
    picture
}

pub fn encode(picture: &DynamicImage, format: ImageFormat) -> Vec<u8> {
    let mut bytes = Vec::new();
    picture.write_to(&mut Cursor::new(&mut bytes), format).unwrap();
    bytes
}

/// A PDF of the given objects (1 is the catalog), with a correct cross-reference table.
pub fn pdf(objects: &[Vec<u8>]) -> Vec<u8> {
    let mut out = b"%PDF-1.4\n".to_vec();
    let mut places = Vec::new();
    for (i, object) in objects.iter().enumerate() {
        places.push(out.len());
        out.extend(format!("{} 0 obj\n", i + 1).bytes());
        out.extend(object);
        out.extend(b"\nendobj\n");
    }
    let start = out.len();
    out.extend(format!("xref\n0 {}\n0000000000 65535 f \n", places.len() + 1).bytes());
    for place in &places {
        out.extend(format!("{place:010} 00000 n \n").bytes());
    }
    let size = places.len() + 1;
    out.extend(format!("trailer\n<< /Size {size} /Root 1 0 R >>\nstartxref\n{start}\n%%EOF\n").bytes());
    out
}

pub fn stream(dictionary: &str, data: &[u8]) -> Vec<u8> {
    let head = format!("<< {dictionary} /Length {} >>\nstream\n", data.len());
    [head.as_bytes(), data, b"\nendstream"].concat()
}

/// A PDF of `pages` equal pages, 595 × 842 points, of this content; `/F` is the named standard font.
pub fn pdf_with(font: &str, content: &[u8], pages: usize) -> Vec<u8> {
    let kids: Vec<_> = (0..pages).map(|i| format!("{} 0 R", i + 5)).collect();
    let mut objects = vec![
        b"<< /Type /Catalog /Pages 2 0 R >>".to_vec(),
        format!("<< /Type /Pages /Kids [{}] /Count {pages} >>", kids.join(" ")).into_bytes(),
        format!("<< /Type /Font /Subtype /Type1 /BaseFont /{font} >>").into_bytes(),
        stream("", content),
    ];
    let page = b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R \
        /Resources << /Font << /F 3 0 R >> >> >>";
    objects.extend(std::iter::repeat_n(page.to_vec(), pages));
    pdf(&objects)
}

pub fn text_pdf() -> Vec<u8> {
    pdf_with("Helvetica", b"BT /F 40 Tf 50 700 Td (Compte rendu) Tj ET", 1)
}

/// How many pixels are clearly not paper.
pub fn ink(picture: &RgbImage) -> usize {
    picture.pixels().filter(|p| p.0.iter().any(|c| *c < 128)).count()
}
