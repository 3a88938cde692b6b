//! Converting JSON to the database's documents and back.
//!
//! Neither format can express everything that the other can. JSON that a document cannot hold is not
//! converted; values that would come back in another form are detected by comparing the two texts.

use std::fmt;

use mongodb::bson::{Bson, Decimal128, Document};
use serde::de::{Deserialize, Deserializer, Error as _, MapAccess, SeqAccess, Visitor};
use serde::ser::{Serialize, SerializeMap as _, SerializeSeq as _, Serializer};

/// How deep a document may be nested. The server allows a hundred levels, including those above this
/// one.
const DEEPEST: usize = 90;

/// The document for a JSON text, or `None` if there is none.
pub(crate) fn read(text: &str) -> Option<Document> {
    match serde_json::from_str(text) {
        Ok(Json(Bson::Document(document))) => {
            let shallow = document.values().all(|it| is_within(it, DEEPEST - 1));
            shallow.then_some(document)
        }
        Ok(_) | Err(_) => None,
    }
}

/// The JSON text of a document, unless it contains values that JSON cannot express.
pub(crate) fn write(document: &Document) -> Result<String, serde_json::Error> {
    serde_json::to_string(&Fields(document))
}

/// A JSON text without insignificant whitespace.
pub(crate) fn without_space(text: &str) -> String {
    let (mut quoted, mut escaped) = (false, false);
    let mut kept = String::with_capacity(text.len());
    for c in text.chars() {
        if quoted || !matches!(c, ' ' | '\t' | '\n' | '\r') {
            kept.push(c);
        }
        quoted ^= c == '"' && !escaped;
        escaped = quoted && c == '\\' && !escaped;
    }
    kept
}

fn is_within(value: &Bson, levels: usize) -> bool {
    let deeper = |inner: &Bson| is_within(inner, levels - 1);
    if let Bson::Document(fields) = value {
        levels > 0 && fields.values().all(deeper)
    } else if let Bson::Array(items) = value {
        levels > 0 && items.iter().all(deeper)
    } else {
        true
    }
}

/// A value during deserialisation.
struct Json(Bson);

impl<'de> Deserialize<'de> for Json {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        from.deserialize_any(Reader).map(Self)
    }
}

struct Reader;

impl<'de> Visitor<'de> for Reader {
    type Value = Bson;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_unit<E>(self) -> Result<Bson, E> {
        Ok(Bson::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Bson, E> {
        Ok(Bson::Boolean(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Bson, E> {
        Ok(Bson::Int64(value))
    }

    fn visit_u64<E: serde::de::Error>(self, value: u64) -> Result<Bson, E> {
        if let Ok(value) = i64::try_from(value) {
            return Ok(Bson::Int64(value));
        }
        let exact: Decimal128 = value.to_string().parse().map_err(E::custom)?;
        Ok(Bson::Decimal128(exact))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Bson, E> {
        Ok(Bson::Double(value))
    }

    fn visit_str<E>(self, value: &str) -> Result<Bson, E> {
        Ok(Bson::String(value.to_owned()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Bson, A::Error> {
        let mut array = Vec::new();
        while let Some(Json(item)) = items.next_element()? {
            array.push(item);
        }
        Ok(Bson::Array(array))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut fields: A) -> Result<Bson, A::Error> {
        let mut document = Document::new();
        while let Some((name, Json(value))) = fields.next_entry::<String, Json>()? {
            if name.contains('\0') {
                return Err(A::Error::custom(
                    "a name with a NUL, where the name would end",
                ));
            }
            if document.insert(name, value).is_some() {
                return Err(A::Error::custom("a name twice"));
            }
        }
        Ok(Bson::Document(document))
    }
}

/// A document during serialisation.
struct Fields<'a>(&'a Document);

impl Serialize for Fields<'_> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        let mut map = to.serialize_map(Some(self.0.len()))?;
        for (name, value) in self.0 {
            map.serialize_entry(name, &Value(value))?;
        }
        map.end()
    }
}

struct Value<'a>(&'a Bson);

impl Serialize for Value<'_> {
    #[expect(
        clippy::wildcard_enum_match_arm,
        reason = "JSON cannot express any other type of value"
    )]
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        match self.0 {
            Bson::Null => to.serialize_unit(),
            Bson::Boolean(value) => to.serialize_bool(*value),
            Bson::Int32(value) => to.serialize_i32(*value),
            Bson::Int64(value) => to.serialize_i64(*value),
            Bson::Double(value) if value.is_finite() => to.serialize_f64(*value),
            Bson::Decimal128(value) => match value.to_string().parse() {
                Ok(value) => to.serialize_u64(value),
                Err(_) => Err(foreign(self.0)),
            },
            Bson::String(value) => to.serialize_str(value),
            Bson::Array(items) => {
                let mut seq = to.serialize_seq(Some(items.len()))?;
                for item in items {
                    seq.serialize_element(&Value(item))?;
                }
                seq.end()
            }
            Bson::Document(fields) => Fields(fields).serialize(to),
            other => Err(foreign(other)),
        }
    }
}

fn foreign<E: serde::ser::Error>(value: &Bson) -> E {
    E::custom(format_args!(
        "a value that JSON cannot express: {:?}",
        value.element_type()
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn back(text: &str) -> String {
        write(&read(text).unwrap()).unwrap()
    }

    #[test]
    fn what_was_read_is_written() {
        for text in [
            "{}",
            r#"{"z":1,"a":[{},[],"",null],"":{"a.b":{"$ne":true}}}"#,
            r#"{"n":[0,-1,2.5,1e-9,9007199254740993,-9223372036854775808]}"#,
            r#"{"big":[9223372036854775807,9223372036854775808,18446744073709551615]}"#,
            r#"{"t":"\"\\\u0001\n\t'; --","u":"👩‍🚀"}"#,
        ] {
            assert_eq!(back(text), text);
        }
    }

    #[test]
    fn deep_is_only_so_deep() {
        let nested =
            |levels: usize| format!("{}1{}", r#"{"a":"#.repeat(levels), "}".repeat(levels));
        assert!(read(&nested(DEEPEST)).is_some());
        assert!(read(&nested(DEEPEST + 1)).is_none());
        let lists = format!("{{\"a\":{}{}}}", "[".repeat(DEEPEST), "]".repeat(DEEPEST));
        assert!(read(&lists).is_none());
    }

    #[test]
    fn space_is_dropped_between_words_only() {
        let text = "{ \"a b\" :\t\" \\\" c \\\\\" ,\n\"d\" : [ 1 , 2 ] }";
        assert_eq!(
            without_space(text),
            "{\"a b\":\" \\\" c \\\\\",\"d\":[1,2]}"
        );
    }

    #[test]
    fn a_list_is_no_document() {
        assert!(read("[1]").is_none());
        assert!(read("{} {}").is_none());
    }
}
