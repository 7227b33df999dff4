//! A photo as the person saw it when taking it: upright, on white, in sRGB, no larger than a screen needs.
//!
//! Phones write P3 colours and lay the picture on its side; both are put right here, in the child, so that the
//! browser gets plain sRGB pixels and none of the stranger's metadata.

use std::io::Cursor;

use image::imageops::FilterType;
use image::{DynamicImage, ImageDecoder, ImageError, ImageFormat, ImageReader, RgbImage};
use moxcms::{ColorProfile, DataColorSpace, Layout, TransformOptions};

use crate::picture::{Page, side};
use crate::protocol::{Order, Verdict};

pub(crate) fn render(order: &Order, document: &[u8], format: ImageFormat) -> Result<Page, Verdict> {
    if order.page.number != 1 {
        return Err(Verdict::NoSuchPage);
    }
    // A quarter of the memory is left for the document itself and for scaling.
    let memory = order.limits.memory / 4 * 3;
    let mut limits = image::Limits::no_limits();
    limits.max_alloc = Some(memory);
    let mut reader = ImageReader::with_format(Cursor::new(document), format);
    reader.limits(limits);

    let mut decoder = reader.into_decoder().map_err(|e| verdict(&e))?;
    let (width, height) = decoder.dimensions();
    if u64::from(width) * u64::from(height) > order.limits.pixels || decoder.total_bytes() > memory {
        return Err(Verdict::TooLarge);
    }
    let orientation = decoder.orientation().map_err(|e| verdict(&e))?;
    let profile = decoder.icc_profile().ok().flatten();

    let mut picture = DynamicImage::from_decoder(decoder).map_err(|e| verdict(&e))?;
    on_white(&mut picture);
    let mut picture = shrunk(picture, side(order.page.max_side));
    picture.apply_orientation(orientation);
    let pixels = in_srgb(picture.into_rgb8(), profile.as_deref());
    Ok(Page { pages: 1, complete: true, pixels })
}

fn verdict(error: &ImageError) -> Verdict {
    match error {
        ImageError::Limits(_) => Verdict::TooLarge,
        _ => Verdict::Unreadable,
    }
}

/// Lays a transparent picture on white paper, in place; it keeps an alpha channel that says "opaque".
fn on_white(picture: &mut DynamicImage) {
    match picture {
        DynamicImage::ImageLumaA8(p) => p.pixels_mut().for_each(|p| blend(&mut p.0, u8::MAX)),
        DynamicImage::ImageRgba8(p) => p.pixels_mut().for_each(|p| blend(&mut p.0, u8::MAX)),
        DynamicImage::ImageLumaA16(p) => p.pixels_mut().for_each(|p| blend(&mut p.0, u16::MAX)),
        DynamicImage::ImageRgba16(p) => p.pixels_mut().for_each(|p| blend(&mut p.0, u16::MAX)),
        _ => {} // no alpha
    }
}

/// One pixel, its last value being alpha, over white.
fn blend<T>(pixel: &mut [T], max: T)
where
    T: Copy + Into<u64> + TryFrom<u64>,
{
    let white: u64 = max.into();
    let Some((alpha, colours)) = pixel.split_last_mut() else { return };
    let opacity: u64 = (*alpha).into();
    for c in colours {
        let colour: u64 = (*c).into();
        let mixed = (colour * opacity + white * (white - opacity) + white / 2) / white;
        *c = T::try_from(mixed).unwrap_or(max);
    }
    *alpha = max;
}

/// Brings the longer side to at most `side`. Whole blocks are averaged first, which is fast and needs no memory
/// to speak of; a smooth filter does what is left, less than a factor of two.
fn shrunk(picture: DynamicImage, side: u32) -> DynamicImage {
    let longest = picture.width().max(picture.height());
    let factor = longest / side;
    if longest <= side {
        return picture;
    }
    if factor < 2 {
        return picture.resize(side, side, FilterType::Triangle);
    }
    if longest / factor <= side + side / 50 {
        // Nearly a whole factor, as for most phones: a few blocks a pixel larger than the others do no harm.
        return picture.thumbnail(side, side);
    }
    let (width, height) = (picture.width() / factor, picture.height() / factor);
    picture.thumbnail_exact(width.max(1), height.max(1)).resize(side, side, FilterType::Triangle)
}

/// Applies the picture's own RGB profile. One that can't be used changes nothing: the browser would do the same.
fn in_srgb(pixels: RgbImage, profile: Option<&[u8]>) -> RgbImage {
    let Some(profile) = profile.and_then(|icc| ColorProfile::new_from_slice(icc).ok()) else { return pixels };
    if profile.color_space != DataColorSpace::Rgb {
        return pixels;
    }
    let srgb = ColorProfile::new_srgb();
    let options = TransformOptions::default();
    let Ok(transform) = profile.create_transform_8bit(Layout::Rgb, &srgb, Layout::Rgb, options) else {
        return pixels;
    };
    let mut converted = RgbImage::new(pixels.width(), pixels.height());
    match transform.transform(&pixels, &mut converted) {
        Ok(()) => converted,
        Err(_) => pixels,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn transparent_is_white_opaque_is_itself_and_half_is_half_way() {
        let over_white = |mut pixel: [u8; 4]| {
            blend(&mut pixel, u8::MAX);
            pixel
        };
        assert_eq!(over_white([10, 20, 30, 0]), [255; 4]);
        assert_eq!(over_white([10, 20, 30, 255]), [10, 20, 30, 255]);
        assert_eq!(over_white([0, 255, 100, 128]), [127, 255, 177, 255]);
        let mut deep = [0_u16, 65_535];
        blend(&mut deep, u16::MAX);
        assert_eq!(deep, [0, 65_535]);
    }

    #[test]
    fn no_picture_is_enlarged_and_none_is_longer_than_asked() {
        for (width, height) in
            [(100, 50), (2000, 10), (2001, 3), (3999, 2000), (4032, 3024), (4900, 7), (9001, 1)]
        {
            let small = shrunk(DynamicImage::new_rgb8(width, height), 2000);
            assert_eq!(small.width(), width.min(2000), "{width} x {height}");
            assert!(small.height() >= 1 && small.height() <= height);
        }
    }

    #[test]
    fn colours_of_a_wide_gamut_profile_become_srgb() {
        let icc = ColorProfile::new_display_p3().encode().unwrap();
        let p3 = RgbImage::from_pixel(2, 2, image::Rgb([200, 100, 100]));
        let srgb = in_srgb(p3.clone(), Some(&icc));
        assert!(srgb.get_pixel(0, 0).0[0] > 205, "{:?}", srgb.get_pixel(0, 0));
        assert_eq!(in_srgb(p3.clone(), Some(b"not a profile")), p3);
        assert_eq!(in_srgb(p3.clone(), None), p3);
    }
}
