//! Rooms, and all changes to their members.

use std::collections::BTreeSet;

use async_trait::async_trait;

use crate::{
    Description, Edit, Event, Failure, History, Invite, InviteCode, Membership, Pair, Refusal,
    Role, Room, RoomId, RoomKind, RoomName, Timestamp, UserId,
};

/// A room to be created.
#[derive(Clone, Debug)]
pub struct NewRoom {
    /// Its id from now on.
    pub id: RoomId,
    /// Its name.
    pub name: RoomName,
    /// What it is for.
    pub description: Option<Description>,
    /// Makes the room private, with this standing invite. Without one it is public.
    pub standing_invite: Option<InviteCode>,
    /// How far back members who join later may read.
    pub history: History,
    /// The owner, who is its first member.
    pub owner: UserId,
    /// The other initial members.
    pub members: Vec<UserId>,
    /// Whether to refuse a name that another public room has.
    pub unique_name: bool,
    /// When it is created.
    pub at: Timestamp,
    /// The events to store with it.
    pub events: Vec<Event>,
}

impl NewRoom {
    /// The room before its members are added.
    pub fn room(&self) -> Room {
        let kind = match self.standing_invite {
            Some(_) => RoomKind::Private,
            None => RoomKind::Public,
        };
        Room {
            name: Some(self.name.clone()),
            description: self.description.clone(),
            owner: Some(self.owner),
            history: self.history,
            standing_invite: self.standing_invite.clone(),
            ..Room::empty(self.id, kind, self.at)
        }
    }

    /// The initial members, the owner first, each once.
    pub fn seats(&self) -> Vec<(UserId, Role)> {
        let mut seen = BTreeSet::from([self.owner]);
        let others = self.members.iter().filter(|user| seen.insert(**user));
        [(self.owner, Role::Owner)]
            .into_iter()
            .chain(others.map(|user| (*user, Role::Member)))
            .collect()
    }

    /// Its standing invite, if it is private.
    pub fn invite(&self) -> Option<Invite> {
        let code = self.standing_invite.clone()?;
        Some(Invite::standing(self.id, code, self.owner, self.at))
    }
}

/// The outcome of creating a room.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Created {
    /// It was created.
    Made(Room),
    /// Another public room has the name, and a unique one was asked for.
    NameTaken,
}

/// A request by one of two users to open their direct room.
#[derive(Clone, Debug)]
pub struct NewDirect {
    /// The room's id, if it does not exist yet.
    pub id: RoomId,
    /// The two users.
    pub pair: Pair,
    /// When it is opened.
    pub at: Timestamp,
    /// The events to store, if it does not exist yet.
    pub events: Vec<Event>,
}

impl NewDirect {
    /// The room before its members are added.
    pub const fn room(&self) -> Room {
        Room::empty(self.id, RoomKind::Direct(self.pair), self.at)
    }

    /// Its two members.
    pub const fn seats(&self) -> [(UserId, Role); 2] {
        [
            (self.pair.low(), Role::Member),
            (self.pair.high(), Role::Member),
        ]
    }
}

/// A pair's direct room.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Opened {
    /// The room.
    pub room: Room,
    /// Whether this call created it.
    pub fresh: bool,
}

/// A room and one user's relation to it: all that is needed to authorise reading or writing in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Access {
    /// The room.
    pub room: Room,
    /// The user's membership, if they are a member.
    pub membership: Option<Membership>,
    /// Whether they are banned.
    pub banned: bool,
}

/// Which rooms to list.
#[derive(Clone, Debug)]
pub struct Browse {
    /// The user who is browsing.
    pub user: UserId,
    /// What the name must contain, normalised as by [`RoomName::key`].
    pub contains: Option<String>,
    /// Only rooms with a smaller id: where the previous page ended.
    pub before: Option<RoomId>,
    /// The most rooms to return.
    pub limit: usize,
}

