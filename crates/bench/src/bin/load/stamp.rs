//! Message texts of a typical length, a hundred bytes, that contain when they were sent.

use std::sync::LazyLock;
use std::time::Instant;

/// The first byte of every text, by which it is recognised.
const MARK: u8 = b'~';
const DIGITS: usize = 15;
const REST: &str =
    " What did you think of the second act? I had hoped that she would stay in the house.";

static BEGINNING: LazyLock<Instant> = LazyLock::new(Instant::now);

/// Nanoseconds since this process began to measure; never zero. 15 digits suffice for eleven days.
pub(crate) fn nanos(at: Instant) -> u64 {
    let since = at.saturating_duration_since(*BEGINNING);
    u64::try_from(since.as_nanos()).unwrap_or(u64::MAX).max(1)
}

/// A text that contains this time.
pub(crate) fn text(nanos: u64) -> String {
    format!("~{nanos:0DIGITS$}{REST}")
}

/// When a text was sent, if it is one of ours.
pub(crate) fn sent(text: &[u8]) -> Option<u64> {
    let (mark, rest) = text.split_first()?;
    if *mark != MARK {
        return None;
    }
    let digits = rest.get(..DIGITS)?;
    digits.iter().try_fold(0_u64, |sum, digit| {
        let digit = digit.wrapping_sub(b'0');
        (digit < 10).then(|| sum * 10 + u64::from(digit))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_has_a_hundred_bytes_and_knows_its_time() {
        let text = text(12_345_678_901);
        assert_eq!(text.len(), 100);
        assert_eq!(sent(text.as_bytes()), Some(12_345_678_901));
    }

    #[test]
    fn the_beginning_is_a_time() {
        assert_ne!(nanos(Instant::now()), 0);
    }

    #[test]
    fn other_texts_have_no_time() {
        for text in ["", "hello", "~", "~12", "~12345678901234x and more"] {
            assert_eq!(sent(text.as_bytes()), None, "{text}");
        }
    }
}
