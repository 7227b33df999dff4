//! Files of the demonstration, made here: a page of text as PDF, pictures as JPEG and PNG.

use std::fmt::Write;

use bytes::Bytes;

/// A file fitting its name.
pub fn content(name: &str) -> Bytes {
    match name.rsplit('.').next() {
        // Its table of pages leads nowhere: what a program that breaks off while it saves leaves behind.
        Some("pdf") if name.contains("illisible") => {
            String::from_utf8_lossy(&pdf(name)).replace("/Kids [3 0 R]", "/Kids [9 0 R]").into_bytes().into()
        }
        Some("pdf") => pdf(name).into(),
        Some("png") => Bytes::from_static(include_bytes!("card.png")),
        _ => Bytes::from_static(include_bytes!("prescription.jpg")),
    }
}

/// One A4 page that says that it is fictional (ISO 32000-1, uncompressed so that it stays readable here).
fn pdf(name: &str) -> Vec<u8> {
    let title: String =
        name.trim_end_matches(".pdf").chars().filter(|c| c.is_ascii_alphanumeric() || *c == ' ').collect();
    let mut text = format!("BT /F1 26 Tf 72 740 Td ({title}) Tj ET\n");
    let lines = [
        "Document de demonstration : personne, lieu et contenu sont imagines.",
        "",
        "Dr Exemple Fictif",
        "3 rue des Noms-Inventes, 61999 Valfleury-sur-Orne",
        "",
        "Paracetamol 1 g : 1 comprime matin, midi et soir pendant 5 jours",
        "Serum physiologique : 1 dosette matin et soir",
        "",
        "A renouveler une fois.",
    ];
    for (n, line) in lines.iter().enumerate() {
        let _ = writeln!(text, "BT /F1 13 Tf 72 {} Td ({line}) Tj ET", 690 - n * 24);
    }
    let objects = [
        "<< /Type /Catalog /Pages 2 0 R >>".to_owned(),
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>".to_owned(),
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>".to_owned(),
        format!("<< /Length {} >>\nstream\n{text}\nendstream", text.len() + 1),
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>".to_owned(),
    ];
    let mut out = b"%PDF-1.4\n".to_vec();
    let mut offsets = Vec::new();
    for (n, object) in objects.iter().enumerate() {
        offsets.push(out.len());
        out.extend(format!("{} 0 obj\n{object}\nendobj\n", n + 1).bytes());
    }
    let start = out.len();
    out.extend(format!("xref\n0 {}\n0000000000 65535 f \n", objects.len() + 1).bytes());
    for offset in offsets {
        out.extend(format!("{offset:010} 00000 n \n").bytes());
    }
    out.extend(
        format!("trailer\n<< /Size {} /Root 1 0 R >>\nstartxref\n{start}\n%%EOF\n", objects.len() + 1)
            .bytes(),
    );
    out
}