/// A user's action on a room or on another user in it.
#[derive(Clone, Debug)]
pub struct Act {
    /// The room.
    pub room: RoomId,
    /// Who acts.
    pub actor: UserId,
    /// The user acted upon; the actor, if no other user is involved.
    pub subject: UserId,
    /// The invite that the actor presents.
    pub invite: Option<InviteCode>,
    /// When it happens.
    pub at: Timestamp,
}

/// One user's relation to a room.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Party {
    /// Their membership, if they are a member.
    pub membership: Option<Membership>,
    /// Whether they are banned.
    pub banned: bool,
}

/// What a rule bases its decision on: the room and the users involved, as they are under its lock.
#[derive(Clone, Debug)]
pub struct Scene {
    /// The room.
    pub room: Room,
    /// Who acts.
    pub actor: Party,
    /// The user acted upon; the same as the actor, if no other user is involved.
    pub subject: Party,
    /// The presented invite, if the room has such an invite.
    pub invite: Option<Invite>,
}

/// One change to a room. Every change to a membership or to the room itself gets a rev of its own.
///
/// A step that has nothing to change, such as admitting a user who is already a member or changing one
/// who is not, does nothing and uses no rev.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// Makes the user a plain member, for the first time or again. The room's history setting decides
    /// where their readable history begins; their cursors start there, or stay further on if they were.
    Admit {
        /// The user.
        user: UserId,
    },
    /// Ends the user's membership. Its tombstone keeps the cursors, and a silence, which leaving and
    /// rejoining must not lift.
    Depart {
        /// The user.
        user: UserId,
    },
    /// Bans the user. Uses no rev.
    Ban {
        /// The user.
        user: UserId,
    },
    /// Lifts the user's ban. Uses no rev.
    LiftBan {
        /// The user.
        user: UserId,
    },
    /// Gives the member another role, other than owner.
    GiveRole {
        /// The member.
        user: UserId,
        /// The new role: member or admin.
        role: Role,
    },
    /// Makes the owner an admin, and this member the owner. Uses three revs: one for each, one for the
    /// room.
    HandOver {
        /// The new owner.
        to: UserId,
    },
    /// Silences the member, or lifts the silence. Uses no rev.
    Silence {
        /// The member.
        user: UserId,
        /// Until when they may not write; `None` lifts it.
        until: Option<Timestamp>,
    },
    /// Counts one more use of the presented invite. Uses no rev.
    SpendInvite,
    /// Changes the room's own properties.
    Edit(RoomEdit),
    /// Deletes the room, using one last rev: from now on no method knows it.
    Delete,
}

/// New values for some of a room's properties; `None` and [`Edit::Keep`] leave one as it is.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct RoomEdit {
    /// A new name.
    pub name: Option<RoomName>,
    /// A new description, or none.
    pub description: Edit<Description>,
    /// A new history setting, for members who join from now on.
    pub history: Option<History>,
    /// Setting it makes the room private with this standing invite, also if it is private already.
    /// Clearing it makes the room public, which revokes all invites, as they were issued for a closed room.
    pub standing_invite: Edit<InviteCode>,
}

/// What a rule decided.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Decision {
    /// The steps to take, in this order. May be empty.
    pub steps: Vec<Step>,
    /// The events to store with them.
    pub events: Vec<Event>,
}

/// Decides on an act. Pure: a store may call it again when it has to retry the transaction.
pub type Rule<'a> = dyn Fn(&Scene) -> Result<Decision, Refusal> + Send + Sync + 'a;

/// The outcome of an act.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Decided {
    /// It was carried out, even if there was nothing to do.
    Done(Box<Outcome>),
    /// The rule refused it.
    Refused(Refusal),
    /// There is no such room.
    Unknown,
}

/// The changes made by an act.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outcome {
    /// The room afterwards; if it was deleted, its last state.
    pub room: Room,
    /// Whether the room's own properties changed, giving it a new rev.
    pub room_changed: bool,
    /// Whether the room was deleted.
    pub deleted: bool,
    /// The memberships with a new rev, in the order of their revs; each once, in its final state.
    pub members: Vec<Membership>,
}

