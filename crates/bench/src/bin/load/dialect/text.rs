//! What clients receive, and a search in JSON that does not parse it.

use std::sync::atomic::{AtomicUsize, Ordering};

use memchr::memmem;

/// The meaning of a text from the server.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Heard<'a> {
    /// The server expects this answer before it continues.
    Expects(&'static str),
    /// The client may send.
    Ready,
    /// The client is in its rooms.
    Subscribed(&'a [u8]),
    /// The message with this number was accepted.
    Acked(u64),
    /// A message arrived that was sent at this time.
    Message(u64),
    /// The client is not in its rooms, and may retry after this many seconds.
    Later(u64),
    /// Something was refused.
    Refused(&'a [u8]),
    /// Nothing that matters here.
    Other,
}

/// A string to search for in a series of texts. It is usually at the same offset as the last time.
pub(super) struct Key {
    name: &'static [u8],
    last: AtomicUsize,
}

impl Key {
    pub(super) const fn new(name: &'static str) -> Self {
        Self {
            name: name.as_bytes(),
            last: AtomicUsize::new(0),
        }
    }

    /// What follows it in `text`.
    pub(super) fn after<'a>(&self, text: &'a [u8]) -> Option<&'a [u8]> {
        let last = text.get(self.last.load(Ordering::Relaxed)..);
        if let Some(rest) = last.and_then(|text| text.strip_prefix(self.name)) {
            return Some(rest);
        }
        let place = memmem::find(text, self.name)?;
        self.last.store(place, Ordering::Relaxed);
        text.get(place + self.name.len()..)
    }
}

/// The number at the beginning, and what follows it.
pub(super) fn number(text: &[u8]) -> Option<(u64, &[u8])> {
    let digits = text.iter().take_while(|byte| byte.is_ascii_digit()).count();
    let (digits, rest) = text.split_at_checked(digits)?;
    Some((str::from_utf8(digits).ok()?.parse().ok()?, rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_found_wherever_it_is() {
        let key = Key::new("key:");
        for text in ["a key: x", "b key: x", "another key: x", "key: x"] {
            assert_eq!(key.after(text.as_bytes()), Some(&b" x"[..]), "{text}");
        }
        assert_eq!(key.after(b"nothing"), None);
    }

    #[test]
    fn a_number_ends_where_its_digits_do() {
        assert_eq!(number(b"12]x"), Some((12, &b"]x"[..])));
        assert_eq!(number(b"x12"), None);
    }
}
