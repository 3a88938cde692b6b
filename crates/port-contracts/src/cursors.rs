//! Obligations of [`domain::port::CursorStore`].

use domain::port::cursors::{CursorMove, Moved, Progress};
use domain::{Cursors, RoomId, Seq, UserId};

use crate::made::{room_id, seq};
use crate::{CROWD, ROUNDS, Store, at_once, fresh};

contract!(cursors {
    cursors_only_move_forward,
    what_is_read_is_delivered,
    a_cursor_stays_within_the_log,
    only_members_have_cursors,
    moving_spends_no_rev,
    progress_leaves_out_one,
    the_floor_is_the_slowest_other,
});

pub async fn cursors_only_move_forward(store: &Store) {
    let [ana, ben] = store.people().await;
    let room = store.room(ana, &[ben]).await.id;
    store.posts::<CROWD>(room, ana).await;

    let reader = Reader {
        store,
        room,
        user: ben,
    };
    assert_eq!(reader.moves(Some(4), Some(6)).await, to(4, 6, true));
    assert_eq!(reader.moves(Some(2), Some(5)).await, to(4, 6, false));
    assert_eq!(reader.moves(Some(4), Some(6)).await, to(4, 6, false));
    assert_eq!(reader.moves(Some(3), Some(7)).await, to(4, 7, true));
    assert_eq!(reader.moves(Some(5), Some(1)).await, to(5, 7, true));
    assert_eq!(reader.moves(None, None).await, to(5, 7, false));
    assert_eq!(reader.stands().await, cursors(5, 7));

    for _ in 0..ROUNDS {
        let [cleo] = store.people().await;
        store.join(room, cleo).await;
        many_move(store, room, cleo).await;
    }
    assert_eq!(reader.stands().await, cursors(5, 7));
}

/// All at once, each to a place of its own, the last ones first; every other one moves only what was
/// delivered.
async fn many_move(store: &Store, room: RoomId, user: UserId) {
    let answers = at_once(CROWD, |number| {
        let store = store.clone();
        let place = i64::try_from(CROWD - number).unwrap();
        let reads = number % 2 == 1;
        async move {
            let store = &store;
            let reader = Reader { store, room, user };
            let moved = reader.moves(reads.then_some(place), Some(place)).await;
            let after = reader.stands().await;
            (reads, seq(place), moved, after)
        }
    })
    .await;
    for (reads, place, answer, after) in answers {
        let Moved::To { cursors, advanced } = answer else {
            panic!("{answer:?}");
        };
        assert!(cursors.delivered >= cursors.read.max(place));
        assert!(!reads || cursors.read >= place);
        let moved = cursors.delivered == place || reads && cursors.read == place;
        assert_eq!(advanced, moved);
        assert!(after.read >= cursors.read && after.delivered >= cursors.delivered);
    }
    let reader = Reader { store, room, user };
    assert_eq!(reader.stands().await, cursors(19, 20));
}

pub async fn what_is_read_is_delivered(store: &Store) {
    let [ana, ben] = store.people().await;
    let room = store.room(ana, &[ben]).await.id;
    store.posts::<6>(room, ana).await;

    let reader = Reader {
        store,
        room,
        user: ben,
    };
    assert_eq!(reader.stands().await, cursors(0, 0));
    assert_eq!(reader.moves(None, Some(1)).await, to(0, 1, true));
    assert_eq!(reader.moves(Some(2), None).await, to(2, 2, true));
    assert_eq!(reader.moves(None, Some(4)).await, to(2, 4, true));
    assert_eq!(reader.moves(Some(3), None).await, to(3, 4, true));
    assert_eq!(reader.moves(Some(6), Some(5)).await, to(6, 6, true));
    assert_eq!(reader.moves(None, Some(5)).await, to(6, 6, false));
    assert_eq!(reader.stands().await, cursors(6, 6));
}

pub async fn a_cursor_stays_within_the_log(store: &Store) {
    let [ana, ben] = store.people().await;
    let room = store.room(ana, &[ben]).await.id;
    let reader = Reader {
        store,
        room,
        user: ben,
    };
    let beyond = |last: i64| Moved::Beyond { last: seq(last) };
    assert_eq!(reader.moves(Some(1), None).await, beyond(0));
    assert_eq!(reader.moves(Some(0), Some(0)).await, to(0, 0, false));

    store.posts::<3>(room, ana).await;
    assert_eq!(reader.moves(Some(4), None).await, beyond(3));
    assert_eq!(reader.moves(None, Some(4)).await, beyond(3));
    assert_eq!(reader.moves(Some(4), Some(2)).await, beyond(3));
    assert_eq!(reader.moves(Some(2), Some(4)).await, beyond(3));
    let farthest = Seq::MAX.get();
    assert_eq!(reader.moves(Some(farthest), None).await, beyond(3));
    assert_eq!(reader.stands().await, cursors(0, 0));
    assert_eq!(reader.moves(Some(3), Some(3)).await, to(3, 3, true));
    assert_eq!(reader.moves(Some(4), None).await, beyond(3));
    assert_eq!(reader.stands().await, cursors(3, 3));
}

