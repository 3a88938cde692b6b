//! Opening a picture.

use std::io::Cursor;

use bytes::Bytes;
use domain::PictureFormat;
use domain::port::pictures::{Look, Picture};
use image::codecs::jpeg::JpegEncoder;
use image::imageops::FilterType;
use image::metadata::Orientation;
use image::{
    DynamicImage, ImageDecoder, ImageFormat, ImageReader, ImageResult, Limits, Rgb, RgbImage,
};

/// The JPEG quality of a thumbnail, from 1 to 100.
const QUALITY: u8 = 80;
/// The memory that a decoder may use beyond the pixels themselves.
const SPARE: u64 = 64 << 20;

/// The number of pixels of a picture, according to its header.
pub(crate) fn points(format: PictureFormat, bytes: &[u8]) -> Result<u64, &'static str> {
    let decoder = decoder(format, bytes).map_err(|_unreadable| "its header cannot be read")?;
    let (width, height) = decoder.dimensions();
    if width == 0 || height == 0 {
        return Err("it is empty");
    }
    Ok(u64::from(width) * u64::from(height))
}

/// Measures a picture and makes a thumbnail of it. Slow.
pub(crate) fn look(format: PictureFormat, bytes: &[u8]) -> Look {
    match opened(format, bytes) {
        Ok(Some(picture)) => Look::Fit(picture),
        Ok(None) => Look::Unfit("it is too wide or too high"),
        Err(_undecodable) => Look::Unfit("it cannot be decoded"),
    }
}

fn opened(format: PictureFormat, bytes: &[u8]) -> ImageResult<Option<Picture>> {
    let mut decoder = decoder(format, bytes)?;
    let orientation = decoder.orientation()?;
    let (width, height) = decoder.dimensions();
    let whole = DynamicImage::from_decoder(decoder)?;
    let mut small = shrunk(whole);
    // Rotating the thumbnail is cheaper, with the same result.
    small.apply_orientation(orientation);
    let (width, height) = if lies(orientation) {
        (height, width)
    } else {
        (width, height)
    };
    let (Ok(width), Ok(height)) = (i32::try_from(width), i32::try_from(height)) else {
        return Ok(None);
    };
    Ok(Some(Picture {
        dimensions: (width, height),
        thumbnail: written(&small)?,
    }))
}

/// A decoder that has read only the header.
fn decoder(format: PictureFormat, bytes: &[u8]) -> ImageResult<impl ImageDecoder + '_> {
    let format = match format {
        PictureFormat::Png => ImageFormat::Png,
        PictureFormat::Jpeg => ImageFormat::Jpeg,
        PictureFormat::Gif => ImageFormat::Gif,
        PictureFormat::WebP => ImageFormat::WebP,
    };
    let mut limits = Limits::default();
    limits.max_alloc = Some(Picture::MAX_POINTS * 8 + SPARE);
    let mut reader = ImageReader::with_format(Cursor::new(bytes), format);
    reader.limits(limits);
    reader.into_decoder()
}

const fn lies(orientation: Orientation) -> bool {
    matches!(
        orientation,
        Orientation::Rotate90
            | Orientation::Rotate270
            | Orientation::Rotate90FlipH
            | Orientation::Rotate270FlipH
    )
}

fn shrunk(whole: DynamicImage) -> DynamicImage {
    let most = Picture::THUMBNAIL;
    if whole.width() <= most && whole.height() <= most {
        return whole;
    }
    // A coarse reduction first, which is cheap, and then a fine one.
    let coarse = whole.thumbnail(most * 2, most * 2);
    drop(whole);
    coarse.resize(most, most, FilterType::CatmullRom)
}

/// Encodes as JPEG, which has no transparency: transparent areas become white, like most pages.
fn written(small: &DynamicImage) -> ImageResult<Bytes> {
    let mut flat = RgbImage::from_pixel(small.width(), small.height(), Rgb([u8::MAX; 3]));
    for (under, over) in flat.pixels_mut().zip(small.to_rgba8().pixels()) {
        let [.., alpha] = over.0;
        for (below, above) in under.0.iter_mut().zip(over.0) {
            *below = blended(*below, above, alpha);
        }
    }
    let mut bytes = Vec::new();
    JpegEncoder::new_with_quality(&mut bytes, QUALITY).encode_image(&flat)?;
    Ok(bytes.into())
}

fn blended(below: u8, above: u8, alpha: u8) -> u8 {
    let alpha = u16::from(alpha);
    let opaque = u16::from(u8::MAX);
    let mixed = (u16::from(above) * alpha + u16::from(below) * (opaque - alpha)) / opaque;
    u8::try_from(mixed).unwrap_or(u8::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_shines_through_is_white() {
        assert_eq!(blended(255, 10, 255), 10);
        assert_eq!(blended(255, 10, 0), 255);
        assert_eq!(blended(255, 0, 128), 127);
    }

    #[test]
    fn every_format_can_be_opened() {
        let picture = DynamicImage::ImageRgba8(image::RgbaImage::from_fn(90, 60, |x, y| {
            image::Rgba([u8::try_from(x).unwrap(), u8::try_from(y).unwrap(), 7, 255])
        }));
        for (format, written) in [
            (PictureFormat::Png, ImageFormat::Png),
            (PictureFormat::Jpeg, ImageFormat::Jpeg),
            (PictureFormat::Gif, ImageFormat::Gif),
            (PictureFormat::WebP, ImageFormat::WebP),
        ] {
            let mut bytes = Cursor::new(Vec::new());
            let picture = DynamicImage::from(picture.to_rgb8());
            picture.write_to(&mut bytes, written).unwrap();
            let bytes = bytes.into_inner();
            assert_eq!(points(format, &bytes), Ok(5_400));
            let Look::Fit(seen) = look(format, &bytes) else {
                panic!("{format:?}");
            };
            assert_eq!(seen.dimensions, (90, 60));
            assert_eq!(points(PictureFormat::Jpeg, &seen.thumbnail), Ok(5_400));
        }
    }
}
