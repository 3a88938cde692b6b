//! Limits what the library gets to read of an answer.
//!
//! The library logs verbatim any event that it cannot parse, and buffers without limit what is not
//! consumed. So it is only given complete lines, data lines only if they are events that we expect, and
//! only up to a total size.

use std::io;

use futures::{Stream, StreamExt as _, TryStreamExt as _, stream};
use reqwest::{Body, Response};

use crate::event::Event;

/// More bytes than any answer has; there are some two hundred around each token.
const MOST: usize = 8 * 1024 * 1024;

/// The same response with a checked body.
pub(crate) fn guarded(response: Response) -> Response {
    let response = http::Response::from(response);
    let (parts, body) = response.into_parts();
    let raw = http::Response::new(body);
    let bytes = Response::from(raw).bytes_stream();
    let lines = lines(bytes.map_err(|_gone| io::Error::other("the connection was lost")));
    Response::from(http::Response::from_parts(parts, Body::wrap_stream(lines)))
}

#[derive(Default)]
struct Reader {
    /// An incomplete line.
    begun: Vec<u8>,
    read: usize,
}

impl Reader {
    /// The lines that these bytes complete.
    fn take(&mut self, bytes: &[u8]) -> io::Result<Vec<u8>> {
        self.read += bytes.len();
        if self.read > MOST {
            return Err(io::Error::other("the answer exceeds the size limit"));
        }
        self.begun.extend_from_slice(bytes);
        let end = self.begun.iter().rposition(|byte| *byte == b'\n');
        let Some(end) = end else {
            return Ok(Vec::new());
        };
        let rest = self.begun.split_off(end + 1);
        let whole = std::mem::replace(&mut self.begun, rest);
        if whole.split(|byte| *byte == b'\n').all(is_expected) {
            Ok(whole)
        } else {
            Err(io::Error::other(
                "the server sent an event that cannot be parsed",
            ))
        }
    }
}

fn is_expected(line: &[u8]) -> bool {
    let Some(data) = line.strip_prefix(b"data:") else {
        return true;
    };
    let data = data.trim_ascii();
    data == b"[DONE]" || serde_json::from_slice::<Event>(data).is_ok()
}

fn lines<B: AsRef<[u8]>>(
    bytes: impl Stream<Item = io::Result<B>>,
) -> impl Stream<Item = io::Result<Vec<u8>>> {
    bytes
        .scan(Reader::default(), |reader, bytes| {
            let lines = bytes.and_then(|bytes| reader.take(bytes.as_ref()));
            std::future::ready(Some(lines))
        })
        .flat_map(|lines| stream::iter([lines]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whole_lines_go_on() {
        let mut reader = Reader::default();
        assert_eq!(reader.take(b": hello\nda").unwrap(), b": hello\n");
        assert_eq!(reader.take(b"ta: {\"choices\"").unwrap(), b"");
        let rest = reader.take(b": []}\n\ndata: [DONE]\n\n").unwrap();
        assert_eq!(rest, b"data: {\"choices\": []}\n\ndata: [DONE]\n\n");
    }

    #[test]
    fn nothing_else_does() {
        let mut reader = Reader::default();
        let refused = reader.take(b"data: {\"secret\n").unwrap_err();
        assert!(!refused.to_string().contains("secret"));
        let mut reader = Reader::default();
        assert!(reader.take(&vec![b'a'; MOST + 1]).is_err());
    }
}