pub async fn only_members_have_cursors(store: &Store) {
    let [ana, ben, cleo] = store.people().await;
    let room = store.room(ana, &[ben]).await.id;
    store.posts::<3>(room, ana).await;
    let bens = Reader {
        store,
        room,
        user: ben,
    };
    bens.moves(Some(1), Some(2)).await;
    store.leave(room, ben).await;

    for (room, user) in [(room, ben), (room, cleo), (room, fresh()), (room_id(), ana)] {
        let stranger = Reader { store, room, user };
        let answer = stranger.moves(Some(1), Some(1)).await;
        assert_eq!(answer, Moved::NotMember);
        assert_eq!(stranger.moves(Some(3), None).await, Moved::NotMember);
    }
    store.join(room, ben).await;
    assert_eq!(bens.stands().await, cursors(1, 2));
}

pub async fn moving_spends_no_rev(store: &Store) {
    let [ana, ben] = store.people().await;
    let room = store.room(ana, &[ben]).await.id;
    store.posts::<3>(room, ana).await;
    let before = store.present(room).await;
    let seat = store.seat(room, ben).await;

    let reader = Reader {
        store,
        room,
        user: ben,
    };
    assert_eq!(reader.moves(Some(2), Some(3)).await, to(2, 3, true));
    assert_eq!(store.present(room).await, before);
    let expected = domain::Membership {
        cursors: cursors(2, 3),
        ..seat
    };
    assert_eq!(store.seat(room, ben).await, expected);
    assert_eq!(store.head(room).await.rev, before.last_rev);
}

pub async fn progress_leaves_out_one(store: &Store) {
    let [ana, ben, cleo, dora, eve] = store.people().await;
    let room = store.room_of_joined_history(cleo, &[ana, dora]).await.id;
    store.posts::<3>(room, cleo).await;
    store.join(room, ben).await;
    store.join(room, eve).await;
    store.post(room, cleo, "more").await;
    let anas = Reader {
        store,
        room,
        user: ana,
    };
    anas.moves(Some(1), Some(2)).await;
    store.leave(room, eve).await;

    let come = |user: UserId, read: i64, delivered: i64, from: i64| Progress {
        user,
        cursors: cursors(read, delivered),
        from_seq: seq(from),
    };
    let [anas, bens, cleos, doras] = [
        come(ana, 1, 2, 0),
        come(ben, 3, 3, 3),
        come(cleo, 4, 4, 0),
        come(dora, 0, 0, 0),
    ];
    for (except, limit, mut expected) in [
        (cleo, 100, vec![anas, bens, doras]),
        (ana, 100, vec![bens, cleos, doras]),
        (eve, 100, vec![anas, bens, cleos, doras]),
        (cleo, 2, vec![anas, bens]),
        (ana, 3, vec![bens, cleos, doras]),
        (cleo, 0, vec![]),
    ] {
        expected.sort_by_key(|progress| progress.user);
        let found = store.cursors.progress(room, except, limit).await;
        assert_eq!(found.unwrap(), expected);
    }
    let nobody = store.cursors.progress(room_id(), ana, 100).await;
    assert_eq!(nobody.unwrap(), []);
}

pub async fn the_floor_is_the_slowest_other(store: &Store) {
    let [ana, ben, cleo, dora] = store.people().await;
    let room = store.room(ana, &[ben, cleo, dora]).await.id;
    let direct = store.direct(ana, ben).await.id;
    let alone = store.room(ana, &[ben]).await.id;
    let foreign = store.room(cleo, &[dora]).await.id;
    for place in [room, direct, alone] {
        store.posts::<6>(place, ana).await;
    }
    store.leave(alone, ben).await;
    store.leave(room, dora).await;
    for (room, user, read, delivered) in
        [(room, ben, 3, 3), (room, cleo, 1, 5), (direct, ben, 2, 6)]
    {
        let reader = Reader { store, room, user };
        reader.moves(Some(read), Some(delivered)).await;
    }

    let rooms = [direct, alone, room_id(), room];
    // The one who has read least is not always the one who was delivered least.
    let anas = [(room, cursors(1, 3)), (direct, cursors(2, 6))];
    assert_eq!(floors(store, &rooms, ana).await, anas);
    let bens = [
        (room, cursors(1, 5)),
        (direct, cursors(6, 6)),
        (alone, cursors(6, 6)),
    ];
    assert_eq!(floors(store, &rooms, ben).await, bens);
    assert_eq!(floors(store, &[direct], ana).await, anas[1..]);
    assert_eq!(
        floors(store, &[foreign], ana).await,
        [(foreign, cursors(0, 0))]
    );
    assert_eq!(floors(store, &[], ana).await, []);
}

/// A member who reads.
struct Reader<'a> {
    store: &'a Store,
    room: RoomId,
    user: UserId,
}

impl Reader<'_> {
    async fn moves(&self, read: Option<i64>, delivered: Option<i64>) -> Moved {
        let change = CursorMove {
            room: self.room,
            user: self.user,
            read: read.map(seq),
            delivered: delivered.map(seq),
        };
        self.store.cursors.advance(&change).await.unwrap()
    }

    async fn stands(&self) -> Cursors {
        self.store.seat(self.room, self.user).await.cursors
    }
}

fn to(read: i64, delivered: i64, advanced: bool) -> Moved {
    Moved::To {
        cursors: cursors(read, delivered),
        advanced,
    }
}

fn cursors(read: i64, delivered: i64) -> Cursors {
    Cursors {
        read: seq(read),
        delivered: seq(delivered),
    }
}

/// The floors, in the order of making the rooms.
async fn floors(store: &Store, rooms: &[RoomId], except: UserId) -> Vec<(RoomId, Cursors)> {
    let mut floors = store.cursors.floors(rooms, except).await.unwrap();
    floors.sort_by_key(|(room, _)| *room);
    floors
}
