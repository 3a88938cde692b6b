//! Parsing a JSON body.

use serde_json::{Map, Value};

use super::request::finish;
use super::{Fields, ReadError, Request};
use crate::limits::BODY_DEPTH;

/// Parses a body. If a key is repeated, its last value is used; unknown keys are ignored.
///
/// The caller must limit the size of the body beforehand.
pub fn read<T: Request>(body: &[u8]) -> Result<T, ReadError> {
    finish(Fields::of_body(object(body, T::MAY_BE_EMPTY)?), T::read)
}

/// Parses an object without looking at its fields.
pub(crate) fn object(body: &[u8], may_be_empty: bool) -> Result<Map<String, Value>, ReadError> {
    if body.trim_ascii().is_empty() {
        return if may_be_empty {
            Ok(Map::new())
        } else {
            Err(ReadError::Malformed("the body is empty".to_owned()))
        };
    }
    if nests_deeper_than(BODY_DEPTH, body) {
        let detail = format!("the body nests deeper than {BODY_DEPTH} levels");
        return Err(ReadError::Malformed(detail));
    }
    match serde_json::from_slice(body) {
        Ok(Value::Object(map)) => Ok(map),
        Ok(_) => Err(ReadError::NotAnObject),
        Err(error) => Err(ReadError::Malformed(format!(
            "the body is not JSON: {error}"
        ))),
    }
}

/// Counts brackets outside of strings, so that checking the depth takes neither stack nor memory. Its
/// answer is arbitrary for invalid JSON, which the parser rejects afterwards.
fn nests_deeper_than(limit: usize, body: &[u8]) -> bool {
    let (mut depth, mut in_string, mut escaped) = (0_usize, false, false);
    for byte in body {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if in_string => escaped = true,
            b'"' => in_string = !in_string,
            _ if in_string => {}
            b'[' | b'{' => depth += 1,
            b']' | b'}' => depth = depth.saturating_sub(1),
            _ => {}
        }
        if depth > limit {
            return true;
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    fn nested(depth: usize) -> String {
        // The object itself is the first level.
        format!(
            "{{\"a\":{}{}}}",
            "[".repeat(depth - 1),
            "]".repeat(depth - 1)
        )
    }

    #[test]
    fn sixty_four_levels_are_read_and_not_one_more() {
        assert!(object(nested(64).as_bytes(), false).is_ok());
        assert!(matches!(
            object(nested(65).as_bytes(), false),
            Err(ReadError::Malformed(detail)) if detail.contains("deeper than 64")
        ));
    }

    #[test]
    fn depth_costs_no_stack() {
        let body = "[".repeat(100_000);
        assert!(matches!(
            object(body.as_bytes(), false),
            Err(ReadError::Malformed(_))
        ));
    }

    #[test]
    fn brackets_in_strings_are_text() {
        let body = format!(r#"{{"a":"\\\"{}"}}"#, "[{".repeat(500));
        assert!(object(body.as_bytes(), false).is_ok());
    }

    #[test]
    fn many_siblings_are_not_deep() {
        let body = format!(r#"{{"a":[{}[]]}}"#, "[],".repeat(1000));
        assert!(object(body.as_bytes(), false).is_ok());
    }

    #[test]
    fn what_is_not_json_is_malformed() {
        for body in [
            &b"{"[..],
            b"hello",
            b"{\"a\":1} x",
            b"{\"a\":1}{\"a\":1}",
            b"{'a':1}",
            b"{\"a\":}",
            b"{\"a\":1,}",
            b"{\"a\":NaN}",
            b"{\"a\":1e999}",
            b"{\"a\":01}",
            b"{\"a\":\"\\ud800\"}",
            b"{\"a\":\"\\udc00\\ud800\"}",
            b"{\"a\":\"\x00\"}",
            b"{\"a\":\"\xff\"}",
            b"\xef\xbb\xbf{}",
            b"\xff\xfe{\x00}\x00",
            b"]]]]",
        ] {
            let read = object(body, true);
            assert!(
                matches!(read, Err(ReadError::Malformed(_))),
                "{}",
                body.escape_ascii()
            );
        }
    }

    #[test]
    fn what_is_no_object_is_told_apart() {
        for body in ["null", "[]", "[{}]", "\"a\"", "1", "true", " null "] {
            assert_eq!(
                object(body.as_bytes(), true),
                Err(ReadError::NotAnObject),
                "{body}"
            );
        }
    }

    #[test]
    fn an_empty_body_will_do_where_nothing_is_needed() {
        for body in ["", "  \r\n"] {
            assert_eq!(object(body.as_bytes(), true), Ok(Map::new()));
            assert!(matches!(
                object(body.as_bytes(), false),
                Err(ReadError::Malformed(_))
            ));
        }
    }

    #[test]
    fn the_last_of_two_keys_counts() {
        let map = object(br#"{"a":1,"a":2}"#, false).unwrap();
        assert_eq!(map.get("a"), Some(&Value::from(2)));
    }
}
