//! WebSocket frames with a bounded length.
//!
//! The underlying parser checks the length of a frame only once it has all of it, so that a client which
//! announces a terabyte may fill the memory. [`bounded`] checks the announced length, and ends the
//! stream there. Any WebSocket server can use it, not only one of Socket.IO.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use actix_web::dev::Payload;
use actix_web::error::PayloadError;
use actix_web::{Error, FromRequest as _, HttpRequest, web};
use actix_ws::ProtocolError;
use bytes::Bytes;
use futures_core::Stream;

/// The client's data, up to the first frame whose announced length exceeds `most`.
///
/// What came before that frame is still read. The frame is replaced by an error that is
/// [`Fault::TooLong`].
pub fn bounded(
    request: &HttpRequest,
    payload: web::Payload,
    most: usize,
) -> Result<web::Payload, Error> {
    let bounded = Bounded {
        payload: payload.into_inner(),
        frames: Frames::default(),
        most: u64::try_from(most).unwrap_or(u64::MAX),
        stage: Stage::Reading,
    };
    let mut payload: Payload = Payload::Stream {
        payload: Box::pin(bounded),
    };
    web::Payload::from_request(request, &mut payload).into_inner()
}

/// Why nothing more can be read from a client.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// The connection is gone, which is nobody's mistake.
    Gone,
    /// A frame, or a message of several frames, is too long.
    TooLong,
    /// What arrived is not a frame.
    Malformed,
}

impl Fault {
    /// Classifies an error of the frame parser.
    pub fn of(error: &ProtocolError) -> Self {
        match error {
            ProtocolError::Overflow => Self::TooLong,
            ProtocolError::Io(error) => Self::of_reading(error),
            ProtocolError::UnmaskedFrame
            | ProtocolError::MaskedFrame
            | ProtocolError::InvalidOpcode(_)
            | ProtocolError::InvalidLength(_)
            | ProtocolError::BadOpCode
            | ProtocolError::ContinuationNotStarted
            | ProtocolError::ContinuationStarted
            | ProtocolError::ContinuationFragment(_) => Self::Malformed,
        }
    }

