//! Lone surrogates. JavaScript strings consist of 16-bit units, so that a string which was cut may
//! contain half a character. In JSON that is an escaped surrogate without its counterpart, which no
//! string in Rust can hold.

/// The replacement character.
const UNREADABLE: &str = "\\ufffd";
/// The length of an escaped unit: `\u0000`.
const UNIT: usize = 6;

/// The same JSON with each lone surrogate replaced; `None` if there is none.
pub(super) fn mended(json: &str) -> Option<String> {
    let (mut mended, mut rest) = (String::with_capacity(json.len()), json);
    let mut found = false;
    while let Some(place) = rest.find('\\') {
        let (before, escape) = rest.split_at_checked(place)?;
        mended.push_str(before);
        let (length, is_half) = escaped(escape);
        let (whole, after) = escape.split_at_checked(length)?;
        mended.push_str(if is_half { UNREADABLE } else { whole });
        found |= is_half;
        rest = after;
    }
    mended.push_str(rest);
    found.then_some(mended)
}

/// The length of an escape sequence, and whether it is a lone surrogate.
fn escaped(escape: &str) -> (usize, bool) {
    match unit(escape) {
        Some(0xd800..=0xdbff) if follows(escape) => (2 * UNIT, false),
        Some(0xd800..=0xdfff) => (UNIT, true),
        Some(_) => (UNIT, false),
        None => (2, false),
    }
}

/// Whether the other half follows.
fn follows(escape: &str) -> bool {
    let other = escape.get(UNIT..).and_then(unit);
    other.is_some_and(|other| (0xdc00..=0xdfff).contains(&other))
}

fn unit(escape: &str) -> Option<u16> {
    let number = escape.strip_prefix("\\u")?.get(..4)?;
    u16::from_str_radix(number, 16).ok()
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::*;

    #[test]
    fn a_half_is_replaced_and_a_whole_stays() {
        for (json, text) in [
            (r#""cut \ud83d""#, "cut \u{fffd}"),
            (r#""\ude00 cut""#, "\u{fffd} cut"),
            (r#""\ud83d\ud83d\ude00\\ud83d\n""#, "\u{fffd}😀\\ud83d\n"),
            (r#""\uD83D\uDE00\ud800é""#, "😀\u{fffd}é"),
        ] {
            let mended = mended(json).unwrap();
            assert_eq!(serde_json::from_str::<Value>(&mended).unwrap(), text);
        }
    }

    #[test]
    fn where_nothing_is_cut_nothing_is_mended() {
        for json in [
            "",
            "{",
            r#""\u00e9\\ud83d\ud83d\ude00""#,
            "\"\\é\"",
            "\\",
            "\\u",
            "\\u12",
        ] {
            assert_eq!(mended(json), None, "{json}");
        }
    }
}
