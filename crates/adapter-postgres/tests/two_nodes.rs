//! What two servers on one database do to the same rooms at the same moment.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::tests_outside_test_module,
    reason = "nothing but tests is in here"
)]

mod ground;

use adapter_postgres::PostgresStore;
use domain::port::rooms::{
    Act, Created, Decided, Decision, NewDirect, NewRoom, RoomEdit, Scene, Step,
};
use domain::port::users::NewUser;
use domain::port::{Invites, Members, Rooms, Users};
use domain::{
    DisplayName, Email, History, Invite, InviteCode, InviteUse, Pair, PasswordHash, Refusal, Role,
    RoomId, RoomName, UserId, Username,
};
use port_contracts::made::{act, decision};
use port_contracts::{CROWD, ROUNDS, at, at_once, fresh, unique};

use ground::Ground;

/// Two servers.
struct Nodes {
    nodes: [PostgresStore; 2],
    _ground: Ground,
}

impl Nodes {
    async fn new() -> Self {
        let ground = Ground::new().await;
        Self {
            nodes: [ground.store().await, ground.store().await],
            _ground: ground,
        }
    }

    /// One of them, by turns.
    fn node(&self, number: usize) -> PostgresStore {
        self.nodes[number % 2].clone()
    }

    async fn people(&self, count: usize) -> Vec<UserId> {
        let mut people = Vec::with_capacity(count);
        for number in 0..count {
            let name = unique("u");
            let new = NewUser {
                id: fresh(),
                username: Username::parse(&name).unwrap(),
                display_name: DisplayName::parse(&name).unwrap(),
                email: Email::parse(format!("{name}@example.org")).unwrap(),
                password: PasswordHash::from_string("hash".to_owned()),
                at: at(0),
            };
            self.node(number).register(&new).await.unwrap();
            people.push(new.id);
        }
        people
    }

    async fn room(&self, owner: UserId, change: impl FnOnce(&mut NewRoom)) -> RoomId {
        let mut new = new_room(owner);
        change(&mut new);
        let made = Rooms::create(&self.nodes[0], &new).await.unwrap();
        assert!(matches!(made, Created::Made(_)));
        new.id
    }
}

