//! Carrying out the steps of a decision, on the rows of one room.

use std::collections::BTreeSet;

use diesel::prelude::*;
use domain::port::rooms::{Act, Outcome, RoomEdit, Step};
use domain::{Invite, InviteCode, Membership, Rev, Role, Room, RoomKind, Timestamp, UserId};

use super::create::keep_invite;
use super::find;
use crate::columns::{Key, keys};
use crate::failure::Broken;
use crate::rows::{MembershipRow, RoomRow};
use crate::schema::{bans, invites, memberships, rooms};

/// A room while an act is carried out on it. A step that changes nothing spends no rev. The room's own
/// row is written once, at the end.
pub(super) struct Stage<'a> {
    db: &'a mut SqliteConnection,
    act: &'a Act,
    before: Room,
    room: Room,
    touched: BTreeSet<UserId>,
    room_changed: bool,
    deleted: bool,
}

impl<'a> Stage<'a> {
    pub(super) fn new(db: &'a mut SqliteConnection, act: &'a Act, room: Room) -> Self {
        Self {
            db,
            act,
            before: room.clone(),
            room,
            touched: BTreeSet::new(),
            room_changed: false,
            deleted: false,
        }
    }

    pub(super) fn take(&mut self, step: &Step) -> Result<(), Broken> {
        match step {
            Step::Admit { user } => self.admit(*user),
            Step::Depart { user } => self.depart(*user),
            Step::Ban { user } => self.ban(*user),
            Step::LiftBan { user } => self.lift_ban(*user),
            Step::GiveRole { user, role } => self.give_role(*user, *role),
            Step::HandOver { to } => self.hand_over(*to),
            Step::Silence { user, until } => self.silence(*user, *until),
            Step::SpendInvite => self.spend_invite(),
            Step::Edit(edit) => self.edit(edit),
            Step::Delete => {
                self.deleted = true;
                self.touch_room();
                Ok(())
            }
        }
    }

    /// Writes the room's row, and tells what the steps have changed.
    pub(super) fn outcome(self) -> Result<Outcome, Broken> {
        if self.room != self.before {
            let mut row = RoomRow::of(&self.room);
            row.deleted_at = self.deleted.then(|| self.act.at.as_millis());
            diesel::update(rooms::table.find(Key(self.room.id)))
                .set(row)
                .execute(self.db)?;
        }
        let touched: Vec<UserId> = self.touched.into_iter().collect();
        let rows: Vec<MembershipRow> = memberships::table
            .filter(memberships::room.eq(Key(self.room.id)))
            .filter(memberships::user.eq_any(keys(&touched)))
            .order(memberships::rev)
            .select(MembershipRow::as_select())
            .load(self.db)?;
        let members = rows.into_iter().map(MembershipRow::read);
        Ok(Outcome {
            members: members.collect::<Result<_, _>>()?,
            room: self.room,
            room_changed: self.room_changed,
            deleted: self.deleted,
        })
    }

    fn admit(&mut self, user: UserId) -> Result<(), Broken> {
        let before = find::seat(self.db, self.room.id, user)?;
        if before.as_ref().is_some_and(|seat| seat.left_at.is_none()) {
            return Ok(());
        }
        let mut member = Membership::begin(&self.room, user, self.act.at);
        if let Some(before) = before {
            member = member.after(&before);
        }
        self.room.member_count = self.room.member_count.saturating_add(1);
        self.put(&member)
    }

    fn depart(&mut self, user: UserId) -> Result<(), Broken> {
        let Some(member) = self.member(user)? else {
            return Ok(());
        };
        self.room.member_count = self.room.member_count.saturating_sub(1);
        self.put(&Membership {
            left_at: Some(self.act.at),
            ..member
        })
    }

    fn ban(&mut self, user: UserId) -> Result<(), Broken> {
        let shut_out = bans::table.find((Key(self.room.id), Key(user)));
        if diesel::select(diesel::dsl::exists(shut_out)).get_result(self.db)? {
            return Ok(());
        }
        diesel::insert_into(bans::table)
            .values((
                bans::room.eq(Key(self.room.id)),
                bans::user.eq(Key(user)),
                bans::at.eq(self.act.at.as_millis()),
                bans::by.eq(Key(self.act.actor)),
            ))
            .execute(self.db)?;
        Ok(())
    }

