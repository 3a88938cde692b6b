//! Who owns a room.

use domain::port::rooms::{Act, Decided, Scene, Step};
use domain::{Refusal, Role, RoomId, UserId};

use crate::made::{act, decision, rev};
use crate::{CROWD, Store, at, at_once};

pub async fn handing_over_leaves_one_owner(store: &Store) {
    let [ana, ben, cleo] = store.people().await;
    let room = store.room(ana, &[ben, cleo]).await.id;
    let later = Act {
        at: at(60),
        ..act(room, ana)
    };
    let outcome = store
        .carry_out(&later, vec![Step::HandOver { to: ben }])
        .await;

    let seats = [store.seat(room, ana).await, store.seat(room, ben).await];
    assert_eq!(outcome.members, seats);
    let carried: Vec<_> = seats.iter().map(|seat| (seat.role, seat.rev)).collect();
    assert_eq!(carried, [(Role::Admin, rev(5)), (Role::Owner, rev(6))]);
    assert!(outcome.room_changed);
    assert_eq!(outcome.room.owner, Some(ben));
    assert_eq!((outcome.room.rev, outcome.room.last_rev), (rev(7), rev(7)));
    assert_eq!(outcome.room.updated_at, at(60));
    assert_eq!(outcome.room.member_count, 3);
    assert_eq!(store.present(room).await, outcome.room);
    assert_eq!(store.seat(room, cleo).await.role, Role::Member);

    // Neither to the owner, nor to a user who is not a member.
    let [stranger] = store.people().await;
    store.leave(room, cleo).await;
    for to in [ben, stranger, cleo] {
        let outcome = store.act(room, ben, vec![Step::HandOver { to }]).await;
        assert_eq!(outcome.members, []);
        assert!(!outcome.room_changed);
        assert_eq!(outcome.room.last_rev, rev(8));
        assert_eq!(owner(store, room).await, ben);
    }

    many_hand_overs_leave_one_owner(store).await;
    an_owner_hands_over_once(store).await;
}

/// Whoever owns the room at the time, it is handed on to each of these, in some order.
async fn many_hand_overs_leave_one_owner(store: &Store) {
    let people = store.people::<CROWD>().await;
    let [ana] = store.people().await;
    let room = store.room(ana, &people).await.id;
    let outcomes = at_once(CROWD, |number| {
        let (store, to) = (store.clone(), people[number]);
        async move { store.act(room, to, vec![Step::HandOver { to }]).await }
    })
    .await;

    assert!(outcomes.iter().all(|outcome| outcome.members.len() == 2));
    let last = outcomes
        .iter()
        .max_by_key(|outcome| outcome.room.last_rev)
        .unwrap();
    assert_eq!(last.room.last_rev, rev(22 + 60));
    assert_eq!(store.present(room).await, last.room);
    assert_eq!(Some(owner(store, room).await), last.room.owner);
}

/// An owner who hands over to many at once has handed over to one.
async fn an_owner_hands_over_once(store: &Store) {
    let people = store.people::<CROWD>().await;
    let [ana] = store.people().await;
    let room = store.room(ana, &people).await.id;
    let answers = at_once(CROWD, |number| {
        let (store, to) = (store.clone(), people[number]);
        async move {
            let rule = |scene: &Scene| {
                let role = scene.actor.membership.as_ref().map(|member| member.role);
                match role {
                    Some(Role::Owner) => Ok(decision(vec![Step::HandOver { to }])),
                    _ => Err(Refusal::Forbidden),
                }
            };
            let hand_over = Act {
                subject: to,
                ..act(room, ana)
            };
            store.rooms.decide(&hand_over, &rule).await.unwrap()
        }
    })
    .await;

    let winners: Vec<UserId> = answers
        .iter()
        .zip(people)
        .filter(|(answer, _)| matches!(answer, Decided::Done(_)))
        .map(|(_, user)| user)
        .collect();
    assert_eq!(winners, [owner(store, room).await]);
    assert_eq!(store.present(room).await.last_rev, rev(22 + 3));
}

/// The only owner, on whom the room and its members agree.
async fn owner(store: &Store, room: RoomId) -> UserId {
    let members = store.members.page(room, None, 100).await.unwrap();
    let owners: Vec<UserId> = members
        .iter()
        .filter(|member| member.role == Role::Owner)
        .map(|member| member.user)
        .collect();
    assert_eq!(owners.len(), 1, "{members:?}");
    assert_eq!(store.present(room).await.owner, Some(owners[0]));
    owners[0]
}
