//! Carrying out the steps of a decision. Nothing here can fail.

use std::collections::{BTreeSet, HashMap};

use domain::port::members::Ban;
use domain::port::rooms::{Act, Outcome, RoomEdit, Step};
use domain::{Invite, InviteCode, Membership, Role, RoomId, RoomKind, Timestamp, UserId};

use crate::state::RoomRow;

/// A room while an act is carried out on it. A step that changes nothing spends no rev.
pub(super) struct Stage<'a> {
    act: &'a Act,
    row: &'a mut RoomRow,
    belonging: &'a mut HashMap<UserId, BTreeSet<RoomId>>,
    invites: &'a mut HashMap<InviteCode, Invite>,
    touched: BTreeSet<UserId>,
    room_changed: bool,
    deleted: bool,
}

impl<'a> Stage<'a> {
    pub(super) const fn new(
        act: &'a Act,
        row: &'a mut RoomRow,
        belonging: &'a mut HashMap<UserId, BTreeSet<RoomId>>,
        invites: &'a mut HashMap<InviteCode, Invite>,
    ) -> Self {
        Self {
            act,
            row,
            belonging,
            invites,
            touched: BTreeSet::new(),
            room_changed: false,
            deleted: false,
        }
    }

    pub(super) fn take(&mut self, step: &Step) {
        match step {
            Step::Admit { user } => self.admit(*user),
            Step::Depart { user } => self.depart(*user),
            Step::Ban { user } => self.ban(*user),
            Step::LiftBan { user } => {
                self.row.bans.remove(user);
            }
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

    /// What has changed, by the steps taken so far.
    pub(super) fn outcome(self) -> Outcome {
        let row = self.row;
        let touched = self.touched.iter();
        let mut members: Vec<Membership> = touched
            .filter_map(|user| row.members.get(user).cloned())
            .collect();
        members.sort_by_key(|member| member.rev);
        Outcome {
            room: row.room.clone(),
            room_changed: self.room_changed,
            deleted: self.deleted,
            members,
        }
    }

    fn admit(&mut self, user: UserId) {
        if self.row.member(user).is_some() {
            return;
        }
        let room = &mut self.row.room;
        room.member_count = room.member_count.saturating_add(1);
        let mut member = Membership::begin(room, user, self.act.at);
        if let Some(before) = self.row.members.get(&user) {
            member = member.after(before);
        }
        self.belonging
            .entry(user)
            .or_default()
            .insert(self.act.room);
        self.put(member);
    }

    fn depart(&mut self, user: UserId) {
        let Some(mut member) = self.row.member(user).cloned() else {
            return;
        };
        member.left_at = Some(self.act.at);
        let room = &mut self.row.room;
        room.member_count = room.member_count.saturating_sub(1);
        if let Some(rooms) = self.belonging.get_mut(&user) {
            rooms.remove(&self.act.room);
        }
        self.put(member);
    }

    fn ban(&mut self, user: UserId) {
        self.row.bans.entry(user).or_insert(Ban {
            user,
            at: self.act.at,
            by: self.act.actor,
        });
    }

    fn give_role(&mut self, user: UserId, role: Role) {
        let member = self.row.member(user).filter(|member| member.role != role);
        if let Some(member) = member.cloned() {
            self.put(Membership { role, ..member });
        }
    }

    fn hand_over(&mut self, to: UserId) {
        let before = self.row.room.owner;
        if before == Some(to) || self.row.member(to).is_none() {
            return;
        }
        if let Some(owner) = before {
            self.give_role(owner, Role::Admin);
        }
        self.give_role(to, Role::Owner);
        self.row.room.owner = Some(to);
        self.row.room.updated_at = self.act.at;
        self.touch_room();
    }

    fn silence(&mut self, user: UserId, until: Option<Timestamp>) {
        if let Some(member) = self.row.member_mut(user) {
            member.silenced_until = until;
        }
    }

    fn spend_invite(&mut self) {
        let room = self.act.room;
        let shown = self.act.invite.as_ref();
        let invite = shown.and_then(|code| self.invites.get_mut(code));
        if let Some(invite) = invite.filter(|invite| invite.room == room) {
            invite.uses = invite.uses.saturating_add(1);
        }
    }

    fn edit(&mut self, edit: &RoomEdit) {
        let before = self.row.room.clone();
        let room = &mut self.row.room;
        if let Some(name) = &edit.name {
            room.name = Some(name.clone());
        }
        if let Some(description) = &edit.description {
            room.description.clone_from(description);
        }
        if let Some(history) = edit.history {
            room.history = history;
        }
        match &edit.access {
            Some(Some(code)) => self.close(code),
            Some(None) => self.open(),
            None => {}
        }
        if self.row.room != before {
            self.row.room.updated_at = self.act.at;
            self.touch_room();
        }
    }

    fn close(&mut self, code: &InviteCode) {
        let room = &mut self.row.room;
        room.kind = RoomKind::Private;
        room.standing_invite = Some(code.clone());
        let invite = Invite::standing(room.id, code.clone(), self.act.actor, self.act.at);
        self.invites.insert(code.clone(), invite);
    }

    fn open(&mut self) {
        let room = &mut self.row.room;
        room.kind = RoomKind::Public;
        room.standing_invite = None;
        let invites = self.invites.values_mut();
        for invite in invites.filter(|invite| invite.room == self.act.room) {
            invite.revoked_at.get_or_insert(self.act.at);
        }
    }

    fn put(&mut self, member: Membership) {
        self.touched.insert(member.user);
        self.row.put_member(member);
    }

    fn touch_room(&mut self) {
        self.room_changed = true;
        self.row.touch_room();
    }
}
