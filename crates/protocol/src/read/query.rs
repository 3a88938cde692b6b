//! Parsing a query string.

use std::borrow::Cow;

use serde_json::{Map, Value};

use super::request::finish;
use super::{Fields, Query, ReadError};

/// Parses a query string without its `?`. If a key is repeated, its last value is used; empty values
/// count as missing. Bytes that are not UTF-8 become U+FFFD, as in browsers.
pub fn read_query<T: Query>(query: &str) -> Result<T, ReadError> {
    read_pairs(form_urlencoded::parse(query.as_bytes()))
}

/// Parses fields that are already split, such as path segments, by the rules of a query.
pub fn read_pairs<'a, T: Query>(
    pairs: impl IntoIterator<Item = (Cow<'a, str>, Cow<'a, str>)>,
) -> Result<T, ReadError> {
    let map: Map<String, Value> = pairs
        .into_iter()
        .map(|(key, value)| (key.into_owned(), Value::String(value.into_owned())))
        .filter(|(_, value)| value != "")
        .collect();
    finish(Fields::of_query(map), T::read)
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use validator::Validate;

    use super::*;

    #[derive(Debug, PartialEq, Eq, Validate)]
    struct Asked {
        q: Option<String>,
    }

    impl Query for Asked {
        fn read(fields: &mut Fields) -> Self {
            Self {
                q: fields.text("q").optional(),
            }
        }
    }

    fn q(query: &str) -> Option<String> {
        read_query::<Asked>(query).unwrap().q
    }

    #[test]
    fn texts_are_decoded_and_trimmed() {
        assert_eq!(q("q=a+b%20c%2Bd").as_deref(), Some("a b c+d"));
        assert_eq!(q("q=%20a%20").as_deref(), Some("a"));
        assert_eq!(q("q=a=b").as_deref(), Some("a=b"));
        assert_eq!(q("q=%f0%9f%a6%80").as_deref(), Some("🦀"));
    }

    #[test]
    fn what_is_no_utf_8_or_no_escape_is_read_all_the_same() {
        assert_eq!(q("q=%ff").as_deref(), Some("\u{fffd}"));
        assert_eq!(q("q=%zz%4").as_deref(), Some("%zz%4"));
    }

    #[test]
    fn the_last_of_a_repeated_key_counts() {
        assert_eq!(q("q=a&q=b").as_deref(), Some("b"));
        assert_eq!(q("q=a&q=").as_deref(), Some("a"), "nothing is not a value");
    }

    #[test]
    fn unknown_and_empty_keys_are_ignored() {
        for query in ["", "&&", "=", "q", "q=", "p=1", "%00=1", "Q=1"] {
            assert_eq!(q(query), None, "{query}");
        }
    }

    #[test]
    fn pairs_are_read_as_a_query_is() {
        let pairs = [("q".into(), " a ".into()), ("p".into(), "\0".into())];
        assert_eq!(read_pairs::<Asked>(pairs).unwrap().q.as_deref(), Some("a"));
        let error = read_pairs::<Asked>([("q".into(), "\0".into())]).unwrap_err();
        let ReadError::Invalid(errors) = error else {
            panic!("{error:?}")
        };
        assert_eq!(
            serde_json::to_value(errors).unwrap(),
            json!([{ "field": "q", "code": "format", "message": "must not contain U+0000" }])
        );
    }
}
