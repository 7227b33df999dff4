//! What the renderers of PDF and of photos have in common: a page of pixels, turned and encoded for the reader.

use image::codecs::jpeg::JpegEncoder;
use image::codecs::png::{CompressionType, FilterType, PngEncoder};
use image::{RgbImage, imageops};

use crate::protocol::{Encoding, Kind, MAX_SIDE, MIN_SIDE, Turn, Verdict};

/// A PNG longer than this is not text on paper but a scan: as JPEG it is several times shorter.
const LONGEST_PNG: usize = 1024 * 1024;

/// Shows the texture of a wound and the print of a prescription; above it files grow faster than they improve.
const JPEG_QUALITY: u8 = 85;

/// A rendered page: opaque, upright, in sRGB.
pub(crate) struct Page {
    /// How many pages the document has.
    pub pages: u32,
    /// Nothing of the page had to be left out.
    pub complete: bool,
    pub pixels: RgbImage,
}

/// The longest side to render for a request, in pixels.
pub(crate) fn side(wanted: u32) -> u32 {
    wanted.clamp(MIN_SIDE, MAX_SIDE)
}

pub(crate) fn turned(pixels: RgbImage, turn: Turn) -> RgbImage {
    match turn {
        Turn::None => pixels,
        Turn::Right => imageops::rotate90(&pixels),
        Turn::Half => imageops::rotate180(&pixels),
        Turn::Left => imageops::rotate270(&pixels),
    }
}

/// JPEG for what came as JPEG; for the rest PNG, which keeps letters sharp, unless it gets long.
pub(crate) fn encoded(pixels: &RgbImage, kind: Kind) -> Result<(Encoding, Vec<u8>), Verdict> {
    if kind != Kind::Jpeg {
        let mut png = Vec::new();
        let encoder = PngEncoder::new_with_quality(&mut png, CompressionType::Fast, FilterType::Adaptive);
        pixels.write_with_encoder(encoder).map_err(|_| Verdict::Unreadable)?;
        if png.len() <= LONGEST_PNG {
            return Ok((Encoding::Png, png));
        }
    }
    let mut jpeg = Vec::new();
    let encoder = JpegEncoder::new_with_quality(&mut jpeg, JPEG_QUALITY);
    pixels.write_with_encoder(encoder).map_err(|_| Verdict::Unreadable)?;
    Ok((Encoding::Jpeg, jpeg))
}
