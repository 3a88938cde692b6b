//! Messages, and what belongs to them.

use insta::assert_json_snapshot;

use super::scene::{bare_media, full_media, full_message, id, survives, tombstone};
use crate::shape::{Cursors, Reaction, Receipt, Receipts, SearchHit, Snippet};

#[test]
fn a_message_with_everything() {
    let message = full_message();
    survives(&message);
    assert_json_snapshot!(message, @r#"
    {
      "id": "0195b4a0-0000-7000-8000-000000000014",
      "roomId": "0195b4a0-0000-7000-8000-00000000000a",
      "seq": 7,
      "rev": 12,
      "senderId": "0195b4a0-0000-7000-8000-000000000001",
      "sender": {
        "id": "0195b4a0-0000-7000-8000-000000000001",
        "username": "ada",
        "displayName": "Ada Lovelace"
      },
      "content": "Hello, @grace",
      "clientId": "0195b4a0-0000-7000-8000-000000000015",
      "replyTo": "0195b4a0-0000-7000-8000-000000000013",
      "replyCount": 2,
      "attachments": [
        {
          "id": "0195b4a0-0000-7000-8000-00000000001e",
          "roomId": "0195b4a0-0000-7000-8000-00000000000a",
          "ownerId": "0195b4a0-0000-7000-8000-000000000001",
          "fileName": "engine.png",
          "contentType": "image/png",
          "size": 12,
          "width": 640,
          "height": 480,
          "status": "ready",
          "url": "/api/media/m",
          "thumbnailUrl": "/api/media/m/thumbnail"
        }
      ],
      "mentions": [
        "0195b4a0-0000-7000-8000-000000000002"
      ],
      "reactions": [
        {
          "emoji": "👍",
          "count": 3,
          "mine": true
        }
      ],
      "status": "delivered",
      "createdAt": "2026-01-02T03:04:06.678Z",
      "editedAt": "2026-01-02T03:04:07.678Z",
      "pinned": true
    }
    "#);
}

#[test]
fn a_deleted_message_keeps_its_place_and_nothing_else() {
    let message = tombstone();
    survives(&message);
    assert_json_snapshot!(message, @r#"
    {
      "id": "0195b4a0-0000-7000-8000-000000000014",
      "roomId": "0195b4a0-0000-7000-8000-00000000000a",
      "seq": 7,
      "rev": 12,
      "senderId": "0195b4a0-0000-7000-8000-000000000001",
      "sender": {
        "id": "0195b4a0-0000-7000-8000-000000000001",
        "username": "ada",
        "displayName": "Ada Lovelace"
      },
      "content": null,
      "replyCount": 0,
      "attachments": [],
      "mentions": [],
      "reactions": [],
      "createdAt": "2026-01-02T03:04:06.678Z",
      "deletedAt": "2026-01-02T03:04:08.678Z",
      "pinned": false
    }
    "#);
}

#[test]
fn a_reaction_in_an_answer_to_many_says_nothing_of_mine() {
    let reaction = Reaction {
        emoji: "👍".into(),
        count: 1,
        mine: None,
    };
    survives(&reaction);
    assert_json_snapshot!(reaction, @r#"
    {
      "emoji": "👍",
      "count": 1
    }
    "#);
}

#[test]
fn media() {
    survives(&bare_media());
    survives(&full_media());
    assert_json_snapshot!(bare_media(), @r#"
    {
      "id": "0195b4a0-0000-7000-8000-00000000001e",
      "ownerId": "0195b4a0-0000-7000-8000-000000000001",
      "fileName": "notes.txt",
      "contentType": "text/plain",
      "size": 12,
      "status": "processing",
      "url": "/api/media/m"
    }
    "#);
    assert_json_snapshot!(full_media(), @r#"
    {
      "id": "0195b4a0-0000-7000-8000-00000000001e",
      "roomId": "0195b4a0-0000-7000-8000-00000000000a",
      "ownerId": "0195b4a0-0000-7000-8000-000000000001",
      "fileName": "engine.png",
      "contentType": "image/png",
      "size": 12,
      "width": 640,
      "height": 480,
      "status": "ready",
      "url": "/api/media/m",
      "thumbnailUrl": "/api/media/m/thumbnail"
    }
    "#);
}

#[test]
fn cursors() {
    let cursors = Cursors {
        read_seq: 5,
        delivered_seq: 6,
    };
    survives(&cursors);
    assert_json_snapshot!(cursors, @r#"
    {
      "readSeq": 5,
      "deliveredSeq": 6
    }
    "#);
}

#[test]
fn receipts() {
    let receipts = Receipts {
        delivered_to: vec![Receipt { user_id: id(2) }, Receipt { user_id: id(3) }],
        read_by: vec![Receipt { user_id: id(2) }],
    };
    survives(&receipts);
    assert_json_snapshot!(receipts, @r#"
    {
      "deliveredTo": [
        {
          "userId": "0195b4a0-0000-7000-8000-000000000002"
        },
        {
          "userId": "0195b4a0-0000-7000-8000-000000000003"
        }
      ],
      "readBy": [
        {
          "userId": "0195b4a0-0000-7000-8000-000000000002"
        }
      ]
    }
    "#);
}

#[test]
fn a_hit_says_where_the_words_are() {
    let hit = SearchHit {
        message: tombstone(),
        snippet: Snippet {
            text: "Hello, hello".into(),
            highlights: vec![[0, 5], [7, 12]],
        },
    };
    survives(&hit);
    assert_json_snapshot!(hit.snippet, @r#"
    {
      "text": "Hello, hello",
      "highlights": [
        [
          0,
          5
        ],
        [
          7,
          12
        ]
      ]
    }
    "#);
    let json = serde_json::to_value(&hit).unwrap();
    let keys: Vec<_> = json.as_object().unwrap().keys().collect();
    assert_eq!(keys, ["message", "snippet"]);
}
