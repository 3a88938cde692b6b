//! A duration, as people write it.

use std::time::Duration;

use serde::de::{Deserialize as _, Deserializer, Error as _};

const FORM: &str = "must be seconds, or a period like 15m, 1h or 7d, from 1 second to 365 days";
const DAY: u64 = 86_400;

/// Parses seconds, or a number with s, m, h or d.
pub(crate) fn period<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Duration, D::Error> {
    parse(&String::deserialize(deserializer)?).map_err(D::Error::custom)
}

fn parse(text: &str) -> Result<Duration, &'static str> {
    let text = text.trim();
    let (number, unit) = text
        .find(|c: char| !c.is_ascii_digit())
        .and_then(|end| text.split_at_checked(end))
        .unwrap_or((text, "s"));
    let unit = match unit.trim() {
        "s" => 1,
        "m" => 60,
        "h" => 3_600,
        "d" => DAY,
        _ => return Err(FORM),
    };
    let number: u64 = number.parse().map_err(|_not_a_number| FORM)?;
    number
        .checked_mul(unit)
        .filter(|seconds| (1..=365 * DAY).contains(seconds))
        .map(Duration::from_secs)
        .ok_or(FORM)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn as_people_write_it() {
        for (text, seconds) in [
            ("900", 900),
            ("30s", 30),
            ("15m", 900),
            (" 1 h ", 3_600),
            ("7d", 604_800),
        ] {
            assert_eq!(parse(text), Ok(Duration::from_secs(seconds)), "{text}");
        }
    }

    #[test]
    fn anything_else_is_refused() {
        for text in [
            "",
            "0",
            "m",
            "15x",
            "-5",
            "1.5h",
            "366d",
            "99999999999999999999d",
            "1h30m",
        ] {
            assert_eq!(parse(text), Err(FORM), "{text}");
        }
    }
}
