//! Lists, and stretches of lists.

use insta::assert_json_snapshot;

use super::scene::{direct_room, id, survives};
use crate::shape::{
    Changes, MemberPage, MessagePage, NumberedMessages, RoomPage, Rooms, SearchPage, UserPage,
    Users,
};

/// What a list holds has snapshots of its own; here is what is around it. The end of a list is null,
/// never missing.
#[test]
fn stretches() {
    let messages = MessagePage {
        messages: Vec::new(),
        next_cursor: Some(id(20)),
    };
    let rooms = RoomPage {
        rooms: Vec::new(),
        next_cursor: None,
    };
    let users = UserPage {
        users: Vec::new(),
        next_cursor: None,
    };
    let members = MemberPage {
        users: Vec::new(),
        next_cursor: None,
    };
    let hits = SearchPage {
        hits: Vec::new(),
        next_cursor: None,
    };
    survives(&messages);
    survives(&rooms);
    survives(&users);
    survives(&members);
    survives(&hits);
    assert_json_snapshot!((messages, rooms, users, members, hits), @r#"
    [
      {
        "messages": [],
        "nextCursor": "0195b4a0-0000-7000-8000-000000000014"
      },
      {
        "rooms": [],
        "nextCursor": null
      },
      {
        "users": [],
        "nextCursor": null
      },
      {
        "users": [],
        "nextCursor": null
      },
      {
        "hits": [],
        "nextCursor": null
      }
    ]
    "#);
}

#[test]
fn whole_lists() {
    let rooms = Rooms { rooms: Vec::new() };
    let users = Users { users: Vec::new() };
    survives(&rooms);
    survives(&users);
    assert_json_snapshot!((rooms, users), @r#"
    [
      {
        "rooms": []
      },
      {
        "users": []
      }
    ]
    "#);
}

#[test]
fn numbered_pages() {
    let page = NumberedMessages {
        messages: Vec::new(),
        total_pages: 3,
        current_page: 2,
        total: 101,
    };
    survives(&page);
    assert_json_snapshot!(page, @r#"
    {
      "messages": [],
      "totalPages": 3,
      "currentPage": 2,
      "total": 101
    }
    "#);
}

#[test]
fn changes_hold_the_room_only_if_it_changed() {
    let quiet = Changes {
        epoch: "e1".into(),
        messages: Vec::new(),
        members: Vec::new(),
        room: None,
        up_to: 12,
        more: false,
        reset: false,
    };
    let loud = Changes {
        room: Some(direct_room()),
        more: true,
        ..quiet.clone()
    };
    survives(&quiet);
    survives(&loud);
    assert_json_snapshot!(quiet, @r#"
    {
      "epoch": "e1",
      "messages": [],
      "members": [],
      "upTo": 12,
      "more": false,
      "reset": false
    }
    "#);
    assert_json_snapshot!(loud, { ".room" => "[Room]" }, @r#"
    {
      "epoch": "e1",
      "messages": [],
      "members": [],
      "room": "[Room]",
      "upTo": 12,
      "more": true,
      "reset": false
    }
    "#);
}
