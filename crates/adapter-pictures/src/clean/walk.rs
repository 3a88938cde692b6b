//! Going through a file as it comes.

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
    /// Ask again when so many can be seen. Never more than [`MOST`] and some.
    Need(usize),
    /// They stay.
    Keep(u64),
    /// They do not.
    Drop(u64),
    /// They become zeros, where the length must stay.
    Blank(u64),
    /// So many of them, which can all be seen, become something else.
    Replace(usize, Vec<u8>),
    /// Nothing that follows stays.
    End,
}

/// No format looks at much more than this at once.
pub(super) const MOST: usize = 1 << 16;

/// Knows a format.
pub(super) trait Format: Send {
    /// What to do with the next bytes, of which these can be seen: at least one.
    fn next(&mut self, ahead: &[u8]) -> Step;
}

/// What a walk is in the middle of.
enum Doing {
    Keep(u64),
    Drop(u64),
    Blank(u64),
    Asking(usize),
    Ended,
}

/// A walk through a file.
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

    /// Goes as far as these bytes lead, and says what is left of them and of those before. What is not
    /// left at the end of a file was the beginning of something that never came.
    pub(super) fn on(&mut self, piece: &[u8]) -> Bytes {
        let mut left = BytesMut::new();
        if !matches!(self.doing, Doing::Ended) {
            self.ahead.extend_from_slice(piece);
        }
        while self.step(&mut left) {}
        left.freeze()
    }

    /// Whether there may be more to do.
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
            // A format that asks for what it has would ask for ever.
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

/// A file as it comes, without what does not show the picture.
pub(crate) fn stream(format: PictureFormat, bytes: ByteStream) -> ByteStream {
    let walk = Walk::new(format);
    stream::try_unfold((bytes, walk), |(mut bytes, mut walk)| async move {
        let piece = bytes.try_next().await?;
        Ok(piece.map(|piece| (walk.on(&piece), (bytes, walk))))
    })
    .boxed()
}
