//! Profiles as documents.
//!
//! Converted without serde, which would take some users' documents for the extended values that JSON
//! lacks.

use domain::{BoxError, ProfileDocument, UserId};
use mongodb::bson::{Document, RawDocument, Uuid, doc};

use super::fields::{id, key};
use crate::failure::{Broken, Spot};
use crate::json;

/// The collection.
pub(crate) const PROFILES: &str = "profiles";

/// A user's document, readable by operators; and its text, if the document alone would not preserve
/// everything.
pub(crate) fn profile_row(user: UserId, profile: &ProfileDocument) -> Document {
    let text = profile.as_str();
    let mut row = doc! { "_id": key(user) };
    let mut exact = false;
    if let Some(document) = json::read(text) {
        exact = json::write(&document).is_ok_and(|told| told == json::without_space(text));
        row.insert("document", document);
    }
    if !exact {
        row.insert("text", text);
    }
    row
}

/// A stored profile and its owner, even if the document was edited by hand.
pub(crate) fn profile(raw: &RawDocument) -> Result<(UserId, ProfileDocument), Broken> {
    let owner = owner(raw);
    let user = Spot::new(PROFILES, &"?").parsed("_id", owner)?;
    Ok((user, told(&Spot::new(PROFILES, &user), raw)?))
}

fn owner(raw: &RawDocument) -> Result<UserId, BoxError> {
    let key = raw.get_binary("_id")?;
    Ok(id(Uuid::from_bytes(key.bytes.try_into()?)))
}

fn told(spot: &Spot<'_>, raw: &RawDocument) -> Result<ProfileDocument, Broken> {
    let text = spot.parsed("text", raw.get("text"))?;
    if let Some(text) = text {
        let text = text.as_str().ok_or("no text");
        let text = spot.parsed("text", text)?;
        return spot.parsed("text", ProfileDocument::parse(text));
    }
    let text = spot.parsed("document", text_of(raw))?;
    spot.parsed("document", ProfileDocument::parse(text))
}

fn text_of(raw: &RawDocument) -> Result<String, BoxError> {
    let document = raw.get_document("document")?;
    let document = Document::try_from(document)?;
    Ok(json::write(&document)?)
}

#[cfg(test)]
mod tests {
    use mongodb::bson::{Bson, RawDocumentBuf};
    use port_contracts::fresh;

    use super::*;

    fn row(text: &str) -> Document {
        let profile = ProfileDocument::parse(text).unwrap();
        profile_row(fresh(), &profile)
    }

    fn read(row: &Document) -> Result<ProfileDocument, Broken> {
        let raw = RawDocumentBuf::try_from(row).unwrap();
        told(&Spot::new(PROFILES, &"somebody"), &raw)
    }

    #[test]
    fn a_profile_is_somebodys() {
        let (user, document) = (fresh(), ProfileDocument::parse("{}").unwrap());
        let row = RawDocumentBuf::try_from(&profile_row(user, &document)).unwrap();
        assert_eq!(profile(&row).unwrap(), (user, document));
        let by_hand = RawDocumentBuf::try_from(&doc! { "_id": 1, "document": {} }).unwrap();
        let broken = profile(&by_hand).unwrap_err();
        assert!(matches!(broken, Broken::Unreadable { field: "_id", .. }));
    }

    #[test]
    fn an_ordinary_profile_is_a_document_alone() {
        let row = row(
            r#" { "likes" : ["tea", 7, 2.5, null, true], "in": { "z": 1, "a": "é" } } "#.trim(),
        );
        assert!(!row.contains_key("text"), "{row:?}");
        let expected = doc! { "likes": ["tea", 7_i64, 2.5, (Bson::Null), true], "in": { "z": 1_i64, "a": "é" } };
        assert_eq!(row.get_document("document").unwrap(), &expected);
        assert_eq!(
            read(&row).unwrap().as_str(),
            r#"{"likes":["tea",7,2.5,null,true],"in":{"z":1,"a":"é"}}"#
        );
    }

    #[test]
    fn what_a_document_cannot_tell_is_kept_as_text_as_well() {
        let deep = format!("{}1{}", r#"{"a":"#.repeat(120), "}".repeat(120));
        for (text, readable) in [
            (r#"{"a":1.50}"#, true),
            (r#"{"a":-0}"#, true),
            (r#"{"a":123456789012345678901234567890}"#, true),
            (r#"{"a":"\u0041"}"#, true),
            (r#"{"a\u0000b":1}"#, false),
            (r#"{"a":1,"a":2}"#, false),
            (r#"{"a":1e999}"#, false),
            ("{not json}", false),
            (&deep, false),
        ] {
            let row = row(text);
            assert_eq!(row.get_str("text").unwrap(), text);
            assert_eq!(row.contains_key("document"), readable, "{text}");
            assert_eq!(read(&row).unwrap().as_str(), text);
        }
    }

    #[test]
    fn what_looks_like_a_type_of_the_database_stays_what_it_is() {
        for text in [
            r#"{"$oid":"5f43a1b2c3d4e5f6a7b8c9d0"}"#,
            r#"{"a":{"$numberLong":"7"},"b":[{"$date":{"$numberLong":"0"}}]}"#,
            r#"{"a":{"$binary":{"base64":"","subType":"00"}},"":{"a.b":1}}"#,
            r#"{"a":{"$symbol":"x"},"b":{"$undefined":true},"c":{"$minKey":1}}"#,
        ] {
            let row = row(text);
            assert!(!row.contains_key("text"), "{row:?}");
            assert_eq!(read(&row).unwrap().as_str(), text);
        }
    }

    #[test]
    fn what_somebody_else_wrote_is_read_or_named() {
        let by_hand = doc! { "_id": 1, "document": { "a": 1, "b": 2.0 } };
        assert_eq!(read(&by_hand).unwrap().as_str(), r#"{"a":1,"b":2.0}"#);
        for odd in [
            doc! {},
            doc! { "document": "text" },
            doc! { "text": 7 },
            doc! { "text": "[]" },
            doc! { "document": { "a": f64::NAN } },
            doc! { "document": { "a": mongodb::bson::oid::ObjectId::new() } },
            doc! { "document": { "long": "x".repeat(ProfileDocument::MAX_BYTES) } },
        ] {
            let broken = read(&odd).unwrap_err();
            assert!(matches!(broken, Broken::Unreadable { .. }), "{odd}");
        }
    }
}
