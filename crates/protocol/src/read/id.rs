//! Ids as clients write them.

use uuid::Uuid;

/// The length of the hyphenated form. It is the only form that the server writes, so it is the only one
/// accepted: apart from letter case, an id has a single spelling.
const LENGTH: usize = 36;

/// Parses an id: a UUID in its hyphenated form.
pub fn parse_id(text: &str) -> Option<Uuid> {
    if text.len() == LENGTH {
        Uuid::try_parse(text).ok()
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_hyphenated_form_is_an_id() {
        assert!(parse_id("0195b4a0-0000-7000-8000-000000000001").is_some());
        assert!(parse_id("0195B4A0-0000-7000-8000-00000000000A").is_some());
        for text in [
            "",
            "7",
            "0195b4a0000070008000000000000001",
            "{0195b4a0-0000-7000-8000-000000000001}",
            "urn:uuid:0195b4a0-0000-7000-8000-000000000001",
            "0195b4a0-0000-7000-8000-00000000000g",
            "0195b4a0-0000-7000-8000-0000000000é",
        ] {
            assert_eq!(parse_id(text), None, "{text}");
        }
    }
}
