//! What readers are shown: entities together with related data, and without what they may not see.

use std::time::Duration;

use domain::port::access_tokens::IssuedToken;
use domain::port::bus::{MemberChange, MessageChange};
use domain::port::summariser::Bullet;
use domain::search_text::Snippet;
use domain::{
    Cursors, Epoch, Invite, InviteCode, Membership, Message, MessageId, ProfileDocument,
    RefreshToken, Rev, Room, Seq, Session, Timestamp, User, UserId,
};

/// A page of a list, and where the next one begins.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page<T, C> {
    /// The items on this page.
    pub items: Vec<T>,
    /// The cursor of the next page; `None` if this is the last.
    pub next: Option<C>,
}

impl<T, C> Page<T, C> {
    /// Builds a page from the result of a query for [`one_more`] items, which reveals whether there
    /// is a next page.
    pub(crate) fn cut(mut found: Vec<T>, limit: usize, place: impl FnOnce(&T) -> C) -> Self {
        let more = found.len() > limit;
        found.truncate(limit);
        let next = found.last().filter(|_| more).map(place);
        Self { items: found, next }
    }
}

/// The query limit for a page: one more than it shows.
pub(crate) const fn one_more(limit: usize) -> usize {
    limit.saturating_add(1)
}

/// A page of a counted list, for clients that address pages by number.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NumberedPage<T> {
    /// The items on this page.
    pub items: Vec<T>,
    /// Its number, from 1.
    pub number: i64,
    /// How many pages there are.
    pub pages: i64,
    /// How many items there are in all.
    pub total: i64,
}

/// A user as one reader may see them: `email` is visible only to themselves; `last_seen_at`,
/// presence and profile only to users who share a room with them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Person {
    /// The user, without what this reader may not see.
    pub user: User,
    /// Whether they are connected, as far as the reader may know.
    pub online: bool,
    /// Their profile document.
    pub profile: Option<ProfileDocument>,
}

/// The result of signing in: the user, and the tokens to authenticate with from now on.
#[derive(Clone, Debug)]
pub struct SignedIn {
    /// The user.
    pub person: Person,
    /// The access token to present with every request.
    pub access: IssuedToken,
    /// The refresh token to renew it with.
    pub refresh: RefreshToken,
    /// The session that both tokens belong to.
    pub session: Session,
}

/// How far a message has come with all of its recipients.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reach {
    /// It is stored.
    Sent,
    /// It has reached a device of every recipient.
    Delivered,
    /// Every recipient has read it.
    Read,
}

/// A message with its sender.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MessageView {
    /// The message.
    pub message: Message,
    /// Its sender, by name only.
    pub sender: User,
    /// How far it has come; shown only to its sender, and only in small rooms.
    pub reach: Option<Reach>,
}

/// The result of posting a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Posted {
    /// The message as it is now.
    pub view: MessageView,
    /// Whether this call stored it; otherwise it repeats an earlier one.
    pub fresh: bool,
    /// What is left of the sender's rate limit, if this call was counted.
    pub quota: Option<crate::Quota>,
}

/// A room, as one reader may see it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RoomView {
    /// The room, without its standing invite.
    pub room: Room,
    /// The standing invite, if the reader may share it.
    pub invite: Option<InviteCode>,
    /// The participants, if they are few enough to be shown at once.
    pub participants: Option<Vec<Person>>,
    /// The reader's own standing in the room.
    pub standing: Option<StandingView>,
    /// The last message that the reader may see.
    pub last_message: Option<MessageView>,
}

/// A reader's own standing in a room.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StandingView {
    /// The membership.
    pub membership: Membership,
    /// How many messages are unread.
    pub unread: i64,
    /// How many of them mention the reader.
    pub mentions: i64,
    /// Whether the reader has muted notifications from this room.
    pub muted: bool,
    /// Until when an admin has silenced the reader; otherwise until when the reader has muted
    /// notifications.
    pub muted_until: Option<Timestamp>,
}

/// A member of a room.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MemberView {
    /// The user.
    pub person: Person,
    /// Their membership.
    pub membership: Membership,
}

/// A user who is banned from a room.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BanView {
    /// The user.
    pub person: Person,
    /// When they were banned.
    pub at: Timestamp,
    /// Who banned them.
    pub by: UserId,
}

/// What an invite leads to, for a reader who may not be signed in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InvitePreview {
    /// The invite.
    pub invite: Invite,
    /// The room that it opens.
    pub room: Room,
    /// Who made it, by name only.
    pub invited_by: User,
}

