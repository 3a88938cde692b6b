//! Rooms, and every change to who belongs to them.

use std::collections::BTreeSet;

use async_trait::async_trait;

use crate::{
    Description, Event, Failure, History, Invite, InviteCode, Membership, Pair, Refusal, Role,
    Room, RoomId, RoomKind, RoomName, Timestamp, UserId,
};

/// A room that someone makes.
#[derive(Clone, Debug)]
pub struct NewRoom {
    /// Names the room from now on.
    pub id: RoomId,
    /// What it is called.
    pub name: RoomName,
    /// What it is for.
    pub description: Option<Description>,
    /// Makes the room private, with this invite at hand. Without one it is public.
    pub standing_invite: Option<InviteCode>,
    /// How far back those who join later may read.
    pub history: History,
    /// Who owns it, its first member.
    pub owner: UserId,
    /// Who else is a member from the start.
    pub members: Vec<UserId>,
    /// Refuse the name when a public room has it.
    pub unique_name: bool,
    /// When it is made.
    pub at: Timestamp,
    /// What must have consequences.
    pub events: Vec<Event>,
}

impl NewRoom {
    /// The room before its members are in it.
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

    /// Who is in it from the start, the owner first, each once.
    pub fn seats(&self) -> Vec<(UserId, Role)> {
        let mut seen = BTreeSet::from([self.owner]);
        let others = self.members.iter().filter(|user| seen.insert(**user));
        [(self.owner, Role::Owner)]
            .into_iter()
            .chain(others.map(|user| (*user, Role::Member)))
            .collect()
    }

    /// The invite that it has at hand, if it is private.
    pub fn invite(&self) -> Option<Invite> {
        let code = self.standing_invite.clone()?;
        Some(Invite::standing(self.id, code, self.owner, self.at))
    }
}

/// What became of a new room.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Created {
    /// It exists.
    Made(Room),
    /// A public room has the name already, and that mattered.
    NameTaken,
}

/// A direct room that one of two people opens.
#[derive(Clone, Debug)]
pub struct NewDirect {
    /// Names the room, if it does not exist yet.
    pub id: RoomId,
    /// The two.
    pub pair: Pair,
    /// When.
    pub at: Timestamp,
    /// What must have consequences, if it does not exist yet.
    pub events: Vec<Event>,
}

impl NewDirect {
    /// The room before the two are in it.
    pub const fn room(&self) -> Room {
        Room::empty(self.id, RoomKind::Direct(self.pair), self.at)
    }

    /// The two.
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
    /// Whether it was made by this call.
    pub fresh: bool,
}

/// A room as it stands to one person. All that a decision about reading or writing in it needs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Access {
    /// The room.
    pub room: Room,
    /// The person's membership, while they belong.
    pub membership: Option<Membership>,
    /// Whether they are shut out.
    pub banned: bool,
}

/// Which rooms to list.
#[derive(Clone, Debug)]
pub struct Browse {
    /// Who looks.
    pub user: UserId,
    /// What the name must contain, as [`RoomName::key`] spells it.
    pub contains: Option<String>,
    /// Only rooms whose id is smaller: where the page before ended.
    pub before: Option<RoomId>,
    /// How many at most.
    pub limit: usize,
}

/// One person's act on a room, or on a person in it.
#[derive(Clone, Debug)]
pub struct Act {
    /// On which room.
    pub room: RoomId,
    /// Who acts.
    pub actor: UserId,
    /// On whom; the actor, where nobody else is meant.
    pub subject: UserId,
    /// The invite that the actor shows.
    pub invite: Option<InviteCode>,
    /// When.
    pub at: Timestamp,
}

/// How one person stands to a room.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Party {
    /// Their membership, while they belong.
    pub membership: Option<Membership>,
    /// Whether they are shut out.
    pub banned: bool,
}

/// What a rule decides upon: the room and the people in question, as they stand under its lock.
#[derive(Clone, Debug)]
pub struct Scene {
    /// The room.
    pub room: Room,
    /// Who acts.
    pub actor: Party,
    /// On whom; the same as the actor, where nobody else is meant.
    pub subject: Party,
    /// The invite that the actor showed, if the room has such a one.
    pub invite: Option<Invite>,
}

/// One change to a room. Whatever touches a membership or the room itself gets a rev of its own.
///
/// A step that finds nothing to change, such as one that admits a member or is about someone who does
/// not belong, does nothing and spends no rev.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// Becomes a plain member, for the first time or again. What they may read begins where the
    /// room's history says; their cursors stand there, or further on where they were before.
    Admit {
        /// Who.
        user: UserId,
    },
    /// Is a member no more. The tombstone keeps the cursors, and a silence, which nobody gets rid of
    /// by leaving and coming back.
    Depart {
        /// Who.
        user: UserId,
    },
    /// Is shut out. Carries no rev.
    Ban {
        /// Who.
        user: UserId,
    },
    /// Is shut out no more. Carries no rev.
    LiftBan {
        /// Who.
        user: UserId,
    },
    /// Has another role, not that of the owner.
    GiveRole {
        /// Who.
        user: UserId,
        /// Which: member or admin.
        role: Role,
    },
    /// The owner becomes an admin, and this member the owner: three revs, for both and the room.
    HandOver {
        /// To whom.
        to: UserId,
    },
    /// May not write until then, or may again. Carries no rev.
    Silence {
        /// Who.
        user: UserId,
        /// Until when.
        until: Option<Timestamp>,
    },
    /// The shown invite has let one more in. Carries no rev.
    SpendInvite,
    /// The room itself has other properties.
    Edit(RoomEdit),
    /// The room is gone, with one last rev: from now on no method knows it.
    Delete,
}

