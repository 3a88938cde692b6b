//! Creating rooms.

use domain::port::rooms::{Created, NewDirect, NewRoom};
use domain::{Description, History, Pair, Role, Room, RoomKind, RoomName, UserId};

use super::scene::{code, made, member, name, new_room, standing};
use crate::made::{rev, room_id, seq};
use crate::{CROWD, ROUNDS, Store, at, at_once, unique};

pub async fn a_new_room_has_its_members(store: &Store) {
    let [ana, ben, cleo] = store.people().await;
    let new = NewRoom {
        description: Some(Description::parse("for 'quotes' & more").unwrap()),
        members: vec![cleo, ben, ana, cleo],
        at: at(3),
        ..new_room(ben)
    };
    let room = made(store.rooms.create(&new).await.unwrap());
    let expected = Room {
        id: new.id,
        kind: RoomKind::Public,
        name: Some(new.name.clone()),
        description: new.description.clone(),
        owner: Some(ben),
        history: History::All,
        standing_invite: None,
        member_count: 3,
        created_at: at(3),
        updated_at: at(3),
        active_at: at(3),
        rev: rev(1),
        last_seq: seq(0),
        last_rev: rev(4),
    };
    assert_eq!(room, expected);
    let standing_now = store.standing(room.id).await;
    assert_eq!(standing_now.room, expected);
    let members = [
        member(&room, ana, Role::Member, 4),
        member(&room, ben, Role::Owner, 2),
        member(&room, cleo, Role::Member, 3),
    ];
    assert_eq!(standing_now.members, members);
    assert_eq!(standing_now.invites, []);
    assert_eq!(standing_now.bans, []);

    let code = code();
    let hidden = NewRoom {
        standing_invite: Some(code.clone()),
        history: History::Joined,
        at: at(4),
        ..new_room(ana)
    };
    let hidden = made(store.rooms.create(&hidden).await.unwrap());
    assert_eq!(hidden.kind, RoomKind::Private);
    assert_eq!(hidden.standing_invite, Some(code.clone()));
    assert_eq!(hidden.history, History::Joined);
    assert_eq!(hidden.member_count, 1);
    let invite = standing(hidden.id, code.clone(), ana, at(4));
    let found = store.invites.find(&code).await.unwrap();
    assert_eq!(found.as_ref(), Some(&invite));
    let standing_now = store.standing(hidden.id).await;
    assert_eq!(standing_now.room, hidden);
    assert_eq!(standing_now.members, [member(&hidden, ana, Role::Owner, 2)]);
    assert_eq!(standing_now.invites, [invite]);
}

pub async fn a_new_room_starts_its_revs(store: &Store) {
    let [ana, ben, cleo, dora] = store.people().await;
    let alone = store.room(ana, &[]).await;
    assert_eq!(alone.rev, rev(1));
    assert_eq!(alone.last_rev, rev(2));
    assert_eq!(alone.last_seq, seq(0));
    assert_eq!(store.seat(alone.id, ana).await.rev, rev(2));

    let room = store.room(cleo, &[dora, ana, ben]).await;
    assert_eq!(room.rev, rev(1));
    assert_eq!(room.last_rev, rev(5));
    for (user, number) in [(cleo, 2), (dora, 3), (ana, 4), (ben, 5)] {
        assert_eq!(store.seat(room.id, user).await.rev, rev(number));
    }
    let first = store.post(room.id, ben, "hello").await;
    assert_eq!((first.seq, first.rev), (seq(1), rev(6)));

    let direct = store.direct(ana, ben).await;
    assert_eq!(direct.rev, rev(1));
    assert_eq!(direct.last_rev, rev(3));
    let one = store.seat(direct.id, ana).await.rev;
    let other = store.seat(direct.id, ben).await.rev;
    assert_eq!([one.min(other), one.max(other)], [rev(2), rev(3)]);
}

pub async fn a_unique_name_is_given_once(store: &Store) {
    for _ in 0..ROUNDS {
        many_want_a_name(store).await;
    }
}

