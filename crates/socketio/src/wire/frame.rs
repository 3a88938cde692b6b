//! Encodes WebSocket frames, header included (RFC 6455). A server's frames are not masked, so one frame
//! serves any number of readers.

use bytes::Bytes;

/// Whole messages in one frame.
pub(super) const TEXT: u8 = 0x81;
pub(super) const BINARY: u8 = 0x82;
const CLOSE: u8 = 0x88;
const PING: u8 = 0x89;
const PONG: u8 = 0x8a;

/// The longest header: two bytes and a length of eight.
const HEADER: usize = 10;
/// The longest payload of a control frame.
const CONTROL: usize = 125;
/// The code of a normal close.
const NORMAL: u16 = 1000;

/// Text in one frame.
pub(crate) fn text(payload: &str) -> Bytes {
    let mut buffer = Vec::with_capacity(HEADER.saturating_add(payload.len()));
    write(&mut buffer, TEXT, payload.as_bytes());
    Bytes::from(buffer)
}

/// Pings the client's WebSocket, as opposed to its Engine.IO.
pub(crate) fn ping(payload: &[u8]) -> Bytes {
    control(PING, payload)
}

/// Answers a ping of the client's WebSocket.
pub(crate) fn pong(payload: &[u8]) -> Bytes {
    control(PONG, payload)
}

/// The last frame.
pub(crate) fn close() -> Bytes {
    control(CLOSE, &NORMAL.to_be_bytes())
}

fn control(kind: u8, payload: &[u8]) -> Bytes {
    let payload = payload.get(..CONTROL).unwrap_or(payload);
    let mut buffer = Vec::with_capacity(HEADER.saturating_add(payload.len()));
    write(&mut buffer, kind, payload);
    Bytes::from(buffer)
}

/// Appends a frame.
pub(super) fn write(buffer: &mut Vec<u8>, kind: u8, payload: &[u8]) {
    write_header(buffer, kind, payload.len());
    buffer.extend_from_slice(payload);
}

/// Appends the header of a frame whose payload has this length.
pub(super) fn write_header(buffer: &mut Vec<u8>, kind: u8, length: usize) {
    buffer.push(kind);
    match (u8::try_from(length), u16::try_from(length)) {
        (Ok(short), _) if short < 126 => buffer.push(short),
        (_, Ok(medium)) => {
            buffer.push(126);
            buffer.extend(medium.to_be_bytes());
        }
        _ => {
            buffer.push(127);
            buffer.extend(u64::try_from(length).unwrap_or(u64::MAX).to_be_bytes());
        }
    }
}

/// How many frames a piece has.
pub(crate) fn count(piece: &[u8]) -> usize {
    Frames(piece).count()
}

/// The frames of a piece, each with its kind and payload. Ends at the first incomplete one.
pub(super) struct Frames<'a>(pub(super) &'a [u8]);

impl<'a> Iterator for Frames<'a> {
    type Item = (u8, &'a [u8]);

    fn next(&mut self) -> Option<Self::Item> {
        let (kind, rest) = self.0.split_first()?;
        let (length, rest) = rest.split_first()?;
        let (length, rest) = match length {
            126 => {
                let (length, rest) = rest.split_first_chunk::<2>()?;
                (usize::from(u16::from_be_bytes(*length)), rest)
            }
            127 => {
                let (length, rest) = rest.split_first_chunk::<8>()?;
                (usize::try_from(u64::from_be_bytes(*length)).ok()?, rest)
            }
            // Our own frames are not masked.
            128.. => return None,
            short => (usize::from(*short), rest),
        };
        let (payload, rest) = rest.split_at_checked(length)?;
        self.0 = rest;
        Some((*kind, payload))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_length_takes_as_many_bytes_as_it_needs() {
        for (length, header) in [
            (0, vec![TEXT, 0]),
            (125, vec![TEXT, 125]),
            (126, vec![TEXT, 126, 0, 126]),
            (65_535, vec![TEXT, 126, 255, 255]),
            (65_536, vec![TEXT, 127, 0, 0, 0, 0, 0, 1, 0, 0]),
        ] {
            let frame = text(&"x".repeat(length));
            assert_eq!(frame[..header.len()], header);
            assert_eq!(frame.len(), header.len() + length);
        }
    }

    #[test]
    fn what_is_neither_text_nor_binary_stays_short() {
        assert_eq!(pong(&[1; 200]).len(), 2 + CONTROL);
    }

    proptest! {
        #[test]
        fn frames_are_read_as_they_were_written(
            payloads in prop::collection::vec(prop::collection::vec(any::<u8>(), 0..70_000), 0..4),
        ) {
            let mut buffer = Vec::new();
            for payload in &payloads {
                write(&mut buffer, BINARY, payload);
            }
            let read: Vec<_> = Frames(&buffer).collect();
            let written: Vec<_> = payloads.iter().map(|payload| (BINARY, payload.as_slice())).collect();
            prop_assert_eq!(read, written);
        }

        #[test]
        fn any_bytes_are_read_to_an_end(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
            let read: usize = Frames(&bytes).map(|(_, payload)| payload.len()).sum();
            prop_assert!(read <= bytes.len());
        }
    }
}
