//! One page of a PDF as pixels, on white paper.
//!
//! The renderer is hayro: pure Rust without `unsafe` of its own, one thread, its own substitutes for the 14
//! standard fonts, so that it needs nothing from the machine. It repairs what it can; what it had to leave out
//! makes the page incomplete, so that nobody takes the picture for the whole document.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use hayro::hayro_interpret::InterpreterSettings;
use hayro::hayro_syntax::Pdf;
use hayro::vello_cpu::Pixmap;
use hayro::vello_cpu::color::palette::css::WHITE;
use hayro::{PixmapSettings, RenderCache, RenderSettings};
use image::{DynamicImage, RgbaImage};

use crate::picture::{Page, side};
use crate::protocol::{Order, Verdict};

/// 4 pixels a point (1/72 inch) is 288 dpi: a small label is not blown up beyond that.
const MAX_SCALE: f32 = 4.0;

/// Readers accept the end mark within this distance of the end (PDF Reference 1.7, appendix H, note 18); so do we.
const END_MARK_WITHIN: usize = 1024;

pub(crate) fn render(order: &Order, document: Vec<u8>) -> Result<Page, Verdict> {
    if !has_end_mark(&document) {
        return Err(Verdict::Unreadable);
    }
    let pdf = Pdf::new(document).map_err(|_| Verdict::Unreadable)?;
    let pages = u32::try_from(pdf.pages().len()).map_err(|_| Verdict::TooLarge)?;
    if pages > order.limits.pages {
        return Err(Verdict::TooLarge);
    }
    let Some(index) = order.page.number.checked_sub(1) else { return Err(Verdict::NoSuchPage) };
    let Some(page) = pdf.pages().get(index as usize) else {
        return Err(if pages == 0 { Verdict::Unreadable } else { Verdict::NoSuchPage });
    };

    let complete = Arc::new(AtomicBool::new(true));
    let settings = InterpreterSettings {
        warning_sink: Arc::new({
            let complete = Arc::clone(&complete);
            move |_| complete.store(false, Ordering::Relaxed)
        }),
        ..Default::default()
    };
    let pixmap = hayro::render(
        page,
        &RenderCache::new(),
        &settings,
        &RenderSettings::default(),
        &scaled(page.render_dimensions(), side(order.page.max_side))?,
    );
    Ok(Page { pages, complete: complete.load(Ordering::Relaxed), pixels: flat(pixmap)? })
}

/// A file cut short would still be repaired into the pages that are left, and look whole.
fn has_end_mark(document: &[u8]) -> bool {
    let blank = |b: &u8| b.is_ascii_whitespace() || *b == 0;
    let end = document.iter().rposition(|b| !blank(b)).map_or(0, |last| last + 1);
    let tail = &document[end.saturating_sub(END_MARK_WITHIN)..end];
    tail.windows(5).any(|w| w == b"%%EOF")
}

/// The scale that makes the longer side of a page (in points) `side` pixels, and no side less than one.
fn scaled((width, height): (f32, f32), side: u32) -> Result<PixmapSettings, Verdict> {
    if !(width.is_finite() && height.is_finite()) {
        return Err(Verdict::Unreadable);
    }
    #[expect(clippy::cast_precision_loss, reason = "at most MAX_SIDE")]
    let side = side as f32 + 0.01; // hayro rounds down
    let scale = (side / width.max(height)).min(MAX_SCALE);
    Ok(PixmapSettings {
        x_scale: scale.max(1.01 / width),
        y_scale: scale.max(1.01 / height),
        bg_color: WHITE,
    })
}

fn flat(pixmap: Pixmap) -> Result<image::RgbImage, Verdict> {
    let (width, height) = (u32::from(pixmap.width()), u32::from(pixmap.height()));
    let rgba = pixmap.data_as_u8_slice().to_vec();
    drop(pixmap);
    let pixels = RgbaImage::from_raw(width, height, rgba).ok_or(Verdict::Unreadable)?;
    Ok(DynamicImage::from(pixels).into_rgb8())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_end_mark_may_be_followed_by_blanks_but_not_by_a_document() {
        assert!(has_end_mark(b"%PDF-1.4 %%EOF"));
        assert!(has_end_mark(&[b"%PDF-1.4 %%EOF".as_slice(), &[0; 5000], &[b'\n'; 5000]].concat()));
        assert!(!has_end_mark(b"%PDF-1.4 trailer"));
        assert!(!has_end_mark(&[b"%PDF-1.4 %%EOF".as_slice(), &[b'x'; 5000]].concat()));
        assert!(!has_end_mark(b""));
    }

    #[test]
    fn pages_of_any_shape_get_a_picture_with_sides_of_at_least_one_pixel() {
        for (width, height) in [(595.0, 842.0), (1.0, 14_400.0), (1e9, 1.0), (3.0, 3.0)] {
            let s = scaled((width, height), 2000).unwrap();
            for side in [width * s.x_scale, height * s.y_scale] {
                assert!((1.0..=2001.0).contains(&side), "{width} x {height} gives {side}");
            }
        }
        assert!(scaled((f32::INFINITY, 1.0), 2000).is_err());
    }
}
