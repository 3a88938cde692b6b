//! Processing untrusted pictures.

use async_trait::async_trait;
use bytes::Bytes;

use super::blobs::ByteStream;
use crate::{Failure, PictureFormat};

/// The result of decoding a picture.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Look {
    /// It can be shown.
    Fit(Picture),
    /// It is not a picture, is broken, or is too large to decode; the reason is for the log.
    Unfit(&'static str),
}

/// A picture that can be shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Picture {
    /// Its width and height as displayed.
    pub dimensions: (i32, i32),
    /// A small JPEG of it.
    pub thumbnail: Bytes,
}

impl Picture {
    /// A picture with more pixels than this is not decoded.
    pub const MAX_POINTS: u64 = 50_000_000;
    /// The maximum width and height of a thumbnail.
    pub const THUMBNAIL: u32 = 512;
}

/// Decodes and cleans untrusted pictures, which may contain anything.
///
/// # Obligations
/// - `a_picture_is_measured`: as displayed, that is, after applying its orientation.
/// - `a_thumbnail_is_small_and_bare`: within [`Picture::THUMBNAIL`] in both dimensions, with the picture's
///   aspect ratio, never larger than it, and without metadata.
/// - `a_bomb_is_refused_undecoded`: if it has more than [`Picture::MAX_POINTS`] pixels, and immediately.
/// - `what_is_no_picture_is_refused`: as is one of another format, or one that is truncated.
/// - `cleaning_takes_out_what_tells_of_its_sender`: locations, dates, devices, names, comments, and
///   whatever else surrounds or follows the picture.
/// - `cleaning_leaves_the_picture`: byte for byte, if nothing else was in the file; its orientation stays.
/// - `cleaning_takes_pieces_of_any_size`: the output does not depend on the chunking.
/// - `a_broken_stream_stays_broken`.
#[async_trait]
pub trait Pictures: Send + Sync + 'static {
    /// Strips everything from a file that is not needed to display the picture, as a stream.
    fn clean(&self, format: PictureFormat, bytes: ByteStream) -> ByteStream;

    /// Decodes a picture.
    async fn look(&self, format: PictureFormat, bytes: Bytes) -> Result<Look, Failure>;
}
