//! What readers are shown: entities, with what belongs beside them, and without what is not theirs.

use std::time::Duration;

use domain::port::access_tokens::IssuedToken;
use domain::port::bus::{MemberChange, MessageChange};
use domain::port::summariser::Bullet;
use domain::search_text::Snippet;
use domain::{
    Cursors, Epoch, Invite, InviteCode, Membership, Message, MessageId, ProfileDocument,
    RefreshToken, Rev, Room, Seq, Session, Timestamp, User, UserId,
};

/// A stretch of a list, and where to go on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page<T, C> {
    /// The stretch.
    pub items: Vec<T>,
    /// Where the next stretch begins; nothing when this was the last.
    pub next: Option<C>,
}

impl<T, C> Page<T, C> {
    /// A page of what was found when [`one_more`] was asked for, which tells whether there is a next.
    pub(crate) fn cut(mut found: Vec<T>, limit: usize, place: impl FnOnce(&T) -> C) -> Self {
        let more = found.len() > limit;
        found.truncate(limit);
        let next = found.last().filter(|_| more).map(place);
        Self { items: found, next }
    }
}

/// One more than a page shows.
pub(crate) const fn one_more(limit: usize) -> usize {
    limit.saturating_add(1)
}

/// A page of a list that is counted, for clients which know pages by number.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NumberedPage<T> {
    /// What is on it.
    pub items: Vec<T>,
    /// Its number, from 1.
    pub number: i64,
    /// How many pages there are.
    pub pages: i64,
    /// How many items there are in all.
    pub total: i64,
}

/// A person, as one reader may see them: `email` only to themselves; `last_seen_at`, presence and
/// profile only to those who share a room with them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Person {
    /// The person, without what this reader may not see.
    pub user: User,
    /// Whether they are connected, as far as the reader may know.
    pub online: bool,
    /// What they keep about themselves.
    pub profile: Option<ProfileDocument>,
}

/// Someone who has just proved who they are, with what to prove it by from now on.
#[derive(Clone, Debug)]
pub struct SignedIn {
    /// Who.
    pub person: Person,
    /// The token to show with every request.
    pub access: IssuedToken,
    /// The token to renew it with.
    pub refresh: RefreshToken,
    /// The session that both belong to.
    pub session: Session,
}

/// How far a message has come with all its readers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reach {
    /// It is stored.
    Sent,
    /// It has reached a device of each of the others.
    Delivered,
    /// Each of the others has read it.
    Read,
}

/// A message with who sent it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MessageView {
    /// The message.
    pub message: Message,
    /// Its sender, by name only.
    pub sender: User,
    /// How far it has come; told only to its sender, and only in small rooms.
    pub reach: Option<Reach>,
}

/// What became of a posted message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Posted {
    /// The message as it is now.
    pub view: MessageView,
    /// Whether this call stored it; otherwise it is a repeat.
    pub fresh: bool,
    /// What is left of the sender's limit, where it was counted.
    pub quota: Option<crate::Quota>,
}

/// A room, as one reader may see it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RoomView {
    /// The room, without its standing invite.
    pub room: Room,
    /// The standing invite, for those who may hand it out.
    pub invite: Option<InviteCode>,
    /// Who is in it, where few enough are to be shown at once.
    pub participants: Option<Vec<Person>>,
    /// The reader's own place in it.
    pub standing: Option<StandingView>,
    /// The last message that the reader may read.
    pub last_message: Option<MessageView>,
}

/// The reader's own place in a room.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StandingView {
    /// The membership.
    pub membership: Membership,
    /// How many messages are unread.
    pub unread: i64,
    /// How many of them mention the reader.
    pub mentions: i64,
    /// Whether the reader wants no notifications from here now.
    pub muted: bool,
    /// Until when an admin keeps the reader from writing; otherwise until when they want no
    /// notifications.
    pub muted_until: Option<Timestamp>,
}

/// A member of a room.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MemberView {
    /// Who.
    pub person: Person,
    /// Their membership.
    pub membership: Membership,
}

/// Someone who is shut out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BanView {
    /// Who.
    pub person: Person,
    /// Since when.
    pub at: Timestamp,
    /// By whom.
    pub by: UserId,
}

/// What an invite leads to, for someone who may not be signed in.
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
    /// The incarnation of the store that the revs are of.
    pub epoch: Epoch,
    /// The messages, by rev.
    pub messages: Vec<MessageView>,
    /// The memberships, by rev.
    pub members: Vec<MemberView>,
    /// The room, when it changed itself.
    pub room: Option<RoomView>,
    /// Everything up to this rev is told.
    pub up_to: Rev,
    /// Whether more changed after that.
    pub more: bool,
    /// The reader's revs are of another time: forget them and begin anew.
    pub reset: bool,
}

/// One change of a room, as all its readers may see it at once: without reach, e-mail, profile and
/// invite, and with reactions that are nobody's own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ChangeView {
    /// A message was posted or changed, this way.
    Message(Box<MessageView>, MessageChange),
    /// A membership changed, this way.
    Member(Box<MemberView>, MemberChange),
    /// The room itself changed.
    Room(Box<Room>),
    /// The room was deleted, as it was last.
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

    /// The place of the message that it is about. Whose floor is not below it may not read it.
    pub fn seq(&self) -> Option<Seq> {
        match self {
            Self::Message(view, _) => Some(view.message.seq),
            Self::Member(..) | Self::Room(_) | Self::RoomDeleted(_) => None,
        }
    }

    /// Which message it is about.
    pub fn message(&self) -> Option<MessageId> {
        match self {
            Self::Message(view, _) => Some(view.message.id),
            Self::Member(..) | Self::Room(_) | Self::RoomDeleted(_) => None,
        }
    }

    /// Whether a message was posted by it, and not changed since.
    pub const fn is_post(&self) -> bool {
        matches!(self, Self::Message(_, MessageChange::Created))
    }

    /// Who belongs to the room no more by it.
    pub fn departed(&self) -> Option<UserId> {
        match self {
            Self::Member(view, _) => {
                let membership = &view.membership;
                membership.left_at.map(|_| membership.user)
            }
            Self::Message(..) | Self::Room(_) | Self::RoomDeleted(_) => None,
        }
    }
}

/// Whom a message has reached, without its sender.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Receipts {
    /// A device of these has it.
    pub delivered_to: Vec<UserId>,
    /// These have read it.
    pub read_by: Vec<UserId>,
}

/// A message that was searched for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hit {
    /// The message.
    pub view: MessageView,
    /// The piece of it with the words.
    pub snippet: Snippet,
}

/// What somebody missed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SummaryView {
    /// All of it in a few sentences.
    pub summary: String,
    /// The things worth telling, each with where it was said.
    pub bullets: Vec<Bullet>,
    /// The first place that is told.
    pub from: Seq,
    /// The last one; before the first where there is nothing to tell.
    pub to: Seq,
    /// How many messages stand there.
    pub messages: i64,
    /// Who said most of them, by name only.
    pub participants: Vec<User>,
    /// Who told it.
    pub model: String,
    /// Whether all of it was there already.
    pub cached: bool,
    /// Whether some of it is told without the model that should have.
    pub degraded: bool,
    /// When it was told.
    pub at: Timestamp,
}

/// Where a member's cursors stand, and whether they were moved there now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CursorsMoved {
    /// Where they stand.
    pub cursors: Cursors,
    /// Whether they moved.
    pub advanced: bool,
}

/// How a backend is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BackendHealth {
    /// Which.
    pub name: &'static str,
    /// Whether it works.
    pub well: bool,
    /// How long it took to say so.
    pub took: Duration,
}