async fn many_want_a_name(store: &Store) {
    let [ana] = store.people().await;
    let wanted = unique("Ñandú ");
    let spellings = [wanted.to_lowercase(), wanted.to_uppercase(), wanted.clone()];
    let wants = |name: RoomName| NewRoom {
        name,
        unique_name: true,
        ..new_room(ana)
    };
    let create = async |new: &NewRoom| store.rooms.create(new).await.unwrap();

    // Rooms that cannot be found by name do not block it.
    let hidden = NewRoom {
        name: name(&wanted),
        standing_invite: Some(code()),
        ..new_room(ana)
    };
    made(create(&hidden).await);

    let answers = at_once(CROWD, |number| {
        let (store, new) = (store.clone(), wants(name(&spellings[number % 3])));
        async move { store.rooms.create(&new).await.unwrap() }
    })
    .await;
    let refused = answers
        .iter()
        .filter(|answer| **answer == Created::NameTaken)
        .count();
    assert_eq!(refused, CROWD - 1);

    for spelling in &spellings {
        let late = wants(name(spelling));
        assert_eq!(create(&late).await, Created::NameTaken);
        assert_eq!(store.rooms.find(&[late.id]).await.unwrap(), []);
    }
    let careless = NewRoom {
        name: name(&wanted),
        ..new_room(ana)
    };
    made(create(&careless).await);
    let hidden_too = NewRoom {
        name: name(&wanted),
        standing_invite: Some(code()),
        ..new_room(ana)
    };
    made(create(&hidden_too).await);

    // What matters is that a public room has the name, not how it got it.
    let common = store.room(ana, &[]).await.name.unwrap();
    assert_eq!(create(&wants(common)).await, Created::NameTaken);
}

pub async fn a_pair_has_one_direct_room(store: &Store) {
    for _ in 0..ROUNDS {
        many_open_a_direct_room(store).await;
    }
}

async fn many_open_a_direct_room(store: &Store) {
    let [ana, ben, cleo] = store.people().await;
    let open = |one: UserId, other: UserId| NewDirect {
        id: room_id(),
        pair: Pair::of(one, other).unwrap(),
        at: at(5),
        events: Vec::new(),
    };
    let answers = at_once(CROWD, |number| {
        let store = store.clone();
        let direct = if number % 2 == 0 {
            open(ana, ben)
        } else {
            open(ben, ana)
        };
        async move {
            let opened = store.rooms.open_direct(&direct).await.unwrap();
            (direct.id, opened)
        }
    })
    .await;

    let made: Vec<_> = answers.iter().filter(|(_, opened)| opened.fresh).collect();
    assert_eq!(made.len(), 1);
    let (id, opened) = made[0];
    let room = &opened.room;
    let expected = Room {
        id: *id,
        kind: RoomKind::Direct(Pair::of(ana, ben).unwrap()),
        name: None,
        description: None,
        owner: None,
        history: History::All,
        standing_invite: None,
        member_count: 2,
        created_at: at(5),
        updated_at: at(5),
        active_at: at(5),
        rev: rev(1),
        last_seq: seq(0),
        last_rev: rev(3),
    };
    assert_eq!(*room, expected);
    assert!(answers.iter().all(|(_, opened)| opened.room == expected));
    for (asked, _) in answers.iter().filter(|(asked, _)| asked != id) {
        assert_eq!(store.rooms.find(&[*asked]).await.unwrap(), []);
    }
    for user in [ana, ben] {
        let seat = store.seat(room.id, user).await;
        let expected = member(room, user, Role::Member, seat.rev.get());
        assert_eq!(seat, expected);
    }

    store.post(room.id, ana, "hello").await;
    let again = store.rooms.open_direct(&open(ben, ana)).await.unwrap();
    assert!(!again.fresh);
    assert_eq!(again.room, store.present(room.id).await);
    assert_eq!(again.room.last_seq, seq(1));

    let other = store.rooms.open_direct(&open(ana, cleo)).await.unwrap();
    assert!(other.fresh);
    assert_ne!(other.room.id, room.id);
}