/// What changed in a room.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChangesView {
    /// The incarnation of the store that the revs belong to.
    pub epoch: Epoch,
    /// The messages, in order of rev.
    pub messages: Vec<MessageView>,
    /// The memberships, in order of rev.
    pub members: Vec<MemberView>,
    /// The room, if it changed itself.
    pub room: Option<RoomView>,
    /// Everything up to this rev is included.
    pub up_to: Rev,
    /// Whether more changed after that.
    pub more: bool,
    /// The reader's revs belong to another incarnation of the store: they must discard them and
    /// start over.
    pub reset: bool,
}

/// One change of a room in a form that is the same for all its readers: without reach, e-mail,
/// profile and invite, and with no reaction marked as the reader's own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ChangeView {
    /// A message was posted or changed.
    Message(Box<MessageView>, MessageChange),
    /// A membership changed.
    Member(Box<MemberView>, MemberChange),
    /// The room itself changed.
    Room(Box<Room>),
    /// The room was deleted; this is its last state.
    RoomDeleted(Box<Room>),
}

impl ChangeView {
    /// The rev of the change.
    pub fn rev(&self) -> Rev {
        match self {
            Self::Message(view, _) => view.message.rev,
            Self::Member(view, _) => view.membership.rev,
            Self::Room(room) | Self::RoomDeleted(room) => room.rev,
        }
    }

    /// The sequence number of the message concerned. Readers whose floor is not below it may not
    /// see it.
    pub fn seq(&self) -> Option<Seq> {
        match self {
            Self::Message(view, _) => Some(view.message.seq),
            Self::Member(..) | Self::Room(_) | Self::RoomDeleted(_) => None,
        }
    }

    /// The message concerned.
    pub fn message(&self) -> Option<MessageId> {
        match self {
            Self::Message(view, _) => Some(view.message.id),
            Self::Member(..) | Self::Room(_) | Self::RoomDeleted(_) => None,
        }
    }

    /// Whether this is a newly posted message.
    pub const fn is_post(&self) -> bool {
        matches!(self, Self::Message(_, MessageChange::Created))
    }

    /// The user who has left the room through this change.
    pub fn departed(&self) -> Option<UserId> {
        match self {
            Self::Member(view, _) => {
                let membership = &view.membership;
                membership.left_at.map(|_| membership.user)
            }
            Self::Message(..) | Self::Room(_) | Self::RoomDeleted(_) => None,
        }
    }

    /// The user who is a member of the room by this change, and the last message that they may not read.
    pub fn member(&self) -> Option<(UserId, Seq)> {
        match self {
            Self::Member(view, _) => {
                let membership = &view.membership;
                let is_member = membership.left_at.is_none();
                is_member.then_some((membership.user, membership.from_seq))
            }
            Self::Message(..) | Self::Room(_) | Self::RoomDeleted(_) => None,
        }
    }
}

/// Whom a message has reached, its sender excluded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Receipts {
    /// Users who have it on a device.
    pub delivered_to: Vec<UserId>,
    /// Users who have read it.
    pub read_by: Vec<UserId>,
}

/// A search result.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hit {
    /// The message.
    pub view: MessageView,
    /// The excerpt that contains the search terms.
    pub snippet: Snippet,
}

/// A summary of what a reader missed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SummaryView {
    /// The whole of it in a few sentences.
    pub summary: String,
    /// The points worth mentioning, each with its sources.
    pub bullets: Vec<Bullet>,
    /// The first sequence number covered.
    pub from: Seq,
    /// The last sequence number covered; before the first if there was nothing to summarise.
    pub to: Seq,
    /// How many messages are in that range.
    pub messages: i64,
    /// The most active senders, by name only.
    pub participants: Vec<User>,
    /// What wrote it: the model, or the summariser that works without one.
    pub model: String,
    /// Whether all of it came from the cache.
    pub cached: bool,
    /// Whether the model failed and part of it was made without.
    pub degraded: bool,
    /// When it was made.
    pub at: Timestamp,
}

/// A member's cursors after a call, and whether the call moved them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CursorsMoved {
    /// The cursors now.
    pub cursors: Cursors,
    /// Whether they moved.
    pub advanced: bool,
}

/// The health of a backend.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BackendHealth {
    /// The backend's name.
    pub name: &'static str,
    /// Whether it is healthy.
    pub well: bool,
    /// How long the check took.
    pub took: Duration,
}
