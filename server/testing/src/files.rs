//! Small honest files.

use std::fmt::Write as _;

/// A small photo.
pub const JPEG: &[u8] = include_bytes!("files/photo.jpg");
/// A small picture.
pub const PNG: &[u8] = include_bytes!("files/photo.png");
/// The key of a device that tests make a passkey with (P-256, PKCS #8).
pub const PASSKEY: &[u8] = include_bytes!("files/passkey.pem");

/// A PDF 1.4 of one page that says `text`, followed by `padding` bytes of comments.
pub fn pdf(text: &str, padding: usize) -> Vec<u8> {
    let content = format!("BT /F1 12 Tf ({text}) Tj ET");
    let objects = [
        "<< /Type /Catalog /Pages 2 0 R >>".to_owned(),
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>".to_owned(),
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 200 200] /Contents 4 0 R >>".to_owned(),
        format!("<< /Length {} >>\nstream\n{content}\nendstream", content.len()),
    ];
    let mut file = b"%PDF-1.4\n%\xE2\xE3\xCF\xD3\n".to_vec();
    let mut table = format!("xref\n0 {}\n0000000000 65535 f \n", objects.len() + 1);
    for (index, object) in objects.iter().enumerate() {
        writeln!(table, "{:010} 00000 n ", file.len()).unwrap();
        file.extend_from_slice(format!("{} 0 obj\n{object}\nendobj\n", index + 1).as_bytes());
    }
    let line = format!("%{}\n", "x".repeat(98));
    file.extend(line.bytes().cycle().take(padding / 100 * 100));
    let start = file.len();
    let end =
        format!("{table}trailer\n<< /Size {} /Root 1 0 R >>\nstartxref\n{start}\n%%EOF\n", objects.len() + 1);
    file.extend_from_slice(end.as_bytes());
    file
}
