//! Frames as they leave, header included (RFC 6455). The server's frames are not masked, so one frame
//! serves any number of readers.

use bytes::Bytes;
use protocol::realtime::{CloseCode, ServerFrame};
use realtime::{Dialect, Frame};

use crate::socketio::vocabulary::NATIVE;

/// A whole message in one frame.
const TEXT: u8 = 0x81;
const CLOSE: u8 = 0x88;
const PING: u8 = 0x89;
const PONG: u8 = 0x8a;

/// The longest header: two bytes and a length of eight.
const HEADER: usize = 10;
/// The longest payload of a control frame.
const CONTROL: usize = 125;

/// Most frames are shorter, so that the buffer need not grow.
const USUAL: usize = 768;

/// Encodes a frame of the protocol.
pub(crate) fn text(frame: &ServerFrame) -> Bytes {
    let mut buffer = Vec::with_capacity(USUAL);
    buffer.resize(HEADER, 0);
    match serde_json::to_writer(&mut buffer, frame) {
        Ok(()) => with_header(TEXT, buffer),
        Err(error) => {
            tracing::error!(%error, "could not encode a frame; it is not sent");
            Bytes::new()
        }
    }
}

/// A frame for `/api/ws` only.
pub(super) fn native(frame: &ServerFrame) -> Frame {
    let written = text(frame);
    either(move || written.clone(), |_| Bytes::new())
}

/// A frame that differs between `/api/ws` and the dialects of Socket.IO.
pub(super) fn either(
    native: impl Fn() -> Bytes + Send + Sync + 'static,
    foreign: impl Fn(Dialect) -> Bytes + Send + Sync + 'static,
) -> Frame {
    Frame::new(move |dialect| {
        if dialect == NATIVE {
            native()
        } else {
            foreign(dialect)
        }
    })
}

/// Asks the client whether it is still there.
pub(crate) fn ping() -> Bytes {
    Bytes::from_static(&[PING, 0])
}

/// Answers a client's ping.
pub(crate) fn pong(payload: &[u8]) -> Bytes {
    control(PONG, payload)
}

/// The close frame, with the reason.
pub(crate) fn close(code: CloseCode) -> Bytes {
    closing(code.number(), code.reason())
}

/// The close frame with a client's own code, when the client closes first.
pub(crate) fn closing(code: u16, reason: &str) -> Bytes {
    let mut payload = code.to_be_bytes().to_vec();
    payload.extend_from_slice(reason.as_bytes());
    control(CLOSE, &payload)
}

fn control(kind: u8, payload: &[u8]) -> Bytes {
    let payload = payload.get(..CONTROL).unwrap_or(payload);
    let mut buffer = vec![0; HEADER];
    buffer.extend_from_slice(payload);
    with_header(kind, buffer)
}

/// Puts the header right before the payload, which starts after [`HEADER`] bytes.
fn with_header(kind: u8, mut buffer: Vec<u8>) -> Bytes {
    let length = buffer.len().saturating_sub(HEADER);
    let mut header = vec![kind];
    match (u8::try_from(length), u16::try_from(length)) {
        (Ok(short), _) if short < 126 => header.push(short),
        (_, Ok(medium)) => {
            header.push(126);
            header.extend(medium.to_be_bytes());
        }
        _ => {
            header.push(127);
            header.extend(u64::try_from(length).unwrap_or(u64::MAX).to_be_bytes());
        }
    }
    let start = HEADER.saturating_sub(header.len());
    if let Some(place) = buffer.get_mut(start..HEADER) {
        place.copy_from_slice(&header);
    }
    Bytes::from(buffer).slice(start..)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pong_frame(length: u64) -> ServerFrame {
        // `{"type":"pong","id":…}` has sixteen bytes and the digits.
        ServerFrame::Pong { id: Some(length) }
    }

    #[test]
    fn a_short_frame_has_two_bytes_before_its_text() {
        let frame = text(&pong_frame(7));
        assert_eq!(&frame[..2], &[TEXT, 22]);
        assert_eq!(&frame[2..], br#"{"type":"pong","id":7}"#);
    }

    #[test]
    fn the_length_takes_as_many_bytes_as_it_needs() {
        for (length, header) in [
            (0, vec![PONG, 0]),
            (125, vec![PONG, 125]),
            (126, vec![PONG, 126, 0, 126]),
            (65_535, vec![PONG, 126, 255, 255]),
            (65_536, vec![PONG, 127, 0, 0, 0, 0, 0, 1, 0, 0]),
        ] {
            let frame = with_header(PONG, vec![b'x'; HEADER + length]);
            assert_eq!(frame[..header.len()], header);
            assert_eq!(frame.len(), header.len() + length);
            assert!(frame[header.len()..].iter().all(|byte| *byte == b'x'));
        }
    }

    #[test]
    fn a_close_says_why() {
        let frame = close(CloseCode::Slow);
        assert_eq!(frame[0], CLOSE);
        assert_eq!(frame[2..4], 4008_u16.to_be_bytes());
        assert_eq!(&frame[4..], CloseCode::Slow.reason().as_bytes());
    }

    #[test]
    fn what_is_no_text_stays_short() {
        assert_eq!(pong(&[1; 200]).len(), 2 + CONTROL);
    }
}
