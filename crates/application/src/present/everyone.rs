//! Changes of rooms, as all readers of a room may see them at once.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::sync::Arc;

use domain::port::bus::RoomChange;
use domain::port::{Clock, Presence};
use domain::{Failure, Membership, Message, Room, RoomId, User, UserId};

use super::names::Names;
use crate::{ChangeView, MemberView, MessageView, Person, Ports};

/// Shows changes without what differs from reader to reader: so that they can be put into words once,
/// however many are told. All readers share the room, and may know who is online.
#[derive(Clone)]
pub(crate) struct Everyone {
    names: Arc<Names>,
    presence: Arc<dyn Presence>,
    clock: Arc<dyn Clock>,
}

impl Everyone {
    pub(crate) fn new(ports: &Ports, names: &Arc<Names>) -> Self {
        Self {
            names: Arc::clone(names),
            presence: Arc::clone(&ports.presence),
            clock: Arc::clone(&ports.clock),
        }
    }

    /// Changes of several rooms, in the order given. Nobody is asked about a message of somebody whose
    /// name is remembered.
    pub(crate) async fn show(
        &self,
        rooms: Vec<(RoomId, Vec<RoomChange>)>,
    ) -> Result<Vec<(RoomId, Vec<ChangeView>)>, Failure> {
        let all = || rooms.iter().flat_map(|(_, changes)| changes);
        let named: BTreeSet<UserId> = all().filter_map(named).collect();
        let members: BTreeSet<UserId> = all().filter_map(member).collect();
        let cast = Cast {
            people: self.names.of(&named).await?,
            online: self.online(members).await,
        };
        rooms
            .into_iter()
            .map(|(room, changes)| {
                let views = changes.into_iter().map(|change| cast.show(change));
                Ok((room, views.collect::<Result<_, Failure>>()?))
            })
            .collect()
    }

    /// Who of these is online. Presence that cannot be asked shows nobody, and hides nothing else.
    async fn online(&self, users: BTreeSet<UserId>) -> HashSet<UserId> {
        if users.is_empty() {
            return HashSet::new();
        }
        let users: Vec<UserId> = users.into_iter().collect();
        match self.presence.online(&users, self.clock.now()).await {
            Ok(online) => online.into_iter().collect(),
            Err(failure) => {
                tracing::warn!(error = %failure.chain(), "members are shown as offline");
                HashSet::new()
            }
        }
    }
}

/// Whose name is told.
fn named(change: &RoomChange) -> Option<UserId> {
    match change {
        RoomChange::Message(message, _) => Some(message.sender),
        RoomChange::Member(membership, _) => Some(membership.user),
        RoomChange::Room(_) | RoomChange::RoomDeleted(_) => None,
    }
}

/// Of whom it is told whether they are here.
fn member(change: &RoomChange) -> Option<UserId> {
    match change {
        RoomChange::Member(membership, _) => Some(membership.user),
        RoomChange::Message(..) | RoomChange::Room(_) | RoomChange::RoomDeleted(_) => None,
    }
}

/// Those who occur.
struct Cast {
    people: HashMap<UserId, Arc<User>>,
    online: HashSet<UserId>,
}

impl Cast {
    fn show(&self, change: RoomChange) -> Result<ChangeView, Failure> {
        Ok(match change {
            RoomChange::Message(message, how) => {
                ChangeView::Message(Box::new(self.message(*message)?), how)
            }
            RoomChange::Member(membership, how) => {
                ChangeView::Member(Box::new(self.member(membership)?), how)
            }
            RoomChange::Room(room) => ChangeView::Room(bare(room)),
            RoomChange::RoomDeleted(room) => ChangeView::RoomDeleted(bare(room)),
        })
    }

    fn message(&self, mut message: Message) -> Result<MessageView, Failure> {
        // A change carries the reactions as whoever made it sees them.
        for reaction in &mut message.reactions {
            reaction.mine = false;
        }
        Ok(MessageView {
            sender: self.person(message.sender)?,
            message,
            reach: None,
        })
    }

    fn member(&self, membership: Membership) -> Result<MemberView, Failure> {
        let person = Person {
            user: self.person(membership.user)?,
            online: self.online.contains(&membership.user),
            profile: None,
        };
        Ok(MemberView { person, membership })
    }

    fn person(&self, id: UserId) -> Result<User, Failure> {
        let known = self.people.get(&id).ok_or_else(|| {
            let missing = format!("a change is of an unknown person {id}");
            Failure::lasting("users", "find a person", missing)
        })?;
        Ok(User::clone(known))
    }
}

/// A room without the invite that only some may hand out.
fn bare(mut room: Box<Room>) -> Box<Room> {
    room.standing_invite = None;
    room
}
