//! A user's small rooms, and which of many memberships are current.

use domain::{RoomId, UserId};

use crate::made::room_id;
use crate::{Store, fresh, unknown};

pub async fn small_rooms_are_told_from_large_ones(store: &Store) {
    let [ana, ben, cleo, dora] = store.people().await;
    let pair = store.direct(ana, ben).await.id;
    let great = store.room(cleo, &[ana, ben, dora]).await.id;
    let small = store.private_room(ana, &[cleo, ben]).await.id;
    let left = store.room(ben, &[ana]).await.id;
    let gone = store.room(ana, &[]).await.id;
    let foreign = store.room(ben, &[]).await.id;
    let alone = store.room(ana, &[]).await.id;
    store.leave(left, ana).await;
    store.delete_room(gone, ana).await;
    store.post(pair, ben, "hello").await;

    let small_rooms = async |user: UserId, most: i64, limit: usize| {
        store.members.small_rooms(user, most, limit).await.unwrap()
    };
    let youngest_first = |mut rooms: Vec<RoomId>| {
        rooms.sort_unstable();
        rooms.reverse();
        rooms
    };
    let of_ana = youngest_first(vec![pair, small, alone]);
    assert_eq!(small_rooms(ana, 3, 10).await, of_ana);
    assert_eq!(small_rooms(ana, 3, 2).await, of_ana[..2]);
    assert_eq!(small_rooms(ana, 1, 10).await, [alone]);
    let all = youngest_first(vec![pair, great, small, alone]);
    assert_eq!(small_rooms(ana, 4, 10).await, all);
    let of_ben = youngest_first(vec![pair, small, left, foreign]);
    assert_eq!(small_rooms(ben, 3, 10).await, of_ben);
    assert_eq!(small_rooms(fresh(), 500, 10).await, []);

    // The size that counts is the current one, not the one at the time of joining.
    store.leave(great, dora).await;
    assert_eq!(small_rooms(ana, 3, 10).await, all);
}

pub async fn living_pairs_are_told_from_others(store: &Store) {
    let [ana, ben, cleo] = store.people().await;
    let room = store.room(ana, &[ben, cleo]).await.id;
    let other = store.private_room(ben, &[]).await.id;
    let gone = store.room(ana, &[ben]).await.id;
    store.leave(room, cleo).await;
    store.delete_room(gone, ana).await;

    let mut asked = vec![
        (other, ben),
        (room, cleo),
        (gone, ben),
        (room, ben),
        (other, ana),
        (room_id(), ana),
        (room, fresh()),
        (room, ana),
        (room, ben),
    ];
    asked.extend(unknown().map(|user| (room, user)));
    let mut living = store.members.living(&asked).await.unwrap();
    living.sort_unstable();
    let mut expected = vec![(room, ana), (room, ben), (other, ben)];
    expected.sort_unstable();
    assert_eq!(living, expected);
    assert_eq!(store.members.living(&[]).await.unwrap(), []);
}
