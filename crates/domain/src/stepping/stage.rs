//! Applying steps. Nothing here can fail.

use std::collections::{BTreeMap, BTreeSet};

use super::{BanChange, Changes, InviteChange};
use crate::port::members::Ban;
use crate::port::rooms::{Act, Outcome, RoomEdit, Step};
use crate::{Edit, Invite, InviteCode, Membership, Rev, Role, Room, RoomKind, Timestamp, UserId};

/// Applies an act's steps to a room, given those of the memberships that [`cast`](super::cast) asks for
/// which exist. A step that changes nothing uses no rev.
pub fn carry_out(
    act: &Act,
    room: Room,
    seats: impl IntoIterator<Item = Membership>,
    steps: &[Step],
) -> Changes {
    let before = room.clone();
    let mut stage = Stage {
        act,
        room,
        seats: seats.into_iter().map(|seat| (seat.user, seat)).collect(),
        risen: BTreeSet::new(),
        silenced: BTreeSet::new(),
        bans: Vec::new(),
        invites: Vec::new(),
        room_changed: false,
        deleted: false,
    };
    for step in steps {
        stage.take(step);
    }
    stage.changes(&before)
}

/// A room while the steps are applied to it.
struct Stage<'a> {
    act: &'a Act,
    room: Room,
    seats: BTreeMap<UserId, Membership>,
    /// Users whose memberships have a new rev.
    risen: BTreeSet<UserId>,
    silenced: BTreeSet<UserId>,
    bans: Vec<BanChange>,
    invites: Vec<InviteChange>,
    room_changed: bool,
    deleted: bool,
}

