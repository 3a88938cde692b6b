//! The payload of a poll's response: the same packets as on a WebSocket, without its headers.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;

use super::frame::{BINARY, Frames, TEXT};

/// Separates the packets of a payload.
pub(crate) const SEPARATOR: u8 = 0x1e;

/// The payload that carries the packets of these frames.
pub(crate) fn of_frames(pieces: &[Bytes]) -> Vec<u8> {
    let mut payload = Vec::new();
    for (kind, packet) in pieces.iter().flat_map(|piece| Frames(piece)) {
        // Control frames concern only a WebSocket and its peer.
        if !matches!(kind, TEXT | BINARY) {
            continue;
        }
        if !payload.is_empty() {
            payload.push(SEPARATOR);
        }
        if kind == TEXT {
            payload.extend_from_slice(packet);
        } else {
            payload.push(b'b');
            payload.extend_from_slice(STANDARD.encode(packet).as_bytes());
        }
    }
    payload
}

#[cfg(test)]
mod tests {
    use super::super::frame;
    use super::*;

    #[test]
    fn a_piece_of_several_frames_becomes_several_packets() {
        let mut piece = Vec::new();
        frame::write(&mut piece, TEXT, b"4hello");
        frame::write(&mut piece, BINARY, &[1, 2, 3, 4]);
        let other = frame::text("2");
        let payload = of_frames(&[Bytes::from(piece), frame::ping(b"x"), other]);
        assert_eq!(payload, b"4hello\x1ebAQIDBA==\x1e2");
    }
}