/// New values for some of a room's properties; `None` leaves one as it is.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct RoomEdit {
    /// Another name.
    pub name: Option<RoomName>,
    /// Another description, or none.
    pub description: Option<Option<Description>>,
    /// Another history, for those who join from now on.
    pub history: Option<History>,
    /// Private with this invite at hand (`Some`), also where it is private already; or public (`None`):
    /// becoming public revokes all invites, which were to a closed room.
    pub access: Option<Option<InviteCode>>,
}

/// What a rule decided.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Decision {
    /// What changes, in this order. Nothing is fine.
    pub steps: Vec<Step>,
    /// What must have consequences.
    pub events: Vec<Event>,
}

/// Decides on an act. Pure: a store may call it again when it has to start over.
pub type Rule<'a> = dyn Fn(&Scene) -> Result<Decision, Refusal> + Send + Sync + 'a;

/// What became of an act.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Decided {
    /// It was carried out, down to nothing at all.
    Done(Box<Outcome>),
    /// The rule said no.
    Refused(Refusal),
    /// There is no such room.
    Unknown,
}

/// What an act has changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outcome {
    /// The room afterwards; when it was deleted, as it was last.
    pub room: Room,
    /// Whether the room itself changed and carries a new rev.
    pub room_changed: bool,
    /// Whether the room is gone.
    pub deleted: bool,
    /// The memberships that carry a new rev, in the order of these; each once, as it is afterwards.
    pub members: Vec<Membership>,
}

/// Keeps rooms.
///
/// # Obligations
/// - `a_new_room_has_its_members`: the owner and the others, once each; a private one has its invite.
/// - `a_new_room_starts_its_revs`: 1 for itself, then one a member in the order given, the last of
///   which is its last rev; its last seq is 0.
/// - `a_unique_name_is_given_once`: of two at once with one name in any case, one is refused; private
///   rooms and rooms made without asking for a unique name do not mind.
/// - `a_pair_has_one_direct_room`: whoever opens it, however many at once, one was fresh.
/// - `access_tells_member_stranger_and_banned`: and `None` for an unknown or deleted room.
/// - `accesses_tell_the_same_of_many_rooms`: of up to 500 in one snapshot, each once, in any order;
///   unknown and deleted rooms are left out.
/// - `find_keeps_the_order_asked_for`: unknown and deleted rooms are left out.
/// - `browsing_shows_public_rooms_and_ones_own`: never direct ones, newest first, by pages.
/// - `browsing_finds_by_part_of_the_name`: in any case, `%` and `_` being plain characters.
/// - `of_member_lists_living_memberships`: of all kinds, the latest activity first.
/// - `named_is_the_oldest_public_room_of_that_name`: in any case.
/// - `a_rule_sees_the_room_as_it_stands`: scene of actor, subject, ban and invite.
/// - `a_refusal_changes_nothing`.
/// - `an_empty_decision_changes_nothing`: no rev is spent.
/// - `every_step_gets_the_next_rev`: memberships and room carry gapless revs in the steps' order.
/// - `a_dropped_decision_is_whole_or_nothing`: wherever a caller goes away, all steps were taken and
///   the events stored, or nothing.
/// - `admitting_counts_and_departing_uncounts`.
/// - `who_comes_back_keeps_their_cursors`: with a new beginning where history is "joined"; and keeps a
///   silence, but no role.
/// - `a_newcomer_reads_from_where_history_says`: from 0, or from the last seq.
/// - `handing_over_leaves_one_owner`: also of many hand-overs at once.
/// - `an_invite_lets_in_as_many_as_it_says`: of twenty at once through an invite for five, five.
/// - `becoming_public_revokes_the_invites`, `becoming_private_makes_one`.
/// - `a_private_room_gets_another_standing_invite`: with a rev, and the others stay as they are.
/// - `a_deleted_room_is_unknown`: to every method of every port.
/// - `events_are_stored_with_the_change`: and not with a taken name, a refusal, or a direct room that
///   was there before.
#[async_trait]
pub trait Rooms: Send + Sync + 'static {
    /// Makes a room.
    async fn create(&self, room: &NewRoom) -> Result<Created, Failure>;

    /// Finds or makes the one direct room of two people.
    async fn open_direct(&self, direct: &NewDirect) -> Result<Opened, Failure>;

    /// How a room stands to a person.
    async fn access(&self, room: RoomId, user: UserId) -> Result<Option<Access>, Failure>;

    /// How many rooms stand to a person: what authorises everything that is subscribed to at once.
    async fn accesses(&self, rooms: &[RoomId], user: UserId) -> Result<Vec<Access>, Failure>;

    /// The rooms with these ids.
    async fn find(&self, ids: &[RoomId]) -> Result<Vec<Room>, Failure>;

    /// Public rooms and the person's own, newest first.
    async fn browse(&self, browse: &Browse) -> Result<Vec<Room>, Failure>;

    /// All rooms that a person belongs to, the latest activity first.
    async fn of_member(&self, user: UserId) -> Result<Vec<(Room, Membership)>, Failure>;

    /// The oldest public room with a name.
    async fn named(&self, name: &RoomName) -> Result<Option<Room>, Failure>;

    /// Locks the room, asks the rule, and does what it decides, all in one step.
    async fn decide(&self, act: &Act, rule: &Rule<'_>) -> Result<Decided, Failure>;
}
