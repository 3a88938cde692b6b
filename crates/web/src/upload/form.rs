//! A streaming parser of `multipart/form-data` (RFC 7578).
//!
//! It only buffers the latest chunk, and the head of a part up to a limit, so that neither an
//! endless head nor a missing boundary exhausts memory.

use actix_web::error::PayloadError;
use bytes::{Buf as _, Bytes, BytesMut};
use futures::{Stream, StreamExt as _};

/// The longest boundary that is permitted (RFC 2046).
const BOUNDARY: usize = 70;
/// The longest permitted head of a part.
const HEAD: usize = 8 * 1024;
/// How many parts a form may have: one file, and a few fields that browsers add.
const PARTS: usize = 16;

/// Why a form cannot be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Broken {
    /// The connection ended in the middle.
    CutShort,
    /// It is not a well-formed form.
    Malformed(&'static str),
}

/// The parts of a part's head that matter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Part {
    /// The file name that the client gave, if the part is a file.
    pub(super) file_name: Option<String>,
}

/// A form that is being read.
pub(super) struct Form<S> {
    stream: S,
    ahead: BytesMut,
    ended: bool,
    /// The delimiter between parts: the boundary's line, with the line break before it.
    fence: Vec<u8>,
    parts: usize,
    within: bool,
}

/// The boundary that a content type announces.
pub(super) fn boundary(content_type: &str) -> Option<String> {
    let (kind, parameters) = content_type.split_once(';')?;
    if !kind.trim().eq_ignore_ascii_case("multipart/form-data") {
        return None;
    }
    let found = parameter(parameters, "boundary")?;
    let plain = |c: char| c.is_ascii_graphic() || c == ' ';
    ((1..=BOUNDARY).contains(&found.len()) && found.chars().all(plain)).then_some(found)
}

impl<S: Stream<Item = Result<Bytes, PayloadError>> + Unpin> Form<S> {
    pub(super) fn new(stream: S, boundary: &str) -> Self {
        Self {
            stream,
            // So that the first delimiter looks like all others.
            ahead: BytesMut::from(&b"\r\n"[..]),
            ended: false,
            fence: format!("\r\n--{boundary}").into_bytes(),
            parts: 0,
            // Within the preamble, which is empty.
            within: true,
        }
    }

    /// Skips the rest of this part and moves on to the next one. `None` at the end.
    pub(super) async fn next_part(&mut self) -> Result<Option<Part>, Broken> {
        while self.next_piece().await?.is_some() {}
        // A delimiter is followed by a line break, or by the mark of the form's end.
        self.fill(2).await?;
        if self.ahead.starts_with(b"--") {
            return Ok(None);
        }
        self.parts += 1;
        if self.parts > PARTS {
            return Err(Broken::Malformed("the form has too many parts"));
        }
        let head = self.head().await?;
        self.within = true;
        Ok(Some(Part {
            file_name: file_name(&head),
        }))
    }

    /// The next chunk of this part. `None` at its end.
    pub(super) async fn next_piece(&mut self) -> Result<Option<Bytes>, Broken> {
        if !self.within {
            return Ok(None);
        }
        loop {
            if let Some(place) = find(&self.ahead, &self.fence) {
                return Ok(self.up_to_fence(place));
            }
            // The end of the buffer may be the beginning of a delimiter.
            let safe = self.ahead.len().saturating_sub(self.fence.len());
            if safe > 0 {
                return Ok(Some(self.ahead.split_to(safe).freeze()));
            }
            self.more().await?;
        }
    }

    /// The bytes before a delimiter. If there are none, the delimiter is consumed and the part
    /// ends.
    fn up_to_fence(&mut self, place: usize) -> Option<Bytes> {
        if place > 0 {
            return Some(self.ahead.split_to(place).freeze());
        }
        self.ahead.advance(self.fence.len());
        self.within = false;
        None
    }

    /// The next chunk of what is left of the body, unparsed.
    pub(super) async fn rest(&mut self) -> Result<Option<Bytes>, Broken> {
        self.ahead.clear();
        if self.ended {
            return Ok(None);
        }
        self.more().await?;
        Ok(Some(self.ahead.split().freeze()))
    }

    async fn head(&mut self) -> Result<String, Broken> {
        loop {
            let end = find(&self.ahead, b"\r\n\r\n");
            if end.unwrap_or(self.ahead.len()) > HEAD {
                return Err(Broken::Malformed("the head of a part is too long"));
            }
            if let Some(end) = end {
                let head = self.ahead.split_to(end);
                drop(self.ahead.split_to(4));
                return Ok(String::from_utf8_lossy(&head).into_owned());
            }
            self.more().await?;
        }
    }

    async fn fill(&mut self, count: usize) -> Result<(), Broken> {
        while self.ahead.len() < count {
            self.more().await?;
        }
        Ok(())
    }

    async fn more(&mut self) -> Result<(), Broken> {
        if self.ended {
            return Err(Broken::Malformed("the form ends before its last boundary"));
        }
        match self.stream.next().await {
            Some(Ok(piece)) => self.ahead.extend_from_slice(&piece),
            Some(Err(_broken)) => {
                self.ended = true;
                return Err(Broken::CutShort);
            }
            None => self.ended = true,
        }
        Ok(())
    }
}

fn find(bytes: &[u8], word: &[u8]) -> Option<usize> {
    memchr::memmem::find(bytes, word)
}

/// The file name in the head of a part. A part without one is a field.
fn file_name(head: &str) -> Option<String> {
    let lines = head.split("\r\n");
    let disposition = lines.filter_map(|line| {
        let (name, value) = line.split_once(':')?;
        let is_it = name.trim().eq_ignore_ascii_case("content-disposition");
        is_it.then(|| value.split_once(';')).flatten()
    });
    let (kind, parameters) = disposition.last()?;
    let is_form_data = kind.trim().eq_ignore_ascii_case("form-data");
    is_form_data
        .then(|| parameter(parameters, "filename"))
        .flatten()
}

