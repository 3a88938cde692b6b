//! Unread mentions.

use domain::port::cursors::CursorMove;
use domain::port::messages::Change;
use domain::{RoomId, Seq, UserId};

use crate::Store;
use crate::made::{body, edit, room_id};

pub async fn mentions_are_counted_until_read(store: &Store) {
    let [ana, ben, cleo] = store.people().await;
    let room = store.room(ana, &[ben, cleo]).await.id;
    let other = store.room(ana, &[ben]).await.id;
    let quiet = store.room(ana, &[ben]).await.id;
    let rooms = [quiet, room, room_id(), other];

    let first = store.mention(room, ana, &[ben, cleo]).await;
    let second = store.mention(room, ana, &[ben]).await;
    let third = store.post(room, ana, "nobody").await;
    let fourth = store.mention(room, cleo, &[ana, ben]).await;
    store.mention(other, ana, &[ben]).await;
    store.post(quiet, ana, "nobody").await;
    assert_eq!(mentions(store, ben, &rooms).await, [(room, 3), (other, 1)]);
    assert_eq!(mentions(store, ben, &[other]).await, [(other, 1)]);
    // Posting means having read everything before.
    assert_eq!(mentions(store, cleo, &rooms).await, []);
    assert_eq!(mentions(store, ana, &rooms).await, [(room, 1)]);

    read(store, room, ben, first.seq).await;
    assert_eq!(mentions(store, ben, &rooms).await, [(room, 2), (other, 1)]);
    store.change(&second, ana, Change::Delete).await;
    assert_eq!(mentions(store, ben, &rooms).await, [(room, 1), (other, 1)]);
    let add = Change::Edit {
        body: body("somebody after all"),
        mentions: vec![ben],
    };
    store.change(&third, ana, add).await;
    assert_eq!(mentions(store, ben, &rooms).await, [(room, 2), (other, 1)]);
    store.change(&fourth, cleo, edit("nobody after all")).await;
    assert_eq!(mentions(store, ben, &rooms).await, [(room, 1), (other, 1)]);
    assert_eq!(mentions(store, ana, &rooms).await, []);

    read(store, room, ben, fourth.seq).await;
    assert_eq!(mentions(store, ben, &rooms).await, [(other, 1)]);
    assert_eq!(mentions(store, ben, &[]).await, []);
    store.leave(other, ben).await;
    assert_eq!(mentions(store, ben, &rooms).await, []);
}

/// The counts, in the order in which the rooms were created.
async fn mentions(store: &Store, user: UserId, rooms: &[RoomId]) -> Vec<(RoomId, i64)> {
    let mut counts = store.members.mentions(user, rooms).await.unwrap();
    counts.sort_unstable();
    counts
}

async fn read(store: &Store, room: RoomId, user: UserId, up_to: Seq) {
    let change = CursorMove {
        room,
        user,
        read: Some(up_to),
        delivered: None,
    };
    store.cursors.advance(&change).await.unwrap();
}
