//! Two servers on one database, changing the same rooms at the same time.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::tests_outside_test_module,
    reason = "nothing but tests is in here"
)]

mod appending;
mod ground;
#[path = "ground/ports.rs"]
mod ports;

use std::collections::BTreeSet;
use std::sync::Arc;

use domain::port::rooms::{Act, Created, Decided, NewDirect, NewRoom, RoomEdit, Scene, Step};
use domain::{
    Edit, History, Invite, InviteCode, InviteUse, Notifications, Pair, Refusal, Role, RoomId,
    RoomName, UserId,
};
use port_contracts::made::{act, decision, room_id};
use port_contracts::{CROWD, ROUNDS, Store, at, at_once, fresh, unique};

use ground::Ground;
use ports::ports;

/// Two servers.
struct Nodes {
    nodes: [Store; 2],
    _ground: Ground,
}

impl Nodes {
    async fn new() -> Self {
        let ground = Ground::new().await;
        let nodes = [ground.store().await, ground.store().await];
        Self {
            nodes: nodes.map(|node| ports(&Arc::new(node))),
            _ground: ground,
        }
    }

    /// The two nodes by turns.
    fn node(&self, number: usize) -> Store {
        self.nodes[number % 2].clone()
    }
}

/// A code that has not been used.
fn code() -> InviteCode {
    InviteCode::from_bits(fresh::<RoomId>().as_uuid().into_bytes())
}

/// Joins if the invite is valid.
async fn knock(node: Store, act: Act) -> bool {
    let steps = vec![Step::Admit { user: act.actor }, Step::SpendInvite];
    let rule = |scene: &Scene| match &scene.invite {
        Some(invite) if invite.worth(at(1)) == InviteUse::Good => Ok(decision(steps.clone())),
        _ => Err(Refusal::InviteExpired),
    };
    let decided = node.rooms.decide(&act, &rule).await.unwrap();
    matches!(decided, Decided::Done(_))
}

#[tokio::test(flavor = "multi_thread")]
async fn an_invite_for_five_lets_in_five() {
    let nodes = Nodes::new().await;
    let [one, other] = &nodes.nodes;
    let [owner] = one.people().await;
    let people = one.people::<CROWD>().await;
    let room = one.private_room(owner, &[]).await.id;
    let invite = Invite {
        max_uses: Some(5),
        ..Invite::standing(room, code(), owner, at(0))
    };
    other.invites.create(&invite).await.unwrap();

    let answers = at_once(CROWD, |number| {
        let shown = Act {
            invite: Some(invite.code.clone()),
            ..act(room, people[number])
        };
        knock(nodes.node(number), shown)
    })
    .await;
    assert_eq!(answers.iter().filter(|came| **came).count(), 5);
    let found = one.invites.find(&invite.code).await.unwrap();
    assert_eq!(found.unwrap().uses, 5);
    let members = other.members.page(room, None, 100).await.unwrap();
    let mut revs: Vec<i64> = members.iter().map(|member| member.rev.get()).collect();
    revs.sort_unstable();
    assert_eq!(revs, [2, 3, 4, 5, 6, 7]);
}