/// A parameter of a header, quoted or not.
fn parameter(mut parameters: &str, wanted: &str) -> Option<String> {
    loop {
        let (name, rest) = parameters.split_once('=')?;
        let (value, after) = value(rest.trim_start());
        let name = name.trim_matches(|c: char| c == ';' || c.is_whitespace());
        if name.eq_ignore_ascii_case(wanted) {
            return Some(value);
        }
        parameters = after;
    }
}

/// A value, and the text after it. Browsers escape a quote in a name as `%22`, other clients as
/// `\"`.
fn value(text: &str) -> (String, &str) {
    let Some(quoted) = text.strip_prefix('"') else {
        let (value, after) = text.split_once(';').unwrap_or((text, ""));
        return (value.trim().to_owned(), after);
    };
    let (mut value, mut letters) = (String::new(), quoted.chars());
    while let Some(letter) = letters.next() {
        match letter {
            '"' => break,
            '\\' if letters.as_str().starts_with('"') => {
                value.extend(letters.next());
            }
            other => value.push(other),
        }
    }
    (
        value.replace("%22", "\"").replace("%0D%0A", " "),
        letters.as_str(),
    )
}

#[cfg(test)]
mod tests {
    use futures::stream;

    use super::*;

    type Read = Result<Vec<(Option<String>, String)>, Broken>;

    async fn read(text: &str, size: usize) -> Read {
        let pieces = text.as_bytes().chunks(size).map(Bytes::copy_from_slice);
        let pieces: Vec<_> = pieces.map(Ok).collect();
        let mut form = Form::new(stream::iter(pieces), "fence");
        let mut parts = Vec::new();
        while let Some(part) = form.next_part().await? {
            let mut content = Vec::new();
            while let Some(piece) = form.next_piece().await? {
                assert!(!piece.is_empty());
                content.extend_from_slice(&piece);
            }
            parts.push((part.file_name, String::from_utf8(content).unwrap()));
        }
        Ok(parts)
    }

    async fn of_any_size(text: &str) -> Read {
        let whole = read(text, usize::MAX).await;
        for size in [1, 2, 3, 7, 11, 64] {
            assert_eq!(read(text, size).await, whole, "{size}");
        }
        whole
    }

    #[actix_web::test]
    async fn parts_are_read_one_after_the_other() {
        let text = "before\r\n--fence\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\nfield\r\n\
            --fence\r\ncontent-type: image/png\r\ncontent-disposition: form-data; name=\"file\"; \
            filename=\"me \\\"too\\\".png\"\r\n\r\n\r\n--fenc\r\n\r\n--fence\r\n\r\n\r\n--fence--\r\nafter";
        let parts = of_any_size(text).await.unwrap();
        assert_eq!(
            parts,
            [
                (None, "field".to_owned()),
                (
                    Some("me \"too\".png".to_owned()),
                    "\r\n--fenc\r\n".to_owned()
                ),
                (None, String::new()),
            ]
        );
        assert_eq!(of_any_size("--fence--").await, Ok(Vec::new()));
    }

    #[actix_web::test]
    async fn what_is_no_form_is_refused() {
        let long = format!("--fence\r\nx: {}\r\n\r\n", "y".repeat(2 * HEAD));
        let many = "--fence\r\n\r\n\r\n".repeat(PARTS + 1);
        for text in [
            "",
            "anything",
            "--fence",
            "--fence\r\nContent-Disposition: form-data",
            "--fence\r\n\r\nno end",
            &long,
            &many,
        ] {
            let read = of_any_size(text).await;
            assert!(matches!(read, Err(Broken::Malformed(_))), "{text}");
        }
    }

    #[actix_web::test]
    async fn a_connection_that_ends_is_told_apart() {
        let pieces = vec![
            Ok(Bytes::from_static(b"--fence\r\n\r\nbegun")),
            Err(PayloadError::Incomplete(None)),
        ];
        let mut form = Form::new(stream::iter(pieces), "fence");
        form.next_part().await.unwrap();
        loop {
            match form.next_piece().await {
                Ok(piece) => assert!(piece.is_some()),
                Err(broken) => break assert_eq!(broken, Broken::CutShort),
            }
        }
    }

    #[test]
    fn boundaries_are_those_of_forms() {
        let of = |text: &str| boundary(text);
        assert_eq!(of("multipart/form-data; boundary=a"), Some("a".to_owned()));
        assert_eq!(
            of("Multipart/Form-Data; charset=utf-8; Boundary=\"a b\""),
            Some("a b".to_owned())
        );
        for other in [
            "multipart/form-data",
            "multipart/form-data; boundary=",
            "multipart/mixed; boundary=a",
            "application/json",
            &format!("multipart/form-data; boundary={}", "a".repeat(71)),
        ] {
            assert_eq!(of(other), None, "{other}");
        }
    }

    #[test]
    fn a_file_has_a_name() {
        let named = |rest: &str| file_name(&format!("Content-Disposition: form-data; {rest}"));
        assert_eq!(
            named("name=\"a;b\"; filename=\"c.png\""),
            Some("c.png".to_owned())
        );
        assert_eq!(named("filename=c.png; name=a"), Some("c.png".to_owned()));
        assert_eq!(named("name=a"), None);
        assert_eq!(
            named("name=a; filename=\"%22.png\""),
            Some("\".png".to_owned())
        );
        assert_eq!(
            file_name("Content-Disposition: attachment; filename=a"),
            None
        );
        assert_eq!(file_name("nonsense"), None);
    }
}