impl Stage<'_> {
    fn take(&mut self, step: &Step) {
        match step {
            Step::Admit { user } => self.admit(*user),
            Step::Depart { user } => self.depart(*user),
            Step::Ban { user } => self.ban(*user),
            Step::LiftBan { user } => self.bans.push(BanChange::Lifted(*user)),
            Step::GiveRole { user, role } => self.give_role(*user, *role),
            Step::HandOver { to } => self.hand_over(*to),
            Step::Silence { user, until } => self.silence(*user, *until),
            Step::SpendInvite => self.spend_invite(),
            Step::Edit(edit) => self.edit(edit),
            Step::Delete => {
                self.deleted = true;
                self.touch_room();
            }
        }
    }

    fn changes(self, before: &Room) -> Changes {
        let of = |users: &BTreeSet<UserId>| -> Vec<Membership> {
            let seats = users.iter().filter_map(|user| self.seats.get(user));
            seats.cloned().collect()
        };
        let mut members = of(&self.risen);
        members.sort_unstable_by_key(|member| member.rev);
        Changes {
            room_moved: self.room != *before,
            seats: of(&self.risen.union(&self.silenced).copied().collect()),
            bans: self.bans,
            invites: self.invites,
            outcome: Outcome {
                members,
                room: self.room,
                room_changed: self.room_changed,
                deleted: self.deleted,
            },
        }
    }

    fn admit(&mut self, user: UserId) {
        if self.member(user).is_some() {
            return;
        }
        let mut member = Membership::begin(&self.room, user, self.act.at);
        if let Some(before) = self.seats.get(&user) {
            member = member.after(before);
        }
        self.room.member_count = self.room.member_count.saturating_add(1);
        self.put(member);
    }

    fn depart(&mut self, user: UserId) {
        let Some(member) = self.member(user).cloned() else {
            return;
        };
        self.room.member_count = self.room.member_count.saturating_sub(1);
        self.put(Membership {
            left_at: Some(self.act.at),
            ..member
        });
    }

    fn ban(&mut self, user: UserId) {
        self.bans.push(BanChange::Set(Ban {
            user,
            at: self.act.at,
            by: self.act.actor,
        }));
    }

    fn give_role(&mut self, user: UserId, role: Role) {
        let member = self.member(user).filter(|member| member.role != role);
        if let Some(member) = member.cloned() {
            self.put(Membership { role, ..member });
        }
    }

    fn hand_over(&mut self, to: UserId) {
        if self.room.owner == Some(to) || self.member(to).is_none() {
            return;
        }
        if let Some(owner) = self.room.owner {
            self.give_role(owner, Role::Admin);
        }
        self.give_role(to, Role::Owner);
        self.room.owner = Some(to);
        self.room.updated_at = self.act.at;
        self.touch_room();
    }

    fn silence(&mut self, user: UserId, until: Option<Timestamp>) {
        let seat = self.seats.get_mut(&user);
        if let Some(member) = seat.filter(|seat| seat.left_at.is_none()) {
            member.silenced_until = until;
            self.silenced.insert(user);
        }
    }

    fn spend_invite(&mut self) {
        let shown = self.act.invite.clone();
        self.invites.extend(shown.map(InviteChange::Spent));
    }

    fn edit(&mut self, edit: &RoomEdit) {
        let before = self.room.clone();
        if let Some(name) = &edit.name {
            self.room.name = Some(name.clone());
        }
        let description = self.room.description.take();
        self.room.description = edit.description.clone().apply(description);
        if let Some(history) = edit.history {
            self.room.history = history;
        }
        match &edit.standing_invite {
            Edit::Set(code) => self.close(code),
            Edit::Clear => self.open(),
            Edit::Keep => {}
        }
        if self.room != before {
            self.room.updated_at = self.act.at;
            self.touch_room();
        }
    }

    fn close(&mut self, code: &InviteCode) {
        self.room.kind = RoomKind::Private;
        self.room.standing_invite = Some(code.clone());
        let act = self.act;
        let invite = Invite::standing(self.room.id, code.clone(), act.actor, act.at);
        self.invites.push(InviteChange::Made(invite));
    }

    fn open(&mut self) {
        self.room.kind = RoomKind::Public;
        self.room.standing_invite = None;
        self.invites.push(InviteChange::AllRevoked);
    }

    /// A user's membership, if they are a current member.
    fn member(&self, user: UserId) -> Option<&Membership> {
        let seat = self.seats.get(&user);
        seat.filter(|seat| seat.left_at.is_none())
    }

    /// Replaces a membership, assigning the next rev to it.
    fn put(&mut self, mut member: Membership) {
        member.rev = self.next_rev();
        self.risen.insert(member.user);
        self.seats.insert(member.user, member);
    }

    /// Assigns the next rev to the room itself.
    fn touch_room(&mut self) {
        self.room_changed = true;
        self.room.rev = self.next_rev();
    }

    fn next_rev(&mut self) -> Rev {
        self.room.last_rev = self.room.last_rev.next();
        self.room.last_rev
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;
    use crate::RoomId;

    fn people<const N: usize>() -> [UserId; N] {
        let mut number = 0;
        [(); N].map(|()| {
            number += 1;
            UserId::from_uuid(Uuid::from_u128(number))
        })
    }

    fn at(millis: i64) -> Timestamp {
        Timestamp::from_millis(millis)
    }

    fn room(owner: UserId) -> Room {
        let id = RoomId::from_uuid(Uuid::nil());
        Room {
            owner: Some(owner),
            member_count: 2,
            ..Room::empty(id, RoomKind::Public, at(0))
        }
    }

    fn seat(room: &Room, user: UserId, role: Role) -> Membership {
        Membership {
            role,
            ..Membership::begin(room, user, at(0))
        }
    }

    fn act(actor: UserId) -> Act {
        Act {
            room: RoomId::from_uuid(Uuid::nil()),
            actor,
            subject: actor,
            invite: Some(InviteCode::from_bits([7; 16])),
            at: at(5),
        }
    }

    #[test]
    fn steps_that_find_nothing_to_change_change_nothing() {
        let [ana, ben, cleo] = people();
        let room = room(ana);
        let seats = [seat(&room, ana, Role::Owner), seat(&room, ben, Role::Admin)];
        let steps = [
            Step::Admit { user: ben },
            Step::Depart { user: cleo },
            Step::HandOver { to: cleo },
            Step::HandOver { to: ana },
            Step::GiveRole {
                user: ben,
                role: Role::Admin,
            },
            Step::Silence {
                user: cleo,
                until: Some(at(9)),
            },
            Step::Edit(RoomEdit::default()),
        ];
        let changes = carry_out(&act(ana), room.clone(), seats, &steps);
        assert!(!changes.room_moved);
        assert_eq!(changes.outcome.room, room);
        assert!(!changes.outcome.room_changed);
        assert_eq!((changes.outcome.members, changes.seats), (vec![], vec![]));
        assert_eq!((changes.bans, changes.invites), (vec![], vec![]));
    }

    #[test]
    fn revs_follow_the_steps() {
        let [ana, ben, cleo] = people();
        let room = room(ana);
        let seats = [
            seat(&room, ana, Role::Owner),
            seat(&room, ben, Role::Member),
        ];
        let steps = [
            Step::Admit { user: cleo },
            Step::HandOver { to: ben },
            Step::Depart { user: ana },
        ];
        let changes = carry_out(&act(ana), room, seats, &steps);
        let room = &changes.outcome.room;
        assert_eq!((room.owner, room.member_count), (Some(ben), 2));
        // Each appears once, with its latest rev: ana's first one was used when she became an admin.
        let members = changes.outcome.members.iter();
        let revs: Vec<_> = members
            .map(|member| (member.user, member.rev.get()))
            .collect();
        assert_eq!(revs, [(cleo, 2), (ben, 4), (ana, 6)]);
        assert_eq!((room.rev.get(), room.last_rev.get()), (5, 6));
        let last = &changes.outcome.members[2];
        assert_eq!((last.role, last.left_at), (Role::Admin, Some(at(5))));
    }

    #[test]
    fn a_silence_is_kept_without_a_rev() {
        let [ana, ben] = people();
        let room = room(ana);
        let seats = [seat(&room, ben, Role::Member)];
        let silence = Step::Silence {
            user: ben,
            until: Some(at(9)),
        };
        let changes = carry_out(&act(ana), room, seats, &[silence]);
        assert!(!changes.room_moved);
        assert_eq!(changes.outcome.members, []);
        assert_eq!(changes.seats.len(), 1);
        assert_eq!(changes.seats[0].silenced_until, Some(at(9)));
    }

    #[test]
    fn bans_and_invites_change_in_order() {
        let [ana, ben] = people();
        let code = InviteCode::from_bits([9; 16]);
        let edit = |standing_invite| {
            Step::Edit(RoomEdit {
                standing_invite,
                ..RoomEdit::default()
            })
        };
        let act = act(ana);
        let steps = [
            Step::Ban { user: ben },
            Step::LiftBan { user: ben },
            Step::SpendInvite,
            edit(Edit::Set(code.clone())),
            edit(Edit::Clear),
        ];
        let changes = carry_out(&act, room(ana), [], &steps);
        let ban = Ban {
            user: ben,
            at: at(5),
            by: ana,
        };
        let bans = [BanChange::Set(ban), BanChange::Lifted(ben)];
        assert_eq!(changes.bans, bans);
        let standing = Invite::standing(act.room, code, ana, at(5));
        let invites = [
            InviteChange::Spent(InviteCode::from_bits([7; 16])),
            InviteChange::Made(standing),
            InviteChange::AllRevoked,
        ];
        assert_eq!(changes.invites, invites);
        assert!(changes.outcome.room_changed && changes.room_moved);
        assert_eq!(changes.outcome.room.kind, RoomKind::Public);
    }

    #[test]
    fn the_end_has_the_last_rev() {
        let [ana] = people();
        let changes = carry_out(&act(ana), room(ana), [], &[Step::Delete]);
        assert!(changes.outcome.deleted && changes.room_moved);
        assert_eq!(changes.outcome.room.rev.get(), 2);
    }
}
