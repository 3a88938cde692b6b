//! A stored room with its log.

use std::collections::BTreeMap;
use std::ops::Bound::{Excluded, Unbounded};

use domain::port::members::Ban;
use domain::{Membership, Message, Rev, Room, Seq, UserId};

use super::MessageRow;

/// What a rev was assigned to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Subject {
    Room,
    Member(UserId),
    Message(Seq),
}

/// A room with everything that is ordered within it.
pub(crate) struct RoomRow {
    pub(crate) room: Room,
    /// Tombstones included.
    pub(crate) members: BTreeMap<UserId, Membership>,
    pub(crate) bans: BTreeMap<UserId, Ban>,
    pub(crate) log: BTreeMap<Seq, MessageRow>,
    /// The last rev of each thing, earlier ones being dropped, so this grows with the number of things,
    /// not of changes.
    pub(crate) revs: BTreeMap<Rev, Subject>,
}

impl RoomRow {
    /// A room that has its first rev and no members yet.
    pub(crate) fn new(room: Room) -> Self {
        Self {
            revs: BTreeMap::from([(room.rev, Subject::Room)]),
            room,
            members: BTreeMap::new(),
            bans: BTreeMap::new(),
            log: BTreeMap::new(),
        }
    }

    /// A user's membership, unless they have left.
    pub(crate) fn member(&self, user: UserId) -> Option<&Membership> {
        self.members
            .get(&user)
            .filter(|member| member.left_at.is_none())
    }

    /// The same, mutably.
    pub(crate) fn member_mut(&mut self, user: UserId) -> Option<&mut Membership> {
        self.members
            .get_mut(&user)
            .filter(|member| member.left_at.is_none())
    }

    /// All current members, by id.
    pub(crate) fn living(&self) -> impl Iterator<Item = &Membership> {
        self.members
            .values()
            .filter(|member| member.left_at.is_none())
    }

    /// The current members after one of them.
    pub(crate) fn living_after(&self, after: Option<UserId>) -> impl Iterator<Item = &Membership> {
        let start = after.map_or(Unbounded, Excluded);
        self.members
            .range((start, Unbounded))
            .map(|(_, member)| member)
            .filter(|member| member.left_at.is_none())
    }

    /// Stores a membership with the next rev.
    pub(crate) fn put_member(&mut self, mut member: Membership) {
        member.rev = self.next_rev(Subject::Member(member.user));
        self.keep_member(member);
    }

    /// Stores a membership that already has its rev.
    pub(crate) fn keep_member(&mut self, member: Membership) {
        if let Some(before) = self.members.get(&member.user) {
            self.revs.remove(&before.rev);
        }
        self.revs.insert(member.rev, Subject::Member(member.user));
        self.members.insert(member.user, member);
    }

    /// Replaces the room by one that already has its rev.
    pub(crate) fn keep_room(&mut self, room: Room) {
        self.revs.remove(&self.room.rev);
        self.revs.insert(room.rev, Subject::Room);
        self.room = room;
    }

    /// Gives the next rev to a message.
    pub(crate) fn touch_message(&mut self, seq: Seq) {
        let Some(before) = self.log.get(&seq).map(|row| row.message.rev) else {
            return;
        };
        self.revs.remove(&before);
        let rev = self.next_rev(Subject::Message(seq));
        if let Some(row) = self.log.get_mut(&seq) {
            row.message.rev = rev;
        }
    }

    /// Stores a new message, which already has its seq and rev.
    pub(crate) fn keep_message(&mut self, row: MessageRow) {
        let (seq, rev) = (row.message.seq, row.message.rev);
        self.revs.insert(rev, Subject::Message(seq));
        self.log.insert(seq, row);
    }

    /// Stores how many replies the root of a thread has, and its rev.
    pub(crate) fn keep_replies(&mut self, root: &Message) {
        let Some(row) = self.log.get_mut(&root.seq) else {
            return;
        };
        self.revs.remove(&row.message.rev);
        self.revs.insert(root.rev, Subject::Message(root.seq));
        row.message.rev = root.rev;
        row.message.reply_count = root.reply_count;
    }

    fn next_rev(&mut self, subject: Subject) -> Rev {
        let rev = self.room.last_rev.next();
        self.room.last_rev = rev;
        self.revs.insert(rev, subject);
        rev
    }
}
