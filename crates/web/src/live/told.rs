//! Encodes changes of rooms for the hub.

use application::{ChangeView, MessageView};
use bytes::Bytes;
use domain::port::bus::{MemberChange, MessageChange};
use domain::{Rev, RoomId, Seq};
use realtime::{Change, Dialect, Encode};

use super::wire;
use crate::socketio::vocabulary::{self, NATIVE, News};
use crate::translate;

/// The approximate size of a frame without its text.
const FRAME: usize = 1024;

/// A change, encoded when it is first sent.
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
        if dialect == NATIVE {
            self.told(prev, dialect, true)
        } else {
            called(dialect, &self.view, name)
        }
    }

    fn withheld(&self, prev: Rev, dialect: Dialect) -> Bytes {
        if dialect == NATIVE {
            wire::text(&translate::skipped(self.room, self.view.rev(), prev))
        } else {
            // The other dialects have no notion of revs without content.
            Bytes::new()
        }
    }

    fn weight(&self) -> usize {
        let text = match &self.view {
            ChangeView::Message(view, _) => view.message.body.as_ref(),
            ChangeView::Member(..) | ChangeView::Room(_) | ChangeView::RoomDeleted(_) => None,
        };
        // Once as the view, and once as a frame.
        2 * (FRAME + text.map_or(0, |body| body.as_str().len()))
    }
}

/// A change in one of the vocabularies. `fresh` means that the listener has not received its message
/// yet.
pub(super) fn said(dialect: Dialect, view: &ChangeView, fresh: bool) -> Bytes {
    let news = match view {
        ChangeView::Message(view, _) if view.message.deleted_at.is_some() => {
            News::Changed(view, &MessageChange::Deleted)
        }
        ChangeView::Message(view, _) if fresh => News::Posted(view, None),
        ChangeView::Message(view, how) => News::Changed(view, how),
        ChangeView::Room(room) => News::Room(room),
        // A member who was online before they joined was not announced as online here.
        ChangeView::Member(view, MemberChange::Joined) if view.person.online => News::Presence {
            user: view.membership.user,
            online: true,
            at: view.membership.joined_at,
            last_seen: None,
        },
        // Membership is not presence.
        ChangeView::Member(..) | ChangeView::RoomDeleted(_) => return Bytes::new(),
    };
    vocabulary::say(dialect, &news)
}

/// A message in one of the vocabularies, for the connection that posted it, with its client's own name for
/// it.
pub(super) fn called(dialect: Dialect, view: &ChangeView, name: &Bytes) -> Bytes {
    match (view, serde_json::from_slice(name)) {
        (ChangeView::Message(view, _), Ok(name)) if view.message.deleted_at.is_none() => {
            vocabulary::say(dialect, &News::Posted(view, Some(&name)))
        }
        _ => said(dialect, view, true),
    }
}

/// The newest messages of a room, oldest first, for a listener that may read those after `floor`; empty
/// if there are none.
pub(super) fn newest(dialect: Dialect, newest: &[MessageView], floor: Seq) -> Bytes {
    let from = newest.partition_point(|view| view.message.seq <= floor);
    match newest.get(from..) {
        None | Some([]) => Bytes::new(),
        Some(readable) => vocabulary::say(dialect, &News::Newest(readable)),
    }
}

/// Converts changes for the hub.
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
        member: view.member(),
        frame: Box::new(Told { room, view }),
    })
}

/// Replayed changes of a room for one reader of `/api/ws` that has everything up to `prev`: frames, each
/// with the rev up to which it tells. Revs that the reader may not read are covered by the frames around
/// them.
pub(super) fn replay(
    room: RoomId,
    views: &[ChangeView],
    prev: Rev,
    up_to: Rev,
) -> impl Iterator<Item = (Rev, Bytes)> {
    let last = views.last().map_or(prev, ChangeView::rev);
    let skip = (last < up_to).then(|| {
        let frame = wire::text(&translate::skipped(room, up_to, last));
        (up_to, frame)
    });
    let told = views.iter().scan(prev, move |prev, view| {
        let frame = wire::text(&translate::told(room, view, *prev));
        *prev = view.rev();
        Some((*prev, frame))
    });
    told.chain(skip)
}