fn new_room(owner: UserId) -> NewRoom {
    NewRoom {
        id: fresh(),
        name: RoomName::parse(unique("room ")).unwrap(),
        description: None,
        standing_invite: None,
        history: History::All,
        owner,
        members: Vec::new(),
        unique_name: false,
        at: at(0),
        events: Vec::new(),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_invite_for_five_lets_in_five() {
    let nodes = Nodes::new().await;
    let people = nodes.people(CROWD + 1).await;
    let code = InviteCode::from_bits([1; 16]);
    let room = nodes
        .room(people[CROWD], |room| room.standing_invite = Some(code))
        .await;
    let invite = Invite {
        max_uses: Some(5),
        ..Invite::standing(room, InviteCode::from_bits([2; 16]), people[CROWD], at(0))
    };
    Invites::create(&nodes.nodes[1], &invite).await.unwrap();

    let answers = at_once(CROWD, |number| {
        let (node, user) = (nodes.node(number), people[number]);
        let knock = Act {
            invite: Some(invite.code.clone()),
            ..act(room, user)
        };
        async move {
            let rule = |scene: &Scene| match &scene.invite {
                Some(invite) if invite.worth(at(1)) == InviteUse::Good => {
                    Ok(decision(vec![Step::Admit { user }, Step::SpendInvite]))
                }
                _ => Err(Refusal::InviteExpired),
            };
            node.decide(&knock, &rule).await.unwrap()
        }
    })
    .await;
    let came = answers
        .iter()
        .filter(|answer| matches!(answer, Decided::Done(_)));
    assert_eq!(came.count(), 5);
    let found = Invites::find(&nodes.nodes[0], &invite.code).await.unwrap();
    assert_eq!(found.unwrap().uses, 5);
    let members = nodes.nodes[1].page(room, None, 100).await.unwrap();
    let mut revs: Vec<i64> = members.iter().map(|member| member.rev.get()).collect();
    revs.sort_unstable();
    assert_eq!(revs, [2, 3, 4, 5, 6, 7]);
}

#[tokio::test(flavor = "multi_thread")]
async fn handing_over_leaves_one_owner() {
    let nodes = Nodes::new().await;
    let people = nodes.people(CROWD).await;
    let room = nodes
        .room(people[0], |room| room.members.clone_from(&people))
        .await;
    // Everybody hands over to the next one, and goes on however it stands then.
    at_once(CROWD, |number| {
        let (node, user) = (nodes.node(number), people[number]);
        let to = people[(number + 1) % CROWD];
        async move {
            let rule = |_: &Scene| {
                Ok(decision(vec![
                    Step::HandOver { to },
                    Step::Silence { user, until: None },
                ]))
            };
            node.decide(&act(room, user), &rule).await.unwrap()
        }
    })
    .await;
    let members = nodes.nodes[1].page(room, None, 100).await.unwrap();
    let owners: Vec<UserId> = members
        .iter()
        .filter(|member| member.role == Role::Owner)
        .map(|member| member.user)
        .collect();
    let now = Rooms::find(&nodes.nodes[0], &[room]).await.unwrap();
    assert_eq!(owners, Vec::from_iter(now[0].owner));
    // Two members and the room, for each hand-over but those to who was the owner.
    let spent = now[0].last_rev.get() - 1 - i64::try_from(CROWD).unwrap();
    assert_eq!(spent % 3, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_pair_has_one_room_also_while_it_is_deleted() {
    let nodes = Nodes::new().await;
    let people = nodes.people(2).await;
    for _ in 0..ROUNDS {
        let opened = at_once(CROWD, |number| {
            let node = nodes.node(number);
            let direct = NewDirect {
                id: fresh(),
                pair: Pair::of(people[0], people[1]).unwrap(),
                at: at(5),
                events: Vec::new(),
            };
            async move { node.open_direct(&direct).await.unwrap() }
        })
        .await;
        let fresh: Vec<RoomId> = opened
            .iter()
            .filter(|opened| opened.fresh)
            .map(|opened| opened.room.id)
            .collect();
        assert_eq!(fresh.len(), 1);
        assert!(opened.iter().all(|opened| opened.room.id == fresh[0]));

        // Some open it while it is deleted: each finds the old one or a new one, which all have.
        let delete = |_: &Scene| Ok(decision(vec![Step::Delete]));
        let reopened = at_once(CROWD, |number| {
            let (node, old) = (nodes.node(number), fresh[0]);
            let direct = NewDirect {
                id: port_contracts::fresh(),
                pair: Pair::of(people[0], people[1]).unwrap(),
                at: at(6),
                events: Vec::new(),
            };
            let by = people[0];
            async move {
                if number == 0 {
                    node.decide(&act(old, by), &delete).await.unwrap();
                }
                node.open_direct(&direct).await.unwrap().room.id
            }
        })
        .await;
        let mut rooms: Vec<RoomId> = reopened.into_iter().filter(|id| *id != fresh[0]).collect();
        rooms.dedup();
        assert_eq!(rooms.len(), 1);
        let again = act(rooms[0], people[0]);
        nodes.nodes[0].decide(&again, &delete).await.unwrap();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_unique_name_is_given_once() {
    let nodes = Nodes::new().await;
    let people = nodes.people(1).await;
    for _ in 0..ROUNDS {
        let wanted = RoomName::parse(unique("Ñandú ")).unwrap();
        let answers = at_once(CROWD, |number| {
            let node = nodes.node(number);
            let new = NewRoom {
                name: wanted.clone(),
                unique_name: true,
                ..new_room(people[0])
            };
            async move { Rooms::create(&node, &new).await.unwrap() }
        })
        .await;
        let refused = answers
            .iter()
            .filter(|answer| **answer == Created::NameTaken);
        assert_eq!(refused.count(), CROWD - 1);
    }
}

/// Edits, hand-overs, joins and revocations in two rooms, by everybody on both nodes: nobody stands in
/// anybody's way for ever.
#[tokio::test(flavor = "multi_thread")]
async fn nobody_locks_anybody_out() {
    let nodes = Nodes::new().await;
    let people = nodes.people(CROWD).await;
    let member_of_both = |room: &mut NewRoom| room.members.clone_from(&people);
    let rooms = [
        nodes.room(people[0], member_of_both).await,
        nodes.room(people[0], member_of_both).await,
    ];
    at_once(CROWD, |number| {
        let (node, people) = (nodes.node(number), people.clone());
        let room = rooms[number / 2 % 2];
        let (user, other) = (people[number], people[CROWD - 1 - number]);
        async move {
            for round in 0..10_u8 {
                let code = InviteCode::from_bits(
                    [[round; 8], [number.try_into().unwrap(); 8]]
                        .concat()
                        .try_into()
                        .unwrap(),
                );
                let steps = vec![
                    Step::Depart { user: other },
                    Step::Admit { user },
                    Step::Admit { user: other },
                    Step::HandOver { to: other },
                    Step::Edit(RoomEdit {
                        access: Some(Some(code.clone())),
                        ..RoomEdit::default()
                    }),
                ];
                let rule = |_: &Scene| Ok::<Decision, Refusal>(decision(steps.clone()));
                node.decide(&act(room, user), &rule).await.unwrap();
                assert!(node.revoke(room, &code, at(2)).await.unwrap());
            }
        }
    })
    .await;
    for room in rooms {
        let found = Rooms::find(&nodes.nodes[0], &[room]).await.unwrap();
        assert_eq!(found[0].member_count, i64::try_from(CROWD).unwrap());
        let members = nodes.nodes[0].page(room, None, 100).await.unwrap();
        assert_eq!(members.len(), CROWD);
    }
}
