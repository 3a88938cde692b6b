//! The part of RFC 6455 that a client needs if it trusts its server.

/// The key of the RFC's example. Every connection uses it, so the right response is known in advance.
const KEY: &str = "dGhlIHNhbXBsZSBub25jZQ==";
/// The server's response to that key.
pub(crate) const ACCEPT: &str = "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=";
/// Any mask will do: masking only protects against confused proxies, and there are none here.
const MASK: [u8; 4] = [0x37, 0xfa, 0x21, 0x3d];

const FINAL: u8 = 0x80;
const MASKED: u8 = 0x80;

/// The kind of a frame. No server here sends fragmented messages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Text,
    Close,
    Ping,
    Pong,
    Other,
}

impl Kind {
    const fn of(first: u8) -> Self {
        match first & 0x0f {
            0x1 => Self::Text,
            0x8 => Self::Close,
            0x9 => Self::Ping,
            0xa => Self::Pong,
            _ => Self::Other,
        }
    }

    const fn first(self) -> u8 {
        FINAL
            | match self {
                Self::Text => 0x1,
                Self::Close => 0x8,
                Self::Ping => 0x9,
                Self::Pong => 0xa,
                Self::Other => 0x2,
            }
    }
}

/// A frame, borrowed from the bytes that were read.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Frame<'a> {
    pub(crate) kind: Kind,
    pub(crate) mask: Option<[u8; 4]>,
    pub(crate) payload: &'a [u8],
}

/// The first frame and what follows it, if all of it has arrived.
pub(crate) fn next_frame(bytes: &[u8]) -> Option<(Frame<'_>, &[u8])> {
    let (&[first, second], rest) = bytes.split_first_chunk()?;
    let (length, rest) = match second & !MASKED {
        0x7e => {
            let (length, rest) = rest.split_first_chunk()?;
            (u64::from(u16::from_be_bytes(*length)), rest)
        }
        0x7f => {
            let (length, rest) = rest.split_first_chunk()?;
            (u64::from_be_bytes(*length), rest)
        }
        short => (u64::from(short), rest),
    };
    let (mask, rest) = if second & MASKED == 0 {
        (None, rest)
    } else {
        let (mask, rest) = rest.split_first_chunk()?;
        (Some(*mask), rest)
    };
    let (payload, rest) = rest.split_at_checked(usize::try_from(length).ok()?)?;
    let kind = Kind::of(first);
    Some((
        Frame {
            kind,
            mask,
            payload,
        },
        rest,
    ))
}

/// Writes the header of a frame with a payload of this length.
pub(crate) fn put_header(out: &mut Vec<u8>, kind: Kind, length: usize, masked: bool) {
    let flag = if masked { MASKED } else { 0 };
    out.push(kind.first());
    if let Ok(length @ ..126) = u8::try_from(length) {
        out.push(flag | length);
    } else if let Ok(length) = u16::try_from(length) {
        out.push(flag | 0x7e);
        out.extend(length.to_be_bytes());
    } else {
        out.push(flag | 0x7f);
        out.extend(u64::try_from(length).unwrap_or(u64::MAX).to_be_bytes());
    }
}

/// Writes a client's frame.
pub(crate) fn put_masked(out: &mut Vec<u8>, kind: Kind, payload: &[u8]) {
    put_header(out, kind, payload.len(), true);
    out.extend(MASK);
    out.extend(unmasked(payload, MASK));
}

/// Removes a mask, or applies it, which is the same operation.
pub(crate) fn unmasked(payload: &[u8], mask: [u8; 4]) -> impl Iterator<Item = u8> {
    payload
        .iter()
        .zip(mask.into_iter().cycle())
        .map(|(byte, mask)| byte ^ mask)
}

/// The request for a WebSocket, with a token if there is one.
pub(crate) fn request(path: &str, token: Option<&str>) -> Vec<u8> {
    let authorization = token.map_or_else(String::new, |token| {
        format!("Authorization: Bearer {token}\r\n")
    });
    format!(
        "GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\
         Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: {KEY}\r\n{authorization}\r\n"
    )
    .into_bytes()
}

/// The server's response to a handshake.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Answer<'a> {
    /// It has not arrived in full.
    Partial,
    /// Frames follow.
    Opened(&'a [u8]),
    /// The first line of the refusal.
    Refused(String),
}

pub(crate) fn answer(bytes: &[u8]) -> Answer<'_> {
    let Some(end) = memchr::memmem::find(bytes, b"\r\n\r\n") else {
        return Answer::Partial;
    };
    let (head, rest) = bytes.split_at(end);
    let head = String::from_utf8_lossy(head);
    let accepted = head.starts_with("HTTP/1.1 101 ") && head.contains(ACCEPT);
    match rest.get(4..) {
        Some(rest) if accepted => Answer::Opened(rest),
        _ => Answer::Refused(head.lines().next().unwrap_or_default().to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn frames_of_every_length_are_read_as_they_were_written() {
        for length in [0, 1, 125, 126, 65_535, 65_536] {
            let payload = vec![b'x'; length];
            let mut bytes = Vec::new();
            put_header(&mut bytes, Kind::Text, length, false);
            bytes.extend(&payload);
            bytes.extend(b"next");
            let (frame, rest) = next_frame(&bytes).unwrap();
            assert_eq!((frame.kind, frame.mask), (Kind::Text, None));
            assert_eq!((frame.payload, rest), (&*payload, &b"next"[..]));
        }
    }

    #[test]
    fn half_a_frame_is_none() {
        let mut bytes = Vec::new();
        put_masked(&mut bytes, Kind::Text, &[b'x'; 300]);
        for end in 0..bytes.len() {
            assert_eq!(next_frame(&bytes[..end]), None, "{end}");
        }
        assert!(next_frame(&bytes).is_some());
    }

    #[test]
    fn what_a_client_writes_is_masked() {
        let mut bytes = Vec::new();
        put_masked(&mut bytes, Kind::Text, b"hello");
        let (frame, _) = next_frame(&bytes).unwrap();
        assert_ne!(frame.payload, b"hello");
        let plain: Vec<u8> = unmasked(frame.payload, frame.mask.unwrap()).collect();
        assert_eq!(plain, b"hello");
    }

    #[test]
    fn only_a_right_answer_opens() {
        let right = format!("HTTP/1.1 101 Switching\r\nsec-websocket-accept: {ACCEPT}\r\n\r\nrest");
        assert_eq!(answer(right.as_bytes()), Answer::Opened(b"rest"));
        assert_eq!(answer(&right.as_bytes()[..40]), Answer::Partial);
        let refused = "HTTP/1.1 401 Unauthorized\r\n\r\n";
        let expected = Answer::Refused("HTTP/1.1 401 Unauthorized".to_owned());
        assert_eq!(answer(refused.as_bytes()), expected);
    }
}
