//! Changes of rooms in a form that suits all readers of a room at once.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::sync::Arc;

use domain::port::bus::RoomChange;
use domain::port::{Clock, Presence};
use domain::{Failure, Membership, Message, Room, RoomId, User, UserId};

use super::names::Names;
use crate::{ChangeView, MemberView, MessageView, Person, Ports};

/// Shows changes without anything that differs between readers, so that they are serialised only
/// once, however many receive them. All readers share the room, so they may know who is online.
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

    /// Changes of several rooms, in the order given. A message whose sender's name is cached takes
    /// no query.
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

    /// Which of these users are online. If presence is unavailable they all count as offline, and
    /// nothing else is hidden.
    async fn online(&self, users: BTreeSet<UserId>) -> HashSet<UserId> {
        if users.is_empty() {
            return HashSet::new();
        }
        let users: Vec<UserId> = users.into_iter().collect();
        match self.presence.online(&users, self.clock.now()).await {
            Ok(online) => online.into_iter().collect(),
            Err(failure) => {
                tracing::warn!(error = %failure.chain(), "presence failed; members appear offline");
                HashSet::new()
            }
        }
    }
}

/// The user whose name is shown with a change.
fn named(change: &RoomChange) -> Option<UserId> {
    match change {
        RoomChange::Message(message, _) => Some(message.sender),
        RoomChange::Member(membership, _) => Some(membership.user),
        RoomChange::Room(_) | RoomChange::RoomDeleted(_) => None,
    }
}

/// The user whose presence is shown with a change.
fn member(change: &RoomChange) -> Option<UserId> {
    match change {
        RoomChange::Member(membership, _) => Some(membership.user),
        RoomChange::Message(..) | RoomChange::Room(_) | RoomChange::RoomDeleted(_) => None,
    }
}

/// The users who occur in the changes.
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
        // A change carries the reactions as its author sees them.
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
            let missing = format!("a change refers to an unknown user {id}");
            Failure::lasting("users", "find a person", missing)
        })?;
        Ok(User::clone(known))
    }
}

/// A room without its invite, which only some may share.
fn bare(mut room: Box<Room>) -> Box<Room> {
    room.standing_invite = None;
    room
}
