//! Processing a file as it arrives.

use bytes::{Buf as _, Bytes, BytesMut};
use domain::PictureFormat;
use domain::port::blobs::ByteStream;
use futures::{StreamExt as _, TryStreamExt as _, stream};

use super::gif::Gif;
use super::jpeg::Jpeg;
use super::png::Png;
use super::webp::WebP;

/// What to do with the next bytes of a file.
pub(super) enum Step {
    /// Ask again when this many bytes are visible. Never much more than [`MOST`].
    Need(usize),
    /// Keep them.
    Keep(u64),
    /// Drop them.
    Drop(u64),
    /// Overwrite them with zeros, because the length must not change.
    Blank(u64),
    /// Replace this many bytes, all of them visible.
    Replace(usize, Vec<u8>),
    /// Drop everything that follows.
    End,
}

/// The most that a format looks at in one go, give or take a header.
pub(super) const MOST: usize = 1 << 16;

/// Knows a file format.
pub(super) trait Format: Send {
    /// What to do with the next bytes, of which these are visible: at least one.
    fn next(&mut self, ahead: &[u8]) -> Step;
}

/// What a walk is doing.
enum Doing {
    Keep(u64),
    Drop(u64),
    Blank(u64),
    Asking(usize),
    Ended,
}

/// The state of processing a file.
pub(super) struct Walk {
    format: Box<dyn Format>,
    ahead: BytesMut,
    doing: Doing,
}

impl Walk {
    pub(super) fn new(format: PictureFormat) -> Self {
        Self {
            format: match format {
                PictureFormat::Png => Box::new(Png::default()),
                PictureFormat::Jpeg => Box::new(Jpeg::default()),
                PictureFormat::Gif => Box::new(Gif::default()),
                PictureFormat::WebP => Box::new(WebP::default()),
            },
            ahead: BytesMut::new(),
            doing: Doing::Asking(1),
        }
    }

    /// Processes as many bytes as possible, and returns what is kept of these and earlier ones. Bytes
    /// still pending at the end of a file were the beginning of something incomplete.
    pub(super) fn on(&mut self, piece: &[u8]) -> Bytes {
        let mut left = BytesMut::new();
        if !matches!(self.doing, Doing::Ended) {
            self.ahead.extend_from_slice(piece);
        }
        while self.step(&mut left) {}
        left.freeze()
    }

    /// Returns whether there may be more to do.
    fn step(&mut self, left: &mut BytesMut) -> bool {
        match self.doing {
            Doing::Ended => {
                self.ahead.clear();
                false
            }
            Doing::Asking(needed) => {
                if self.ahead.len() < needed.max(1) {
                    return false;
                }
                self.ask(left);
                true
            }
            Doing::Keep(count) => {
                let some = self.some(count);
                left.extend_from_slice(&some);
                self.doing = rest(count, some.len(), Doing::Keep);
                !self.ahead.is_empty()
            }
            Doing::Drop(count) => {
                let some = self.some(count);
                self.doing = rest(count, some.len(), Doing::Drop);
                !self.ahead.is_empty()
            }
            Doing::Blank(count) => {
                let some = self.some(count);
                left.extend(std::iter::repeat_n(0, some.len()));
                self.doing = rest(count, some.len(), Doing::Blank);
                !self.ahead.is_empty()
            }
        }
    }

    fn ask(&mut self, left: &mut BytesMut) {
        self.doing = match self.format.next(&self.ahead) {
            Step::Need(needed) if needed > self.ahead.len() => Doing::Asking(needed),
            // A format that asks for what it already has would loop for ever.
            Step::Need(_) | Step::End => Doing::Ended,
            Step::Keep(count) => Doing::Keep(count),
            Step::Drop(count) => Doing::Drop(count),
            Step::Blank(count) => Doing::Blank(count),
            Step::Replace(count, other) => {
                self.ahead.advance(count.min(self.ahead.len()));
                left.extend_from_slice(&other);
                Doing::Asking(1)
            }
        };
    }

    fn some(&mut self, count: u64) -> BytesMut {
        let most = usize::try_from(count).unwrap_or(usize::MAX);
        self.ahead.split_to(most.min(self.ahead.len()))
    }
}

fn rest(count: u64, done: usize, doing: fn(u64) -> Doing) -> Doing {
    match count.saturating_sub(u64::try_from(done).unwrap_or(u64::MAX)) {
        0 => Doing::Asking(1),
        more => doing(more),
    }
}

/// A file as it arrives, reduced to what shows the picture.
pub(crate) fn stream(format: PictureFormat, bytes: ByteStream) -> ByteStream {
    let walk = Walk::new(format);
    stream::try_unfold((bytes, walk), |(mut bytes, mut walk)| async move {
        let piece = bytes.try_next().await?;
        Ok(piece.map(|piece| (walk.on(&piece), (bytes, walk))))
    })
    .boxed()
}
