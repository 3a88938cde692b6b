//! The document's closed sets are those of the types.

use std::collections::BTreeMap;

use super::schema::Document;
use crate::realtime::{MemberOp, MessageOp, NotificationKind, RemovalReason, RoomOp};
use crate::shape::{History, MediaStatus, MessageStatus, Presence, Role, RoomKind};
use crate::{ErrorCode, FieldCode, Word};

fn words<W: Word>() -> Vec<&'static str> {
    W::ALL.iter().map(|word| word.as_str()).collect()
}

#[test]
fn every_set_has_the_words_of_its_type() {
    let document = Document::read();
    let schemas = document.object("/components/schemas");
    let sets = schemas.iter().filter_map(|(name, schema)| {
        let words = schema.get("enum")?.as_array().unwrap();
        Some((
            &**name,
            words.iter().map(|word| word.as_str().unwrap()).collect(),
        ))
    });
    let types: BTreeMap<&str, Vec<&str>> = BTreeMap::from([
        ("ErrorCode", words::<ErrorCode>()),
        ("FieldCode", words::<FieldCode>()),
        ("History", words::<History>()),
        ("MediaStatus", words::<MediaStatus>()),
        ("MemberOp", words::<MemberOp>()),
        ("MessageOp", words::<MessageOp>()),
        ("MessageStatus", words::<MessageStatus>()),
        ("NotificationKind", words::<NotificationKind>()),
        ("Presence", words::<Presence>()),
        ("RemovalReason", words::<RemovalReason>()),
        ("Role", words::<Role>()),
        ("RoomKind", words::<RoomKind>()),
        ("RoomOp", words::<RoomOp>()),
    ]);
    assert_eq!(sets.collect::<BTreeMap<_, _>>(), types);
}