/// Hands the room over, whatever its state is by then.
async fn hand_over(node: Store, room: RoomId, user: UserId, to: UserId) {
    node.act(room, user, vec![Step::HandOver { to }]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn handing_over_leaves_one_owner() {
    let nodes = Nodes::new().await;
    let [one, other] = &nodes.nodes;
    let people = one.people::<CROWD>().await;
    let room = one.room(people[0], &people).await;
    at_once(CROWD, |number| {
        let (user, next) = (people[number], people[(number + 1) % CROWD]);
        hand_over(nodes.node(number), room.id, user, next)
    })
    .await;
    let members = other.members.page(room.id, None, 100).await.unwrap();
    let owners = members.iter().filter(|member| member.role == Role::Owner);
    let owners: Vec<UserId> = owners.map(|member| member.user).collect();
    let now = one.present(room.id).await;
    assert_eq!(owners, Vec::from_iter(now.owner));
    // Each successful handover changed two members and the room.
    let spent = now.last_rev.get() - room.last_rev.get();
    assert!(spent > 0 && spent % 3 == 0);
}

/// Opens the direct room of two users, after an act that deletes the old one.
async fn open(node: Store, people: [UserId; 2], delete: Option<Act>) -> (RoomId, bool) {
    if let Some(act) = delete {
        node.carry_out(&act, vec![Step::Delete]).await;
    }
    let direct = NewDirect {
        id: room_id(),
        pair: Pair::of(people[0], people[1]).unwrap(),
        at: at(5),
        events: Vec::new(),
    };
    let opened = node.rooms.open_direct(&direct).await.unwrap();
    (opened.room.id, opened.fresh)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_pair_has_one_room_also_while_it_is_deleted() {
    let nodes = Nodes::new().await;
    let people: [UserId; 2] = nodes.nodes[0].people().await;
    for _ in 0..ROUNDS {
        let opened = at_once(CROWD, |number| open(nodes.node(number), people, None)).await;
        let fresh = opened.iter().filter(|(_, fresh)| *fresh);
        assert_eq!(fresh.count(), 1);
        let rooms: BTreeSet<RoomId> = opened.into_iter().map(|(room, _)| room).collect();
        assert_eq!(rooms.len(), 1);
        let old = act(rooms.into_iter().next().unwrap(), people[0]);

        // Anyone who opens it during the deletion gets either the old room, or the new one that
        // everyone gets.
        let opened = at_once(CROWD, |number| {
            let delete = (number == 0).then(|| old.clone());
            open(nodes.node(number), people, delete)
        })
        .await;
        let others = opened.into_iter().filter(|(room, _)| *room != old.room);
        let new: BTreeSet<RoomId> = others.map(|(room, _)| room).collect();
        assert_eq!(new.len(), 1);
        for room in new {
            nodes.nodes[0].delete_room(room, people[0]).await;
        }
    }
}

async fn create(node: Store, new: NewRoom) -> Created {
    node.rooms.create(&new).await.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_unique_name_is_given_once() {
    let nodes = Nodes::new().await;
    let [owner] = nodes.nodes[0].people().await;
    for _ in 0..ROUNDS {
        let name = RoomName::parse(unique("Ñandú ")).unwrap();
        let answers = at_once(CROWD, |number| {
            let new = NewRoom {
                id: room_id(),
                name: name.clone(),
                description: None,
                standing_invite: None,
                history: History::All,
                owner,
                members: Vec::new(),
                unique_name: true,
                at: at(0),
                events: Vec::new(),
            };
            create(nodes.node(number), new)
        })
        .await;
        let refused = answers.iter().filter(|made| **made == Created::NameTaken);
        assert_eq!(refused.count(), CROWD - 1);
    }
}

/// Changes everything about a room, over and over.
async fn stir(node: Store, room: RoomId, user: UserId, other: UserId) {
    for _ in 0..ROUNDS {
        let code = code();
        let edit = RoomEdit {
            standing_invite: Edit::Set(code.clone()),
            ..RoomEdit::default()
        };
        let steps = vec![
            Step::Depart { user: other },
            Step::Admit { user },
            Step::Admit { user: other },
            Step::HandOver { to: other },
            Step::Edit(edit),
        ];
        node.act(room, user, steps).await;
        let muted = Notifications::Muted { until: None };
        node.members.notify(room, other, muted).await.unwrap();
        node.post(room, user, "so it is").await;
        let revoked = node.invites.revoke(room, &code, at(2)).await.unwrap();
        assert!(revoked);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_waits_for_one_who_waits_for_them() {
    let nodes = Nodes::new().await;
    let [one, other] = &nodes.nodes;
    let people = one.people::<CROWD>().await;
    let rooms = [
        one.room(people[0], &people).await.id,
        other.room(people[0], &people).await.id,
    ];
    at_once(CROWD, |number| {
        let (user, other) = (people[number], people[CROWD - 1 - number]);
        stir(nodes.node(number), rooms[number / 2 % 2], user, other)
    })
    .await;
    for room in rooms {
        let members = one.members.page(room, None, 100).await.unwrap();
        assert_eq!(members.len(), CROWD);
        let now = other.present(room).await;
        assert_eq!(now.member_count, i64::try_from(CROWD).unwrap());
        assert_eq!(now.last_seq.get(), now.member_count / 2 * 5);
    }
}
