//! Small generators of honest files, and the walk as one call.
#![expect(dead_code, reason = "each test binary uses its part")]
#![expect(clippy::unwrap_used, reason = "a test helper that fails fails its test")]

use std::fmt::Write as _;

use formats::{Options, Outcome, Refusal, Walk};

pub type Walked = Result<(Outcome, Vec<u8>), Refusal>;

/// Walks `bytes` cut into pieces of the given sizes (again and again; 0 counts as 1).
pub fn walk_in(bytes: &[u8], sizes: &[usize], options: Options) -> Walked {
    let mut walk = Walk::new(options);
    let mut out = Vec::new();
    let mut rest = bytes;
    for size in sizes.iter().cycle() {
        if rest.is_empty() {
            break;
        }
        let (now, later) = rest.split_at((*size).clamp(1, rest.len()));
        walk.push(now, &mut out)?;
        rest = later;
    }
    let outcome = walk.finish(&mut out)?;
    Ok((outcome, out))
}

pub fn walk(bytes: &[u8]) -> Walked {
    walk_in(bytes, &[bytes.len()], Options::default())
}

pub fn walk_keeping(bytes: &[u8]) -> Walked {
    walk_in(bytes, &[bytes.len()], Options { drop_metadata: false })
}

/// A small picture whose every pixel differs from its neighbours.
pub fn picture() -> image::RgbImage {
    image::RgbImage::from_fn(37, 23, |x, y| image::Rgb([x * 7, y * 11, x * y].map(|v| v.to_le_bytes()[0])))
}

pub fn jpeg() -> Vec<u8> {
    let mut out = std::io::Cursor::new(Vec::new());
    picture().write_to(&mut out, image::ImageFormat::Jpeg).unwrap();
    out.into_inner()
}

pub fn png() -> Vec<u8> {
    let mut out = std::io::Cursor::new(Vec::new());
    picture().write_to(&mut out, image::ImageFormat::Png).unwrap();
    out.into_inner()
}

pub fn pixels(bytes: &[u8]) -> Vec<u8> {
    image::load_from_memory(bytes).unwrap().into_rgb8().into_raw()
}

/// A marker segment.
pub fn segment(marker: u8, body: &[u8]) -> Vec<u8> {
    let length = u16::try_from(body.len() + 2).unwrap().to_be_bytes();
    [&[0xFF, marker], &length[..], body].concat()
}

/// `jpeg` with more segments right after SOI.
pub fn jpeg_with(segments: &[Vec<u8>]) -> Vec<u8> {
    let plain = jpeg();
    [&plain[..2], &segments.concat(), &plain[2..]].concat()
}

/// A TIFF block: make "Camera", the orientation, a position directory.
pub fn tiff(orientation: u8) -> Vec<u8> {
    let mut block = b"II*\0\x08\0\0\0\x03\0".to_vec();
    block.extend_from_slice(b"\x0F\x01\x02\0\x07\0\0\0\x32\0\0\0");
    block.extend_from_slice(&[0x12, 0x01, 3, 0, 1, 0, 0, 0, orientation, 0, 0, 0]);
    block.extend_from_slice(b"\x25\x88\x04\0\x01\0\0\0\x39\0\0\0\0\0\0\0");
    block.extend_from_slice(b"Camera\0GPS 48.8566 N 2.3522 E");
    block
}

pub fn exif(orientation: u8) -> Vec<u8> {
    segment(0xE1, &[b"Exif\0\0", &tiff(orientation)[..]].concat())
}

/// What is left of [`exif`].
pub fn minimal_exif(orientation: u8) -> Vec<u8> {
    let mut body = b"Exif\0\0MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0".to_vec();
    body.extend_from_slice(&[orientation, 0, 0, 0, 0, 0, 0]);
    segment(0xE1, &body)
}

pub fn chunk(kind: [u8; 4], data: &[u8]) -> Vec<u8> {
    let length = u32::try_from(data.len()).unwrap().to_be_bytes();
    let crc = crc32fast::hash(&[&kind, data].concat()).to_be_bytes();
    [&length[..], &kind, data, &crc].concat()
}

/// Where IHDR ends.
pub const AFTER_IHDR: usize = 8 + 25;

/// `png` with more chunks right after IHDR.
pub fn png_with(chunks: &[Vec<u8>]) -> Vec<u8> {
    let plain = png();
    [&plain[..AFTER_IHDR], &chunks.concat(), &plain[AFTER_IHDR..]].concat()
}

/// A PDF 1.4 of the given objects (their text between `obj` and `endobj`) with a classic table and trailer.
pub fn pdf_of(objects: &[&[u8]], trailer: &str) -> Vec<u8> {
    let mut file = b"%PDF-1.4\n%\xE2\xE3\xCF\xD3\n".to_vec();
    let mut table = format!("xref\n0 {}\n0000000000 65535 f \n", objects.len() + 1);
    for (index, object) in objects.iter().enumerate() {
        writeln!(table, "{:010} 00000 n ", file.len()).unwrap();
        file.extend_from_slice(format!("{} 0 obj\n", index + 1).as_bytes());
        file.extend_from_slice(object);
        file.extend_from_slice(b"\nendobj\n");
    }
    let start = file.len();
    let end = format!(
        "{table}trailer\n<< /Size {} /Root 1 0 R {trailer} >>\nstartxref\n{start}\n%%EOF\n",
        objects.len() + 1
    );
    file.extend_from_slice(end.as_bytes());
    file
}

pub fn stream(length: &str, data: &[u8]) -> Vec<u8> {
    [format!("<< /Length {length} >>\nstream\n").as_bytes(), data, b"\nendstream"].concat()
}

pub const CATALOG: &[u8] = b"<< /Type /Catalog /Pages 2 0 R >>";
pub const PAGES: &[u8] = b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>";
pub const PAGE: &[u8] = b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 200 200] /Contents 4 0 R >>";

pub fn pdf_with(content: &[u8]) -> Vec<u8> {
    pdf_of(&[CATALOG, PAGES, PAGE, content], "/ID [<00ff> <00FF>]")
}

pub fn pdf() -> Vec<u8> {
    let text = b"BT /F1 12 Tf (Bonjour \\(x) Tj ET";
    pdf_with(&stream(&text.len().to_string(), text))
}
