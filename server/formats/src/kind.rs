//! The accepted types, and whether a declared name and type agree with what the content proved to be. A
//! declaration decides nothing: it helps to word an answer, so doubt counts as agreement.

/// An accepted type.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Kind {
    /// ISO 32000.
    Pdf,
    /// ITU-T T.81, baseline, extended or progressive.
    Jpeg,
    /// W3C Portable Network Graphics.
    Png,
}

impl Kind {
    /// The media type, as sent in `Content-Type`.
    #[must_use]
    pub const fn mime(self) -> &'static str {
        match self {
            Self::Pdf => "application/pdf",
            Self::Jpeg => "image/jpeg",
            Self::Png => "image/png",
        }
    }

    /// The usual file extension, lower case, without the dot.
    #[must_use]
    pub const fn extension(self) -> &'static str {
        match self {
            Self::Pdf => "pdf",
            Self::Jpeg => "jpg",
            Self::Png => "png",
        }
    }
}

/// What a declaration speaks of.
#[derive(PartialEq)]
enum Said {
    Nothing,
    Pdf,
    /// Photo types are not told apart: phones convert HEIC to JPEG and messengers PNG to JPEG, both keeping
    /// the name.
    Photo,
    Other,
}

/// Whether `kind` (proved by content) is compatible with the declared media type and the file name.
///
/// Lenient: an absent, empty or generic type, a missing or unheard-of extension (`Dr.Martin`) agree with
/// everything; every photo type agrees with every image.
#[must_use]
pub fn agrees(kind: Kind, declared_mime: Option<&str>, file_name: &str) -> bool {
    let ours = if kind == Kind::Pdf { Said::Pdf } else { Said::Photo };
    [said_by_mime(declared_mime.unwrap_or_default()), said_by_name(file_name)]
        .into_iter()
        .all(|said| said == Said::Nothing || said == ours)
}

fn said_by_mime(mime: &str) -> Said {
    let essence = mime.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    match essence.as_str() {
        ""
        | "application/octet-stream"
        | "binary/octet-stream"
        | "application/force-download"
        | "application/x-download"
        | "application/download"
        | "*/*" => Said::Nothing,
        "application/pdf" | "application/x-pdf" | "text/pdf" => Said::Pdf,
        "image/jpeg" | "image/jpg" | "image/pjpeg" | "image/jfif" | "image/png" | "image/x-png"
        | "image/apng" | "image/heic" | "image/heif" | "image/*" => Said::Photo,
        _ => Said::Other,
    }
}

fn said_by_name(file_name: &str) -> Said {
    let Some((_, extension)) = file_name.trim_end().rsplit_once('.') else { return Said::Nothing };
    match extension.to_ascii_lowercase().as_str() {
        "pdf" => Said::Pdf,
        "jpg" | "jpeg" | "jpe" | "jfif" | "pjpeg" | "png" | "apng" | "heic" | "heif" | "hif" => Said::Photo,
        "7z" | "apk" | "app" | "avi" | "bat" | "bmp" | "bz2" | "cmd" | "com" | "csv" | "dcm" | "dll"
        | "dmg" | "doc" | "docm" | "docx" | "eml" | "exe" | "gif" | "gz" | "hta" | "htm" | "html" | "iso"
        | "jar" | "js" | "json" | "lnk" | "m4a" | "mov" | "mp3" | "mp4" | "msg" | "msi" | "odp" | "ods"
        | "odt" | "php" | "ppt" | "pptx" | "ps1" | "rar" | "rtf" | "scr" | "sh" | "svg" | "tar" | "tif"
        | "tiff" | "txt" | "vbs" | "wav" | "webm" | "webp" | "xhtml" | "xls" | "xlsm" | "xlsx" | "xml"
        | "zip" => Said::Other,
        _ => Said::Nothing,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_phones_and_browsers_declare_agrees() {
        for name in ["a.jpg", "a.JPEG", "a.jfif", "IMG_1.HEIC", "a", "", "scan.2024", "Dr.Martin", "a.png"] {
            assert!(agrees(Kind::Jpeg, None, name), "{name}");
        }
        for mime in ["", "application/octet-stream", "image/jpeg", "Image/JPEG; q=1", "image/heic"] {
            assert!(agrees(Kind::Jpeg, Some(mime), "a.jpg"), "{mime}");
        }
        assert!(agrees(Kind::Pdf, Some("application/pdf"), "a.PDF"));
        assert!(agrees(Kind::Png, Some("image/png"), "a.png"));
    }

    #[test]
    fn a_declaration_of_another_type_disagrees() {
        assert!(!agrees(Kind::Pdf, None, "a.jpg"));
        assert!(!agrees(Kind::Pdf, None, "report.docx"));
        assert!(!agrees(Kind::Jpeg, Some("application/pdf"), "a.jpg"));
        assert!(!agrees(Kind::Jpeg, Some("image/jpeg"), "a.pdf"));
        assert!(!agrees(Kind::Png, Some("text/html"), "a"));
        assert!(!agrees(Kind::Jpeg, None, "a.jpg.exe"));
    }

    #[test]
    fn mime_and_extension_are_the_registered_ones() {
        assert_eq!((Kind::Pdf.mime(), Kind::Pdf.extension()), ("application/pdf", "pdf"));
        assert_eq!((Kind::Jpeg.mime(), Kind::Jpeg.extension()), ("image/jpeg", "jpg"));
        assert_eq!((Kind::Png.mime(), Kind::Png.extension()), ("image/png", "png"));
    }
}
