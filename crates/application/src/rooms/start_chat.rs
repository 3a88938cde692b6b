//! Starting a conversation: a direct room of two users, or a group.

use std::sync::Arc;

use domain::port::bus::AccessChange;
use domain::port::rooms::{Created, NewDirect, NewRoom};
use domain::port::{Blocks, Clock, Ids, IdsExt as _, Rooms, Users};
use domain::{Happening, History, Pair, Refusal, Room, RoomName, User, UserId};

use super::Acts;
use crate::access::inside;
use crate::happened::happened;
use crate::messages::Standings;
use crate::present::RoomViews;
use crate::{Caller, Error, Ports, RoomView};

/// The details of a conversation.
#[derive(Clone, Debug)]
pub struct ChatPlan {
    /// The participants. The caller is always included.
    pub participants: Vec<UserId>,
    /// The name of a group; derived from its participants if absent.
    pub name: Option<RoomName>,
    /// Whether to make a group; if absent, that depends on whether there is more than one other
    /// participant.
    pub group: Option<bool>,
}

/// Opens the direct room of two users, of which there is only one, or creates a group: a private
/// room whose participants are members from the start.
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

    /// Shows the conversation, and whether this call created it.
    #[tracing::instrument(skip_all, name = "start_chat")]
    pub async fn run(&self, caller: &Caller, plan: ChatPlan) -> Result<(RoomView, bool), Error> {
        let others = self.others(caller, plan.participants).await?;
        match (plan.group, Partners::of(caller, &others)) {
            (None | Some(false), Partners::One(pair)) => self.open(caller, pair).await,
            (Some(false), Partners::Many) => {
                Err(unacceptable("too_many", "must name one other person").into())
            }
            (None | Some(true), _) => {
                let room = self.gather(caller, plan.name, &others).await?;
                Ok((self.views.show_made(caller.user, room).await, true))
            }
        }
    }

    /// The users with these ids, each once and without the caller. Refuses ids without an account.
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

    async fn open(&self, caller: &Caller, pair: Pair) -> Result<(RoomView, bool), Error> {
        let other = pair.other(caller.user);
        if self.blocks.is_blocked(other, caller.user).await? {
            return Err(Refusal::Blocked.into());
        }
        let (id, at) = (self.ids.next(), self.clock.now());
        let direct = NewDirect {
            id,
            pair,
            at,
            events: vec![happened(&*self.ids, at, id, Happening::RoomCreated)],
        };
        let opened = self.rooms.open_direct(&direct).await?;
        if opened.fresh {
            let both = [caller.user, other];
            self.acts
                .access_changed(opened.room.id, &both, AccessChange::Added)
                .await;
        }
        let inside = inside(&*self.rooms, opened.room.id, caller.user).await?;
        let membership = Some(inside.membership);
        let view = self
            .views
            .show_one(caller.user, inside.room, membership)
            .await?;
        Ok((view, opened.fresh))
    }

    async fn gather(
        &self,
        caller: &Caller,
        name: Option<RoomName>,
        others: &[User],
    ) -> Result<Room, Error> {
        let mut members: Vec<UserId> = others.iter().map(|user| user.id).collect();
        let (id, at) = (self.ids.next(), self.clock.now());
        let new = NewRoom {
            id,
            name: name.map_or_else(|| named_after(others), Ok)?,
            description: None,
            standing_invite: Some(self.ids.invite_code()),
            history: History::All,
            owner: caller.user,
            members: members.clone(),
            unique_name: false,
            at,
            events: vec![happened(&*self.ids, at, id, Happening::RoomCreated)],
        };
        let room = match self.rooms.create(&new).await? {
            Created::Made(room) => room,
            Created::NameTaken => return Err(Refusal::NameTaken.into()),
        };
        members.push(caller.user);
        self.acts
            .access_changed(room.id, &members, AccessChange::Added)
            .await;
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

/// The participants' names, as far as they fit into a room's name.
fn named_after(people: &[User]) -> Result<RoomName, Refusal> {
    let names: Vec<&str> = people.iter().map(|p| p.display_name.as_str()).collect();
    let name: String = names.join(", ").chars().take(RoomName::MAX).collect();
    RoomName::parse(name).map_err(|error| Refusal::text("name", &error))
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;
    use std::sync::Mutex;

    use domain::port::bus::Notice;
    use domain::{Role, RoomId, RoomKind};

    use super::*;
    use crate::testing::{World, at_once, bad_field, refusal};

    struct Trio {
        world: World,
        chat: Arc<StartChat>,
        ana: Caller,
        ben: Caller,
        eva: Caller,
    }

    impl Trio {
        async fn new() -> Self {
            let world = World::new();
            let standings = Arc::new(Standings::new(&world.ports));
            Self {
                chat: Arc::new(StartChat::new(&world.ports, &standings)),
                ana: world.user("ana").await,
                ben: world.user("ben").await,
                eva: world.user("eva").await,
                world,
            }
        }

        async fn start(&self, who: &Caller, plan: ChatPlan) -> Result<(RoomView, bool), Error> {
            self.chat.run(who, plan).await
        }
    }

    fn with<const N: usize>(people: [&Caller; N]) -> ChatPlan {
        ChatPlan {
            participants: people.iter().map(|who| who.user).collect(),
            name: None,
            group: None,
        }
    }

    async fn open(chat: Arc<StartChat>, (who, other): (Caller, Caller)) -> (RoomView, bool) {
        chat.run(&who, with([&other])).await.unwrap()
    }

    fn members(view: &RoomView) -> Vec<UserId> {
        let people = view.participants.iter().flatten();
        let mut ids: Vec<UserId> = people.map(|person| person.user.id).collect();
        ids.sort_unstable();
        ids
    }

    fn sorted<const N: usize>(people: [&Caller; N]) -> Vec<UserId> {
        let mut ids = with(people).participants;
        ids.sort_unstable();
        ids
    }

    #[tokio::test]
    async fn two_have_one_direct_room_whoever_opens_it() {
        let trio = Trio::new().await;
        let mut ear = trio.world.ear().await;
        let (room, fresh) = trio.start(&trio.ana, with([&trio.ben])).await.unwrap();
        assert!(fresh);
        assert!(matches!(room.room.kind, RoomKind::Direct(_)));
        assert_eq!((room.room.name, room.room.owner), (None, None));
        let told: Vec<Notice> = [&trio.ana, &trio.ben]
            .map(|who| Notice::AccessChanged {
                room: room.room.id,
                user: who.user,
                change: AccessChange::Added,
            })
            .into();
        assert_eq!(ear.heard(), told);
        // The caller's own id among the others is ignored.
        let plan = with([&trio.ben, &trio.ana, &trio.ana]);
        let (again, fresh) = trio.start(&trio.ben, plan).await.unwrap();
        assert_eq!((again.room.id, fresh), (room.room.id, false));
        assert_eq!(ear.heard(), []);
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn of_many_openings_at_once_one_is_fresh() {
        let trio = Trio::new().await;
        let turns = Mutex::new([(trio.ana, trio.ben), (trio.ben, trio.ana)].repeat(10));
        let opened = at_once(20, || {
            let pair = turns.lock().unwrap().pop().unwrap();
            open(Arc::clone(&trio.chat), pair)
        });
        let opened = opened.await;
        assert_eq!(opened.iter().filter(|(_, fresh)| *fresh).count(), 1);
        let rooms: HashSet<RoomId> = opened.iter().map(|(view, _)| view.room.id).collect();
        assert_eq!(rooms.len(), 1);
    }

    #[tokio::test]
    async fn more_than_two_are_a_private_room_of_members() {
        let trio = Trio::new().await;
        let plan = with([&trio.ben, &trio.eva, &trio.ben]);
        let (room, fresh) = trio.start(&trio.ana, plan).await.unwrap();
        assert!(fresh);
        assert_eq!(room.room.kind, RoomKind::Private);
        assert_eq!(room.room.owner, Some(trio.ana.user));
        let everybody = sorted([&trio.ana, &trio.ben, &trio.eva]);
        assert_eq!(members(&room), everybody);
        let name = room.room.name.unwrap();
        assert!(["ben, eva", "eva, ben"].contains(&name.as_str()));
        assert_eq!(room.standing.unwrap().membership.role, Role::Owner);
    }

    #[tokio::test]
    async fn a_group_is_made_anew_also_of_two() {
        let trio = Trio::new().await;
        let plan = ChatPlan {
            name: Some(RoomName::parse("plans").unwrap()),
            group: Some(true),
            ..with([&trio.ben])
        };
        let (one, _) = trio.start(&trio.ana, plan.clone()).await.unwrap();
        let (other, fresh) = trio.start(&trio.ana, plan.clone()).await.unwrap();
        assert!(fresh);
        assert_ne!(one.room.id, other.room.id);
        assert_eq!(one.room.kind, RoomKind::Private);
        assert_eq!(one.room.name, plan.name);
        assert_eq!(members(&one), sorted([&trio.ana, &trio.ben]));
    }

    #[tokio::test]
    async fn participants_are_other_people_with_an_account() {
        let trio = Trio::new().await;
        let unknown = ChatPlan {
            participants: vec![trio.ben.user, trio.world.ports.ids.next()],
            ..with([])
        };
        let pair_of_three = ChatPlan {
            group: Some(false),
            ..with([&trio.ben, &trio.eva])
        };
        for plan in [with([]), with([&trio.ana]), unknown, pair_of_three] {
            let answer = trio.start(&trio.ana, plan).await;
            assert_eq!(bad_field(answer), "participantIds");
        }
        let erased = trio
            .world
            .ports
            .users
            .erase(trio.ben.user, trio.world.now());
        erased.await.unwrap();
        let answer = trio.start(&trio.ana, with([&trio.ben])).await;
        assert_eq!(bad_field(answer), "participantIds");
    }

    #[tokio::test]
    async fn who_is_blocked_opens_no_direct_room_with_the_blocker() {
        let trio = Trio::new().await;
        let (ana, ben) = (&trio.ana, &trio.ben);
        let blocks = &trio.world.ports.blocks;
        let block = blocks.block(ben.user, ana.user, trio.world.now());
        block.await.unwrap();
        let answer = trio.start(ana, with([ben])).await;
        assert_eq!(refusal(answer), Refusal::Blocked);
        // Not even an existing one; the user who blocked may.
        assert!(trio.start(ben, with([ana])).await.is_ok());
        let answer = trio.start(ana, with([ben])).await;
        assert_eq!(refusal(answer), Refusal::Blocked);
    }

    #[tokio::test]
    async fn a_groups_name_has_place_for_so_many_people() {
        let trio = Trio::new().await;
        let mut people = Vec::new();
        for number in 0..30 {
            people.push(trio.world.user(&format!("somebody{number}")).await.user);
        }
        let plan = ChatPlan {
            participants: people,
            ..with([])
        };
        let (room, _) = trio.start(&trio.ana, plan).await.unwrap();
        let name = room.room.name.unwrap();
        assert!(name.as_str().chars().count() <= RoomName::MAX);
    }
}