    fn of_reading(error: &io::Error) -> Self {
        let cause = error.get_ref().and_then(|cause| cause.downcast_ref());
        // The library has no error of its own for a fragmented message that is too long.
        if matches!(cause, Some(PayloadError::Overflow))
            || error.to_string().contains("continuation size")
        {
            Self::TooLong
        } else if error.kind() == io::ErrorKind::InvalidData {
            Self::Malformed
        } else {
            Self::Gone
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Stage {
    Reading,
    /// What came before the oversized frame is being read.
    Pausing,
    Refusing,
    Over,
}

struct Bounded {
    payload: Payload,
    frames: Frames,
    most: u64,
    stage: Stage,
}

impl Stream for Bounded {
    type Item = Result<Bytes, PayloadError>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        match self.stage {
            Stage::Reading => (),
            Stage::Pausing => {
                // The parser decodes what it has only once there is nothing more to read.
                self.stage = Stage::Refusing;
                cx.waker().wake_by_ref();
                return Poll::Pending;
            }
            Stage::Refusing => {
                self.stage = Stage::Over;
                return Poll::Ready(Some(Err(PayloadError::Overflow)));
            }
            Stage::Over => return Poll::Ready(None),
        }
        let read = ready!(Pin::new(&mut self.payload).poll_next(cx));
        let Some(Ok(mut bytes)) = read else {
            return Poll::Ready(read);
        };
        let most = self.most;
        if let Some(end) = self.frames.pass(&bytes, most) {
            self.stage = Stage::Pausing;
            bytes.truncate(end);
        }
        Poll::Ready(Some(Ok(bytes)))
    }
}

/// A client's position within its frames.
#[derive(Default)]
struct Frames {
    /// The beginning of a frame, up to its length.
    head: Vec<u8>,
    /// How much of the frame is still to come.
    left: u64,
}

impl Frames {
    /// Advances past these bytes. Returns where in them a frame begins that is longer than `most`.
    fn pass(&mut self, bytes: &[u8], most: u64) -> Option<usize> {
        let (mut at, mut begin) = (0, 0);
        while let Some(rest) = bytes.get(at..).filter(|rest| !rest.is_empty()) {
            if self.left > 0 {
                at += self.skip(rest.len());
                continue;
            }
            if self.head.is_empty() {
                begin = at;
            }
            self.head.extend(rest.first());
            at += 1;
            let Some(length) = length_of(&self.head) else {
                continue;
            };
            if length > most {
                return Some(begin);
            }
            let masked = self.head.get(1).is_some_and(|second| second & 0x80 != 0);
            self.left = length.saturating_add(if masked { 4 } else { 0 });
            self.head.clear();
        }
        None
    }

    /// Advances within a frame, as far as its bytes are there, and returns how far.
    fn skip(&mut self, there: usize) -> usize {
        let left = usize::try_from(self.left).unwrap_or(usize::MAX);
        let passed = left.min(there);
        let gone = u64::try_from(passed).unwrap_or(u64::MAX);
        self.left = self.left.saturating_sub(gone);
        passed
    }
}

/// The payload length that a frame's header announces, once that is complete.
fn length_of(head: &[u8]) -> Option<u64> {
    match head.get(1)? & 0x7f {
        126 => {
            let length = head.get(2..4)?.try_into().ok()?;
            Some(u64::from(u16::from_be_bytes(length)))
        }
        127 => {
            let length = head.get(2..10)?.try_into().ok()?;
            Some(u64::from_be_bytes(length))
        }
        short => Some(u64::from(short)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MOST: u64 = 70_000;

    /// A frame of this length, as a client sends it.
    fn frame(length: usize) -> Vec<u8> {
        let said = match length {
            0..126 => vec![0x80 | u8::try_from(length).unwrap()],
            126..0x1_0000 => [&[0xfe][..], &u16::try_from(length).unwrap().to_be_bytes()].concat(),
            _ => [&[0xff][..], &u64::try_from(length).unwrap().to_be_bytes()].concat(),
        };
        [&[0x81][..], &said, &[1, 2, 3, 4], &vec![0xff; length]].concat()
    }

    #[test]
    fn frames_within_the_bound_pass_however_they_are_cut() {
        let lengths = [0, 1, 125, 126, 127, 65_535, 65_536, 70_000, 3];
        let bytes: Vec<u8> = lengths.into_iter().flat_map(frame).collect();
        for cut in [1, 2, 3, 7, 1_000, 65_537, bytes.len()] {
            let mut frames = Frames::default();
            for piece in bytes.chunks(cut) {
                assert_eq!(frames.pass(piece, MOST), None, "in pieces of {cut}");
            }
            assert!(frames.head.is_empty() && frames.left == 0, "{cut}");
        }
    }

    #[test]
    fn a_frame_beyond_the_bound_is_found_by_what_it_says() {
        let before = [frame(200), frame(0)].concat();
        for length in [70_001_u64, 1 << 40, u64::MAX] {
            let head = [&[0x82, 0xff][..], &length.to_be_bytes()].concat();
            let bytes = [before.clone(), head.clone()].concat();
            assert_eq!(Frames::default().pass(&bytes, MOST), Some(before.len()));
            // Its beginning was handed on already where it was not known yet.
            let mut frames = Frames::default();
            assert_eq!(frames.pass(&before, MOST), None);
            let (first, last) = head.split_at(9);
            assert_eq!(frames.pass(first, MOST), None);
            assert_eq!(frames.pass(last, MOST), Some(0));
        }
    }

    #[test]
    fn a_short_bound_holds_for_short_frames() {
        assert_eq!(Frames::default().pass(&frame(10), 10), None);
        assert_eq!(Frames::default().pass(&frame(11), 10), Some(0));
        assert_eq!(Frames::default().pass(&frame(126), 125), Some(0));
    }
}
