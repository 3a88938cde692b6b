//! How far the others have read.

use domain::port::cursors::{Floor, Progress};
use domain::{RoomId, UserId};

use super::scene::{Reader, cursors};
use crate::Store;
use crate::made::{room_id, seq};

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
    // The member with the lowest read cursor is not always the one with the lowest delivery cursor.
    let anas = [(room, floor(1, 3)), (direct, floor(2, 6))];
    assert_eq!(floors(store, &rooms, ana).await, anas);
    let bens = [
        (room, floor(1, 5)),
        (direct, floor(6, 6)),
        (alone, floor(6, 6)),
    ];
    assert_eq!(floors(store, &rooms, ben).await, bens);
    assert_eq!(floors(store, &[direct], ana).await, anas[1..]);
    assert_eq!(
        floors(store, &[foreign], ana).await,
        [(foreign, floor(0, 0))]
    );
    assert_eq!(floors(store, &[], ana).await, []);
    it_knows_where_the_first_of_them_began(store, ana, [ben, cleo]).await;
}

async fn it_knows_where_the_first_of_them_began(store: &Store, ana: UserId, others: [UserId; 2]) {
    let [ben, cleo] = others;
    let room = store.room_of_joined_history(ana, &[]).await.id;
    let of = async |except| floors(store, &[room], except).await;
    store.posts::<2>(room, ana).await;
    store.join(room, ben).await;
    let began = |from, floor| {
        (
            room,
            Floor {
                from_seq: seq(from),
                ..floor
            },
        )
    };
    assert_eq!(of(ana).await, [began(2, floor(2, 2))]);
    store.post(room, ana, "more").await;
    store.join(room, cleo).await;
    assert_eq!(of(ana).await, [began(2, floor(2, 2))]);
    assert_eq!(of(ben).await, [began(0, floor(3, 3))]);
    store.leave(room, ben).await;
    assert_eq!(of(ana).await, [began(3, floor(3, 3))]);
}

/// The floor of members who read from the beginning.
fn floor(read: i64, delivered: i64) -> Floor {
    Floor {
        cursors: cursors(read, delivered),
        from_seq: seq(0),
    }
}

/// The floors, in the order in which the rooms were created.
async fn floors(store: &Store, rooms: &[RoomId], except: UserId) -> Vec<(RoomId, Floor)> {
    let mut floors = store.cursors.floors(rooms, except).await.unwrap();
    floors.sort_by_key(|(room, _)| *room);
    floors
}
