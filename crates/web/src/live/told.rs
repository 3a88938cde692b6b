//! Changes of rooms, as the hub hands them on.

use application::{ChangeView, MessageView};
use bytes::{Bytes, BytesMut};
use domain::port::bus::{MemberChange, MessageChange};
use domain::{Rev, RoomId, Seq};
use realtime::{Change, Dialect, Encode};

use super::wire;
use crate::socketio::vocabulary::{self, NATIVE, News};
use crate::translate;

/// What a frame holds besides its text, about.
const FRAME: usize = 1024;

/// A change, written down when it is first sent.
struct Told {
    room: RoomId,
    view: ChangeView,
}

impl Encode for Told {
    fn told(&self, prev: Rev, dialect: Dialect, fresh: bool) -> Bytes {
        if dialect == NATIVE {
            wire::text(&translate::told(self.room, &self.view, prev))
        } else {
            said(dialect, &self.view, fresh)
        }
    }

    fn called(&self, prev: Rev, dialect: Dialect, name: &Bytes) -> Bytes {
        match (&self.view, serde_json::from_slice(name)) {
            (ChangeView::Message(view, _), Ok(name)) if !is_deleted(&self.view) => {
                vocabulary::say(dialect, &News::Posted(view, Some(&name)))
            }
            _ => self.told(prev, dialect, true),
        }
    }

    fn withheld(&self, prev: Rev, dialect: Dialect) -> Bytes {
        if dialect == NATIVE {
            wire::text(&translate::skipped(self.room, self.view.rev(), prev))
        } else {
            // Who speaks the others knows nothing of revs that lead nowhere.
            Bytes::new()
        }
    }

    fn weight(&self) -> usize {
        let text = match &self.view {
            ChangeView::Message(view, _) => view.message.body.as_ref(),
            ChangeView::Member(..) | ChangeView::Room(_) | ChangeView::RoomDeleted(_) => None,
        };
        // Once as it is, and once as a frame.
        2 * (FRAME + text.map_or(0, |body| body.as_str().len()))
    }
}

/// A change in one of the vocabularies, to those who have not heard of its message if that is `fresh`.
pub(super) fn said(dialect: Dialect, view: &ChangeView, fresh: bool) -> Bytes {
    let news = match view {
        ChangeView::Message(view, _) if view.message.deleted_at.is_some() => {
            News::Changed(view, &MessageChange::Deleted)
        }
        ChangeView::Message(view, _) if fresh => News::Posted(view, None),
        ChangeView::Message(view, how) => News::Changed(view, how),
        ChangeView::Room(room) => News::Room(room),
        // Whoever was here before they came in was not told of as being here.
        ChangeView::Member(view, MemberChange::Joined) if view.person.online => News::Presence {
            user: view.membership.user,
            online: true,
            at: view.membership.joined_at,
            last_seen: None,
        },
        // Whether they belong there is another matter than whether they are there.
        ChangeView::Member(..) | ChangeView::RoomDeleted(_) => return Bytes::new(),
    };
    vocabulary::say(dialect, &news)
}

/// The newest messages of a room, oldest first, to somebody who may read those after a place; nothing where
/// these are none.
pub(super) fn newest(dialect: Dialect, newest: &[MessageView], floor: Seq) -> Bytes {
    let from = newest.partition_point(|view| view.message.seq <= floor);
    match newest.get(from..) {
        None | Some([]) => Bytes::new(),
        Some(readable) => vocabulary::say(dialect, &News::Newest(readable)),
    }
}

fn is_deleted(view: &ChangeView) -> bool {
    matches!(view, ChangeView::Message(view, _) if view.message.deleted_at.is_some())
}

/// Changes for the hub.
pub(super) fn changes(
    room: RoomId,
    views: impl IntoIterator<Item = ChangeView>,
) -> impl Iterator<Item = Change> {
    views.into_iter().map(move |view| Change {
        rev: view.rev(),
        seq: view.seq(),
        message: view.message(),
        posted: view.is_post(),
        departed: view.departed(),
        frame: Box::new(Told { room, view }),
    })
}

/// What the store says of a room, for one reader of `/api/ws`, who was told of everything up to `prev`:
/// all in one piece, and how many frames it is. What the reader may not read is covered by the frames
/// around it.
pub(super) fn replay(
    room: RoomId,
    views: &[ChangeView],
    mut prev: Rev,
    up_to: Rev,
) -> (Bytes, usize) {
    let (mut frames, mut count) = (BytesMut::new(), 0);
    for view in views {
        frames.extend_from_slice(&wire::text(&translate::told(room, view, prev)));
        prev = view.rev();
        count += 1;
    }
    if prev < up_to {
        frames.extend_from_slice(&wire::text(&translate::skipped(room, up_to, prev)));
        count += 1;
    }
    (frames.freeze(), count)
}
