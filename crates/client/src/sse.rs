//! A parser of server-sent events (`text/event-stream`), from chunks of any size.

use crate::Error;

/// The maximum size of an event, in bytes.
const EVENT_MAX: usize = 1024 * 1024;

/// An event.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Sent {
    pub(crate) name: String,
    pub(crate) data: String,
}

/// What has arrived and is not a complete event yet.
#[derive(Debug, Default)]
pub(crate) struct Pieces {
    bytes: Vec<u8>,
    begun: Sent,
}

impl Pieces {
    /// Adds a chunk. An event that does not end within the limit is an error.
    pub(crate) fn add(&mut self, bytes: &[u8]) -> Result<(), Error> {
        if self.bytes.len() + self.begun.data.len() + bytes.len() > EVENT_MAX {
            return Err(Error::Unreadable("an event is too long".into()));
        }
        self.bytes.extend_from_slice(bytes);
        Ok(())
    }

    /// The next complete event with data.
    pub(crate) fn next(&mut self) -> Option<Sent> {
        std::iter::from_fn(|| self.ended()).find(|sent| !sent.data.is_empty())
    }

    fn ended(&mut self) -> Option<Sent> {
        while let Some(line) = self.line() {
            if line.is_empty() {
                return Some(std::mem::take(&mut self.begun));
            } else if let Some((field, value)) = line.split_once(':') {
                self.field(field, value.strip_prefix(' ').unwrap_or(value));
            }
        }
        None
    }

    fn line(&mut self) -> Option<String> {
        let end = self.bytes.iter().position(|byte| *byte == b'\n')?;
        let mut line: Vec<u8> = self.bytes.drain(..=end).collect();
        line.pop();
        if line.last() == Some(&b'\r') {
            line.pop();
        }
        Some(String::from_utf8_lossy(&line).into_owned())
    }

    /// A line without a field name is a comment, which keeps the connection alive.
    fn field(&mut self, field: &str, value: &str) {
        match field {
            "event" => value.clone_into(&mut self.begun.name),
            "data" => {
                if !self.begun.data.is_empty() {
                    self.begun.data.push('\n');
                }
                self.begun.data.push_str(value);
            }
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sent(name: &str, data: &str) -> Sent {
        Sent {
            name: name.into(),
            data: data.into(),
        }
    }

    #[test]
    fn events_are_the_same_however_they_are_cut() {
        let text = ": alive\n\nevent: delta\ndata: {\"text\":\"é\"}\n\nevent: done\r\ndata: a\r\ndata: b\r\n\r\n";
        for size in 1..text.len() {
            let (mut pieces, mut all) = (Pieces::default(), Vec::new());
            for chunk in text.as_bytes().chunks(size) {
                pieces.add(chunk).unwrap();
                all.extend(std::iter::from_fn(|| pieces.next()));
            }
            assert_eq!(
                all,
                [sent("delta", "{\"text\":\"é\"}"), sent("done", "a\nb")]
            );
        }
    }

    #[test]
    fn what_has_no_end_is_refused() {
        let mut pieces = Pieces::default();
        let piece = vec![b'a'; EVENT_MAX / 2];
        pieces.add(&piece).unwrap();
        pieces.add(&piece).unwrap();
        assert!(matches!(pieces.add(b"a"), Err(Error::Unreadable(_))));
    }
}
