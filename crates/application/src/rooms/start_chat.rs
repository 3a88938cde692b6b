//! Beginning a conversation: a direct room of two, or a group.

use std::sync::Arc;

use domain::port::rooms::{Created, NewDirect, NewRoom};
use domain::port::{Blocks, Clock, Ids, IdsExt as _, Rooms, Users};
use domain::{History, Pair, Refusal, RoomId, RoomName, User, UserId};

use super::Acts;
use crate::access::inside;
use crate::messages::Standings;
use crate::present::RoomViews;
use crate::{Caller, Error, Ports, RoomView};

/// A conversation that somebody wants.
#[derive(Clone, Debug)]
pub struct ChatPlan {
    /// With whom. The caller belongs to it anyway.
    pub participants: Vec<UserId>,
    /// What a group is to be called; without a name, after its people.
    pub name: Option<RoomName>,
    /// Whether it is to be a group; otherwise more than one other make it one.
    pub group: Option<bool>,
}

/// Opens the one direct room of two people, or makes a group: a private room whose people are members
/// from the start.
pub struct StartChat {
    rooms: Arc<dyn Rooms>,
    users: Arc<dyn Users>,
    blocks: Arc<dyn Blocks>,
    clock: Arc<dyn Clock>,
    ids: Arc<dyn Ids>,
    acts: Acts,
    views: RoomViews,
}

impl StartChat {
    pub(crate) fn new(ports: &Ports, standings: &Arc<Standings>) -> Self {
        Self {
            rooms: Arc::clone(&ports.rooms),
            users: Arc::clone(&ports.users),
            blocks: Arc::clone(&ports.blocks),
            clock: Arc::clone(&ports.clock),
            ids: Arc::clone(&ports.ids),
            acts: Acts::new(ports, standings),
            views: RoomViews::new(ports),
        }
    }

    /// Shows the conversation, and whether it was made by this call.
    pub async fn run(&self, caller: &Caller, plan: ChatPlan) -> Result<(RoomView, bool), Error> {
        let others = self.others(caller, plan.participants).await?;
        let (room, fresh) = match (plan.group, Partners::of(caller, &others)) {
            (None | Some(false), Partners::One(pair)) => self.open(caller, pair).await?,
            (Some(false), Partners::Many) => {
                return Err(unacceptable("too_many", "must name one other person").into());
            }
            (None | Some(true), _) => (self.gather(caller, plan.name, &others).await?, true),
        };
        let inside = inside(&*self.rooms, room, caller.user).await?;
        let membership = Some(inside.membership);
        let view = self.views.show_one(caller, inside.room, membership).await?;
        Ok((view, fresh))
    }

    /// The living people with these ids, once each and without the caller.
    async fn others(&self, caller: &Caller, mut ids: Vec<UserId>) -> Result<Vec<User>, Error> {
        ids.retain(|id| *id != caller.user);
        ids.sort_unstable();
        ids.dedup();
        if ids.is_empty() {
            return Err(unacceptable("too_few", "must name somebody else").into());
        }
        let mut others = self.users.find(&ids).await?;
        others.retain(|user| user.erased_at.is_none());
        if others.len() < ids.len() {
            return Err(unacceptable("unknown", "must all be people with an account").into());
        }
        Ok(others)
    }

    async fn open(&self, caller: &Caller, pair: Pair) -> Result<(RoomId, bool), Error> {
        let other = pair.other(caller.user);
        if self.blocks.is_blocked(other, caller.user).await? {
            return Err(Refusal::Blocked.into());
        }
        let direct = NewDirect {
            id: self.ids.next(),
            pair,
            at: self.clock.now(),
            events: Vec::new(),
        };
        let opened = self.rooms.open_direct(&direct).await?;
        if opened.fresh {
            let both = [caller.user, other];
            self.acts.access_changed(opened.room.id, &both, None).await;
        }
        Ok((opened.room.id, opened.fresh))
    }

    async fn gather(
        &self,
        caller: &Caller,
        name: Option<RoomName>,
        others: &[User],
    ) -> Result<RoomId, Error> {
        let mut members: Vec<UserId> = others.iter().map(|user| user.id).collect();
        let new = NewRoom {
            id: self.ids.next(),
            name: name.map_or_else(|| named_after(others), Ok)?,
            description: None,
            standing_invite: Some(self.ids.invite_code()),
            history: History::All,
            owner: caller.user,
            members: members.clone(),
            unique_name: false,
            at: self.clock.now(),
            events: Vec::new(),
        };
        let room = match self.rooms.create(&new).await? {
            Created::Made(room) => room.id,
            Created::NameTaken => return Err(Refusal::NameTaken.into()),
        };
        members.push(caller.user);
        self.acts.access_changed(room, &members, None).await;
        Ok(room)
    }
}

enum Partners {
    One(Pair),
    Many,
}

impl Partners {
    fn of(caller: &Caller, others: &[User]) -> Self {
        match others {
            [one] => Pair::of(caller.user, one.id).map_or(Self::Many, Self::One),
            _ => Self::Many,
        }
    }
}

fn unacceptable(code: &'static str, message: &'static str) -> Refusal {
    Refusal::invalid("participantIds", code, message)
}

/// The names of a group's people, as many as a room's name has place for.
fn named_after(people: &[User]) -> Result<RoomName, Refusal> {
    let names: Vec<&str> = people.iter().map(|p| p.display_name.as_str()).collect();
    let name: String = names.join(", ").chars().take(RoomName::MAX).collect();
    RoomName::parse(name).map_err(|error| Refusal::text("name", &error))
}
