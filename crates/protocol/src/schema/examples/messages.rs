//! Messages and their delivery.

use super::{ANA, BEN, CLIENT, Example, FILE, MESSAGE, ROOM, at, id};
use crate::shape::{
    Cursors, Media, MediaStatus, Message, MessagePage, MessageStatus, NamedUser, NumberedMessages,
    Reaction, Receipt, Receipts, SearchHit, SearchPage, Snippet,
};

impl Example for Message {
    fn example() -> Self {
        Self {
            id: id(MESSAGE),
            room_id: id(ROOM),
            seq: 1,
            rev: 3,
            sender_id: id(ANA),
            sender: NamedUser::example(),
            content: Some("Hi @ben, did you read it?".to_owned()),
            client_id: Some(id(CLIENT)),
            reply_to: None,
            reply_count: 0,
            attachments: Vec::new(),
            mentions: vec![id(BEN)],
            reactions: vec![Reaction {
                emoji: "👍".to_owned(),
                count: 1,
                mine: Some(false),
            }],
            status: Some(MessageStatus::Read),
            created_at: at(120),
            edited_at: None,
            deleted_at: None,
            pinned: false,
        }
    }
}

impl Example for Media {
    fn example() -> Self {
        Self {
            id: id(FILE),
            room_id: Some(id(ROOM)),
            owner_id: id(ANA),
            file_name: "map.png".to_owned(),
            content_type: "image/png".to_owned(),
            size: 48_213,
            width: Some(1_280),
            height: Some(720),
            status: MediaStatus::Ready,
            url: format!("/api/media/{}", id(FILE)),
            thumbnail_url: Some(format!("/api/media/{}/thumbnail", id(FILE))),
        }
    }
}

impl Example for MessagePage {
    fn example() -> Self {
        Self {
            messages: Vec::example(),
            next_cursor: Some(id(MESSAGE)),
        }
    }
}

impl Example for NumberedMessages {
    fn example() -> Self {
        Self {
            messages: Vec::example(),
            total_pages: 1,
            current_page: 1,
            total: 1,
        }
    }
}

impl Example for SearchPage {
    fn example() -> Self {
        Self {
            hits: vec![SearchHit {
                message: Message::example(),
                snippet: Snippet {
                    text: "Hi @ben, did you read it?".to_owned(),
                    highlights: vec![[17, 21]],
                },
            }],
            next_cursor: None,
        }
    }
}

impl Example for Cursors {
    fn example() -> Self {
        Self {
            read_seq: 1,
            delivered_seq: 1,
        }
    }
}

impl Example for Receipts {
    fn example() -> Self {
        let ben = Receipt { user_id: id(BEN) };
        Self {
            delivered_to: vec![ben],
            read_by: vec![ben],
        }
    }
}