/// Stores rooms.
///
/// # Obligations
/// - `a_new_room_has_its_members`: the owner and the others, once each; a private one has its invite.
/// - `a_new_room_starts_its_revs`: 1 for itself, then one per member in the given order, the last of
///   which is its last rev; its last seq is 0.
/// - `a_unique_name_is_given_once`: of two concurrent requests for one name, ignoring case, one is refused;
///   private rooms, and rooms that do not ask for a unique name, are not affected.
/// - `a_pair_has_one_direct_room`: whoever opens it, and of concurrent calls exactly one is `fresh`.
/// - `access_tells_member_stranger_and_banned`: and is `None` for an unknown or deleted room.
/// - `accesses_tell_the_same_of_many_rooms`: for up to 500 in one snapshot, each once, in any order;
///   unknown and deleted rooms are left out.
/// - `find_keeps_the_order_asked_for`: unknown and deleted rooms are left out.
/// - `browsing_shows_public_rooms_and_ones_own`: never direct ones, newest first, page by page.
/// - `browsing_finds_by_part_of_the_name`: ignoring case, with `%` and `_` as plain characters.
/// - `of_member_lists_living_memberships`: of all kinds, the latest activity first.
/// - `named_is_the_oldest_public_room_of_that_name`: ignoring case.
/// - `a_rule_sees_the_room_as_it_stands`: its scene holds actor, subject, ban and invite.
/// - `a_refusal_changes_nothing`.
/// - `an_empty_decision_changes_nothing`: and uses no rev.
/// - `every_step_gets_the_next_rev`: memberships and room get gapless revs in the steps' order.
/// - `a_dropped_decision_is_whole_or_nothing`: wherever the caller drops the call, either all steps were
///   taken and the events stored, or nothing.
/// - `admitting_counts_and_departing_uncounts`.
/// - `who_comes_back_keeps_their_cursors`: with a new beginning if history is "joined"; and keeps a
///   silence, but no role.
/// - `a_newcomer_reads_from_where_history_says`: from 0, or from the last seq.
/// - `handing_over_leaves_one_owner`: also with concurrent calls.
/// - `an_invite_lets_in_as_many_as_it_says`: of twenty concurrent uses of an invite for five, five succeed.
/// - `becoming_public_revokes_the_invites`, `becoming_private_makes_one`.
/// - `a_private_room_gets_another_standing_invite`: which uses a rev; the other invites stay as they are.
/// - `a_deleted_room_is_unknown`: to every method of every port.
/// - `events_are_stored_with_the_change`: and not with a taken name, a refusal, or a direct room that
///   already existed.
#[async_trait]
pub trait Rooms: Send + Sync + 'static {
    /// Creates a room.
    async fn create(&self, room: &NewRoom) -> Result<Created, Failure>;

    /// Finds or creates the direct room of two users.
    async fn open_direct(&self, direct: &NewDirect) -> Result<Opened, Failure>;

    /// A room and a user's relation to it.
    async fn access(&self, room: RoomId, user: UserId) -> Result<Option<Access>, Failure>;

    /// The same for many rooms: authorises all of a connection's subscriptions at once.
    async fn accesses(&self, rooms: &[RoomId], user: UserId) -> Result<Vec<Access>, Failure>;

    /// The rooms with these ids.
    async fn find(&self, ids: &[RoomId]) -> Result<Vec<Room>, Failure>;

    /// Public rooms and the user's own, newest first.
    async fn browse(&self, browse: &Browse) -> Result<Vec<Room>, Failure>;

    /// All rooms that a user is a member of, the latest activity first.
    async fn of_member(&self, user: UserId) -> Result<Vec<(Room, Membership)>, Failure>;

    /// The oldest public room with a name.
    async fn named(&self, name: &RoomName) -> Result<Option<Room>, Failure>;

    /// Locks the room, asks the rule, and carries out what it decides, all in one transaction.
    async fn decide(&self, act: &Act, rule: &Rule<'_>) -> Result<Decided, Failure>;
}
