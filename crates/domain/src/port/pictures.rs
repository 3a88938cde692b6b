//! Pictures that strangers have sent.

use async_trait::async_trait;
use bytes::Bytes;

use super::blobs::ByteStream;
use crate::{Failure, PictureFormat};

/// What a picture turned out to be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Look {
    /// It can be shown.
    Fit(Picture),
    /// It is no picture, a broken one, or one that is too much to open; why, for the log.
    Unfit(&'static str),
}

/// A picture that can be shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Picture {
    /// How wide and high it is to whoever looks at it.
    pub dimensions: (i32, i32),
    /// A small JPEG of it.
    pub thumbnail: Bytes,
}

impl Picture {
    /// No picture with more points than this is opened.
    pub const MAX_POINTS: u64 = 50_000_000;
    /// No thumbnail is wider or higher.
    pub const THUMBNAIL: u32 = 512;
}

/// Reads pictures that strangers have sent, which may be anything.
///
/// # Obligations
/// - `a_picture_is_measured`: as it is to be looked at: turned, if its sender held the camera so.
/// - `a_thumbnail_is_small_and_bare`: within [`Picture::THUMBNAIL`] both ways, of the picture's own form,
///   never larger than it, and nothing but the picture.
/// - `a_bomb_is_refused_undecoded`: of more than [`Picture::MAX_POINTS`] points, and in no time.
/// - `what_is_no_picture_is_refused`: as is one of another format, or one that is cut short.
/// - `cleaning_takes_out_what_tells_of_its_sender`: places, dates, devices, names, remarks, and whatever
///   else stands beside or behind the picture.
/// - `cleaning_leaves_the_picture`: byte by byte, if nothing else was in the file; and turned as before.
/// - `cleaning_takes_pieces_of_any_size`: and answers all alike.
/// - `a_broken_stream_stays_broken`.
#[async_trait]
pub trait Pictures: Send + Sync + 'static {
    /// Leaves of a file what shows the picture, piece by piece as it comes.
    fn clean(&self, format: PictureFormat, bytes: ByteStream) -> ByteStream;

    /// Opens a picture.
    async fn look(&self, format: PictureFormat, bytes: Bytes) -> Result<Look, Failure>;
}
