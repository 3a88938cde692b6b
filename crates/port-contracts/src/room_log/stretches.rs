//! Ranges of a room's log.

use std::num::NonZeroU32;

use domain::RoomId;
use domain::port::messages::Change;

use crate::made::{edit, emoji, react, rev, seq};
use crate::{Store, fresh};

/// From after which seq and up to which, how many seqs a part has, and the parts with their last revs.
type Row<'a> = (i64, i64, u32, &'a [(i64, i64)]);

pub async fn stretches_carry_the_rev_of_their_last_change(store: &Store) {
    let [ana, ben] = store.people().await;
    let room = store.room(ana, &[ben]).await.id;
    let other = store.room(ana, &[]).await.id;
    let posted = store.posts::<11>(room, ana).await;
    store.posts::<4>(other, ana).await;
    let born = posted[0].rev.get();
    let told = async |after, up_to, places| stretches(store, room, (after, up_to), places).await;

    // Revs count from the first message's.
    let all = 9_007_199_254_740_991;
    let table: &[Row<'_>] = &[
        (0, all, 4, &[(0, 3), (1, 7), (2, 10)]),
        (0, 11, 4, &[(0, 3), (1, 7), (2, 10)]),
        (0, 8, 4, &[(0, 3), (1, 7)]),
        (4, 8, 4, &[(1, 7)]),
        (3, 6, 4, &[(0, 3), (1, 5)]),
        (0, all, 11, &[(0, 10)]),
        (0, all, u32::MAX, &[(0, 10)]),
        (9, all, 1, &[(9, 9), (10, 10)]),
        (11, all, 4, &[]),
        (5, 5, 4, &[]),
        (8, 4, 4, &[]),
    ];
    for (after, up_to, places, expected) in table {
        let expected: Vec<_> = expected.iter().map(|(n, last)| (*n, born + last)).collect();
        let found = told(*after, *up_to, *places).await;
        assert_eq!(found, expected, "{after}..{up_to} by {places}");
    }

    // A change to a message changes its part, and no other.
    let before = told(0, all, 4).await;
    let edited = store.change(&posted[1], ana, edit("otherwise")).await;
    let deleted = store.change(&posted[5], ana, Change::Delete).await;
    assert_eq!(
        told(0, all, 4).await,
        [(0, edited.rev.get()), (1, deleted.rev.get()), before[2]]
    );
    let reacted = store.change(&posted[2], ben, react(&emoji(1))).await;
    assert_eq!(told(0, 4, 4).await, [(0, reacted.rev.get())]);
    assert_eq!(told(2, 4, 4).await, [(0, reacted.rev.get())]);
    assert_eq!(told(3, 4, 4).await, [(0, born + 3)]);

    assert_eq!(stretches(store, other, (0, all), 4).await.len(), 1);
    assert_eq!(stretches(store, fresh(), (0, all), 4).await, []);
    store.delete_room(room, ana).await;
    assert_eq!(told(0, all, 4).await, []);
}

async fn stretches(
    store: &Store,
    room: RoomId,
    (after, up_to): (i64, i64),
    places: u32,
) -> Vec<(i64, i64)> {
    let places = NonZeroU32::new(places).unwrap();
    let bounds = (seq(after), seq(up_to));
    let found = store
        .room_log
        .stretches(room, bounds, places)
        .await
        .unwrap();
    assert!(found.iter().all(|stretch| stretch.rev > rev(0)));
    let told = found
        .iter()
        .map(|stretch| (stretch.number, stretch.rev.get()));
    told.collect()
}