    fn lift_ban(&mut self, user: UserId) -> Result<(), Broken> {
        diesel::delete(bans::table.find((Key(self.room.id), Key(user)))).execute(self.db)?;
        Ok(())
    }

    fn give_role(&mut self, user: UserId, role: Role) -> Result<(), Broken> {
        match self.member(user)? {
            Some(member) if member.role != role => self.put(&Membership { role, ..member }),
            Some(_) | None => Ok(()),
        }
    }

    fn hand_over(&mut self, to: UserId) -> Result<(), Broken> {
        if self.room.owner == Some(to) || self.member(to)?.is_none() {
            return Ok(());
        }
        if let Some(owner) = self.room.owner {
            self.give_role(owner, Role::Admin)?;
        }
        self.give_role(to, Role::Owner)?;
        self.room.owner = Some(to);
        self.room.updated_at = self.act.at;
        self.touch_room();
        Ok(())
    }

    fn silence(&mut self, user: UserId, until: Option<Timestamp>) -> Result<(), Broken> {
        diesel::update(memberships::table.find((Key(self.room.id), Key(user))))
            .filter(memberships::left_at.is_null())
            .set(memberships::silenced_until.eq(until.map(Timestamp::as_millis)))
            .execute(self.db)?;
        Ok(())
    }

    fn spend_invite(&mut self) -> Result<(), Broken> {
        if let Some(code) = &self.act.invite {
            diesel::update(invites::table.find(code.as_str()))
                .filter(invites::room.eq(Key(self.room.id)))
                .set(invites::uses.eq(invites::uses + 1))
                .execute(self.db)?;
        }
        Ok(())
    }

    fn edit(&mut self, edit: &RoomEdit) -> Result<(), Broken> {
        let before = self.room.clone();
        if let Some(name) = &edit.name {
            self.room.name = Some(name.clone());
        }
        if let Some(description) = &edit.description {
            self.room.description.clone_from(description);
        }
        if let Some(history) = edit.history {
            self.room.history = history;
        }
        match &edit.access {
            Some(Some(code)) => self.close(code)?,
            Some(None) => self.open()?,
            None => {}
        }
        if self.room != before {
            self.room.updated_at = self.act.at;
            self.touch_room();
        }
        Ok(())
    }

    fn close(&mut self, code: &InviteCode) -> Result<(), Broken> {
        self.room.kind = RoomKind::Private;
        self.room.standing_invite = Some(code.clone());
        let act = self.act;
        let invite = Invite::standing(self.room.id, code.clone(), act.actor, act.at);
        keep_invite(self.db, &invite)
    }

    fn open(&mut self) -> Result<(), Broken> {
        self.room.kind = RoomKind::Public;
        self.room.standing_invite = None;
        diesel::update(invites::table)
            .filter(invites::room.eq(Key(self.room.id)))
            .filter(invites::revoked_at.is_null())
            .set(invites::revoked_at.eq(self.act.at.as_millis()))
            .execute(self.db)?;
        Ok(())
    }

    fn member(&mut self, user: UserId) -> Result<Option<Membership>, Broken> {
        find::member(self.db, self.room.id, user)
    }

    /// Puts a membership in place, with the next rev.
    fn put(&mut self, member: &Membership) -> Result<(), Broken> {
        self.touched.insert(member.user);
        let rev = self.next_rev();
        let row = MembershipRow::of(&Membership {
            rev,
            ..member.clone()
        });
        diesel::insert_into(memberships::table)
            .values(&row)
            .on_conflict((memberships::room, memberships::user))
            .do_update()
            .set(&row)
            .execute(self.db)?;
        Ok(())
    }

    /// Gives the next rev to the room itself.
    fn touch_room(&mut self) {
        self.room_changed = true;
        self.room.rev = self.next_rev();
    }

    fn next_rev(&mut self) -> Rev {
        self.room.last_rev = self.room.last_rev.next();
        self.room.last_rev
    }
}
