//! Who shares a room with whom.

use domain::UserId;

use crate::{Store, fresh};

pub async fn companions_share_a_room(store: &Store) {
    let [ana, ben, cleo, dora, eve, fay, gil] = store.people().await;
    store.room(ana, &[ben]).await;
    store.private_room(ben, &[ana, gil]).await;
    store.direct(cleo, ana).await;
    let left = store.room(ana, &[dora]).await.id;
    store.leave(left, dora).await;
    let gone = store.room(ana, &[eve]).await.id;
    store.delete_room(gone, ana).await;
    store.room(ben, &[fay]).await;

    let everybody = [gil, fay, eve, dora, cleo, ben, fresh()];
    assert_eq!(companions(store, ana, &everybody).await, [ben, cleo, gil]);
    assert_eq!(companions(store, ana, &[fay, cleo]).await, [cleo]);
    assert_eq!(companions(store, cleo, &[ana, ben, gil]).await, [ana]);
    assert_eq!(companions(store, dora, &[ana, ben]).await, []);
    assert_eq!(companions(store, ana, &[]).await, []);
}

pub async fn peers_are_listed_once(store: &Store) {
    let [ana, ben, cleo, dora, eve, fay, gil, hana] = store.people().await;
    // Many of the rooms have the same people, in no order.
    store.room(hana, &[ana, ben]).await;
    store.private_room(ben, &[gil, ana, hana, cleo]).await;
    store.direct(ana, cleo).await;
    store.direct(fay, ana).await;
    let left = store.room(ana, &[dora]).await.id;
    store.leave(left, dora).await;
    let gone = store.room(ana, &[eve]).await.id;
    store.delete_room(gone, ana).await;
    store.room(ben, &[eve]).await;

    let mut expected = [ben, cleo, fay, gil, hana];
    expected.sort_unstable();
    let all = store.members.peers(ana, None, 100).await.unwrap();
    assert_eq!(all, expected);

    let mut paged: Vec<UserId> = Vec::new();
    for size in [2, 2, 1, 0] {
        let after = paged.last().copied();
        let page = store.members.peers(ana, after, 2).await.unwrap();
        assert_eq!(page.len(), size);
        paged.extend(page);
    }
    assert_eq!(paged, expected);

    assert_eq!(store.members.peers(fay, None, 10).await.unwrap(), [ana]);
    assert_eq!(store.members.peers(dora, None, 10).await.unwrap(), []);
}

async fn companions(store: &Store, user: UserId, among: &[UserId]) -> Vec<UserId> {
    let mut found = store.members.companions(user, among).await.unwrap();
    found.sort_unstable();
    found
}
